"""Which export a file is, told by its headings alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted

Format = Literal["shopify-old", "shopify-new", "services", "google", "woocommerce"]
Kind = Literal[Format, "google-xml", "json-ld", "page", "mapped"]

NAMES: Final[dict[Kind, str]] = {
    "shopify-old": "Shopify product CSV (old headers)",
    "shopify-new": "Shopify product CSV (new headers)",
    "services": "price list of services",
    "google": "Google Merchant feed",
    "woocommerce": "WooCommerce product CSV",
    "google-xml": "Google Merchant feed (XML)",
    "json-ld": "schema.org products (JSON-LD)",
    "mapped": "table with a map of its columns",
    "page": "schema.org products in a web page",
}

# All of these headings, in small letters, make the format.
_ANCHORS: Final[tuple[tuple[Format, frozenset[str]], ...]] = (
    ("shopify-old", frozenset({"handle", "title", "variant price"})),
    ("shopify-new", frozenset({"title", "url handle", "price"})),
    ("shopify-new", frozenset({"title", "sku", "price", "option1 name"})),
    ("woocommerce", frozenset({"type", "sku", "name", "regular price"})),
    ("google", frozenset({"id", "title", "price", "availability"})),
    ("google", frozenset({"id", "title", "price", "image_link"})),
    ("services", frozenset({"service", "price"})),
)
_MARKS: Final[dict[Format, frozenset[str]]] = {
    "shopify-old": frozenset({"handle", "variant price", "variant sku", "body (html)"}),
    "shopify-new": frozenset({"url handle", "published on online store", "option1 value"}),
    "services": frozenset({"service", "lead_hours", "unit"}),
    "google": frozenset({"id", "availability", "image_link", "google_product_category", "item_group_id"}),
    "woocommerce": frozenset({"regular price", "sale price", "in stock?", "parent", "attribute 1 name"}),
}


def detect(header: Sequence[str]) -> Format:
    """Return the format that the headings belong to.

    Raises:
        CatalogueRefused: no known format has these headings; the nearest one and what it lacks are named.
    """
    have = frozenset(heading.casefold() for heading in header)
    have |= {heading.replace(" ", "_") for heading in have}  # Google's feeds are written with either
    for name, anchors in _ANCHORS:
        if anchors <= have:
            return name
    nearest = max(_MARKS, key=lambda name: len(_MARKS[name] & have))
    if not _MARKS[nearest] & have:
        raise CatalogueRefused(
            "The headings belong to no export that is known here.",
            f"The first row begins with {quoted(', '.join(header[:4]))}.",
            "Say which column holds what: intentcast vendor catalogue map FILE. The vendors' guide lists the known exports.",
        )
    lacking = min((anchors - have for name, anchors in _ANCHORS if name == nearest), key=len)
    raise CatalogueRefused(
        f"The file looks like a {NAMES[nearest]}, but headings are missing.",
        f"Missing: {', '.join(sorted(lacking))}.",
        "Export it again with all columns, or check the delimiter (--delimiter).",
    )
