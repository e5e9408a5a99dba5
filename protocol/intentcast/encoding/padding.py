"""Size classes: how long something is must not tell what it holds."""

from __future__ import annotations

from intentcast.errors import Misuse


def size_class(needed: int, classes: tuple[int, ...]) -> int:
    """Return the smallest class, in bytes, that holds `needed` bytes.

    Raises:
        Misuse: it fits into no class.

    Spec: 01 §4 (PAD-1)
    """
    for size in classes:
        if needed <= size:
            return size
    raise Misuse("PAD-1", f"{needed} bytes fit into no size class (largest: {classes[-1]})")


def pad(data: bytes, size: int) -> bytes:
    """Return data with zero bytes behind it, `size` bytes in all (PAD-2)."""
    if len(data) > size:
        raise Misuse("PAD-1", "the data is larger than its size class")
    return data + bytes(size - len(data))
