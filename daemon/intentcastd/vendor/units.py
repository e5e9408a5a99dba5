"""Units that shops write, as codes of UN/CEFACT Recommendation 20, and which of them measure the same thing."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

PIECE: Final = "C62"

# What a price is for, as people write it in a price list.
PRICE_UNITS: Final[dict[str, str]] = {
    **dict.fromkeys(("", "each", "piece", "pc", "pcs", "item", "unit", "one", "visit", "ticket"), PIECE),
    **dict.fromkeys(("stück", "stk", "st", "pièce", "pieza", "pezzo", "stuk"), PIECE),
    **dict.fromkeys(("job", "fixed", "flat", "call", "call out"), "E51"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h", "std", "stunde", "heure", "hora", "ora", "uur"), "HUR"),
    **dict.fromkeys(("minute", "minutes", "min"), "MIN"),
    **dict.fromkeys(("day", "days", "night", "nights", "d", "tag", "jour", "día", "giorno", "dag"), "DAY"),
    **dict.fromkeys(("week", "weeks", "wk"), "WEE"),
    **dict.fromkeys(("month", "months"), "MON"),
    **dict.fromkeys(("year", "years"), "ANN"),
    **dict.fromkeys(("km", "kilometre", "kilometer"), "KMT"),
    **dict.fromkeys(("mile", "miles"), "SMI"),
    **dict.fromkeys(("m", "metre", "meter"), "MTR"),
    **dict.fromkeys(("m2", "sqm", "square metre", "square meter"), "MTK"),
    **dict.fromkeys(("sqft", "square foot"), "FTK"),
    **dict.fromkeys(("m3", "cubic metre", "cubic meter"), "MTQ"),
    **dict.fromkeys(("kg", "kilogram", "kilo"), "KGM"),
    **dict.fromkeys(("g", "gram"), "GRM"),
    **dict.fromkeys(("l", "litre", "liter"), "LTR"),
    **dict.fromkeys(("kwh",), "KWH"),
    **dict.fromkeys(("person", "guest", "head"), "IE"),
    **dict.fromkeys(("page",), "ZP"),
    **dict.fromkeys(("word",), "D68"),
    **dict.fromkeys(("trip", "ride"), "E54"),
}

# What a value of an attribute is measured in, as people write it.
VALUE_UNITS: Final[dict[str, str]] = {
    "w": "WTT",
    "watt": "WTT",
    "watts": "WTT",
    "kw": "KWT",
    "v": "VLT",
    "volt": "VLT",
    "volts": "VLT",
    "a": "AMP",
    "l": "LTR",
    "litre": "LTR",
    "liter": "LTR",
    "cl": "CLT",
    "ml": "MLT",
    "kg": "KGM",
    "g": "GRM",
    "mm": "MMT",
    "cm": "CMT",
    "m": "MTR",
    "in": "INH",
    "inch": "INH",
    "inches": "INH",
    '"': "INH",
    "ft": "FOT",
    "gb": "E34",
    "tb": "E35",
    "km": "KMT",
    "mi": "SMI",
    "m2": "MTK",
    "sqm": "MTK",
    "sqft": "FTK",
    "hz": "HTZ",
    "min": "MIN",
    "h": "HUR",
    "hour": "HUR",
    "hours": "HUR",
    "month": "MON",
    "months": "MON",
    "year": "ANN",
    "years": "ANN",
}

# How codes are written for people; the others stay as they are.
_SYMBOLS: Final[dict[str, str]] = {
    "WTT": "W",
    "KWT": "kW",
    "VLT": "V",
    "AMP": "A",
    "LTR": "l",
    "MLT": "ml",
    "KGM": "kg",
    "GRM": "g",
    "MMT": "mm",
    "CMT": "cm",
    "MTR": "m",
    "INH": "inch",
    "E34": "GB",
    "E35": "TB",
    "KMT": "km",
    "MTK": "m²",
    "MON": "months",
    "ANN": "years",
    "MIN": "minutes",
    "HUR": "hours",
    "DAY": "days",
}

# Code, and how many of the first code of its kind it makes. Codes that are not here compare only with themselves.
_SAME: Final[dict[str, tuple[str, Decimal]]] = {
    "WTT": ("WTT", Decimal(1)),
    "KWT": ("WTT", Decimal(1000)),
    "VLT": ("VLT", Decimal(1)),
    "KVT": ("VLT", Decimal(1000)),
    "AMP": ("AMP", Decimal(1)),
    "4K": ("AMP", Decimal("0.001")),
    "AMH": ("AMH", Decimal(1)),
    "E09": ("AMH", Decimal("0.001")),
    "LTR": ("LTR", Decimal(1)),
    "CLT": ("LTR", Decimal("0.01")),
    "MLT": ("LTR", Decimal("0.001")),
    "KGM": ("KGM", Decimal(1)),
    "GRM": ("KGM", Decimal("0.001")),
    "CMT": ("CMT", Decimal(1)),
    "MMT": ("CMT", Decimal("0.1")),
    "MTR": ("CMT", Decimal(100)),
    "INH": ("CMT", Decimal("2.54")),
    "FOT": ("CMT", Decimal("30.48")),
    "E34": ("E34", Decimal(1)),
    "4L": ("E34", Decimal("0.001")),
    "E35": ("E34", Decimal(1000)),
    "MON": ("MON", Decimal(1)),
    "ANN": ("MON", Decimal(12)),
    "MIN": ("MIN", Decimal(1)),
    "HUR": ("MIN", Decimal(60)),
    "DAY": ("DAY", Decimal(1)),
    "WEE": ("DAY", Decimal(7)),
    "KMT": ("KMT", Decimal(1)),
    "SMI": ("KMT", Decimal("1.609344")),
    "MTK": ("MTK", Decimal(1)),
    "FTK": ("MTK", Decimal("0.09290304")),
    # "one", "each", "piece" and "job" are all counted by ones.
    "C62": (PIECE, Decimal(1)),
    "EA": (PIECE, Decimal(1)),
    "H87": (PIECE, Decimal(1)),
    "E51": (PIECE, Decimal(1)),
}


def base(unit: str) -> tuple[str, Decimal]:
    """Return the unit that stands for all of its kind, and how many of it one `unit` is: KWT is 1000 WTT."""
    return _SAME.get(unit, (unit, Decimal(1)))


def symbol(unit: str) -> str:
    """Return a unit as people write it; of pieces nothing is written."""
    return "" if unit == PIECE else _SYMBOLS.get(unit, unit)


def price_unit(word: str) -> str | None:
    """Return the code of a unit in a price list ("day", "per hour", "DAY"), or None if it is not known."""
    plain = word.strip()
    if plain in set(PRICE_UNITS.values()):
        return plain
    return PRICE_UNITS.get(plain.casefold().removeprefix("per ").removeprefix("/").strip())
