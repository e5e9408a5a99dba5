"""What kind of thing a sentence asks for.

Phrases of the tables are looked for; each hit is weighed by how much it says (long phrases say more), by where it stands
(what follows "need" counts, what follows "for my" does not), and by whether another noun follows that it only describes
("phone" in "phone case").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from intentcast.records.vocabulary import on_branch
from intentcastd.buyer.reading import german
from intentcastd.buyer.reading.kind import RENTALS, REPAIRS, Deed
from intentcastd.buyer.reading.lexicon import FILLERS
from intentcastd.buyer.reading.spelling import corrected
from intentcastd.buyer.reading.tokens import Sentence, words_of
from intentcastd.buyer.reading.vehicle import CARS, MOTORCYCLES, TWO_WHEELS, Vehicle
from intentcastd.data import registries, taxonomy
from intentcastd.data.folding import fold
from intentcastd.data.taxonomy import Language, Phrase

# How many words may stand between the parts of a phrase: "guitar, a used electric one" is too far.
_WINDOW: Final = 5
_WEIGHTS: Final = {1: 1.0, 2: 2.0, 3: 2.8, 4: 3.4}
_SCATTERED: Final = 0.62
_NAME_ONLY: Final = 0.8
_IMPORTED: Final = 0.75
_IMPORTED_WORD: Final = 0.5
# A part of a German compound has at least so many letters: "Garten|tisch".
_LEAST_PART: Final = 4
_FOLLOWED: Final = 0.68
_ASIDE: Final = 0.5
_REFUSED: Final = 0.2
_ASKED: Final = 1.3
_FIRST: Final = 1.1
_LEAST: Final = 0.45
_RIVAL: Final = 0.9
_FOR_A_TRADE: Final = 0.6
_HOLDING: Final = 0.4
_CONTAINERS: Final = frozenset(
    "pallet box bag crate bottle case carton jar can tin roll bunch basket sack tub pack bucket tray barrel".split()
)

# What comes after these words is why, for whom or with what, not the thing itself.
_ASIDES: Final = frozenset(
    "for with from because after before like than to into onto near against of off under behind beside about by when if while until "
    "including incl plus and since per on at in has have had via cos w "
    "fur mit von aus weil nach vor wie als gegen bei uber unter neben hinter wahrend wenn inklusive inkl samt und seit pro an auf im am "
    "zum zur aus".split()
)
_REFUSALS: Final = frozenset(
    "not no without never nothing instead except neither nicht kein keine keinen ohne nie nichts statt".split()
)
# "Still no rucksack" says that one is wanted; "no rucksack" that it is not.
_LACKS: Final = frozenset("still have has got had there left is am with noch habe haben".split())
_ASKING: Final = re.compile(
    r"\b(?:need(?:s|ed)?|want(?:s|ed|ing)?|look(?:ing)? for|search(?:ing)?(?: for)?|seek(?:ing)?|after|buy|find|wtb|iso|"
    r"require[sd]?|request(?:ing)?|price (?:for|on|of)|cost of|quote for|get|got|has|sells?|rent|hire|send me|offer|order|dream of|supply|"
    r"anyone doing|do my|give|is there|there such a thing as|would like|in need of|can you recommend|recommend|any(?:body|one) (?:have|with)|"
    r"e-?mail an?|how much (?:for|is|are)|does anybody have|love to rent|hunting for|wish for|could use|wanted|who (?:does|can|could|has|sells|makes|repairs)|"
    r"somebody to|someone to|anybody who|grateful for|interested in|kindly share|must feed|so need|(?:what|which|where)\b"
    r"|such(?:e|en|t)?|brauch(?:e|en|t)|benötig(?:e|en|t)|möchten?|hätten? gern|kauf(?:e|en)|verkauft|wer (?:hat|kann|macht|verkauft|repariert)|hat jemand|gibt es|"
    r"miet(?:e|en)|leih(?:e|en)|bekomme|find(?:e|en)|bestellen?|angebot für|preis für|was kostet|gesucht:|wünsche mir|nehme)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: its weight here and the tokens it covers."""

    phrase: Phrase
    weight: float
    first: int
    last: int
    after_for: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """The reading: category, service word, what is done, how sure, and where the thing is named.

    Attributes:
        rival: a category of another branch that explains the sentence nearly as well.
    """

    code: str
    service: str | None
    kind: str
    confidence: float
    first: int
    last: int
    rival: str | None = None


