"""services.csv: what plumbers, teachers and rentals offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from intentcast.records.vocabulary import AreaFilter, Money
from intentcastd.vendor.catalogue.taxonomy import service_categories
from intentcastd.vendor.profile import Profile
from intentcastd.vendor.stated import Spans, Texts

Read = Callable[..., Any]
HEADER = "service,title,area,price,unit,lead_hours,details\n"


def test_a_row_becomes_a_service(read: Read) -> None:
    items, report = read(
        HEADER + "repair.plumbing,Burst pipes,AT-9;DE:München,95,hour,2,\n", find_service=service_categories().get
    )

    (item,) = items
    assert report.format == "price list of services"
    assert (item.service, item.kind, item.unit, item.lead_hours) == ("repair.plumbing", "service", "HUR", 2)
    assert item.price == Money("EUR", 9500)
    assert item.areas == (AreaFilter("AT", "AT-9"), AreaFilter("DE", name="München"))
    assert item.category == service_categories()["repair.plumbing"]
    assert report.issues == []


def test_a_rental_states_its_seats_and_its_roof_rack(read: Read) -> None:
    items, _ = read(HEADER + "rental.vehicle,Minivan with roof rack,US,89,day,,seats=7; gear=automatic\n")

    (item,) = items
    assert item.kind == "rental"
    assert item.attributes["roof_rack"] is True
    assert isinstance(item.attributes["seats"], Spans)
    assert item.attributes["gear"] == Texts(("automatic",))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("hour", "HUR"),
        ("day", "DAY"),
        ("job", "E51"),
        ("each", "C62"),
        ("", "C62"),
        ("km", "KMT"),
        ("per page", "ZP"),
        ("KGM", "KGM"),
    ],
)
def test_units_become_codes(read: Read, word: str, code: str) -> None:
    items, _ = read(HEADER + f"repair.roof,Roof,,50,{word},,\n")

    assert items[0].unit == code


def test_an_unknown_service_is_kept_with_a_warning(read: Read) -> None:
    items, report = read(HEADER + "repair.spaceship,Warp core,,900,job,,\n", find_service=service_categories().get)

    assert items[0].category == "se"
    assert [issue.severity for issue in report.issues] == ["warning"]


def test_a_finer_word_takes_the_category_of_the_general_one(read: Read) -> None:
    items, report = read(HEADER + "repair.plumbing.boiler,Boiler,,90,hour,,\n", find_service=service_categories().get)

    assert items[0].category == service_categories()["repair.plumbing"]
    assert report.issues == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("plumbing,x,,50,hour,,", "service"),
        (",x,,50,hour,,", "service"),
        ("repair.roof,x,,1.299,hour,,", "price"),
        ("repair.roof,x,,50,fortnight,,", "unit"),
        ("repair.roof,x,Vienna,50,hour,,", "area"),
    ],
)
def test_a_wrong_cell_fails_its_row_alone(read: Read, row: str, column: str) -> None:
    items, report = read(HEADER + row + "\nrepair.roof,Roof,,50,hour,,\n")

    assert len(items) == 1
    assert [(issue.line, issue.column) for issue in report.errors] == [(2, column)]
    assert report.adds_up()


def test_the_same_service_twice_fails_the_second(read: Read) -> None:
    items, report = read(HEADER + "repair.roof,Roof,AT,50,hour,,\nrepair.roof,Roof,AT,60,hour,,\n")

    assert [item.price.minor for item in items] == [5000]
    assert "line 2" in report.errors[0].what


def test_a_detail_or_a_lead_that_does_not_read_is_a_warning(read: Read) -> None:
    items, report = read(HEADER + "rental.vehicle,Van,,50,day,soon,seats:7\n")

    assert items[0].lead_hours is None
    assert [issue.column for issue in report.issues if issue.column != "service"] == ["details", "lead_hours"]


def test_the_example_of_the_guide_is_imported_whole(read: Read) -> None:
    guide = (Path(__file__).parents[3] / "daemon/intentcastd/docs/vendors.md").read_text("utf-8")
    example = guide.partition("```csv\n")[2].partition("```")[0]

    items, report = read(example, find_service=service_categories().get)

    assert len(items) == 3
    assert report.issues == []
    assert {"seats", "gear", "roof_rack"} <= set(items[1].attributes)


def test_the_guide_names_every_key_of_the_profile() -> None:
    guide = (Path(__file__).parents[3] / "daemon/intentcastd/docs/vendors.md").read_text("utf-8")

    assert [field.name for field in fields(Profile) if field.name not in guide] == []
