"""A vendor's items: replaced as a whole by an import, so that a catalogue is never half old and half new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intentcastd.store.database import Connection


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item: its number at the vendor, and all else as JSON."""

    sku: str
    data: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """What an import did, read back from the store."""

    before: int
    after: int
    kept_skus: int


def replace_all(connection: Connection, items: Iterable[StoredItem]) -> Replaced:
    """Put these items in the place of all that are there; the last of two with one number stays."""
    connection.execute("CREATE TEMP TABLE old_skus AS SELECT sku FROM items")
    try:
        before = _number(connection, "SELECT count(*) FROM old_skus")
        connection.execute("DELETE FROM items")
        connection.executemany(
            "INSERT INTO items (sku, data) VALUES (?, ?) ON CONFLICT (sku) DO UPDATE SET data = excluded.data",
            ((item.sku, item.data) for item in items),
        )
        kept = _number(connection, "SELECT count(*) FROM items WHERE sku IN (SELECT sku FROM old_skus)")
        return Replaced(before=before, after=count(connection), kept_skus=kept)
    finally:
        connection.execute("DROP TABLE IF EXISTS old_skus")


def count(connection: Connection) -> int:
    """Return how many items there are."""
    return _number(connection, "SELECT count(*) FROM items")


def get(connection: Connection, sku: str) -> StoredItem | None:
    """Return one item."""
    row = connection.execute("SELECT sku, data FROM items WHERE sku = ?", (sku,)).fetchone()
    return StoredItem(*row) if row else None


def each(connection: Connection) -> Iterator[StoredItem]:
    """Yield all items in the order of the import; only within one `read` or `write`."""
    for row in connection.execute("SELECT sku, data FROM items ORDER BY row"):
        yield StoredItem(*row)


def _number(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
