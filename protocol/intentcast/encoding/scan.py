"""A slow, exact reader of the canonical form: says which rule bytes break, and where each value lies.

The fast reader (canonical.py) asks it only about bytes that it has refused; the wire inspector uses it to
show byte ranges.
"""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.errors import Rejected
from intentcast.limits import MAX_ARRAY_ITEMS, MAX_DEPTH, MAX_INTEGER, MAX_MAP_ENTRIES

_UNSIGNED = {0xCC: (1, 0x80), 0xCD: (2, 0x100), 0xCE: (4, 0x1_0000), 0xCF: (8, 0x1_0000_0000)}
_SIGNED = {0xD0: (1, -0x20), 0xD1: (2, -0x80), 0xD2: (4, -0x8000), 0xD3: (8, -0x8000_0000)}
_BIN = {0xC4: (1, 0), 0xC5: (2, 0x100), 0xC6: (4, 0x1_0000)}
_STR = {0xD9: (1, 0x20), 0xDA: (2, 0x100), 0xDB: (4, 0x1_0000)}
_ARRAY = {0xDC: (2, 0x10), 0xDD: (4, 0x1_0000)}
_MAP = {0xDE: (2, 0x10), 0xDF: (4, 0x1_0000)}


@dataclass(frozen=True, slots=True)
class Node:
    """One value and where it lies: `start` its head, `content` the first byte after the head, `end` one past it."""

    kind: str
    value: bool | int | str | bytes | None
    start: int
    content: int
    end: int
    items: tuple[Node, ...] = ()
    keys: tuple[Node, ...] = ()


class _Scanner:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise Rejected("ENC-1", "the bytes end in the middle of a value")
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def length(self, sizes: tuple[int, int]) -> int:
        width, least = sizes
        count = int.from_bytes(self.take(width), "big")
        if count < least:
            raise Rejected("ENC-2", "a length is not in its shortest form")
        return count

    def value(self, depth: int) -> Node:
        start = self.at
        head = self.take(1)[0]
        if head <= 0x7F or head >= 0xE0:
            return Node("int", head if head <= 0x7F else head - 0x100, start, start, self.at)
        if head in (0xC2, 0xC3):
            return Node("bool", head == 0xC3, start, start, self.at)
        if head in _UNSIGNED or head in _SIGNED:
            return self.integer(head, start)
        if head in _BIN:
            return self.binary(self.length(_BIN[head]), start)
        if 0xA0 <= head <= 0xBF or head in _STR:
            return self.string(head & 0x1F if head <= 0xBF else self.length(_STR[head]), start)
        if 0x90 <= head <= 0x9F or head in _ARRAY:
            return self.array(head & 0x0F if head <= 0x9F else self.length(_ARRAY[head]), start, depth + 1)
        if 0x80 <= head <= 0x8F or head in _MAP:
            return self.map(head & 0x0F if head <= 0x8F else self.length(_MAP[head]), start, depth + 1)
        raise Rejected("ENC-3", "a type that the canonical form does not have (nil, float, ext or 0xc1)")

    def integer(self, head: int, start: int) -> Node:
        if head in _UNSIGNED:
            width, least = _UNSIGNED[head]
            number = int.from_bytes(self.take(width), "big")
            short = number >= least
        else:
            width, bound = _SIGNED[head]
            number = int.from_bytes(self.take(width), "big", signed=True)
            short = number < bound
        if not short:
            raise Rejected("ENC-2", "an integer is not in its shortest form")
        if abs(number) > MAX_INTEGER:
            raise Rejected("ENC-4", "an integer is beyond 2^53-1")
        return Node("int", number, start, start, self.at)

    def binary(self, count: int, start: int) -> Node:
        content = self.at
        return Node("bin", self.take(count), start, content, self.at)

    def string(self, count: int, start: int) -> Node:
        content = self.at
        try:
            text = self.take(count).decode("utf-8")
        except UnicodeDecodeError:
            raise Rejected("ENC-5", "a string is not UTF-8") from None
        return Node("str", text, start, content, self.at)

    def array(self, count: int, start: int, depth: int) -> Node:
        self.nested(count, MAX_ARRAY_ITEMS, depth)
        content = self.at
        items = tuple(self.value(depth) for _ in range(count))
        return Node("array", None, start, content, self.at, items)

    def map(self, count: int, start: int, depth: int) -> Node:
        self.nested(count, MAX_MAP_ENTRIES, depth)
        content = self.at
        keys: list[Node] = []
        items: list[Node] = []
        last: bytes | None = None
        for _ in range(count):
            key = self.value(depth)
            if not isinstance(key.value, str):
                raise Rejected("ENC-6", "a map key is not a string")
            name = key.value.encode("utf-8")
            if name == last:
                raise Rejected("ENC-8", "a map has one key twice")
            if last is not None and name < last:
                raise Rejected("ENC-7", "the keys of a map are not in order")
            last = name
            keys.append(key)
            items.append(self.value(depth))
        return Node("map", None, start, content, self.at, tuple(items), tuple(keys))

    @staticmethod
    def nested(count: int, most: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Rejected("ENC-9", "arrays and maps are nested too deeply")
        if count > most:
            raise Rejected("ENC-10", "an array or a map has too many entries")


def scan_untrusted(data: bytes, *, padded: bool = False) -> Node:
    """Read one value with its byte ranges.

    Args:
        data: bytes that a peer sent.
        padded: allow zero bytes after the value (PAD-2).

    Raises:
        Rejected: with the rule that the first fault breaks.

    Spec: 01 §2 (ENC-1..ENC-10), §4 (PAD-2)
    """
    scanner = _Scanner(data)
    node = scanner.value(0)
    rest = data[scanner.at :]
    if rest and not padded:
        raise Rejected("ENC-1", "bytes follow the value")
    if rest.strip(b"\0"):
        raise Rejected("PAD-2", "padding holds something other than zero bytes")
    return node
