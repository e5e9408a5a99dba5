"""What every format does with a row: cells by heading, codes checked, keys unique."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from intentcast.records.vocabulary import Money, gtin14, is_gtin
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.table import Row
from intentcastd.vendor.money import BadPrice, Mark, read_price

_FIRST_PLACES: Final = 1_024


class Cells:
    """One row's cells by heading in small letters; a heading that the file lacks is an empty cell."""

    __slots__ = ("_cells", "_header", "_places", "line")

    def __init__(self, row: Row, places: Mapping[str, int], header: Sequence[str]) -> None:
        self.line = row.line
        self._cells = row.cells
        self._places = places
        self._header = header

    def get(self, *headings: str) -> str:
        """Return the first cell under one of these headings that holds something, without blanks around it."""
        for heading in headings:
            place = self._places.get(heading)
            if place is not None and place < len(self._cells) and (cell := self._cells[place].strip()):
                return cell
        return ""

    def named(self, *headings: str) -> str:
        """Return the first of these headings that the file has, as it stands there, for a message."""
        place = next((self._places[heading] for heading in headings if heading in self._places), None)
        return headings[0] if place is None else self._header[place]

    def surplus(self) -> int:
        """Return how many filled cells stand beyond the header."""
        return sum(1 for cell in self._cells[len(self._header) :] if cell.strip())

    def headings(self) -> Iterator[str]:
        return iter(self._places)


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Return the column of each heading in small letters.

    Of a heading that stands twice the first counts.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(header):
        if heading:
            places.setdefault(heading.casefold(), place)
    return places


class Keys:
    """Which keys a file has used, and on which line: 24 to 48 bytes a key, however long and however many the keys are.

    A table with open addressing in two arrays: a dict of the same would take six times as much, and a catalogue may have
    a million keys.
    """

    __slots__ = ("_hashes", "_lines", "_size")

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * _FIRST_PLACES))
        self._lines = array("Q", bytes(8 * _FIRST_PLACES))
        self._size = 0

    def line_of(self, key: str) -> int | None:
        """Return what was kept with a key."""
        short = _short(key)
        place = self._place(short)
        return self._lines[place] if self._hashes[place] else None

    def add(self, key: str, line: int) -> bool:
        """Keep a key with its line, and tell whether it was new; of a key that comes twice the first line stays."""
        short = _short(key)
        place = self._place(short)
        if self._hashes[place]:
            return False
        self._hashes[place], self._lines[place] = short, line
        self._size += 1
        if 3 * self._size > 2 * len(self._hashes):
            self._grow()
        return True

    def __len__(self) -> int:
        return self._size

    def _place(self, short: int) -> int:
        hashes, mask = self._hashes, len(self._hashes) - 1
        place = short & mask
        while hashes[place] and hashes[place] != short:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        hashes, lines = self._hashes, self._lines
        self._hashes = array("Q", bytes(16 * len(hashes)))
        self._lines = array("Q", bytes(16 * len(hashes)))
        for short, line in zip(hashes, lines, strict=True):
            if short:
                place = self._place(short)
                self._hashes[place], self._lines[place] = short, line


def _short(key: str) -> int:
    # Never 0: that is an empty place.
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1


def is_shifted(cells: Cells, report: ImportReport) -> bool:
    """Tell whether a row has cells beyond the header, and count it as failed then: its values stand in wrong columns."""
    surplus = cells.surplus()
    if surplus:
        what = f"the row has {surplus} more cells than there are headings, so its values stand in wrong columns"
        report.fail(cells.line, "", what, "put text that holds the delimiter between quotation marks")
    return surplus > 0


def read_gtin(cells: Cells, report: ImportReport, *headings: str) -> str | None:
    """Return the product code of a row; a wrong one is worth a warning and no more: the item is the same."""
    return gtin_of(cells.get(*headings), report, cells.line, cells.named(*headings))


def gtin_of(raw: str, report: ImportReport, line: int, column: str) -> str | None:
    """Return the product code in a cell, None with a warning where it is none that all shops share."""
    # Spreadsheets write an apostrophe before a number that must stay text.
    code = raw.removeprefix("'").replace(" ", "").replace("-", "")
    if not code:
        return None
    if not (code.isascii() and is_gtin(code)):
        what = f"{quoted(raw)} is no GTIN of 8, 12, 13 or 14 digits with a right check digit"
        fix = "the item is taken without it; correct it so that buyers who scanned the code find the item"
    elif _is_restricted(code):
        what = f"{quoted(raw)} is a number for use inside one shop, or of a coupon"
        fix = "the item is taken without it: other shops give the same number to other things"
    else:
        return code
    report.warn(line, column, what, fix)
    return None


def _is_restricted(code: str) -> bool:
    """Tell whether GS1 leaves the number to each shop, or gives it to coupons (General Specifications §1.4)."""
    if len(code) == 8:
        return code[0] in "02"
    shared = gtin14(code)[1:]
    return shared[0] == "2" or shared[:2] in {"02", "04", "05", "98", "99"}


def price_of(cells: Cells, report: ImportReport, currency: str, mark: Mark | None, heading: str) -> Money | None:
    """Return the price of a row, or count the row as failed and return None."""
    return money_of(cells.get(heading), report, cells.line, cells.named(heading), currency, mark)


def money_of(raw: str, report: ImportReport, line: int, column: str, currency: str, mark: Mark | None) -> Money | None:
    """Return the price in a cell, or count its row as failed and return None."""
    try:
        return read_price(raw, currency, mark)
    except BadPrice as bad:
        what = bad.what if not raw or quoted(raw) in bad.what else f"{quoted(raw)}: {bad.what}"
        report.fail(line, column, what, bad.fix)
        return None
