"""Sizes as labelled, in the form of the registry's size systems: "EU 38", "W32 L34", "75B", "ring 54", "9-10 years".

A number alone is of no system: which one is meant, the shop asks. The category decides what a label may be: "75B" is a bra
and not a bus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from intentcastd.buyer.reading.category import Kind
from intentcastd.buyer.reading.tokens import Found, Sentence
from intentcastd.data import registries

Writer = Callable[[re.Match[str]], str]

_HALF: Final = r"\d{1,2}(?:[.,]5)?"


def _signed(match: re.Match[str]) -> str:
    number = match["n"].replace(",", ".")
    return f"{match['sign'].upper()} {number}{(match['width'] or '').upper()}"


def _jeans(match: re.Match[str]) -> str:
    return f"W{match['w']} L{match['l']}" if match["l"] else f"W{match['w']}"


def _bra(match: re.Match[str]) -> str:
    return f"{match['band']}{match['cup'].upper()}"


def _ring(match: re.Match[str]) -> str:
    return f"ring {match['n'].replace(',', '.').upper()}"


def _years(match: re.Match[str]) -> str:
    return f"{match['a']}-{match['b']} {'months' if match['unit'].startswith('m') else 'years'}"


def _height(match: re.Match[str]) -> str:
    return f"{match['n']} cm"


def _plain(match: re.Match[str]) -> str:
    return match["n"].replace(",", ".").upper()


_SIZE_WORD: Final = r"(?:sizes?|größe|groesse|gr\.|schuhgröße|taille)\s*:?\s*"

# System of the registry, pattern, writer, sureness. The registry says for which categories a system is meant.
_PATTERNS: Final[tuple[tuple[str, re.Pattern[str], Writer, float], ...]] = tuple(
    (system, re.compile(pattern, re.IGNORECASE), writer, sure)
    for system, pattern, writer, sure in (
        ("eu", r"\b(?P<sign>eu)\s?(?P<n>\d{2,3}(?:[.,]5)?)(?P<width>)\b", _signed, 0.9),
        ("eu", r"\b(?P<n>\d{2}(?:[.,]5)?)\s?(?P<sign>eu)(?P<width>)\b", _signed, 0.9),
        ("uk", rf"\b(?P<sign>uk)\s?(?P<n>{_HALF})(?P<width>[A-H]{{0,3}})\b(?!\s?(?:plug|pounds))", _signed, 0.9),
        ("uk", rf"\b(?P<n>{_HALF})\s?(?P<sign>uk)(?P<width>)\b(?!\s?plug)", _signed, 0.9),
        ("us", rf"\b(?P<sign>us)\s(?P<n>{_HALF})(?P<width>[A-H]{{0,3}})\b(?!\s?(?:plug|dollars?))", _signed, 0.85),
        ("us", rf"\b(?P<n>{_HALF})\s?(?P<sign>us)(?P<width>)\b(?!\s?(?:plug|dollars?))", _signed, 0.9),
        ("waist", r"\bw\s?(?P<w>\d{2})\s*[/x, -]?\s*(?:l\s?(?P<l>\d{2}))?\b", _jeans, 0.9),
        ("waist", r"\b(?P<w>2[4-9]|3\d|4[0-8])\s?[/x]\s?(?P<l>2[6-9]|3[0-8])\b", _jeans, 0.9),
        ("bra", r"\b(?P<band>[3-9]\d|1[0-2]\d)\s?(?P<cup>[A-K]{1,2})\b", _bra, 0.9),
        ("ring", rf"\b(?:ring\s?size|ringgröße|size|größe)\s*:?\s*(?P<n>{_HALF}|[A-Z])\b", _ring, 0.85),
        ("child", r"\b(?:age[sd]?|size|alter|für)?\s*(?P<a>\d{1,2})\s?(?:-|–|/)\s?(?P<b>\d{1,2})\s?(?P<unit>years?|yrs?|months?|jahre|monate|y\b|m\b)", _years, 0.85),
        ("child", r"\bages?\s(?P<a>\d{1,2})\s?(?:-|–)\s?(?P<b>\d{1,2})\b(?P<unit>)", _years, 0.85),
        ("child", rf"\b{_SIZE_WORD}(?P<n>5[06]|6[28]|74|8[06]|92|98|1[0-7][0468])\b", _height, 0.82),
        ("", rf"\b{_SIZE_WORD}(?P<n>\d{{1,3}}(?:[.,]5)?|[2-6]?X{{0,3}}[SL]|M)\b", _plain, 0.81),
    )
)  # fmt: skip


def read_size(sentence: Sentence, kind: Kind | None) -> Iterator[Found[str]]:
    """Yield the sizes that the sentence states, each in the form of its system."""
    code = kind.code if kind else None
    systems = registries.size_systems()
    for system, pattern, write, sure in _PATTERNS:
        if system and (code is None or not systems[system].fits(code)):
            continue
        for match in pattern.finditer(sentence.open):
            if not sentence.is_claimed(*match.span()):
                yield Found(write(match), sure, *match.span())
                break
