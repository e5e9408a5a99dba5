"""Reading one untrusted map: each value is asked for by name and type, unknown keys are ignored (REC-1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeVar

from intentcast.encoding.canonical import Value
from intentcast.errors import Rejected

T = TypeVar("T")

# Unicode categories that hide or reorder what a person reads: control, format (bidi), surrogate, private, unassigned.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def is_plain_text(value: str) -> bool:
    """Tell whether a string is in NFC and has no control, format or unassigned characters (TXT-1)."""
    return unicodedata.is_normalized("NFC", value) and not any(unicodedata.category(c) in _HIDDEN for c in value)


class Fields:
    """A view on one map that a peer sent. Every method raises Rejected(rule) where the map breaks the layout.

    Relays read with `plain` off: which characters are hidden differs between versions of Unicode, and relays that
    refuse different things would fall apart into networks (TXT-2).
    """

    __slots__ = ("_map", "_plain", "_rule")

    def __init__(self, value: Value, rule: str, *, plain: bool = True) -> None:
        if not isinstance(value, dict):
            raise Rejected(rule, "a map is expected", "body")
        self._map = value
        self._rule = rule
        self._plain = plain

    def has(self, name: str) -> bool:
        return name in self._map

    def keys(self) -> frozenset[str]:
        return frozenset(self._map)

    def fail(self, name: str, wanted: str) -> Rejected:
        return Rejected(self._rule, f"{name} is not {wanted}", "body")

    def value(self, name: str) -> Value:
        if name not in self._map:
            raise Rejected(self._rule, f"{name} is missing", "body")
        return self._map[name]

    def integer(self, name: str, least: int, most: int) -> int:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fail(name, f"an integer from {least} to {most}")
        return value

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if not isinstance(value, bool):
            raise self.fail(name, "a bool")
        return value

    def binary(self, name: str, size: int | None = None) -> bytes:
        value = self.value(name)
        if not isinstance(value, bytes) or (size is not None and len(value) != size):
            raise self.fail(name, "bytes" if size is None else f"{size} bytes")
        return value

    def string(self, name: str, most: int) -> str:
        """A machine word: length in code points, 1 to `most`."""
        value = self.value(name)
        if not isinstance(value, str) or not 1 <= len(value) <= most:
            raise self.fail(name, f"a string of 1 to {most} characters")
        return value

    def text(self, name: str, most: int) -> str:
        """Words that a person reads: also NFC and free of hidden characters (TXT-1)."""
        value = self.string(name, most)
        if self._plain and not is_plain_text(value):
            raise Rejected("TXT-1", f"{name} has hidden characters or is not in NFC", "body")
        return value

    def items(self, name: str, least: int, most: int) -> list[Value]:
        value = self.value(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self.fail(name, f"an array of {least} to {most} items")
        return value

    def each(self, name: str, least: int, most: int, read: Callable[[Value], T]) -> tuple[T, ...]:
        return tuple(read(item) for item in self.items(name, least, most))

    def strings(self, name: str, least: int, most: int, length: int) -> tuple[str, ...]:
        def one(item: Value) -> str:
            if not isinstance(item, str) or not 1 <= len(item) <= length:
                raise self.fail(name, f"an array of strings of 1 to {length} characters")
            return item

        return self.each(name, least, most, one)

    def binaries(self, name: str, least: int, most: int, size: int | None) -> tuple[bytes, ...]:
        def one(item: Value) -> bytes:
            if not isinstance(item, bytes) or (size is not None and len(item) != size):
                raise self.fail(name, "an array of byte strings" + (f" of {size} bytes" if size else ""))
            return item

        return self.each(name, least, most, one)

    def integers(self, name: str, least: int, most: int, low: int, high: int) -> tuple[int, ...]:
        def one(item: Value) -> int:
            if isinstance(item, bool) or not isinstance(item, int) or not low <= item <= high:
                raise self.fail(name, f"an array of integers from {low} to {high}")
            return item

        return self.each(name, least, most, one)

    def fields(self, name: str) -> Fields:
        return Fields(self.value(name), self._rule, plain=self._plain)

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """Return `read(name)`, or None where the key is absent."""
        return read(name) if name in self._map else None
