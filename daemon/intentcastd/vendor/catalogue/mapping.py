"""A mapping: which column of a table holds what, written down once in a TOML file and used again by each import.

    decimal = "comma"

    [columns]
    "Art.-Nr." = "sku"
    "Bezeichnung" = "title"
    "VK brutto" = "price"
    "Leistung" = "details.power"

The fields stand in FIELDS; `details.<id>` is any registered attribute. The vendors' guide explains them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, cast

from intentcastd.data import currencies
from intentcastd.data.folding import fold
from intentcastd.vendor.catalogue.item import Stock
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted
from intentcastd.vendor.money import Mark

MAX_BYTES: Final = 64 * 1024
DETAIL: Final = "details."

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sku": "your own key of the item; without it the GTIN, else the title is the key",
        "group": "key that the variants of one product share",
        "title": "what buyers read",
        "description": "text or HTML, to find the item by",
        "price": "of one unit, with or without the code of the currency",
        "sale_price": "holds instead of the price where it is filled in",
        "unit": "what the price is for: piece, kg, m, hour …",
        "gtin": "EAN, UPC or ISBN with its check digit",
        "brand": "make of the item",
        "mpn": "the maker's own number",
        "category": "path, name or code of the taxonomy",
        "type": "your own word for what it is",
        "tags": "further words",
        "condition": "new, used or refurbished",
        "stock": "a count, or words that stand under [stock]",
        "option": "sets variants apart; the heading is its name",
    }
)
# These may come from several columns; the texts are put together in the order of the file.
SEVERAL: Final = frozenset({"description", "tags", "option", "category"})

_STOCK_WORDS: Final = {
    **dict.fromkeys("yes true y ja oui si available in_stock instock lieferbar lagernd".split(), Stock.IN_STOCK),
    **dict.fromkeys("no false n nein non out_of_stock outofstock ausverkauft".split(), Stock.OUT),
    **dict.fromkeys("backorder preorder".split(), Stock.ORDER),
}
_KEYS: Final = frozenset({"columns", "stock", "decimal", "currency", "encoding", "delimiter", "condition"})
_CONDITIONS: Final = frozenset({"new", "used", "refurbished"})


@dataclass(frozen=True, slots=True)
class Mapping_:
    """What a map.toml says.

    Attributes:
        columns: heading in small letters to field.
        stock: words of the stock column, folded, to their class.
        defaults: decimal, currency, encoding, delimiter and condition, as far as they are stated.
    """

    columns: Mapping[str, str]
    stock: Mapping[str, Stock] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def applied(self, options: ImportOptions) -> ImportOptions:
        """Return the options of an import; what the person says now goes over what is written down."""
        said = self.defaults
        mark = options.decimal or cast("Mark | None", said.get("decimal"))
        return replace(
            options,
            decimal=mark,
            encoding=options.encoding or said.get("encoding"),
            delimiter=options.delimiter or said.get("delimiter"),
            condition=said.get("condition") or options.condition,
        )
