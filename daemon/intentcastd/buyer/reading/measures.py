"""Numbers with a unit: "15kg", "220-110 volt", "16 GB", "7'2". They describe a thing, or say how much of it is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from intentcast.records.vocabulary import Quantity
from intentcastd.buyer.reading import numerals

# Words of units and the code of UN/CEFACT Rec 20, by what is measured. Longer words are tried first.
UNITS: Final[dict[str, dict[str, str]]] = {
    "mass": {
        "kg|kgs|kilo|kilos|kilogram|kilograms|kilogramme|kilogrammes": "KGM",
        "g|gr|gram|grams|gramme|grammes|gramm": "GRM",
        "mg": "MGM",
        "lb|lbs": "LBR",
        "oz|ounce|ounces": "ONZ",
        "ton|tons|tonne|tonnes|tonnen": "TNE",
        "quintal|quintals": "DTN",
    },
    "volume": {
        "l|lt|ltr|liter|liters|litre|litres": "LTR",
        "ml|millilitre|milliliter|millilitres|milliliters": "MLT",
        "cl": "CLT",
        "gallon|gallons|gal": "GLL",
        "quart|quarts|qt": "QTL",
        "pint|pints": "PTL",
        "m3|kubikmeter|cubic metre|cubic metres|cubic meter|cubic meters|m³|cbm": "MTQ",
    },
    "length": {
        "mm|millimetre|millimeter|millimeters": "MMT",
        "cm|cms|zentimeter|centimetre|centimetres|centimeter|centimeters": "CMT",
        "m|metern|metre|metres|meter|meters|mtr|mtrs": "MTR",
        'inch|inches|zoll|in(?=[- ])|"|”|″': "INH",
        "ft|foot|feet|′": "FOT",
        "yard|yards|yd|yds": "YRD",
        "km|kms|kilometre|kilometres|kilometer|kilometers": "KMT",
        "miles|mile": "SMI",
    },
    "surface": {
        "m2|m²|qm|quadratmeter|sqm|sq m|square metre|square metres|square meter|square meters": "MTK",
        "sqft|sq ft|square feet|square foot": "FTK",
        "hectare|hectares|hektar|ha": "HAR",
        "acre|acres": "ACR",
    },
    "power": {"w|watt|watts": "WTT", "kw|kilowatt|kilowatts": "KWT", "hp|bhp|ps(?! ?\\d)": "BHP"},
    "voltage": {"v|volt|volts": "VLT"},
    "current": {"a|amp|amps|ampere|amperes": "AMP", "mah": "E09"},
    "storage": {"gb|gig|gigs|gigabyte|gigabytes": "E34", "tb|terabyte|terabytes": "E35", "mb": "4L"},
    "frequency": {"hz": "HTZ", "khz": "KHZ", "mhz": "MHZ", "ghz": "A86"},
    "time": {
        "min|mins|minute|minutes|minuten": "MIN",
        "h|hr|hrs|hour|hours|stunde|stunden|std": "HUR",
        "day|days|night|nights|tage|tagen|nächte|nächten": "DAY",
        "week|weeks|woche|wochen": "WEE",
        "month|months|monat|monate|monaten": "MON",
        "year|years|yrs|yr|jahre|jahren": "ANN",
    },
}
_CODES: Final = {
    word.split("(")[0].replace("\\", ""): (kind, code)
    for kind, units in UNITS.items()
    for words, code in units.items()
    for word in words.split("|")
}
_WORDS: Final = "|".join(
    sorted((word for units in UNITS.values() for words in units for word in words.split("|")), key=len, reverse=True)
)
_MEASURE: Final = re.compile(
    rf"(?<![\w.,/-])(?:(?P<low>{numerals.DIGITS})\s*(?:(?:{_WORDS})?\s*(?:-|–|/|to|x)\s*))?(?P<number>{numerals.DIGITS}|\b(?:{numerals.WORD}|half an?|half|an?)(?=[\s-]))[\s-]?(?P<unit>{_WORDS})(?![\w²³])",
    re.IGNORECASE,
)
# One letter stands for a unit only in the case in which it is written, and right behind the number.
_CAPITAL_UNITS: Final = {"w": "W", "v": "V", "a": "A"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with a unit. `low` is the first of two numbers, such as 220 in "220-110 volt"."""

    kind: str
    number: Decimal
    unit: str
    low: Decimal | None
    start: int
    end: int

    def quantity(self) -> Quantity | None:
        return to_quantity(self.number, self.unit)


def kind_of(unit: str) -> str | None:
    """Return what a unit measures, or None if it measures nothing that we know."""
    return next((kind for kind, code in _CODES.values() if code == unit), None)


def to_quantity(number: Decimal, unit: str) -> Quantity | None:
    """Return a wire quantity, or None if the number is too fine or too large for one."""
    parts = numerals.scaled(number)
    if parts is None or not 0 <= parts[0] < 2**53:
        return None
    value, scale = parts
    return Quantity(value, unit, scale)


def find_measures(text: str) -> Iterator[Measure]:
    """Return all numbers with a unit."""
    for match in _MEASURE.finditer(text):
        word = match["unit"]
        kind, code = _CODES.get(word.lower(), ("", ""))
        if not kind or (word.lower() in _CAPITAL_UNITS and word != _CAPITAL_UNITS[word.lower()]):
            continue
        # "5 m" may be five metres; "in 2 in" and "4 a" are words.
        if word.lower() in {"in", "a"} and match.group()[-len(word) - 1].isspace():
            continue
        if match["number"].lower() in {"a", "an"} and (len(word) < 3 or kind in {"time", "length"}):
            continue
        number = Decimal(1) if match["number"].lower() in {"a", "an"} else numerals.value_of(match["number"])
        low = numerals.value_of(match["low"]) if match["low"] else None
        if number is not None:
            yield Measure(kind, number, code, low, match.start(), match.end())
