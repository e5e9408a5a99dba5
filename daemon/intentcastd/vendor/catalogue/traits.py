"""What a title and the options of a variant state about the attributes that RFPs ask for.

"Wheel rim 4.5J x 15 Peugeot 404 (1960-1975)" states a make, a model and the years that it fits. Only what is written
counts; a number whose meaning is open is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from intentcastd.data.folding import fold
from intentcastd.vendor import units
from intentcastd.vendor.catalogue import vehicles
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.stated import FOREVER, Spans, Stated, Texts, plain_size

_NUMBER = r"(?<![\w.,/-])(\d{1,6}(?:[.,]\d{1,3})?)"
_DASH = r"\s*(?:-|–|—|to|/|\.\.)\s*"

# Attribute, the words behind the number, the unit of the words.
_MEASURES: Final = (
    ("power", r"watts?|w", "WTT"),
    ("power", r"kilowatts?|kw", "KWT"),
    ("capacity", r"litres?|liters?|ltr|l", "LTR"),
    ("capacity", r"millilitres?|milliliters?|ml", "MLT"),
    ("storage", r"tb", "E35"),
    ("storage", r"gb(?!\s*(?:ram|ddr\d?|memory))", "E34"),
    ("memory", r"gb(?=\s*(?:ram|ddr\d?|memory))", "E34"),
    ("weight", r"kilograms?|kilos?|kg", "KGM"),
    ("weight", r"grams?|g", "GRM"),
    ("screen", r"(?:[- ]?inch(?:es)?|[\"”″])(?=.*\b(?:screen|display|laptop|notebook|monitor|tv|tablet)\b)", "INH"),
)
_MEASURED: Final = tuple(
    (name, re.compile(rf"{_NUMBER}(?:{_DASH}(\d{{1,6}}(?:[.,]\d{{1,3}})?))?[\s-]?(?:{words})(?![\w²³])", re.I), unit)
    for name, words, unit in _MEASURES
)
# "200 W (400 W peak)": what it can do for a moment, or carry, is not its power or weight.
_PEAK: Final = re.compile(
    r"\b(?:peak|surge|max\.?|up to|holds|load|supports)\s*\d[\d.,]*\s*(?:k?w(?:atts?)?|kg)\b"
    r"|\d[\d.,]*\s*(?:k?w(?:atts?)?|kg)\s*(?:peak|surge|max\b|load)",
    re.I,
)
_LENGTH_UNITS: Final = {"mm": "MMT", "cm": "CMT", "m": "MTR", "in": "INH", "inch": "INH", "ft": "FOT"}
_LENGTHS: Final = {"wide": "width", "high": "height", "tall": "height", "long": "length", "deep": "depth"}
_LENGTH: Final = re.compile(
    r"\b(width|height|length|depth|diameter)[:\s]+(\d{1,5}(?:[.,]\d{1,2})?)\s?(mm|cm|m|in|inch|ft)\b"
    r"|(?<![\w.,x/-])(\d{1,5}(?:[.,]\d{1,2})?)\s?(mm|cm|m|in|inch|ft)\s+(wide|high|tall|long|deep|diameter)\b",
    re.I,
)
_FLAGS: Final = (
    ("roof_rack", r"roof[\s-]?racks?"),
    ("foldable", r"fold(?:able|ing|s|up)|collapsible"),
    ("waterproof", r"water[\s-]?proof"),
    ("wireless", r"wireless|cordless"),
    ("organic", r"organic"),
)
_FLAG: Final = tuple(
    (name, re.compile(rf"\b(no|non|not|without|w/o|excl(?:uding)?\.?|not incl\w*)?[\s-]*(?:a\s+)?(?:{words})\b", re.I))
    for name, words in _FLAGS
)
# Attribute, word in a title, value as an RFP states it.
_WORDS: Final = {
    **dict.fromkeys("women womens woman ladies damen femme".split(), ("gender", ("women",))),
    **dict.fromkeys("men mens gents herren homme".split(), ("gender", ("men",))),
    **dict.fromkeys("girls girl".split(), ("gender", ("girls",))),
    **dict.fromkeys("boys boy".split(), ("gender", ("boys",))),
    "unisex": ("gender", ("unisex", "women", "men", "girls", "boys")),
    "automatic": ("gear", ("automatic",)),
    **{
        word: ("material", (word,))
        for word in "cotton linen wool silk leather polyester denim velvet nylon oak walnut pine bamboo glass ceramic "
        "porcelain steel aluminium".split()
    },
    **{word: ("material", (word.removesuffix("en"), word)) for word in ("wooden", "woolen")},
    "aluminum": ("material", ("aluminium",)),
}
_PACK: Final = re.compile(r"\b(?:pack|box|set) of (\d{1,4})\b|\b(\d{1,4})[\s-]?(?:pack|pcs|pieces)\b", re.I)
_QUANTITY: Final = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*([A-Za-z2\"]{1,6})?", re.ASCII)
_TYRE: Final = re.compile(r"\b\d{3}/\d{2}\s?Z?R\s?\d{2}[A-Z]?\b", re.I)

_VOLTS: Final = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:\.\d)?)\s*v?(?:olts?)?(?:\s*(-|–|—|to|/|>|→|->|=>)\s*(\d{1,3}(?:\.\d)?))?\s*v(?:olts?|ac|dc)?\b",
    re.I,
)
_CONVERTS: Final = re.compile(r"convert|transform|step[- ]?(?:up|down)|inverter|wandler|trafo", re.I)
_BOTH_WAYS: Final = re.compile(
    r"step[- ]?up\s*(?:/|and|&|\+|or)\s*(?:step[- ]?)?down|step[- ]?down\s*(?:/|and|&|\+|or)\s*(?:step[- ]?)?up", re.I
)

_YEARS: Final = re.compile(
    r"(?<![\w.,/-])((?:19|20)\d\d)(?:\s*(?:-|–|—|to|until|/)\s*((?:19|20)?\d\d|present|today|now)?|\s*(\+|on(?:wards)?))?"
    r"(?![\w.,]*\d)(?!\s*(?:w|watts?|v|volts?|mah|ml|l|g|kg|mm|cm|m|rpm|lm|pcs|pieces|pack|sheets|gb)\b)",
    re.I,
)

_COUNTS: Final = {
    word: number
    for number, words in enumerate(
        ("one single", "two double twin", "three triple", "four", "five", "six", "seven", "eight", "nine"), 1
    )
    for word in words.split()
}
_SEATS: Final = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_COUNTS)})[\s-]*(?:seat(?:s|er|ers)?\b|places?\b|persons?\b|people\b|passengers?\b)"
    rf"|\b(?:seats|seating for|sleeps)\s+(\d{{1,2}}|{'|'.join(_COUNTS)})\b",
    re.I,
)
_SIZE_TITLE: Final = re.compile(
    r"\bsize[:\s]+([0-9]{1,2}(?:[.,]5)?[A-Z]{0,3}|[0-9]?X{0,3}[SML])\b"
    r"|\b((?:EU|UK|US)\s?[0-9]{1,2}(?:[.,]5)?[A-E]{0,2})\b"
)

# Headings of options, folded, as shops in a few languages write them.
_OPTIONS: Final[dict[str, str]] = {
    **dict.fromkeys(
        "size shoe_size sizes grosse groesse schuhgrosse taille pointure talla misura maat storlek".split(), "size"
    ),
    **dict.fromkeys("color colour colors colours farbe couleur color_pattern colore kleur farg cor".split(), "colour"),
    **dict.fromkeys("material stoff matiere materiale".split(), "material"),
    **dict.fromkeys("power wattage leistung puissance".split(), "power"),
    **dict.fromkeys("capacity volume volumen kapazitat".split(), "capacity"),
    **dict.fromkeys("storage speicher".split(), "storage"),
    **dict.fromkeys("gender geschlecht".split(), "gender"),
    **dict.fromkeys("model modell modele modelo".split(), "model"),
    **dict.fromkeys("brand marke marque marca".split(), "brand"),
    **dict.fromkeys("year baujahr".split(), "year"),
    **dict.fromkeys("seats sitze".split(), "seats"),
}

_COLOURS: Final = frozenset(
    "black white grey gray silver gold golden copper bronze brown beige cream ivory tan khaki olive green mint turquoise "
    "teal cyan blue navy indigo purple violet lilac lavender pink magenta fuchsia red burgundy maroon orange coral peach "
    "yellow mustard multicolour multicolor transparent clear charcoal anthracite rose".split()
)
_COLOUR_FORM: Final = {
    "gray": "grey",
    "golden": "gold",
    "multicolor": "multicolour",
    "clear": "transparent",
    "navy": "navy blue",
    "mint": "mint green",
    "olive": "olive green",
    "charcoal": "charcoal grey",
    "anthracite": "anthracite grey",
    "burgundy": "burgundy red",
}


def read_traits(
    title: str, options: Iterable[tuple[str, str]] = (), *, category: str | None = None, kind: str = "goods"
) -> dict[str, Stated]:
    """Return what the title and the options state, by attribute id.

    Args:
        title: the product's title.
        options: heading and value of each option of this variant; they say more than the title.
        category: code, if known: only vehicles and their parts have a make.
        kind: goods, service or rental.
    """
    chosen = {name: value for name, value in options if value.strip()}
    text = " ".join([title, *chosen.values()])
    is_vehicle = vehicles.is_vehicle(category, kind)
    stated = (
        _measures(text) | _lengths(text) | _volts(text) | _seats(text) | _flags(text) | _words(text) | _sizes(title)
    )
    stated |= vehicles.read_vehicle(title) if is_vehicle or vehicles.names_a_model(title) else {}
    years = _years(title)
    if years is not None:
        stated["vehicle_year" if "vehicle_brand" in stated or is_vehicle else "year"] = years
    colours = _colours(fold(title))
    if colours:
        stated["colour"] = Texts(colours)
    return stated | _from_options(chosen)


def _from_options(options: Mapping[str, str]) -> dict[str, Stated]:
    stated: dict[str, Stated] = {}
    for heading, value in options.items():
        name = option_name(heading)
        read = read_value(name, value) if name else None
        if name and read is not None:
            stated[name] = read
    return stated


@lru_cache(maxsize=1_024)
def option_name(heading: str) -> str | None:
    """Return the attribute that a heading stands for in the languages that are known, None if it stands for none."""
    return _OPTIONS.get(fold(heading).replace(" ", "_"))


def read_value(attribute: str, value: str) -> Stated | None:
    """Read a value whose attribute is known, by its type in the registry; None if it does not read as one."""
    if attribute == "size":
        parts = [value] if _TYRE.search(value) else _parts(value)
        sizes = tuple(size for size in map(plain_size, parts) if size)
        return Texts(sizes) if sizes else None
    if attribute == "colour":
        return Texts(_colours(fold(value)) or (fold(value),)) if fold(value) else None
    known = registered().get(attribute)
    match known.type if known else "text":
        case "int":
            years = _years(value) if attribute.endswith("year") else None
            number = _count(value.strip())
            return years or _seats(value).get(attribute) or (None if number is None else _bare(number))
        case "bool":
            return {"yes": True, "true": True, "no": False, "false": False}.get(fold(value))
        case "quantity":
            return _quantity(value, known.unit if known and known.unit else units.PIECE)
        case _:
            return Texts((fold(value),)) if fold(value) else None


def _quantity(value: str, unit: str) -> Spans | None:
    """Read "200", "200 W" or "1,5 l"; a number alone is in the registry's unit, one of another measure is refused."""
    hit = _QUANTITY.fullmatch(value.strip())
    given = (units.VALUE_UNITS.get(hit[2].casefold()) if hit[2] else unit) if hit else None
    if hit is None or given is None or units.base(given)[0] != units.base(unit)[0]:
        return None
    kind, factor = units.base(given)
    return _bare(_decimal(hit[1]) * factor, kind)


