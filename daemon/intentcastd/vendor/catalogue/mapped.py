"""Any table whose columns a map explains: one row is one item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from intentcastd.data.folding import fold
from intentcastd.vendor import units
from intentcastd.vendor.catalogue.column_map import DETAILS, ColumnMap
from intentcastd.vendor.catalogue.goods import Field, Goods, Listing
from intentcastd.vendor.catalogue.item import Item, Stock, stock_of
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Cells, is_shifted

_MAX_DIGITS: Final = 12


class MappedRows:
    """Reads one table; feed it the rows in order."""

    def __init__(self, columns: ColumnMap, options: ImportOptions, report: ImportReport) -> None:
        self._map = columns
        self._report = report
        self._goods = Goods(options, report)
        self._headings = {name: columns.headings(name) for name in set(columns.columns.values())}
        self._options = [(heading, heading.casefold()) for heading, name in columns.columns.items() if name == "option"]

    def read(self, rows: Iterable[Cells]) -> Iterator[Item]:
        """Yield the items; every row ends in one count of the report."""
        for cells in rows:
            self._report.rows += 1
            if is_shifted(cells, self._report):
                continue
            listing = self._listing(cells)
            item = None if listing is None else self._goods.item(listing, _Named(self._headings, cells))
            if item is not None:
                yield item

    def _get(self, cells: Cells, name: str) -> str:
        return " ".join(filter(None, (cells.get(heading) for heading in self._headings.get(name, ()))))

    def _listing(self, cells: Cells) -> Listing | None:
        unit = units.price_unit(self._get(cells, "unit"))
        if unit is None:
            what = f"{quoted(self._get(cells, 'unit'))} is no unit that is known"
            fix = "write piece, kg, m, hour, day or the like"
            self._report.fail(cells.line, cells.named(*self._headings["unit"]), what, fix)
            return None
        options = tuple((name, cells.get(heading)) for name, heading in self._options)
        details = ((name, self._get(cells, name)) for name in self._headings if name.startswith(DETAILS))
        return Listing(
            line=cells.line,
            title=self._get(cells, "title"),
            price=self._get(cells, "sale_price") or self._get(cells, "price"),
            sku=self._get(cells, "sku"),
            handle=self._get(cells, "group"),
            description=self._get(cells, "description"),
            brand=self._get(cells, "brand"),
            mpn=self._get(cells, "mpn"),
            gtin=self._get(cells, "gtin"),
            kind=self._get(cells, "type"),
            tags=self._get(cells, "tags"),
            categories=tuple(filter(None, (cells.get(heading) for heading in self._headings.get("category", ())))),
            condition=self._get(cells, "condition"),
            options=options,
            details=tuple((name.removeprefix(DETAILS), value) for name, value in details),
            shown=tuple(value for _, value in options if value),
            stock=self._stock(cells),
            unit=unit,
        )

    def _stock(self, cells: Cells) -> Stock:
        said = self._get(cells, "stock")
        if not said:
            return Stock.IN_STOCK  # what is not counted is sold
        known = self._map.stock.get(fold(said))
        digits = said.removeprefix("-").partition(".")[0].partition(",")[0]
        if known is not None:
            return known
        if digits.isascii() and digits.isdigit() and len(digits) < _MAX_DIGITS:
            return stock_of(-int(digits) if said.startswith("-") else int(digits), sells_on=False)
        what = f"{quoted(said)} is no count and no word that is known"
        fix = "the item is taken as out of stock; say in the map, under [stock], what the word means"
        self._report.warn(cells.line, cells.named(*self._headings["stock"]), what, fix)
        return Stock.OUT


class _Named:
    """Says which column holds a field."""

    def __init__(self, headings: dict[str, tuple[str, ...]], cells: Cells) -> None:
        self._headings = headings
        self._cells = cells

    def __call__(self, field: Field) -> str:
        headings = self._headings.get(field)
        return self._cells.named(*headings) if headings else ""
