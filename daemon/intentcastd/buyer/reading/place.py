"""Where something is wanted: the place as written, and the area of at least 50,000 people that it leads to.

Half of all names of places are also words ("Nice", "Reading", "Bath", "Cork"). A name is weighed by what leads to it
("in", a comma), its capital, what follows it ("Halifax, NS"), how many people it has, and whether it is a word of
another kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import Final

from intentcastd.buyer.profile import Profile
from intentcastd.buyer.reading.category import own_vocabulary
from intentcastd.buyer.reading.german_times import CALENDAR_WORDS
from intentcastd.buyer.reading.lexicon import FUNCTION_WORDS, PLACE_LEADS, PLACE_TAILS
from intentcastd.buyer.reading.private import given_names
from intentcastd.buyer.reading.tokens import Sentence
from intentcastd.buyer.reading.vehicle import MAKES
from intentcastd.data import gazetteer
from intentcastd.data.folding import fold
from intentcastd.data.gazetteer import Place
from intentcastd.data.tables import rows

_LEAST_SCORE: Final = 2.4
_SURE_SCORE: Final = 7.0
_POSTAL: Final = re.compile(r"\s(?:[A-Z]{1,2}\d{1,2}[A-Z]?|\d{1,2}|[A-Z]{2}|CBD|[NSEW])(?=\s*(?:[.,;!?)]|$))")
_CALENDAR: Final = CALENDAR_WORDS


@dataclass(frozen=True, slots=True)
class Where:
    """A place as written, and what it means; `place` is None where the gazetteer does not know it.

    Attributes:
        others: what else is called so, where nothing in the sentence says which is meant.
    """

    place: Place | None
    words: str
    confidence: float
    start: int
    end: int
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    first: int
    last: int
    score: float
    others: tuple[Place, ...]


@cache
def _plain_words() -> frozenset[str]:
    """Return common words that are also names of places and stand in no other table."""
    return frozenset(word for (line,) in rows("plain_words.tsv", 1) for word in line.split(" "))


def read_place(sentence: Sentence, profile: Profile, country: str | None = None) -> Where | None:
    """Return where something is wanted, if the sentence says so.

    Args:
        sentence: what is read.
        profile: its country decides between places of one name.
        country: where given, only places of this country count.
    """
    best: _Candidate | None = None
    for candidate in _candidates(sentence, profile, country):
        if best is None or candidate.score > best.score + 0.01:
            best = candidate
    if best is not None and best.score >= _LEAST_SCORE:
        return _where(sentence, best)
    return _unknown(sentence)


def _where(sentence: Sentence, best: _Candidate) -> Where:
    start = sentence.tokens[best.first].start
    end = sentence.tokens[best.last].end
    tail = _POSTAL.match(sentence.open, end)
    if tail is not None:
        end = tail.end()
    confidence = round(min(0.98, max(0.3, best.score / _SURE_SCORE)), 2)
    return Where(best.place, sentence.open[start:end], confidence, start, end, best.others)


def _candidates(sentence: Sentence, profile: Profile, country: str | None) -> Iterator[_Candidate]:
    tokens = sentence.tokens
    index = 0
    while index < len(tokens):
        found = _at(sentence, index, profile, country) if tokens[index].is_word else None
        if found is not None:
            yield found
            index = found.last
        index += 1


def _at(sentence: Sentence, index: int, profile: Profile, country: str | None) -> _Candidate | None:
    """Return the best meaning of the longest name that begins at a token."""
    tokens = sentence.tokens
    for last in range(min(index + 2 * gazetteer.MAX_NAME_WORDS, len(tokens)) - 1, index - 1, -1):
        if not tokens[last].is_word:
            continue
        if not _is_one_name(sentence, index, last):
            continue
        written = sentence.open[tokens[index].start : tokens[last].end]
        places = gazetteer.find(written, fold(written))
        if country is not None:
            places = tuple(place for place in places if place.area.country == country)
        if not places:
            continue
        return _weigh(sentence, index, last, places, profile)
    return None


def _is_one_name(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether tokens may form one name: words, joined by hyphens or dots, no more than five."""
    inner = sentence.tokens[first : last + 1]
    words = sum(token.is_word for token in inner)
    return (
        words <= gazetteer.MAX_NAME_WORDS
        and all(token.is_word or token.text in "-.'’" for token in inner)
        and words > 0
    )


