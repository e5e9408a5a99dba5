"""The details of a thing as attributes of the registry: only typed values, only where they make sense for the category."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from intentcast.records.anonymity import find_contact
from intentcast.records.rfp import MAX_DETAIL_CHARACTERS, Detail
from intentcastd.buyer.reading import brands, numerals, traits
from intentcastd.buyer.reading.category import Kind
from intentcastd.buyer.reading.measures import Measure, to_quantity
from intentcastd.buyer.reading.sizes import read_size
from intentcastd.buyer.reading.tokens import Found, Sentence
from intentcastd.buyer.reading.vehicle import Vehicle
from intentcastd.data import registries

_LENGTH_WORDS: Final = {
    "wide": "width", "width": "width", "across": "width", "tall": "height", "high": "height", "height": "height", "drop": "height",
    "long": "length", "length": "length", "deep": "depth", "depth": "depth", "diameter": "diameter", "thick": "depth",
}  # fmt: skip
_SCREENS: Final = ("el-17", "el-6", "el-4-8", "vp-1-3")
_INT_PATTERNS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "seats",
            rf"\b(?:seats?|sleeps?|seating(?: for)?|room for)\s+(?P<n>{numerals.WORD}|\d{{1,2}})\b(?!\s?(?:cm|mm|m\b|in))",
        ),
        ("seats", rf"\b(?P<n>{numerals.WORD}|\d{{1,2}})[- ]?(?:seats?|seaters?)\b"),
        ("bedrooms", rf"\b(?P<n>{numerals.WORD}|\d)[- ]?(?:bed|bedrooms?|br)\b(?= |$|[.,;])"),
        (
            "persons",
            rf"\b(?:for|of|feeds?|serves?|feed|enough for)\s+(?P<n>{numerals.WORD}|\d{{1,3}})\s+(?:people|persons|guests|kids|children|adults|pax)\b",
        ),
        ("count_per_pack", rf"\b(?:pack|box|boxes|set|bag) of (?P<n>{numerals.WORD}|\d{{1,4}})\b"),
        ("count_per_pack", rf"\b(?P<n>{numerals.WORD}|\d{{1,4}})[- ](?:pack|piece)\b"),
    )
)
_AGE: Final = re.compile(
    r"\b(?:age[sd]?\s*:?\s*(?P<a>\d{1,2})|(?P<b>\d{1,2})[- ](?:years?|yrs?|yo|y/o)(?:[- ]old)?\b(?! (?:warranty|guarantee|experience)))"
)
_LANGUAGE: Final = re.compile(
    r"\b(?P<word>"
    + "|".join(traits.LANGUAGES)
    + r")[- ](?P<what>keyboard|speaking|speaker|edition|version|subtitles|language|lesson|lessons|teacher|tutor|class|classes|conversation|course|book|translation)\b"
    r"|\bin (?P<plain>" + "|".join(traits.LANGUAGES) + r")\b(?! (?:style|street|colou?r|leather|wool|oak|linen|silk))"
)
_WARRANTY: Final = re.compile(
    rf"\b(?P<n>{numerals.WORD}|\d{{1,2}})[- ](?P<unit>year|month)s?['’]?\s+(?:warranty|guarantee)\b"
)
_YEAR: Final = re.compile(
    r"(?<![\w.,/-])(?:from |model year |year |of )?(?P<year>(?:19[2-9]|20[0-3])\d)(?![\w/-]|[.,]\d)"
)
_VEHICLE_PARTS: Final = ("vp-1", "se-1")


def read_details(
    sentence: Sentence, kind: Kind | None, vehicle: Vehicle | None, measures: list[Measure]
) -> dict[str, Found[Detail]]:
    """Return the details that the sentence states, by attribute id; the surest reading of each."""
    category = kind.code if kind else None
    registry = registries.attributes()
    details: dict[str, Found[Detail]] = {}
    for name, found in _all(sentence, kind, vehicle, measures):
        attribute = registry[name]
        # A service that rents or mends a thing has the thing's details.
        is_service = category is not None and category.startswith("se")
        if not (attribute.fits(category) or (is_service and name not in {"diet", "memory", "storage"})):
            continue
        if isinstance(found.value, str) and not _may_leave(found.value):
            continue
        if name not in details or found.confidence > details[name].confidence:
            details[name] = found
    return details


def _may_leave(value: str) -> bool:
    """Tell whether a text is a detail: a model of seven digits is as good as a telephone number (ANO-4)."""
    return 1 <= len(value) <= MAX_DETAIL_CHARACTERS and find_contact(value) is None


def _all(
    sentence: Sentence, kind: Kind | None, vehicle: Vehicle | None, measures: list[Measure]
) -> Iterator[tuple[str, Found[Detail]]]:
    yield from _vehicle(kind, vehicle)
    yield from _measures(sentence, kind, measures)
    yield from _numbers(sentence)
    yield from _flags(sentence)
    for size in read_size(sentence, kind):
        yield "size", Found(size.value, size.confidence, size.start, size.end)
    yield from _values(sentence)
    yield from _words(sentence, kind)
    yield from _languages(sentence, kind)
    if vehicle is None:
        yield from brands.read_brand(sentence)
        yield from _year(sentence)


def _vehicle(kind: Kind | None, vehicle: Vehicle | None) -> Iterator[tuple[str, Found[Detail]]]:
    if vehicle is None:
        return
    code = kind.code if kind else ""
    # A part is for a vehicle; a vehicle is of a brand.
    for_it = code.startswith(_VEHICLE_PARTS)
    parts: tuple[tuple[str, str | int | None], ...] = (
        ("brand", vehicle.make),
        ("model", vehicle.model),
        ("year", vehicle.year),
    )
    for name, value in parts:
        if value is not None:
            yield f"vehicle_{name}" if for_it else name, Found(value, 0.9, vehicle.start, vehicle.end)


def _measures(sentence: Sentence, kind: Kind | None, measures: list[Measure]) -> Iterator[tuple[str, Found[Detail]]]:
    for measure in measures:
        if sentence.is_claimed(measure.start, measure.end):
            continue
        yield from _measure(sentence, kind, measure)


def _measure(sentence: Sentence, kind: Kind | None, measure: Measure) -> Iterator[tuple[str, Found[Detail]]]:
    after = sentence.lower[measure.end : measure.end + 18]
    before = sentence.lower[max(0, measure.start - 16) : measure.start]
    code = kind.code if kind else ""
    if measure.kind == "voltage" and measure.low is not None:
        yield from _found("voltage_in", measure.low, measure)
        yield from _found("voltage_out", measure.number, measure)
        return
    name = {
        "power": "power",
        "voltage": "voltage",
        "current": "current",
        "frequency": "frequency",
        "surface": "area",
        "volume": "capacity",
    }.get(measure.kind)
    if measure.kind == "storage":
        name = "memory" if re.match(r"\s*(?:of )?(?:ram|memory|ddr)", after) else "storage"
    elif measure.kind == "mass":
        name = "weight"
    elif measure.kind == "length":
        name = _length(code, measure, before, after)
    if name is not None:
        yield from _found(name, measure.number, measure)


def _length(code: str, measure: Measure, before: str, after: str) -> str | None:
    word = re.match(r"\s*(?:of )?([a-z]+)", after)
    if word and word[1] in _LENGTH_WORDS:
        return _LENGTH_WORDS[word[1]]
    said = re.findall(r"[a-z]+", before)
    if said and said[-1] in _LENGTH_WORDS:
        return _LENGTH_WORDS[said[-1]]
    if measure.unit in {"KMT", "SMI"}:
        return "mileage"
    if measure.unit == "INH" and code.startswith(_SCREENS):
        return "screen"
    if measure.unit == "INH" and code.startswith(("sg-4-4", "vp-1-4-20")):
        return "wheel_size"
    if code.startswith(("el-7-7", "ha-11-13", "ha-11-11", "ha-6-4", "hg-12-6", "sg-4-1-5", "ha-10")):
        return "length"
    if code.startswith(("tg-3-14", "hg-11-2", "hg-18-5")):
        return "diameter"
    return None


def _found(name: str, number: Decimal, measure: Measure) -> Iterator[tuple[str, Found[Detail]]]:
    quantity = to_quantity(number, measure.unit)
    if quantity is not None:
        yield name, Found(quantity, 0.85, measure.start, measure.end)


def _numbers(sentence: Sentence) -> Iterator[tuple[str, Found[Detail]]]:
    for name, pattern in _INT_PATTERNS:
        for match in pattern.finditer(sentence.lower):
            number = numerals.value_of(match["n"])
            if number is not None and number == int(number) and 0 < number < 10_000:
                yield name, Found(int(number), 0.8, *match.span())
    for match in _AGE.finditer(sentence.lower):
        years = to_quantity(Decimal(match["a"] or match["b"]), "ANN")
        if years is not None:
            yield "age", Found(years, 0.6, *match.span())
    for match in _WARRANTY.finditer(sentence.lower):
        number = numerals.value_of(match["n"])
        length = None if number is None else to_quantity(number, "ANN" if match["unit"] == "year" else "MON")
        if length is not None:
            yield "warranty", Found(length, 0.8, *match.span())


def _flags(sentence: Sentence) -> Iterator[tuple[str, Found[Detail]]]:
    for name, pattern, value in traits.FLAGS:
        match = pattern.search(sentence.lower)
        if match:
            yield name, Found(value, 0.75, *match.span())


def _values(sentence: Sentence) -> Iterator[tuple[str, Found[Detail]]]:
    for name, pattern in traits.VALUES:
        for match in pattern.finditer(sentence.open):
            if not sentence.is_claimed(*match.span("value")):
                value = re.sub(r"\s+", " ", match["value"]).strip()
                yield name, Found(value.upper() if name == "size" and len(value) <= 4 else value, 0.8, *match.span())
                break


def _words(sentence: Sentence, kind: Kind | None) -> Iterator[tuple[str, Found[Detail]]]:
    tokens = sentence.tokens
    for index, token in enumerate(tokens):
        if not token.is_word or not sentence.is_free(token):
            continue
        before = tokens[index - 1].word if index else ""
        word = traits.english(sentence.form(token)) if sentence.language == "de" else token.word
        colour = traits.colour(word, before)
        if colour and before not in {"no", "not"}:
            start = tokens[index - 1].start if " " in colour else token.start
            # The first colour named is the thing's; later ones are often of something else.
            yield "colour", Found(colour, 0.75, start, token.end)
        material = traits.material(word)
        # A word of the thing's own name says nothing more: "wood stove", "glass".
        if material and not (kind and kind.first <= index <= kind.last):
            yield "material", Found(material, 0.7, token.start, token.end)


def _languages(sentence: Sentence, kind: Kind | None) -> Iterator[tuple[str, Found[Detail]]]:
    for match in _LANGUAGE.finditer(sentence.lower):
        word = match["word"] or match["plain"]
        spoken = match["what"] in {"speaking", "speaker"} and kind is not None and kind.kind == "service"
        yield "spoken_language" if spoken else "language", Found(traits.LANGUAGES[word], 0.75, *match.span())


def _year(sentence: Sentence) -> Iterator[tuple[str, Found[Detail]]]:
    for match in _YEAR.finditer(sentence.lower):
        if not sentence.is_claimed(*match.span("year")):
            yield "year", Found(int(match["year"]), 0.6, *match.span("year"))
