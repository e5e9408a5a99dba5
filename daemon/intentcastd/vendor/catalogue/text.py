"""The text of a source: which encoding it has, and its lines, streamed.

The encoding is what a byte order mark says, else what the person said, else UTF-8. It is never tried out: a file in
cp1252 read as latin-1 sells "â‚¬" shoes.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted

# A file without line ends, or with a quote that is never closed, would otherwise be taken into memory whole.
MAX_LINE_CHARACTERS: Final = 1_000_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_source(source: bytes | Path) -> BinaryIO:
    """Open the bytes, or the file, from its beginning.

    Raises:
        CatalogueRefused: the file cannot be opened.
    """
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise CatalogueRefused("The file cannot be read.", f"{source}: {reason}.", "Check the path.") from None


def marked_codec(source: bytes | Path) -> str | None:
    """Return the codec that a byte order mark names, None without one."""
    with closing(open_source(source)) as stream:
        start = stream.read(4)
    return next((codec for mark, codec in _BOMS if start.startswith(mark)), None)


def codec_of(source: bytes | Path, named: str | None) -> str:
    """Return the codec of a source: by its mark, else as named, else UTF-8.

    Raises:
        CatalogueRefused: the name names no text encoding.
    """
    marked = marked_codec(source)
    if marked is not None:
        return marked
    return "utf-8" if named is None else known_codec(named)


def known_codec(named: str) -> str:
    """Return Python's name of an encoding that a person named.

    Raises:
        CatalogueRefused: it names no text encoding.
    """
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


def lines_of(stream: BinaryIO, codec: str) -> Generator[str]:
    """Yield the lines with their ends, as csv wants them.

    Raises:
        CatalogueRefused: a line has no end, or a byte is not of the encoding; a sample shows how it would read.
    """
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
        raise wrong_encoding(error, codec, count) from None
    finally:
        text.detach()


def wrong_encoding(error: UnicodeError, codec: str, lines: int) -> CatalogueRefused:
    """Return the refusal of bytes that are not of the encoding, after so many lines that were."""
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
