"""Entropy that can be had again: for tests, vectors and simulations, never for keys of real people."""

from __future__ import annotations

import hashlib
import math

from intentcast.units import Seconds


class SeededEntropy:
    """BLAKE2b in counter mode over a seed: the same seed, the same draws."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode("utf-8")
        self._count = 0

    def bytes(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            self._count += 1
            block = self._count.to_bytes(8, "big")
            out += hashlib.blake2b(block, key=hashlib.blake2b(self._seed).digest(), digest_size=64).digest()
        return out[:count]

    def below(self, bound: int) -> int:
        size = (bound.bit_length() + 7) // 8
        limit = 256**size - 256**size % bound
        while True:
            number = int.from_bytes(self.bytes(size), "big")
            if number < limit:
                return number % bound

    def exponential(self, mean: float) -> Seconds:
        uniform = (int.from_bytes(self.bytes(7), "big") + 1) / (2**56 + 1)
        return Seconds(-mean * math.log(uniform))
