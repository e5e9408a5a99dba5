"""The words by which an item is found: folded, without filler, plural and singular as one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Final

from intentcastd.data.folding import fold

MAX_WORDS: Final = 48
_MAX_TEXT: Final = 4_000

_FILLER: Final = frozenset(
    "a an and are as at be by can for from has have i in into is it its looking me my need new of on or our so some "
    "that the their these this to want wanted we will with within without you your please today tomorrow who".split()
)
# "200w" is found by "200 w" and the other way round.
_NUMBER_UNIT: Final = re.compile(r"(\d+)([a-z]{1,4})")


def search_words(texts: Iterable[str], most: int = MAX_WORDS) -> tuple[str, ...]:
    """Return the distinct search words of the texts in order, at most `most`."""
    found: dict[str, None] = {}
    for text in filter(None, texts):
        for word in fold(text[:_MAX_TEXT]).split():
            if word in _FILLER:
                continue
            for form in _forms(word):
                found.setdefault(sys.intern(form))
            if len(found) >= most:
                return tuple(found)[:most]
    return tuple(found)


def _forms(word: str) -> tuple[str, ...]:
    parted = _NUMBER_UNIT.fullmatch(word)
    return (word, parted[1]) if parted else (singular(word),)


def singular(word: str) -> str:
    """Return the form that singular and plural share; it need not be a word ("dres")."""
    if len(word) <= 3 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
