"""Google Merchant feeds: delimited text and XML mean the same, and what is hostile in XML is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport
from intentcastd.vendor.stated import Texts

Read = Callable[..., tuple[list[Item], ImportReport]]

COLUMNS = (
    "id title description link image_link availability price sale_price sale_price_effective_date item_group_id gtin "
    "mpn brand condition google_product_category product_type color size size_system shipping product_detail multipack"
).split()


def tsv(*rows: dict[str, str], headings: list[str] = COLUMNS) -> str:
    lines = ["\t".join(headings)]
    lines += ["\t".join(row.get(heading, "") for heading in COLUMNS) for row in rows]
    return "\n".join(lines) + "\n"


def rss(*items: str, head: str = "") -> str:
    body = "".join(f"<item>{item}</item>\n" for item in items)
    return (
        f'<?xml version="1.0"?>{head}\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>The shop</title>\n{body}</channel></rss>"
    )


def row(**cells: str) -> dict[str, str]:
    return {"id": "S1", "title": "Rain boots", "availability": "in_stock", "price": "12.99 EUR"} | cells


def element(**cells: str) -> str:
    return "".join(f"<g:{name}>{value}</g:{name}>" for name, value in row(**cells).items())


def test_a_row_becomes_an_item(read: Read) -> None:
    text = tsv(
        row(
            item_group_id="boots",
            gtin="4006381333931",
            brand="Nora",
            condition="used",
            color="Green",
            size="42",
            size_system="EU",
            google_product_category="aa-8",
        )
    )

    (item,), report = read(text)

    assert report.format == "Google Merchant feed"
    assert report.delimiter == "\t"
    assert (item.sku, item.handle, item.title) == ("S1", "boots", "Rain boots · Green · EU 42")
    assert (item.price.currency, item.price.minor) == ("EUR", 1299)
    assert (item.gtin, item.brand, item.condition, item.category) == ("4006381333931", "Nora", "used", "aa-8")
    assert item.attributes["size"] == Texts(("EU42",))
    assert item.attributes["colour"] == Texts(("green",))


def test_headings_may_be_written_with_blanks(read: Read) -> None:
    headings = [heading.replace("_", " ").title() for heading in COLUMNS]

    (item,), _ = read(tsv(row(item_group_id="boots", condition="refurbished"), headings=headings))

    assert (item.handle, item.condition) == ("boots", "refurbished")


def test_xml_and_text_give_the_same_items(read: Read) -> None:
    cells = row(item_group_id="boots", gtin="4006381333931", brand="Nora & Co", color="Green", multipack="2")
    escaped = {name: value.replace("&", "&amp;") for name, value in cells.items()}

    (one,), _ = read(tsv(cells))
    (other,), report = read(rss(element(**escaped)))

    assert report.format == "Google Merchant feed (XML)"
    assert other.line == 3
    assert {**_plain(other), "line": 0} == {**_plain(one), "line": 0}


def _plain(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Item.__slots__}


def test_atom_feeds_are_read_too(read: Read) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>'
        '<entry><g:id>7</g:id><title>Kettle</title><link href="https://shop.example/7"/><g:price>25 EUR</g:price>'
        "<g:availability>backorder</g:availability></entry></feed>"
    )

    (item,), _ = read(feed)

    assert (item.sku, item.title, item.price.minor, item.stock) == ("7", "Kettle", 2500, Stock.ORDER)


def test_names_of_other_namespaces_are_not_taken_for_ours(read: Read) -> None:
    more = '<media:title xmlns:media="http://search.yahoo.com/mrss/">Picture of it</media:title>'

    (item,), _ = read(rss(more + element()))

    assert item.title == "Rain boots"


@pytest.mark.parametrize("word", ["in_stock", "in stock", "In Stock"])
def test_availability_may_be_old_or_new(read: Read, word: str) -> None:
    assert read(tsv(row(availability=word)))[0][0].stock is Stock.IN_STOCK


def test_an_unknown_availability_is_out_of_stock_with_a_warning(read: Read) -> None:
    items, report = read(tsv(row(availability="auf Lager")))

    assert items[0].stock is Stock.OUT
    assert [issue.column for issue in report.issues if "availability" in issue.what] == ["availability"]


def test_a_price_in_another_currency_is_no_price_of_this_shop(read: Read) -> None:
    items, report = read(tsv(row(price="12.99 USD")))

    assert items == []
    assert "USD" in report.errors[0].what


@pytest.mark.parametrize("price", ["1.299 EUR", "1,299 EUR", "12,99 EUR"])
def test_a_number_that_could_mean_two_amounts_is_refused_with_the_flag(read: Read, price: str) -> None:
    items, report = read(tsv(row(price=price)))

    assert items == []
    assert "--decimal" in report.errors[0].fix


def test_the_flag_settles_what_a_number_means(read: Read) -> None:
    assert read(tsv(row(price="1.299,00 EUR")), decimal="comma")[0][0].price.minor == 129_900


def test_a_currency_without_decimals_has_none(read: Read) -> None:
    assert read(tsv(row(price="JPY 1200")), currency="JPY")[0][0].price.minor == 1200


def test_a_sale_counts_only_if_it_has_no_end(read: Read) -> None:
    always = row(id="a", sale_price="9.99 EUR")
    ends = row(id="b", sale_price="9.99 EUR", sale_price_effective_date="2026-11-20T00:00Z/2026-11-28T00:00Z")

    items, report = read(tsv(always, ends))

    assert [item.price.minor for item in items] == [999, 1299]
    assert any("sale has dates" in issue.what for issue in report.issues)


def test_product_details_say_what_the_title_leaves_open(read: Read) -> None:
    nested = (
        "<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Power</g:attribute_name>"
        "<g:attribute_value>200 W</g:attribute_value></g:product_detail>"
        "<g:product_detail><g:attribute_name>Material</g:attribute_name><g:attribute_value>steel</g:attribute_value>"
        "</g:product_detail>"
    )

    (item,), _ = read(rss(element() + nested))

    assert item.attributes["power"].unit == "WTT"  # type: ignore[union-attr]
    assert item.attributes["material"] == Texts(("steel",))


def test_a_code_with_a_wrong_digit_or_for_one_shop_alone_is_left_out(read: Read) -> None:
    items, report = read(tsv(row(id="a", gtin="4006381333932"), row(id="b", gtin="2000000000008")))

    assert [item.gtin for item in items] == [None, None]
    assert "check digit" in next(issue.what for issue in report.issues if issue.line == 2 and issue.column == "gtin")
    assert "inside one shop" in next(
        issue.what for issue in report.issues if issue.line == 3 and issue.column == "gtin"
    )


def test_googles_own_numbers_of_categories_do_not_hide_the_shops_words(read: Read) -> None:
    asked: list[str] = []

    def find(named: str) -> str | None:
        asked.append(named)
        return "aa-8" if named.endswith("Boots") else None

    (item,), _ = read(tsv(row(google_product_category="187", product_type="Shoes > Boots")), find_category=find)

    assert item.category == "aa-8"
    assert "187" not in asked


def test_an_id_that_comes_twice_fails_its_second_row(read: Read) -> None:
    items, report = read(tsv(row(), row()))

    assert len(items) == 1
    assert report.failed == 1
    assert "line 2 already" in report.errors[0].what


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused_before_it_is_read(head: str) -> None:
    with pytest.raises(CatalogueRefused, match="document type"):
        read_catalogue(rss(element(title="&b;"), head=head).encode(), ImportOptions("EUR"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (rss(element()).replace("</rss>", ""), "not well formed"),
        (rss(element(title="A&nbsp;B")), "&#160;"),
        (rss(element()).replace("xmlns:g", "xmlns:q"), "xmlns:g="),
        ('<?xml version="1.0"?><products><item/></products>', "no product feed"),
        (rss("<g:id>" + "<b>" * 60 + "</b>" * 60 + "</g:id>"), "nested"),
        (rss(element(description="x" * 1_100_000)), "no end"),
        (rss(f"<g:id a='{'x' * 3_000_000}'/>"), "no end"),
    ],
)
def test_what_is_wrong_with_a_feed_is_said(text: str, told: str) -> None:
    with pytest.raises(CatalogueRefused) as refused:
        list(read_catalogue(text.encode(), ImportOptions("EUR"))[0])

    assert told in str(refused.value)


def test_a_feed_in_another_encoding_is_read_as_it_says_or_as_the_person_says(read: Read) -> None:
    feed = rss(element(title="Gürtel"))

    for data, encoding in (
        (feed.replace('"1.0"?', '"1.0" encoding="iso-8859-1"?').encode("latin-1"), None),
        (feed.encode("utf-16"), None),
        (feed.encode("cp1252"), "cp1252"),
    ):
        (item,), _ = read(data, encoding=encoding)
        assert item.title == "Gürtel"


def test_a_feed_that_is_not_in_its_encoding_is_refused_with_the_flag() -> None:
    with pytest.raises(CatalogueRefused, match="--encoding"):
        list(read_catalogue(rss(element(title="Gürtel")).encode("cp1252"), ImportOptions("EUR"))[0])
