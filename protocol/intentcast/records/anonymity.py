"""Anonymity of what is said: from a draft that knows all to the fields that may leave, with each change and why.

Spec: 04 (ANO-1..ANO-9)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from intentcast.errors import Misuse
from intentcast.ids import RelayKey
from intentcast.limits import MAX_DETAILS, MAX_TEXT_CHARACTERS, MIN_AREA_POPULATION
from intentcast.records.fields import is_plain_text
from intentcast.records.rfp import Detail, Rfp
from intentcast.records.terms import Proffer
from intentcast.records.vocabulary import GRAINS, Area, Band, Quantity, When
from intentcast.units import UnixSeconds

HOUR_WITHIN_SECONDS = 2 * 86_400
DAY_WITHIN_SECONDS = 30 * 86_400

_CONTACT = {
    "an e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "a link": re.compile(r"(?:https?://|www\.)\S+|\b[a-z0-9-]+\.(?:com|net|org|io|de|uk|fr|eu|shop)\b", re.IGNORECASE),
    "a bank account": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "a phone number": re.compile(r"(?<![\w.])\+?\d(?:[\s().-]{0,2}\d){6,14}(?![\w])"),
    "a handle": re.compile(r"(?<!\w)@\w{2,}"),
}
_BAND_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Draft:
    """A need in fields, as exact as the person meant it. Nothing of it is public.

    Attributes:
        by: exact moment it is needed by, UNIX seconds.
        grain: how exact the words were: hour, day or month; only ever made coarser.
        offset: seconds east of UTC at the place, so that days end where the person is.
        budget: what the person would pay: low is 0 for "up to"; published as a band, and only with `publish_budget`.
        text: free words that the person chose to add.
        private: what no published field may hold: names, addresses, health.
    """

    category: str
    kind: str = "goods"
    quantity: Quantity = field(default_factory=lambda: Quantity(1))
    service: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    area: Area | None = None
    by: int | None = None
    grain: str | None = None
    offset: int = 0
    budget: Band | None = None
    publish_budget: bool = False
    condition: str | None = None
    how: tuple[str, ...] = ()
    gtin: str | None = None
    text: str | None = None
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that leaves less exactly than it was meant, or not at all."""

    field: str
    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Public:
    """The fields that may leave."""

    when: When | None
    budget: Band | None
    text: str | None
    details: Mapping[str, Detail]
    changes: tuple[Change, ...]


def generalize(draft: Draft, now: UnixSeconds) -> Public:
    """Return what may leave of a draft, and each change with its rule.

    Raises:
        Misuse: something in it may never leave (contact data, an area that is too small); the reason says what.

    Spec: 04 §2 (ANO-1..ANO-7)
    """
    changes: list[Change] = []
    if draft.area is not None and draft.area.population < MIN_AREA_POPULATION:
        raise Misuse(
            "ANO-1", f"the area {draft.area.name} has fewer than {MIN_AREA_POPULATION:,} people: name a larger one"
        )
    if len(draft.details) > MAX_DETAILS:
        raise Misuse("ANO-5", f"{len(draft.details)} details say too exactly who you are: keep at most {MAX_DETAILS}")
    for name, value in draft.details.items():
        _refuse_private(f"detail {name}", value if isinstance(value, str) else "", draft.private)
    when = _when(draft, now, changes)
    budget = _budget(draft, changes)
    text = _text(draft.text or "", draft.private, changes)
    return Public(when, budget, text, dict(draft.details), tuple(changes))


def make_rfp(
    draft: Draft, public: Public, *, boards: tuple[RelayKey, ...], box: bytes, salt: bytes, terms: Proffer
) -> Rfp:
    """Return the RFP of a draft: what passes through as it is, and of the rest only what `generalize` lets leave."""
    return Rfp(
        category=draft.category,
        kind=draft.kind,
        quantity=draft.quantity,
        boards=boards,
        box=box,
        salt=salt,
        terms=terms,
        area=draft.area,
        budget=public.budget,
        condition=draft.condition,
        details=public.details,
        gtin=draft.gtin,
        how=draft.how,
        service=draft.service,
        text=public.text,
        when=public.when,
    )


def find_contact(text: str) -> str | None:
    """Return what kind of contact data a text holds, or None (ANO-4)."""
    return next((kind for kind, pattern in _CONTACT.items() if pattern.search(text)), None)


def _refuse_private(where: str, text: str, private: tuple[str, ...]) -> None:
    if any(words and words.casefold() in text.casefold() for words in private):
        raise Misuse("ANO-7", f"{where} holds what you said is private: take it out")
    kind = find_contact(text)
    if kind is not None:
        raise Misuse("ANO-4", f"{where} holds {kind}: take it out; a vendor gets it only after both have signed")


def _text(text: str, private: tuple[str, ...], changes: list[Change]) -> str | None:
    words = " ".join(text.split())
    if not words:
        return None
    if not is_plain_text(words):
        raise Misuse("TXT-1", "the text has hidden characters: type it plainly")
    if len(words) > MAX_TEXT_CHARACTERS:
        raise Misuse("ANO-3", f"the text has {len(words)} characters: at most {MAX_TEXT_CHARACTERS}")
    _refuse_private("the text", words, private)
    if words != text:
        changes.append(Change("text", "ANO-3", text, words))
    return words


def _when(draft: Draft, now: UnixSeconds, changes: list[Change]) -> When | None:
    """Round up to the end of an hour, a day or a month at the place (ANO-2)."""
    if draft.by is None:
        return None
    ahead = draft.by - now
    if ahead <= 0:
        raise Misuse("ANO-2", "the time by which it is needed has passed: give a later one")
    grain = "hour" if ahead < HOUR_WITHIN_SECONDS else "day" if ahead < DAY_WITHIN_SECONDS else "month"
    if draft.grain is not None:
        grain = max(grain, draft.grain, key=GRAINS.index)
    zone = timezone(timedelta(seconds=draft.offset))
    start = datetime.fromtimestamp(draft.by - 1, zone).replace(minute=0, second=0, microsecond=0)
    if grain == "hour":
        end = start + timedelta(hours=1)
    elif grain == "day":
        end = start.replace(hour=0) + timedelta(days=1)
    else:
        first = start.replace(day=1, hour=0)
        end = (first + timedelta(days=32)).replace(day=1)
    by = int(end.timestamp())
    if by != draft.by:
        changes.append(Change("when", "ANO-2", str(draft.by), f"{by} ({grain})"))
    return When(by, grain)


def _budget(draft: Draft, changes: list[Change]) -> Band | None:
    """Keep a budget home, or publish the 1-2-5 band that holds it (ANO-6)."""
    if draft.budget is None:
        return None
    exact = f"up to {draft.budget.high} {draft.budget.currency} (minor units)"
    if not draft.publish_budget:
        changes.append(Change("budget", "ANO-6", exact, "stays home"))
        return None
    low, high = band_of(draft.budget.high)
    changes.append(Change("budget", "ANO-6", exact, f"{low}-{high} {draft.budget.currency}"))
    return Band(draft.budget.currency, low, high)


def band_of(minor: int) -> tuple[int, int]:
    """Return the band of the 1-2-5 series that holds an amount: above low, up to high (ANO-6)."""
    low, power = 0, 1
    while True:
        for step in _BAND_STEPS:
            high = step * power
            if minor <= high:
                return low, high
            low = high
        power *= 10
