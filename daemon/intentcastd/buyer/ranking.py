"""Ranking: which offer is best by total landed cost, by a pure key. What is not stated never counts as 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intentcast.records.offer import Landed, Offer, Option, landed
from intentcast.records.vocabulary import Band


@dataclass(frozen=True, slots=True)
class Priced:
    """An option and what it comes to."""

    option: Option
    landed: Landed


@dataclass(frozen=True, slots=True)
class Ranked:
    """One offer among others.

    Attributes:
        best: its best option.
        difference: minor units above the best known total in this currency; None if its own is not known.
        over_budget: against the budget that stayed home; None if that cannot be said.
    """

    id: bytes
    offer: Offer
    priced: tuple[Priced, ...]
    best: Priced
    difference: int | None
    over_budget: bool | None


def price(offer: Offer) -> tuple[Priced, ...]:
    """Return the options with what they come to, best first."""
    return tuple(sorted((Priced(option, landed(option)) for option in offer.options), key=_key))


def _key(priced: Priced) -> tuple[int, bool, int, int]:
    """Options that say no to something that was asked come last, then those whose whole price is not stated."""
    cost = priced.landed
    refusals = sum(answer == "no" for answer in priced.option.meets.values())
    hours = priced.option.ship.hours
    return refusals, cost.total is None, cost.known.minor, hours if hours is not None else 10**6


def rank(offers: Sequence[tuple[bytes, Offer]], budget: Band | None) -> list[Ranked]:
    """Return offers, best first; amounts in different currencies are not compared, the commonest currency comes first."""
    priced = [(item, offer, price(offer)) for item, offer in offers]
    currencies = [options[0].landed.known.currency for _, _, options in priced]
    best_total: dict[str, int] = {}
    for _, _, options in priced:
        for option in options:
            total = option.landed.total
            if total is not None and "no" not in option.option.meets.values():
                best_total[total.currency] = min(total.minor, best_total.get(total.currency, total.minor))

    def order(entry: tuple[bytes, Offer, tuple[Priced, ...]]) -> tuple[int, str, tuple[int, bool, int, int], bytes]:
        item, _, options = entry
        currency = options[0].landed.known.currency
        return -currencies.count(currency), currency, _key(options[0]), item

    return [
        Ranked(item, offer, options, options[0], _difference(options[0], best_total), over(options[0].landed, budget))
        for item, offer, options in sorted(priced, key=order)
    ]


def _difference(priced: Priced, best_total: dict[str, int]) -> int | None:
    total = priced.landed.total
    if total is None or total.currency not in best_total:
        return None
    return total.minor - best_total[total.currency]


def over(cost: Landed, budget: Band | None) -> bool | None:
    """Tell whether a cost is over a budget: what is known may be enough to say yes, only the whole can say no."""
    if budget is None or budget.currency != cost.known.currency:
        return None
    if cost.known.minor > budget.high:
        return True
    return None if cost.total is None else False
