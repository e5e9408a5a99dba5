"""When a shop opens next, in its own time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from intentcast.units import UnixSeconds
from intentcastd.vendor.opening import Opening

VIENNA = ZoneInfo("Europe/Vienna")
SHOP = Opening(VIENNA, {0: ((540, 750), (840, 1080)), 5: ((540, 780),), 6: ((1200, 1440),)})


def at(text: str) -> UnixSeconds:
    return UnixSeconds(int(datetime.fromisoformat(text).replace(tzinfo=VIENNA).timestamp()))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),  # Monday
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-11-23T13:00", "2026-11-23T14:00"),
        ("2026-11-23T12:30", "2026-11-23T14:00"),
        ("2026-11-23T18:00", "2026-11-28T09:00"),
        ("2026-11-29T23:59", "2026-11-29T23:59"),
        ("2026-11-30T00:00", "2026-11-30T09:00"),
        ("2026-10-25T01:00", "2026-10-25T20:00"),  # the clocks go back in between
    ],
)
def test_the_next_moment_that_it_is_open(now: str, opens: str) -> None:
    assert SHOP.next_open(at(now)) == at(opens)


def test_a_shop_that_opens_once_a_week_is_found_a_week_ahead() -> None:
    assert Opening(VIENNA, {0: ((540, 600),)}).next_open(at("2026-11-23T10:00")) == at("2026-11-30T09:00")


def test_a_shop_without_hours_never_opens() -> None:
    assert Opening(VIENNA, {}).next_open(at("2026-11-23T10:00")) is None
