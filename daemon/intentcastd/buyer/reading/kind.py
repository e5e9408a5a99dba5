"""Words that say what is done with the thing: it is bought, rented, repaired, taught."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_RENT: Final = re.compile(
    r"\b(?:rent(?:al|als|ing|ed)?|to let|hire|hiring|lease|leasing|borrow|charter|sublet|short let|for hire|zu mieten|mieten?|gemietet|leihen?|ausleihen|leihweise|verleih|zur miete|borgen)\b"
)
_BUY_NOT_RENT: Final = re.compile(
    r"\b(?:buy(?:ing)?|own|purchase)\b[^.;]{0,20}\bnot\b[^.;]{0,12}\b(?:rent|hir|leas)\w*|\bnot\b[^.;]{0,10}\b(?:rent|hir|leas)\w*"
    r"|\b(?:tired|sick|instead) of\b[^.;,]{0,20}\b(?:rent|hir)\w*|\brental (?:foam|car|flat|home)\w*\b[^.;]{0,40}\bbuy\b"
)
_REPAIR: Final = re.compile(
    r"\b(?:repair(?:s|ed|ing|er)?|fix(?:es|ed|ing)?|mend(?:s|ed|ing)?|restore[ds]?|restoring|restoration|serviced|re-?sol(?:e|ed|ing)|repar(?:ieren|iert|atur)|instand ?setzen|restaurieren|flicken)\b(?! kit)"
)
_DONE: Final = re.compile(r"\b(?:recently|just|newly|fully) (?:serviced|repaired|restored|refurbished)\b")


@dataclass(frozen=True, slots=True)
class Deed:
    """What is wanted of a thing, and where in the sentence that is said."""

    name: str
    start: int
    end: int


def find_deed(lower: str) -> Deed | None:
    """Return whether the thing is to be rented or repaired; None where it is simply wanted."""
    refused = _BUY_NOT_RENT.search(lower)
    rent = _RENT.search(lower)
    if rent and not (refused and refused.start() <= rent.end() and rent.start() <= refused.end()):
        return Deed("rental", *rent.span())
    repair = _REPAIR.search(lower)
    if repair and not any(
        done.end() >= repair.end() and done.start() <= repair.start() for done in _DONE.finditer(lower)
    ):
        return Deed("repair", *repair.span())
    return None


# Branch of the thing -> word of the service that does it to it. The first that fits counts.
RENTALS: Final = (
    ("vp-2-2-5", "rental.vehicle.campervan"),
    ("vp-2-3", "rental.boat"),
    ("vp-2-2-3", "rental.vehicle.bicycle"),
    ("vp-1-7-5", "rental.tool"),
    ("vp", "rental.vehicle"),
    ("sg-4-4", "rental.vehicle.bicycle"),
    ("sg-4-15", "rental.vehicle.bicycle"),
    ("sg-4-1-1", "rental.boat"),
    ("sg", "rental.sport"),
    ("fr", "rental.furniture"),
    ("hg-11", "rental.furniture"),
    ("hg-15", "rental.furniture"),
    ("hg-12-2", "rental.furniture"),
    ("hg-9-1-11", "rental.furniture"),
    ("tg-3", "rental.furniture"),
    ("el", "rental.equipment"),
    ("co", "rental.equipment"),
    ("ae", "rental.equipment"),
    ("ha", "rental.tool"),
    ("hg", "rental.tool"),
    ("bi", "rental.tool"),
    ("aa", "rental.clothing"),
    ("bt", "rental.baby"),
    ("fr-1", "rental.baby"),
    ("hb-1", "rental.medical"),
)
REPAIRS: Final = (
    ("el-4-8", "repair.phone"),
    ("el", "repair.computer"),
    ("hg-9", "repair.appliance"),
    ("hg-11-7", "repair.appliance"),
    ("vp-1-4-20", "repair.vehicle.wheel"),
    ("vp", "repair.vehicle"),
    ("sg-4-4", "repair.bicycle"),
    ("sg-4-15", "repair.bicycle"),
    ("aa-6", "repair.watch"),
    ("hg-3-17", "repair.watch"),
    ("aa", "repair.clothing"),
    ("ae-2-8-6", "repair.instrument.piano"),
    ("ae-2", "repair.instrument"),
    ("fr", "repair.furniture"),
    ("ha-10", "repair.plumbing"),
    ("ha-11", "repair.electrical"),
    ("ha-2-13", "repair.roof"),
    ("ha", "home.handyman"),
)
