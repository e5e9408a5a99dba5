"""Reading the tables of this room: tab-separated lines, remarks behind a number sign."""

from __future__ import annotations

from functools import cache
from importlib import resources


def rows(name: str, columns: int) -> list[list[str]]:
    """Return the rows of a table, each with exactly so many columns.

    Raises:
        ValueError: a row has another number of columns: the table was damaged.
    """
    table = [line.split("\t") for line in text(name).splitlines() if line and not line.startswith("#")]
    for row in table:
        if len(row) != columns:
            raise ValueError(f"{name}: {len(row)} columns instead of {columns} in the row of {row[0]!r}")
    return table


def text(name: str) -> str:
    """Return a whole table."""
    return resources.files("intentcastd.data").joinpath(name).read_text("utf-8")


class SortedFile:
    """A table that is searched where it lies: sorted by the bytes of its first column, never taken apart as a whole.

    Splitting a hundred thousand lines takes longer than a person waits; twenty comparisons do not.
    """

    __slots__ = ("_data",)

    def __init__(self, name: str) -> None:
        self._data = resources.files("intentcastd.data").joinpath(name).read_bytes()

    def find(self, key: str) -> list[str] | None:
        """Return the columns behind a key, or None."""
        wanted, data = key.encode("utf-8"), self._data
        low, high = _after_remarks(data), len(data)
        while low < high:
            middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = data.find(b"\n", middle)
            line = data[middle : end if end >= 0 else high]
            found, _, rest = line.partition(b"\t")
            if found == wanted:
                return rest.decode("utf-8").split("\t")
            low, high = (middle + len(line) + 1, high) if found < wanted else (low, middle)
        return None


def _after_remarks(data: bytes) -> int:
    start = 0
    while data.startswith(b"#", start):
        start = data.index(b"\n", start) + 1
    return start


@cache
def sorted_file(name: str) -> SortedFile:
    """Return a sorted table; it is read once."""
    return SortedFile(name)
