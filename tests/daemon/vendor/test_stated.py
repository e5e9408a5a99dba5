"""Yes, no or unstated: what one statement says to one question."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.records.rfp import Detail
from intentcast.records.vocabulary import Quantity
from intentcastd.vendor.stated import Spans, Stated, Texts, compare


def spans(unit: str, *ends: tuple[int, int]) -> Spans:
    return Spans(unit, tuple((Decimal(low), Decimal(high)) for low, high in ends))


@pytest.mark.parametrize(
    ("name", "wanted", "stated", "said"),
    [
        ("vehicle_year", 1967, spans("", (1960, 1975)), "yes"),
        ("vehicle_year", 1967, spans("", (1968, 1983)), "no"),
        ("vehicle_year", "1967", spans("", (1960, 1975)), "yes"),
        ("power", Quantity(200, "WTT"), spans("WTT", (200, 200)), "yes"),
        ("power", Quantity(2, "KWT", 1), spans("WTT", (200, 200)), "yes"),
        ("power", Quantity(200, "WTT"), spans("WTT", (300, 300)), "no"),
        ("voltage_in", Quantity(220, "VLT"), spans("VLT", (230, 230)), "yes"),
        ("voltage_in", Quantity(220, "VLT"), spans("VLT", (100, 240)), "yes"),
        ("voltage_in", Quantity(220, "VLT"), spans("VLT", (110, 110)), "no"),
        ("voltage_out", Quantity(12, "VLT"), spans("VLT", (24, 24)), "no"),
        ("power", Quantity(200, "VLT"), spans("WTT", (200, 200)), "unstated"),
        ("warranty", Quantity(1, "ANN"), spans("MON", (24, 24)), "yes"),
        ("warranty", Quantity(3, "ANN"), spans("MON", (24, 24)), "no"),
        ("mileage", Quantity(100_000, "KMT"), spans("KMT", (80_000, 80_000)), "yes"),
        ("roof_rack", True, True, "yes"),
        ("roof_rack", True, False, "no"),
        ("roof_rack", "yes", True, "unstated"),
        ("size", "9E", Texts(("9E",)), "yes"),
        ("size", "9 e", Texts(("9E",)), "yes"),
        ("size", "9E", Texts(("9D",)), "no"),
        ("size", "9E", Texts(("9",)), "unstated"),
        ("size", "EU 42", Texts(("42",)), "unstated"),
        ("size", "EU 42", Texts(("43",)), "no"),
        ("size", "EU 42", Texts(("UK8",)), "no"),
        ("size", "medium", Texts(("S", "M")), "yes"),
        ("size", "M", Texts(("onesize",)), "unstated"),
        ("size", "205/55 R16", Texts(("205/55R16",)), "yes"),
        ("size", "205/55 R16", Texts(("195/65R15",)), "no"),
        ("vehicle_model", "404", Texts(("404 coupe",)), "yes"),
        ("vehicle_model", "Golf GTI", Texts(("golf",)), "unstated"),
        ("vehicle_model", "404", Texts(("504",)), "no"),
        ("colour", "blue", Texts(("navy blue",)), "yes"),
        ("colour", "navy blue", Texts(("blue",)), "unstated"),
        ("colour", "red", Texts(("blue", "green")), "no"),
        ("colour", "blue", None, "unstated"),
    ],
)
def test_statements_compare(name: str, wanted: Detail, stated: Stated | None, said: str) -> None:
    assert compare(name, wanted, stated) == said


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["size", "colour", "brand"]))
def test_any_two_texts_compare(wanted: str, stated: str, name: str) -> None:
    assert compare(name, wanted, Texts((stated,))) in {"yes", "no", "unstated"}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_different_numbers_of_one_unit_never_agree(wanted: int, stated: int) -> None:
    said = compare("power", Quantity(wanted, "WTT"), spans("WTT", (stated, stated)))

    assert said == ("yes" if wanted == stated else "no")
