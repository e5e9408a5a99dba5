"""A delimited text file as rows with line numbers: encoding, delimiter, quoted line ends; streamed.

The encoding is what a byte order mark says, else UTF-8, else what the person said. It is never tried out: a file in
cp1252 read as latin-1 sells "â‚¬" shoes.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted

# A file without line ends, or with a quote that is never closed, would otherwise be taken into memory whole.
MAX_LINE_CHARACTERS: Final = 1_000_000
MAX_COLUMNS: Final = 1_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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
    codec = _codec(source, encoding)
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


def _codec(source: bytes | Path, named: str | None) -> str:
    with closing(_open(source)) as stream:
        start = stream.read(4)
    marked = next((codec for mark, codec in _BOMS if start.startswith(mark)), None)
    if marked is not None:
        return marked
    if named is None:
        return "utf-8"
    try:
        info = codecs.lookup(named)
    except (LookupError, ValueError):
        info = None
    # Python also lists codecs that are no text encodings, such as hex and rot13.
    if info is None or not info._is_text_encoding:
        raise CatalogueRefused(
            "The encoding is not known.", f"{quoted(named)} names none.", "Say --encoding cp1252, or another name."
        )
    return info.name


def _open(source: bytes | Path) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise CatalogueRefused("The file cannot be read.", f"{source}: {reason}.", "Check the path.") from None


def _first_line(source: bytes | Path, codec: str) -> str:
    with closing(_open(source)) as stream, closing(_lines(stream, codec)) as lines:
        return next((line for line in lines if line.strip()), "")


def _lines(stream: BinaryIO, codec: str) -> Generator[str]:
    """Yield lines with their ends, as csv wants them."""
    text = io.TextIOWrapper(stream, encoding=codec, errors="strict", newline="")
    count = 0
    try:
        while line := text.readline(MAX_LINE_CHARACTERS + 1):
            if len(line) > MAX_LINE_CHARACTERS:
                raise CatalogueRefused(
                    f"Line {count + 1} has no end.",
                    f"It is longer than {MAX_LINE_CHARACTERS:,} characters.",
                    "Check that this is a table in text form.",
                )
            count += 1
            yield line
    except UnicodeError as error:
        raise _wrong_encoding(error, codec, count) from None
    finally:
        text.detach()


def _wrong_encoding(error: UnicodeError, codec: str, lines: int) -> CatalogueRefused:
    what = f"The file is not in {codec.upper().removesuffix('-SIG')}."
    if not isinstance(error, UnicodeDecodeError):
        return CatalogueRefused(what, f"Something near line {lines + 1} is of no use.", "Save it as UTF-8.")
    block, at = error.object, error.start
    begin, end = block.rfind(b"\n", 0, at) + 1, block.find(b"\n", at)
    sample = block[max(begin, at - 40) : at + 20 if end < 0 else min(end, at + 20)].decode("cp1252", "replace")
    line = lines + 1 + block.count(b"\n", 0, at)
    return CatalogueRefused(
        what,
        f"Line {line}, read as cp1252 (Windows, western Europe), has {quoted(sample.strip())}.",
        "If that reads right, add --encoding cp1252; otherwise save the file as UTF-8.",
    )


def _records(source: bytes | Path, codec: str, delimiter: str) -> Generator[Row]:
    with closing(_open(source)) as stream, closing(_lines(stream, codec)) as lines:
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