def phrase_index(language: Language = "en") -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases of the tables, and of the list that is imported, by their last word."""
    return _index(language, taxonomy.edition())


@lru_cache(maxsize=4)
def _index(language: Language, edition: int) -> dict[str, tuple[Phrase, ...]]:
    return taxonomy.index(_german_words if language == "de" else _search_words, language)


def _search_words(phrase: str) -> tuple[str, ...]:
    words = words_of(phrase)
    return tuple(word for word in words if word not in FILLERS) or words


def _german_words(phrase: str) -> tuple[str, ...]:
    return tuple(german.stem(word) for word in fold(phrase).split())


def own_vocabulary(language: Language = "en") -> frozenset[str]:
    """Return every word of the phrases of our own tables: what is one of these is seldom a place."""
    return _own_vocabulary(language, taxonomy.edition())


@lru_cache(maxsize=4)
def _own_vocabulary(language: Language, edition: int) -> frozenset[str]:
    own = taxonomy.categories()
    index = phrase_index(language)
    return frozenset(
        word for phrases in index.values() for phrase in phrases if phrase.code in own for word in phrase.words
    )


def vocabulary(language: Language = "en") -> frozenset[str]:
    """Return every word of every phrase."""
    return _vocabulary(language, taxonomy.edition())


@lru_cache(maxsize=4)
def _vocabulary(language: Language, edition: int) -> frozenset[str]:
    index = phrase_index(language)
    return frozenset(word for phrases in index.values() for phrase in phrases for word in phrase.words)


def read_kind(sentence: Sentence, deed: Deed | None, vehicle: Vehicle | None) -> Kind | None:
    """Return what is asked for, or None if no word of it is known.

    Args:
        sentence: what is read.
        deed: what is to be done with the thing.
        vehicle: the vehicle that is named: where no other thing is, it is the thing itself.
    """
    best = _best(list(_hits(sentence)), deed)
    if best is None or best[1] < _LEAST:
        return None if vehicle is None else _with_deed(_the_vehicle(sentence, vehicle), deed)
    hit, _, sure, rival = best
    doing = "service" if hit.phrase.service else "goods"
    named = Kind(hit.phrase.code, hit.phrase.service, doing, sure, hit.first, hit.last, rival)
    return _with_deed(named, deed)


def _the_vehicle(sentence: Sentence, vehicle: Vehicle) -> Kind:
    inside = [
        index
        for index, token in enumerate(sentence.tokens)
        if vehicle.start <= token.start and token.end <= vehicle.end
    ]
    code = MOTORCYCLES if vehicle.make in TWO_WHEELS else CARS
    return Kind(code, None, "goods", 0.6, inside[0], inside[-1])


def _with_deed(named: Kind, deed: Deed | None) -> Kind:
    if named.service is not None:
        # Tickets and warranties are sold as goods are; the service word says the rest.
        kind = (
            "rental" if named.service.startswith("rental.") else "service" if named.code.startswith("se") else "goods"
        )
        return Kind(named.code, named.service, kind, named.confidence, named.first, named.last)
    if deed is None:
        return named
    table = RENTALS if deed.name == "rental" else REPAIRS
    word = next(
        (word for branch, word in table if on_branch(named.code, branch) and len(named.code) >= len(branch)), None
    )
    if word is None:
        return named
    kind = "rental" if deed.name == "rental" else "service"
    return Kind(registries.services()[word].category, word, kind, named.confidence, named.first, named.last)


def _best(hits: list[Hit], deed: Deed | None) -> tuple[Hit, float, float, str | None] | None:
    """Return the hit that explains the sentence best, its score, how sure that is, and a rival nearly as good."""
    scores: list[tuple[float, Hit]] = []
    for hit in hits:
        score = hit.weight
        for other in hits:
            # Another word for the same thing or its kind elsewhere in the sentence supports it.
            apart = other.last < hit.first or other.first > hit.last
            if apart and on_branch(other.phrase.code, hit.phrase.code):
                score += 0.12 * other.weight
        if hit.phrase.service is not None and hit.after_for and any(_is_goods_before(other, hit) for other in hits):
            # Cutlery for a guesthouse is cutlery.
            score *= _FOR_A_TRADE
        scores.append((score * _deed_factor(hit, deed), hit))
    if not scores:
        return None
    scores.sort(key=lambda pair: (-pair[0], pair[1].first, -len(pair[1].phrase.code)))
    score, best = scores[0]
    others = ((score, hit.phrase.code) for score, hit in scores if not on_branch(hit.phrase.code, best.phrase.code))
    rival, code = next(others, (0.0, ""))
    sure = max(0.1, min(0.95, 0.35 + 0.2 * min(score, 2.5) + 0.3 * (score - rival) / score if score else 0.1))
    return best, score, round(sure, 2), code if rival > _RIVAL * score else None


def _is_goods_before(other: Hit, hit: Hit) -> bool:
    return other.phrase.service is None and other.last < hit.first and not on_branch(other.phrase.code, hit.phrase.code)


def _deed_factor(hit: Hit, deed: Deed | None) -> float:
    if deed is None:
        return 0.6 if (hit.phrase.service or "").startswith("rental.") else 1.0
    if hit.phrase.service is None:
        return 1.0
    return 1.25 if hit.phrase.service.startswith(deed.name) else 1.0


def _hits(sentence: Sentence) -> Iterator[Hit]:
    words = _content(sentence)
    phrases = phrase_index(sentence.language)
    asked = [match.end() for match in _ASKING.finditer(sentence.lower)]
    for place, (_, word) in enumerate(words):
        for phrase in phrases.get(word, ()):
            found = _match(phrase, words, place)
            if found is None:
                continue
            first, last, in_order = found
            weight = _weight(phrase, sentence.language) * (1.0 if in_order else _SCATTERED)
            weight /= 1 + 0.08 * (phrase.shared - 1)
            weight *= _place_factor(sentence, words, first, place, asked, phrase.service is not None)
            yield Hit(phrase, weight, words[first][0], words[last][0], _after_for(sentence, words[first][0]))


def _after_for(sentence: Sentence, index: int) -> bool:
    """Tell whether a phrase stands behind "for a", as what a thing is for."""
    return (
        any(sentence.tokens[spot].word == "for" for spot in range(max(0, index - 2), index))
        and index > 1
        and not any(
            _is_asking(sentence, spot)
            for spot in range(max(0, index - 2), index)
            if sentence.tokens[spot].word == "for"
        )
    )


def _weight(phrase: Phrase, language: Language) -> float:
    """Return how much a phrase says by itself."""
    weight = _WEIGHTS.get(len(phrase.words), 3.8)
    if language == "de" and len(phrase.words) == 1:
        # German writes as one word what English writes as two: "Waschmaschine".
        weight += min(0.9, 0.1 * max(0, len(phrase.words[0]) - 5))
    if phrase.code not in taxonomy.categories():
        return weight * (_IMPORTED if len(phrase.words) > 1 else _IMPORTED_WORD)
    return weight * (_NAME_ONLY if phrase.is_name else 1.0)


def _content(sentence: Sentence) -> list[tuple[int, str]]:
    """Return the words that may belong to a phrase, with the numbers of their tokens."""
    known = vocabulary(sentence.language)
    content = []
    for index, token in enumerate(sentence.tokens):
        if not (token.is_word or token.is_number) or token.word in sentence.fillers:
            continue
        if not sentence.is_free(token):
            continue
        content.append((index, _known_form(sentence.form(token), known, sentence.language)))
    return content


def _known_form(word: str, known: frozenset[str], language: Language) -> str:
    """Return a word as the tables have it: mended, or the last part of a German compound."""
    if word in known:
        return word
    near = corrected(word, known)
    if near != word or language != "de":
        return near
    heads = phrase_index(language)
    tails = (word[cut:] for cut in range(_LEAST_PART, len(word) - _LEAST_PART))
    return next((tail for tail in tails if (tail,) in (phrase.words for phrase in heads.get(tail, ()))), word)


def _match(phrase: Phrase, words: list[tuple[int, str]], place: int) -> tuple[int, int, bool] | None:
    """Return where a phrase whose last word stands at `place` begins and ends, and whether it stands there as it is."""
    size = len(phrase.words)
    start = place - size + 1
    if start >= 0 and tuple(word for _, word in words[start : place + 1]) == phrase.words:
        return start, place, True
    if size == 1:
        return None
    near = range(max(0, place - _WINDOW), min(len(words), place + _WINDOW + 1))
    spots = [
        next((spot for spot in near if words[spot][1] == word and spot != place), None) for word in phrase.words[:-1]
    ]
    found = [spot for spot in spots if spot is not None]
    return (
        (min([*found, place]), max([*found, place]), False)
        if len(found) == len(spots) and len(set(found)) == len(found)
        else None
    )


def _place_factor(
    sentence: Sentence, words: list[tuple[int, str]], first: int, last: int, asked: list[int], is_service: bool
) -> float:
    tokens = sentence.tokens
    start, end = words[first][0], words[last][0]
    factor = 1.0
    if not is_service and tokens[end].stem in _CONTAINERS and end + 1 < len(tokens) and tokens[end + 1].word == "of":
        factor *= _HOLDING
    if not is_service and _describes(sentence, end):
        factor *= _FOLLOWED
    factor *= _before(sentence, start, is_service)
    reach = [
        ask
        for ask in asked
        if ask <= tokens[start].start + 1
        and len(sentence.open[ask : tokens[start].start].split()) <= 7
        and not re.search(r"[.!?;]", sentence.open[ask : tokens[start].start])
    ]
    if reach:
        factor *= _ASKED
    elif start <= 4:
        factor *= _FIRST
    return factor


def _describes(sentence: Sentence, index: int) -> bool:
    """Tell whether another noun follows at once, so that this one only describes it."""
    if index + 1 >= len(sentence.tokens):
        return False
    after = sentence.tokens[index + 1]
    if after.text in "-–" and index + 2 < len(sentence.tokens):
        after = sentence.tokens[index + 2]
    # Only a known thing counts: of unknown words most are adverbs, brands and places.
    return (
        after.is_word
        and sentence.is_free(after)
        and after.word not in sentence.small_words
        and sentence.form(after) in phrase_index(sentence.language)
    )


def _before(sentence: Sentence, index: int, is_service: bool) -> float:
    """Weigh the words before a phrase: an aside or a refusal takes away from it."""
    for back in range(1, 6):
        spot = index - back
        if spot < 0 or sentence.breaks_between(spot, index, soft=True):
            return 1.0
        word = sentence.tokens[spot].word
        if word in _REFUSALS:
            lacks = word == "no" and spot > 0 and sentence.tokens[spot - 1].word in _LACKS
            return 1.0 if lacks else _REFUSED
        if word in _ASIDES:
            return 1.0 if _is_asking(sentence, spot) or (word == "for" and is_service) else _ASIDE
    return 1.0


def _is_asking(sentence: Sentence, spot: int) -> bool:
    """Tell whether a preposition belongs to the asking itself: "looking for", "5 kg of"."""
    word = sentence.tokens[spot].word
    before = sentence.tokens[spot - 1] if spot else None
    if before is None:
        return False
    if word == "of":
        return True
    if word in {"nach", "fur"}:
        return before.word in {"suche", "suchen", "sucht", "angebot", "preis", "bedarf", "interesse"}
    return word in {"for", "to", "of", "about", "in"} and before.word in {
        "look", "looking", "searching", "search", "ask", "asking", "hunting", "dream", "need", "quote", "price", "prices", "much", "love",
        "like", "want", "grateful", "wish", "interested", "how", "somebody", "someone", "wanting", "hoping", "get", "rental", "prefer",
    }  # fmt: skip
