"""What the inspector says: a tree of named byte ranges, and a verdict with its rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["accept", "ignore", "reject"]


@dataclass(frozen=True, slots=True)
class Part:
    """One value and what it is.

    Attributes:
        name: of the field, or the number of the item.
        kind: int, bool, str, bin, array, map, or what it holds: envelope, head, offer, padding.
        start: its first byte, the head of the value included.
        end: one past its last byte.
        value: as text, safe to print; bytes as hexadecimal.
        note: what it means.
        rules: ids of the rules that speak of it.
        sealed: the range counts in the opened box, not in the bytes that travelled.
    """

    name: str
    kind: str
    start: int
    end: int
    value: str = ""
    note: str = ""
    rules: tuple[str, ...] = ()
    sealed: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a reader would take it; `rule` is None where nothing is wrong or no rule fits."""

    verdict: Verdict
    rule: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """All that the inspector found. `tree` is None where not one value could be read."""

    kind: str
    tree: Part | None
    rules: tuple[str, ...]
    verdict: Verdict
    rule: str | None
    reason: str


def printable(text: str) -> str:
    """Return a string on one line, with all that a terminal would obey or hide written out."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def walk(part: Part) -> Iterator[Part]:
    """Yield a part and all below it, in the order of their bytes."""
    yield part
    for inner in part.parts:
        yield from walk(inner)
