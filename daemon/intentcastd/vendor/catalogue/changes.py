"""What a new import would change in the catalogue that is there, before anything is written.

An export that was cut short looks like a shop that gave up most of its trade, so many goods that are gone need a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from intentcastd.vendor.catalogue.item import Item

# More than this share of the present items gone needs force.
MOST_GONE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys (sku) by what happens to them, each sorted.

    Attributes:
        before: number of items that are there now.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    same: int
    before: int

    @property
    def needs_force(self) -> bool:
        """Tell whether so much would go that somebody must say that it is meant (--force)."""
        return len(self.gone) > MOST_GONE * self.before


def diff(current: Mapping[str, Item], new: Iterable[Item]) -> Changes:
    """Compare a new import with the present items by their keys; the line in the file is no change."""
    added, changed, same = [], [], 0
    missing = set(current)
    for item in new:
        missing.discard(item.sku)
        before = current.get(item.sku)
        if before is None:
            added.append(item.sku)
        elif replace(before, line=item.line) != item:
            changed.append(item.sku)
        else:
            same += 1
    return Changes(tuple(sorted(added)), tuple(sorted(changed)), tuple(sorted(missing)), same, len(current))
