"""Categories and services by the words that people use for them.

The tables give search words in plain form; how a sentence is cut into comparable words is its reader's matter, which
passes that function in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from intentcastd.data.tables import rows

Words = tuple[str, ...]


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


@cache
def categories() -> dict[str, str]:
    """Return the names of our categories by their codes, parents before children."""
    return {code: name for code, name, _ in rows("categories.tsv", 3)}


def path(code: str) -> str:
    """Return a category with its parents, to be read by people: "Baby & Toddler > Baby Transport > ..."."""
    parts = code.split("-")
    names = (categories().get("-".join(parts[: count + 1])) for count in range(len(parts)))
    return " > ".join(name for name in names if name)


def index(cut: Callable[[str], Words]) -> dict[str, tuple[Phrase, ...]]:
    """Return all phrases by their last word.

    Args:
        cut: makes comparable words of a phrase.
    """
    # The first entry of a key stays: search words come before names, and both in the order of the tables.
    found: dict[tuple[Words, str, str | None], bool] = {}
    for words, code, service, is_name in _phrases(cut):
        if words:
            found.setdefault((words, code, service), is_name)
    counts = Counter(words for words, _, _ in found)
    by_last: dict[str, list[Phrase]] = {}
    for (words, code, service), is_name in found.items():
        by_last.setdefault(words[-1], []).append(Phrase(words, code, service, is_name, counts[words]))
    return {last: tuple(phrases) for last, phrases in by_last.items()}


def _phrases(cut: Callable[[str], Words]) -> Iterator[tuple[Words, str, str | None, bool]]:
    for code, name, listed in rows("categories.tsv", 3):
        for word in filter(None, listed.split(", ")):
            yield cut(word), code, None, False
        # A name at the top of the tree ("Media"), of services or of a list ("Bowls, Feeders & Waterers") says too little.
        if code.count("-") > 1 and "," not in name and not code.startswith("se"):
            yield from ((words, code, None, True) for words in _of_name(name, cut))
    for service, code, listed in rows("services.tsv", 3):
        for word in filter(None, listed.split(", ")):
            yield cut(word), code, service, False


def _of_name(name: str, cut: Callable[[str], Words]) -> Iterator[Words]:
    """Yield what a name names: "Coats & Jackets" two things, "Baby & Toddler Tops" none that its first part says."""
    parts = name.split(" & ")
    single = all(" " not in part for part in parts)
    for part in parts:
        words = cut(part)
        if len(part) > 3 and (single or len(parts) == 1 or len(words) > 1):
            yield words
