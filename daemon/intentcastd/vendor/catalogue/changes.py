"""What a new import changes in the catalogue that is there.

An export that was cut short looks like a shop that gave up most of its trade, so many goods that are gone need a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# More than this share of the present items gone needs force.
MOST_GONE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Changes:
    """How many items come, change, go and stay.

    Attributes:
        before: number of items that are there now.
    """

    added: int
    changed: int
    gone: int
    same: int
    before: int

    @property
    def needs_force(self) -> bool:
        """Tell whether so much would go that somebody must say that it is meant (--force)."""
        return self.gone > MOST_GONE * self.before
