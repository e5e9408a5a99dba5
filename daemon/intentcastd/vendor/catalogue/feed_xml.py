"""RSS 2.0 and Atom feeds as rows: an element <item> or <entry> is a row, its children are the cells.

The parser is expat, fed piece by piece. A document type is refused before anything in it is read: with it go entities
that grow without end, and files of this machine that they could name. Depth, length of a value and number of values are
bounded, so memory is too.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Final
from xml.parsers import expat

from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted
from intentcastd.vendor.catalogue.rows import Cells
from intentcastd.vendor.catalogue.table import Row
from intentcastd.vendor.catalogue.text import known_codec, marked_codec, open_source

MAX_DEPTH: Final = 32
MAX_VALUE_CHARACTERS: Final = 1_000_000
MAX_VALUES: Final = 2_000
_PIECE: Final = 64 * 1024

_GOOGLE: Final = "http://base.google.com/ns/1.0"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_ROWS: Final = frozenset({"item", f"{_ATOM} entry", "entry"})
_ROOTS: Final = frozenset({"rss", f"{_ATOM} feed", "feed"})
_SPACES: Final = (f"{_GOOGLE} ", f"{_ATOM} ")


class FeedXml:
    """A feed whose first element has been seen to be one."""

    def __init__(self, source: bytes | Path, encoding: str | None) -> None:
        """Look at the beginning.

        Args:
            source: the bytes, or the path of the file.
            encoding: codec that the person named; None: what the file itself says, else UTF-8.

        Raises:
            CatalogueRefused: it is no feed.
        """
        self._source = source
        # A byte order mark is surer than what somebody said.
        named = None if encoding is None or marked_codec(source) else known_codec(encoding)
        self.encoding = named or marked_codec(source) or "as the file says"
        self._named = named
        with closing(self.rows()) as rows:
            next(rows, None)

    def rows(self) -> Generator[Cells]:
        """Yield the rows in order.

        Raises:
            CatalogueRefused: it is not well formed, has a document type, or is no feed.
        """
        found = _Elements(self._named)
        with closing(open_source(self._source)) as stream:
            while piece := stream.read(_PIECE):
                found.feed(piece)
                yield from found.take()
            found.feed(b"", last=True)
            yield from found.take()


class _Elements:
    """The state of one pass: the row that is open, and those that are complete."""

    def __init__(self, encoding: str | None) -> None:
        parser = expat.ParserCreate(encoding, " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._parser = parser
        self._fed = 0
        self._depth = 0
        self._row_depth = 0
        self._line = 0
        self._names: list[str] = []
        self._values: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self._size = 0
        self._done: list[Cells] = []

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Take the next piece of the file."""
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise _malformed(error) from None
        except (LookupError, ValueError) as error:
            what = "The encoding that the file names is not known."
            raise CatalogueRefused(what, f"{str(error).capitalize()}.", "Save it as UTF-8.") from None
        # Text comes in parts; only a tag or a comment that does not end is kept whole by the parser.
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MAX_VALUE_CHARACTERS + _PIECE:
            raise _too_long(self._parser.CurrentLineNumber)

    def take(self) -> list[Cells]:
        """Return the rows that were completed since the last call."""
        done, self._done = self._done, []
        return done

    def _refuse_doctype(self, *_: object) -> None:
        raise CatalogueRefused(
            "The file has a document type (<!DOCTYPE …>).",
            "Feeds need none, and what it declares could read other files or fill the memory.",
            "Export the feed again without it.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name not in _ROOTS:
            raise CatalogueRefused(
                "The file is XML, but no product feed.",
                f"It begins with the element {quoted(name.rsplit(' ', 1)[-1])}, not with rss or feed.",
                "Export the products as RSS 2.0 or Atom with Google's g: names.",
            )
        if self._depth > MAX_DEPTH:
            line = self._parser.CurrentLineNumber
            raise CatalogueRefused(f"Line {line} is nested too deeply.", "No feed is.", "Check that it is a feed.")
        if not self._row_depth:
            if name in _ROWS:
                self._row_depth, self._line = self._depth, self._parser.CurrentLineNumber
            return
        self._open.append((_plain(name), []))
        if len(self._open) == 1 and self._open[0][0] == "link" and "href" in attributes:
            self._open[0][1].append(attributes["href"])  # Atom writes the address as an attribute

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)
            self._size += len(text)
            if self._size > MAX_VALUE_CHARACTERS:
                raise _too_long(self._parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        if self._open:
            heading, parts = self._open.pop()
            value = "".join(parts).strip()
            if self._open:
                # What stands inside, such as the parts of g:product_detail, is one value: a:b:c.
                outer = self._open[-1][1]
                outer.append(f"{':' if ''.join(outer).strip() else ''}{value}")
            else:
                self._add(heading, value)
        elif self._row_depth == self._depth:
            self._close_row()
        self._depth -= 1

    def _add(self, heading: str, value: str) -> None:
        if heading in self._names:
            place = self._names.index(heading)
            # Elements that come again are one list, as in the delimited form.
            self._values[place] = (
                f"{self._values[place]},{value}" if heading == "product_detail" else self._values[place]
            )
        elif len(self._names) < MAX_VALUES:
            self._names.append(heading)
            self._values.append(value)

    def _close_row(self) -> None:
        names = tuple(self._names)
        places = {heading: place for place, heading in enumerate(names)}
        self._done.append(Cells(Row(self._line, tuple(self._values)), places, tuple(f"g:{name}" for name in names)))
        self._names, self._values, self._size, self._row_depth = [], [], 0, 0


def _plain(name: str) -> str:
    """Return the heading of an element; one of another namespace keeps its own, so that media:title is no title."""
    for space in _SPACES:
        name = name.removeprefix(space)
    return name.casefold()


def _malformed(error: expat.ExpatError) -> CatalogueRefused:
    reason = expat.ErrorString(error.code)
    fix = "Correct it there, or export the feed again."
    if reason == "not well-formed (invalid token)":
        fix = (
            "If the file is not in the encoding that it names, add --encoding cp1252 or another; else export it again."
        )
    elif reason == "unbound prefix":
        fix = f'Declare it in the first element: xmlns:g="{_GOOGLE}".'
    elif reason == "undefined entity":
        fix = "Only &amp; &lt; &gt; &quot; and &apos; have names in XML; write others as numbers, such as &#160;."
    return CatalogueRefused(f"The XML is not well formed in line {error.lineno}.", f"{reason.capitalize()}.", fix)


def _too_long(line: int) -> CatalogueRefused:
    return CatalogueRefused(
        f"Something near line {line} has no end.",
        f"It is longer than {MAX_VALUE_CHARACTERS:,} characters.",
        "Check that this is a product feed.",
    )
