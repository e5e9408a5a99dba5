"""A sentence as tokens with their places, and what has been made of them already.

Readers share one Sentence. What one reader has understood it claims, so that no word counts twice: a "5" that is a
price is no quantity. What is private is hidden from all of them, so that nothing can be made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Generic, TypeVar

from intentcastd.buyer.need import Guess
from intentcastd.buyer.reading import german
from intentcastd.buyer.reading.lexicon import FILLERS, FUNCTION_WORDS
from intentcastd.data.folding import fold
from intentcastd.data.taxonomy import Language

T = TypeVar("T")

_PLAIN: Final = re.compile(r"[a-z0-9 -]*")
_PLAIN_WORD: Final = re.compile(r"[a-z]+|[0-9]+")
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_", re.UNICODE)
# Where a thought ends: what stands behind it says nothing about what stands before it.
_BREAKS: Final = frozenset(".!?;:()[]\n—–")
_SOFT_BREAKS: Final = _BREAKS | {","}

_GERMAN_SMALL: Final = FUNCTION_WORDS | german.SMALL_WORDS
_GERMAN_FILLERS: Final = FILLERS | german.FILLERS

_KEPT: Final = frozenset(
    "shorts flats heels spirits drawers logs fins darts scrubs news lens bus gas iris tennis yes this his its "
    "us is was has does as plus thus always perhaps canvas atlas chess christmas paris texas braces adidas levis".split()
)
_IRREGULAR: Final = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "halves": "half",
    "knives": "knife",
    "leaves": "leaf",
    "lives": "life",
    "loaves": "loaf",
    "men": "man",
    "mice": "mouse",
    "scarves": "scarf",
    "shelves": "shelf",
    "teeth": "tooth",
    "tyres": "tyre",
    "wives": "wife",
    "women": "woman",
    "movies": "movie",
    "cookies": "cookie",
    "brownies": "brownie",
    "shoes": "shoe",
    "lenses": "lens",
    "buses": "bus",
    "pies": "pie",
    "ties": "tie",
    "hoodies": "hoodie",
    "wellies": "wellies",
    "nappies": "nappy",
}


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """Return one form for singular and plural. It need not be a word, it must be the same for both."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _KEPT or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits or a mark; `word` is folded, `stem` its singular."""

    text: str
    start: int
    end: int
    word: str
    stem: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a reader made of a part of the sentence."""

    value: T
    confidence: float
    start: int
    end: int

    def guess(self, sentence: Sentence) -> Guess[T]:
        return Guess(self.value, self.confidence, sentence.text[self.start : self.end])


def tokenize(text: str) -> tuple[Token, ...]:
    """Cut a text into tokens. Digits and letters part: "15kg" is two."""
    return tuple(_token(match) for match in _TOKEN.finditer(text))


def _token(match: re.Match[str]) -> Token:
    text = match.group()
    # "beagle's" is about a beagle; "I'm" stays one word.
    word = fold(re.sub(r"['’]s$", "", text))
    return Token(text, match.start(), match.end(), word or text, singular(word or text))


def words_of(phrase: str) -> tuple[str, ...]:
    """Return the stems of a search phrase, in the form that Sentence tokens have."""
    if _PLAIN.fullmatch(phrase):
        # The tables have thousands of phrases; nearly all are plain, and need no folding.
        return tuple(singular(word) for word in _PLAIN_WORD.findall(phrase))
    return tuple(token.stem for token in tokenize(phrase) if token.is_word or token.is_number)


@dataclass
class Sentence:
    """A text under reading.

    Attributes:
        text: the text as written.
        open: the text with blanks for what is private: all other readers see only this.
    """

    text: str
    open: str = ""
    _claimed: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.open = self.open or self.text
        self._claimed = bytearray(len(self.text))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tokenize(self.open)

    @cached_property
    def language(self) -> Language:
        """The language in which the sentence is read, as a whole."""
        return "de" if german.is_german(token.text for token in self.tokens if token.is_word) else "en"

    @property
    def small_words(self) -> frozenset[str]:
        """Words that carry no meaning of their own."""
        return _GERMAN_SMALL if self.language == "de" else FUNCTION_WORDS

    @property
    def fillers(self) -> frozenset[str]:
        """Words that may stand inside a phrase without changing it."""
        return _GERMAN_FILLERS if self.language == "de" else FILLERS

    def form(self, token: Token) -> str:
        """Return the form of a word in which phrases are looked up."""
        return german.stem(token.word) if self.language == "de" else token.stem

    @cached_property
    def lower(self) -> str:
        """The open text in small letters, letter for letter at the same places."""
        return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in self.open)

    @cached_property
    def has_capitals(self) -> bool:
        """Whether capitals tell anything: some words have one, and not all."""
        inner = [
            token
            for index, token in enumerate(self.tokens)
            if token.is_word and len(token.text) > 2 and not self.starts_thought(index)
        ]
        # "UK" and "IP" are in capitals everywhere; a capital and then small letters is what tells.
        capitals = sum(token.is_capital and token.text[1:].islower() for token in inner)
        return capitals > 0 and (capitals < len(inner) * 0.7 or len(inner) <= 3)

    def claim(self, start: int, end: int) -> None:
        """Mark a part as understood."""
        self._claimed[start:end] = b"\1" * (end - start)

    def is_claimed(self, start: int, end: int) -> bool:
        return 1 in self._claimed[start:end]

    def is_free(self, token: Token) -> bool:
        return not self.is_claimed(token.start, token.end)

    def starts_thought(self, index: int) -> bool:
        """Tell whether a token is the first of a sentence."""
        return index == 0 or self.tokens[index - 1].text in _BREAKS

    def breaks_between(self, one: int, other: int, soft: bool = False) -> bool:
        """Tell whether a thought ends between two tokens; with `soft`, a comma ends it too."""
        marks = _SOFT_BREAKS if soft else _BREAKS
        first, last = sorted((one, other))
        # "1.5" and "st. pauli": a dot inside a word or number ends nothing.
        return any(
            token.text in marks and not (token.text == "." and self._is_inner(index))
            for index, token in enumerate(self.tokens[first:last], first)
        )

    def _is_inner(self, index: int) -> bool:
        token = self.tokens[index]
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        return after is not None and after.start == token.end and not after.text[0].isspace()

    def leftover(self, noise: Iterable[str]) -> tuple[str, ...]:
        """Return the words that nobody claimed and that are no noise."""
        known = frozenset(noise)
        return tuple(
            token.text
            for token in self.tokens
            if token.is_word and len(token.text) > 1 and self.is_free(token) and token.word not in known
        )
