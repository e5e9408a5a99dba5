"""What would join an RFP to an earlier one of the same person: combinations that recur, whatever the keys.

Relays and vendors may keep what they saw for ever. Fresh keys do not help where the same odd combination comes again, so
the person is told before it does. Nothing is refused here: who needs the same boots twice needs them twice.

Spec: 04 §6 (ANO-10..ANO-13)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import Final

from intentcast.records.rfp import Detail, Rfp
from intentcast.records.vocabulary import Quantity, on_branch
from intentcast.units import UnixSeconds
from intentcastd.data import registries
from intentcastd.data.folding import fold

LINK_WITHIN_DAYS: Final = 90
SHINGLE_WORDS: Final = 3
# An area so large that a kind of thing is asked for in it all the time joins nobody to anything.
LARGE_AREA_PEOPLE: Final = 1_000_000
MOST_LINKS: Final = 8
_DAY_SECONDS: Final = 86_400

# How many values of an attribute are common: a share of one in so many, where nothing better is known. Rough on purpose.
_VALUES: Final[Mapping[str, int]] = MappingProxyType(
    {"author": 2000, "brand": 200, "breed": 100, "colour": 10, "gender": 3, "material": 12, "model": 500, "size": 12, "subject": 30,
     "vehicle_brand": 40, "vehicle_model": 300, "vehicle_year": 30, "year": 30}
)  # fmt: skip
_VALUES_OF_TYPE: Final[Mapping[str, int]] = MappingProxyType({"bool": 2, "int": 8, "quantity": 12, "text": 10})


@dataclass(frozen=True, slots=True)
class Earlier:
    """An RFP of the same person that is out already, by the person's own name for it."""

    local_id: str
    cast_at: UnixSeconds
    rfp: Rfp


@dataclass(frozen=True, slots=True)
class Link:
    """Something of a new RFP that was in an earlier one.

    Attributes:
        rule: of the specification.
        earlier: the person's own name for that RFP.
        what: what recurs, for people.
        one_in: about one of so many RFPs has this too, by a rough table; 0 where there is no figure.
        words: the whole warning.
    """

    rule: str
    earlier: str
    what: str
    one_in: int
    words: str


def find_links(rfp: Rfp, earlier: Sequence[Earlier], now: UnixSeconds) -> tuple[Link, ...]:
    """Return what joins an RFP to earlier ones of the last 90 days, the rarest first, one per kind and earlier RFP.

    Spec: 04 §6 (ANO-10..ANO-13)
    """
    found = [
        link
        for one in earlier
        if 0 <= now - one.cast_at <= LINK_WITHIN_DAYS * _DAY_SECONDS
        for link in _links(rfp, one, now)
    ]
    found.sort(key=lambda link: -link.one_in)
    return tuple(found[:MOST_LINKS])


def _links(rfp: Rfp, one: Earlier, now: UnixSeconds) -> Iterator[Link]:
    """Yield what one earlier RFP has in common with a new one."""
    when = _ago(one, now)
    if rfp.gtin is not None and rfp.gtin == one.rfp.gtin:
        words = f"The product code {rfp.gtin} was in {when} too: whoever collects RFPs can join the two."
        yield Link("ANO-13", one.local_id, f"product code {rfp.gtin}", 1_000_000, words)
    before = one.rfp.details
    shared = {name: value for name, value in rfp.details.items() if name in before and _is_same(value, before[name])}
    if len(shared) > 1:
        rare = min(1_000_000, prod(_values(name) for name in shared))
        what = " and ".join(f"{name.replace('_', ' ')} {_shown(value)}" for name, value in sorted(shared.items()))
        yield Link(
            "ANO-10",
            one.local_id,
            what,
            rare,
            f"{what[0].upper()}{what[1:]} together were in {when}: about one in {rare:,} who ask for such a thing says the same.",
        )
    if _same_place(rfp, one.rfp):
        assert rfp.area is not None
        what = f"{rfp.service or rfp.category} in {rfp.area.name}"
        words = (
            f"The same kind of thing in {rfp.area.name} ({rfp.area.population:,} people) was in {when}: "
            "with few who ask there, the two are easily joined."
        )
        yield Link("ANO-11", one.local_id, what, max(2, LARGE_AREA_PEOPLE // rfp.area.population), words)
    for run in _shared_runs(rfp.text or "", one.rfp.text or ""):
        words = f"The words “{run}” were in {when} too: your own way of saying a thing joins the two."
        yield Link("ANO-12", one.local_id, f"the words “{run}”", 1000 ** (len(run.split()) - 2), words)
        break


def _is_same(value: Detail, other: Detail) -> bool:
    # True equals 1 in Python, and not on the wire.
    return type(value) is type(other) and value == other


def _values(name: str) -> int:
    attribute = registries.attributes().get(name)
    return _VALUES.get(name) or _VALUES_OF_TYPE[attribute.type if attribute else "text"]


def _same_place(rfp: Rfp, other: Rfp) -> bool:
    """Tell whether both ask for the same kind of thing in the same area, and that area is not large (ANO-11)."""
    if rfp.area is None or other.area is None or rfp.area.population >= LARGE_AREA_PEOPLE:
        return False
    if (rfp.area.country, rfp.area.name) != (other.area.country, other.area.name):
        return False
    return rfp.service == other.service and on_branch(rfp.category, other.category)


def _shared_runs(text: str, other: str) -> Iterator[str]:
    """Yield runs of at least three words that both texts have, the longest first (ANO-12)."""
    ours, theirs = fold(text).split(), fold(other).split()
    for size in range(len(ours), SHINGLE_WORDS - 1, -1):
        there = {tuple(theirs[at : at + size]) for at in range(len(theirs) - size + 1)}
        yield from (
            " ".join(ours[at : at + size]) for at in range(len(ours) - size + 1) if tuple(ours[at : at + size]) in there
        )


def _ago(one: Earlier, now: UnixSeconds) -> str:
    days = (now - one.cast_at) // _DAY_SECONDS
    when = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"your RFP {one.local_id} ({when})"


def _shown(value: Detail) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Quantity():
            return f"{value.value / 10**value.scale:g} {value.unit}"
        case _:
            return str(value)
