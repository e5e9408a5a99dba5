"""A delimited text file as rows with line numbers: delimiter, quoted line ends; streamed."""

from __future__ import annotations

import csv
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted
from intentcastd.vendor.catalogue.text import codec_of, lines_of, open_source

MAX_COLUMNS: Final = 1_000

_DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins on and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A source whose header has been read.

    Attributes:
        source: the bytes, or the path of the file; opened anew by each `rows()`.
        header: headings as they stand in the file, without blanks around them.
        encoding: name of the codec.
        delimiter: one character.
    """

    source: bytes | Path
    header: tuple[str, ...]
    encoding: str
    delimiter: str

    def rows(self) -> Generator[Row]:
        """Yield the data rows in order; blank lines are left out.

        Raises:
            CatalogueRefused: a byte is not of the encoding, or a line or a quoted cell has no end.
        """
        records = _records(self.source, self.encoding, self.delimiter)
        with closing(records):
            next(records, None)
            yield from records


def open_table(source: bytes | Path, encoding: str | None, delimiter: str | None) -> Table:
    """Read the header and tell how the file is written.

    Args:
        source: the bytes, or the path of the file.
        encoding: codec that the person named; None: byte order mark, else UTF-8.
        delimiter: one character; None: the one that parts the header best.

    Raises:
        CatalogueRefused: no header can be read.
    """
    codec = codec_of(source, encoding)
    first = _first_line(source, codec)
    sign = delimiter or max(_DELIMITERS, key=first.count)
    if len(sign) != 1 or sign in '\r\n"':
        raise CatalogueRefused(
            "The delimiter is not usable.", f"{quoted(sign)} cannot part cells.", "Name one character, such as ';'."
        )
    with closing(_records(source, codec, sign)) as records:
        head = next(records, None)
    if head is None:
        raise CatalogueRefused("The file is empty.", "It has no header row.", "Export it again, with the headings.")
    return Table(source, tuple(cell.strip() for cell in head.cells), codec, sign)


def _first_line(source: bytes | Path, codec: str) -> str:
    with closing(open_source(source)) as stream, closing(lines_of(stream, codec)) as lines:
        return next((line for line in lines if line.strip()), "")


def _records(source: bytes | Path, codec: str, delimiter: str) -> Generator[Row]:
    with closing(open_source(source)) as stream, closing(lines_of(stream, codec)) as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield _row(line, cells)
                line = reader.line_num + 1
        except csv.Error as error:
            raise CatalogueRefused(
                f"The row that begins on line {line} cannot be read.",
                f"{str(error).capitalize()}.",
                "Look for a quotation mark that is never closed.",
            ) from None


def _row(line: int, cells: list[str]) -> Row:
    if len(cells) > MAX_COLUMNS:
        raise CatalogueRefused(
            f"Line {line} has more than {MAX_COLUMNS} cells.", "No export has so many.", "Check the delimiter."
        )
    return Row(line, tuple(cells))
