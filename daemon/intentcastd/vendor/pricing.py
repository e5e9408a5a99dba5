"""From matches to an offer: what it costs with all that comes on top, when it is there, under which terms.

Nothing is made up: a fee without a price stays not stated, and then there is no total; a day that the shop is closed
is not promised.

Spec: 03 §9 (OFF-1..OFF-9), 11 §2 (TRM-2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, TypeAlias

from intentcast.limits import MAX_INTEGER
from intentcast.records.offer import Ask, Fee, Offer, Option, Tax, landed
from intentcast.records.offer import Item as Line
from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import Money, Quantity
from intentcast.units import UnixSeconds
from intentcastd.vendor import units
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.matching import Match
from intentcastd.vendor.profile import Profile
from intentcastd.vendor.shipping import Way, serves_mode, ways
from intentcastd.vendor.stated import Answer

MAX_OPTIONS: Final = 3
_TIME: Final = frozenset({"MIN", "DAY", "MON"})
_MAX_SCALE: Final = 6

Why: TypeAlias = Literal["area", "no_match", "how", "terms", "amount"]

_WORDS: Final[dict[Why, str]] = {
    "area": "The shop does not work where this is needed.",
    "no_match": "Nothing in the catalogue answers this need without contradicting it.",
    "how": "The shop has no way to deliver that the need takes, there.",
    "terms": "The need asks for terms that the shop does not accept.",
    "amount": "The amount is too large, or nothing is asked for.",
}


@dataclass(frozen=True, slots=True)
class NoOffer:
    """Why an RFP is not answered."""

    reason: Why

    @property
    def text(self) -> str:
        return _WORDS[self.reason]


@dataclass(frozen=True, slots=True)
class Draft:
    """An offer that lacks only the vendor's card and a salt.

    Attributes:
        matches: the match behind each option, in the same order.
    """

    name: str
    options: tuple[Option, ...]
    matches: tuple[Match, ...]
    terms_choice: tuple[str, str]
    valid_until: UnixSeconds
    asks: tuple[Ask, ...]
    note: str | None

    def to_offer(self, card: bytes, salt: bytes) -> Offer:
        """Return the offer.

        Args:
            card: id of the vendor's card, 32 bytes.
            salt: 16 fresh random bytes.
        """
        return Offer(
            name=self.name,
            card=card,
            options=self.options,
            salt=salt,
            terms_choice=self.terms_choice,
            valid_until=self.valid_until,
            asks=self.asks,
            note=self.note,
        )


def quote(rfp: Rfp, matches: Sequence[Match], profile: Profile, now: UnixSeconds) -> Draft | NoOffer:
    """Make an offer of one to three options, or say why there is none.

    Args:
        rfp: the need.
        matches: from `match`, best first.
        profile: the shop.
        now: wall clock.
    """
    if not any(area.covers(rfp.area) for area in profile.areas):
        return NoOffer("area")
    terms = _terms(rfp, profile)
    if terms is None:
        return NoOffer("terms")
    # What was imported in another currency cannot be added up with shipping and fees.
    candidates = [
        found
        for found in matches
        if found.item.stock is not Stock.OUT and found.item.price.currency == profile.currency
    ]
    if not candidates:
        return NoOffer("no_match")
    if rfp.quantity.value <= 0:
        return NoOffer("amount")
    chosen = _choose(rfp, candidates, profile, now)
    if not chosen:
        return NoOffer("how" if not _any_way(rfp, candidates, profile, now) else "amount")
    options = tuple(replace(option, id=str(place)) for place, (option, _) in enumerate(chosen, 1))
    return Draft(
        name=profile.name,
        options=options,
        matches=tuple(found for _, found in chosen),
        terms_choice=terms,
        valid_until=UnixSeconds(now + profile.valid_hours * 3600),
        asks=profile.asks,
        note=profile.note,
    )


def _terms(rfp: Rfp, profile: Profile) -> tuple[str, str] | None:
    """Return what to say about the RFP's terms: the one liked best that we accept, else one alternative of ours."""
    if rfp.terms.everyone.id not in profile.terms:
        return None
    for proffered in rfp.terms.chosen:
        if proffered.id in profile.terms:
            return "accept", proffered.id
    others = [term for term in profile.terms if term != rfp.terms.everyone.id]
    return ("alternative", others[0]) if others else None


def _any_way(rfp: Rfp, matches: Sequence[Match], profile: Profile, now: UnixSeconds) -> bool:
    return serves_mode(rfp, profile) and any(ways(rfp, found.item, found.item.price, profile, now) for found in matches)


