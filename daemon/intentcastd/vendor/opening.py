"""When a shop is open, and so when what it promises is really ready.

A shop that is closed today cannot have anything ready by six: its hours begin to count when it opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from intentcast.units import UnixSeconds

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Opening:
    """Opening hours in local time.

    Attributes:
        zone: where the shop is.
        hours: by day of the week, Monday 0: pairs of minutes of the day (opens, closes), in order, up to 1440. A day
            without an entry is closed.
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[tuple[int, int], ...]]

    def next_open(self, at: UnixSeconds) -> UnixSeconds | None:
        """Return `at` if the shop is open then, else the next moment that it opens; None if it never does."""
        today = datetime.fromtimestamp(at, self.zone).date()
        for ahead in range(8):
            day = today + timedelta(days=ahead)
            for opens, closes in self.hours.get(day.weekday(), ()):
                if at < self._moment(day, closes):
                    return UnixSeconds(max(at, self._moment(day, opens)))
        return None

    def _moment(self, day: date, minutes: int) -> int:
        if minutes == DAY_MINUTES:
            return self._moment(day + timedelta(days=1), 0)
        return int(datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).timestamp())
