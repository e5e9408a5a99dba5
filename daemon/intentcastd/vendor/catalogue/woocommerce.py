"""Product exports of WooCommerce.

A row is a product or a variation of one. A variation names its product by number (id:10) or SKU and takes from it what it
does not say itself; the product may stand anywhere in the file, so products with variations are looked up beforehand and
kept in a temporary file, not in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from types import TracebackType
from typing import Final

import msgspec

from intentcastd.vendor.catalogue.goods import Field, Goods, Listing
from intentcastd.vendor.catalogue.item import Item, Stock, TaxStatus, stock_of
from intentcastd.vendor.catalogue.kept_aside import KeptAside
from intentcastd.vendor.catalogue.markup import text_of
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Cells, is_shifted

_HEADINGS: Final[dict[Field, str]] = {
    "sku": "sku",
    "title": "name",
    "price": "regular price",
    "gtin": "gtin, upc, ean, or isbn",
    "category": "categories",
    "details": "sku",
}
_SOLD_ELSEWHERE: Final = frozenset({"external", "grouped"})
_LEFT_OUT: Final = {"0": "private", "-1": "draft", "false": "private", "no": "private"}
_TAX: Final[dict[str, TaxStatus]] = {"none": "none", "shipping": "shipping"}
_SALE_DATES: Final = ("date sale price starts", "date sale price ends")
_ATTRIBUTE: Final = re.compile(r"attribute (\d{1,3}) name")
_COMMA: Final = re.compile(r"(?<!\\),\s*")
_MAX_DESCRIPTION: Final = 4_000


class _Product(msgspec.Struct, frozen=True, array_like=True):
    """What a product with variations hands down to them."""

    handle: str
    title: str
    description: str
    brand: str
    tags: str
    categories: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    stock: Stock
    tax: TaxStatus
    left_out: str | None


class WooRows:
    """Reads one export: first `look_up` all rows, then `read` them again."""

    def __init__(self, options: ImportOptions, report: ImportReport) -> None:
        self._report = report
        self._goods = Goods(options, report)
        self._products = KeptAside(_Product)

    def __enter__(self) -> WooRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._products.close()

    def look_up(self, rows: Iterable[Cells]) -> None:
        """Keep the products that have variations; nothing is counted yet."""
        for cells in rows:
            if "variable" not in _types(cells) or cells.surplus():
                continue
            product = self._product(cells)
            for name in (f"id:{cells.get('id')}", f"sku:{cells.get('sku')}"):
                if name[-1] != ":":
                    self._products.keep(name, product)

    def read(self, rows: Iterable[Cells]) -> Iterator[Item]:
        """Yield the items; every row ends in one count of the report."""
        for cells in rows:
            self._report.rows += 1
            if is_shifted(cells, self._report):
                continue
            listing = self._listing(cells)
            if isinstance(listing, str):
                self._report.skip(listing)
                continue
            item = None if listing is None else self._goods.item(listing, partial(_heading, cells))
            if item is not None:
                yield item

    def _listing(self, cells: Cells) -> Listing | str | None:
        """Return what a row states; a word if it is left out on purpose, None if it has failed."""
        types = _types(cells)
        if "variable" in types:
            return "variable"  # only its variations are for sale
        if types & _SOLD_ELSEWHERE:
            return min(types & _SOLD_ELSEWHERE)
        left_out = _left_out(cells)
        if left_out is not None:
            return left_out
        if "variation" not in types:
            return self._alone(cells)
        parent = cells.get("parent")
        name = parent if parent.startswith("id:") else f"sku:{parent}"
        product = self._products.get(name)
        if product is None:
            what = (
                f"the product {quoted(parent)} of this variation is not in the file" if parent else "it has no parent"
            )
            fix = "export products and variations together, all columns with them"
            self._report.fail(cells.line, cells.named("parent"), what, fix)
            return None
        return product.left_out or self._variation(cells, product)

    def _alone(self, cells: Cells) -> Listing:
        product = self._product(cells)
        return Listing(
            line=cells.line,
            title=product.title,
            price=self._price(cells),
            sku=cells.get("sku"),
            handle=product.handle,
            description=product.description,
            brand=product.brand,
            gtin=cells.get(_HEADINGS["gtin"], "gtin"),
            kind=_kind(product.categories),
            tags=product.tags,
            categories=product.categories,
            options=tuple((name, _several(value)) for name, value in product.attributes),
            stock=product.stock,
            tax=product.tax,
        )

    def _variation(self, cells: Cells, product: _Product) -> Listing:
        own = _attributes(cells)
        chosen = {name.casefold() for name, value in own if value}
        # An attribute that a variation leaves empty comes in any of the product's values.
        rest = [(name, value) for name, value in product.attributes if name.casefold() not in chosen]
        stock = cells.get("stock")
        return Listing(
            line=cells.line,
            title=product.title or cells.get("name"),
            price=self._price(cells),
            sku=cells.get("sku"),
            handle=product.handle,
            description=f"{text_of(cells.get('description'))} {product.description}",
            brand=_brand(cells) or product.brand,
            gtin=cells.get(_HEADINGS["gtin"], "gtin"),
            kind=_kind(product.categories),
            tags=product.tags,
            categories=product.categories,
            options=tuple((name, _several(value)) for name, value in (*own, *rest) if value),
            shown=tuple(value for _, value in own if value),
            stock=product.stock if stock.casefold() == "parent" else self._stock(cells),
            tax=_tax(cells, product.tax),
        )

    def _product(self, cells: Cells) -> _Product:
        number = cells.get("id")
        description = text_of(f"{cells.get('short description')} {cells.get('description')}")
        return _Product(
            handle=f"id:{number}" if number else cells.get("sku"),
            title=cells.get("name"),
            description=description[:_MAX_DESCRIPTION],
            brand=_brand(cells),
            tags=cells.get("tags"),
            categories=_categories(cells.get("categories")),
            attributes=tuple(_attributes(cells)),
            stock=self._stock(cells),
            tax=_tax(cells, "full"),
            left_out=_left_out(cells),
        )

    def _price(self, cells: Cells) -> str:
        """Return the price that holds for as long as the catalogue: a sale counts only if it has no dates."""
        sale, dates = cells.get("sale price"), cells.get(*_SALE_DATES)
        if sale and dates:
            what, fix = f"the sale has dates ({quoted(dates)})", "the regular price is taken; leave the dates out"
            fix += " while the sale is on, and import again at its end"
            self._report.warn(cells.line, cells.named("date sale price ends"), what, fix)
            return cells.get("regular price")
        return sale or cells.get("regular price")

    def _stock(self, cells: Cells) -> Stock:
        said, pieces = cells.get("in stock?").casefold(), cells.get("stock")
        sells_on = said == "backorder" or cells.get("backorders allowed?").casefold() in {"1", "notify", "yes"}
        if pieces:
            try:
                return stock_of(int(float(pieces)) if len(pieces) < 12 else 0, sells_on=sells_on)
            except (ValueError, OverflowError):
                pass  # what is no count says nothing; the column beside it decides
        if said in {"0", "no", "false"}:
            return Stock.ORDER if sells_on else Stock.OUT
        return Stock.ORDER if said == "backorder" else Stock.IN_STOCK


def _heading(cells: Cells, field: Field) -> str:
    return cells.named(_HEADINGS[field])


def _types(cells: Cells) -> frozenset[str]:
    return frozenset(part.strip() for part in cells.get("type").casefold().split(","))


def _left_out(cells: Cells) -> str | None:
    if cells.get("visibility in catalog").casefold() == "hidden":
        return "hidden"
    return _LEFT_OUT.get(cells.get("published").casefold())


def _tax(cells: Cells, otherwise: TaxStatus) -> TaxStatus:
    said = cells.get("tax status").casefold()
    return _TAX.get(said, "full") if said else otherwise


def _brand(cells: Cells) -> str:
    return cells.get("brands", "brand", "meta: _brand").split(",")[0].strip()


def _categories(text: str) -> tuple[str, ...]:
    """Return the paths of "Clothing > Shirts, Sale", the deepest first; a comma inside a name has a stroke before it."""
    paths = [path.replace("\\,", ",").strip() for path in _COMMA.split(text)]
    return tuple(sorted(filter(None, paths), key=lambda path: -path.count(">")))


def _kind(categories: tuple[str, ...]) -> str:
    return categories[0].split(">")[-1].strip() if categories else ""


def _attributes(cells: Cells) -> list[tuple[str, str]]:
    numbers = [hit[1] for hit in map(_ATTRIBUTE.fullmatch, cells.headings()) if hit]
    pairs = ((cells.get(f"attribute {n} name"), cells.get(f"attribute {n} value(s)")) for n in numbers)
    return [(name.removeprefix("pa_"), value) for name, value in pairs if name]


def _several(values: str) -> str:
    """Return "Blue, Red" as the options of other exports have it: "Blue / Red"."""
    return " / ".join(part.replace("\\,", ",").strip() for part in _COMMA.split(values) if part.strip())
