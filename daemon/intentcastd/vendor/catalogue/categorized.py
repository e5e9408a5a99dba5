"""The category of an item: as its file names it, else as the reading room's classifier understands its words."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, TypeAlias

from intentcast.records.vocabulary import is_category
from intentcastd.vendor.catalogue.options import ImportOptions

# The variants of a product share their words: most answers are found here.
_MOST_KEPT: Final = 4_096

_MOST_HEADS: Final = 3
_ASIDE: Final = re.compile(r"\s+(?:with|for|without|mit|für|ohne|in|from|by)\s|\s[-–—|·:(]\s?|[(,;]", re.I)
_ROMANCE: Final = re.compile(r"\b(?:de|du|des|del|della|di|da|para|pour|per|en|con|avec|à)\b", re.I)

_Key: TypeAlias = "tuple[tuple[str, ...], str, str]"


class Categories:
    """Finds categories, and keeps the last answers."""

    def __init__(self, options: ImportOptions) -> None:
        self._options = options
        self._kept: OrderedDict[_Key, str | None] = OrderedDict()

    def find(self, named: Sequence[str], kind: str, title: str) -> str | None:
        """Return a code, or None.

        Args:
            named: categories of the file, the most exact first.
            kind: the shop's own word for what it is.
            title: of the product.
        """
        key = (tuple(named), kind, title)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._find(named, kind, title)
        self._kept[key] = found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    def _find(self, named: Sequence[str], kind: str, title: str) -> str | None:
        stated = (self._options.find_category(name) for name in (*named, kind) if name)
        found = next((code for code in stated if code), None) or self._classified(kind, title)
        found = found or self._options.category
        return found if found is not None and is_category(found) else None

    def _classified(self, kind: str, title: str) -> str | None:
        """Ask the classifier: the title names the thing itself, else its last words do, else the shop's own type helps.

        Tags are not asked: they name what is near a thing ("plants" on a trowel), and an item in a wrong category is
        offered to the wrong people.
        """
        texts = [title, *_heads(title)]
        texts += [f"{title} {kind}", kind] if kind else []
        return next((found for found in map(self._ask, texts) if found is not None), None)

    def _ask(self, text: str) -> str | None:
        # Whole words in their order: what follows "with" or "for" is not the thing itself.
        return self._options.classify(text.replace(",", " , ").split())


def _heads(title: str) -> list[str]:
    """Return the ends of what a title calls the thing: of "Olive Green Jacket with Hood" "Green Jacket" and "Jacket".

    In English and German the last word is the thing and those before describe it; in French and Spanish it is the first.
    """
    if _ROMANCE.search(title):
        return []
    words = _ASIDE.split(title, maxsplit=1)[0].split()
    return [" ".join(words[place:]) for place in range(1, len(words))][-_MOST_HEADS:]
