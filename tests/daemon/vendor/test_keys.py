"""Keys and records of a large import, kept in little memory."""

from __future__ import annotations

import sys

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from intentcastd.vendor.catalogue.kept_aside import KeptAside
from intentcastd.vendor.catalogue.rows import Keys


class Note(msgspec.Struct, frozen=True):
    words: tuple[str, ...]


@given(st.lists(st.tuples(st.text(max_size=6), st.integers(0, 2**40)), max_size=60))
def test_a_key_keeps_the_line_that_it_came_with_first(pairs: list[tuple[str, int]]) -> None:
    keys, expected = Keys(), dict[str, int]()
    for key, line in pairs:
        assert keys.add(key, line) == (key not in expected)
        expected.setdefault(key, line)

    assert len(keys) == len(expected)
    assert {key: keys.line_of(key) for key, _ in pairs} == expected
    assert keys.line_of("a key that is too long to be among them") is None


def test_many_keys_stay_small() -> None:
    keys = Keys()
    for place in range(30_000):
        keys.add(f"key {place}", place)

    assert all(keys.line_of(f"key {place}") == place for place in range(0, 30_000, 7))
    assert sum(sys.getsizeof(part) for part in (keys._hashes, keys._lines)) < 48 * 30_000


def test_records_are_found_again_by_each_of_their_names() -> None:
    aside = KeptAside(Note)
    aside.keep("a", Note(("one",)))
    aside.keep("b", Note(("two", "zwei")))
    aside.keep("a", Note(("another",)))

    assert (aside.get("a"), aside.get("b"), aside.get("c")) == (Note(("one",)), Note(("two", "zwei")), None)
    aside.close()
