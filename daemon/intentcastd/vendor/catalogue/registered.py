"""The type and unit of each registered attribute, as far as an import needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from intentcastd import specs


@dataclass(frozen=True, slots=True)
class Registered:
    """An attribute that RFPs may state: its type is text, int, bool or quantity; a quantity has a unit."""

    type: str
    unit: str | None


@cache
def registered() -> Mapping[str, Registered]:
    """Return all registered attributes by id."""
    rows = specs.registry("attributes")["attributes"]
    return MappingProxyType({row["id"]: Registered(row["type"], row.get("unit")) for row in rows})
