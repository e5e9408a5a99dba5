"""Whatever the bytes: every row is in one count, or the file is refused in words. Never anything else."""

from __future__ import annotations

import csv
import io
import json
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused
from intentcastd.vendor.catalogue.stored import from_json, to_json

OLD = "Handle,Title,Body (HTML),Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Image Src"
NEW = "Title,URL handle,Description,Product category,Status,SKU,Barcode,Option1 name,Option1 value,Price,Inventory quantity"
SERVICES = "service,title,area,price,unit,lead_hours,details"
GOOGLE = "id,title,description,availability,price,sale_price,item_group_id,gtin,condition,color,size,product_detail"
WOO = (
    "ID,Type,SKU,Name,Published,Stock,Sale price,Regular price,Categories,Parent,Attribute 1 name,Attribute 1 value(s)"
)
HEADERS = st.sampled_from([OLD, NEW, SERVICES, GOOGLE, WOO])

TELLING = (
    "a|b|Pot|5.00|0|1.299|-1|true|false|draft|4006381333931|repair.roof|hour|AT-9|Size|S/M|seats=7|<b|'|<!--|"
    "Rim for Peugeot 404 1960-75|220-110 V converter 200 W|12.99 EUR|9 USD|variable|variation|simple|id:a|in stock|parent"
).split("|")
CELLS = st.one_of(st.just(""), st.sampled_from(TELLING), st.text(max_size=12))


def check(data: bytes, delimiter: str | None = None) -> None:
    options = ImportOptions("EUR", delimiter=delimiter, find_category=lambda named: named)
    try:
        items, report = read_catalogue(data, options)
        kept = []
        for item in items:
            assert report.ok + report.skipped + report.failed <= report.rows
            kept.append(item)
    except CatalogueRefused:
        return
    assert report.done
    assert report.adds_up()
    assert len(kept) == report.ok
    assert len({item.sku for item in kept}) == len(kept)
    assert all(item.price.minor > 0 and 0 < len(item.title) <= 80 for item in kept)
    assert all(from_json(to_json(item)) == item for item in kept)


@given(HEADERS, st.lists(st.lists(CELLS, max_size=12), max_size=20))
def test_rows_of_any_cells_add_up(header: str, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)

    check((header + "\r\n").encode() + text.getvalue().encode("utf-8", "replace"))


@given(HEADERS, st.binary(max_size=400))
def test_any_bytes_below_a_header_add_up_or_are_refused(header: str, rest: bytes) -> None:
    check(header.encode() + b"\n" + rest)


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=2)))
def test_any_bytes_are_a_catalogue_or_refused(data: bytes, delimiter: str | None) -> None:
    check(data, delimiter)


NAMES = st.sampled_from(
    "id title price availability item_group_id gtin color size shipping link product_detail".split()
)
ELEMENTS = st.lists(st.tuples(NAMES, CELLS), max_size=8)


@given(st.lists(ELEMENTS, max_size=8), st.text("<>&;/g:xé ", max_size=12))
def test_elements_of_any_text_add_up(rows: list[list[tuple[str, str]]], rest: str) -> None:
    items = "".join(
        "<item>" + "".join(f"<g:{name}>{escape(value)}</g:{name}>" for name, value in row) + "</item>" for row in rows
    )
    start = '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>'

    check(f"{start}{items}</channel></rss>".encode("utf-8", "replace"))
    check(f"{start}{items}{rest}".encode("utf-8", "replace"))


KEYS = st.sampled_from(
    "@type @id @graph name sku offers price priceCurrency hasVariant isVariantOf availability size color gtin brand weight "
    "additionalProperty value unitCode itemListElement item priceSpecification category inventoryLevel".split()
)
VALUES = st.one_of(
    st.sampled_from(["Product", "ProductGroup", "Offer", "AggregateOffer", "EUR", "#a", "InStock", "4006381333931"]),
    CELLS,
    st.integers(-5, 10_000),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.none(),
    st.booleans(),
)
DOCUMENTS = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=8)),
    max_leaves=30,
)
PRODUCTS = st.builds(
    lambda more, offers: {"@type": "Product", "name": "Pot"} | more | {"offers": offers},
    st.dictionaries(KEYS, DOCUMENTS, max_size=5),
    st.one_of(DOCUMENTS, st.just({"@type": "Offer", "price": 5}), st.dictionaries(KEYS, VALUES, max_size=5)),
)


@given(st.lists(st.one_of(PRODUCTS, DOCUMENTS), max_size=6), st.binary(max_size=12))
def test_documents_of_any_shape_add_up(values: list[object], rest: bytes) -> None:
    text = json.dumps({"@graph": values}).encode()

    check(text)
    check(b"\n".join(json.dumps({"@graph": [value]}).encode() for value in values) + b"\n" + rest)
    check(b'<html><script type="application/ld+json">' + text + rest + b"</script>")


@settings(max_examples=20)
@given(st.sampled_from(["<", "<!--", "<script>", "<a", "&#", "&lt;"]), st.integers(1, 20_000))
def test_hostile_html_is_read_at_once(piece: str, times: int) -> None:
    # The deadline of an example is 200 ms.
    check((NEW + f"\nPot,pot,{piece * times},,,,,,,5,\n").encode())