def _parts(value: str) -> list[str]:
    return re.split(r"\s*(?:/|\||,(?!5\b))\s*(?!2\b)", value)


def _decimal(text: str) -> Decimal:
    """Read a measure. "1,5 l" has a decimal comma; three digits behind one mark are thousands ("1.500 W")."""
    whole, _, part = text.replace(",", ".").partition(".")
    if len(part) == 3 and whole != "0":
        return Decimal(whole + part)
    return Decimal(f"{whole}.{part}" if part else whole)


def _measures(text: str) -> dict[str, Stated]:
    found: dict[str, Spans] = {}
    bare = _PEAK.sub(" ", text)
    for name, pattern, unit in _MEASURED:
        kind, factor = units.base(unit)
        for hit in pattern.finditer(bare):
            ends = sorted(_decimal(end) * factor for end in (hit[1], hit[2] or hit[1]))
            before = found.get(name, Spans(kind, ()))
            if before.unit == kind:
                found[name] = Spans(kind, (*before.spans, (ends[0], ends[1])))
    return dict(found)


def _volts(text: str) -> dict[str, Stated]:
    """A converter goes from the first voltage to the second; anything else takes all between two."""
    converts = _CONVERTS.search(text) is not None
    stated: dict[str, Stated] = {}
    for hit in _VOLTS.finditer(text):
        first, second = Decimal(hit[1]), Decimal(hit[3] or hit[1])
        if hit[3] is None and "v" not in hit[0].lower():
            continue
        if hit[3] is None or not converts:
            # One voltage of a converter may be either side of it, so it says nothing.
            if not converts:
                stated.setdefault("voltage_in" if hit[3] else "voltage", Spans("VLT", (_ends(first, second),)))
            continue
        low, high = _ends(first, second)
        if _BOTH_WAYS.search(text):
            both = Spans("VLT", ((low, low), (high, high)))
            stated |= {"voltage_in": both, "voltage_out": both}
        else:
            goes_up = re.search(r"step[- ]?up", text, re.I) is not None
            source, target = (low, high) if goes_up else (first, second)
            stated |= {"voltage_in": _bare(source, "VLT"), "voltage_out": _bare(target, "VLT")}
        break
    return stated


