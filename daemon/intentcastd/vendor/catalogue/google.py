"""Product data of Google Merchant Center, as delimited text or as RSS and Atom with the g: names.

One row, or one element of a feed, is one item. The variants of a product share their item_group_id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from intentcastd.data.folding import fold
from intentcastd.vendor.catalogue.goods import Field, Goods, Listing
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Cells, is_shifted

_STOCK: Final = {
    "in stock": Stock.IN_STOCK,
    "limited availability": Stock.FEW,
    "preorder": Stock.ORDER,
    "pre order": Stock.ORDER,
    "backorder": Stock.ORDER,
    "back order": Stock.ORDER,
    "available for order": Stock.ORDER,
    "out of stock": Stock.OUT,
}
_HEADINGS: Final[dict[Field, str]] = {
    "sku": "id",
    "title": "title",
    "price": "price",
    "gtin": "gtin",
    "category": "google_product_category",
    "details": "multipack",
}
_OPTIONS: Final = ("color", "material", "pattern", "gender")
# Google's own numbers of categories ("1604") stand in no list that is here.
_NUMBER: Final = re.compile(r"\d+")
_DETAIL: Final = re.compile(r'(?:[^:,"]*:)?([^:,"]{1,60}):([^:,"]{1,80})')
_SEVERAL: Final = re.compile(r",\s*")


class GoogleRows:
    """Reads one file; feed it the rows in order, with the headings in small letters and _ for blanks."""

    def __init__(self, options: ImportOptions, report: ImportReport) -> None:
        self._report = report
        self._goods = Goods(options, report)

    def read(self, rows: Iterable[Cells]) -> Iterator[Item]:
        """Yield the items; every row ends in one count of the report."""
        for cells in rows:
            self._report.rows += 1
            if is_shifted(cells, self._report):
                continue
            item = self._goods.item(self._listing(cells), partial(_heading, cells))
            if item is not None:
                yield item

    def _listing(self, cells: Cells) -> Listing:
        google, own = cells.get("google_product_category"), cells.get("product_type")
        # Several product types are parted by commas, and each goes from general to special.
        types = tuple(part for part in _SEVERAL.split(own) if part)
        kind = types[0].split(">")[-1].strip() if types else ""
        sku = cells.get("id")
        return Listing(
            line=cells.line,
            title=cells.get("title", "structured_title"),
            price=self._price(cells),
            sku=sku,
            handle=cells.get("item_group_id") or sku,
            description=cells.get("description", "structured_description"),
            brand=cells.get("brand"),
            mpn=cells.get("mpn"),
            gtin=cells.get("gtin"),
            kind=kind,
            tags=own,
            categories=tuple(name for name in (google, *types) if name and not _NUMBER.fullmatch(name)),
            condition=cells.get("condition"),
            options=(*_options(cells), *_product_details(cells)),
            details=(("count_per_pack", cells.get("multipack")),),
            shown=tuple(value for name, value in _options(cells) if name in {"color", "size"}),
            stock=self._stock(cells),
        )

    def _price(self, cells: Cells) -> str:
        """Return the price that holds for as long as the catalogue: a sale counts only if it has no end."""
        sale, dates = cells.get("sale_price"), cells.get("sale_price_effective_date")
        if sale and dates:
            self._report.warn(
                cells.line,
                cells.named("sale_price_effective_date"),
                f"the sale has dates ({quoted(dates)})",
                "the regular price is taken; leave the dates out while the sale is on, and import again at its end",
            )
            return cells.get("price")
        return sale or cells.get("price")

    def _stock(self, cells: Cells) -> Stock:
        said = cells.get("availability")
        known = _STOCK.get(fold(said.replace("_", " ")))
        if known is None and said:
            what = f"{quoted(said)} is no availability that is known"
            fix = "the item is taken as out of stock; write in_stock, out_of_stock, preorder or backorder"
            self._report.warn(cells.line, cells.named("availability"), what, fix)
            return Stock.OUT
        return known or Stock.IN_STOCK


def _heading(cells: Cells, field: Field) -> str:
    return cells.named(_HEADINGS[field])


def _options(cells: Cells) -> list[tuple[str, str]]:
    size, system = cells.get("size"), cells.get("size_system")
    if size and system and size[0].isdigit():
        size = f"{system} {size}"
    pairs = [*((name, cells.get(name)) for name in _OPTIONS), ("size", size)]
    return [(name, _gender(value) if name == "gender" else value) for name, value in pairs if value]


def _gender(value: str) -> str:
    return {"male": "men", "female": "women"}.get(value.casefold(), value)


def _product_details(cells: Cells) -> list[tuple[str, str]]:
    """Return the pairs of product_detail: "General:Power:200 W", several parted by commas."""
    return [(hit[1].strip(), hit[2].strip()) for hit in _DETAIL.finditer(cells.get("product_detail"))]
