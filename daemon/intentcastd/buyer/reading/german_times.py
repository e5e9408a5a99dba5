"""When something is needed, in German: "bis Freitag", "übermorgen um 10 Uhr", "vom 3. bis 5. Dezember", "Ende Januar".

The same in kind as deadline.py, whose readers of dates are used: only the words are others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from intentcastd.buyer.reading import numerals
from intentcastd.buyer.reading.calendar import MONTHS, WEEKDAYS, Calendar, easter

Reader = Callable[[re.Match[str], Calendar], tuple[int, str] | None]

_MONTH_WORDS: Final = (
    ("januar jänner jaenner jan", 1), ("februar feber feb", 2), ("märz maerz", 3), ("april apr", 4), ("mai", 5), ("juni jun", 6), ("juli jul", 7),
    ("august aug", 8), ("september sept sep", 9), ("oktober okt", 10), ("november nov", 11), ("dezember dez", 12),
)  # fmt: skip
GERMAN_MONTHS: Final = {word: number for words, number in _MONTH_WORDS for word in words.split()}
_DAY_WORDS: Final = (
    ("montag", 0), ("dienstag", 1), ("mittwoch", 2), ("donnerstag", 3), ("freitag", 4), ("samstag sonnabend", 5), ("sonntag", 6),
)  # fmt: skip
GERMAN_WEEKDAYS: Final = {word: number for words, number in _DAY_WORDS for word in words.split()}

_N: Final = rf"(?P<n>{numerals.WORD}|\d+(?:[.,]5)?|eine[mnrs]?|ein)"
_UNIT: Final = r"(?P<unit>minuten?|min\.?|stunden?|std\.?|h|tage?n?|wochen?|monate?n?|jahre?n?)"
_MONTH: Final = "(?P<month>" + "|".join(sorted(GERMAN_MONTHS, key=len, reverse=True)) + r")\b\.?"
_ANY_MONTH: Final = "|".join(GERMAN_MONTHS)
_YEAR: Final = r"(?:\s+(?P<year>20\d\d))?"
_WEEKDAY: Final = "(?P<weekday>" + "|".join(sorted(GERMAN_WEEKDAYS, key=len, reverse=True)) + ")"
_PARTS: Final = {
    "früh": 10, "morgen": 12, "vormittag": 12, "mittag": 12, "nachmittag": 18, "abend": 22, "nacht": 24, "mitternacht": 24,
}  # fmt: skip
_PART: Final = "(?P<part>" + "|".join(_PARTS) + ")"
_CLOCK: Final = r"(?:(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s?(?:uhr|h)\b|(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)\b)"
_AT: Final = rf"(?:,?\s*{_PART}s?\b)?(?:,?\s+(?:(?:bis|um|vor|gegen|ab|spätestens)\s+)*{_CLOCK})?"
_EVERY_WEEK: Final = "|".join(GERMAN_WEEKDAYS)

BY: Final = re.compile(
    r"(?:\bbis|\bbis spätestens|\bspätestens(?: bis)?|\bvor|\bfällig|\babgabe|\binnerhalb)\s+(?:zum\s+|zu\s+|dem\s+|den\s+|am\s+|ende\s+)*$"
)
NONE: Final = re.compile(
    r"(?:\bseit|\bletzte[nrms]?|\bvergangene[nrms]?|\bvorige[nrms]?|\bjede[nrms]?|\balle|\bpro|\bschon|\bgeboren(?: am)?|\bje|\bguten)\s+(?:dem\s+)?$"
)
RECURRING: Final = re.compile(
    rf"\b(?:{_EVERY_WEEK})s\b|\bjeden?\s+(?:zweiten\s+)?(?:{_EVERY_WEEK})\b|\b(?:{_EVERY_WEEK})(?:\s*,\s*(?:{_EVERY_WEEK}))+\s+und\s+(?:{_EVERY_WEEK})\b"
)


def _after(number: Decimal, unit: str, calendar: Calendar) -> tuple[int, str] | None:
    if unit.startswith(("min", "st", "h")):
        seconds = int(number * (60 if unit.startswith("min") else 3600))
        return calendar.now + seconds, "hour" if seconds <= 48 * 3600 else "day"
    days = number * {"t": 1, "w": 7, "m": 30, "j": 365}[unit[0]]
    if days > 730:
        return None
    return calendar.end_of(calendar.after(int(days))), "month" if unit[0] in "mj" else "day"


def _span(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    written = match["n"].strip()
    number = Decimal(1) if written.startswith("ein") else numerals.value_of(written)
    return None if number is None or number > 1000 else _after(number, match["unit"], calendar)


def _on(days: int, match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    """Return a day from today on, with the hour or the part of it that stands beside."""
    day = calendar.after(days)
    groups = match.groupdict()
    hour, minute = groups.get("hour") or groups.get("hour2"), groups.get("minute") or groups.get("minute2")
    part = groups.get("part")
    if hour is None and part is None:
        return calendar.end_of(day), "hour" if days == 0 else "day"
    by = calendar.at(day, int(hour), int(minute or 0)) if hour is not None else calendar.at(day, _PARTS[part or ""])
    return (by if by > calendar.now else calendar.end_of(day)), "hour"


def _date_of(
    month: int, day: int, year: int | None, match: re.Match[str], calendar: Calendar
) -> tuple[int, str] | None:
    found = calendar.date_of(month, day, year) if 1 <= month <= 12 and 1 <= day <= 31 else None
    if found is None:
        return None
    by, grain = _on((found - calendar.today).days, match, calendar)
    return by, "day" if match.groupdict().get("hour") is None else grain


def _today(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    return _on(0, match, calendar)


def _tomorrow(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    return _on(2 if match.group().startswith("über") else 1, match, calendar)


def _weekday(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    day = calendar.coming(GERMAN_WEEKDAYS[match["weekday"]])
    if (match["lead"] or "").startswith("übernächst"):
        day += timedelta(days=7)
    return _on((day - calendar.today).days, match, calendar)


def _date(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    year = int(match["year"]) if match["year"] else None
    return _date_of(GERMAN_MONTHS[match["month"]], int(match["day"]), year, match, calendar)


def _numeric(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    year = match["year"]
    full = None if not year else int(year) + (2000 if len(year) == 2 else 0)
    return _date_of(int(match["b"]), int(match["a"]), full, match, calendar)


def _nth(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    day = calendar.day_of_month(int(match["day"]))
    return None if day is None else (calendar.end_of(day), "day")


def _week(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    later = 2 if "übernächst" in match.group() else 1 if re.search("nächst|kommend", match.group()) else 0
    return calendar.end_of(calendar.end_of_week(later)), "day"


def _weekend(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    saturday = calendar.today if calendar.today.weekday() == 5 else calendar.coming(5)
    return calendar.end_of(saturday), "day"


def _this_month(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    words, month, year = match.group(), calendar.today.month, calendar.today.year
    if "jahr" in words:
        return calendar.end_of(calendar.end_of_month(12, year)), "month"
    if "nächst" in words or "kommend" in words:
        return calendar.end_of(calendar.end_of_month(month % 12 + 1, year + (month == 12))), "month"
    return calendar.end_of(calendar.end_of_month(month, year)), "month"


def _month(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    last = calendar.end_of_month(GERMAN_MONTHS[match["month"]], int(match["year"]) if match["year"] else None)
    lead = match["lead"] or ""
    if "anfang" in lead:
        last = last.replace(day=10)
    elif "mitte" in lead:
        last = last.replace(day=15)
    return calendar.end_of(last), "month"


def _feast(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    fixed = {
        "weihnachten": (12, 24),
        "heiligabend": (12, 24),
        "silvester": (12, 31),
        "neujahr": (1, 1),
        "nikolaus": (12, 6),
    }
    if match["feast"] in fixed:
        day = calendar.date_of(*fixed[match["feast"]])
    else:
        year = calendar.today.year
        day = next((found for more in (0, 1) if (found := easter(year + more)) >= calendar.today), None)
    return None if day is None else (calendar.end_of(day), "day")


def _clock(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    hour, minute = match["hour"] or match["hour2"], match["minute"] or match["minute2"]
    by = calendar.at(calendar.today, int(hour), int(minute or 0))
    return (by if by > calendar.now else calendar.at(calendar.after(1), int(hour), int(minute or 0))), "hour"


_LEAD: Final = (
    r"(?:(?P<lead>bis(?: zum)?|am|für|ab|vor|spätestens|diese[nr]|kommende[nr]?|nächste[nr]?|übernächste[nr]?)\s+)?"
)

# Pattern, reader, rank, in the order in which they take their words.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Reader, float], ...]] = tuple(
    (re.compile(pattern), reader, rank)
    for pattern, reader, rank in (
        (rf"\b(?:in|innerhalb(?: von)?|binnen)\s+(?:(?:den|der|die)\s+)?(?:nächsten|kommenden)?\s*(?:etwa|ca\.?|spätestens|maximal)?\s*{_N}\s*{_UNIT}\b", _span, 1.2),
        (rf"\b(?:nächsten|kommenden)\s+{_N}\s*{_UNIT}\b", _span, 1.0),
        (rf"\bübermorgen\b{_AT}", _tomorrow, 1.0),
        (rf"\bheute\b{_AT}", _today, 1.0),
        (rf"(?<!guten )(?<!am )(?<!jeden )(?<!heute )\bmorgen\b(?!s){_AT}", _tomorrow, 1.0),
        (rf"\b(?P<day>\d{{1,2}})\.\s*{_MONTH}{_YEAR}\s*(?:-|–|bis)\s*(?:zum\s+)?\d{{1,2}}\.\s*(?:{_ANY_MONTH})\b", _date, 1.5),
        (rf"\b(?P<day>\d{{1,2}})\.?(?:\s*(?:(?:-|–|bis|und|oder)\s*(?:zum\s+)?)\d{{1,2}}\.)?\s*{_MONTH}{_YEAR}{_AT}", _date, 1.0),
        (r"(?:(?<=\bam )|(?<=\bbis )|(?<=\bzum )|(?<=\bvom )|(?<=\bab )|(?<=\bdem )|\b)(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>20\d\d|\d\d)?(?![\w.])", _numeric, 0.9),
        (rf"\b{_LEAD}{_WEEKDAY}(?!s\b){_AT}", _weekday, 0.9),
        (r"\b(?:dieses|nächstes|kommendes|am|zum|fürs|übers)\s+wochenende\b", _weekend, 0.8),
        (r"\b(?:diese|nächste|nächster|kommende|kommender|übernächste|anfang nächster|ende nächster|ende der|ende dieser)\s+woche\b", _week, 0.9),
        (r"\b(?:diesen|nächsten|kommenden|ende des|ende dieses|ende nächsten)\s+(?:monats?|jahres?)\b|\b(?:monats|jahres)ende\b", _this_month, 0.8),
        (r"\b(?:am|bis zum|zum|ab dem|vor dem|vom)\s+(?P<day>\d{1,2})\.(?!\s*\d)(?!\s*(?:stock|etage|klasse|geburtstag|og|bezirk|semester))", _nth, 0.8),
        (rf"\b(?P<lead>(?:bis\s+|ab\s+)?(?:anfang|mitte|ende|im|bis|ab)\s+)?{_MONTH}{_YEAR}", _month, 0.6),
        (r"\b(?:bis|zu|vor|über|an|für|zum)\s+(?P<feast>weihnachten|heiligabend|silvester|neujahr|nikolaus|ostern)\b", _feast, 0.9),
        (rf"(?<!\d )\b(?:um|bis|vor|ab|gegen)\s+{_CLOCK}", _clock, 0.7),
    )
)  # fmt: skip
CALENDAR_WORDS: Final = (
    frozenset(GERMAN_MONTHS) | frozenset(GERMAN_WEEKDAYS) | frozenset(MONTHS) | frozenset(WEEKDAYS) | {"marz"}
)
