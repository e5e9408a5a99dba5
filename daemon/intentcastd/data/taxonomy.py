"""Categories and services by the words that people use for them.

The tables give search words in plain form; how a sentence is cut into comparable words is its reader's matter, which
passes that function in.
"""

from __future__ import annotations

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
    shared: int = 1


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
    found = {(phrase.words, phrase.code, phrase.service): phrase for phrase in reversed(list(_phrases(cut)))}
    counts: dict[Words, int] = {}
    for words, _, _ in found:
        counts[words] = counts.get(words, 0) + 1
    by_last: dict[str, list[Phrase]] = {}
    for phrase in found.values():
        shared = counts[phrase.words]
        by_last.setdefault(phrase.words[-1], []).append(
            Phrase(phrase.words, phrase.code, phrase.service, phrase.is_name, shared)
        )
    return {last: tuple(phrases) for last, phrases in by_last.items()}


def _phrases(cut: Callable[[str], Words]) -> Iterator[Phrase]:
    for code, name, words in rows("categories.tsv", 3):
        for word in filter(None, words.split(", ")):
            yield Phrase(cut(word), code, None, False)
        # "Coats & Jackets" names two things; a name of one word at the top of the tree ("Media") says too little.
        for part in name.split(" & ") if "," not in name and code.count("-") > 1 and not code.startswith("se") else ():
            if cut(part) and len(part) > 3 and (len(cut(part)) > 1 or " " not in name.replace(" & ", "&")):
                yield Phrase(cut(part), code, None, True)
    for service, code, words in rows("services.tsv", 3):
        for word in filter(None, words.split(", ")):
            yield Phrase(cut(word), code, service, False)
