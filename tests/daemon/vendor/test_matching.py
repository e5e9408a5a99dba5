"""Which items answer a need: never one that contradicts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import Area, AreaFilter, Money, Quantity, gtin14
from intentcast.testing.samples import sample_proffer
from intentcastd.vendor import index as indexes
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.search_words import search_words
from intentcastd.vendor.catalogue.traits import read_traits
from intentcastd.vendor.index import CatalogueIndex
from intentcastd.vendor.matching import answer, explain, match
from intentcastd.vendor.profile import Profile, Shipping, TaxRule
from intentcastd.vendor.stated import Spans, Texts, compare

SHOP = Profile(
    name="Testshop",
    currency="EUR",
    areas=(AreaFilter("DK"),),
    tax=TaxRule(included=True),
    shipping=(Shipping("Shop", "pickup", Money("EUR", 0), 2),),
    terms=("PDC-INTENT", "SD-BASE"),
)
RIMS = "vp-1-4-20-1"


def goods(sku: str, title: str, category: str | None = RIMS, price: int = 1000, **rest: Any) -> Item:
    rest.setdefault("attributes", read_traits(title, category=category))
    return Item(sku, sku, title, Money("EUR", price), 2, category=category, words=search_words([title]), **rest)


def need(category: str = RIMS, kind: str = "goods", **rest: Any) -> Rfp:
    rest.setdefault("quantity", Quantity(1))
    return Rfp(category, kind, boards=(), box=bytes(32), salt=bytes(16), terms=sample_proffer(), **rest)


def skus(rfp: Rfp, *items: Item) -> list[str]:
    return [found.item.sku for found in match(rfp, items, SHOP)]


PEUGEOT = {"vehicle_brand": "Peugeot", "vehicle_model": "404", "vehicle_year": 1967}


def test_rims_for_a_1967_peugeot_404_are_found_and_others_are_not() -> None:
    fits = goods("fits", "Wheel rim 4.5J x 15 Peugeot 404 (1960-1975)")
    late = goods("late", "Wheel rim Peugeot 404 (1970-1975)")
    other = goods("other", "Wheel rim Peugeot 504 (1960-1975)")
    make = goods("make", "Wheel rim Renault 4 (1961-1992)")
    open_ = goods("open", "Wheel rim, 15 holes")

    matches = match(need(details=PEUGEOT), [open_, make, other, late, fits], SHOP)

    assert [found.item.sku for found in matches] == ["fits", "open"]
    assert matches[0].meets == {"vehicle_brand": "yes", "vehicle_model": "yes", "vehicle_year": "yes"}
    # OFF-5
    assert matches[1].meets == {"vehicle_brand": "unstated", "vehicle_model": "unstated", "vehicle_year": "unstated"}


def test_a_converter_of_another_direction_or_power_is_not_offered() -> None:
    right = goods("right", "Step down converter 220-110 V 200 W", "ha-12")
    up = goods("up", "Step up converter 110-220 V 200 W", "ha-12")
    weak = goods("weak", "Step down converter 220-110 V 100 W", "ha-12")
    wanted = {"power": Quantity(200, "WTT"), "voltage_in": Quantity(220, "VLT"), "voltage_out": Quantity(110, "VLT")}

    assert skus(need("ha-12", details=wanted), up, weak, right) == ["right"]


def test_boots_in_another_size_are_not_offered() -> None:
    sizes = [
        goods(size, "Boots", "aa-8", attributes={"size": Texts((size,))}) for size in ("9D", "9E", "10E", "EU42", "9")
    ]

    assert skus(need("aa-8", details={"size": "9E"}), *sizes) == ["9E", "9"]


def test_a_minivan_needs_its_seats_and_its_roof_rack() -> None:
    def van(sku: str, title: str) -> Item:
        return replace(goods(sku, title, "se-4-4"), kind="rental", service="rental.vehicle.minivan")

    wanted = {"seats": 6, "roof_rack": True}
    rfp = need("se-4-4", "rental", service="rental.vehicle", details=wanted)

    assert skus(rfp, van("a", "Minivan seats 6, roof rack"), van("b", "Minivan seats 6, no roof rack"), van("c", "Minivan seats 5")) == ["a"]  # fmt: skip


def test_the_scanned_product_comes_first_and_other_products_not_at_all() -> None:
    scanned = goods("scanned", "Boots", "aa-8", price=9000, gtin="4006381333931")
    cheaper = goods("cheaper", "Boots leather black", "aa-8", price=1000, gtin="73513537")
    uncoded = goods("uncoded", "Boots", "aa-8", price=500)

    matches = match(need("aa-8", gtin="4006381333931"), [cheaper, uncoded, scanned], SHOP)

    assert [(found.item.sku, found.meets["gtin"]) for found in matches] == [("scanned", "yes"), ("uncoded", "unstated")]


def test_codes_of_different_lengths_are_one_product() -> None:
    assert skus(need("zz", gtin=gtin14("4006381333931")), goods("a", "Boots", None, gtin="4006381333931")) == ["a"]


def test_another_size_of_the_scanned_product_may_be_offered() -> None:
    nine = replace(
        goods("9", "Boots", "aa-8", attributes={"size": Texts(("9",))}), handle="boots", gtin="4006381333931"
    )
    wide = replace(goods("9E", "Boots", "aa-8", attributes={"size": Texts(("9E",))}), handle="boots", gtin="73513537")

    matches = match(need("aa-8", gtin="4006381333931", details={"size": "9E"}), [nine, wide], SHOP)

    assert {found.item.sku: found.meets["gtin"] for found in matches} == {"9E": "no", "9": "yes"}


def test_the_branch_counts_both_ways_and_the_deeper_item_is_better() -> None:
    deep, same, high, far = (goods(code, "Thing", code) for code in ("bt-6-3-2", "bt-6-3", "bt", "bt-60"))

    assert skus(need("bt-6-3"), high, far, same, deep) == ["bt-6-3", "bt-6-3-2", "bt"]


def test_an_item_without_a_category_is_found_by_its_code_alone() -> None:
    loose = goods("loose", "Boots", None, gtin="4006381333931")

    assert skus(need("aa-8", text="boots"), loose) == []
    assert skus(need("aa-8", gtin="4006381333931"), loose) == ["loose"]


def test_words_order_what_is_otherwise_alike() -> None:
    plain = goods("plain", "Mug", "hg-11")
    named = goods("named", "Mug with handle for camping", "hg-11", price=5000)

    assert skus(need("hg-11", text="a mug for camping"), plain, named) == ["named", "plain"]


@pytest.mark.parametrize(
    ("item", "rfp", "reason"),
    [
        (goods("a", "Rim", stock=Stock.OUT), need(), "out_of_stock"),
        (goods("a", "Rim", kind="service"), need(), "kind"),
        (goods("a", "Rim", condition="used"), need(condition="new"), "condition"),
        (goods("a", "Rim"), need(area=Area("SE", "Malmö", 300_000)), "area"),
        (goods("a", "Rim", gtin="73513537"), need(gtin="4006381333931"), "gtin"),
        (goods("a", "Rim Peugeot 504"), need(details=PEUGEOT), "contradiction"),
    ],
)
def test_what_is_not_offered_has_its_reason(item: Item, rfp: Rfp, reason: str) -> None:
    explained = explain(rfp, [item], SHOP)

    assert explained.matches == ()
    assert [passed.reason for passed in explained.passed] == [reason]


def test_a_contradiction_is_explained_with_both_values() -> None:
    (passed,) = explain(need(details=PEUGEOT), [goods("a", "Rim Peugeot 404 1968-83")], SHOP).passed

    assert (passed.attribute, passed.wanted, passed.stated) == ("vehicle_year", "1967", "1968-1983")


def test_condition_that_is_not_stated_stays_open() -> None:
    (found,) = match(need(condition="new"), [goods("a", "Rim")], SHOP)

    assert found.meets == {"condition": "unstated"}
    assert skus(need(condition="any"), goods("b", "Rim", condition="used")) == ["b"]


def test_a_brand_is_read_from_column_or_title() -> None:
    def said(item: Item) -> str:
        return answer("brand", "Medela", item)

    assert said(goods("a", "Medela breast pump", "bt-10", brand="Baby World Ltd")) == "yes"
    assert said(goods("b", "Breast pump", "bt-10", brand="Medela AG")) == "yes"
    assert said(goods("c", "Breast pump", "bt-10", brand="Spectra")) == "no"
    assert said(goods("d", "Breast pump", "bt-10")) == "unstated"


@pytest.mark.parametrize(
    ("wanted", "offered", "fits"),
    [
        ("repair.vehicle.wheel", "repair.vehicle", True),
        ("repair.vehicle", "repair.vehicle.wheel", True),
        ("repair.plumbing", "repair.plumbing", True),
        ("repair.plumbing", "repair.roof", False),
        ("repair.roof", "repair.roofing", False),
    ],
)
def test_service_words_match_along_the_branch(wanted: str, offered: str, fits: bool) -> None:
    item = replace(goods("a", "Work", "se-5"), kind="service", service=offered)

    assert skus(need("se-5", "service", service=wanted), item) == (["a"] if fits else [])


def test_a_service_is_done_only_in_its_areas() -> None:
    item = replace(
        goods("a", "Work", "se-5"), kind="service", service="repair.roof", areas=(AreaFilter("DK", "DK-84"),)
    )
    here = need("se-5", "service", service="repair.roof", area=Area("DK", "København", 600_000, "DK-84"))
    there = need("se-5", "service", service="repair.roof", area=Area("DK", "Aarhus", 300_000, "DK-82"))

    assert skus(here, item) == ["a"]
    assert skus(there, item) == []


NAMES = ["power", "size", "colour", "vehicle_year", "seats", "roof_rack", "vehicle_model", "brand", "voltage_in"]
WANTED = st.one_of(
    st.integers(0, 2030),
    st.booleans(),
    st.sampled_from(["red", "blue", "9E", "404", "EU 42", "M", "Peugeot", "six"]),
    st.builds(Quantity, st.integers(0, 500), st.sampled_from(["WTT", "KWT", "VLT", "C62"]), st.integers(0, 2)),
)
STATED = st.one_of(
    st.booleans(),
    st.builds(lambda low, more: Spans("", ((low, low + more),)), st.decimals(0, 2030, places=0), st.decimals(0, 50, places=0)),
    st.builds(lambda low: Spans("WTT", ((low, low),)), st.decimals(0, 500, places=0)),
    st.builds(lambda value: Texts((value,)), st.sampled_from(["red", "blue", "9E", "9D", "404", "504", "42", "peugeot"])),
)  # fmt: skip
ITEMS = st.builds(
    lambda stated, brand, code, title: goods(
        f"{stated}{brand}{code}{title}", title, code, attributes=stated, brand=brand
    ),
    st.dictionaries(st.sampled_from(NAMES), STATED, max_size=4),
    st.sampled_from([None, "Peugeot", "Renault"]),
    st.sampled_from(["aa-8", "aa", "aa-8-1"]),
    st.sampled_from(["Thing", "Red thing 404", "Peugeot thing"]),
)


@given(st.lists(ITEMS, max_size=12), st.dictionaries(st.sampled_from(NAMES), WANTED, max_size=4))
def test_no_match_states_a_different_value(items: list[Item], details: dict[str, Any]) -> None:
    for found in match(need("aa-8", details=details), items, SHOP):
        for name, wanted in details.items():
            stated = found.item.attributes.get(name)
            assert compare(name, wanted, stated) != "no"
            assert found.meets[name] != "no"
            if isinstance(stated, bool) and isinstance(wanted, bool):
                assert stated == wanted


@given(
    st.lists(ITEMS, max_size=12, unique_by=lambda item: item.sku),
    st.dictionaries(st.sampled_from(NAMES), WANTED, max_size=3),
)
def test_order_does_not_depend_on_the_order_of_the_catalogue(items: list[Item], details: dict[str, Any]) -> None:
    rfp = need("aa-8", details=details)

    assert skus(rfp, *items) == skus(rfp, *reversed(items))


def test_in_a_catalogue_too_large_to_read_the_right_item_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "MAX_POOL", 100)
    many = [
        goods(f"s{place}", "Boots leather", "aa-8", attributes={"size": Texts((f"EU{place % 20 + 30}",))})
        for place in range(2000)
    ]
    wanted = goods("wanted", "Boots Kickers 9E", "aa-8", attributes={"size": Texts(("9E",))})
    index = CatalogueIndex([*many[:1500], wanted, *many[1500:]])

    explained = explain(need("aa-8", details={"size": "9E"}, text="leather boots"), index, SHOP)

    assert [found.item.sku for found in explained.matches] == ["wanted"]
    assert explained.judged <= 101


def test_a_need_of_another_trade_costs_no_judgement() -> None:
    index = CatalogueIndex([goods(f"s{place}", "Boots", "aa-8") for place in range(50)])

    assert explain(need("sg-4", text="boots"), index, SHOP).judged == 0


def test_the_words_of_the_category_count_where_they_are_given(shop: Callable[..., Profile]) -> None:
    pram, cot = goods("z", "Pram", "bt"), goods("a", "Cot", "bt")

    assert [found.item.sku for found in match(need("bt-6"), [cot, pram], shop(), lambda _: ["pram"])] == ["z", "a"]
