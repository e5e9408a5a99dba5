"""A detail that a person states outright, as the type that the registry gives it."""

from __future__ import annotations

import re
from typing import Final, Protocol, TypeAlias

from intentcast.records.rfp import MAX_DETAIL_CHARACTERS, Detail
from intentcast.records.vocabulary import Quantity
from intentcastd.buyer.reading import numerals
from intentcastd.buyer.reading.contacts import find_contacts
from intentcastd.buyer.reading.measures import find_measures, kind_of, to_quantity
from intentcastd.buyer.reading.wrong import Wrong
from intentcastd.data.registries import Attribute

_YES: Final = frozenset({"yes", "true", "1", "y"})
_NO: Final = frozenset({"no", "false", "0", "n"})


class Measured(Protocol):
    """A number with a unit, in whatever shape it comes."""

    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def scale(self) -> int: ...


Given: TypeAlias = "str | int | bool | Measured"


def read_given(attribute: Attribute, value: Given) -> Detail:
    """Return the value of a detail in the type of its attribute.

    Raises:
        Wrong: it does not fit.
    """
    match attribute.type:
        case "bool":
            return _flag(attribute, value)
        case "int":
            return _integer(attribute, value)
        case "quantity":
            return _quantity(attribute, value)
        case "text":
            return _text(attribute, value)


def _flag(attribute: Attribute, value: Given) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, (str, int)) else ""
    if word not in _YES | _NO:
        raise Wrong(
            "detail",
            f"{_shown(value)} is neither yes nor no.",
            f"“{attribute.label}” is one of both.",
            "Write yes or no.",
        )
    return word in _YES


def _integer(attribute: Attribute, value: Given) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(rf"{numerals.WORD}|\d{{1,9}}", value.strip(), re.IGNORECASE):
        number = numerals.value_of(value)
        if number is not None and number == int(number):
            return int(number)
    raise Wrong(
        "detail", f"{_shown(value)} is no whole number.", f"“{attribute.label}” is one.", "Write digits, such as 6."
    )


def _text(attribute: Attribute, value: Given) -> str:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Wrong(
            "detail", f"{_shown(value)} is no word.", f"“{attribute.label}” is told in words.", "Write it as text."
        )
    words = " ".join(str(value).split())
    if len(words) > MAX_DETAIL_CHARACTERS:
        why = f"A detail has at most {MAX_DETAIL_CHARACTERS} characters."
        raise Wrong("detail", f"“{attribute.label}” is too long.", why, "Say it shorter.")
    if next(find_contacts(words), None) is not None:
        why = "An RFP is read by everybody."
        raise Wrong(
            "detail",
            f"“{attribute.label}” holds contact data.",
            why,
            "Leave it out: the vendor that you choose gets it later.",
        )
    return words


def _quantity(attribute: Attribute, value: Given) -> Quantity:
    unit = attribute.unit or "C62"
    read: Quantity | None = None
    if isinstance(value, bool):
        pass
    elif isinstance(value, int):
        read = Quantity(value, unit)
    elif isinstance(value, str):
        read = _measure(value.strip(), unit)
    else:
        read = Quantity(value.value, value.unit, value.scale)
    if read is None or read.value < 0 or (read.unit != unit and kind_of(read.unit) != kind_of(unit)):
        why = f"“{attribute.label}” is measured in {unit} or a unit of the same kind (UN/CEFACT Rec 20)."
        raise Wrong("detail", f"{_shown(value)} does not fit.", why, "Write a number with its unit, such as 200 W.")
    return read


def _measure(words: str, unit: str) -> Quantity | None:
    if re.fullmatch(numerals.DIGITS, words):
        number = numerals.value_of(words)
        return None if number is None else to_quantity(number, unit)
    measure = next(
        (measure for measure in find_measures(words) if (measure.start, measure.end) == (0, len(words))), None
    )
    return None if measure is None else measure.quantity()


def _shown(value: Given) -> str:
    return f"“{str(value)[:40]}”" if isinstance(value, (str, int)) else "This"
