"""Product exports of Shopify, with the headings of before and after 2025.

One row is one variant. The first row of a product has the title and all that its variants share; the rows below with
an empty title belong to it. Rows that only bring another picture are left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from intentcastd.data.folding import fold
from intentcastd.vendor.catalogue.categorized import Categories
from intentcastd.vendor.catalogue.condition import read_condition
from intentcastd.vendor.catalogue.item import Item, Stock, plain, stock_of
from intentcastd.vendor.catalogue.markup import text_of
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Cells, Keys, is_shifted, price_of, read_gtin
from intentcastd.vendor.catalogue.search_words import search_words
from intentcastd.vendor.catalogue.traits import read_traits

# What each generation calls a column, in small letters; the first that holds something counts.
_OLD: Final[dict[str, tuple[str, ...]]] = {
    "handle": ("handle",),
    "body": ("body (html)", "body html"),
    "category": ("product category", "standardized product type", "google shopping / google product category"),
    "published": ("published",),
    "sku": ("variant sku",),
    "barcode": ("variant barcode",),
    "price": ("variant price",),
    "pieces": ("variant inventory qty",),
    "tracker": ("variant inventory tracker",),
    "policy": ("variant inventory policy",),
    "image": ("image src",),
}
_NEW: Final[dict[str, tuple[str, ...]]] = {
    "handle": ("url handle",),
    "body": ("description",),
    "category": ("product category", "google shopping / google product category"),
    "published": ("published on online store", "published"),
    "sku": ("sku",),
    "barcode": ("barcode",),
    "price": ("price",),
    "pieces": ("inventory quantity",),
    "tracker": ("inventory tracker",),
    "policy": ("continue selling when out of stock",),
    "image": ("product image url", "image url", "image src"),
}
_METAFIELD: Final = re.compile(r"(.+) \(product\.metafields\..+\)")


@dataclass(frozen=True, slots=True)
class _Product:
    """What the variants of one product share, from its first row."""

    handle: str
    title: str
    line: int
    description: str
    brand: str | None
    kind: str
    tags: str
    category: str | None
    condition: str | None
    headings: tuple[str, str, str]
    extra: tuple[tuple[str, str], ...]
    left_out: str | None


class ShopifyRows:
    """Reads one export; feed it the rows in order."""

    def __init__(self, options: ImportOptions, report: ImportReport, *, new: bool) -> None:
        self._options = options
        self._report = report
        self._columns: Mapping[str, tuple[str, ...]] = _NEW if new else _OLD
        self._product: _Product | None = None
        self._categories = Categories(options)
        self._handles = Keys()
        self._skus = Keys()
        self._sold = Keys()

    def read(self, rows: Iterable[Cells]) -> Iterator[Item]:
        """Yield the items; every row ends in one count of the report."""
        for cells in rows:
            self._report.rows += 1
            item = self._row(cells)
            if item is not None:
                self._report.ok += 1
                self._sold.add(item.handle, item.line)
                self._report.products = len(self._sold)
                yield item

    def _get(self, cells: Cells, column: str) -> str:
        return cells.get(*self._columns[column])

    def _row(self, cells: Cells) -> Item | None:
        if is_shifted(cells, self._report):
            return None
        product = self._product_of(cells)
        if product is None:
            return None
        if product.left_out is not None:
            self._report.skip(product.left_out)
            return None
        is_first = product.line == cells.line
        if not is_first and not self._sells(cells):
            self._report.skip("image" if self._get(cells, "image") else "empty")
            return None
        return self._variant(product, cells)

    def _sells(self, cells: Cells) -> bool:
        """Tell whether a row below the first brings a variant."""
        names = [*self._columns["price"], *self._columns["sku"], *self._columns["barcode"]]
        return bool(cells.get(*names, "option1 value", "option2 value", "option3 value"))

    def _product_of(self, cells: Cells) -> _Product | None:
        """Return the product of a row, or count the row and return None."""
        handle, title = self._get(cells, "handle"), plain(cells.get("title"))
        current = self._product
        if not title:
            if current is not None and handle in {"", current.handle}:
                return current
            self._fail_orphan(cells, handle)
            return None
        handle = handle or fold(title).replace(" ", "-")
        if current is not None and handle == current.handle and title == current.title:
            return current
        first = self._handles.line_of(handle)
        if first is not None:
            # Rows below this one carry the same handle and no title; they must not fall to the product above.
            self._product = None
            self._report.fail(
                cells.line,
                cells.named(*self._columns["handle"]),
                f"{quoted(handle)} is the handle of the product on line {first} already",
                "put the variants of one product below each other, and give each product its own handle",
            )
            return None
        self._handles.add(handle, cells.line)
        self._product = self._open(cells, handle, title)
        return self._product

    def _fail_orphan(self, cells: Cells, handle: str) -> None:
        column = cells.named(*self._columns["handle"])
        what = f"no product with the handle {quoted(handle)} stands right above" if handle else "it has no title"
        self._report.fail(cells.line, column, what, "put it below the first row of its product, or give it a title")

    def _open(self, cells: Cells, handle: str, title: str) -> _Product:
        kind, tags = cells.get("type", "custom product type"), cells.get("tags")
        description = text_of(self._get(cells, "body"))
        return _Product(
            handle=handle,
            title=title,
            line=cells.line,
            description=description,
            brand=plain(cells.get("vendor")) or None,
            kind=kind,
            tags=tags,
            category=self._category(cells, title, kind),
            condition=self._condition(cells, title, tags),
            headings=(cells.get("option1 name"), cells.get("option2 name"), cells.get("option3 name")),
            extra=_metafields(cells),
            left_out=self._left_out(cells),
        )

    def _left_out(self, cells: Cells) -> str | None:
        status = cells.get("status").casefold()
        if status in {"draft", "archived"}:
            return status
        return "unpublished" if self._get(cells, "published").casefold() in {"false", "no"} else None

    def _category(self, cells: Cells, title: str, kind: str) -> str | None:
        named = [cells.get(column) for column in self._columns["category"]]
        found = self._categories.find(named, kind, title)
        if found is None:
            self._report.warn(
                cells.line,
                cells.named("product category", "google shopping / google product category", "type"),
                f"no category is known for {quoted(title)}",
                "fill in the product category, or say --category; without one only its GTIN finds it",
            )
        return found

    def _condition(self, cells: Cells, title: str, tags: str) -> str | None:
        said = cells.get("google shopping / condition", "condition")
        return read_condition(said, f"{title} {tags}") or self._options.condition

    def _variant(self, product: _Product, cells: Cells) -> Item | None:
        price = price_of(cells, self._report, self._options.currency, self._options.decimal, self._columns["price"][0])
        if price is None:
            return None
        options = _chosen(product, cells)
        values = [value for _, value in options]
        sku = self._sku(product, cells, values)
        if sku is None:
            return None
        traits = read_traits(product.title, [*product.extra, *options], category=product.category)
        texts = [product.title, *values, product.kind, product.tags, product.brand or "", product.description]
        return Item(
            sku=sku,
            handle=product.handle,
            title=plain(" · ".join([product.title, *values])),
            price=price,
            line=cells.line,
            brand=product.brand,
            category=product.category,
            attributes=traits,
            gtin=read_gtin(cells, self._report, *self._columns["barcode"]),
            condition=product.condition,
            stock=self._stock(cells),
            words=search_words(texts),
        )

    def _sku(self, product: _Product, cells: Cells, values: list[str]) -> str | None:
        """Return the key of a variant: its SKU, else handle and options. Used twice, the row has failed."""
        given = plain(self._get(cells, "sku").removeprefix("'"), 64)
        key = given or plain("/".join([product.handle, *values]), 64)
        first = self._skus.line_of(key)
        if first is None:
            self._skus.add(key, cells.line)
            return key
        column = cells.named(*self._columns["sku"])
        what = f"{quoted(key)} stands for the variant on line {first} already"
        self._report.fail(cells.line, column, what, "give each variant its own SKU")
        return None

    def _stock(self, cells: Cells) -> Stock:
        pieces = self._get(cells, "pieces")
        is_tracked = bool(self._get(cells, "tracker")) or not any(
            name in cells.headings() for name in self._columns["tracker"]
        )
        if not pieces or not is_tracked:
            return Stock.IN_STOCK  # Shopify sells on what it does not count
        try:
            count = int(pieces) if len(pieces) < 12 else 0
        except ValueError:
            column = cells.named(*self._columns["pieces"])
            self._report.warn(cells.line, column, f"{quoted(pieces)} is no count", "the item is taken as out of stock")
            return Stock.OUT
        return stock_of(count, sells_on=self._get(cells, "policy").casefold() in {"continue", "true", "yes"})


def _chosen(product: _Product, cells: Cells) -> list[tuple[str, str]]:
    """Return heading and value of each option; a product without options has "Title: Default Title"."""
    pairs = ((heading, cells.get(f"option{place} value")) for place, heading in enumerate(product.headings, 1))
    return [(heading, value) for heading, value in pairs if value and value != "Default Title"]


def _metafields(cells: Cells) -> tuple[tuple[str, str], ...]:
    """Return the attributes that newer exports bring in columns such as "Color (product.metafields.shopify.…)"."""
    hits = ((heading, _METAFIELD.fullmatch(heading)) for heading in cells.headings())
    pairs = [(hit[1], cells.get(heading)) for heading, hit in hits if hit]
    gender = cells.get("google shopping / gender")
    # Several values are parted by "; ".
    return tuple((name, value.replace(";", "/")) for name, value in [*pairs, ("gender", gender)] if value)
