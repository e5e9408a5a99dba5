"""What may leave of a draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.errors import Misuse
from intentcast.records.anonymity import Draft, band_of, find_contact, generalize
from intentcast.records.vocabulary import GRAINS, Area, Band
from intentcast.testing.samples import T0

times = st.integers(1, 300 * 86_400).map(lambda ahead: T0 + ahead)
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * 900)
LONGEST = {"hour": 3_600, "day": 86_400, "month": 31 * 86_400}


@given(times, offsets, st.none() | st.sampled_from(GRAINS))
def test_a_time_leaves_rounded_up_and_never_finer_than_its_distance_allows(
    by: int, offset: int, grain: str | None
) -> None:
    """ANO-2."""
    when = generalize(Draft("bt", by=by, offset=offset, grain=grain), T0).when

    assert when is not None
    ahead = by - T0
    least = "hour" if ahead < 2 * 86_400 else "day" if ahead < 30 * 86_400 else "month"
    assert GRAINS.index(when.grain) >= max(GRAINS.index(least), GRAINS.index(grain or "hour"))
    assert 0 <= when.by - by < LONGEST[when.grain]
    if when.grain != "month":
        assert (when.by + offset) % LONGEST[when.grain] == 0


@given(times, times, offsets)
def test_all_moments_of_one_hour_leave_as_the_same(one: int, other: int, offset: int) -> None:
    def public(by: int) -> object:
        return generalize(Draft("bt", by=by, offset=offset), T0).when

    hour = (one - 1 + offset) // 3_600
    if hour == (other - 1 + offset) // 3_600 and max(one, other) - T0 < 2 * 86_400:
        assert public(one) == public(other)


@given(st.integers(0, 10**12))
def test_a_band_holds_its_amount_and_is_one_of_few(minor: int) -> None:
    """ANO-6."""
    low, high = band_of(minor)

    assert low < minor <= high or (low, minor) == (0, 0)
    assert str(high).rstrip("0") in ("1", "2", "5")


@given(st.integers(1, 10**9))
def test_a_budget_stays_home_unless_the_person_says_otherwise(minor: int) -> None:
    kept = generalize(Draft("bt", budget=Band("EUR", 0, minor)), T0)
    shown = generalize(Draft("bt", budget=Band("EUR", 0, minor), publish_budget=True), T0)

    assert kept.budget is None
    assert shown.budget == Band("EUR", *band_of(minor))
    assert [change.field for change in kept.changes] == [change.field for change in shown.changes] == ["budget"]


@given(st.text(max_size=60))
def test_a_text_leaves_whole_or_is_refused(text: str) -> None:
    try:
        public = generalize(Draft("bt", text=text), T0).text
    except Misuse:
        return
    assert public == (" ".join(text.split()) or None)
    assert public is None or find_contact(public) is None


@given(
    st.text("abcdefghij ", max_size=30),
    st.sampled_from(["ada@example.org", "+44 141 496 0123", "https://example.org/x"]),
    st.text("abcdefghij ", max_size=30),
)
def test_contact_data_is_found_wherever_it_stands(before: str, contact: str, after: str) -> None:
    """ANO-4."""
    assert find_contact(f"{before} {contact} {after}") is not None


@pytest.mark.parametrize("word", ["Rosie", "12 Elm Row", "asthma"])
def test_what_the_person_called_private_does_not_leave(word: str) -> None:
    """ANO-7."""
    for draft in (
        Draft("bt", text=f"two seats, for {word.upper()}", private=(word,)),
        Draft("bt", details={"note": f"x{word}x"}, private=("", word)),
    ):
        with pytest.raises(Misuse) as caught:
            generalize(draft, T0)
        assert caught.value.rule == "ANO-7"


def test_a_village_is_refused_by_name() -> None:
    with pytest.raises(Misuse) as caught:
        generalize(Draft("bt", area=Area("GB", "Plockton", 378)), T0)

    assert caught.value.rule == "ANO-1"
    assert "Plockton" in caught.value.reason


def test_every_change_names_its_field_and_rule() -> None:
    """ANO-8."""
    draft = Draft("bt", by=T0 + 5_000, budget=Band("EUR", 0, 300), text=" two  seats ")

    changes = generalize(draft, T0).changes

    assert [(change.field, change.rule) for change in changes] == [
        ("when", "ANO-2"),
        ("budget", "ANO-6"),
        ("text", "ANO-3"),
    ]
    assert all(change.before != change.after for change in changes)
