"""When something is needed: "in three hours", "by Friday", "5 December", "sometime in January".

Every pattern yields a time and how precise the words were. Of several times the one with "by" or "before" counts, else the
first. What recurs ("Mon, Wed and Fri", "weekends") or is past ("since Monday") is no deadline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from intentcast.records.vocabulary import When
from intentcastd.buyer.reading import german_times, numerals
from intentcastd.buyer.reading.calendar import MONTHS, WEEKDAYS, Calendar, easter
from intentcastd.buyer.reading.tokens import Found, Sentence

_N: Final = rf"(?P<n>{numerals.WORD}|\d+(?:[.,]5)?|an?)"
_UNIT: Final = r"(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|d|nights?|weeks?|wks?|fortnights?|months?|years?)"
_MONTH: Final = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?:,?\s+(?P<year>20\d\d))?"
_WEEKDAY: Final = "(?P<weekday>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")"
_PART: Final = r"(?P<part>morning|noon|midday|lunchtime|lunch|afternoon|evening|night|midnight|eod)"
_CLOCK: Final = (
    r"(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?m\b\.?)|(?P<hour24>[01]?\d|2[0-3])[:h](?P<minute24>[0-5]\d)\b"
    r"|(?P<oclock>\d{1,2})\s?(?:o['’]?clock|uhr|hrs\b))"
)
_TOMORROW: Final = r"(?:tomorrow|tommorow|tommorrow|tomorow|tomorro|tmrw|tmrow|tmr|tmw|tmorrow|2moro|2morrow|tomoz)"
_TONIGHT: Final = r"(?:tonight|tonite|2nite|2night|this evening|this eve)"
_TODAY: Final = r"(?:today|tday|2day|same[- ]day|right away today|before the day is out)"

_PART_HOURS: Final = {
    "morning": 12,
    "noon": 12,
    "midday": 12,
    "lunchtime": 13,
    "lunch": 13,
    "afternoon": 18,
    "evening": 22,
    "night": 24,
    "midnight": 24,
    "eod": 18,
}

# What makes a time one by which something is needed; and what makes it none.
_BY: Final = re.compile(
    r"(?:\bby|\bbefore|\buntil|\btill|\bdue|\bwithin|\blatest|\bno later than|\bneeded|\bdeadline(?: is)?:?|\bmust be (?:here|there))\s+(?:the\s+|around\s+|about\s+|end of\s+|this\s+)*$"
)
_NONE: Final = re.compile(
    r"(?:\blast|\bsince|\bpast|\bprevious|\bevery|\beach|\bago|\bfor|\bover|\bused to|\bafter|\bborn(?: on| in)?|\bfrom age|\bonce an?|\btwice an?|\btimes an?|\bper|\bany|\bon|\bof)\s+(?:the\s+)?$"
)
_DAYS_OF_WEEK: Final = "(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + ")s?"
_RECURRING: Final = re.compile(
    rf"\b(?:every|each)\s+(?:other\s+)?{_DAYS_OF_WEEK}\b|\b{_DAYS_OF_WEEK}\s+(?:mornings|afternoons|evenings|nights)\b"
    rf"|\b{_DAYS_OF_WEEK}(?:\s*(?:,|/|&|and|or)\s*(?:and\s+)?{_DAYS_OF_WEEK}){{2,}}(?:\s+(?:mornings|afternoons|evenings|nights))?"
    rf"|\b{_DAYS_OF_WEEK}\s+(?:and|&)\s+{_DAYS_OF_WEEK}(?:\s+(?:mornings|afternoons|evenings|nights))"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\bweekends\b"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that the sentence names; `rank` is how surely it is when the thing is needed."""

    by: int
    grain: str
    start: int
    end: int
    rank: float


Reader = Callable[[re.Match[str], Calendar], tuple[int, str] | None]


def read_deadline(sentence: Sentence, calendar: Calendar, country: str | None) -> Found[When] | None:
    """Return when something is needed.

    Args:
        sentence: what is read.
        calendar: of the place where it is needed.
        country: ISO 3166-1; tells 12/5 from 5/12.
    """
    moments = sorted(_moments(sentence, calendar, country), key=lambda moment: moment.start)
    kept = [moment for moment in moments if moment.by > calendar.now]
    if not kept:
        return None
    best = max(kept, key=lambda moment: (moment.rank, -moment.start))
    by = _same_day(best, kept, calendar) if re.match(r"the\s+\d", sentence.lower[best.start : best.end]) else best.by
    return Found(When(by, best.grain), round(min(0.95, 0.5 + 0.15 * best.rank), 2), best.start, best.end)


