"""Products of schema.org in JSON-LD: a file of them, or the pages of a shop as a browser saves them.

One product with one offer is one row. A price range (AggregateOffer) is not a price, so it cannot be quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from intentcastd.vendor import units
from intentcastd.vendor.catalogue.goods import Field, Goods, Listing
from intentcastd.vendor.catalogue.item import Item, Stock, stock_of
from intentcastd.vendor.catalogue.json_source import Digits, Json, documents
from intentcastd.vendor.catalogue.jsonld_nodes import Found, Nodes, bare, get, listed, text, types_of
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport

_STOCK: Final = {
    **dict.fromkeys(("InStock", "OnlineOnly", "InStoreOnly"), Stock.IN_STOCK),
    "LimitedAvailability": Stock.FEW,
    **dict.fromkeys(("PreOrder", "PreSale", "BackOrder", "MadeToOrder"), Stock.ORDER),
    **dict.fromkeys(("OutOfStock", "SoldOut", "Discontinued", "Reserved"), Stock.OUT),
}
_CODES: Final = ("gtin", "gtin14", "gtin13", "gtin12", "gtin8", "isbn")
_OPTIONS: Final = ("color", "material", "pattern", "size")
_MEASURES: Final = ("width", "height", "depth", "weight")
_UNIT_WORDS: Final = {code: word for word, code in reversed(units.VALUE_UNITS.items())}
_GENDERS: Final = {"male": "men", "female": "women"}
_LIST_PRICES: Final = frozenset({"StrikethroughPrice", "ListPrice", "SRP", "MSRP"})


class JsonLdProducts:
    """Reads one file or page."""

    def __init__(self, options: ImportOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._goods = Goods(options, report)

    def read(self, source: bytes | Path, *, is_page: bool) -> Iterator[Item]:
        """Yield the items; every product, and every block that cannot be read, ends in one count of the report.

        Raises:
            CatalogueRefused: there is no product in it.
        """
        with closing(documents(source, self._options.encoding, is_page=is_page)) as found:
            for document in found:
                if document.wrong:
                    self._report.rows += 1
                    fix = "correct the JSON; the products in it are left out"
                    self._report.fail(document.line, "", f"this is no JSON: {document.wrong}", fix)
                    continue
                nodes = Nodes(document.value)
                for product in nodes.products():
                    yield from self._items(product, nodes, document.line)
        if not self._report.rows:
            raise CatalogueRefused(
                "There is no product in this file.",
                "No JSON-LD in it has the type Product of schema.org.",
                "Save the page of a product, or a page that lists products with their offers.",
            )

    def _items(self, found: Found, nodes: Nodes, line: int) -> Iterator[Item]:
        product = self._product(found, nodes, line)
        offers = self._offers(found, nodes, line)
        several = len(offers) > 1
        for offer in offers:
            self._report.rows += 1
            listing = self._offered(product, offer, nodes, several=several)
            item = self._goods.item(listing, _Named(found.path))
            if item is not None:
                yield item

    def _fail(self, line: int, column: str, what: str, fix: str) -> None:
        self._report.rows += 1
        self._report.fail(line, column, what, fix)

    def _offers(self, found: Found, nodes: Nodes, line: int) -> list[dict[str, Json]]:
        """Return the offers that can be quoted; where there is none, the product's row has failed."""
        column = f"{found.path}.offers".lstrip(".")
        given = get(found.node, "offers")
        if given is None and found.group is not None:
            given = get(found.group, "offers")
        offers = [node for node in map(nodes.resolved, listed(given)) if isinstance(node, dict)]
        if any("AggregateOffer" in types_of(offer) for offer in offers):
            what = "an AggregateOffer is a range of prices, and a range cannot be quoted"
            self._fail(line, column, what, "give each variant its own Offer with a price")
            return []
        here = [offer for offer in offers if self._currency(offer, nodes) in {"", self._options.currency}]
        if not here:
            what = f"none of its offers is in {self._options.currency}" if offers else "it has no offer, so no price"
            self._fail(line, column, what, "give it an Offer with price and priceCurrency")
        keys = {text(get(offer, "sku")) or _code(offer) for offer in here}
        if len(here) > 1 and (len(keys) < len(here) or "" in keys):
            what = f"it has {len(here)} offers, and which of them is meant is not said"
            self._fail(line, column, what, "leave one, or give each its own sku")
            return []
        return here

    def _currency(self, offer: dict[str, Json], nodes: Nodes) -> str:
        return text(get(_priced(offer, nodes), "priceCurrency")).upper()

    def _product(self, found: Found, nodes: Nodes, line: int) -> Listing:
        """Return what holds for all offers of a product; what it does not say its group says."""
        node, group = found.node, found.group or {}

        def said(name: str) -> Json:
            own = get(node, name)
            return nodes.resolved(get(group, name) if own is None else own)

        title = text(get(node, "name")) or text(get(group, "name"))
        handle = text(get(group, "productGroupID")) or text(group.get("@id")) or text(get(group, "name"))
        categories = tuple(filter(None, (text(each) for each in listed(said("category")))))
        return Listing(
            line=line,
            title=title,
            price="",
            sku=text(get(node, "sku")) or text(get(node, "productID")),
            handle=handle or text(get(node, "inProductGroupWithID")),
            description=text(said("description")),
            brand=text(said("brand")),
            mpn=text(get(node, "mpn")),
            gtin=_code(node),
            kind=categories[0].split(">")[-1].split("/")[-1].strip() if categories else "",
            tags=text(said("keywords")),
            categories=categories,
            condition=text(said("itemCondition")),
            options=(*_traits(said, nodes), *_properties(node), *_properties(group)),
            details=tuple((name, _measure(said(name))) for name in _MEASURES),
        )

    def _offered(self, product: Listing, offer: dict[str, Json], nodes: Nodes, *, several: bool) -> Listing:
        priced = _priced(offer, nodes)
        price = get(priced, "price")
        amount = text(price)
        currency = text(get(priced, "priceCurrency")).upper()
        name = text(get(offer, "name"))
        return replace(
            product,
            price=f"{amount} {currency}".strip() if amount else "",
            mark="point" if isinstance(price, Digits) else None,
            sku=(text(get(offer, "sku")) if several else product.sku or text(get(offer, "sku"))) or _code(offer),
            handle=product.handle or (product.sku or product.title if several else ""),
            gtin=_code(offer) or ("" if several else product.gtin),
            condition=text(get(offer, "itemCondition")) or product.condition,
            stock=self._stock(product, offer),
            options=(*product.options, ("variant", name)) if several and name else product.options,
            shown=(name,) if several and name else (),
        )

    def _stock(self, product: Listing, offer: dict[str, Json]) -> Stock:
        level = get(offer, "inventoryLevel")
        pieces = text(get(level, "value")) if isinstance(level, dict) else text(level)
        said = bare(text(get(offer, "availability")))
        known = _STOCK.get(said)
        if said and known is None:
            what = f'"{said[:40]}" is no availability of schema.org'
            fix = "the item is taken as out of stock; write InStock, OutOfStock, PreOrder or BackOrder"
            self._report.warn(product.line, "availability", what, fix)
            return Stock.OUT
        if pieces.isascii() and pieces.isdigit() and len(pieces) < 12 and known in {None, Stock.IN_STOCK}:
            return stock_of(int(pieces), sells_on=False)
        return known or Stock.IN_STOCK


