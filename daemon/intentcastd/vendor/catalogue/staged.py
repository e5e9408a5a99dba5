"""The items of one import on their way to the store: in a temporary file, so that a million of them fit.

They are compared with what is there before anything is written, and then written in one transaction.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import BinaryIO, Final, cast

from intentcastd.store import items
from intentcastd.store.database import Connection
from intentcastd.store.items import StoredItem
from intentcastd.vendor.catalogue.changes import Changes
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.rows import Keys
from intentcastd.vendor.catalogue.stored import to_json

_LENGTH: Final = 4
# The line of the source is no change. Inside a text its quotation marks would have strokes before them.
_LINE: Final = re.compile(r',"line":\d+')


class Staged:
    """The items of one part of a catalogue, as an import found them."""

    def __init__(self, *, work: bool) -> None:
        """Begin.

        Args:
            work: services and rentals, not goods.
        """
        self.work = work
        self._keys = Keys()
        self._file: BinaryIO = cast(BinaryIO, tempfile.TemporaryFile(prefix="intentcast-import-"))  # noqa: SIM115

    def __enter__(self) -> Staged:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._keys)

    def fill(self, found: Iterable[Item]) -> None:
        """Take items, each key once."""
        for item in found:
            assert self._keys.add(item.sku, item.line)
            for text in (item.sku.encode(), to_json(item)):
                self._file.write(len(text).to_bytes(_LENGTH, "big") + text)

    def rows(self) -> Iterator[StoredItem]:
        """Yield the items in their order; one reader at a time."""
        self._file.seek(0)
        while sku := self._text():
            yield StoredItem(sku, self._text())

    def _text(self) -> str:
        length = int.from_bytes(self._file.read(_LENGTH), "big")
        return self._file.read(length).decode()

    def has(self, sku: str) -> bool:
        """Tell whether an item with this key is among them."""
        return self._keys.line_of(sku) is not None

    def compare(self, connection: Connection) -> Changes:
        """Return what would change in the store."""
        before = items.count(connection, work=self.work)
        added = changed = same = 0
        for row in self.rows():
            there = items.get(connection, row.sku, work=self.work)
            if there is None:
                added += 1
            elif _without_line(there) == _without_line(row):
                same += 1
            else:
                changed += 1
        return Changes(added=added, changed=changed, gone=before - changed - same, same=same, before=before)

    def store(self, connection: Connection) -> None:
        """Put them in place of the part that is there; to be called within one transaction.

        What is as before is not written anew: most of an import is.
        """
        for skus in items.skus(connection, work=self.work):
            items.delete(connection, [sku for sku in skus if not self.has(sku)])
        items.put(connection, self._differing(connection))

    def _differing(self, connection: Connection) -> Iterator[StoredItem]:
        for row in self.rows():
            there = items.get(connection, row.sku)
            if there is None or _without_line(there) != _without_line(row):
                yield row


def _without_line(row: StoredItem) -> str:
    return _LINE.sub("", row.data, count=1)
