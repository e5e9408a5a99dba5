"""Finding the products in JSON-LD of schema.org: in arrays, in @graph, in lists, as variants of a group.

A product that stands elsewhere under its @id is found there; one that is both a variant of a group and a node of its own
counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from intentcastd.vendor.catalogue.json_source import Json

# What is nested more deeply is no list of products.
MAX_DEPTH: Final = 24
_TYPES: Final = frozenset({"Product", "IndividualProduct", "ProductModel", "SomeProducts", "Vehicle", "Car", "Book"})
_GROUP: Final = "ProductGroup"
# Where products may stand; elsewhere ("isRelatedTo") are products that are only mentioned.
_LISTS: Final = ("@graph", "itemListElement", "item", "mainEntity", "hasPart")


@dataclass(frozen=True, slots=True)
class Found:
    """A product, the group whose variant it is, and where it stands."""

    node: dict[str, Json]
    group: dict[str, Json] | None
    path: str


class Nodes:
    """The nodes of one document."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._by_id: dict[str, dict[str, Json]] = {}
        self._index(document, 0)

    def products(self) -> Iterator[Found]:
        """Yield the products in order, the variants of a group in its place."""
        found = list(self._walk(self._document, "", 0))
        variants = {id(one.node) for one in found if one.group is not None}
        for one in found:
            # Told by the place in memory: a node that is referred to is the very node that stands in the graph.
            if one.group is not None or id(one.node) not in variants:
                yield one

    def resolved(self, value: Json) -> Json:
        """Return the node that a bare {"@id": …} refers to, or the value as it is."""
        if isinstance(value, dict) and len(value) <= 2 and "@id" in value:
            name = value["@id"]
            return self._by_id.get(name, value) if isinstance(name, str) else value
        return value

    def _index(self, value: Json, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        if isinstance(value, list):
            for each in value:
                self._index(each, depth + 1)
        elif isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and len(value) > 2:
                self._by_id.setdefault(name, value)
            for each in value.values():
                if isinstance(each, (dict, list)):
                    self._index(each, depth + 1)

    def _walk(self, value: Json, path: str, depth: int) -> Iterator[Found]:
        if depth > MAX_DEPTH:
            return
        if isinstance(value, list):
            for place, each in enumerate(value):
                yield from self._walk(each, f"{path}[{place}]", depth + 1)
            return
        if not isinstance(value, dict):
            return
        types = types_of(value)
        if _GROUP in types:
            yield from self._variants(value, path)
        elif types & _TYPES:
            group = self._group_of(value)
            yield Found(value, group, path)
        else:
            for name in _LISTS:
                for key in (name, f"schema:{name}"):
                    if key in value:
                        yield from self._walk(value[key], f"{path}.{key}".lstrip("."), depth + 1)

    def _variants(self, group: dict[str, Json], path: str) -> Iterator[Found]:
        variants = listed(get(group, "hasVariant"))
        for place, each in enumerate(variants):
            node = self.resolved(each)
            if isinstance(node, dict):
                yield Found(node, group, f"{path}.hasVariant[{place}]".lstrip("."))
        if not variants and get(group, "offers") is not None:
            yield Found(group, None, path)  # a group without variants that is sold as it is

    def _group_of(self, product: dict[str, Json]) -> dict[str, Json] | None:
        group = self.resolved(next(iter(listed(get(product, "isVariantOf"))), None))
        return group if isinstance(group, dict) and _GROUP in types_of(group) else None


def types_of(node: dict[str, Json]) -> frozenset[str]:
    """Return the types of a node as bare words: of "https://schema.org/Product" or "schema:Product" the last one."""
    return frozenset(bare(name) for name in listed(node.get("@type")) if isinstance(name, str))


def bare(name: str) -> str:
    """Return the last word of an address of schema.org."""
    return name.replace("#", "/").replace(":", "/").rsplit("/", 1)[-1]


def get(node: dict[str, Json], name: str) -> Json:
    """Return a property, under its bare name or with a prefix."""
    for key in (name, f"schema:{name}", f"https://schema.org/{name}", f"http://schema.org/{name}"):
        if key in node:
            return node[key]
    return None


def listed(value: Json) -> list[Json]:
    """Return one value or several as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Json) -> str:
    """Return the text of a value: a string, a number, the name of a node, the first of several; else nothing."""
    if isinstance(value, list):
        return next((found for found in map(text, value) if found), "")
    if isinstance(value, dict):
        return text(value.get("@value")) or text(get(value, "name"))
    return value.strip() if isinstance(value, str) else ""