class _Named:
    """Says where in the document a field stands."""

    _PLACES: Final[dict[Field, str]] = {"title": "name", "price": "offers.price", "details": "additionalProperty"}

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, field: Field) -> str:
        return f"{self._path}.{self._PLACES.get(field, field)}".lstrip(".")


def _priced(offer: dict[str, Json], nodes: Nodes) -> dict[str, Json]:
    """Return the node that states the price: the offer, or the one of its specifications that is no list price."""
    if get(offer, "price") is not None:
        return offer
    for each in listed(get(offer, "priceSpecification")):
        spec = nodes.resolved(each)
        if not isinstance(spec, dict) or bare(text(get(spec, "priceType"))) in _LIST_PRICES:
            continue
        # A price for 100 g, or one for members alone, is beside the price and not the price.
        if get(spec, "referenceQuantity") is None and get(spec, "validForMemberTier") is None:
            return spec
    return offer


def _code(node: dict[str, Json]) -> str:
    said = next((found for found in (text(get(node, name)) for name in _CODES) if found), "")
    return said.removeprefix("gtin:").strip()


def _traits(said: Callable[[str], Json], nodes: Nodes) -> list[tuple[str, str]]:
    found = [(name, " / ".join(filter(None, map(text, listed(said(name)))))) for name in _OPTIONS if name != "size"]
    size = said("size")
    system = bare(text(get(size, "sizeSystem"))).removeprefix("WearableSizeSystem") if isinstance(size, dict) else ""
    value = text(size)
    found.append(("size", f"{system} {value}" if system and value[:1].isdigit() else value))
    audience = nodes.resolved(said("audience"))
    gender = bare(text(get(audience, "suggestedGender"))).casefold() if isinstance(audience, dict) else ""
    found.append(("gender", _GENDERS.get(gender, gender)))
    return [(name, value) for name, value in found if value]


def _properties(node: dict[str, Json]) -> list[tuple[str, str]]:
    """Return the pairs of additionalProperty, with the unit behind the number."""
    pairs = [each for each in listed(get(node, "additionalProperty")) if isinstance(each, dict)]
    return [(text(get(pair, "name")), _measure(pair)) for pair in pairs if text(get(pair, "name"))]


def _measure(value: Json) -> str:
    if not isinstance(value, dict):
        return text(value)
    number = text(get(value, "value"))
    code = text(get(value, "unitCode"))
    return f"{number} {text(get(value, 'unitText')) or _UNIT_WORDS.get(code, code)}".strip() if number else ""
