"""Measure how well needs are read, on a table of sentences with gold readings.

usage: scripts/needs FILE.tsv [--taxonomy FILE] [--now 2026-11-22] [--json] [--wrong]

The table has a head line and the columns id, sentence, category, category_ok, place, country, deadline, quantity, unit,
budget, currency, private (others are passed over). One object is printed; each figure is right rows over the rows where
the gold or the answer is not empty:

category         the answer is among `category` and `category_ok`
category_branch  the answer is on the branch of one of these, and at least two levels deep
place            the country, and a place whose name stands in the gold
deadline         the same day; the same hour where the gold is under a day; the same month where it is a month
quantity         the number and its unit
budget           the upper end and its currency
private_leaks    how many private substrings stand in what would be published: all fields of the RFP's own body
rows, milliseconds (median, max)

--now is the moment of reading, a date (08:00 UTC is meant) or a whole ISO time. --taxonomy reads with the official list
of categories imported. --wrong names the rows that were read wrongly, on standard error.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import sys
import time
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "daemon"), str(ROOT / "protocol")]

from intentcast.crypto.keys import BoxKey  # noqa: E402
from intentcast.errors import Misuse  # noqa: E402
from intentcast.ids import RelayKey  # noqa: E402
from intentcast.records.anonymity import generalize, make_rfp  # noqa: E402
from intentcast.records.rfp import rfp_untrusted  # noqa: E402
from intentcast.records.vocabulary import on_branch  # noqa: E402
from intentcast.testing import samples  # noqa: E402
from intentcast.units import UnixSeconds  # noqa: E402
from intentcastd.buyer.need import Need, Unclear  # noqa: E402
from intentcastd.buyer.profile import NOBODY  # noqa: E402
from intentcastd.buyer.reading import read, warm_up  # noqa: E402
from intentcastd.data import currencies, official, taxonomy  # noqa: E402
from intentcastd.data.folding import fold  # noqa: E402

Row = Mapping[str, str]

# Words of the gold's unit column, and the codes that an answer may give for them (UN/CEFACT Rec 20 and 21).
UNITS: Final[dict[str, tuple[str, ...]]] = {
    "": ("C62",), "each": ("C62", "NAR", "H87"), "pair": ("C62", "NPR", "PR"), "kg": ("KGM",), "g": ("GRM",), "tonne": ("TNE",),
    "lb": ("LBR",), "l": ("LTR",), "litre": ("LTR",), "ml": ("MLT",), "quart": ("QTL", "QT"), "gallon": ("GLL",), "m": ("MTR",),
    "cm": ("CMT",), "km": ("KMT",), "m2": ("MTK",), "m3": ("MTQ",), "ha": ("HAR",), "min": ("MIN",), "h": ("HUR",), "day": ("DAY",),
    "week": ("WEE",), "month": ("MON",), "year": ("ANN",), "box": ("XBX", "XCS"), "case": ("XCS", "XBX"), "pack": ("XPK",),
    "bottle": ("XBO",), "bag": ("XBG",), "page": ("ZP",), "person": ("IE",), "set": ("C62", "SET"),
}  # fmt: skip
WEEKDAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
# "A turntable" says what is wanted, not how many.
ARTICLES: Final = frozenset({"", "a", "an", "ein", "eine", "einen", "einem", "einer"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One row, what was made of its sentence, and how long that took."""

    row: Row
    need: Need
    seconds: float


def codes(row: Row) -> list[str]:
    return [row["category"], *row["category_ok"].split()]


def category(row: Row, need: Need, now: int) -> bool | None:
    """Tell whether a field was read rightly; None where neither gold nor answer has it."""
    if not row["category"] and need.category is None:
        return None
    return need.category is not None and need.category.value in codes(row)


def category_branch(row: Row, need: Need, now: int) -> bool | None:
    if not row["category"] and need.category is None:
        return None
    if need.category is None:
        return False
    answer = need.category.value
    deep = answer.count("-") >= 1
    return answer in codes(row) or (deep and any(on_branch(answer, code) for code in codes(row) if code))


def place(row: Row, need: Need, now: int) -> bool | None:
    if not row["place"] and not row["country"] and need.area is None and need.place is None:
        return None
    if need.area is None or need.area.value.country != row["country"]:
        return False
    names = (need.place or "", need.area.value.name)
    return any(fold(name) in fold(row["place"]) for name in names if name)


def deadline(row: Row, need: Need, now: int) -> bool | None:
    gold = row["deadline"]
    if not gold and need.when is None:
        return None
    if not gold or need.when is None:
        return False
    zone = ZoneInfo(need.tz)
    today = datetime.fromtimestamp(now, zone)
    answer = datetime.fromtimestamp(need.when.value.by, zone)
    if match := re.fullmatch(r"(\d{4})-(\d\d)", gold):
        return (answer.year, answer.month) == (int(match[1]), int(match[2]))
    if match := re.fullmatch(r"T(\d\d):(\d\d)", gold):
        moment = today.replace(hour=int(match[1]), minute=int(match[2]))
        return answer.replace(minute=0, second=0) == moment.replace(minute=0, second=0, microsecond=0)
    if match := re.fullmatch(r"PT(\d+)([HM])", gold):
        span = timedelta(hours=int(match[1])) if match[2] == "H" else timedelta(minutes=int(match[1]))
        moment = today + span
        if span < timedelta(days=1):
            return answer.replace(minute=0, second=0) == moment.replace(minute=0, second=0, microsecond=0)
        return answer.date() == moment.date()
    return answer.date() == gold_day(gold, today.date())