def _ends(one: Decimal, other: Decimal) -> tuple[Decimal, Decimal]:
    return min(one, other), max(one, other)


def _bare(number: Decimal, unit: str = "") -> Spans:
    return Spans(unit, ((number, number),))


def _years(text: str) -> Spans | None:
    spans: list[tuple[Decimal, Decimal]] = []
    for hit in _YEARS.finditer(text):
        first = int(hit[1])
        spans.append((Decimal(first), Decimal(_last_year(first, hit))))
    return Spans("", tuple(spans)) if spans else None


def _last_year(first: int, hit: re.Match[str]) -> int:
    if hit[3] or (hit[2] is None and re.search(r"[-–—]\s*$", hit[0])):
        return int(FOREVER)
    if hit[2] is None:
        return first
    if not hit[2].isdigit():
        return int(FOREVER)
    last = int(hit[2]) if len(hit[2]) == 4 else first - first % 100 + int(hit[2])
    return last if last >= first else first


def _count(word: str) -> Decimal | None:
    if word.isascii() and word.isdigit() and len(word) <= 4:
        return Decimal(word)
    number = _COUNTS.get(word.casefold())
    return None if number is None else Decimal(number)


def _seats(text: str) -> dict[str, Stated]:
    numbers = [_count(hit[1] or hit[2]) for hit in _SEATS.finditer(text)]
    spans = tuple((number, number) for number in numbers if number is not None)
    return {"seats": Spans("", spans)} if spans else {}


