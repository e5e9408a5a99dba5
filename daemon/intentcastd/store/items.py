"""A vendor's items, in two parts: goods, and work (services and rentals). An import puts one part in place of what is there.

What an item says is JSON to the store, but for one key: `kind` stands in it for work alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from intentcastd.store.database import Connection

_PART: Final = {True: "json_extract(data, '$.kind') IS NOT NULL", False: "json_extract(data, '$.kind') IS NULL"}
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item: its number at the vendor, and all else as JSON."""

    sku: str
    data: str


def put(connection: Connection, items: Iterable[StoredItem]) -> None:
    """Write items, one by one as they come; one that is there already is written over in its place."""
    connection.executemany(
        "INSERT INTO items (sku, data) VALUES (?, ?) ON CONFLICT (sku) DO UPDATE SET data = excluded.data",
        ((item.sku, item.data) for item in items),
    )


def delete(connection: Connection, skus: Iterable[str]) -> None:
    """Take items away."""
    connection.executemany("DELETE FROM items WHERE sku = ?", ((sku,) for sku in skus))


def count(connection: Connection, *, work: bool | None = None) -> int:
    """Return how many items there are, or how many of one part."""
    row = connection.execute(f"SELECT count(*) FROM items WHERE {_where(work)}").fetchone()  # noqa: S608  # a constant
    return int(row[0]) if row else 0


def get(connection: Connection, sku: str, *, work: bool | None = None) -> StoredItem | None:
    """Return one item, if it is of that part."""
    query = f"SELECT sku, data FROM items WHERE sku = ? AND {_where(work)}"  # noqa: S608  # a constant
    row = connection.execute(query, (sku,)).fetchone()
    return StoredItem(*row) if row else None


def each(connection: Connection) -> Iterator[StoredItem]:
    """Yield all items, the first imported first; only within one `read` or `write`."""
    for row in connection.execute("SELECT sku, data FROM items ORDER BY row"):
        yield StoredItem(*row)


def skus(connection: Connection, *, work: bool) -> Iterator[list[str]]:
    """Yield the numbers of one part, some at a time, so that those may be deleted in between."""
    last = 0
    query = f"SELECT row, sku FROM items WHERE row > ? AND {_where(work)} ORDER BY row LIMIT {_AT_ONCE}"  # noqa: S608
    while rows := connection.execute(query, (last,)).fetchall():
        last = cast(int, rows[-1][0])
        yield [str(sku) for _, sku in rows]


def _where(work: bool | None) -> str:
    return "TRUE" if work is None else _PART[work]
