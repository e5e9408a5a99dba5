"""A second import: what would change, and the brake when much would go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from intentcastd.vendor.catalogue.changes import diff
from intentcastd.vendor.catalogue.item import Item

HEADER = "Title,URL handle,SKU,Price\n"


def catalogue(read: Callable[..., Any], count: int) -> dict[str, Item]:
    items, _ = read(HEADER + "".join(f"Pot {place},pot-{place},S{place},5\n" for place in range(count)))
    return {item.sku: item for item in items}


def test_the_same_import_changes_nothing(read: Callable[..., Any]) -> None:
    current = catalogue(read, 5)

    changes = diff(current, [replace(item, line=item.line + 7) for item in current.values()])

    assert (changes.added, changes.changed, changes.gone, changes.same) == ((), (), (), 5)
    assert not changes.needs_force


def test_added_changed_and_gone_are_told_apart(read: Callable[..., Any]) -> None:
    current = catalogue(read, 10)
    new = catalogue(read, 11)
    del new["S0"]
    new["S1"] = replace(new["S1"], title="Another pot")

    changes = diff(current, new.values())

    assert (changes.added, changes.changed, changes.gone, changes.same) == (("S10",), ("S1",), ("S0",), 8)


def test_more_than_a_fifth_gone_needs_force(read: Callable[..., Any]) -> None:
    current = catalogue(read, 10)

    assert not diff(current, list(current.values())[2:]).needs_force
    assert diff(current, list(current.values())[3:]).needs_force
    assert not diff({}, []).needs_force
