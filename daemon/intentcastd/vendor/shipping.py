"""Which of a shop's ways to deliver fits a need, what it costs and when it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from intentcast.records.offer import Ship
from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import Money
from intentcast.units import UnixSeconds
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.profile import Profile, Shipping
from intentcastd.vendor.stated import Answer

_HOUR: Final = 3600
_RANK: Final[dict[Answer, int]] = {"yes": 0, "unstated": 1, "no": 2}
# What the buyer comes for, or waits at home for, happens while the shop is open.
_IN_HOURS: Final = frozenset({"pickup", "onsite"})


@dataclass(frozen=True, slots=True)
class Way:
    """One way for one item, with what it comes to.

    Attributes:
        in_time: whether it is there by the RFP's deadline; None if it has none.
    """

    row: Shipping
    ship: Ship
    in_time: Answer | None


def ways(rfp: Rfp, item: Item, goods: Money, profile: Profile, now: UnixSeconds) -> list[Way]:
    """Return the ways that serve the RFP's place and mode, those in time first, then the cheapest stated.

    Args:
        goods: what the goods cost together, for free shipping.
        now: wall clock.
    """
    found = [_way(rfp, item, goods, row, profile, now) for row in _rows(rfp, profile)]
    return sorted(found, key=_order)


def serves_mode(rfp: Rfp, profile: Profile) -> bool:
    """Tell whether the shop has any row in a mode that the RFP takes, wherever it is."""
    return any(_takes(rfp, row) for row in profile.shipping)


def _rows(rfp: Rfp, profile: Profile) -> Iterator[Shipping]:
    for row in profile.shipping:
        if _takes(rfp, row) and any(area.covers(rfp.area) for area in row.areas or profile.areas):
            yield row


def _takes(rfp: Rfp, row: Shipping) -> bool:
    if rfp.how:
        return row.mode in rfp.how
    return row.mode != "onsite" if rfp.kind == "goods" else True


def _order(way: Way) -> tuple[int, bool, int]:
    price = way.ship.price
    return _RANK[way.in_time or "yes"], price is None, price.minor if price else 0


def _way(rfp: Rfp, item: Item, goods: Money, row: Shipping, profile: Profile, now: UnixSeconds) -> Way:
    price = row.price
    if price is not None and row.free_above is not None and goods.minor >= row.free_above.minor:
        price = Money(price.currency, 0)
    done = _done(item, row, profile, now)
    hours = None if done is None else -(-(done - now) // _HOUR)
    in_time: Answer | None = None
    if rfp.when is not None:
        in_time = "unstated" if done is None else "yes" if done <= rfp.when.by else "no"
    return Way(row, Ship(row.mode, price, hours), in_time)


def _done(item: Item, row: Shipping, profile: Profile, now: UnixSeconds) -> UnixSeconds | None:
    """Return when it is there or ready, or None if that is not stated."""
    hours = _hours(item, row)
    if hours is None:
        return None
    if profile.opening is None:
        return UnixSeconds(now + hours * _HOUR)
    start = profile.opening.next_open(now)
    if start is None:
        return None
    done = UnixSeconds(start + hours * _HOUR)
    return profile.opening.next_open(done) if row.mode in _IN_HOURS else done


def _hours(item: Item, row: Shipping) -> int | None:
    if item.kind == "goods":
        # What must be ordered first comes when it comes, unless the catalogue says when.
        if row.hours is None or (item.stock is Stock.ORDER and item.lead_hours is None):
            return None
        return row.hours + (item.lead_hours or 0)
    if item.lead_hours is None:
        return row.hours
    return item.lead_hours + (row.hours or 0)
