"""How much or how many is wanted. Sizes, packs, models, prices and dates are numbers too, and no quantity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from intentcast.records.vocabulary import Quantity, on_branch
from intentcastd.buyer.reading import numerals
from intentcastd.buyer.reading.category import Kind, phrase_index
from intentcastd.buyer.reading.lexicon import FUNCTION_WORDS
from intentcastd.buyer.reading.measures import Measure, to_quantity
from intentcastd.buyer.reading.tokens import Found, Sentence

ONE: Final = Quantity(1)

# Words that are counted, and the unit: packages have codes of Rec 21 behind an X.
_COUNTED: Final[dict[str, str]] = {
    **dict.fromkeys("pcs|pc|pieces|units|nos|off|copies|sets|tickets|stück|stueck|stk|exemplare|karten|paar|sessions|lessons|items|of them|pairs|pair|rolls of|each".split("|"), "C62"),
    **dict.fromkeys("boxes|box|cases|crates|cartons|kisten|kiste|kästen|kasten|kartons|karton".split("|"), "XBX"),
    **dict.fromkeys("packs|packets|packages|pkts|packungen|packung|pakete|päckchen".split("|"), "XPK"),
    **dict.fromkeys("bottles|flaschen|flasche".split("|"), "XBO"),
    **dict.fromkeys("bags|sacks|säcke|beutel".split("|"), "XBG"),
    **dict.fromkeys("pages|seiten".split("|"), "ZP"),
    **dict.fromkeys("page".split("|"), "ZP"),
    **dict.fromkeys("persons|adults|guests|passengers|pax|people|personen|gäste".split("|"), "IE"),
    **dict.fromkeys("tubes|balls|cans|jars|tins|rolls|sheets|bars|buckets|pots|trays|bunches|kegs|reams|skeins|dosen|tuben|gläser|rollen|eimer|töpfe|bund".split("|"), "C62"),
}  # fmt: skip
_PERSONS: Final = frozenset({"IE"})
_NUMBER: Final = rf"(?P<number>{numerals.WORD}|{numerals.DIGITS})"
_COUNT: Final = re.compile(
    rf"(?<![\w.,/$€£-]){_NUMBER}\s?(?:x\s)?(?P<unit>{'|'.join(sorted(map(re.escape, _COUNTED), key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)
_CUED: Final = (
    re.compile(r"\b(?:qty|quantity|amount)\s*[:=.]?\s*(?P<number>\d{1,6})\b", re.IGNORECASE),
    re.compile(
        r"(?<![\w.])(?<!\d )(?<!(?:cm|mm) )x\s?(?P<number>\d{1,4})(?![\w.]|\s?(?:cm|mm|m\b|met|in\b|inch|ft\b|x))",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w.,x])(?P<number>\d{1,4})\s?x\s(?![\s\d])", re.IGNORECASE),
    re.compile(
        r"\b(?:like|about|around|roughly|approx\.?|~|etwa|circa|ca\.|ungefähr)\s+(?P<number>\d{1,5})(?=\s*(?:[.,;!]\s|[.;!]?$))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\w.,]){_NUMBER}\s+(?:of (?:them|these|those|each)|in total|altogether)\b", re.IGNORECASE),
)
_PACKED: Final = re.compile(
    r"^[\s-]*(?:bag|sack|tub|bottle|can|tin|pack|packet|box|bucket|keg|jar|canister|drum|barrel|tank|cylinder|carton|roll|crate)\b"
)
_NO_COUNT_BEFORE: Final = frozenset(
    "size no number class series serie type mk gen generation version model age aged grade level page unit flat part under over up max min ip din iso than".split()
)
_NO_COUNT_AFTER: Final = frozenset(
    "bed bedroom bedrooms bathroom door doors seater seat seats person man men year years month old inch speed burner key "
    "stunden stunde tage tagen wochen woche monate jahre jahren uhr personen zimmer raum jahrige türer people guests kids children adults gang way ply star pm am th st nd rd piece ring hole string wheel drawer tier litre liter string button pin gear phase zone channel cup slot slice "
    "floor times days hours weeks hour day week am pm percent degrees".split()
)
# "A pack of 24 pencils" is one pack.
_PACK_OF: Final = re.compile(
    r"\b(?:pack|packet|box|set|case|crate|bag|bundle|carton|packung|schachtel|kiste|satz) (?:of|mit|von|à) $"
)
# What is bought by weight or volume; of other things "200 litres" says how large they are.
_LOOSE: Final = (
    "fb", "hg-5-7", "ha-1", "ha-4", "hg-12-1-3", "hg-12-1-12", "hg-12-1-18", "ap-2-3-3", "ap-2-1-3", "bi-2-1-2", "se-7-6", "na",
)  # fmt: skip
_REACH: Final = 6
_GERMAN_LEADS: Final = frozenset(
    "für mit zu von aus der die das den dem auf und mein meine meinen im am vom zum zur bei nach".split()
)
_ARTICLES: Final = frozenset("a an ein eine einen einem einer".split())
_DEEDS: Final = frozenset(
    "rent hire borrow lease charter repair fix clean paint miete mieten leihen suche brauche benotige".split()
)


def read_quantity(sentence: Sentence, kind: Kind | None, measures: list[Measure]) -> Found[Quantity] | None:
    """Return how much is wanted, or None where the sentence does not say."""
    found = [
        *_counted(sentence, kind),
        *_cued(sentence),
        *_before_thing(sentence, kind, measures),
        *_measured(sentence, kind, measures),
    ]
    return max(found, key=lambda item: (item.confidence, -item.start), default=None)


def _found(number: Decimal | None, unit: str, sure: float, start: int, end: int) -> Iterator[Found[Quantity]]:
    if number is not None and 0 < number < 10**9:
        quantity = to_quantity(number, unit)
        if quantity is not None:
            yield Found(quantity, sure, start, end)


def _counted(sentence: Sentence, kind: Kind | None) -> Iterator[Found[Quantity]]:
    for match in _COUNT.finditer(sentence.open):
        unit = _COUNTED[match["unit"].lower()]
        if sentence.is_claimed(*match.span("number")):
            continue
        # People are a quantity where they are what is served: of a table they are its size.
        if unit in _PERSONS and not (kind and kind.kind == "service"):
            continue
        before = sentence.open[: match.start()].rstrip().lower()
        after = sentence.open[match.end() :].lower()
        if before.endswith((" of", "-", "per", "in")) or re.match(r"\s*(?:per|a|each)\b", after):
            continue
        yield from _found(numerals.value_of(match["number"]), unit, 0.9 if unit not in _PERSONS else 0.7, *match.span())


def _cued(sentence: Sentence) -> Iterator[Found[Quantity]]:
    for pattern in _CUED:
        for match in pattern.finditer(sentence.open):
            # "One of those" is a kind of thing, and no number.
            if not sentence.is_claimed(*match.span("number")) and match["number"].lower() != "one":
                yield from _found(numerals.value_of(match["number"]), "C62", 0.92, *match.span())


_PLAIN: Final = re.compile(rf"(?<![\w.,/$€£'’-]){_NUMBER}(?![\w/°%'’\"”]|[.,:]\d|-)", re.IGNORECASE)


def _before_thing(sentence: Sentence, kind: Kind | None, measures: list[Measure]) -> Iterator[Found[Quantity]]:
    """Return numbers that stand before the thing: "sixty pressure treated fence posts", "a trampoline"."""
    if kind is None:
        return
    tokens = sentence.tokens
    thing = tokens[kind.first].start
    # A phrase such as "rent chairs" begins before its number.
    for match in _PLAIN.finditer(sentence.open, max(0, thing - 60), tokens[kind.last].start):
        number = match["number"]
        between = sentence.open[match.end() : max(thing, match.end())].lower()
        words = re.findall(r"[^\W\d_]+", between)
        if (
            sentence.is_claimed(*match.span())
            or any(measure.start == match.start() for measure in measures)
            or _PACK_OF.search(sentence.open[max(0, match.start() - 24) : match.start()].lower())
            or len(words) > _REACH
            or re.search(r"[.;:!?(]|(?<![a-z\d])\d+(?!\s?-?[a-z\d])", between)
            or (
                any(
                    word
                    in {"for", "with", "in", "to", "of", "at", "from", "the", "that", "on", "and", "my"} | _GERMAN_LEADS
                    for word in words[1:] or words
                )
                and number.lower() not in {"a pair of", "a couple of"}
            )
            or _next_word(sentence.open[match.end() :]) in _NO_COUNT_AFTER
            or _last_word(sentence.open[: match.start()]) in _NO_COUNT_BEFORE
            or _follows_name(sentence, match.start())
            or (number.lower() == "one" and _stands_alone(sentence, match))
        ):
            continue
        yield from _found(numerals.value_of(number), "C62", 0.85 - 0.03 * len(words), *match.span())
    yield from _article(sentence, kind)


def _article(sentence: Sentence, kind: Kind) -> Iterator[Found[Quantity]]:
    """Return one, where "a" or "an" leads to the thing: "a cheap android", "rent a minivan"."""
    tokens = sentence.tokens
    for index in range(kind.last - 1, max(-1, kind.first - _REACH - 1), -1):
        token = tokens[index]
        if token.word in _ARTICLES and tokens[index + 1].start > token.end:
            # "Half a carcass" and "once a week" are none.
            if index and tokens[index - 1].word in {"half", "once", "twice", "times", "such", "quite"}:
                return
            yield Found(ONE, 0.6, token.start, token.end)
            return
        if index < kind.first and (token.text in ".,;:!?()" or (token.is_word and token.word in _NO_ADJECTIVES)):
            return


_NO_ADJECTIVES: Final = FUNCTION_WORDS - frozenset(
    "new old used good nice cheap cheapest small large big medium little light heavy thin thick black white red blue green grey gray brown "
    "yellow pink purple orange silver gold dark wide tall long high deep refurbished second hand brand watt watts volt volts inch cm mm m kg "
    "litre liter amp gb tb".split()
)


def _measured(sentence: Sentence, kind: Kind | None, measures: list[Measure]) -> Iterator[Found[Quantity]]:
    """Return amounts by weight, volume or time: "5 kg of", "2 quarts", a photographer "for 2 hours"."""
    lower = sentence.lower
    for measure in measures:
        if sentence.is_claimed(measure.start, measure.end):
            continue
        after, before = lower[measure.end :], lower[: measure.start].rstrip()
        if measure.kind == "time":
            sure = _duration(kind, measure.unit, before, after)
        elif measure.kind in {"mass", "volume", "surface"}:
            sure = _amount(kind, before, after)
        elif measure.kind == "length" and measure.unit not in {"KMT", "SMI"}:
            sure = 0.75 if re.match(r"\s+of\b", after) else 0.0
        else:
            sure = 0.0
        if sure:
            yield from _found(measure.number, measure.unit, sure, measure.start, measure.end)


def _duration(kind: Kind | None, unit: str, before: str, after: str) -> float:
    if (
        kind is None
        or kind.kind == "goods"
        or (unit == "ANN" and kind.kind != "rental")
        or re.match(r"\s*(?:old|ago|warranty|experience|from now)\b", after)
    ):
        return 0.0
    if before.endswith(("for", "about", "around", "of", "approx")):
        return 0.8
    return 0.0 if before.endswith(("in", "within", "next", "every", "once", "under", "than")) else 0.65


def _amount(kind: Kind | None, before: str, after: str) -> float:
    if _PACKED.match(after) or re.search(
        r"(?:up to|max|at least|min|minimum|about|over|under|less than|hold\w*|load)$", before
    ):
        return 0.0
    if re.match(r"\s+of\b", after):
        return 0.85
    loose = kind is not None and any(on_branch(kind.code, branch) for branch in _LOOSE if len(kind.code) >= len(branch))
    return 0.7 if loose else 0.0


def _stands_alone(sentence: Sentence, match: re.Match[str]) -> bool:
    """Tell whether "one" stands for a thing that was named: "a solid oak one that extends"."""
    after = _next_word(sentence.open[match.end() :])
    ends = re.match(r"\s*(?:[.,;:!?)]|$)", sentence.open[match.end() :]) is not None
    return ends or after in {"that", "which", "with", "for", "in", "to", "is", "if", "please", "from", "at"}


def _last_word(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text[-24:].lower())
    return words[-1] if words else ""


def _next_word(text: str) -> str:
    found = re.match(r"[\s-]*([^\W\d_]+)", text)
    return found[1].lower() if found else ""


def _follows_name(sentence: Sentence, start: int) -> bool:
    """Tell whether a number belongs to a name or thing before it: "Windows 11", "iphone 13"."""
    index = next((place for place, token in enumerate(sentence.tokens) if token.start >= start), 0) - 1
    # "Rent 80 chairs": to rent is part of phrases too, and no thing.
    if index < 0 or sentence.tokens[index].word in _DEEDS:
        return False
    token = sentence.tokens[index]
    small = sentence.small_words
    if token.is_word and sentence.form(token) in phrase_index(sentence.language) and token.word not in small:
        return True
    capital = token.text[0].isupper() or any(letter.isupper() for letter in token.text[1:])
    return (
        token.is_word
        and capital
        and not sentence.starts_thought(index)
        and token.word not in small
        and sentence.has_capitals
        and sentence.language != "de"
    )
