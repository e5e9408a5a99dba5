"""One thing that a shop sells, as the import understood it.

An item says what its source says. What the source leaves open stays None or absent, so that an offer can say
"unstated" instead of a guess.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from intentcast.limits import MAX_NAME_CHARACTERS
from intentcast.records.vocabulary import AreaFilter, Money

if TYPE_CHECKING:
    from intentcastd.vendor.stated import Stated


class Stock(StrEnum):
    """Whether there is some, in classes: a count would let a watcher follow a shop's sales."""

    IN_STOCK = "in_stock"
    FEW = "few"
    OUT = "out"
    ORDER = "order"


# What of an item is taxed where prices hold no tax: all, only its shipping, nothing.
TaxStatus: TypeAlias = Literal["full", "shipping", "none"]

# Up to this many pieces count as few.
FEW_PIECES = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One variant of a product, or one row of a price list of services.

    Attributes:
        sku: the shop's own key; unique in a catalogue, so that a second import finds the same item.
        handle: key of the product that the variants of one thing share.
        title: at most 80 code points, as it will stand in an offer.
        price: of one `unit`.
        line: line of the source, counted from 1 with the header.
        kind: goods, service or rental.
        unit: code of UN/CEFACT Recommendation 20; C62 is one piece.
        attributes: what the source states, by attribute id.
        words: folded words to search by, those of the title first.
        areas: where a service is done; empty: wherever the shop works.
        lead_hours: hours from the order until it is there, ready or begun.
    """

    sku: str
    handle: str
    title: str
    price: Money
    line: int
    kind: str = "goods"
    unit: str = "C62"
    brand: str | None = None
    category: str | None = None
    attributes: Mapping[str, Stated] = field(default_factory=dict)
    gtin: str | None = None
    condition: str | None = None
    stock: Stock = Stock.IN_STOCK
    words: tuple[str, ...] = ()
    service: str | None = None
    areas: tuple[AreaFilter, ...] = ()
    lead_hours: int | None = None
    tax: TaxStatus = "full"


def stock_of(pieces: int, *, sells_on: bool) -> Stock:
    """Return the class of a count. `sells_on`: the shop takes orders for what it has not got."""
    if pieces <= 0:
        return Stock.ORDER if sells_on else Stock.OUT
    return Stock.FEW if pieces <= FEW_PIECES else Stock.IN_STOCK


def plain(text: str, most: int = MAX_NAME_CHARACTERS) -> str:
    """Return the text as records carry it: one line in NFC, no hidden characters, cut at a word (TXT-1).

    Args:
        text: what a file says.
        most: code points that may stay.
    """
    if text.isascii() and text.isprintable():
        line = " ".join(text.split())
        return line if len(line) <= most else _cut(line, most)
    shown = (" " if _is_hidden(letter) else letter for letter in unicodedata.normalize("NFC", text))
    line = unicodedata.normalize("NFC", " ".join("".join(shown).split()))
    return line if len(line) <= most else _cut(line, most)


def _cut(line: str, most: int) -> str:
    cut = line[: most - 1]
    head, gap, _ = cut.rpartition(" ")
    return (head if gap and len(head) > most // 2 else cut).rstrip() + "…"


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"}
