"""The registries that are on the wire and that a reader of sentences needs: attributes and services."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from intentcast.records.vocabulary import on_branch
from intentcastd import specs

AttributeType = Literal["text", "int", "bool", "quantity"]


class Attribute(msgspec.Struct, frozen=True):
    """A detail that an RFP may state. No branches means that it makes sense everywhere."""

    id: str
    type: AttributeType
    label: str
    branches: tuple[str, ...]
    unit: str | None = None

    def fits(self, category: str | None) -> bool:
        """Tell whether the detail makes sense for a category."""
        return category is None or not self.branches or any(on_branch(category, branch) for branch in self.branches)


class SizeSystem(msgspec.Struct, frozen=True):
    """One way of labelling sizes: the form of the whole label, and where a number means this system."""

    id: str
    label: str
    form: str
    example: str
    branches: tuple[str, ...]

    def fits(self, category: str) -> bool:
        """Tell whether a label of a thing in this category may be of this system."""
        return not self.branches or any(on_branch(category, branch) for branch in self.branches)


class ServiceWord(msgspec.Struct, frozen=True):
    """A service word and the category that goes with it."""

    word: str
    category: str
    label: str


class _Attributes(msgspec.Struct):
    attributes: tuple[Attribute, ...]


class _SizeTable(msgspec.Struct):
    systems: tuple[SizeSystem, ...]


class _Sizes(msgspec.Struct):
    size_systems: _SizeTable


class _ServiceWords(msgspec.Struct):
    services: tuple[ServiceWord, ...]


@cache
def attributes() -> dict[str, Attribute]:
    """Return the registered attributes by id."""
    table = msgspec.convert(specs.registry("attributes"), type=_Attributes)
    return {attribute.id: attribute for attribute in table.attributes}


@cache
def size_systems() -> dict[str, SizeSystem]:
    """Return the ways of labelling sizes by id."""
    table = msgspec.convert(specs.registry("attributes"), type=_Sizes)
    return {system.id: system for system in table.size_systems.systems}


@cache
def services() -> dict[str, ServiceWord]:
    """Return the registered services by word."""
    table = msgspec.convert(specs.registry("services"), type=_ServiceWords)
    return {service.word: service for service in table.services}
