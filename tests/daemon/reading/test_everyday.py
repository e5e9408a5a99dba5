"""A hundred everyday needs with gold readings. They are not part of the project; without them this file is skipped.

They were known when the tables were written, so these are floors against breakage and no measure of quality.
"""

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intentcast.records.vocabulary import on_branch
from intentcast.units import UnixSeconds
from intentcastd.buyer.need import Need
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read
from intentcastd.data import currencies

# INTENTCAST_NEEDS, or a folder `shared` beside the checkout.
GOLD = Path(os.environ.get("INTENTCAST_NEEDS") or Path(__file__).parents[4] / "shared/data/needs") / "everyday.tsv"
NOW = UnixSeconds(int(datetime(2026, 11, 22, 8, 0, tzinfo=UTC).timestamp()))
Row = dict[str, str]

pytestmark = pytest.mark.skipif(
    not GOLD.exists(),
    reason="no gold readings: set INTENTCAST_NEEDS to a folder with everyday.tsv to read them",
)


@pytest.fixture(scope="module")
def readings() -> list[tuple[Row, Need]]:
    with GOLD.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row, read(row["sentence"], NOW, NOBODY)) for row in rows]


def category(row: Row, need: Need) -> bool:
    right = [row["category"], *row["category_ok"].split()]
    return need.category is not None and any(need.category.value == code for code in right)


def branch(row: Row, need: Need) -> bool:
    right = [row["category"], *row["category_ok"].split()]
    return need.category is not None and any(on_branch(need.category.value, code) for code in right)


def country(row: Row, need: Need) -> bool:
    return (need.area.value.country if need.area else "") == row["country"]


def some_deadline(row: Row, need: Need) -> bool:
    return (need.when is not None) == bool(row["deadline"])


def budget(row: Row, need: Need) -> bool:
    if need.budget is None or not row["budget"]:
        return need.budget is None and not row["budget"]
    band = need.budget.value
    return (
        band.currency == row["currency"]
        and band.high == float(row["budget"]) * 10 ** currencies.decimals()[band.currency]
    )


def condition(row: Row, need: Need) -> bool:
    return (need.condition.value if need.condition else "") == row["condition"]


@pytest.mark.parametrize(
    ("right", "floor"),
    [(category, 0.9), (branch, 0.92), (country, 0.95), (some_deadline, 0.95), (budget, 0.95), (condition, 0.95)],
)
def test_readings_stay_as_good_as_they_are(
    readings: list[tuple[Row, Need]], right: Callable[[Row, Need], bool], floor: float
) -> None:
    wrong = [row["id"] for row, need in readings if not right(row, need)]

    assert 1 - len(wrong) / len(readings) >= floor, wrong


def test_all_that_is_private_is_found(readings: list[tuple[Row, Need]]) -> None:
    secrets = [(row["id"], words, need) for row, need in readings for words in row["private"].split("|") if words]

    assert [(number, words) for number, words, need in secrets if not any(words in part for part in need.private)] == []
