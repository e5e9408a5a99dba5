"""Ed25519 by the formulas of RFC 8032, with every freedom that a hostile signer has. Slow, and for vectors only."""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, P - 2, P) % P
_ROOT = pow(2, (P - 1) // 4, P)

Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    """Add two points: the law is complete, so there are no special cases."""
    (x1, y1), (x2, y2) = one, other
    both = _D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + both, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - both, P - 2, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    result = IDENTITY
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def x_of(y: int, sign: int) -> int | None:
    """Return the x of this y whose lowest bit is `sign`, or None where y is on no point."""
    square = (y * y - 1) * pow(_D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * _ROOT % P
    if (x * x - square) % P:
        return None
    return x if x & 1 == sign else -x % P


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = x_of(_BASE_Y, 0)
assert _BASE_X is not None
BASE: Point = (_BASE_X, _BASE_Y)


def octets(number: int) -> bytes:
    return number.to_bytes(32, "little")


def encoded(point: Point) -> bytes:
    return octets(point[1] | (point[0] & 1) << 255)


def torsion() -> Point:
    """Return a point of order 8: what is left of some point when its large part is taken away."""
    y = 2
    while True:
        x = x_of(y, 0)
        found = times(L, (x, y)) if x is not None else IDENTITY
        if times(4, found) != IDENTITY:
            return found
        y += 1


def challenge(R: bytes, A: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(R + A + message).digest(), "little") % L


def secret_of(seed: bytes) -> int:
    """Return the scalar of a seed, as RFC 8032 clamps it."""
    half = bytearray(hashlib.sha512(seed).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    return int.from_bytes(half, "little")


def montgomery(point: Point) -> bytes:
    """Return the X25519 form of a point: what a program makes that converts keys."""
    return octets((1 + point[1]) * pow(1 - point[1], P - 2, P) % P)