def _same_day(nth: Moment, moments: list[Moment], calendar: Calendar) -> int:
    """Return the time of "the 24th" by another date of the sentence that falls on such a day: "on Christmas Eve"."""
    day = calendar.day_at(nth.by).day
    return next((other.by for other in moments if other is not nth and calendar.day_at(other.by).day == day), nth.by)


def _moments(sentence: Sentence, calendar: Calendar, country: str | None) -> Iterator[Moment]:
    text = sentence.lower
    if sentence.language == "de":
        patterns, leads = german_times.PATTERNS, (german_times.BY, german_times.NONE, german_times.RECURRING)
    else:
        numeric = _american if country in {"US", "PH", "PR"} else _world
        patterns, leads = (*_PATTERNS, (_NUMERIC, numeric, 0.4)), (_BY, _NONE, _RECURRING)
    wanted, refusing, recurring = leads
    taken = bytearray(len(text))
    for match in recurring.finditer(text):
        taken[match.start() : match.end()] = b"\1" * len(match.group())
    for pattern, reader, certain in patterns:
        for match in pattern.finditer(text):
            if 1 in taken[match.start() : match.end()]:
                continue
            before = text[max(0, match.start() - 28) : match.start()]
            refused = refusing.search(before)
            if refused and not _allowed(refused.group(), match.group()):
                taken[match.start() : match.end()] = b"\1" * len(match.group())
                continue
            read = reader(match, calendar)
            if read is None:
                continue
            taken[match.start() : match.end()] = b"\1" * len(match.group())
            yield Moment(
                *read,
                match.start(),
                match.end(),
                certain + (1.0 if wanted.search(before) or match.group().startswith("bis") else 0.0),
            )


def _allowed(refusal: str, words: str) -> bool:
    """Tell whether a word that often makes a time none may stand before this one: "on Friday", "for Saturday"."""
    word = refusal.split(maxsplit=1)[0]
    if word == "on":
        return True
    if word == "of":
        return not re.match(r"\d+\s*(?:h|d|day|hour|week|month|year|min)", words)
    if word in {"for", "any", "over"}:
        return (
            re.match(rf"(?:{numerals.WORD}|\d+|an?)\s+(?:hours?|days?|nights?|weeks?|months?|years?|min)", words)
            is None
        )
    return word == "after" and words.startswith(("noon", "lunch"))


