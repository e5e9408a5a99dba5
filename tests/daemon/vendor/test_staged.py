"""A second import: what would change, the brake when much would go, and what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intentcastd.store import items
from intentcastd.store.database import Connection, close_store, open_store
from intentcastd.vendor.catalogue.changes import Changes
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.staged import Staged
from intentcastd.vendor.catalogue.stored import from_json

Read = Callable[..., Any]

HEADER = "Title,URL handle,SKU,Price\n"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    opened = open_store(tmp_path / "store.sqlite")
    yield opened
    close_store(opened)


def goods(read: Read, count: int) -> dict[str, Item]:
    found, _ = read(HEADER + "".join(f"Pot {place},pot-{place},S{place},5\n" for place in range(count)))
    return {item.sku: item for item in found}


def work(read: Read) -> list[Item]:
    found, _ = read("service,price\nrepair.roof,60\nlessons.piano,38\n")
    return list(found)


def put(connection: Connection, found: Any, *, is_work: bool = False) -> Changes:
    with Staged(work=is_work) as staged:
        staged.fill(found)
        changes = staged.compare(connection)
        staged.store(connection)
    return changes


def there(connection: Connection) -> dict[str, Item]:
    return {row.sku: from_json(row.data.encode()) for row in items.each(connection)}


def test_a_first_import_is_all_new_and_all_there(connection: Connection, read: Read) -> None:
    new = goods(read, 5)

    assert put(connection, new.values()) == Changes(added=5, changed=0, gone=0, same=0, before=0)
    assert there(connection) == new


def test_the_same_import_changes_nothing(connection: Connection, read: Read) -> None:
    new = goods(read, 5)
    put(connection, new.values())

    changes = put(connection, [replace(item, line=item.line + 7) for item in new.values()])

    assert changes == Changes(added=0, changed=0, gone=0, same=5, before=5)
    assert not changes.needs_force
    assert there(connection) == new


def test_added_changed_and_gone_are_told_apart_and_written(connection: Connection, read: Read) -> None:
    put(connection, goods(read, 10).values())
    new = goods(read, 11)
    del new["S0"]
    new["S1"] = replace(new["S1"], title='Another pot, "line":7')

    assert put(connection, new.values()) == Changes(added=1, changed=1, gone=1, same=8, before=10)
    assert there(connection) == new


def test_more_than_a_fifth_gone_needs_force() -> None:
    assert not Changes(added=0, changed=0, gone=2, same=8, before=10).needs_force
    assert Changes(added=0, changed=0, gone=3, same=7, before=10).needs_force
    assert not Changes(added=0, changed=0, gone=0, same=0, before=0).needs_force


def test_goods_leave_the_price_list_of_services_alone_and_the_other_way_round(
    connection: Connection, read: Read
) -> None:
    put(connection, goods(read, 3).values())

    assert put(connection, work(read), is_work=True) == Changes(added=2, changed=0, gone=0, same=0, before=0)
    assert len(there(connection)) == 5
    assert put(connection, goods(read, 2).values()) == Changes(added=0, changed=0, gone=1, same=2, before=3)
    assert len(there(connection)) == 4