def _choose(rfp: Rfp, matches: Sequence[Match], profile: Profile, now: UnixSeconds) -> list[tuple[Option, Match]]:
    """Return up to three options: different products by their best way; of a single product, its different ways."""
    products: dict[str, Match] = {}
    for found in matches:
        products.setdefault(found.item.handle, found)
    leading = _outstanding(list(products.values())[: 2 * MAX_OPTIONS])
    chosen: list[tuple[Option, Match]] = []
    if len(leading) == 1:
        return [(option, leading[0]) for option in _options(rfp, leading[0], profile, now)[:MAX_OPTIONS]]
    for found in leading:
        options = _options(rfp, found, profile, now)
        chosen += [(options[0], found)] if options else []
    # One that comes in time goes before a better match that does not; the order stays otherwise.
    chosen.sort(key=lambda pair: {"yes": 0, "unstated": 1, "no": 2}[pair[0].meets.get("when", "yes")])
    return chosen[:MAX_OPTIONS]


def _outstanding(matches: list[Match]) -> list[Match]:
    """Leave out what answers none of the details where something answers some: it would only be noise to the buyer."""
    answering = [
        found for found in matches if any(said == "yes" for name, said in found.meets.items() if name != "condition")
    ]
    return answering or matches


def _options(rfp: Rfp, found: Match, profile: Profile, now: UnixSeconds) -> list[Option]:
    """Return an option for each mode in which this item can come, the best first."""
    item = found.item
    quantity, is_met = _quantity(rfp.quantity, item)
    goods = _times(item.price, quantity)
    if goods is None:
        return []
    options: dict[str, Option] = {}
    for way in ways(rfp, item, goods, profile, now):
        option = _option(rfp, found, way, quantity, is_met, profile)
        if option is not None:
            options.setdefault(way.ship.mode, option)
    return list(options.values())


def _option(rfp: Rfp, found: Match, way: Way, quantity: Quantity, is_met: Answer, profile: Profile) -> Option | None:
    item = found.item
    fees = profile.fees
    if is_met != "yes" and item.kind != "goods":
        # The rate is stated, how long it takes is not: one hour must not look like the price of the whole job.
        fees = (*fees, Fee("further time", None))
    meets: dict[str, str] = {**found.meets, "quantity": is_met}
    if rfp.area is not None:
        meets["area"] = "yes"
    if way.in_time is not None:
        meets["when"] = way.in_time
    line = Line(item.title, item.price, quantity, gtin=item.gtin, sku=item.sku, brand=item.brand)
    option = Option(
        id="1",
        title=item.title,
        items=(line,),
        ship=way.ship,
        tax=Tax(included=True),
        fees=fees,
        condition=item.condition,
        meets=meets,
        returns_days=profile.returns_days,
        warranty_months=profile.warranty_months,
    )
    option = replace(option, tax=_tax(option, item, profile))
    cost = landed(option)
    if cost.known.minor > MAX_INTEGER:
        return None
    return replace(option, total=cost.total)


def _tax(option: Option, item: Item, profile: Profile) -> Tax:
    """Return the tax: held in the prices, or computed on all that is charged and taxed, or not stated."""
    if profile.tax.included:
        return Tax(included=True)
    before = landed(option)
    if item.tax == "none":
        return Tax(included=False, price=Money(profile.currency, 0))
    if profile.tax.percent is None or before.total is None:
        return Tax(included=False)
    taxed = before.total.minor - (before.items.minor if item.tax == "shipping" else 0)
    minor = (Decimal(taxed) * profile.tax.percent / 100).to_integral_value(ROUND_HALF_UP)
    return Tax(included=False, price=Money(profile.currency, int(minor)))


def _quantity(wanted: Quantity, item: Item) -> tuple[Quantity, Answer]:
    """Return how much of the item's unit answers what is wanted, and whether that is certain."""
    kind, factor = units.base(wanted.unit)
    own_kind, own_factor = units.base(item.unit)
    if kind != own_kind:
        return Quantity(1, item.unit), "unstated"
    amount = Decimal(wanted.value).scaleb(-wanted.scale) * factor / own_factor
    is_whole = amount == amount.to_integral_value()
    # Ten days at a price per week are not 1.43 weeks: shops have rules for that, which they have not stated.
    if not is_whole and (own_kind in _TIME or own_kind == units.PIECE):
        return Quantity(1, item.unit), "unstated"
    return _scaled(amount, item.unit), _has_enough(amount, item)


def _has_enough(amount: Decimal, item: Item) -> Answer:
    return "unstated" if item.stock is Stock.FEW and amount > 1 else "yes"


def _scaled(amount: Decimal, unit: str) -> Quantity:
    """Return an amount as an integer and a number of decimals, as few as needed."""
    rounded = amount.quantize(Decimal(1).scaleb(-_MAX_SCALE)) if amount < 10**9 else amount.to_integral_value()
    scale = max(0, -int(rounded.normalize().as_tuple().exponent))
    return Quantity(int(rounded.scaleb(scale)), unit, scale)


def _times(price: Money, quantity: Quantity) -> Money | None:
    """Return price times quantity, half a unit rounded up, or None if that is too large to be told exactly."""
    one = 10**quantity.scale
    minor = (2 * price.minor * quantity.value + one) // (2 * one)
    return Money(price.currency, minor) if minor <= MAX_INTEGER and quantity.value <= MAX_INTEGER else None
