"""A need put before the shop: what fits and why, what it costs, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import Area, Money, Quantity
from intentcast.units import UnixSeconds
from intentcastd.data import roster
from intentcastd.vendor.answering import Shop
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.traits import read_traits
from intentcastd.vendor.index import CatalogueIndex
from intentcastd.vendor.matching import Passed
from intentcastd.vendor.profile import Profile
from intentcastd.vendor.trial import Trial, try_need, why_passed

Need = Callable[..., Rfp]
MakeShop = Callable[..., Profile]

NOW = UnixSeconds(1_795_424_400)
CITY = Area("DK", "København", 600_000)
PARCEL = '[[shipping]]\nname = "Parcel"\nmode = "deliver"\nprice = "4.90"\nhours = 48\n'


def goods(sku: str, title: str, category: str, price: int = 1000, **rest: Any) -> Item:
    traits = read_traits(title, category=category)
    return Item(sku, sku, title, Money("EUR", price), 2, category=category, attributes=traits, **rest)


def trial(rfp: Rfp, profile: Profile, *items: Item) -> Trial:
    rfp = replace(rfp, terms=roster.proffer(roster.CHOSEN))
    return try_need(rfp, Shop(profile, CatalogueIndex(items)), NOW)


def fits(found: Trial) -> list[str]:
    return [one.match.item.sku for one in found.tried]


def test_what_fits_comes_with_its_cost_and_with_what_is_not_stated(need: Need, shop: MakeShop) -> None:
    rfp = need("hg-11", area=CITY, details={"colour": "red", "power": Quantity(2000, "WTT")})

    (one,) = trial(rfp, shop(instead=PARCEL), goods("k", "Kettle 2000 W", "hg-11")).tried

    assert one.is_offered
    assert one.landed is not None
    assert one.landed.total == Money("EUR", 1490)
    assert one.meets["power"] == "yes"
    assert one.not_stated == ("colour",)


def test_a_part_of_the_price_that_is_not_stated_is_named(need: Need, shop: MakeShop) -> None:
    found = trial(
        need("hg-11", area=CITY), shop(instead=PARCEL.replace('price = "4.90"\n', "")), goods("k", "Pot", "hg-11")
    )

    assert found.tried[0].not_stated == ("ship",)
    assert found.tried[0].landed is not None
    assert found.tried[0].landed.total is None


def test_the_nearest_others_are_named_with_wanted_and_stated(need: Need, shop: MakeShop) -> None:
    rfp = need("hg-11", area=CITY, details={"power": Quantity(2000, "WTT")})

    found = trial(
        rfp, shop(instead=PARCEL), goods("a", "Kettle 1500 W", "hg-11"), goods("b", "Kettle", "hg-11", stock=Stock.OUT)
    )

    assert found.tried == ()
    assert found.no_offer
    assert {passed.item.sku: why_passed(passed) for passed in found.passed} == {
        "a": "power: wanted 2000 W, this states 1500 W",
        "b": "it is out of stock",
    }


def test_what_fits_but_cannot_be_delivered_says_so(need: Need, shop: MakeShop) -> None:
    (one,) = trial(need("hg-11", area=CITY, how=("remote",)), shop(instead=PARCEL), goods("k", "Pot", "hg-11")).tried

    assert (one.option, one.is_offered) == (None, False)
    assert "no way to deliver" in one.why_not


def test_of_many_that_fit_it_is_told_which_would_be_offered(need: Need, shop: MakeShop) -> None:
    many = [goods(f"s{place}", "Pot", "hg-11", price=1000 + place) for place in range(6)]

    found = trial(need("hg-11", area=CITY), shop(instead=PARCEL), *many)

    assert [one.match.item.sku for one in found.tried if one.is_offered] == ["s0", "s1", "s2"]
    assert len(found.tried) == 6


@pytest.mark.parametrize(
    ("category", "details", "title", "is_answered"),
    [
        ("vp-1", {"vehicle_year": 1967}, "Wheel rim Peugeot 404 (1960-1975)", True),
        ("vp-1", {"vehicle_year": 1976}, "Wheel rim Peugeot 404 (1960-1975)", False),
        ("vp-1", {"vehicle_model": "504", "vehicle_brand": "Peugeot"}, "Wheel rim Peugeot 404", False),
        ("vp-1", {"vehicle_year": 1967}, "Wheel rim", True),
        ("aa-8", {"size": "EU 42"}, "Boots size 43", False),
        ("aa-8", {"size": "9E"}, "Boots size 9D", False),
        ("aa-8", {"size": "9E"}, "Boots size 9E", True),
        ("el-1", {"power": Quantity(200, "WTT")}, "Converter 220-110 V 500 W", False),
        ("el-1", {"power": Quantity(2, "KWT", 1)}, "Converter 220-110 V 200 W", True),
        ("el-1", {"voltage_out": Quantity(110, "VLT")}, "Converter 110 to 220 V", False),
        ("el-1", {"storage": Quantity(1, "E35")}, "Disk 512 GB", False),
        ("fr-1", {"seats": 3}, "Two-seater bench", False),
        ("fr-1", {"width": Quantity(2, "MTR")}, "Bench 180 cm wide", False),
        ("bt-6", {"foldable": True}, "Stroller, not foldable", False),
    ],
)
def test_a_year_a_size_or_a_power_is_never_contradicted(
    need: Need, shop: MakeShop, category: str, details: dict[str, Any], title: str, is_answered: bool
) -> None:
    found = trial(need(category, area=CITY, details=details), shop(instead=PARCEL), goods("x", title, category))

    assert fits(found) == (["x"] if is_answered else [])
    if not is_answered:
        assert (found.passed[0].reason, found.passed[0].attribute) == ("contradiction", next(iter(details)))


@pytest.mark.parametrize(
    "reason", ["out_of_stock", "kind", "service", "category", "gtin", "area", "condition", "contradiction"]
)
def test_every_reason_has_words(reason: Any) -> None:
    assert why_passed(Passed(goods("x", "Pot", "hg-11"), reason, "size", "", "")) != ""
