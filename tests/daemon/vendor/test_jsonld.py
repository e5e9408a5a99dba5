"""schema.org products: in files and in saved pages; what cannot be quoted is refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from intentcastd.vendor.catalogue import json_source
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport
from intentcastd.vendor.stated import Texts

Read = Callable[..., tuple[list[Item], ImportReport]]


def offer(**more: Any) -> dict[str, Any]:
    return {"@type": "Offer", "price": 12.9, "priceCurrency": "EUR"} | more


def product(**more: Any) -> dict[str, Any]:
    return {"@type": "Product", "name": "Kettle", "sku": "K1", "offers": offer()} | more


def page(*blocks: object) -> str:
    scripts = "\n".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return f"<!DOCTYPE html><html><head><title>Shop</title>\n{scripts}</head><body><p>Hello</p></body></html>"


def test_a_product_becomes_an_item(read: Read) -> None:
    text = json.dumps(
        product(
            gtin13="4006381333931",
            brand={"@type": "Brand", "name": "Nora"},
            category="hg-11",
            color="Red",
            itemCondition="https://schema.org/UsedCondition",
            weight={"@type": "QuantitativeValue", "value": 1.5, "unitCode": "KGM"},
            additionalProperty=[{"@type": "PropertyValue", "name": "Power", "value": 2000, "unitCode": "WTT"}],
            offers=offer(availability="https://schema.org/LimitedAvailability"),
        )
    )

    (item,), report = read(text)

    assert report.format == "schema.org products (JSON-LD)"
    assert (item.sku, item.title, item.price.minor) == ("K1", "Kettle", 1290)
    assert (item.gtin, item.brand, item.category, item.condition) == ("4006381333931", "Nora", "hg-11", "used")
    assert item.stock is Stock.FEW
    assert item.attributes["colour"] == Texts(("red",))
    assert [str(item.attributes[name].spans[0][0]) for name in ("weight", "power")] == ["1.5", "2000"]  # type: ignore[union-attr]


def test_a_saved_page_is_read_without_what_stands_in_comments(read: Read) -> None:
    hidden = f"<!-- {page(product(sku='old'))} -->"

    items, report = read(page({"@graph": [{"@type": "WebPage"}, product()]}).replace("<body>", f"<body>{hidden}"))

    assert report.format == "schema.org products in a web page"
    assert [item.sku for item in items] == ["K1"]
    assert items[0].line == 2


@pytest.mark.parametrize(
    "document",
    [
        [product()],
        {"@context": "https://schema.org", "@graph": [product()]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": product()}]},
        {"@type": ["WebPage", "ItemPage"], "mainEntity": product()},
        product() | {"@type": ["Product", "Vehicle"]},
        {f"schema:{name}" if name[0] != "@" else name: value for name, value in product().items()},
    ],
)
def test_products_are_found_where_pages_put_them(read: Read, document: object) -> None:
    assert [item.title for item in read(json.dumps(document))[0]] == ["Kettle"]


def test_products_that_are_only_mentioned_are_not_for_sale_here(read: Read) -> None:
    items, report = read(json.dumps(product(isRelatedTo=[product(sku="K2"), product(sku="K3")])))

    assert [item.sku for item in items] == ["K1"]
    assert report.rows == 1


GROUP = {
    "@type": "ProductGroup", "@id": "#g", "productGroupID": "boots", "name": "Boots", "brand": "Nora", "category": "aa-8",
}  # fmt: skip


def variant(sku: str, size: str, **more: Any) -> dict[str, Any]:
    return product(sku=sku, name=f"Boots {size}", size={"name": size, "sizeSystem": "WearableSizeSystemEU"}) | more


@pytest.mark.parametrize(
    "document",
    [
        GROUP | {"hasVariant": [variant("a", "41"), variant("b", "42")]},
        [GROUP, *(variant(sku, size, isVariantOf={"@id": "#g"}) for sku, size in (("a", "41"), ("b", "42")))],
        {
            "@graph": [
                GROUP | {"hasVariant": [{"@id": "#a"}, {"@id": "#b"}]},
                variant("a", "41") | {"@id": "#a"},
                variant("b", "42") | {"@id": "#b"},
            ]
        },
    ],
)
def test_the_variants_of_a_group_share_what_it_says_and_count_once(read: Read, document: object) -> None:
    items, report = read(json.dumps(document))

    assert [(item.sku, item.handle, item.brand, item.category) for item in items] == [
        ("a", "boots", "Nora", "aa-8"),
        ("b", "boots", "Nora", "aa-8"),
    ]
    assert [item.attributes["size"] for item in items] == [Texts(("EU41",)), Texts(("EU42",))]
    assert (report.rows, report.products) == (2, 1)


def test_a_price_range_cannot_be_quoted(read: Read) -> None:
    range_ = {"@type": "AggregateOffer", "lowPrice": 5, "highPrice": 20, "priceCurrency": "EUR"}

    items, report = read(json.dumps([product(offers=range_), product(sku="K2")]))

    assert [item.sku for item in items] == ["K2"]
    assert [(issue.column, "range" in issue.what) for issue in report.errors] == [("[0].offers", True)]
    assert report.adds_up()


def test_several_offers_are_several_items_only_if_each_has_its_own_key(read: Read) -> None:
    named = [offer(sku="r", name="Red"), offer(sku="b", name="Blue", price=14)]

    items, _ = read(json.dumps(product(offers=named)))
    none, report = read(json.dumps(product(offers=[offer(), offer(price=9)])))

    assert [(item.sku, item.title, item.handle) for item in items] == [
        ("r", "Kettle · Red", "K1"),
        ("b", "Kettle · Blue", "K1"),
    ]
    assert none == []
    assert "which of them" in report.errors[0].what


def test_of_offers_in_many_currencies_the_shops_own_counts(read: Read) -> None:
    items, _ = read(json.dumps(product(offers=[offer(priceCurrency="USD", price=99), offer()])))
    none, report = read(json.dumps(product(offers=offer(priceCurrency="USD"))))

    assert [item.price.minor for item in items] == [1290]
    assert none == []
    assert "EUR" in report.errors[0].what


def test_of_price_specifications_the_one_that_is_paid_counts(read: Read) -> None:
    specs = [
        {"priceType": "https://schema.org/StrikethroughPrice", "price": 20, "priceCurrency": "EUR"},
        {"price": 1.2, "priceCurrency": "EUR", "referenceQuantity": {"value": 100, "unitCode": "GRM"}},
        {"price": "15.00", "priceCurrency": "EUR"},
    ]

    (item,), _ = read(json.dumps(product(offers={"@type": "Offer", "priceSpecification": specs})))

    assert item.price.minor == 1500


def test_a_number_is_certain_and_a_text_may_not_be(read: Read) -> None:
    assert (
        read('{"@type":"Product","name":"Tv","offers":{"price":1299.0,"priceCurrency":"EUR"}}')[0][0].price.minor
        == 129_900
    )
    assert "--decimal" in read(json.dumps(product(offers=offer(price="1.299"))))[1].errors[0].fix


def test_one_product_a_line_is_read_line_by_line(read: Read) -> None:
    text = "\n".join([json.dumps(product(sku=f"K{place}")) for place in range(3)] + ["{broken", ""])

    items, report = read(text)

    assert [(item.sku, item.line) for item in items] == [("K0", 1), ("K1", 2), ("K2", 3)]
    assert [issue.line for issue in report.errors] == [4]
    assert report.adds_up()


def test_a_broken_block_of_a_page_fails_alone(read: Read) -> None:
    broken = page(product()).replace("</head>", '<script type="application/ld+json">{"@type": </script></head>')

    items, report = read(broken)

    assert len(items) == 1
    assert report.failed == 1
    assert report.adds_up()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (page({"@type": "WebPage"}), "no product"),
        ('{"@type": "Product", ', "no JSON"),
        ('{"a": ' + "[" * 100_000, "no JSON"),
        ('{"price": NaN}', "no JSON"),
        ('{"price": "\xe9"}'.encode("latin-1"), "--encoding"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(text: str | bytes, told: str) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(CatalogueRefused) as refused:
        list(read_catalogue(data, ImportOptions("EUR"))[0])

    assert told in str(refused.value)


def test_a_document_that_is_too_large_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_source, "MAX_DOCUMENT_BYTES", 1000)

    with pytest.raises(CatalogueRefused, match="JSON Lines"):
        list(read_catalogue(json.dumps([product()] * 20, indent=1).encode(), ImportOptions("EUR"))[0])
