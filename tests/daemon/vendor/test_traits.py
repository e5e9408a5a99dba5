"""What titles and options state, and what they leave open."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intentcastd.vendor import units
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.catalogue.traits import read_traits, read_value
from intentcastd.vendor.stated import FOREVER, Spans, Stated, Texts


def number(value: str, unit: str = "") -> Spans:
    return Spans(unit, ((Decimal(value), Decimal(value)),))


def span(low: int, high: int, unit: str = "") -> Spans:
    return Spans(unit, ((Decimal(low), Decimal(high)),))


@pytest.mark.parametrize(
    ("title", "stated"),
    [
        (
            "Wheel rim 4.5J x 15 Peugeot 404 (1960-1975)",
            {"vehicle_brand": Texts(("Peugeot",)), "vehicle_model": Texts(("404",)), "vehicle_year": span(1960, 1975)},
        ),
        ("Rim set for Peugeot 403/404/504", {"vehicle_brand": Texts(("Peugeot",)), "vehicle_model": Texts(("403", "404", "504"))}),
        ("Hubcap Peugeot 404, 1960 onwards", {"vehicle_brand": Texts(("Peugeot",)), "vehicle_model": Texts(("404",)), "vehicle_year": span(1960, int(FOREVER))}),
        ("VW 1303 bumper 1972-75", {"vehicle_brand": Texts(("Volkswagen",)), "vehicle_model": Texts(("1303 bumper",)), "vehicle_year": span(1972, 1975)}),
        ("Step down converter 220-110V 200W", {"voltage_in": number("220", "VLT"), "voltage_out": number("110", "VLT"), "power": number("200", "WTT")}),
        ("Power converter 220 to 110 volt 200 watt (400 W peak)", {"voltage_in": number("220", "VLT"), "voltage_out": number("110", "VLT"), "power": number("200", "WTT")}),
        ("Laptop charger 100-240V 65W", {"voltage_in": span(100, 240, "VLT"), "power": number("65", "WTT")}),
        ("Kettle 1.5 l 2,200 W", {"capacity": number("1.5", "LTR"), "power": number("2200", "WTT")}),
        ("Backpack 500 ml bottle", {"capacity": number("0.5", "LTR")}),
        ("Minivan with roof rack, seats six", {"seats": number("6"), "roof_rack": True}),
        ("7-seater without roof rack", {"seats": number("7"), "roof_rack": False}),
        ("Boots EU 42", {"size": Texts(("EU42",))}),
        ("Winter tyre 205/55 R16", {"size": Texts(("205/55R16",))}),
        ("Calendar 2027", {"year": number("2027")}),
        ("Screws 2000 pcs", {"count_per_pack": number("2000")}),
        ("Heater 2000 W", {"power": number("2000", "WTT")}),
        ("Dark blue mug", {"colour": Texts(("dark blue",))}),
        ("Shelf 70 cm wide", {"width": number("70", "CMT")}),
        ("Mini cooker", {}),
        ("Smart watch", {}),
        ("Seat cushion", {}),
        ("Article 404", {}),
    ],
)  # fmt: skip
def test_a_title_states_what_is_written(title: str, stated: dict[str, Stated]) -> None:
    assert read_traits(title) == stated


@pytest.mark.parametrize(
    ("heading", "value", "name", "stated"),
    [
        ("Size", "9E", "size", Texts(("9E",))),
        ("Größe", "S/M", "size", Texts(("S", "M"))),
        ("Size", "8,5", "size", Texts(("8.5",))),
        ("Taille", "Medium", "size", Texts(("M",))),
        ("Colour", "Grün", "colour", Texts(("grun",))),
        ("Color", "Gray", "colour", Texts(("grey",))),
        ("Model", "T480", "model", Texts(("t480",))),
        ("Seats", "6", "seats", number("6")),
    ],
)
def test_an_option_states_its_value(heading: str, value: str, name: str, stated: Stated) -> None:
    assert read_traits("Thing", [(heading, value)])[name] == stated


def test_an_option_says_more_than_the_title() -> None:
    assert read_traits("Black boots size 9", [("Color", "Red"), ("Size", "10")]) == {
        "colour": Texts(("red",)),
        "size": Texts(("10",)),
    }


def test_names_that_are_words_are_makes_only_among_vehicles() -> None:
    assert "vehicle_brand" not in read_traits("Mini 1275 speaker")
    assert read_traits("Mini 1275 rim", category="vp-1-4-20-1")["vehicle_brand"] == Texts(("Mini",))


@pytest.mark.parametrize(
    ("name", "value", "stated"),
    [
        ("power", "200", number("200", "WTT")),
        ("power", "1.5 kW", number("1500", "WTT")),
        ("width", "70 cm", number("70", "CMT")),
        ("width", "0.7 m", number("70", "CMT")),
        ("width", "70 kg", None),
        ("width", "wide", None),
        ("bedrooms", "2", number("2")),
        ("vehicle_year", "1960-75", span(1960, 1975)),
        ("waterproof", "yes", True),
        ("waterproof", "perhaps", None),
        ("gear", "Automatic", Texts(("automatic",))),
        ("size", "", None),
    ],
)
def test_a_value_is_read_by_the_type_of_its_attribute(name: str, value: str, stated: Stated | None) -> None:
    assert read_value(name, value) == stated


def test_whatever_is_stated_is_registered_with_its_type_and_measure() -> None:
    titles = "Folding waterproof cordless organic cotton boots for women size 9, pack of 4, 220-110 V converter 200 W 2 kg 1 l, "
    titles += "16 GB RAM 512 GB 14 inch laptop, 70 cm wide, height 5 cm, 2 m long, 3 m deep, 4 cm diameter, black, 2027, automatic"
    stated = read_traits(titles) | read_traits("Peugeot 404 1967, 6 seats, roof rack, 12 V", category="vp-1")

    assert len(stated) > 20
    for name, value in stated.items():
        known = registered()[name]
        match value:
            case bool():
                assert known.type == "bool", name
            case Spans():
                assert known.type in {"int", "quantity"}, name
                assert value.unit == (units.base(known.unit)[0] if known.unit else ""), name
            case _:
                assert known.type == "text", name
