"""A product code from the command line: digits, or a picture that shows a bar code.

Pictures are read by zxing-cpp, an extra of the package: whoever types digits does not need it.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed

EXTRA = "codes"
# A picture larger than any camera's would fill the memory once it is unpacked.
MAX_PIXELS = 120_000_000
_DIGITS = re.compile(r"[0-9 -]+")


def code_of(given: str | None) -> str | None:
    """Return the digits of a code.

    Args:
        given: digits, perhaps with blanks, or the path of a picture.

    Raises:
        CommandFailed: the picture shows no product code, or more than one, or cannot be read here.
    """
    if given is None:
        return None
    if _DIGITS.fullmatch(given):
        return given.replace(" ", "").replace("-", "")
    path = Path(given)
    if not path.is_file():
        raise CommandFailed(
            "code.unreadable",
            f"--code {given}: this is neither a number nor a file.",
            "Type the digits under the bar code, or name a picture of it.",
            Exit.USAGE,
        )
    codes = _codes_in(path)
    if len(codes) == 1:
        return codes[0]
    what = "shows no product code that can be read" if not codes else f"shows several: {', '.join(codes)}"
    fix = "Take it closer, straight and in good light; or type the digits under the bar code."
    raise CommandFailed(
        "code.unreadable", f"{path} {what}.", fix if not codes else "Type the one you mean.", Exit.FAILED
    )


def _codes_in(path: Path) -> list[str]:
    """Return the GTINs that a picture shows, each once."""
    from intentcast.records.vocabulary import is_gtin

    codes = [re.sub(r"[^0-9]", "", str(found.text)) for found in _read(path)]
    return list(dict.fromkeys(code for code in codes if is_gtin(code)))


def _read(path: Path) -> list[Any]:
    try:
        zxing = importlib.import_module("zxingcpp")
        pictures = importlib.import_module("PIL.Image")
    except ImportError as error:
        raise CommandFailed(
            "code.no_reader",
            "Bar codes in pictures are read by an extra that is not installed.",
            f"Install it: pip install 'intentcast[{EXTRA}]'. Or type the digits under the bar code.",
            Exit.FAILED,
        ) from error
    try:
        with pictures.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("it is too large")
            return list(zxing.read_barcodes(picture.convert("L")))
    except (OSError, ValueError, SyntaxError, pictures.DecompressionBombError) as error:
        raise CommandFailed(
            "code.unreadable", f"{path} is no picture that can be read.", "Name a PNG or JPEG file.", Exit.FAILED
        ) from error
