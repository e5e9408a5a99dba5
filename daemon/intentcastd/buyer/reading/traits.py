"""Words that name one trait of a thing, and the attribute and value that they stand for."""

from __future__ import annotations

import re
from typing import Final

COLOURS: Final = (
    "black white red blue green yellow orange purple pink brown grey gray beige navy teal turquoise maroon burgundy cream ivory silver gold "
    "mustard khaki olive lilac lavender violet magenta mint coral charcoal tan camel bronze copper peach scarlet sage"
).split()
SHADES: Final = "dark light pale royal forest bottle pearl sage bright deep baby sky hot matte matt".split()
_SAME_COLOUR: Final = {"gray": "grey"}

MATERIALS: Final = (
    "cotton linen wool merino cashmere silk satin velvet leather suede polyester nylon denim oak walnut pine beech teak bamboo rattan wicker "
    "glass ceramic porcelain steel aluminium aluminum brass copper iron marble granite slate plastic silicone titanium carbon nitrile latex "
    "wooden wood acrylic corduroy tweed fleece felt"
).split()
_SAME_MATERIAL: Final = {"aluminum": "aluminium", "wooden": "wood"}

LANGUAGES: Final = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl", "swedish": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "polish": "pl", "russian": "ru", "ukrainian": "uk", "czech": "cs", "greek": "el",
    "turkish": "tr", "arabic": "ar", "hebrew": "he", "hindi": "hi", "urdu": "ur", "bengali": "bn", "tamil": "ta", "chinese": "zh",
    "mandarin": "zh", "japanese": "ja", "korean": "ko", "thai": "th", "vietnamese": "vi", "swahili": "sw", "hungarian": "hu",
    "romanian": "ro", "icelandic": "is", "latvian": "lv", "lithuanian": "lt", "estonian": "et", "welsh": "cy", "catalan": "ca",
}  # fmt: skip

# Attribute, words, value. A value of True is a bool.
FLAGS: Final[tuple[tuple[str, re.Pattern[str], str | bool], ...]] = tuple(
    (name, re.compile(rf"(?<!no )(?<!not )\b(?:{words})\b"), value)
    for name, words, value in (
        ("roof_rack", r"roof[- ]?racks?", True),
        ("foldable", r"fold(?:able|ing)|folds|collapsible", True),
        ("waterproof", r"water[- ]?proof", True),
        ("wireless", r"wireless|cordless", True),
        ("organic", r"organic|bio", True),
        ("diet", r"vegan", "vegan"),
        ("diet", r"vegetarian|veggie", "vegetarian"),
        ("diet", r"halal", "halal"),
        ("diet", r"kosher", "kosher"),
        ("diet", r"gluten[- ]?free", "gluten_free"),
        ("diet", r"grain[- ]?free", "grain_free"),
        ("diet", r"lactose[- ]?free|dairy[- ]?free", "lactose_free"),
        ("dietary_free_from", r"nut[- ]?free", "nut"),
        ("dietary_free_from", r"(?:fragrance|perfume|scent)[- ]?free|unscented", "fragrance"),
        ("dietary_free_from", r"sugar[- ]?free", "sugar"),
        ("gender", r"women['’]?s?|ladies['’]?|lady['’]?s", "women"),
        ("gender", r"men['’]?s|gents['’]?|mens", "men"),
        ("gender", r"girls?['’]?s?(?! friend)", "girls"),
        ("gender", r"boys?['’]?s?(?! friend)", "boys"),
        ("gender", r"unisex", "unisex"),
        ("gear", r"automatic(?: gearbox| transmission)?", "automatic"),
        ("gear", r"manual(?: gearbox| transmission)|stick shift", "manual"),
        ("fit", r"left[- ]?handed|lefty", "left_handed"),
        ("fit", r"slim[- ]fit|slim", "slim"),
        ("fit", r"wide[- ]fit|wide feet", "wide"),
        ("level", r"beginners?|starter", "beginner"),
        ("level", r"intermediate", "intermediate"),
        ("level", r"advanced|expert", "advanced"),
        ("connector", r"usb[- ]?c", "usb-c"),
        ("connector", r"usb[- ]?a", "usb-a"),
        ("connector", r"hdmi", "hdmi"),
        ("connector", r"displayport", "displayport"),
        ("connector", r"lightning", "lightning"),
        ("connector", r"uk plug", "type-g"),
        ("connector", r"eu plug|schuko", "type-f"),
        ("connector", r"us plug", "type-b"),
        ("mount", r"isofix", "isofix"),
        ("mount", r"canon ef", "canon-ef"),
        ("mount", r"canon rf", "canon-rf"),
        ("mount", r"nikon z", "nikon-z"),
        ("mount", r"sony e", "sony-e"),
        ("format", r"vinyl|pressing", "vinyl"),
        ("format", r"paperback", "paperback"),
        ("format", r"hardcover|hardback", "hardcover"),
        ("fuel", r"diesel", "diesel"),
        ("fuel", r"petrol|gasoline|benziner?", "petrol"),
        ("fuel", r"hybrid", "hybrid"),
        ("fuel", r"electric (?:car|van|vehicle)|fully electric", "electric"),
        ("platform", r"ps5|playstation 5", "ps5"),
        ("platform", r"ps4|playstation 4", "ps4"),
        ("platform", r"nintendo switch|switch game", "switch"),
        ("platform", r"xbox", "xbox"),
        ("shape", r"round(?! trip)", "round"),
        ("shape", r"rectangular", "rectangular"),
        ("firmness", r"(?:extra )?firm", "firm"),
        ("resolution", r"4k(?:60)?|uhd", "4k"),
        ("resolution", r"full hd|1080p", "1080p"),
        ("skin_type", r"dry skin", "dry"),
        ("skin_type", r"oily skin", "oily"),
        ("skin_type", r"sensitive skin", "sensitive"),
        ("pattern", r"stripe[ds]?|striped", "striped"),
        ("pattern", r"floral", "floral"),
        ("pattern", r"plaid|tartan|checked", "checked"),
        ("pattern", r"polka[- ]?dots?", "dotted"),
    )
)

