"""The category of an item: as its file names it, else as the reading room's classifier understands its words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, TypeAlias

from intentcast.records.vocabulary import is_category
from intentcastd.vendor.catalogue.options import ImportOptions

# The variants of a product share their words: most answers are found here.
_MOST_KEPT: Final = 4_096

_Key: TypeAlias = "tuple[tuple[str, ...], str, str, str]"


class Categories:
    """Finds categories, and keeps the last answers."""

    def __init__(self, options: ImportOptions) -> None:
        self._options = options
        self._kept: OrderedDict[_Key, str | None] = OrderedDict()

    def find(self, named: Sequence[str], kind: str, title: str, tags: str) -> str | None:
        """Return a code, or None.

        Args:
            named: categories of the file, the most exact first.
            kind: the shop's own word for what it is.
            title: of the product.
            tags: further words.
        """
        key = (tuple(named), kind, title, tags)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._find(named, kind, title, tags)
        self._kept[key] = found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    def _find(self, named: Sequence[str], kind: str, title: str, tags: str) -> str | None:
        stated = (self._options.find_category(name) for name in (*named, kind) if name)
        found = next((code for code in stated if code), None) or self._classified(kind, title, tags)
        found = found or self._options.category
        return found if found is not None and is_category(found) else None

    def _classified(self, kind: str, title: str, tags: str) -> str | None:
        """Ask the classifier: the title names the thing itself; type and tags help only where it does not."""
        for words in dict.fromkeys((title, f"{title} {kind}".strip(), f"{title} {kind} {tags}".strip())):
            # Whole words in their order: what follows "with" or "for" is not the thing itself.
            found = self._options.classify(words.replace(",", " , ").split())
            if found is not None:
                return found
        return None
