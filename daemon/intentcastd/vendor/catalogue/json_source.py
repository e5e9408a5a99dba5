"""JSON out of a file: a whole document, one document a line, or the blocks of a saved web page.

Numbers keep the digits that they are written with: 12.10 is a price and no float. A document is bounded in size, because
it lies in memory whole; a file with one document a line is not, because it is read line by line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from intentcastd.vendor.catalogue.report import CatalogueRefused
from intentcastd.vendor.catalogue.text import codec_of, lines_of, open_source, wrong_encoding

MAX_DOCUMENT_BYTES: Final = 64 * 1024 * 1024

Json: TypeAlias = "dict[str, Json] | list[Json] | str | Digits | bool | None"

_SCRIPT: Final = re.compile(r"<!--|<script\b([^>]*)>", re.I)
_IS_DATA: Final = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.I)
_SCRIPT_ENDS: Final = re.compile(r"</script\b", re.I)


class Digits(str):
    """A number as it is written."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One piece of JSON and the line on which it begins; `wrong` says why it cannot be read."""

    line: int
    value: Json
    wrong: str = ""


def documents(source: bytes | Path, encoding: str | None, *, is_page: bool) -> Generator[Document]:
    """Yield the documents of a file.

    Args:
        source: the bytes, or the path of the file.
        encoding: codec that the person named.
        is_page: whether it is HTML with JSON in its scripts.

    Raises:
        CatalogueRefused: the file is too large, not in its encoding, or no JSON at all.
    """
    codec = codec_of(source, encoding)
    if is_page:
        yield from _blocks(_whole(source, codec))
        return
    if _has_one_a_line(source, codec):
        with closing(open_source(source)) as stream, closing(lines_of(stream, codec)) as lines:
            for line, text in enumerate(lines, 1):
                if text.strip():
                    yield _document(line, text)
        return
    found = _document(1, _whole(source, codec))
    if found.wrong:
        raise CatalogueRefused("The file is no JSON.", f"{found.wrong}.", "Export it again.")
    yield found


def _has_one_a_line(source: bytes | Path, codec: str) -> bool:
    with closing(open_source(source)) as stream, closing(lines_of(stream, codec)) as lines:
        full = (line for line in lines if line.strip())
        first = next(full, "")
        return first.lstrip().startswith("{") and not _document(1, first).wrong and next(full, None) is not None


def _whole(source: bytes | Path, codec: str) -> str:
    with closing(open_source(source)) as stream:
        data = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        raise CatalogueRefused(
            "The file is too large for one document.",
            f"It has more than {MAX_DOCUMENT_BYTES // 1024**2} MiB.",
            "Write one product a line (JSON Lines): such a file may be of any size.",
        )
    try:
        return data.decode(codec)
    except UnicodeError as error:
        raise wrong_encoding(error, codec, 0) from None


def _blocks(page: str) -> Generator[Document]:
    """Yield the JSON-LD of a page. The scan only goes forward; what stands in a comment is not part of the page."""
    at, line, counted = 0, 1, 0
    while hit := _SCRIPT.search(page, at):
        if hit[1] is None:
            end = page.find("-->", hit.end())
            at = len(page) if end < 0 else end
            continue
        close = _SCRIPT_ENDS.search(page, hit.end())
        at = len(page) if close is None else close.end()
        if _IS_DATA.search(hit[1]):
            line += page.count("\n", counted, hit.start())
            counted = hit.start()
            text = page[hit.end() : len(page) if close is None else close.start()].strip()
            text = text.removeprefix("<!--").removesuffix("-->")
            text = re.sub(r"^\s*(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?|(?://|/\*)?\s*\]\]>\s*(?:\*/)?\s*$", "", text)
            yield _document(line, text)


def _document(line: int, text: str) -> Document:
    try:
        return Document(line, json.loads(text, parse_float=Digits, parse_int=Digits, parse_constant=_refuse))
    except RecursionError:
        return Document(line, None, "It is nested too deeply")
    except ValueError as error:
        reason = (
            f"{error.msg} in line {line + error.lineno - 1}" if isinstance(error, json.JSONDecodeError) else str(error)
        )
        return Document(line, None, reason)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")
