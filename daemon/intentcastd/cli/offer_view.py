"""One offer as a line, and as a page."""

from __future__ import annotations

from collections.abc import Iterator

from intentcastd.api.shapes_buyer import Offer, OfferFee, OfferOption
from intentcastd.cli.safe_text import safe, safe_name
from intentcastd.cli.words import NOT_STATED, amount, hours, moment, quantity, span


def best_option(offer: Offer) -> OfferOption:
    """Return the option that counts in comparisons."""
    return next((option for option in offer.options if option.id == offer.best_option), offer.options[0])


def total(offer: Offer) -> str:
    """Return the total landed cost, or what is known of it and what is missing."""
    landed = best_option(offer).landed
    if landed.total is not None:
        return f"{amount(landed.total)} all in"
    missing = ", ".join(safe(name) for name in landed.missing)
    return f"{amount(landed.known)} + {missing} {NOT_STATED}"


def asks(offer: Offer) -> str:
    """Return what the vendor wants to know at acceptance."""
    return ", ".join(safe(ask.field) for ask in offer.asks) or "nothing"


def terms(offer: Offer) -> str:
    """Return whose terms they are."""
    if offer.terms.accept is not None:
        below = f", {offer.terms_distance} below your first choice" if offer.terms_distance else ""
        return f"yours ({safe(offer.terms.accept)}){below}"
    named = safe(offer.terms.alternative or "not named")
    if offer.terms_distance is None:
        return f"theirs ({named})"
    return f"theirs ({named}), {offer.terms_distance} from yours"


def when(option: OfferOption) -> str:
    """Return how soon and in which way it comes."""
    stated = option.ship.hours is not None
    if option.ship.hours == 0:
        return f"{option.ship.mode} at once"
    return f"{option.ship.mode} in {hours(option.ship.hours)}" if stated else f"{option.ship.mode}, time {NOT_STATED}"


def line(offer: Offer) -> str:
    """Return an offer on one line."""
    pieces = [
        f"+{span(offer.seconds_since_cast):<7}",
        f"offer {offer.number}",
        f"{safe_name(offer.vendor.name, 28):<20}",
        total(offer),
        when(best_option(offer)),
        f"asks to know: {asks(offer)}",
        f"terms: {terms(offer)}",
    ]
    if offer.over_budget:
        pieces.append("over your budget")
    return "  ".join(pieces)


def page(offer: Offer) -> Iterator[str]:
    """Yield all lines about one offer."""
    domain = f"  domain {safe(offer.vendor.domain)}" if offer.vendor.domain else "  no proven domain"
    yield f"offer {offer.number} for {safe(offer.rfp)}   {safe_name(offer.vendor.name, 80)}{domain}"
    yield f"  id           {safe(offer.id)}"
    yield f"  vendor key   {safe(offer.vendor.key)}"
    yield f"  came         {moment(offer.received_at)}, {span(offer.seconds_since_cast)} after the cast"
    yield f"  valid until  {moment(offer.valid_until)}"
    yield f"  terms        {terms(offer)}"
    yield "  asks         " + (
        ", ".join(f"{safe(ask.field)} for {safe(ask.purpose)}" for ask in offer.asks) or "to know nothing"
    )
    if offer.note is not None:
        yield f"  note         {safe(offer.note, 600)}"
    for option in offer.options:
        mark = "  (best)" if len(offer.options) > 1 and option.id == offer.best_option else ""
        yield f"  option {safe(option.id)}: {safe(option.title)}{mark}"
        yield from _option(option)


def _option(option: OfferOption) -> Iterator[str]:
    for item in option.items:
        codes = [f"GTIN {item.gtin}" if item.gtin else "", f"SKU {item.sku}" if item.sku else "", item.brand or ""]
        known = ", ".join(safe(code) for code in codes if code)
        yield f"    item       {quantity(item.quantity)} x {safe(item.name)} at {amount(item.price)}  {known}".rstrip()
    yield f"    shipping   {amount(option.landed.ship)}, {when(option)}"
    yield f"    tax        {tax(option)}"
    yield f"    fees       {fees(option.fees)}"
    yield f"    total      {amount(option.landed.total)}" + (
        "" if option.landed.total else f" (known: {amount(option.landed.known)})"
    )
    if option.landed.contradicts:
        yield "    warning    the vendor's own total is not the sum of its parts"
    yield f"    condition  {option.condition or NOT_STATED}"
    for name, answer in sorted(option.meets.items()):
        yield f"    {safe(name)}: {'not stated' if answer == 'unstated' else answer}"
    yield f"    returns    {returns(option)}, warranty {warranty(option)}"


def tax(option: OfferOption) -> str:
    """Return how the price stands to tax."""
    if option.tax.included:
        return "in the prices"
    return f"{amount(option.tax.price)} on top" if option.tax.price else f"on top, {NOT_STATED}"


def fees(charged: list[OfferFee]) -> str:
    """Return the fees by name."""
    return ", ".join(f"{safe(fee.code)} {amount(fee.price)}" for fee in charged) or "none"


def returns(option: OfferOption) -> str:
    """Return how long it may be sent back."""
    return NOT_STATED if option.returns_days is None else f"{option.returns_days} days"


def warranty(option: OfferOption) -> str:
    """Return how long the vendor stands for it."""
    return NOT_STATED if option.warranty_months is None else f"{option.warranty_months} months"
