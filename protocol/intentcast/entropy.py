"""Where chance comes from: the core never draws, it asks an Entropy that its caller gives."""

from __future__ import annotations

from typing import Protocol

from intentcast.units import Seconds


class Entropy(Protocol):
    """A source of randomness. The daemon's is the operating system, a simulation's is seeded."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        ...

    def below(self, bound: int) -> int:
        """Return a whole number in [0, bound), each as likely."""
        ...

    def exponential(self, mean: float) -> Seconds:
        """Return a memoryless delay with this mean, 0 where the mean is 0."""
        ...
