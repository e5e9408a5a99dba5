"""Records that are needed again later, in a temporary file that nobody else can open: memory holds 48 bytes for each."""

from __future__ import annotations

import tempfile
from typing import BinaryIO, Final, Generic, TypeVar, cast

import msgspec

from intentcastd.vendor.catalogue.rows import Keys

_LENGTH: Final = 4

T = TypeVar("T", bound=msgspec.Struct)


class KeptAside(Generic[T]):
    """Keeps records by name; of two with one name the first stays."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._places = Keys()
        self._file: BinaryIO = cast(BinaryIO, tempfile.TemporaryFile(prefix="intentcast-import-"))  # noqa: SIM115
        self._end = 0

    def keep(self, name: str, record: T) -> None:
        """Write a record."""
        if not self._places.add(name, self._end):
            return
        data = msgspec.json.encode(record)
        self._file.seek(self._end)
        self._file.write(len(data).to_bytes(_LENGTH, "big") + data)
        self._end += _LENGTH + len(data)

    def get(self, name: str) -> T | None:
        """Return the record with a name."""
        place = self._places.line_of(name)
        if place is None:
            return None
        self._file.seek(place)
        length = int.from_bytes(self._file.read(_LENGTH), "big")
        return msgspec.json.decode(self._file.read(length), type=self._kind)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
