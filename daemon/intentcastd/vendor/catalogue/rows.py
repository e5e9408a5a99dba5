"""What every format does with a row: cells by heading, codes checked, keys unique."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from intentcast.records.vocabulary import Money, is_gtin
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.table import Row
from intentcastd.vendor.money import BadPrice, Mark, read_price


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
    """Which keys a file has used, and on which line: 16 bytes a key, however long the keys are."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}

    def line_of(self, key: str) -> int | None:
        return self._lines.get(_short(key))

    def add(self, key: str, line: int) -> None:
        self._lines.setdefault(_short(key), line)

    def __len__(self) -> int:
        return len(self._lines)


def _short(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def is_shifted(cells: Cells, report: ImportReport) -> bool:
    """Tell whether a row has cells beyond the header, and count it as failed then: its values stand in wrong columns."""
    surplus = cells.surplus()
    if surplus:
        what = f"the row has {surplus} more cells than there are headings, so its values stand in wrong columns"
        report.fail(cells.line, "", what, "put text that holds the delimiter between quotation marks")
    return surplus > 0


def read_gtin(cells: Cells, report: ImportReport, *headings: str) -> str | None:
    """Return the product code of a row; a wrong one is worth a warning and no more: the item is the same."""
    raw = cells.get(*headings)
    # Spreadsheets write an apostrophe before a number that must stay text.
    code = raw.removeprefix("'").replace(" ", "").replace("-", "")
    if not code:
        return None
    if code.isascii() and is_gtin(code):
        return code
    report.warn(
        cells.line,
        cells.named(*headings),
        f"{quoted(raw)} is no GTIN of 8, 12, 13 or 14 digits with a right check digit",
        "the item is taken without it; correct it so that buyers who scanned the code find the item",
    )
    return None


def price_of(cells: Cells, report: ImportReport, currency: str, mark: Mark | None, heading: str) -> Money | None:
    """Return the price of a row, or count the row as failed and return None."""
    raw = cells.get(heading)
    try:
        return read_price(raw, currency, mark)
    except BadPrice as bad:
        what = bad.what if not raw or quoted(raw) in bad.what else f"{quoted(raw)}: {bad.what}"
        report.fail(cells.line, cells.named(heading), what, bad.fix)
        return None
