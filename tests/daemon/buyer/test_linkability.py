"""What joins an RFP to an earlier one of the same person is said before it goes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.crypto.keys import BoxKey
from intentcast.ids import RelayKey
from intentcast.records.rfp import Detail, Rfp
from intentcast.records.vocabulary import Area, Quantity
from intentcast.testing.samples import T0, sample_proffer
from intentcast.units import UnixSeconds
from intentcastd.buyer.linkability import LINK_WITHIN_DAYS, MOST_LINKS, Earlier, Link, find_links

DAY = 86_400
SMALL = Area("GB", "Leith", 60_000)
LARGE = Area("GB", "London", 8_900_000)


def rfp(category: str = "aa-8-3", **fields: object) -> Rfp:
    make = partial(
        Rfp,
        category=category,
        kind="goods",
        quantity=Quantity(1),
        boards=tuple(RelayKey(bytes([number]) * 32) for number in (1, 2, 3)),
        box=BoxKey(bytes(range(32))).public,
        salt=bytes(16),
        terms=sample_proffer(),
    )
    return make(**fields)  # type: ignore[arg-type]  # each test names the fields that it is about


def earlier(one: Rfp, days: int = 3, name: str = "r1") -> Earlier:
    return Earlier(name, UnixSeconds(T0 - days * DAY), one)


def rules(new: Rfp, *before: Rfp, days: int = 3) -> list[str]:
    return [link.rule for link in find_links(new, [earlier(one, days) for one in before], T0)]


def test_two_details_that_come_again_are_named_with_how_rare_they_are() -> None:
    """ANO-10."""
    before = rfp(details={"size": "EU 38", "colour": "red", "brand": "Ecco"})

    (link,) = find_links(rfp(details={"size": "EU 38", "colour": "red"}), [earlier(before)], T0)

    assert (link.rule, link.earlier, link.one_in) == ("ANO-10", "r1", 120)
    assert link.words == (
        "Colour red and size EU 38 together were in your RFP r1 (3 days ago): "
        "about one in 120 who ask for such a thing says the same."
    )


def test_one_common_detail_joins_nothing() -> None:
    """ANO-10."""
    assert rules(rfp(details={"colour": "red", "size": "M"}), rfp(details={"colour": "red", "size": "L"})) == []


def test_true_is_not_one() -> None:
    new = rfp(details={"waterproof": True, "seats": 2})

    assert rules(new, new) == ["ANO-10"]
    assert rules(new, rfp(details={"waterproof": 1, "seats": 2})) == []


@pytest.mark.parametrize(
    ("area", "category", "warned"),
    [
        (SMALL, "aa-8-3", ["ANO-11"]),
        (SMALL, "aa-8", ["ANO-11"]),
        (SMALL, "aa-80", []),
        (SMALL, "hg-13", []),
        (LARGE, "aa-8-3", []),
        (None, "aa-8-3", []),
        (replace(SMALL, name="Hull"), "aa-8-3", []),
    ],
)
def test_the_same_kind_of_thing_in_a_small_area_is_told(area: Area | None, category: str, warned: list[str]) -> None:
    """ANO-11."""
    here = LARGE if area is LARGE else SMALL

    assert rules(rfp(area=here), rfp(category, area=area)) == warned


def test_another_service_in_the_same_area_is_another_matter() -> None:
    plumber = rfp("se-5-3", area=SMALL, service="repair.plumbing")

    assert rules(plumber, rfp("se-5-3", area=SMALL, service="repair.heating")) == []
    assert rules(plumber, plumber) == ["ANO-11"]


def test_three_words_in_a_row_are_told_whatever_their_marks_and_capitals() -> None:
    """ANO-12."""
    new = rfp(text="for a left handed beginner")

    (link,) = find_links(new, [earlier(rfp(text="Left-handed BEGINNER, please; not too old"))], T0)

    assert (link.rule, link.what) == ("ANO-12", "the words “left handed beginner”")
    assert rules(new, rfp(text="a beginner who is left handed")) == []


def test_the_same_product_code_is_told_first() -> None:
    """ANO-13."""
    new = rfp(gtin="4006381333931", details={"size": "M", "colour": "red"})

    assert rules(new, new) == ["ANO-13", "ANO-10"]


def test_what_is_long_past_or_still_to_come_is_not_compared() -> None:
    new = rfp(gtin="4006381333931")

    assert rules(new, new, days=LINK_WITHIN_DAYS) == ["ANO-13"]
    assert rules(new, new, days=LINK_WITHIN_DAYS + 1) == []
    assert rules(new, new, days=-1) == []


values = st.one_of(st.booleans(), st.integers(0, 99), st.sampled_from(["red", "M", "EU 38"]))
details = st.dictionaries(st.sampled_from(["size", "colour", "seats", "foldable", "unheard_of"]), values, max_size=4)


@given(details, st.lists(details, max_size=12))
def test_there_are_few_warnings_and_each_is_true(new: dict[str, Detail], before: list[dict[str, Detail]]) -> None:
    old = [earlier(rfp(details=one), name=f"r{number}") for number, one in enumerate(before)]

    links: tuple[Link, ...] = find_links(rfp(details=new), old, T0)

    assert len(links) <= MOST_LINKS
    for link in links:
        there = before[int(link.earlier[1:])]
        shared = [name for name, value in new.items() if name in there and there[name] == value]
        assert len(shared) > 1
        assert link.one_in > 1
