"""Trying a need against the shop: what would be offered, what each item would cost, and why others are not offered.

The same judging and pricing as for a real RFP (answering.py); nothing is written, sealed or sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.records.offer import Landed, Option, landed
from intentcast.records.rfp import Rfp
from intentcast.units import UnixSeconds
from intentcastd.vendor.answering import Shop, decide
from intentcastd.vendor.matching import Match, Passed, explain
from intentcastd.vendor.pricing import NoOffer, quote
from intentcastd.vendor.stated import Answer

_REASONS = {
    "out_of_stock": "it is out of stock",
    "kind": "the need is for {wanted}, this is {stated}",
    "service": "the need is for {wanted}, this is {stated}",
    "category": "the need is in {wanted}, this is in {stated}",
    "gtin": "the need names the product code {wanted}, this has {stated}",
    "area": "it is not sold there",
    "condition": "wanted {wanted}, this is {stated}",
    "contradiction": "{attribute}: wanted {wanted}, this states {stated}",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One item that answers the need.

    Attributes:
        meets: what was asked, by attribute id, amount, place and time included.
        option: how it would be offered; None where it cannot be, and then `why_not` says why.
        is_offered: whether it is among the options of the offer that would go out.
    """

    match: Match
    meets: dict[str, Answer]
    option: Option | None
    landed: Landed | None
    why_not: str
    is_offered: bool

    @property
    def not_stated(self) -> tuple[str, ...]:
        """Return what the buyer will read as not stated: details first, then parts of the price."""
        details = tuple(name for name, said in self.meets.items() if said == "unstated")
        return details + (self.landed.missing if self.landed else ())


@dataclass(frozen=True, slots=True)
class Trial:
    """How the shop looks to one need.

    Attributes:
        no_offer: why nothing at all would be offered; empty if something would.
        judged: how many items were looked at one by one.
        size: how many items there are.
    """

    tried: tuple[Tried, ...]
    passed: tuple[Passed, ...]
    no_offer: str
    judged: int
    size: int


def try_need(rfp: Rfp, shop: Shop, now: UnixSeconds) -> Trial:
    """Return what the shop would do with an RFP."""
    found = explain(rfp, shop.items, shop.profile)
    decision = decide(rfp, shop, now)
    offered = {match.item.sku for match in decision.matches} if not isinstance(decision, NoOffer) else set()
    return Trial(
        tried=tuple(_tried(rfp, match, shop, now, is_offered=match.item.sku in offered) for match in found.matches),
        passed=found.passed,
        no_offer=decision.text if isinstance(decision, NoOffer) else "",
        judged=found.judged,
        size=found.size,
    )


def _tried(rfp: Rfp, match: Match, shop: Shop, now: UnixSeconds, *, is_offered: bool) -> Tried:
    answer = quote(rfp, [match], shop.profile, now)
    if isinstance(answer, NoOffer):
        return Tried(match, dict(match.meets), None, None, answer.text, is_offered=False)
    option = answer.options[0]
    meets: dict[str, Answer] = {name: _answer(said) for name, said in option.meets.items()}
    return Tried(match, meets, option, landed(option), "", is_offered)


def _answer(said: str) -> Answer:
    return "yes" if said == "yes" else "no" if said == "no" else "unstated"


def why_passed(passed: Passed) -> str:
    """Return in one clause why an item is not offered."""
    return _REASONS[passed.reason].format(
        attribute=passed.attribute,
        wanted=passed.wanted or "something else",
        stated=passed.stated or "something that it does not name",
    )
