"""The canonical MessagePack subset: one value, one sequence of bytes. The only door to msgpack.

A reader decodes with caps, checks types, encodes again and demands equal bytes; what fails is read once more
by scan.py, which knows the rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeGuard

import msgpack

from intentcast.encoding.scan import scan_untrusted
from intentcast.errors import Misuse, Rejected
from intentcast.limits import MAX_ARRAY_ITEMS, MAX_DEPTH, MAX_FRAME_BYTES, MAX_INTEGER, MAX_MAP_ENTRIES

Value: TypeAlias = "bool | int | str | bytes | list[Value] | dict[str, Value]"
"""What a reader gets."""

Tree: TypeAlias = "bool | int | str | bytes | Sequence[Tree] | Mapping[str, Tree]"
"""What a writer may give: the same, of lists and dicts."""

_PACK = msgpack.Packer(use_bin_type=True, autoreset=True)
_LEAVES = frozenset({str, bytes, bool})


class _NotCanonical(Exception):
    """The walk met something that the canonical form does not have."""


def encode(value: Tree) -> bytes:
    """Return the canonical bytes of a value.

    Raises:
        Misuse: the value has a type, size, depth or integer that the canonical form does not have.

    Spec: 01 §2 (ENC-2..ENC-10)
    """
    try:
        return bytes(_PACK.pack(_ordered(value, 0)))
    except (_NotCanonical, UnicodeEncodeError) as error:
        raise Misuse("ENC-3", f"this value has no canonical form: {error}") from None


def decode_untrusted(data: bytes) -> Value:
    """Return the one value that these bytes hold.

    Raises:
        Rejected: the bytes are not canonical.

    Spec: 01 §2 (ENC-1..ENC-10)
    """
    return _decode(data, padded=False)


def decode_padded_untrusted(data: bytes) -> Value:
    """Return the value at the start of bytes that may end in zero bytes.

    Raises:
        Rejected: the value is not canonical, or something other than zero bytes follows it.

    Spec: 01 §4 (PAD-2)
    """
    return _decode(data, padded=True)


def _decode(data: bytes, *, padded: bool) -> Value:
    try:
        value = _unpack(data)
        if _is_canonical(value, 0):
            canonical = bytes(_PACK.pack(value))
            if data == (canonical.ljust(len(data), b"\0") if padded else canonical):
                return value
    except (ValueError, _NotCanonical, msgpack.UnpackException, UnicodeError, RecursionError):
        pass
    scan_untrusted(data, padded=padded)
    # The two readers are tested to agree; if ever they do not, the strict answer stands.
    raise Rejected("ENC-2", "the bytes are not in canonical form")


def _unpack(data: bytes) -> object:
    """Return the first value; what follows it is not looked at."""
    unpacker = msgpack.Unpacker(
        raw=False,
        strict_map_key=True,
        max_buffer_size=MAX_FRAME_BYTES,
        max_array_len=MAX_ARRAY_ITEMS,
        max_map_len=MAX_MAP_ENTRIES,
        max_ext_len=0,
    )
    unpacker.feed(data)
    value: object = unpacker.unpack()
    return value


def _is_canonical(value: object, depth: int) -> TypeGuard[Value]:
    """Tell whether what was unpacked has canonical types, integers, depth and order of keys.

    One pass that builds nothing, for relays read the body of every RFP that passes. What was not in its shortest form,
    and a key that came twice, shows when the value is packed again; the unpacker has counted the items.
    """
    if type(value) is int:
        return -MAX_INTEGER <= value <= MAX_INTEGER
    if type(value) in _LEAVES:
        return True
    if depth == MAX_DEPTH:
        return False
    if type(value) is list:
        for item in value:  # noqa: SIM110  # a generator takes twice as long
            if type(item) not in _LEAVES and not _is_canonical(item, depth + 1):
                return False
        return True
    return type(value) is dict and _is_canonical_map(value, depth)


def _is_canonical_map(value: Mapping[object, object], depth: int) -> bool:
    last = ""
    for key, item in value.items():
        # Python orders strings by code point, which is the order of their UTF-8 bytes.
        if type(key) is not str or key < last:
            return False
        if type(item) not in _LEAVES and not _is_canonical(item, depth + 1):
            return False
        last = key
    return True


def _ordered(value: object, depth: int) -> Value:
    """Return the same value with every map's keys in order, or raise where it has no canonical form."""
    kind = type(value)
    if kind is int:
        assert isinstance(value, int)
        if -MAX_INTEGER <= value <= MAX_INTEGER:
            return value
        raise _NotCanonical("an integer is beyond 2^53-1")
    if isinstance(value, (str, bytes, bool)):
        return value
    if depth >= MAX_DEPTH:
        raise _NotCanonical("nested too deeply")
    if isinstance(value, list):
        if len(value) > MAX_ARRAY_ITEMS:
            raise _NotCanonical("an array has too many items")
        return [_ordered(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if len(value) > MAX_MAP_ENTRIES:
            raise _NotCanonical("a map has too many entries")
        # Python orders strings by code point, which is the order of their UTF-8 bytes.
        keys = sorted(_key(key) for key in value)
        return {key: _ordered(value[key], depth + 1) for key in keys}
    raise _NotCanonical(f"type {kind.__name__}")


def _key(key: object) -> str:
    if type(key) is str:
        return key
    raise _NotCanonical("a map key is not a string")
