"""The number under a barcode, where somebody typed it into the sentence."""

from __future__ import annotations

import re
from typing import Final

from intentcast.records.vocabulary import is_gtin
from intentcastd.buyer.reading.tokens import Found, Sentence

_DIGITS: Final = re.compile(r"(?<![\w.,+-])\d{8}(?:\d{4,6})?(?![\w-]|[.,]\d)")
_CUE: Final = re.compile(r"\b(?:ean|upc|gtin|barcode|isbn|code)\b")
_CODE_SPOKEN: Final = re.compile(
    r"\b(?:qr|bar ?code|barcode|qr code|photo of|picture of|pic of|scan of|ean|upc|gtin)\b"
)


def read_gtin(sentence: Sentence) -> Found[str] | None:
    """Return a product code with a right check digit. Eight digits count only where the sentence calls them a code."""
    for match in _DIGITS.finditer(sentence.open):
        cued = _CUE.search(sentence.lower) is not None
        if is_gtin(match.group()) and (len(match.group()) > 8 or cued):
            return Found(match.group(), 0.95 if cued else 0.8, *match.span())
    return None


def speaks_of_code(sentence: Sentence) -> bool:
    """Tell whether the sentence points at a code or a picture that is not in it."""
    return _CODE_SPOKEN.search(sentence.lower) is not None