def _weigh(sentence: Sentence, first: int, last: int, places: tuple[Place, ...], profile: Profile) -> _Candidate | None:
    qualified, end = _qualified(sentence, last, places)
    choices = qualified or places
    place = max(choices, key=lambda place: _people(place) + (1.0 if place.area.country == profile.country else 0.0))
    score = _grammar(sentence, first, end if qualified else last, place)
    score += _people(place) + (0.8 if place.area.country == profile.country else 0.0)
    score += 3.0 if qualified else 0.0
    others = tuple(other for other in choices if other.area.id != place.area.id and other.way == "area")
    return _Candidate(place, first, end if qualified else last, score, others)


def _people(place: Place) -> float:
    if place.way in {"country", "region"}:
        return -0.4
    size = max(-1.2, min(1.8, log10(max(place.population, 1)) - 4.6))
    return size - (1.0 if place.way == "other name" else 0.0) + (0.6 if place.way in {"airport", "district"} else 0.0)


def _qualified(sentence: Sentence, last: int, places: tuple[Place, ...]) -> tuple[tuple[Place, ...], int]:
    """Return the meanings that a region, country or larger place behind the name agrees with: "Margao, Goa"."""
    tokens = sentence.tokens
    start = last + 1
    if start < len(tokens) and tokens[start].text in ",(":
        start += 1
    for end in range(min(start + 4, len(tokens)) - 1, start - 1, -1):
        if not tokens[end].is_word or not _is_one_name(sentence, start, end):
            continue
        written = sentence.open[tokens[start].start : tokens[end].end]
        if not (written[0].isupper() or len(written) > 3):
            continue
        larger = [other for other in gazetteer.find(written, fold(written)) if other.way != "small place"]
        kept = tuple(place for place in places if any(_lies_in(place, other) for other in larger))
        if kept and (tokens[start].is_capital or not sentence.has_capitals):
            return kept, end
    return (), last


def _lies_in(place: Place, larger: Place) -> bool:
    if place.area.country != larger.area.country or place == larger:
        return False
    if larger.way == "country":
        return place.way != "country"
    if larger.way == "region":
        # Regions are known of some countries only; where the place has none, the country must do.
        return place.way not in {"country", "region"} and (not place.sub or place.sub == larger.sub)
    return place.area.id == larger.area.id or place.way in {"small place", "district"}


def _grammar(sentence: Sentence, first: int, last: int, place: Place) -> float:
    """Weigh how a name stands in the sentence."""
    tokens = sentence.tokens
    name = tokens[first : last + 1]
    words = [token for token in name if token.is_word]
    lead = _lead(sentence, first)
    # "A teacher from Argentina" tells where somebody is from.
    if place.way in {"country", "region"} and first and tokens[first - 1].word == "from":
        lead = 0.2
    score = 0.6 * (len(words) - 1) + lead
    score += _tail(sentence, first, last)
    score += _capital(sentence, first, last, place)
    if len(words) == 1:
        score -= _commonness(sentence, first, place)
    return score


def _lead(sentence: Sentence, first: int) -> float:
    tokens = sentence.tokens
    spot = first - 1
    if spot >= 0 and tokens[spot].word in {"the", "a"}:
        spot -= 1
    if spot < 0:
        return 0.4
    before = tokens[spot]
    if (
        before.word == "of"
        and spot
        and tokens[spot - 1].word in {"out", "outside", "side", "north", "south", "east", "west", "centre", "city"}
    ):
        return 2.6
    if before.text in ",;.!?-–—(:\n":
        return 1.4
    return PLACE_LEADS.get(before.word, 0.0)


