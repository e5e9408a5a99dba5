"""Both generations of Shopify's product export, with what goes wrong in real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intentcast.records.vocabulary import Money
from intentcastd.vendor.catalogue.item import Stock
from intentcastd.vendor.catalogue.report import CatalogueRefused
from intentcastd.vendor.stated import Texts

Read = Callable[..., Any]

OLD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Barcode,"
    "Image Src,Google Shopping / Google Product Category,Status\n"
)
NEW = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option2 name,Option2 value,Price,Inventory quantity,"
    "Continue selling when out of stock,Product image URL\n"
)


def old(handle: str, title: str = "", **cells: str) -> str:
    return line(OLD, Handle=handle, Title=title, **cells)


def new(title: str, handle: str, **cells: str) -> str:
    return line(NEW, **{"Title": title, "URL handle": handle}, **cells)


def line(header: str, **cells: str) -> str:
    headings = header.strip().split(",")
    named = {name.replace("_", " "): value for name, value in cells.items()}
    assert set(named) <= set(headings), set(named) - set(headings)
    return ",".join('"' + named.get(heading, "").replace('"', '""') + '"' for heading in headings) + "\n"


def test_old_headings_are_read_with_their_variants(read: Read) -> None:
    rows = old(
        "boot",
        "Boot",
        Option1_Name="Size",
        Option1_Value="9E",
        Variant_Price="80.00",
        Variant_SKU="B9",
        Vendor="Kickers",
    )
    rows += old(
        "boot", Option1_Value="10", Variant_Price="85.00", Variant_SKU="B10", Image_Src="https://x.example/1.jpg"
    )

    items, report = read(OLD + rows)

    assert report.format == "Shopify product CSV (old headers)"
    assert [(item.sku, item.title, item.price, item.line) for item in items] == [
        ("B9", "Boot · 9E", Money("EUR", 8000), 2),
        ("B10", "Boot · 10", Money("EUR", 8500), 3),
    ]
    assert [item.attributes["size"] for item in items] == [Texts(("9E",)), Texts(("10",))]
    assert {item.brand for item in items} == {"Kickers"}
    assert (report.rows, report.products, report.variants) == (2, 1, 2)


def test_new_headings_are_read_with_their_variants(read: Read) -> None:
    rows = new(
        "Boot", "boot", Option1_name="Color", Option1_value="Navy", Price="80.00", SKU="B1", Product_category="aa-8"
    )
    rows += new("", "boot", Option1_value="Black", Price="85.00", SKU="B2")

    items, report = read(NEW + rows)

    assert report.format == "Shopify product CSV (new headers)"
    assert [(item.sku, item.category) for item in items] == [("B1", "aa-8"), ("B2", "aa-8")]
    assert items[0].attributes["colour"] == Texts(("navy blue",))
    assert report.done
    assert report.adds_up()


def test_a_new_export_may_leave_the_handle_out(read: Read) -> None:
    items, report = read(NEW + new("Clay Pot", "", Price="9.99"))

    assert [(item.handle, item.sku) for item in items] == [("clay-pot", "clay-pot")]
    assert report.failed == 0


def test_rows_that_only_bring_a_picture_are_skipped_and_counted(read: Read) -> None:
    rows = old("pot", "Pot", Variant_Price="5") + old("pot", Image_Src="https://x.example/2.jpg") + old("pot")

    items, report = read(OLD + rows)

    assert len(items) == 1
    assert report.skipped_by_reason == {"image": 1, "empty": 1}
    assert (report.rows, report.ok, report.skipped, report.failed) == (3, 1, 2, 0)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [({"Status": "draft"}, "draft"), ({"Status": "archived"}, "archived"), ({"Published": "false"}, "unpublished")],
)
def test_what_the_shop_does_not_show_is_skipped_with_its_variants(
    read: Read, cells: dict[str, str], reason: str
) -> None:
    items, report = read(
        OLD + old("pot", "Pot", Variant_Price="5", **cells) + old("pot", Option1_Value="L", Variant_Price="6")
    )

    assert items == []
    assert report.skipped_by_reason == {reason: 2}


def test_a_wrong_price_names_line_column_value_and_fix(read: Read) -> None:
    items, report = read(NEW + new("Pot", "pot", Price="5") + new("Sofa", "sofa", Price="1.299,00"))

    assert len(items) == 1
    (issue,) = report.errors
    assert (issue.line, issue.column) == (3, "Price")
    assert '"1.299,00"' in issue.what
    assert "--decimal comma" in issue.fix


def test_the_flag_settles_ambiguous_prices(read: Read) -> None:
    items, report = read(NEW + new("Sofa", "sofa", Price="1.299,00"), decimal="comma")

    assert [item.price.minor for item in items] == [129_900]
    assert report.failed == 0


@pytest.mark.parametrize("price", ["", "0.00", "-5", "9" * 20, "on request"])
def test_a_row_without_a_usable_price_fails_and_the_rest_stays(read: Read, price: str) -> None:
    items, report = read(NEW + new("Pot", "pot", Price=price) + new("Cup", "cup", Price="5"))

    assert [item.handle for item in items] == ["cup"]
    assert (report.ok, report.failed) == (1, 1)
    assert report.errors[0].line == 2


def test_a_wrong_check_digit_is_a_warning_and_the_item_stays(read: Read) -> None:
    rows = new("Pot", "pot", Price="5", Barcode="4006381333932") + new(
        "Cup", "cup", Price="5", Barcode="'4006381333931"
    )

    items, report = read(NEW + rows, find_category=lambda _: "hg-11")

    assert [item.gtin for item in items] == [None, "4006381333931"]
    (warning,) = [issue for issue in report.issues if issue.column == "Barcode"]
    assert warning.severity == "warning"
    assert "4006381333932" in warning.what


def test_a_handle_that_comes_again_fails_with_the_line_of_the_first(read: Read) -> None:
    rows = new("Pot", "pot", Price="5") + new("Cup", "cup", Price="6")
    rows += new("Other pot", "pot", Price="7") + new("", "pot", Option1_value="L", Price="8")

    items, report = read(NEW + rows)

    assert [item.price.minor for item in items] == [500, 600]
    assert [issue.line for issue in report.errors] == [4, 5]
    assert "line 2" in report.errors[0].what


def test_variants_that_repeat_the_title_are_still_one_product(read: Read) -> None:
    rows = new("Pot", "pot", Option1_name="Size", Option1_value="S", Price="5") + new(
        "Pot", "pot", Option1_value="L", Price="6"
    )

    items, report = read(NEW + rows)

    assert [item.sku for item in items] == ["pot/S", "pot/L"]
    assert report.products == 1


def test_an_sku_that_stands_for_two_variants_fails_the_second(read: Read) -> None:
    rows = new("Pot", "pot", Price="5", SKU="A") + new("Cup", "cup", Price="6", SKU="A")

    items, report = read(NEW + rows)

    assert [item.handle for item in items] == ["pot"]
    assert report.errors[0].column == "SKU"
    assert "line 2" in report.errors[0].what


def test_a_row_with_more_cells_than_headings_fails(read: Read) -> None:
    items, report = read("Title,URL handle,Price\nPot, blue,pot,5,7\nCup,cup,6\n")

    assert [item.handle for item in items] == ["cup"]
    assert "wrong columns" in report.errors[0].what


@pytest.mark.parametrize(
    ("cells", "stock"),
    [
        ({"Variant_Inventory_Tracker": "shopify", "Variant_Inventory_Qty": "40"}, Stock.IN_STOCK),
        ({"Variant_Inventory_Tracker": "shopify", "Variant_Inventory_Qty": "2"}, Stock.FEW),
        ({"Variant_Inventory_Tracker": "shopify", "Variant_Inventory_Qty": "0"}, Stock.OUT),
        (
            {
                "Variant_Inventory_Tracker": "shopify",
                "Variant_Inventory_Qty": "-3",
                "Variant_Inventory_Policy": "continue",
            },
            Stock.ORDER,
        ),
        ({"Variant_Inventory_Qty": "0", "Variant_Inventory_Policy": "deny"}, Stock.IN_STOCK),
    ],
)
def test_counts_become_classes(read: Read, cells: dict[str, str], stock: Stock) -> None:
    items, _ = read(OLD + old("pot", "Pot", Variant_Price="5", **cells))

    assert items[0].stock is stock


def test_html_becomes_words_and_hidden_parts_do_not(read: Read) -> None:
    body = "<p>Waterproof<br>boots &amp; laces</p><script>var secret = 1</script><!-- internal --> 3 < 5"

    items, _ = read(NEW + new("Boot", "boot", Price="5", Description=body))

    assert {"waterproof", "lace"} <= set(items[0].words)
    assert not {"secret", "internal", "script", "p"} & set(items[0].words)


def test_the_classifier_is_asked_where_no_category_is_named(read: Read) -> None:
    asked: list[str] = []

    def classify(words: list[str]) -> str | None:
        asked.append(" ".join(words))
        return "hg-11" if words == ["Pot"] else None

    rows = new("Large Clay Pot with Lid", "pot", Price="5", Tags="plants") + new(
        "Thing", "thing", Price="5", Type="Box"
    )
    items, report = read(NEW + rows, find_category=lambda _: None, classify=classify)

    assert [item.category for item in items] == ["hg-11", None]
    # The whole title first, then its last words, then with the type; tags only name what is near a thing.
    assert asked == ["Large Clay Pot with Lid", "Clay Pot", "Pot", "Thing", "Thing Box", "Box"]
    assert [issue.line for issue in report.issues] == [3]
    assert report.issues[0].severity == "warning"


def test_of_a_romance_title_the_last_word_is_not_the_thing(read: Read) -> None:
    asked: list[str] = []

    read(
        NEW + new("Lampe de bureau", "l", Price="5"),
        find_category=lambda _: None,
        classify=lambda words: asked.append(" ".join(words)),
    )

    assert asked == ["Lampe de bureau"]


def test_used_goods_say_so_in_title_or_column(read: Read) -> None:
    items, _ = read(NEW + new("Camera, second hand", "a", Price="5") + new("Camera", "b", Price="5"), condition="new")

    assert [item.condition for item in items] == ["used", "new"]


def test_titles_are_cut_for_offers_and_hidden_characters_go(read: Read) -> None:
    items, _ = read(NEW + new("A\u202e" + "very long title " * 20, "a", Price="5"))

    assert len(items[0].title) <= 80
    assert "\u202e" not in items[0].title
    assert items[0].title.endswith("…")


def test_unknown_headings_are_refused_with_what_is_known() -> None:
    from intentcastd.vendor.catalogue.detect import detect

    with pytest.raises(CatalogueRefused, match="no export that is known"):
        detect(["Artikel", "Preis"])
    with pytest.raises(CatalogueRefused, match="variant price"):
        detect(["Handle", "Title", "Body (HTML)"])


def test_all_or_nothing_stops_at_the_first_error(read: Read) -> None:
    with pytest.raises(CatalogueRefused, match="line 2"):
        read(NEW + new("Pot", "pot", Price="0") + new("Cup", "cup", Price="5"), all_or_nothing=True)
