"""The vehicle that a sentence names: make, model, year of make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from intentcastd.buyer.reading.lexicon import FUNCTION_WORDS
from intentcastd.buyer.reading.tokens import Sentence, Token
from intentcastd.data.folding import fold

_NAMES: Final = (
    "Abarth|Alfa Romeo|Aprilia|Aston Martin|Audi|Austin|Bajaj|Bentley|BMW|Buick|BYD|Cadillac|Chevrolet|Chrysler|Citroën|Cupra|"
    "Dacia|Daewoo|Daihatsu|Datsun|DeLorean|Dodge|Ducati|Ferrari|Fiat|Ford|GMC|Harley-Davidson|Honda|Hyundai|Infiniti|Isuzu|"
    "Iveco|Jaguar|Jeep|Kawasaki|Kia|KTM|Lada|Lamborghini|Lancia|Land Rover|Lexus|Mahindra|Maruti Suzuki|Maserati|Mazda|"
    "Mercedes-Benz|Mercedes|MG|Mini Cooper|Mitsubishi|Morris|Moto Guzzi|Nissan|Opel|Peugeot|Piaggio|Pontiac|Porsche|Renault|"
    "Royal Enfield|Saab|Seat Ibiza|Škoda|Subaru|Suzuki|Tesla|Toyota|Trabant|Triumph|TVS|Vauxhall|Vespa|Volkswagen|Volvo|VW|Yamaha"
)
MAKES: Final[dict[str, str]] = {
    **{fold(name): name for name in _NAMES.split("|")},
    "vw": "Volkswagen",
    "mercedes": "Mercedes-Benz",
    "chevy": "Chevrolet",
    "seat ibiza": "SEAT",
    "mini cooper": "MINI",
}
CARS: Final = "vp-2-2-1"
MOTORCYCLES: Final = "vp-2-2-3"
TWO_WHEELS: Final = frozenset(
    {
        "Aprilia",
        "Bajaj",
        "Ducati",
        "Harley-Davidson",
        "Kawasaki",
        "KTM",
        "Moto Guzzi",
        "Piaggio",
        "Royal Enfield",
        "TVS",
        "Vespa",
        "Yamaha",
    }
)
_MAX_WORDS: Final = 2
_YEAR: Final = re.compile(r"19[0-9]{2}|20[0-4][0-9]")
_NO_MODEL: Final = frozenset(
    "or and car cars van vans part parts model series year key keys engine motor rear front original bumper wheel wheels rim "
    "rims tyre tyres tire tires alloy alloys door mirror seat seats garage dealer mechanic owner".split()
)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as named; each part may be missing. `start` and `end` are places in the text."""

    make: str
    model: str | None
    year: int | None
    start: int
    end: int


def read_vehicle(sentence: Sentence) -> Vehicle | None:
    """Return the first vehicle that the sentence names, or None."""
    tokens = sentence.tokens
    for index in range(len(tokens)):
        size = next((size for size in (2, 1) if _make(tokens, index, size)), 0)
        if size:
            return _around(sentence, index, _last_of(tokens, index, size))
    return None


def _last_of(tokens: tuple[Token, ...], index: int, size: int) -> int:
    """Return the last token of a make of so many words, over hyphens."""
    last = index
    while size > 1:
        last += 1
        size -= tokens[last].is_word
    return last


def _make(tokens: tuple[Token, ...], index: int, size: int) -> str | None:
    words: list[str] = []
    for token in tokens[index : index + 2 * size - 1]:
        if token.is_word:
            words.append(token.word)
        elif token.text != "-":
            break
        if len(words) == size:
            return MAKES.get(" ".join(words))
    return None


def _around(sentence: Sentence, first: int, last: int) -> Vehicle:
    tokens = sentence.tokens
    size = 2 if first != last else 1
    make = _make(tokens, first, size) or tokens[first].text
    start, end = tokens[first].start, tokens[last].end
    year: int | None = None
    if first and _is_year(tokens[first - 1]):
        year, start = int(tokens[first - 1].text), tokens[first - 1].start
    model, stop = _model(sentence, last + 1)
    if model:
        end = tokens[stop - 1].end
    if year is None and stop < len(tokens) and _is_year(tokens[stop]):
        year, end = int(tokens[stop].text), tokens[stop].end
    return Vehicle(make, model, year, start, end)


def _is_year(token: Token) -> bool:
    return _YEAR.fullmatch(token.text) is not None


def _model(sentence: Sentence, index: int) -> tuple[str | None, int]:
    """Return the model behind a make: a number or capitalised words, such as "404" or "Swift"."""
    tokens = sentence.tokens
    stop = index
    words = 0
    while stop < len(tokens) and words < _MAX_WORDS:
        token = tokens[stop]
        joined = stop > index and token.start == tokens[stop - 1].end
        if token.text == "-" and joined and stop + 1 < len(tokens) and tokens[stop + 1].start == token.end:
            stop += 1
            continue
        is_model = token.is_number or token.is_capital or joined
        if (_is_year(token) and not joined) or not is_model or not (token.is_word or token.is_number):
            break
        if token.word in _NO_MODEL or (token.word in FUNCTION_WORDS and token.is_word and not joined):
            break
        words += 0 if joined else 1
        stop += 1
    if stop == index:
        return None, index
    return sentence.open[tokens[index].start : tokens[stop - 1].end], stop