def _tail(sentence: Sentence, first: int, last: int) -> float:
    tokens = sentence.tokens
    if last + 1 >= len(tokens):
        return 0.9
    after = tokens[last + 1]
    if after.text in ".,;!?)-–—:\n":
        return 0.9
    if after.word == "to" and first and last + 2 < len(tokens) and tokens[last + 2].is_capital:
        return 2.7
    return 0.8 if after.word in PLACE_TAILS else 0.0


def _capital(sentence: Sentence, first: int, last: int, place: Place) -> float:
    tokens = sentence.tokens
    words = [token for token in tokens[first : last + 1] if token.is_word]
    capitals = sum(token.is_capital for token in words)
    if sentence.starts_thought(first):
        capitals -= 1
        words = words[1:]
        if not words:
            return 0.0
    if not sentence.has_capitals:
        return 0.0
    score = 1.6 if capitals == len(words) else -1.4
    if sentence.language == "de":
        # Every noun has a capital, and many a village the name of a thing.
        return min(score, 0.4 if place.way == "small place" else 1.3)
    # A name beside another capitalised word is often part of a longer name: "Royal Melbourne", "Tove Jansson".
    for spot in (first - 1, last + 1):
        if 0 <= spot < len(tokens) and _is_part_of_name(sentence, spot):
            score -= 1.3
    return score


def _is_part_of_name(sentence: Sentence, spot: int) -> bool:
    token = sentence.tokens[spot]
    return (
        token.is_word
        and token.is_capital
        and len(token.text) > 1
        and not sentence.starts_thought(spot)
        and token.word not in _CALENDAR
        and token.word not in FUNCTION_WORDS
        and not gazetteer.find(token.text, token.word)
    )


def _commonness(sentence: Sentence, index: int, place: Place) -> float:
    """Return how much speaks against a single word because it is also something else."""
    token = sentence.tokens[index]
    against = 0.0
    if token.word in _CALENDAR or token.word in sentence.small_words or not sentence.is_free(token):
        against += 6.0
    if token.word in MAKES:
        against += 4.0
    if token.word in given_names():
        against += 0.8
    if len(token.text) < 4 and not token.text.isupper() and place.way != "area":
        against += 3.0
    if sentence.form(token) in own_vocabulary(sentence.language) or token.word in _plain_words():
        led = PLACE_LEADS.get(sentence.tokens[index - 1].word, 0.0) >= 2.0 if index else False
        ends = _tail(sentence, index, index) > 0.0
        capital = token.is_capital and not sentence.starts_thought(index)
        alone = ends and index > 0 and not sentence.tokens[index - 1].is_word
        against += 1.0 if led and capital else 1.7 if ends and (led or (alone and capital)) else 3.2
    return against


def _unknown(sentence: Sentence) -> Where | None:
    """Return a capitalised name behind "in" or "near" that no table knows: a place whose area is still to be asked."""
    for index in range(1, len(sentence.tokens)):
        token, lead = sentence.tokens[index], sentence.tokens[index - 1].word
        if (
            lead in {"in", "near", "around", "outside", "bei", "nahe"}
            and token.is_word
            and token.is_capital
            and sentence.has_capitals
            and len(token.text) > 2
            and sentence.is_free(token)
            and token.word not in _CALENDAR
            and token.word not in sentence.small_words
            and token.word not in MAKES
            and sentence.form(token) not in own_vocabulary(sentence.language)
            and token.word not in _LANGUAGES
        ):
            return Where(None, token.text, 0.3, token.start, token.end)
    return None


_LANGUAGES: Final = frozenset(
    "english german french spanish italian portuguese dutch swedish danish norwegian finnish polish russian ukrainian czech "
    "greek turkish arabic hebrew hindi urdu bengali tamil chinese mandarin cantonese japanese korean thai vietnamese "
    "indonesian malay swahili catalan hungarian romanian bulgarian serbian croatian welsh irish latin".split()
)
