"""Days and hours at a place: from a date or a time of day to UNIX seconds, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from intentcast.units import UnixSeconds

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
_LAST_YEAR: Final = 2100


def zone(name: str) -> tzinfo:
    """Return a time zone; UTC where the system has no table of it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


class Calendar:
    """The calendar of one place at one moment."""

    __slots__ = ("_zone", "now", "today")

    def __init__(self, now: UnixSeconds, tz: str) -> None:
        self.now = now
        self._zone = zone(tz)
        local = datetime.fromtimestamp(now, self._zone)
        self.today: date = local.date()

    def at(self, day: date, hour: int, minute: int = 0) -> int:
        """Return a time of day at the place; hour 24 is the last second of the day."""
        if hour >= 24:
            return self.end_of(day)
        return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone).timestamp())

    def end_of(self, day: date) -> int:
        """Return the last second of a day at the place."""
        after = day + timedelta(days=1)
        return int(datetime(after.year, after.month, after.day, tzinfo=self._zone).timestamp()) - 1

    def day_at(self, moment: int) -> date:
        """Return the date at the place."""
        return datetime.fromtimestamp(moment, self._zone).date()

    def after(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def coming(self, weekday: int) -> date:
        """Return the next such weekday, never today: for today people say "today"."""
        return self.after((weekday - self.today.weekday() - 1) % 7 + 1)

    def end_of_week(self, weeks: int = 0) -> date:
        """Return the Sunday that ends this week, or one later."""
        return self.after(6 - self.today.weekday() + 7 * weeks)

    def date_of(self, month: int, day: int, year: int | None = None) -> date | None:
        """Return a date; without a year the next one from today on. None if there is no such day."""
        years = (year,) if year is not None else (self.today.year, self.today.year + 1)
        for candidate in years:
            try:
                found = date(candidate, month, day)
            except ValueError:
                continue
            if year is not None or found >= self.today:
                return found if found.year <= _LAST_YEAR else None
        return None

    def day_of_month(self, day: int) -> date | None:
        """Return the next day with such a number: "the 24th"."""
        for months in range(3):
            month = (self.today.month - 1 + months) % 12 + 1
            year = self.today.year + (self.today.month - 1 + months) // 12
            found = self.date_of(month, day, year)
            if found is not None and found >= self.today:
                return found
        return None

    def end_of_month(self, month: int, year: int | None = None) -> date:
        """Return the last day of a month; without a year that of the next such month, this one included."""
        chosen = year if year is not None else self.today.year + (month < self.today.month)
        first_after = date(chosen + (month == 12), month % 12 + 1, 1)
        return first_after - timedelta(days=1)


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian; the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