# Patterns that hold their own value in the group `value`.
VALUES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("size", re.compile(r"(?<![\w/])(?P<value>\d{3}/\d{2}\s?Z?R\s?\d{2}C?)\b", re.IGNORECASE)),
    ("size", re.compile(r"\bsizes?\s*:?\s*(?P<value>(?:eu|uk|us)?\s?\d{1,3}(?:[.,]5)?\s?(?:[A-H]{1,3}\b)?|[2-6]?X{0,3}[SL]\b|M\b)", re.IGNORECASE)),
    ("size", re.compile(r"\b(?P<value>(?:EU|UK|US)\s?\d{1,2}(?:[.,]5)?)\b(?!\s?(?:plug|dollar|\$))")),
    ("size", re.compile(r"\b(?P<value>[2-6]?X{1,3}[SL]|[2-6]XL)\b")),
    ("size", re.compile(r"\b(?P<value>king|queen|double|single|twin|super king)(?:[- ]size)?\b(?=\s+(?:size|bed|duvet|mattress|sheet|fitted|comforter|quilt))", re.IGNORECASE)),
    ("size", re.compile(r"(?<![\w.,])(?P<value>\d{2,3}(?:[.,]\d)?\s?x\s?\d{2,3}(?:[.,]\d)?(?:\s?x\s?\d{1,3}(?:[.,]\d)?)?)(?!\d)")),
    ("strength", re.compile(r"(?<![\w.])(?P<value>[-+−]\s?\d{1,2}[.,]\d{2})(?!\d)")),
    ("energy_class", re.compile(r"\benergy (?:class|rating|label)\s(?P<value>[A-G]\+{0,3})(?!\w)", re.IGNORECASE)),
    ("class", re.compile(r"\b(?P<value>IP\s?\d{2}|class\s\d)\b", re.IGNORECASE)),
    ("mount", re.compile(r"\b(?P<value>E14|E27|GU10|GU5\.3|B22|G9)\b")),
    ("format", re.compile(r"\b(?P<value>A[0-6])(?=\b)(?!\s?\d)")),
    ("level", re.compile(r"\b(?P<value>IB HL|IB SL|GCSE|A[- ]level|[ABC][12])\b(?=.*\b(?:tutor|lesson|teacher|course|class|exam|english|german|french|spanish))")),
)  # fmt: skip


# Stems of German words.
_GERMAN: Final = {
    "schwarz": "black", "weiss": "white", "rote": "red", "rot": "red", "blau": "blue", "grun": "green", "gelb": "yellow", "lila": "purple",
    "braun": "brown", "grau": "grey", "silb": "silver", "turkis": "turquoise", "holz": "wood", "eich": "oak", "buch": "beech", "kief": "pine",
    "nussbaum": "walnut", "led": "leather", "baumwoll": "cotton", "wolle": "wool", "leinen": "linen", "seide": "silk", "edelstahl": "steel",
    "stahl": "steel", "messing": "brass", "kupfer": "copper", "kunststoff": "plastic", "marmor": "marble", "keramik": "ceramic", "massivholz": "wood",
}  # fmt: skip


def english(stem: str) -> str:
    """Return the English word for a German colour or material by its stem, or the stem itself."""
    return _GERMAN.get(stem, stem)


def colour(word: str, before: str) -> str | None:
    """Return the colour that a word names, with its shade if one stands before it."""
    if word not in COLOURS:
        return None
    plain = _SAME_COLOUR.get(word, word)
    return f"{before} {plain}" if before in SHADES and before != plain else plain


def material(word: str) -> str | None:
    """Return the material that a word names."""
    return _SAME_MATERIAL.get(word, word) if word in MATERIALS else None
