"""WooCommerce exports: variations find their product wherever it stands, and take from it what they do not say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.report import ImportReport
from intentcastd.vendor.stated import Texts

Read = Callable[..., tuple[list[Item], ImportReport]]

COLUMNS = [
    "ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Visibility in catalog", "Short description",
    "Description", "Date sale price starts", "Date sale price ends", "Tax status", "In stock?", "Stock", "Backorders allowed?",
    "Sale price", "Regular price", "Categories", "Tags", "Parent", "Brands", "Attribute 1 name", "Attribute 1 value(s)",
    "Attribute 2 name", "Attribute 2 value(s)",
]  # fmt: skip


def woo(*rows: dict[str, str]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def simple(**cells: str) -> dict[str, str]:
    return _row(
        {"ID": "1", "Type": "simple", "SKU": "MUG", "Name": "Mug", "Published": "1", "Regular price": "8"}, cells
    )


def hoodie(**cells: str) -> dict[str, str]:
    shared = {
        "ID": "10", "Type": "variable", "SKU": "HOOD", "Name": "Hoodie", "Published": "1", "Brands": "Nora",
        "Description": "<p>Warm, with pocket</p>", "Categories": "aa-1", "Attribute 1 name": "Color",
        "Attribute 1 value(s)": "Blue, Green", "Attribute 2 name": "Material", "Attribute 2 value(s)": "Cotton",
    }  # fmt: skip
    return _row(shared, cells)


def variation(**cells: str) -> dict[str, str]:
    shared = {
        "ID": "11", "Type": "variation", "SKU": "HOOD-B", "Published": "1", "Regular price": "45.50", "Parent": "id:10",
        "Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue",
    }  # fmt: skip
    return _row(shared, cells)


def _row(shared: dict[str, str], cells: dict[str, str]) -> dict[str, str]:
    names = {name.casefold().replace(" ", "_").rstrip("?"): name for name in COLUMNS}
    return shared | {names[name]: value for name, value in cells.items()}


def test_a_simple_product_is_an_item(read: Read) -> None:
    row = simple(stock="2", tax_status="none", brands="Nora") | {"GTIN, UPC, EAN, or ISBN": "4006381333931"}

    (item,), report = read(woo(row))

    assert report.format == "WooCommerce product CSV"
    assert (item.sku, item.title, item.price.minor, item.brand) == ("MUG", "Mug", 800, "Nora")
    assert (item.gtin, item.stock, item.tax) == ("4006381333931", Stock.FEW, "none")


@pytest.mark.parametrize("parent", ["id:10", "HOOD"])
@pytest.mark.parametrize("first", ["product", "variation"])
def test_a_variation_takes_from_its_product_what_it_does_not_say(read: Read, parent: str, first: str) -> None:
    rows = [hoodie(), simple(), variation(parent=parent)]

    items, report = read(woo(*(rows if first == "product" else reversed(rows))))

    item = next(item for item in items if item.sku == "HOOD-B")
    assert (item.title, item.handle, item.price.minor, item.category) == ("Hoodie · Blue", "id:10", 4550, "aa-1")
    assert item.brand == "Nora"
    assert item.attributes["colour"] == Texts(("blue",))
    assert item.attributes["material"] == Texts(("cotton",))
    assert "pocket" in item.words
    assert report.skipped_by_reason == {"variable": 1}
    assert report.adds_up()


def test_a_variation_of_any_colour_comes_in_all_colours_of_its_product(read: Read) -> None:
    row = variation() | {"Attribute 1 value(s)": ""}

    (item,), _ = read(woo(hoodie(), row))

    assert item.attributes["colour"] == Texts(("blue", "green"))
    assert item.title == "Hoodie"


def test_a_variation_whose_product_is_not_there_fails(read: Read) -> None:
    items, report = read(woo(variation(parent="id:99")))

    assert items == []
    assert [(issue.line, issue.column) for issue in report.errors] == [(2, "Parent")]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"published": "0"}, "private"),
        ({"published": "-1"}, "draft"),
        ({"visibility_in_catalog": "hidden"}, "hidden"),
        ({"type": "grouped"}, "grouped"),
        ({"type": "external"}, "external"),
    ],
)
def test_what_the_shop_does_not_sell_is_skipped_and_counted(read: Read, cells: dict[str, str], reason: str) -> None:
    items, report = read(woo(simple(**cells)))

    assert items == []
    assert report.skipped_by_reason == {reason: 1}


def test_the_variations_of_a_draft_are_skipped_with_it(read: Read) -> None:
    items, report = read(woo(hoodie(published="-1"), variation()))

    assert items == []
    assert report.skipped_by_reason == {"variable": 1, "draft": 1}


def test_a_virtual_product_is_sold_as_any_other(read: Read) -> None:
    assert len(read(woo(simple(type="simple, downloadable, virtual")))[0]) == 1


@pytest.mark.parametrize(
    ("cells", "stock"),
    [
        ({"stock": "40"}, Stock.IN_STOCK),
        ({"stock": "0"}, Stock.OUT),
        ({"stock": "0", "backorders_allowed": "1"}, Stock.ORDER),
        ({"in_stock": "0"}, Stock.OUT),
        ({"in_stock": "backorder"}, Stock.ORDER),
        ({"in_stock": "1"}, Stock.IN_STOCK),
        ({}, Stock.IN_STOCK),
    ],
)
def test_stock_is_a_class(read: Read, cells: dict[str, str], stock: Stock) -> None:
    assert read(woo(simple(**cells)))[0][0].stock is stock


def test_the_stock_of_the_product_counts_where_a_variation_says_so(read: Read) -> None:
    (item,), _ = read(woo(hoodie(stock="2"), variation(stock="parent")))

    assert item.stock is Stock.FEW


def test_a_sale_counts_only_if_it_has_no_dates(read: Read) -> None:
    ends = simple(id="2", sku="B", sale_price="5", date_sale_price_ends="2026-12-01")

    items, report = read(woo(simple(sale_price="6"), ends))

    assert [item.price.minor for item in items] == [600, 800]
    assert [issue.line for issue in report.issues if "dates" in issue.what] == [3]


def test_a_price_with_a_comma_needs_the_flag(read: Read) -> None:
    text = woo(simple(regular_price="1.299,00"))

    assert "--decimal" in read(text)[1].errors[0].fix
    assert read(text, decimal="comma")[0][0].price.minor == 129_900


def test_the_deepest_category_is_asked_for_first(read: Read) -> None:
    asked: list[str] = []

    def find(named: str) -> None:
        asked.append(named)

    read(woo(simple(categories="Sale, Home > Cups\\, Mugs")), find_category=find)

    assert asked == ["Home > Cups, Mugs", "Sale", "Cups, Mugs"]


def test_a_shifted_row_fails_and_hands_nothing_down(read: Read) -> None:
    lines = woo(hoodie(), variation()).splitlines()
    lines[1] += ",surplus"

    items, report = read("\n".join(lines))

    assert items == []
    assert report.failed == 2
    assert report.adds_up()
