"""What kind of text a file is, told by how it begins: a table, XML, JSON, or a web page."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Final, Literal

from intentcastd.vendor.catalogue.text import marked_codec, open_source

Shape = Literal["table", "xml", "json", "page"]

_START_BYTES: Final = 4_096
_PROLOG: Final = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.S)
_HTML: Final = re.compile(
    r"<!doctype\s+html|<(?:html|head|body|script|title|meta|link|style|div|main|section|article|p|span|h1)\b", re.I
)
_XML: Final = re.compile(r"<[!?a-z]", re.I)
_JSON: Final = re.compile(r'(?:\{\s*["}]|\[\s*[\[{"\]])')


def shape_of(source: bytes | Path) -> Shape:
    """Return the kind of text; whatever is nothing else is a table.

    Raises:
        CatalogueRefused: the file cannot be opened.
    """
    with closing(open_source(source)) as stream:
        data = stream.read(_START_BYTES)
    # Without a mark the signs that matter here are the same in all encodings of one byte.
    start = data.decode(marked_codec(data) or "latin-1", "replace").lstrip()
    at = 0
    while hit := _PROLOG.match(start, at):
        at = hit.end()
    start = start[at:].lstrip()
    if _HTML.match(start):
        return "page"
    if _XML.match(start) or at:
        return "xml"
    return "json" if _JSON.match(start) else "table"