def _flags(text: str) -> dict[str, Stated]:
    hits = ((name, pattern.search(text)) for name, pattern in _FLAG)
    return {name: hit[1] is None for name, hit in hits if hit is not None}


def _words(text: str) -> dict[str, Stated]:
    found: dict[str, tuple[str, ...]] = {}
    for word in fold(text).split():
        if word in _WORDS:
            name, values = _WORDS[word]
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *values)))
    stated: dict[str, Stated] = {name: Texts(values) for name, values in found.items()}
    pack = _PACK.search(text)
    return stated | ({"count_per_pack": _bare(Decimal(pack[1] or pack[2]))} if pack else {})


def _lengths(text: str) -> dict[str, Stated]:
    stated: dict[str, Stated] = {}
    for hit in _LENGTH.finditer(text):
        number, unit = (hit[2], hit[3]) if hit[1] else (hit[4], hit[5])
        name = hit[1].lower() if hit[1] else _LENGTHS.get(hit[6].lower(), "diameter")
        kind, factor = units.base(_LENGTH_UNITS[unit.lower()])
        stated[name] = _bare(_decimal(number) * factor, kind)
    return stated


def _sizes(title: str) -> dict[str, Stated]:
    sizes = tuple(plain_size(hit[1] or hit[2]) for hit in _SIZE_TITLE.finditer(title))
    sizes += tuple(plain_size(hit[0]) for hit in _TYRE.finditer(title))
    return {"size": Texts(sizes)} if sizes else {}


def _colours(folded: str) -> tuple[str, ...]:
    """Return the colours named; "dark blue" and "light blue" stay apart."""
    words = folded.split()
    named: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        if word in _COLOURS:
            shade = f"{before} " if before in {"dark", "light", "pale", "royal", "forest"} else ""
            named.append(shade + _COLOUR_FORM.get(word, word))
    return tuple(dict.fromkeys(named))
