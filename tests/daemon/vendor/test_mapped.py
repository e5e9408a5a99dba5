"""Tables that a map explains, and maps that are proposed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcastd.vendor.catalogue.column_map import FIELDS, ColumnMap, read_map
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.proposal import propose
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport
from intentcastd.vendor.stated import Texts

Read = Callable[..., tuple[list[Item], ImportReport]]

MAP = """
decimal = "comma"
delimiter = ";"

[columns]
"Art.-Nr." = "sku"
"Modell" = "group"
"Bezeichnung" = "title"
"VK brutto" = "price"
"Aktion" = "sale_price"
"EAN" = "gtin"
"Farbe" = "details.colour"
"Leistung" = "details.power"
"Ausführung" = "option"
"Bestand" = "stock"
"Einheit" = "unit"

[stock]
order = ["Zulauf"]
"""
HEADER = "Art.-Nr.;Modell;Bezeichnung;VK brutto;Aktion;EAN;Farbe;Leistung;Ausführung;Bestand;Einheit;EK netto\n"


def table(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def test_a_map_says_what_each_column_holds(read: Read) -> None:
    data = table("K1;K;Wandler;1.299,00;;4006381333931;Schwarz/Rot;200;mit Kabel;2;Stück;700")
    columns = read_map(MAP.encode().replace(b'"Einheit" = "unit"', b""))

    (item,), report = read(data, columns=columns, mapped=True)

    assert report.format == "table with a map of its columns"
    assert (item.sku, item.handle, item.title) == ("K1", "K", "Wandler · mit Kabel")
    assert (item.price.minor, item.gtin, item.stock) == (129_900, "4006381333931", Stock.FEW)
    assert item.attributes["power"].unit == "WTT"  # type: ignore[union-attr]


def test_a_saved_map_is_used_where_it_fits_and_nowhere_else(read: Read) -> None:
    columns = read_map(MAP.encode())

    items, report = read(table("K1;;Topf;5,00;4,00;;;;;Zulauf;kg;"), columns=columns)
    known, other = read("service,price\nrepair.roof,60\n", columns=columns)

    assert [(item.price.minor, item.unit, item.stock) for item in items] == [(400, "KGM", Stock.ORDER)]
    assert report.format.startswith("table with a map")
    assert other.format == "price list of services"
    assert len(known) == 1
    with pytest.raises(CatalogueRefused, match="catalogue map"):
        read("Artikel;Preis\nTopf;5\n", columns=columns)


def test_a_map_that_was_named_must_fit(read: Read) -> None:
    with pytest.raises(CatalogueRefused, match="EAN"):
        read("Art.-Nr.;Bezeichnung;VK brutto\n1;Topf;5\n", columns=read_map(MAP.encode()), mapped=True)


def test_rows_that_cannot_be_sold_as_they_are_fail_in_their_column(read: Read) -> None:
    rows = (
        "a;;;5,00;;;;;;;;",
        "b;;Topf;umsonst;;;;;;;;",
        "c;;Topf;5,00;;;;;;;Fuder;",
        "d;;Topf;5,00;;;;;;vielleicht;;",
    )

    items, report = read(table(*rows), columns=read_map(MAP.encode()), mapped=True)

    assert [(item.sku, item.stock) for item in items] == [("d", Stock.OUT)]
    assert [(issue.line, issue.column) for issue in report.errors] == [
        (2, "Bezeichnung"),
        (3, "VK brutto"),
        (4, "Einheit"),
    ]
    assert report.adds_up()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "columns"),
        ("[columns]\n'a' = 'title'", "price"),
        ("[columns]\n'a' = 'title'\n'b' = 'cost'", "no field"),
        ("[columns]\n'a' = 'title'\n'b' = 'details.sparkle'", "no field"),
        ("[columns]\n'a' = 'title'\n'b' = 'title'\n'c' = 'price'", "Two columns"),
        ("decimal = 'dot'\n[columns]\n'a' = 'title'\n'b' = 'price'", "comma or point"),
        ("colour = 1", "not known"),
        ("[stock]\nsome = ['x']\n[columns]\n'a' = 'title'\n'b' = 'price'", "stock"),
        ("[columns", "TOML"),
        ("#" * 70_000, "bytes"),
    ],
)
def test_what_is_wrong_with_a_map_is_said(text: str, told: str) -> None:
    with pytest.raises(CatalogueRefused) as refused:
        read_map(text.encode())

    assert told in str(refused.value)


def test_a_proposal_knows_headings_in_a_few_languages_and_looks_at_what_stands_below() -> None:
    data = (
        "Artikelnr;Bezeichnung;Langtext;EK;VK Preis;Nummer;Farbe;Größe;Lagerbestand;Regal\n"
        "1;Regenjacke;Warm;20,00;49,90;4006381333931;Blau;XL;4;B2\n"
        "2;Hose;Lang;10,00;1.029,90;4006381333931;Rot;S;0;B3\n"
    )

    found = propose(data.encode(), None, None)

    assert {column.heading: column.field for column in found.columns} == {
        "Artikelnr": "sku",
        "Bezeichnung": "title",
        "Langtext": "description",
        "EK": "",
        "VK Preis": "price",
        "Nummer": "gtin",
        "Farbe": "details.colour",
        "Größe": "details.size",
        "Lagerbestand": "stock",
        "Regal": "",
    }
    assert (found.decimal, found.delimiter, found.lacking) == ("comma", ";", [])


def test_what_is_proposed_can_be_used_as_it_is(read: Read) -> None:
    data = "Référence,Désignation,Prix TTC,Couleur\n1,Théière,12.50,Rouge\n".encode()
    columns = read_map(propose(data, None, None).text().encode())

    (item,), _ = read(data, columns=columns)

    assert (item.sku, item.title, item.price.minor) == ("1", "Théière", 1250)
    assert item.attributes["colour"] == Texts(("rouge",))


def test_a_table_without_a_price_is_proposed_with_what_it_lacks() -> None:
    assert propose(b"Name,Color\nPot,red\n", None, None).lacking == ["price"]


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=8), st.lists(st.text(max_size=9), max_size=8))
def test_any_headings_make_a_map_that_can_be_read_or_lacks_something(headings: list[str], cells: list[str]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Title", "Price", *headings], ["Pot", "5", *cells]])
    data = text.getvalue().encode("utf-8", "replace")
    try:
        found = propose(data, None, ",")
    except CatalogueRefused:
        return

    assert not found.lacking
    assert isinstance(read_map(found.text().encode()), ColumnMap)


CELLS = st.one_of(
    st.just(""), st.sampled_from("Topf|5,00|9.99|-1|lieferbar|kg|4006381333931|L|EUR 7".split("|")), st.text(max_size=9)
)


@given(
    st.permutations(list(FIELDS)),
    st.lists(st.lists(CELLS, max_size=18), max_size=12),
    st.sampled_from(["comma", "point", None]),
)
def test_mapped_rows_of_any_cells_add_up(fields: list[str], rows: list[list[str]], decimal: str | None) -> None:
    columns = ColumnMap({f"c{place}": name for place, name in enumerate(fields)}, {}, {})
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[f"c{place}" for place in range(len(fields))], *rows])
    options = ImportOptions("EUR", columns=columns, mapped=True, decimal=decimal, delimiter=",")  # type: ignore[arg-type]
    try:
        items, report = read_catalogue(text.getvalue().encode("utf-8", "replace"), options)
        kept = list(items)
    except CatalogueRefused:
        return

    assert report.adds_up()
    assert len(kept) == report.ok
    assert len({item.sku for item in kept}) == len(kept)
