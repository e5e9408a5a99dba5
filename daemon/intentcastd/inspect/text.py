"""The tree as text: one line a value, with its byte range in hexadecimal."""

from __future__ import annotations

from collections.abc import Iterator

from intentcastd.inspect.parts import Decoded, Part

_LONGEST_HEX = 32
_WORD = {"accept": "ACCEPT", "ignore": "IGNORE", "reject": "REJECT"}


def lines(decoded: Decoded) -> Iterator[str]:
    """Yield the lines of a decoded record, the verdict last."""
    if decoded.tree is not None:
        yield from _part(decoded.tree, 0)
        yield ""
    rule = f" {decoded.rule}" if decoded.rule else ""
    yield f"{_WORD[decoded.verdict]}{rule}: {decoded.reason}."


def _part(part: Part, depth: int) -> Iterator[str]:
    mark = "~" if part.sealed else " "
    value = part.value if part.kind not in ("bin", "bytes") else _short(part.value)
    pieces = [part.name, value, f"({part.note})" if part.note else "", " ".join(part.rules)]
    yield f"{mark}{part.start:04x}-{part.end:04x}  {'  ' * depth}{'  '.join(piece for piece in pieces if piece)}"
    for inner in part.parts:
        yield from _part(inner, depth + 1)


def _short(digits: str) -> str:
    if len(digits) <= _LONGEST_HEX:
        return digits or "no bytes"
    return f"{digits[:16]}…{digits[-8:]} ({len(digits) // 2} bytes)"
