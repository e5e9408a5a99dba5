"""Categories and services by the words that people use for them.

The tables give search words in plain form; how a sentence is cut into comparable words is its reader's matter, which
passes that function in. Our own table is always there; the official list, once imported, adds names to it (`use`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from intentcastd.data.tables import rows

Words = tuple[str, ...]
Language = Literal["en", "de"]

# A name that so many categories have ("Accessories", "Replacement Parts") says nothing.
_MOST_SHARED: Final = 3
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for a category, or for a service in it.

    Attributes:
        shared: how many categories the same words stand for.
        is_name: whether these words are only the category's name in the taxonomy.
    """

    words: Words
    code: str
    service: str | None
    is_name: bool
    shared: int


@dataclass(slots=True)
class _Imported:
    """The official list that is in use, and a number that changes with it."""

    names: Mapping[str, str]
    called: str
    edition: int


# One list for the whole process: a reading takes milliseconds, and handing 11,000 names through every call helps nobody.
_imported: Final = _Imported(_NOTHING, "", 0)


def use(names: Mapping[str, str], called: str = "") -> None:
    """Read with an official list besides our own table from now on; an empty one takes it away.

    Args:
        called: what its publisher calls this list.
    """
    _imported.names = MappingProxyType(dict(names))
    _imported.called = called
    _imported.edition += 1


def edition() -> int:
    """Return a number that changes whenever another list is in use."""
    return _imported.edition


def imported() -> Mapping[str, str]:
    """Return the names of the official list that is in use, by code."""
    return _imported.names


def imported_name() -> str:
    """Return what the publisher calls the list that is in use, or an empty string."""
    return _imported.called


@cache
def categories() -> dict[str, str]:
    """Return the names of our categories by their codes, parents before children."""
    return {code: name for code, name, _ in rows("categories.tsv", 3)}


def name(code: str) -> str | None:
    """Return the name of a category: ours, or that of the imported list."""
    return categories().get(code) or _imported.names.get(code)


def path(code: str) -> str:
    """Return a category with its parents, to be read by people: "Baby & Toddler > Baby Transport > ..."."""
    parts = code.split("-")
    names = (name("-".join(parts[: count + 1])) for count in range(len(parts)))
    return " > ".join(name for name in names if name)


def index(cut: Callable[[str], Words], language: Language = "en") -> dict[str, tuple[Phrase, ...]]:
    """Return all phrases by their last word.

    Args:
        cut: makes comparable words of a phrase.
        language: "de" has the German words besides the English ones, which Germans use too.
    """
    # The first entry of a key stays: search words come before names, and both in the order of the tables.
    found: dict[tuple[Words, str, str | None], bool] = {}
    for words, code, service, is_name in _phrases(cut, language):
        if words:
            found.setdefault((words, code, service), is_name)
    known = {words for words, _, _ in found}
    for words, code in _imported_phrases(cut):
        # Where our own table knows the words, it says what people mean by them.
        if words and words not in known:
            found.setdefault((words, code, None), True)
    counts = Counter(words for words, _, _ in found)
    by_last: dict[str, list[Phrase]] = {}
    for (words, code, service), is_name in found.items():
        if words in known or counts[words] <= _MOST_SHARED:
            by_last.setdefault(words[-1], []).append(Phrase(words, code, service, is_name, counts[words]))
    return {last: tuple(phrases) for last, phrases in by_last.items()}


def _phrases(cut: Callable[[str], Words], language: Language) -> Iterator[tuple[Words, str, str | None, bool]]:
    if language == "de":
        yield from _german_phrases(cut)
    for code, name, listed in rows("categories.tsv", 3):
        for word in filter(None, listed.split(", ")):
            yield cut(word), code, None, False
        # A name at the top of the tree ("Media"), of services or of a list ("Bowls, Feeders & Waterers") says too little.
        if code.count("-") > 1 and "," not in name and not code.startswith("se"):
            yield from ((words, code, None, True) for words in _of_name(name, cut))
    for service, code, listed in rows("services.tsv", 3):
        for word in filter(None, listed.split(", ")):
            yield cut(word), code, service, False


def _german_phrases(cut: Callable[[str], Words]) -> Iterator[tuple[Words, str, str | None, bool]]:
    services = {service: code for service, code, _ in rows("services.tsv", 3)}
    for key, listed in rows("german.tsv", 2):
        for word in listed.split(", "):
            yield cut(word), services.get(key, key), key if key in services else None, False


def _imported_phrases(cut: Callable[[str], Words]) -> Iterator[tuple[Words, str]]:
    for code, name in _imported.names.items():
        if code not in categories() and code.count("-") > 1 and "," not in name and not code.startswith("se"):
            yield from ((words, code) for words in _of_name(name, cut))


def _of_name(name: str, cut: Callable[[str], Words]) -> Iterator[Words]:
    """Yield what a name names: "Coats & Jackets" two things, "Baby & Toddler Tops" none that its first part says."""
    parts = name.split(" & ")
    single = all(" " not in part for part in parts)
    for part in parts:
        words = cut(part)
        if len(part) > 3 and (single or len(parts) == 1 or len(words) > 1):
            yield words
