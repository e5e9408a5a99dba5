"""The form in which names are compared: small letters, no accents, no punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters that Unicode does not take apart, as people type them on a keyboard that lacks them.
_LETTERS: Final = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "å": "a",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŋ": "ng",
        "’": "",
        "'": "",
        "ʻ": "",
        "`": "",
    }
)
_GAPS: Final = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """Return the comparable form of a name: "Banská  Bystrica" becomes "banska bystrica"."""
    if text.isascii():  # nothing to take apart: the same as below, in a quarter of the time
        return _GAPS.sub(" ", text.lower().translate(_LETTERS)).strip()
    spread = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return _GAPS.sub(" ", bare.translate(_LETTERS)).strip()
