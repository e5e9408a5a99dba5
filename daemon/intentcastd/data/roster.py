"""The roster of terms: what an RFP may proffer, by id and hash, and how far one entry is from another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from intentcast.records.terms import Proffer, TermsRef, entry_hash
from intentcastd import specs

EVERYONE = "PDC-INTENT"
CHOSEN = ("SD-BASE-DP", "SD-BASE")
"""What a person proffers to the vendor that is chosen, liked best first, unless the person says otherwise."""


class UnknownTerms(ValueError):
    """There is no such entry in the roster."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the roster."""

    id: str
    binds: str
    title: str
    summary: str
    rules: dict[str, bool | int]
    hash: bytes


@cache
def entries() -> dict[str, Entry]:
    """Return the roster by id; each hash is made from the entry's own words, never taken on trust (TRM-1)."""
    roster = {}
    for item in specs.registry("terms")["entries"]:
        entry = item["entry"]
        roster[entry["id"]] = Entry(
            id=entry["id"],
            binds=entry["binds"],
            title=entry["title"],
            summary=entry["summary"],
            rules=entry["rules"],
            hash=entry_hash(entry),
        )
    return roster


def proffer(chosen: tuple[str, ...] = CHOSEN) -> Proffer:
    """Return the terms of an RFP.

    Raises:
        UnknownTerms: one of them is not in the roster, or binds somebody else.
    """
    return Proffer(_ref(EVERYONE, "everyone"), tuple(_ref(name, "chosen") for name in chosen))


def _ref(name: str, binds: str) -> TermsRef:
    entry = entries().get(name)
    if entry is None or entry.binds != binds:
        known = ", ".join(sorted(entry.id for entry in entries().values() if entry.binds == binds))
        raise UnknownTerms(f"There are no terms {name} for this. The roster has: {known}.")
    return TermsRef(entry.id, entry.hash)


def holds(ref: TermsRef) -> bool:
    """Tell whether a peer's reference means our entry of that name, word for word (TRM-5)."""
    entry = entries().get(ref.id)
    return entry is not None and entry.hash == ref.hash


def distance(best: str, other: str) -> int | None:
    """Return in how many rules an entry protects less than the one that is liked best; None if one is not known."""
    roster = entries()
    if best not in roster or other not in roster:
        return None
    stricter = {name: rule["stricter"] for name, rule in specs.registry("terms")["rules"].items()}
    mine, theirs = roster[best].rules, roster[other].rules
    return sum(_is_weaker(stricter[name], theirs.get(name, False), value) for name, value in mine.items())


def _is_weaker(stricter: str, value: bool | int, than: bool | int) -> bool:
    if stricter == "less":
        return int(value) > int(than) or value is False
    return bool(than) and not value
