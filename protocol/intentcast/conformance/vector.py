"""A test vector: one input, and what a conforming program makes of it. Bytes are hexadecimal in JSON.

Spec: specs/vectors/manifest.json, and the README of specs
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from intentcast.encoding.canonical import Tree, Value
from intentcast.errors import Misuse
from intentcast.networks import NETWORKS, Network
from intentcast.units import UnixSeconds

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

FORMAT = 1
EXPECTATIONS = ("accept", "ignore", "reject")
CLASSES = ("positive", "negative", "canary", "mutation", "transcript")


class Given:
    """The input of a vector, asked for by name and type. A wrong vector is our own fault: Misuse."""

    __slots__ = ("_map",)

    def __init__(self, value: Json) -> None:
        if not isinstance(value, Mapping):
            raise Misuse("REC-1", "an object is expected in this vector")
        self._map = value

    def has(self, name: str) -> bool:
        return self._map.get(name) is not None

    def value(self, name: str) -> Json:
        if name not in self._map:
            raise Misuse("REC-1", f"this vector has no {name}")
        return self._map[name]

    def word(self, name: str) -> str:
        value = self.value(name)
        if not isinstance(value, str):
            raise Misuse("REC-1", f"{name} of this vector is no string")
        return value

    def octets(self, name: str) -> bytes:
        return bytes.fromhex(self.word(name))

    def number(self, name: str) -> int:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Misuse("REC-1", f"{name} of this vector is no integer")
        return value

    def flag(self, name: str) -> bool:
        return self.has(name) and self.value(name) is True

    def items(self, name: str) -> Sequence[Json]:
        value = self.value(name)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise Misuse("REC-1", f"{name} of this vector is no array")
        return value

    def entries(self, name: str) -> Mapping[str, Json]:
        value = self.value(name)
        if not isinstance(value, Mapping):
            raise Misuse("REC-1", f"{name} of this vector is no object")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(str(item) for item in self.items(name))

    def inner(self, name: str) -> Given:
        return Given(self.value(name))

    def each(self, name: str) -> list[Given]:
        return [Given(item) for item in self.items(name)]

    def optional_word(self, name: str) -> str | None:
        return self.word(name) if self.has(name) else None

    def optional_number(self, name: str) -> int | None:
        return self.number(name) if self.has(name) else None

    def plain(self, name: str) -> Value:
        """A value written with `plain_json`."""
        return value_of(self.value(name))


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector, without what only people read."""

    kind: str
    given: Given
    now: UnixSeconds
    network: Network


Run = Callable[[Vector], Json]
"""Does what one kind of vector tests; returns its output."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a vector: `at` names the layer that decided, `rule` the rule that refused."""

    expect: str
    at: str
    rule: str | None
    output: Json


def vector_of(document: Mapping[str, Json]) -> Vector:
    """Read a vector from its JSON object.

    Raises:
        Misuse: it has another format or lacks a part.
    """
    whole = Given(document)
    if whole.number("format") != FORMAT:
        raise Misuse("REC-1", "this vector has another format")
    now = UnixSeconds(whole.number("now") if whole.has("now") else 0)
    return Vector(whole.word("kind"), whole.inner("input"), now, NETWORKS[whole.optional_word("network") or "test"])


def plain_json(value: Tree) -> Json:
    """Return a canonical value as JSON: bytes as {"bin": hex}, maps as {"map": …}."""
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    if isinstance(value, Mapping):
        return {"map": {name: plain_json(item) for name, item in value.items()}}
    if isinstance(value, (bool, int, str)):
        return value
    return [plain_json(item) for item in value]


def value_of(value: Json) -> Value:
    """Return the canonical value that plain_json wrote."""
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Mapping):
        if "bin" in value:
            return Given(value).octets("bin")
        inner = value["map"]
        assert isinstance(inner, Mapping)
        return {name: value_of(item) for name, item in inner.items()}
    if value is None or isinstance(value, float):
        raise Misuse("ENC-3", "this value has no canonical form")
    return [value_of(item) for item in value]
