"""Proposing a map for a table that is not known: by its headings in a few languages, and by what stands below them.

It is a proposal for a person to look over: each column comes with a sample, and what is not recognised stays a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from intentcast.records.vocabulary import is_gtin
from intentcastd.data.folding import fold
from intentcastd.vendor.catalogue.column_map import DETAILS, FIELDS, SEVERAL
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.catalogue.report import CatalogueRefused
from intentcastd.vendor.catalogue.rows import Cells, places_of
from intentcastd.vendor.catalogue.table import open_table
from intentcastd.vendor.catalogue.traits import option_name

_ROWS: Final = 200
_SAMPLE: Final = 40
_MOST: Final = 0.8

# Folded headings; the first word of a line that a heading equals, or else contains, decides.
_WORDS: Final[dict[str, str]] = {
    "sku": "sku|artikelnummer|artikelnr|artikel nr|art nr|item number|item no|product code|code article|reference|referencia|"
    "codice|codice articolo|artikelcode|product number|stock code|bestellnummer|article number|item id|id|product id",
    "group": "group|parent|parent sku|gruppe|vaterartikel|parent id|item group id|handle",
    "title": "title|name|product name|item name|bezeichnung|artikelbezeichnung|produktname|titel|designation|nom|titre|nombre|"
    "titulo|nome|titolo|naam|item|product|artikel|producto|produit|prodotto",
    "description": "description|beschreibung|langtext|kurztext|descripcion|descrizione|omschrijving|details|long description",
    "sale_price": "sale price|special price|angebotspreis|aktionspreis|prix promo|precio oferta|offer price",
    "price": "price|preis|vk|vk brutto|verkaufspreis|brutto|bruttopreis|retail price|unit price|prix|prix ttc|precio|prezzo|prijs|"
    "pvp|rrp|selling price|gross price|price incl vat|price incl tax",
    "unit": "unit|einheit|unite|unidad|unita|eenheid|per",
    "gtin": "gtin|ean|ean13|upc|isbn|barcode|bar code|ean code|gtin13|strichcode|ean upc",
    "brand": "brand|marke|hersteller|manufacturer|marque|marca|merk|maker|fabricant|fabricante",
    "mpn": "mpn|manufacturer part number|herstellernummer|part number|teilenummer|hersteller artikelnummer|model number",
    "category": "category|kategorie|warengruppe|categorie|categoria|product category|google product category|category path",
    "type": "type|typ|art|product type|tipo|soort|artikelart",
    "tags": "tags|keywords|schlagworte|stichworte|suchbegriffe|mots cles",
    "condition": "condition|zustand|etat|estado|stato|staat",
    "stock": "stock|quantity|qty|bestand|lagerbestand|lager|menge|verfugbarkeit|availability|quantite|cantidad|existencias|"
    "giacenza|voorraad|in stock|inventory|on hand|lieferbar",
}
_HEADINGS: Final = {word: name for name, words in _WORDS.items() for word in words.split("|")}
# What comes with a quantity or a purchase is not what a buyer pays.
_NOT_PRICE: Final = re.compile(r"\b(purchase|cost|ek|einkauf|netto|net|excl|ht|uvp|old|before|vorher|staffel)\b")
_COMMA: Final = re.compile(r"\D*\d[\d.' ]*,\d{2}\D*")
_POINT: Final = re.compile(r"\D*\d[\d,' ]*\.\d{2}\D*")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it is thought to hold ("" if that is not known), and one value of it."""

    heading: str
    field: str
    sample: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A map as it may be: columns in the order of the file, and the decimal mark if all prices agree on one."""

    columns: tuple[Column, ...]
    decimal: str | None
    encoding: str
    delimiter: str

    @property
    def lacking(self) -> list[str]:
        """Return the fields that an item must have and no column was found for."""
        found = {column.field for column in self.columns}
        return [name for name in ("title", "price") if name not in found]

    def text(self) -> str:
        """Return the map as TOML."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# Which column holds what. Look it over; a line with # in front is not used."
        yield f"# Fields: {', '.join(FIELDS)}, {DETAILS}<attribute>."
        if self.decimal is not None:
            yield f'decimal = "{self.decimal}"  # as the prices in the file are written'
        if self.encoding not in {"utf-8", "utf-8-sig"}:
            yield f"encoding = {_toml(self.encoding)}"
        yield f"delimiter = {_toml(self.delimiter)}"
        yield ""
        yield "[columns]"
        for column in self.columns:
            sample = f"  # {column.sample}" if column.sample else ""
            line = f"{_toml(column.heading)} = {_toml(column.field)}{sample}"
            yield line if column.field else f"# {line}"


def propose(source: bytes | Path, encoding: str | None, delimiter: str | None) -> Proposal:
    """Look at headings and the first rows of a table.

    Raises:
        CatalogueRefused: it is no table.
    """
    table = open_table(source, encoding, delimiter)
    places = places_of(table.header)
    with closing(table.rows()) as rows:
        cells = [Cells(row, places, table.header) for row in islice(rows, _ROWS)]
    if not cells:
        raise CatalogueRefused("The table has headings and no rows.", "Nothing can be told.", "Name a file with items.")
    taken: set[str] = set()
    columns = []
    for heading in dict.fromkeys(filter(None, table.header)):
        values = [value for value in (row.get(heading.casefold()) for row in cells) if value]
        name = _field(heading, values, taken)
        taken.add(name)
        columns.append(Column(heading, name, _sample(values)))
    prices = [row.get(column.heading.casefold()) for row in cells for column in columns if column.field == "price"]
    return Proposal(tuple(columns), _decimal(list(filter(None, prices))), table.encoding, table.delimiter)


def _field(heading: str, values: Sequence[str], taken: set[str]) -> str:
    """Return what a column is thought to hold, "" if that cannot be told; most fields have one column alone."""
    folded = fold(heading)
    if _share(values, lambda value: is_gtin(value.replace(" ", ""))) > _MOST and "gtin" not in taken:
        return "gtin"
    attribute = option_name(heading)
    if attribute == "brand":
        attribute = None  # an item has a brand of its own, outside its attributes
    name = _HEADINGS.get(folded) or (f"{DETAILS}{attribute}" if attribute else "") or _contained(folded)
    if folded in registered() and name not in FIELDS:
        name = f"{DETAILS}{folded}"
    if name in {"price", "sale_price"} and (_NOT_PRICE.search(folded) or not _share(values, _has_digit) > _MOST):
        return ""
    return "" if name in taken and name not in SEVERAL else name


def _contained(folded: str) -> str:
    """Return the field of the longest known heading that stands in this one as whole words."""
    hits = [word for word in _HEADINGS if len(word) > 3 and re.search(rf"\b{re.escape(word)}\b", folded)]
    return _HEADINGS[max(hits, key=len)] if hits else ""


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _has_digit(value: str) -> bool:
    return any(letter.isdigit() for letter in value)


def _decimal(prices: Sequence[str]) -> str | None:
    if any(map(_COMMA.fullmatch, prices)) and not any(map(_POINT.fullmatch, prices)):
        return "comma"
    return None


def _sample(values: Sequence[str]) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in (values[0] if values else ""))
    return shown if len(shown) <= _SAMPLE else f"{shown[:_SAMPLE]}…"


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in escaped) + '"'
