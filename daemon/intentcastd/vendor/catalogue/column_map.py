"""A map: which column of a table holds what, written down once in a TOML file and used again by each import.

    decimal = "comma"

    [columns]
    "Art.-Nr." = "sku"
    "Bezeichnung" = "title"
    "VK brutto" = "price"
    "Leistung" = "details.power"

The fields stand in FIELDS; `details.<id>` is any registered attribute. The vendors' guide explains them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, cast

from intentcastd.data.folding import fold
from intentcastd.vendor.catalogue.item import Stock
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.catalogue.report import CatalogueRefused, quoted
from intentcastd.vendor.money import Mark

MAX_BYTES: Final = 64 * 1024
DETAILS: Final = "details."

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
# These may come from several columns.
SEVERAL: Final = frozenset({"description", "tags", "option", "category"})

_STOCK_WORDS: Final = {
    **dict.fromkeys(("yes", "true", "y", "ja", "oui", "si", "available", "in stock", "instock"), Stock.IN_STOCK),
    **dict.fromkeys(("lieferbar", "auf lager", "lagernd", "en stock", "disponible", "disponibile"), Stock.IN_STOCK),
    **dict.fromkeys(("no", "false", "n", "nein", "non", "out of stock", "outofstock", "sold out"), Stock.OUT),
    **dict.fromkeys(("ausverkauft", "nicht lieferbar", "epuise", "agotado", "esaurito"), Stock.OUT),
    **dict.fromkeys(("backorder", "preorder", "on order", "auf bestellung", "sur commande"), Stock.ORDER),
}
_DEFAULTS: Final[Mapping[str, frozenset[str] | None]] = {
    "decimal": frozenset({"comma", "point"}),
    "condition": frozenset({"new", "used", "refurbished"}),
    "encoding": None,
    "delimiter": None,
}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What a map says.

    Attributes:
        columns: heading as written to field.
        stock: words of the stock column, folded, to their class.
        defaults: decimal, condition, encoding and delimiter, as far as they are stated.
    """

    columns: Mapping[str, str]
    stock: Mapping[str, Stock] = field(default_factory=lambda: _STOCK_WORDS)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def headings(self, name: str) -> tuple[str, ...]:
        """Return the headings of a field in small letters, in the order of the map."""
        return tuple(heading.casefold() for heading, held in self.columns.items() if held == name)

    def missing(self, header: Sequence[str]) -> list[str]:
        """Return the headings that a table lacks."""
        have = {heading.casefold() for heading in header}
        return [heading for heading in self.columns if heading.casefold() not in have]

    def applied(self, options: ImportOptions) -> ImportOptions:
        """Return the options of an import; what the person says now goes over what is written down."""
        said = self.defaults
        return replace(
            options,
            decimal=options.decimal or cast("Mark | None", said.get("decimal")),
            encoding=options.encoding or said.get("encoding"),
            delimiter=options.delimiter or said.get("delimiter"),
            condition=said.get("condition") or options.condition,
        )


def read_map(data: bytes) -> ColumnMap:
    """Read a map.

    Raises:
        CatalogueRefused: it is no such file, or holds something that is not known.
    """
    if len(data) > MAX_BYTES:
        raise _refused(f"It has more than {MAX_BYTES:,} bytes.", "Name a file as the vendors' guide shows it.")
    try:
        said = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(f"It is no TOML: {error}.", "Compare it with the example in the vendors' guide.") from None
    unknown = sorted(set(said) - {"columns", "stock", *_DEFAULTS})
    if unknown:
        raise _refused(
            f"{quoted(unknown[0])} is not known.", f"Known are columns, stock, {', '.join(sorted(_DEFAULTS))}."
        )
    return ColumnMap(_columns(said.get("columns")), _stock(said.get("stock", {})), _defaults(said))


def _columns(said: Any) -> dict[str, str]:
    if not isinstance(said, dict) or not said:
        raise _refused("It has no table [columns].", 'Write lines such as "Item name" = "title" below it.')
    columns: dict[str, str] = {}
    for heading, name in said.items():
        known = isinstance(name, str) and (name in FIELDS or name.removeprefix(DETAILS) in registered())
        if not known or (name not in FIELDS and not name.startswith(DETAILS)):
            raise _refused(
                f"{quoted(heading)} is said to hold {quoted(str(name))}, which is no field.",
                f"Fields are {', '.join(FIELDS)}, and {DETAILS}<id> with an id of specs/registries/attributes.json.",
            )
        if name in columns.values() and name not in SEVERAL:
            raise _refused(f"Two columns are said to hold {quoted(name)}.", "Leave one of them out.")
        columns[heading.strip()] = name
    for needed in ("title", "price"):
        if needed not in columns.values():
            raise _refused(f"No column is said to hold the {needed}.", "An item needs a title and a price.")
    return columns


def _stock(said: Any) -> dict[str, Stock]:
    words = dict(_STOCK_WORDS)
    if not isinstance(said, dict):
        raise _refused("[stock] is no table.", 'Write lines such as in_stock = ["yes", "available"] below it.')
    for name, listed in said.items():
        if name not in set(Stock) or not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
            raise _refused(
                f"[stock] has {quoted(name)} in a form that is not known.",
                'Write in_stock, few, order or out, each with a list of words: out = ["sold out"].',
            )
        words |= {fold(word): Stock(name) for word in listed}
    return words


def _defaults(said: dict[str, Any]) -> dict[str, str]:
    stated: dict[str, str] = {}
    for name, allowed in _DEFAULTS.items():
        value = said.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or (allowed is not None and value not in allowed):
            words = "a text" if allowed is None else " or ".join(sorted(allowed))
            raise _refused(f"{name} is {quoted(str(value))}.", f"Write {words}.")
        stated[name] = value
    return stated


def _refused(why: str, fix: str) -> CatalogueRefused:
    return CatalogueRefused("The map of the columns cannot be used.", why, fix)
