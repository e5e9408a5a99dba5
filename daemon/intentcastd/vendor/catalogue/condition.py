"""The condition that a file states, in a column of its own or in the title."""

from __future__ import annotations

import re
from typing import Final

from intentcastd.data.folding import fold

_CONDITIONS: Final = {
    **dict.fromkeys(("new", "brand new", "newcondition", "neu", "neuf", "nuevo", "nuovo", "nieuw", "novo"), "new"),
    **dict.fromkeys(("used", "second hand", "pre owned", "preowned", "secondhand", "usedcondition"), "used"),
    **dict.fromkeys(("damagedcondition", "gebraucht", "occasion", "usado", "usato", "gebruikt"), "used"),
    **dict.fromkeys(("refurbished", "renewed", "reconditioned", "refurbishedcondition"), "refurbished"),
    **dict.fromkeys(("generaluberholt", "reconditionne", "reacondicionado", "ricondizionato"), "refurbished"),
}
_SAYS: Final = re.compile(r"\b(used|second hand|pre owned|preowned|secondhand|refurbished|renewed|reconditioned)\b")


def read_condition(said: str, words: str) -> str | None:
    """Return new, used or refurbished: as the column says, else as the words of title and tags do, else None.

    Args:
        said: a word or an address of schema.org, as in a column; empty if there is none.
        words: title and tags.
    """
    known = _CONDITIONS.get(fold(said.rsplit("/", 1)[-1]))
    hit = None if known else _SAYS.search(fold(words))
    return known or (_CONDITIONS[hit[1]] if hit else None)
