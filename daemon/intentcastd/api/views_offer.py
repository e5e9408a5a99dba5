"""Offers as the API shows them."""

from __future__ import annotations

from intentcast.records.offer import Item, Landed, Option
from intentcast.records.terms import Proffer
from intentcast.records.vocabulary import Money
from intentcastd.api import shapes, shapes_buyer
from intentcastd.buyer.ranking import Priced, Ranked
from intentcastd.data import roster
from intentcastd.store.offers import StoredOffer


def offer_view(
    ranked: Ranked, row: StoredOffer, number: int, rank: int, cast_at: int, terms: Proffer
) -> shapes_buyer.Offer:
    """Return one offer among the others of its RFP.

    Args:
        number: by arrival, from 1; never changes.
        rank: by cost, from 1.
        cast_at: when its RFP was cast, UNIX seconds.
        terms: what the RFP proffers.
    """
    offer = ranked.offer
    how, choice = offer.terms_choice
    return shapes_buyer.Offer(
        id=row.id.hex(),
        number=number,
        rank=rank,
        rfp=row.rfp,
        # The domain is shown once relays have attested it, which this version of the network does not do yet.
        vendor=shapes_buyer.OfferVendor(name=offer.name, key=row.vendor.hex(), card=offer.card.hex(), domain=None),
        received_at=row.received,
        seconds_since_cast=max(0, row.received - cast_at),
        options=[option_view(priced) for priced in ranked.priced],
        best_option=ranked.best.option.id,
        over_budget=ranked.over_budget,
        difference_minor=ranked.difference,
        asks=[shapes_buyer.OfferAsk(field=ask.field, purpose=ask.purpose) for ask in offer.asks],
        terms=shapes_buyer.OfferTerms(**{how: choice}),
        terms_distance=roster.distance(terms.chosen[0].id, choice),
        valid_until=offer.valid_until,
        note=offer.note,
        state=row.state,
    )


def _money(money: Money | None) -> shapes.Money | None:
    return None if money is None else shapes.Money(currency=money.currency, minor=money.minor)


def _stated(money: Money) -> shapes.Money:
    return shapes.Money(currency=money.currency, minor=money.minor)


def option_view(priced: Priced) -> shapes_buyer.OfferOption:
    """Return one option with what it comes to."""
    option: Option = priced.option
    return shapes_buyer.OfferOption(
        id=option.id,
        title=option.title,
        items=[_item(item) for item in option.items],
        ship=shapes_buyer.OfferShip(
            mode=option.ship.mode,  # type: ignore[arg-type]  # offer_untrusted lets no other word through
            price=_money(option.ship.price),
            hours=option.ship.hours,
        ),
        tax=shapes_buyer.OfferTax(included=option.tax.included, price=_money(option.tax.price)),
        fees=[shapes_buyer.OfferFee(code=fee.code, price=_money(fee.price)) for fee in option.fees],
        condition=option.condition,
        meets=dict(option.meets),  # type: ignore[arg-type]  # as above
        returns_days=option.returns_days,
        warranty_months=option.warranty_months,
        landed=_landed(priced.landed),
    )


def _item(item: Item) -> shapes_buyer.OfferItem:
    quantity = item.quantity
    return shapes_buyer.OfferItem(
        name=item.name,
        price=_stated(item.price),
        quantity=shapes.Quantity(unit=quantity.unit, value=quantity.value, scale=quantity.scale),
        gtin=item.gtin,
        sku=item.sku,
        brand=item.brand,
    )


def _landed(cost: Landed) -> shapes_buyer.Landed:
    return shapes_buyer.Landed(
        items=_stated(cost.items),
        ship=_money(cost.ship),
        tax=_money(cost.tax),
        fees=_money(cost.fees),
        known=_stated(cost.known),
        total=_money(cost.total),
        missing=list(cost.missing),
        contradicts=cost.contradicts,
    )
