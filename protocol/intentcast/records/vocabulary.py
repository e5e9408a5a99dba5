"""The words that all records share: categories, areas, money, quantities, product codes, times.

Spec: 03 §2 (VOC-1..VOC-8)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intentcast.encoding.canonical import Tree, Value
from intentcast.errors import Rejected
from intentcast.limits import MAX_INTEGER, MAX_NAME_CHARACTERS, MIN_AREA_POPULATION
from intentcast.records.fields import Fields

_CATEGORY = re.compile(r"[a-z]{2}(-[1-9][0-9]{0,3}){0,8}")
_SERVICE = re.compile(r"[a-z]+(\.[a-z]+){1,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")

CONDITIONS = ("new", "used", "refurbished", "any")
HOWS = ("deliver", "onsite", "pickup", "remote")
RFP_KINDS = ("goods", "service", "rental")
GRAINS = ("hour", "day", "month")


def is_category(code: str) -> bool:
    """Tell whether this has the form of a category code, such as "bt-6-3-2" (VOC-1)."""
    return _CATEGORY.fullmatch(code) is not None


def on_branch(one: str, other: str) -> bool:
    """Tell whether two category codes lie on one branch: one is the other or an ancestor of it (VOC-2).

    An ancestor is a prefix that ends before a dash: "bt-6" is none of "bt-60".
    """
    short, long = sorted((one, other), key=len)
    return short == long or long.startswith(short + "-")


def is_service(word: str) -> bool:
    """Tell whether this has the form of a service word, such as "repair.plumbing" (VOC-3)."""
    return _SERVICE.fullmatch(word) is not None


def is_gtin(code: str) -> bool:
    """Tell whether this is a GTIN-8, -12, -13 or -14 with a right check digit (VOC-4, GS1 General Specifications §7.9)."""
    if not _GTIN.fullmatch(code):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(code)))
    return weighted % 10 == 0


def gtin14(code: str) -> str:
    """Return the 14-digit form, by which GTINs of different lengths compare (VOC-4)."""
    return code.zfill(14)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of an ISO 4217 currency: EUR 12.50 is Money("EUR", 1250)."""

    currency: str
    minor: int

    def to_map(self) -> dict[str, Tree]:
        return {"currency": self.currency, "minor": self.minor}


def money_untrusted(value: Value) -> Money:
    """Read money: never negative, at most 2^53-1 minor units (VOC-5)."""
    fields = Fields(value, "VOC-5")
    return Money(currency_of(fields), fields.integer("minor", 0, MAX_INTEGER))


def currency_of(fields: Fields) -> str:
    """Read the key `currency`: a code of ISO 4217 (VOC-5)."""
    currency = fields.string("currency", 3)
    if not _CURRENCY.fullmatch(currency):
        raise fields.fail("currency", "three capital letters")
    return currency


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` divided by 10^`scale`, in a unit of UN/CEFACT Recommendation 20: C62 is one piece, KGM a kilogram."""

    value: int
    unit: str = "C62"
    scale: int = 0

    def to_map(self) -> dict[str, Tree]:
        fields: dict[str, Tree] = {"unit": self.unit, "value": self.value}
        return fields | ({"scale": self.scale} if self.scale else {})


def quantity_untrusted(value: Value) -> Quantity:
    """Read a quantity (VOC-6). A scale of 0 is left out, so that one quantity has one form."""
    fields = Fields(value, "VOC-6")
    unit = fields.string("unit", 3)
    if not _UNIT.fullmatch(unit):
        raise fields.fail("unit", "a code of UN/CEFACT Recommendation 20")
    scale = fields.optional("scale", lambda name: fields.integer(name, 1, 6)) or 0
    return Quantity(fields.integer("value", 0, MAX_INTEGER), unit, scale)


@dataclass(frozen=True, slots=True)
class Area:
    """A named area of at least 50,000 people: as exactly as an RFP says where."""

    country: str
    name: str
    population: int
    sub: str | None = None
    id: int | None = None

    def to_map(self) -> dict[str, Tree]:
        fields: dict[str, Tree] = {"country": self.country, "name": self.name, "population": self.population}
        return fields | _place_codes(self.sub, self.id)


def _place_codes(sub: str | None, place: int | None) -> dict[str, Tree]:
    codes: dict[str, Tree] = {}
    if sub is not None:
        codes["sub"] = sub
    if place is not None:
        codes["id"] = place
    return codes


def _country(fields: Fields) -> str:
    country = fields.string("country", 2)
    if not _COUNTRY.fullmatch(country):
        raise fields.fail("country", "two capital letters")
    return country


def _subdivision(fields: Fields) -> str | None:
    sub = fields.optional("sub", lambda name: fields.string(name, 6))
    if sub is not None and not _SUBDIVISION.fullmatch(sub):
        raise fields.fail("sub", "a code of ISO 3166-2")
    return sub


def area_untrusted(value: Value, *, plain: bool = True) -> Area:
    """Read an area (VOC-7). Fewer people than the limit allows is a fault: the writer would point at somebody."""
    fields = Fields(value, "VOC-7", plain=plain)
    return Area(
        country=_country(fields),
        name=fields.text("name", MAX_NAME_CHARACTERS),
        population=fields.integer("population", MIN_AREA_POPULATION, 10**10),
        sub=_subdivision(fields),
        id=fields.optional("id", lambda name: fields.integer(name, 1, 2**31 - 1)),
    )


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """Where somebody sells, or listens: a country, or a part of it."""

    country: str
    sub: str | None = None
    name: str | None = None
    id: int | None = None

    def to_map(self) -> dict[str, Tree]:
        fields: dict[str, Tree] = {"country": self.country}
        return fields | ({"name": self.name} if self.name is not None else {}) | _place_codes(self.sub, self.id)

    def covers(self, area: Area | None) -> bool:
        """Tell whether an RFP of this area concerns us; one without an area concerns everybody (VOC-8).

        A part that the RFP does not state cannot exclude it.
        """
        if area is None:
            return True
        if area.country != self.country:
            return False
        if self.id is not None and area.id is not None:
            return self.id == area.id
        if self.sub is not None and area.sub is not None and self.sub != area.sub:
            return False
        return self.name is None or self.name.casefold() == area.name.casefold()


def area_filter_untrusted(value: Value, *, plain: bool = True) -> AreaFilter:
    """Read an area filter (VOC-8)."""
    fields = Fields(value, "VOC-8", plain=plain)
    return AreaFilter(
        country=_country(fields),
        sub=_subdivision(fields),
        name=fields.optional("name", lambda name: fields.text(name, MAX_NAME_CHARACTERS)),
        id=fields.optional("id", lambda name: fields.integer(name, 1, 2**31 - 1)),
    )


def category_untrusted(value: Value) -> str:
    """Read a category code (VOC-1)."""
    if not isinstance(value, str) or not is_category(value):
        raise Rejected("VOC-1", "this is not a category code", "body")
    return value


@dataclass(frozen=True, slots=True)
class When:
    """Needed by the end of an hour, a day or a month; `by` in UNIX seconds."""

    by: int
    grain: str

    def to_map(self) -> dict[str, Tree]:
        return {"by": self.by, "grain": self.grain}


@dataclass(frozen=True, slots=True)
class Band:
    """A published budget: between two amounts, never one exact figure."""

    currency: str
    low: int
    high: int

    def to_map(self) -> dict[str, Tree]:
        return {"currency": self.currency, "high": self.high, "low": self.low}
