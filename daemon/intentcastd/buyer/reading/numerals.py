"""Numbers as people write them: 3 000, 1,800, 28k, 2½, sixty, a dozen."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

# Digits with groups of three behind a space, comma, point or apostrophe, and decimals behind a comma or point.
DIGITS: Final = (
    r"(?:\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?!\d)(?:[.,]\d{1,2})?|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d+(?:[.,]\d{1,3})?)"
)

_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
)
# German numbers that are no English words: "elf" is one.
_GERMAN: Final = {
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12,
    "zwoelf": 12, "fünfzehn": 15, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100, "dutzend": 12,
}  # fmt: skip
_MORE: Final = {"seventeen": 17, "eighteen": 18, "nineteen": 19, "dozen": 12, "hundred": 100}
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS: Final[dict[str, int]] = {
    **{word: value for value, word in enumerate(_ONES)},
    **_MORE,
    **_GERMAN,
    **{word: (place + 2) * 10 for place, word in enumerate(_TENS)},
}
WORD: Final = (
    r"(?:(?:"
    + "|".join(_TENS)
    + r")[- ](?:"
    + "|".join(_ONES[1:10])
    + r")|half a dozen|a dozen|ein dutzend|ein halbes dutzend|a couple(?: of)?|couple(?: of)?"
    r"|a few|a pair of|" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")"
)
_HALVES: Final = frozenset({"half", "half a", "half an"})
_PHRASES: Final = {
    "half a dozen": 6,
    "a dozen": 12,
    "ein dutzend": 12,
    "ein halbes dutzend": 6,
    "a couple": 2,
    "a couple of": 2,
    "couple": 2,
    "couple of": 2,
    "a few": 3,
}
_SCALES: Final = {"k": 1000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "lakh": 100_000, "lakhs": 100_000}


def value_of(text: str, scale: str = "") -> Decimal | None:
    """Return the value of a number as written, or None if it cannot be read.

    Args:
        text: digits as DIGITS takes them, or a word as WORD takes it.
        scale: what stands behind it, such as "k".
    """
    plain = text.strip().lower()
    number = _words(plain) if plain[:1].isalpha() else _digits(plain)
    return None if number is None else number * _SCALES.get(scale.strip().lower(), 1)


def _words(text: str) -> Decimal | None:
    if text in _HALVES:
        return Decimal("0.5")
    if text in _PHRASES:
        return Decimal(_PHRASES[text])
    if text == "a pair of":
        return Decimal(1)
    parts = re.split(r"[- ]", text)
    if not all(part in WORDS for part in parts):
        return None
    return Decimal(sum(WORDS[part] for part in parts))


def _digits(text: str) -> Decimal | None:
    plain = re.sub(r"[ \u00a0\u202f'’]", "", text)
    # A mark before exactly three digits groups thousands; before one or two it is a decimal mark.
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", plain) if not re.fullmatch(r"0[.,]\d{3}", plain) else plain
    plain = re.sub(r",(?=\d{2},)", "", plain).replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def scaled(number: Decimal, most: int = 6) -> tuple[int, int] | None:
    """Return a number as an integer and its count of decimals: 4.5 becomes (45, 1); None if it needs more."""
    plain = number.normalize()
    exponent = plain.as_tuple().exponent
    if not isinstance(exponent, int):
        return None
    decimals = max(0, -exponent)
    return (int(plain.scaleb(decimals)), decimals) if decimals <= most else None
