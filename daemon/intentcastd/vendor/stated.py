"""What an item states about one attribute, and whether that answers what an RFP asks.

Three answers: yes, no, unstated. A "no" is a contradiction, and an item that contradicts an RFP is never offered
(matching.py). Where two statements cannot be compared for certain, the answer leans to "no" for sizes, which people
return, and to "unstated" elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from intentcast.records.rfp import Detail
from intentcast.records.vocabulary import Quantity
from intentcastd.data.folding import fold
from intentcastd.vendor import units

Answer = Literal["yes", "no", "unstated"]

FOREVER: Final = Decimal(9999)


@dataclass(frozen=True, slots=True)
class Texts:
    """One or more words or names, each as written; it comes in any of them, or fits all of them."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """Numbers or ranges of numbers, both ends included, in a base unit ("" for bare numbers such as years)."""

    unit: str
    spans: tuple[tuple[Decimal, Decimal], ...]

    def holds(self, number: Decimal) -> bool:
        return any(low <= number <= high for low, high in self.spans)


Stated: TypeAlias = "Texts | Spans | bool"

# Mains voltages that are one and the same socket (IEC 60038): 230 V with its tolerance is what 220 and 240 V were.
_MAINS: Final = ((Decimal(110), Decimal(127)), (Decimal(220), Decimal(240)))
_VOLTAGES: Final = frozenset({"voltage_in", "voltage_out", "voltage"})
# The registry says "at least" and "at most" of these two; all others are asked for exactly.
_AT_LEAST: Final = frozenset({"warranty"})
_AT_MOST: Final = frozenset({"mileage"})

_SIZES: Final = {
    "extrasmall": "XS",
    "xsmall": "XS",
    "small": "S",
    "medium": "M",
    "large": "L",
    "extralarge": "XL",
    "xlarge": "XL",
    "xxlarge": "XXL",
    "2xl": "XXL",
    "xxxlarge": "XXXL",
    "3xl": "XXXL",
}
_NO_SIZE: Final = frozenset(
    {"onesize", "os", "onesizefitsall", "freesize", "uni", "unisize", "default", "defaulttitle"}
)
_SIZE: Final = re.compile(r"(eu|uk|us|fr|it|de|cn|jp|au)?([0-9]{1,3}(?:\.5)?)([a-z]{0,4})")


def compare(attribute: str, wanted: Detail, stated: Stated | None) -> Answer:
    """Tell whether what an item states answers what an RFP asks for.

    Args:
        attribute: id of the registry; sizes and voltages have readings of their own.
        wanted: the RFP's detail.
        stated: the item's, None if it says nothing.
    """
    match stated:
        case None:
            return "unstated"
        case bool():
            return _compare_flag(wanted, stated)
        case Spans():
            return _compare_numbers(attribute, wanted, stated)
        case Texts():
            return _compare_texts(attribute, wanted, stated)


def _compare_flag(wanted: Detail, stated: bool) -> Answer:
    if not isinstance(wanted, bool):
        return "unstated"
    return "yes" if wanted == stated else "no"


def _compare_numbers(attribute: str, wanted: Detail, stated: Spans) -> Answer:
    number = _number(wanted, stated.unit)
    if number is None:
        return "unstated"
    if stated.holds(number):
        return "yes"
    if attribute in _AT_LEAST:
        return "yes" if any(high > number for _, high in stated.spans) else "no"
    if attribute in _AT_MOST:
        return "yes" if any(low < number for low, _ in stated.spans) else "no"
    if attribute in _VOLTAGES:
        for low, high in _MAINS:
            if low <= number <= high and any(start <= high and low <= end for start, end in stated.spans):
                return "yes"
    return "no"


def _number(wanted: Detail, unit: str) -> Decimal | None:
    """Return the wanted number in the item's unit, or None if it cannot be told."""
    match wanted:
        case bool():
            return None
        case int():
            return Decimal(wanted)
        case str():
            found = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*", wanted, re.ASCII)
            return Decimal(found[1]) if found else None
        case Quantity():
            kind, factor = units.base(wanted.unit)
            if unit not in (kind, "") and kind != units.PIECE:
                return None
            return Decimal(wanted.value).scaleb(-wanted.scale) * factor


def _compare_texts(attribute: str, wanted: Detail, stated: Texts) -> Answer:
    if isinstance(wanted, (bool, Quantity)):
        return "unstated"
    compare_one = size_answer if is_size(attribute) else text_answer
    answers = {compare_one(str(wanted), value) for value in stated.values}
    return "yes" if "yes" in answers else "unstated" if "unstated" in answers or not answers else "no"


def text_answer(wanted: str, stated: str) -> Answer:
    """Compare two names: "404" is answered by "404 Coupé"; "Golf GTI" is left open by "Golf" and denied by "Polo"."""
    asked, said = _tokens(wanted), _tokens(stated)
    if not asked or not said:
        return "unstated"
    if asked <= said:
        return "yes"
    return "unstated" if said < asked else "no"


@lru_cache(maxsize=16_384)  # bounded: half of what is asked comes from strangers
def _tokens(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def is_size(attribute: str) -> bool:
    """Tell whether an attribute is a size as labelled: of clothes, shoes or tyres."""
    return attribute == "size"


def size_answer(wanted: str, stated: str) -> Answer:
    """Compare two sizes: "EU 42" and "42" leave it open, "EU 42" and "UK 8" do not fit, "9E" is not "9D"."""
    asked, said = plain_size(wanted), plain_size(stated)
    if asked in _NO_SIZE or said in _NO_SIZE or not asked or not said:
        return "unstated"
    if asked == said:
        return "yes"
    if "/" in asked + said:
        return "no"
    one, other = _SIZE.fullmatch(asked.casefold()), _SIZE.fullmatch(said.casefold())
    if one is None or other is None or one[2] != other[2]:
        return "no"
    systems, widths = (one[1], other[1]), (one[3], other[3])
    differs = (all(systems) and systems[0] != systems[1]) or (all(widths) and widths[0] != widths[1])
    return "no" if differs else "unstated"


@lru_cache(maxsize=16_384)  # bounded: half of what is asked comes from strangers
def plain_size(text: str) -> str:
    """Return a size in the form that compares: "EU  42" as "EU42", "Medium" as "M", "8,5" as "8.5"."""
    bare = re.sub(r"[\s_-]+", "", text.casefold()).replace(",", ".").removeprefix("size").removeprefix("gr.")
    for half in ("½", "1/2"):
        bare = bare.replace(half, ".5")
    if bare in _NO_SIZE:
        return bare
    return _SIZES.get(bare, bare.upper())
