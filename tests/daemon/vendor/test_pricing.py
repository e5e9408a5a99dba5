"""From matches to an offer: every amount stated or called not stated, no day promised that the shop is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.limits import MAX_INTEGER
from intentcast.records.offer import Fee, landed, offer_untrusted
from intentcast.records.rfp import Rfp
from intentcast.records.terms import Proffer, TermsRef
from intentcast.records.vocabulary import Area, AreaFilter, Money, Quantity, When
from intentcast.testing.samples import sample_proffer
from intentcast.units import UnixSeconds
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.matching import Match
from intentcastd.vendor.opening import Opening
from intentcastd.vendor.pricing import Draft, NoOffer, quote
from intentcastd.vendor.profile import Profile, Shipping, TaxRule

# Monday, 23 November 2026, 10:00 in Copenhagen.
NOW = UnixSeconds(1_795_424_400)
HOUR = 3600
CITY = Area("DK", "København", 600_000)
WEEKDAYS = Opening(ZoneInfo("Europe/Copenhagen"), dict.fromkeys(range(5), ((9 * 60, 18 * 60),)))

PARCEL = Shipping("Parcel", "deliver", Money("EUR", 490), 48)
COLLECT = Shipping("Collect", "pickup", Money("EUR", 0), 2)
SHOP = Profile(
    name="Testshop",
    currency="EUR",
    areas=(AreaFilter("DK"),),
    tax=TaxRule(included=True),
    shipping=(PARCEL, COLLECT),
    terms=("PDC-INTENT", "SD-BASE"),
)


def found(sku: str = "a", price: int = 1000, **rest: Any) -> Match:
    return Match(Item(sku, sku, f"Thing {sku}", Money("EUR", price), 2, category="hg-11", **rest), {}, ())


def need(kind: str = "goods", **rest: Any) -> Rfp:
    rest.setdefault("quantity", Quantity(1))
    rest.setdefault("terms", sample_proffer())
    return Rfp("hg-11", kind, boards=(), box=bytes(32), salt=bytes(16), **rest)


def drafted(rfp: Rfp, *matches: Match, profile: Profile = SHOP, now: UnixSeconds = NOW) -> Draft:
    draft = quote(rfp, matches, profile, now)
    assert isinstance(draft, Draft)
    offer = draft.to_offer(bytes(32), bytes(16))
    assert offer_untrusted(offer.to_body()) == offer
    return draft


def refused(rfp: Rfp, *matches: Match, profile: Profile = SHOP) -> str:
    answer = quote(rfp, matches, profile, NOW)
    assert isinstance(answer, NoOffer)
    assert answer.text
    return answer.reason


def test_the_total_is_the_sum_of_all_that_is_stated() -> None:
    profile = replace(SHOP, shipping=(PARCEL,), fees=(Fee("packaging", Money("EUR", 100)),))

    (option,) = drafted(need(quantity=Quantity(3)), found(), profile=profile).options

    assert option.items[0].quantity == Quantity(3)
    assert option.total == Money("EUR", 3 * 1000 + 490 + 100)
    assert not landed(option).contradicts
    assert option.meets == {"quantity": "yes"}


def test_a_fee_without_a_price_stays_not_stated_and_there_is_no_total() -> None:
    (option, *_) = drafted(need(), found(), profile=replace(SHOP, fees=(Fee("customs", None),))).options

    assert option.fees == (Fee("customs", None),)
    assert option.total is None
    assert landed(option).missing == ("fee customs",)


def test_shipping_without_a_price_stays_not_stated() -> None:
    (option,) = drafted(need(), found(), profile=replace(SHOP, shipping=(replace(PARCEL, price=None),))).options

    assert option.ship.price is None
    assert option.total is None


def test_tax_on_top_is_computed_on_all_that_is_charged() -> None:
    profile = replace(SHOP, tax=TaxRule(included=False, percent=Decimal("8.875")), shipping=(PARCEL,))

    (option,) = drafted(need(), found(price=999), profile=profile).options

    assert option.tax.price == Money("EUR", 132)  # 8.875 % of 14.89 is 1.3215
    assert option.total == Money("EUR", 999 + 490 + 132)


def test_tax_on_top_without_a_percentage_is_not_stated() -> None:
    (option, *_) = drafted(need(), found(), profile=replace(SHOP, tax=TaxRule(included=False))).options

    assert option.tax.price is None
    assert option.total is None


def test_goods_that_are_not_taxed_are_left_out_of_the_tax() -> None:
    profile = replace(SHOP, tax=TaxRule(included=False, percent=Decimal(20)), shipping=(PARCEL,))

    taxes = [
        drafted(need(), found(tax=tax), profile=profile).options[0].tax.price for tax in ("full", "shipping", "none")
    ]

    assert taxes == [Money("EUR", 298), Money("EUR", 98), Money("EUR", 0)]


def test_an_item_in_another_currency_is_not_added_up_with_shipping_in_ours() -> None:
    other = Match(replace(found().item, price=Money("USD", 1000)), {}, ())

    assert refused(need(), other) == "no_match"


def test_shipping_is_free_above_the_sum_that_the_shop_states() -> None:
    profile = replace(SHOP, shipping=(replace(PARCEL, free_above=Money("EUR", 2000)),))

    prices = [
        drafted(need(quantity=Quantity(count)), found(), profile=profile).options[0].ship.price for count in (1, 2)
    ]

    assert prices == [Money("EUR", 490), Money("EUR", 0)]


def test_only_the_ways_that_the_need_takes_are_offered() -> None:
    (option,) = drafted(need(how=("deliver",)), found()).options
    assert option.ship.mode == "deliver"

    assert refused(need(how=("remote",)), found()) == "how"


def test_one_product_is_offered_by_each_way_and_several_by_their_best() -> None:
    one = drafted(need(), found("a"))
    four = drafted(need(), found("a"), found("b"), found("c"), found("d"))

    assert [option.ship.mode for option in one.options] == ["pickup", "deliver"]
    assert [(option.id, option.title) for option in four.options] == [
        ("1", "Thing a"),
        ("2", "Thing b"),
        ("3", "Thing c"),
    ]
    assert [each.item.sku for each in four.matches] == ["a", "b", "c"]


def test_by_tonight_is_met_by_pickup_while_the_shop_is_open() -> None:
    tonight = When(NOW + 8 * HOUR, "hour")

    draft = drafted(need(when=tonight, area=CITY), found(), profile=replace(SHOP, opening=WEEKDAYS))

    pickup, parcel = draft.options
    assert (pickup.ship.mode, pickup.ship.hours, pickup.meets["when"]) == ("pickup", 2, "yes")
    assert (parcel.ship.hours, parcel.meets["when"]) == (48, "no")
    assert pickup.meets["area"] == "yes"


def test_a_closed_shop_does_not_promise_today() -> None:
    sunday = UnixSeconds(NOW - 24 * HOUR)
    draft = drafted(
        need(when=When(sunday + 8 * HOUR, "hour")), found(), profile=replace(SHOP, opening=WEEKDAYS), now=sunday
    )

    pickup = next(option for option in draft.options if option.ship.mode == "pickup")
    assert pickup.meets["when"] == "no"
    assert pickup.ship.hours == 25  # Monday 9:00 is 23 hours away, and two hours later it is ready


def test_what_is_ready_after_closing_can_be_fetched_next_morning() -> None:
    late = UnixSeconds(NOW + 7 * HOUR)

    draft = drafted(need(how=("pickup",)), found(), profile=replace(SHOP, opening=WEEKDAYS), now=late)

    assert draft.options[0].ship.hours == 16


def test_without_hours_or_from_order_the_day_is_unstated() -> None:
    rfp = need(when=When(NOW + 8 * HOUR, "hour"), how=("pickup",))
    silent = replace(SHOP, shipping=(replace(COLLECT, hours=None),))

    for draft in (drafted(rfp, found(), profile=silent), drafted(rfp, found(stock=Stock.ORDER))):
        assert draft.options[0].meets["when"] == "unstated"
        assert draft.options[0].ship.hours is None


def test_what_comes_in_time_goes_before_a_better_match_that_does_not() -> None:
    rfp = need(when=When(NOW + 8 * HOUR, "hour"), how=("pickup",))

    draft = drafted(rfp, found("best", stock=Stock.ORDER), found("ready"))

    assert [option.title for option in draft.options] == ["Thing ready", "Thing best"]


def test_few_pieces_do_not_promise_many() -> None:
    options = [drafted(need(quantity=Quantity(count)), found(stock=Stock.FEW)).options[0] for count in (1, 2)]

    assert [option.meets["quantity"] for option in options] == ["yes", "unstated"]


def test_what_is_out_is_never_offered() -> None:
    assert refused(need(), found(stock=Stock.OUT)) == "no_match"
    assert refused(need()) == "no_match"


def test_where_the_shop_does_not_work_it_makes_no_offer() -> None:
    assert refused(need(area=Area("SE", "Malmö", 300_000)), found()) == "area"


def test_a_way_only_serves_its_own_areas() -> None:
    profile = replace(SHOP, shipping=(replace(PARCEL, areas=(AreaFilter("DK", name="Aarhus"),)),))

    assert refused(need(area=CITY), found(), profile=profile) == "how"


def test_terms_are_accepted_or_one_alternative_is_proposed_or_nothing_is_sent() -> None:
    def proffer(*chosen: str) -> Proffer:
        return Proffer(TermsRef("PDC-INTENT", bytes(32)), tuple(TermsRef(name, bytes(32)) for name in chosen))

    assert drafted(need(terms=proffer("SD-BASE-DP", "SD-BASE")), found()).terms_choice == ("accept", "SD-BASE")
    assert drafted(need(terms=proffer("SD-BASE-DP")), found()).terms_choice == ("alternative", "SD-BASE")
    assert refused(need(terms=proffer("SD-BASE")), found(), profile=replace(SHOP, terms=("SD-BASE",))) == "terms"
    assert refused(need(terms=proffer("SD-BASE")), found(), profile=replace(SHOP, terms=("PDC-INTENT",))) == "terms"


def test_a_rental_by_the_day_is_priced_for_all_days() -> None:
    van = found(kind="rental", unit="DAY", price=8900)
    profile = replace(SHOP, shipping=(COLLECT,))

    (option,) = drafted(need("rental", quantity=Quantity(10, "DAY")), van, profile=profile).options

    assert option.items[0].quantity == Quantity(10, "DAY")
    assert option.total == Money("EUR", 89_000)


def test_an_hourly_rate_for_a_job_has_no_total() -> None:
    plumber = found(kind="service", unit="HUR", price=9500)
    profile = replace(SHOP, shipping=(Shipping("At your place", "onsite", Money("EUR", 4000), 2),))

    (option,) = drafted(need("service"), plumber, profile=profile).options

    assert option.meets["quantity"] == "unstated"
    assert option.total is None
    assert landed(option).missing == ("fee further time",)


@pytest.mark.parametrize(
    ("wanted", "unit", "quantity", "said"),
    [
        (Quantity(5, "KGM"), "GRM", Quantity(5000, "GRM"), "yes"),
        (Quantity(15, "KGM", 1), "KGM", Quantity(15, "KGM", 1), "yes"),
        (Quantity(5, "EA"), "C62", Quantity(5, "C62"), "yes"),
        (Quantity(5, "KGM"), "C62", Quantity(1, "C62"), "unstated"),
        (Quantity(14, "DAY"), "WEE", Quantity(2, "WEE"), "yes"),
        (Quantity(10, "DAY"), "WEE", Quantity(1, "WEE"), "unstated"),
        (Quantity(15, "C62", 1), "C62", Quantity(1, "C62"), "unstated"),
    ],
)
def test_quantities_are_converted_only_where_that_is_certain(
    wanted: Quantity, unit: str, quantity: Quantity, said: str
) -> None:
    option = drafted(need(quantity=wanted), found(unit=unit)).options[0]

    assert (option.items[0].quantity, option.meets["quantity"]) == (quantity, said)


def test_amounts_beyond_what_can_be_told_exactly_are_not_offered() -> None:
    assert refused(need(quantity=Quantity(MAX_INTEGER)), found(price=100_000)) == "amount"
    assert refused(need(quantity=Quantity(0)), found()) == "amount"


def test_validity_asks_and_note_come_from_the_profile(shop: Callable[..., Profile]) -> None:
    profile = shop('note = "Since 1987."')

    draft = drafted(need(), found(), profile=profile)

    assert (draft.valid_until, draft.note, draft.name) == (NOW + 48 * HOUR, "Since 1987.", "Testshop")


@given(
    st.integers(1, MAX_INTEGER),
    st.builds(
        Quantity, st.integers(0, MAX_INTEGER), st.sampled_from(["C62", "KGM", "DAY", "HUR", "XX"]), st.integers(0, 6)
    ),
    st.sampled_from(["C62", "GRM", "WEE", "HUR"]),
    st.one_of(st.none(), st.decimals(0, 100, places=3)),
)
def test_any_amounts_make_a_readable_offer_or_none(
    price: int, wanted: Quantity, unit: str, percent: Decimal | None
) -> None:
    profile = replace(SHOP, tax=TaxRule(included=False, percent=percent))

    answer = quote(need(quantity=wanted), [found(price=price, unit=unit)], profile, NOW)

    if isinstance(answer, Draft):
        offer = answer.to_offer(bytes(32), bytes(16))
        assert offer_untrusted(offer.to_body()) == offer
        assert not any(landed(option).contradicts for option in answer.options)
        assert all((option.total is None) == bool(landed(option).missing) for option in answer.options)
