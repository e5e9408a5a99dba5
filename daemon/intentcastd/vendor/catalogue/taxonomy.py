"""Category names as exports write them, looked up in the published list of the Shopify taxonomy.

A line of that list: "gid://shopify/TaxonomyCategory/bt-6 : Baby & Toddler > Baby Transport". Google's names are the
same for most everyday things, so its paths are found by their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from intentcast.records.vocabulary import is_category
from intentcastd.data import tables, taxonomy
from intentcastd.data.folding import fold
from intentcastd.vendor.catalogue.search_words import singular

_LINE: Final = re.compile(r"gid://shopify/TaxonomyCategory/([a-z0-9-]+)\s*:\s*(.+)")
_GID: Final = re.compile(r"(?:gid://shopify/TaxonomyCategory/)?([a-z]{2}(?:-\d{1,4})*)")


class Taxonomy:
    """Finds the code of a category by its id, its path or, where only one has it, its name."""

    def __init__(self, paths: Iterable[tuple[str, str]]) -> None:
        """Take pairs of code and path ("Animals & Pet Supplies > Live Animals")."""
        self._codes: set[str] = set()
        self._by_path: dict[tuple[str, ...], str] = {}
        self._by_name: dict[str, str | None] = {}
        for code, path in paths:
            names = _names(path)
            self._codes.add(code)
            self._by_path[names] = code
            self._by_name[names[-1]] = None if names[-1] in self._by_name else code

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Taxonomy:
        """Read the published list; lines of another form, such as comments, are passed over."""
        hits = (_LINE.match(line) for line in lines)
        return cls((hit[1], hit[2]) for hit in hits if hit and is_category(hit[1]))

    def find(self, named: str) -> str | None:
        """Return the code that an export means, or None.

        A path that is not in the list counts as far as its beginning is: a finer category than ours is on the branch.
        """
        hit = _GID.fullmatch(named.strip())
        if hit and hit[1] in self._codes:
            return hit[1]
        names = _names(named)
        for length in range(len(names), 1 if len(names) > 1 else 0, -1):
            if names[:length] in self._by_path:
                return self._by_path[names[:length]]
        return self._by_name.get(names[-1]) if names else None


def _names(path: str) -> tuple[str, ...]:
    names = (" ".join(singular(word) for word in fold(name).split()) for name in path.split(">"))
    return tuple(name for name in names if name)


def known_categories() -> Taxonomy:
    """Return the categories of our table and, if one is in use, of the official list, with their paths."""
    return _known(taxonomy.edition())


@lru_cache(maxsize=1)
def _known(edition: int) -> Taxonomy:
    names = {**taxonomy.imported(), **taxonomy.categories()}
    return Taxonomy((code, " > ".join(names.get(part, "") for part in _line_of(code))) for code in names)


@cache
def service_categories() -> Mapping[str, str]:
    """Return the category of each service word that is known."""
    return MappingProxyType({word: category for word, category, _ in tables.rows("services.tsv", 3)})


def _line_of(code: str) -> list[str]:
    parts = code.split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]