def _span(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    written = match["n"].strip()
    number = Decimal(1) if written in {"a", "an"} else numerals.value_of(written)
    if number is None or number > 1000:
        return None
    unit = match["unit"]
    if unit.startswith(("min", "h")):
        seconds = int(number * (60 if unit.startswith("min") else 3600))
        return calendar.now + seconds, "hour" if seconds <= 48 * 3600 else "day"
    days = number * {"d": 1, "n": 1, "w": 7, "f": 14, "m": 30, "y": 365}[unit[0]]
    if days > 730:
        return None
    return calendar.end_of(calendar.after(int(days))), "month" if unit[0] in "my" else "day"


def _hour(match: re.Match[str]) -> tuple[int, int] | None:
    groups = match.groupdict()
    if groups.get("hour24") is not None:
        return int(groups["hour24"]), int(groups["minute24"])
    if groups.get("oclock") is not None:
        hour = int(groups["oclock"])
        return (hour + 12 if hour < 8 else hour, 0) if hour <= 24 else None
    if groups.get("hour") is not None:
        hour = int(groups["hour"])
        if not 1 <= hour <= 12:
            return None
        return hour % 12 + (12 if groups["half"].startswith("p") else 0), int(groups["minute"] or 0)
    return None


def _on(day: date, match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    """Return a day with the clock time or part of the day that stands beside it."""
    clock = _hour(match)
    if clock is not None:
        return calendar.at(day, *clock), "hour"
    part = match.groupdict().get("part")
    if part:
        by = calendar.at(day, _PART_HOURS[part])
        # "This afternoon" said in the evening still means today.
        return (by, "hour") if by > calendar.now else (calendar.end_of(day), "hour")
    return calendar.end_of(day), "day"


def _today(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    by, _grain = _on(calendar.today, match, calendar)
    return (by, "hour") if by > calendar.now else (calendar.end_of(calendar.today), "hour")


def _tonight(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    clock = _hour(match)
    by = calendar.at(calendar.today, *clock) if clock else calendar.end_of(calendar.today)
    return (by if by > calendar.now else calendar.end_of(calendar.today)), "hour"


def _tomorrow(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    days = 2 if match.group().startswith("day after") else 1
    return _on(calendar.after(days), match, calendar)


def _weekday(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    word = match["weekday"]
    number = WEEKDAYS[word]
    if len(word) <= 4 and word not in {"mon", "tue", "tues", "weds", "thu", "thur", "fri"} and not match["lead"]:
        # "sat" and "sun" and "wed" are words; they are days only where something says so.
        return None
    day = calendar.coming(number)
    if (match["lead"] or "").strip() == "next" and (day - calendar.today).days <= 6 - calendar.today.weekday():
        day += timedelta(days=7)
    return _on(day, match, calendar)


def _weekend(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    # The coming Saturday: who needs a thing "this weekend" needs it when the weekend begins.
    saturday = calendar.today if calendar.today.weekday() == 5 else calendar.coming(5)
    return calendar.end_of(saturday + timedelta(days=7 if match.group().startswith("next") else 0)), "day"


def _week(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    return calendar.end_of(calendar.end_of_week(1 if "next" in match.group() else 0)), "day"


def _this_month(match: re.Match[str], calendar: Calendar) -> tuple[int, str]:
    month = calendar.today.month
    if "next" in match.group():
        year = calendar.today.year + (month == 12)
        return calendar.end_of(calendar.end_of_month(month % 12 + 1, year)), "month"
    if "year" in match.group():
        return calendar.end_of(calendar.end_of_month(12, calendar.today.year)), "month"
    return calendar.end_of(calendar.end_of_month(month, calendar.today.year)), "month"


def _date(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    year = match.groupdict().get("year")
    day = calendar.date_of(MONTHS[match["month"]], int(match["day"]), int(year) if year else None)
    return None if day is None else _on(day, match, calendar)


def _iso(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    day = calendar.date_of(int(match["m"]), int(match["d"]), int(match["y"]))
    return None if day is None else _on(day, match, calendar)


def _nth(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    day = calendar.day_of_month(int(match["day"]))
    return None if day is None else _on(day, match, calendar)


def _month(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    year = match["year"]
    month = MONTHS[match["month"]]
    lead = match["lead"] or ""
    if month == 5 and not lead:
        return None
    last = calendar.end_of_month(month, int(year) if year else None)
    if lead.startswith(("early", "beginning", "start")):
        last = last.replace(day=10)
    elif lead.startswith("mid"):
        last = last.replace(day=15)
    return calendar.end_of(last), "month"


def _feast(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    name = match["feast"]
    fixed = {
        "christmas eve": (12, 24),
        "xmas eve": (12, 24),
        "christmas": (12, 24),
        "xmas": (12, 24),
        "boxing day": (12, 26),
        "new year's eve": (12, 31),
        "new years eve": (12, 31),
        "nye": (12, 31),
        "new year": (12, 31),
        "halloween": (10, 31),
        "valentine's day": (2, 14),
        "valentines": (2, 14),
        "st patrick's day": (3, 17),
        "epiphany": (1, 6),
        "st nicholas": (12, 6),
        "sinterklaas": (12, 5),
    }
    if name in fixed:
        day = calendar.date_of(*fixed[name])
    else:
        day = next((d for y in (0, 1) if (d := easter(calendar.today.year + y)) >= calendar.today), None)
    return None if day is None else (calendar.end_of(day), "day")


def _clock(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    clock = _hour(match)
    if clock is None and match["part"]:
        clock = (_PART_HOURS[match["part"]], 0)
    if clock is None:
        return None
    by = calendar.at(calendar.today, *clock)
    return (by if by > calendar.now else calendar.at(calendar.after(1), *clock)), "hour"


def _numeric(day: str, month: str, year: str | None, calendar: Calendar) -> tuple[int, str] | None:
    full = None if not year else int(year) + (2000 if len(year) == 2 else 0)
    found = calendar.date_of(int(month), int(day), full) if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else None
    return None if found is None else (calendar.end_of(found), "day")


def _world(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    first, second = match["a"], match["b"]
    day, month = (second, first) if int(second) > 12 else (first, second)
    return _numeric(day, month, match["year"], calendar)


def _american(match: re.Match[str], calendar: Calendar) -> tuple[int, str] | None:
    first, second = match["a"], match["b"]
    day, month = (first, second) if int(first) > 12 else (second, first)
    return _numeric(day, month, match["year"], calendar)


_AT: Final = rf"(?:,?\s+(?:at\s+|by\s+|before\s+|around\s+)?(?:(?:in the\s+)?{_PART}\b|{_CLOCK}))?"
_NUMERIC: Final = re.compile(
    r"(?:(?<=\bby )|(?<=\bon )|(?<=before )|(?<=until )|(?<=\btill )|(?<=from )|(?<=the ))(?P<a>\d{1,2})[./](?P<b>\d{1,2})(?:[./](?P<year>20\d\d|\d\d)?)?(?![\w/])"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# Pattern, reader, rank: how surely such words say when something is needed. What comes first takes its words.
_PATTERNS: Final[tuple[tuple[re.Pattern[str], Reader, float], ...]] = (
    (_compiled(rf"\b(?:with)?in\s+(?:the\s+)?(?:next|coming|following)?\s*(?:about|around|under|less than|max(?:imum)?|at most|like|~)?\s*{_N}\s*{_UNIT}(?:['’]?\s*time)?\b(?!\s+(?:each|long|old|of|a week|per))"), _span, 1.2),
    (_compiled(rf"\b(?:the\s+)?next\s+{_N}\s*{_UNIT}\b"), _span, 1.0),
    (_compiled(rf"\b{_N}\s*{_UNIT}\s+(?:from now|at most|max|or less|tops)\b"), _span, 0.8),
    (_compiled(rf"\b{_N}[- ]{_UNIT}\s+(?:delivery|turnaround|shipping)\b"), _span, 0.8),
    (_compiled(rf"\b(?:the )?day after {_TOMORROW}\b{_AT}"), _tomorrow, 1.0),
    (_compiled(rf"\b{_TOMORROW}\b{_AT}"), _tomorrow, 1.0),
    (_compiled(rf"\b{_TONIGHT}\b(?:,?\s+(?:at|by|before|around)?\s*{_CLOCK})?"), _tonight, 1.0),
    (_compiled(rf"\bthis\s+{_PART}\b"), _today, 1.0),
    (_compiled(rf"\b{_TODAY}\b{_AT}"), _today, 1.0),
    (_compiled(r"\b(?P<y>20\d\d)-(?P<m>0?[1-9]|1[0-2])-(?P<d>0?[1-9]|[12]\d|3[01])\b"), _iso, 1.0),
    (_compiled(rf"\b{_DAY}\s*(?:(?:-|–|to|until|till|and|or)\s*\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:of\s+)?{_MONTH}{_YEAR}{_AT}"), _date, 1.0),
    (_compiled(rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?![\d:.]*\d|\s?(?:am|pm|%|x\b))(?:\s*(?:-|–|to)\s*\d{{1,2}}\b)?{_YEAR}{_AT}"), _date, 1.0),
    (_compiled(rf"\b(?P<lead>(?:by|on|before|until|till|this|coming|next|for|from|this coming)\s+)?{_WEEKDAY}\b(?!s\b|['’]s\b)(?:\s+(?:next week|this week))?{_AT}"), _weekday, 0.9),
    (_compiled(r"\b(?:this|next|the|coming|by the|over the)\s+weekend\b"), _weekend, 0.8),
    (_compiled(r"\b(?:(?:some ?time |early |late |the end of )?next week|(?:by |before )?(?:the )?end of (?:the|this|next) week|this week)\b"), _week, 0.9),
    (_compiled(r"\b(?:next month|this month|(?:by |before )?(?:the )?end of (?:the|this|next) (?:month|year)|this year|month[- ]end)\b"), _this_month, 0.8),
    (_compiled(r"\bthe\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:floor|street|st\b|avenue|ave|birthday|century|arrondissement|grade|gen|edition|anniversary|district|time|one))" + _AT), _nth, 0.8),
    (_compiled(rf"\b(?P<lead>(?:in|by|before|until|till|during|sometime in|some time in|end of|the end of|late|early|mid|mid-|beginning of|start of|from)\s*-?\s*)?(?:the\s+)?{_MONTH}(?!\s+\d{{1,2}}(?:st|nd|rd|th)?\b){_YEAR}"), _month, 0.6),
    (_compiled(r"\b(?:by|before|for|on|until|till|at|over)\s+(?P<feast>christmas eve|xmas eve|christmas|xmas|boxing day|new year['’]?s eve|nye|new year|halloween|valentine['’]?s day|valentines|easter|st patrick['’]?s day|epiphany|sinterklaas)\b(?!\s+(?:tree|card|jumper|light|decoration|party|dinner|present|gift|egg|bauble))"), _feast, 0.9),
    (_compiled(rf"\b(?:by|before|at|until|till|around|from)\s+(?:{_CLOCK}|(?P<part>noon|midday|midnight))"), _clock, 0.7),
)  # fmt: skip