def gold_day(gold: str, today: date) -> date:
    """Return the day that the gold means."""
    if gold in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(gold) - today.weekday() - 1) % 7 + 1)
    if match := re.fullmatch(r"P(\d+)([DWM])", gold):
        number = int(match[1])
        if match[2] == "M":
            year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
            return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
        return today + timedelta(days=number * (7 if match[2] == "W" else 1))
    return date.fromisoformat(gold)


def quantity(row: Row, need: Need, now: int) -> bool | None:
    answer = need.quantity
    stated = answer.confidence > 0 and answer.words.strip().lower() not in ARTICLES
    if not row["quantity"] and not stated:
        return None
    if not row["quantity"]:
        return False
    value = answer.value
    same = Decimal(value.value).scaleb(-value.scale) == Decimal(row["quantity"])
    return same and value.unit in UNITS.get(row["unit"], (row["unit"],))


def budget(row: Row, need: Need, now: int) -> bool | None:
    if not row["budget"] and need.budget is None:
        return None
    if not row["budget"] or need.budget is None:
        return False
    band = need.budget.value
    high = Decimal(row["budget"]).scaleb(currencies.decimals()[band.currency])
    return band.currency == row["currency"] and band.high == high


FIELDS: Final[dict[str, Callable[[Row, Need, int], bool | None]]] = {
    "category": category,
    "category_branch": category_branch,
    "place": place,
    "deadline": deadline,
    "quantity": quantity,
    "budget": budget,
}


def published(need: Need, now: UnixSeconds) -> list[str]:
    """Return every text in the body of the RFP that would be made of a need; nothing where none would be."""
    try:
        draft = need.draft(publish_budget=True)
        public = generalize(draft, now)
    except (Unclear, Misuse):
        return []
    rfp = make_rfp(
        draft,
        public,
        boards=tuple(RelayKey(bytes([number]) * 32) for number in (1, 2, 3)),
        box=BoxKey(bytes(range(32))).public,
        salt=bytes(16),
        terms=samples.sample_proffer(),
    )
    body = rfp_untrusted(rfp.to_body())
    area = [body.area.name, body.area.sub or ""] if body.area else []
    words = [
        body.category,
        body.service or "",
        body.condition or "",
        body.gtin or "",
        body.text or "",
        *body.how,
        *area,
    ]
    return [*words, *(f"{name} {value}" for name, value in body.details.items())]


def leaks(reading: Reading, now: UnixSeconds) -> int:
    secrets = [fold(words) for words in reading.row["private"].split("|") if words]
    texts = [fold(text) for text in published(reading.need, now)]
    return sum(any(secret in text for text in texts) for secret in secrets)


def measure(rows: list[Row], now: UnixSeconds) -> list[Reading]:
    """Read all rows; what is loaded once when a daemon starts does not count."""
    warm_up()
    readings = []
    for row in rows:
        began = time.perf_counter()
        need = read(row["sentence"], now, NOBODY)
        readings.append(Reading(row, need, time.perf_counter() - began))
    return readings


def judged(readings: list[Reading], now: UnixSeconds) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Return the figures, and the rows that were read wrongly by field."""
    figures: dict[str, object] = {}
    wrong: dict[str, list[str]] = {}
    for name, right in FIELDS.items():
        verdicts = [(one.row["id"], right(one.row, one.need, now)) for one in readings]
        counted = [verdict for _, verdict in verdicts if verdict is not None]
        figures[name] = round(sum(counted) / len(counted), 4) if counted else 1.0
        wrong[name] = [number for number, verdict in verdicts if verdict is False]
    spent = [1000 * one.seconds for one in readings]
    figures["private_leaks"] = sum(leaks(one, now) for one in readings)
    figures["rows"] = len(readings)
    figures["milliseconds"] = {"median": round(statistics.median(spent), 2), "max": round(max(spent), 2)}
    return figures, wrong


def moment(text: str) -> UnixSeconds:
    read_as = datetime.fromisoformat(text)
    if len(text) <= len("2026-11-22"):
        read_as = read_as.replace(hour=8)
    return UnixSeconds(int((read_as if read_as.tzinfo else read_as.replace(tzinfo=UTC)).timestamp()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/needs", description="Measure how well needs are read.")
    parser.add_argument("file", type=Path, metavar="FILE.tsv", help="sentences with gold readings")
    parser.add_argument("--taxonomy", type=Path, metavar="FILE", help="the official list of categories")
    parser.add_argument("--now", type=moment, default=moment("2026-11-22"), help="moment of reading (2026-11-22)")
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    parser.add_argument("--wrong", action="store_true", help="name the rows that were read wrongly")
    given = parser.parse_args()
    if given.taxonomy is not None:
        taxonomy.use(official.parse(given.taxonomy.read_text("utf-8")).names)
    with given.file.open(encoding="utf-8", newline="") as file:
        rows: list[Row] = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
    if not rows:
        print("needs: the table has no rows", file=sys.stderr)
        return 2
    figures, wrong = judged(measure(rows, given.now), given.now)
    print(json.dumps(figures, indent=None if given.json else 2))
    if given.wrong:
        for name, numbers in wrong.items():
            print(f"{name}: {' '.join(numbers)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
