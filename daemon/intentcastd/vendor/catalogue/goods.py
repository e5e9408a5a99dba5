"""From what a file states about one thing for sale to an Item: what all formats of goods do alike.

A Listing holds every field as text, before anything is judged. Each Listing becomes one item, or its row is counted as
failed with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from intentcastd.vendor.catalogue.categorized import Categories
from intentcastd.vendor.catalogue.condition import read_condition
from intentcastd.vendor.catalogue.item import Item, Stock, TaxStatus, plain
from intentcastd.vendor.catalogue.markup import text_of
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Keys, gtin_of, money_of
from intentcastd.vendor.catalogue.search_words import search_words
from intentcastd.vendor.catalogue.traits import read_traits, read_value
from intentcastd.vendor.money import Mark
from intentcastd.vendor.stated import Stated

Field: TypeAlias = Literal["sku", "title", "price", "gtin", "category", "details"]
Named: TypeAlias = Callable[[Field], str]

_CURRENCY: Final = re.compile(r"\s*([A-Z]{3})?\s*(.*?)\s*([A-Z]{3})?\s*", re.S)


@dataclass(frozen=True, slots=True)
class Listing:
    """One thing for sale as its source states it; what it does not state is empty.

    Attributes:
        handle: key that the variants of one product share; empty: the thing is alone.
        price: a number, with or without the code of its currency.
        mark: the decimal mark, where the format itself settles it.
        categories: names, paths or ids, the most exact first.
        kind: the shop's own word for what it is.
        options: heading and value of what sets this variant apart, and of what else the source states.
        details: values by attribute id.
        shown: values that the title has to show.
    """

    line: int
    title: str
    price: str
    sku: str = ""
    handle: str = ""
    mark: Mark | None = None
    description: str = ""
    brand: str = ""
    mpn: str = ""
    gtin: str = ""
    kind: str = ""
    tags: str = ""
    categories: tuple[str, ...] = ()
    condition: str = ""
    options: tuple[tuple[str, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()
    stock: Stock = Stock.IN_STOCK
    unit: str = "C62"
    tax: TaxStatus = "full"


class Goods:
    """Makes the items of one file."""

    def __init__(self, options: ImportOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._categories = Categories(options)
        self._skus = Keys()
        self._sold = Keys()

    def item(self, listing: Listing, named: Named) -> Item | None:
        """Return the item and count its row as ok, or count the row as failed and return None.

        Args:
            listing: what the row states.
            named: the heading of a field as the file has it, for messages.
        """
        title = plain(text_of(listing.title) if "<" in listing.title or "&" in listing.title else listing.title)
        if not title:
            self._report.fail(listing.line, named("title"), "it has no title", "give it one: it is what buyers read")
            return None
        currency, digits = self._currency(listing.price)
        if currency != self._options.currency:
            self._fail_currency(listing, named, currency)
            return None
        mark = listing.mark or self._options.decimal
        price = money_of(digits, self._report, listing.line, named("price"), currency, mark)
        sku = None if price is None else self._sku(listing, named, title)
        if price is None or sku is None:
            return None
        handle = plain(listing.handle, 64) or sku
        is_first = self._sold.add(handle, listing.line)
        category = self._categories.find(listing.categories, listing.kind, title)
        if category is None and is_first:
            self._warn_category(listing, named, title)
        self._report.ok += 1
        self._report.products = len(self._sold)
        brand = plain(listing.brand) or None
        options = [(name, value) for name, value in listing.options if value.strip()]
        values = [value for _, value in options]
        texts = [title, *values, listing.kind, listing.tags, brand or "", listing.mpn, text_of(listing.description)]
        return Item(
            sku=sku,
            handle=handle,
            title=plain(" · ".join([title, *(value for value in listing.shown if value not in title)])),
            price=price,
            line=listing.line,
            unit=listing.unit,
            brand=brand,
            category=category,
            attributes=read_traits(title, options, category=category) | self._details(listing, named),
            gtin=gtin_of(listing.gtin, self._report, listing.line, named("gtin")),
            condition=read_condition(listing.condition, f"{title} {listing.tags}") or self._options.condition,
            stock=listing.stock,
            words=search_words(texts),
            tax=listing.tax,
        )

    def _currency(self, price: str) -> tuple[str, str]:
        """Part "12.99 EUR" into code and number; without a code the price is in the shop's currency."""
        hit = _CURRENCY.fullmatch(price)
        if hit is None:
            return self._options.currency, price
        return hit[1] or hit[3] or self._options.currency, hit[2]

    def _fail_currency(self, listing: Listing, named: Named, currency: str) -> None:
        what = f"the price is in {currency}, the shop's prices are in {self._options.currency}"
        self._report.fail(listing.line, named("price"), what, f"export the prices in {self._options.currency}")

    def _sku(self, listing: Listing, named: Named, title: str) -> str | None:
        """Return the key: the SKU, else the GTIN, else the product with its options. Used twice, the row has failed."""
        values = [value for _, value in listing.options]
        made = "/".join([listing.handle or title, *values])
        key = plain(listing.sku.removeprefix("'") or listing.gtin or made, 64)
        first = self._skus.line_of(key)
        if first is None:
            self._skus.add(key, listing.line)
            return key
        what = f"{quoted(key)} stands for the item on line {first} already"
        self._report.fail(listing.line, named("sku"), what, "give each item a key of its own")
        return None

    def _warn_category(self, listing: Listing, named: Named, title: str) -> None:
        self._report.warn(
            listing.line,
            named("category"),
            f"no category is known for {quoted(title)}",
            "fill in the category, or say --category; without one only its GTIN finds it",
        )

    def _details(self, listing: Listing, named: Named) -> dict[str, Stated]:
        stated: dict[str, Stated] = {}
        for name, raw in listing.details:
            value = read_value(name, raw) if raw and name in registered() else None
            if value is not None:
                stated[name] = value
            elif raw:
                what = f"{quoted(raw)} does not read as {name}"
                self._report.warn(listing.line, named("details"), what, "the item is taken without it")
        return stated
