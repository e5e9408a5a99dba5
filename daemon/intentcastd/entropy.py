"""Randomness of the operating system: the only door to `secrets`."""

from __future__ import annotations

import math
import secrets

from intentcast.units import Seconds

_FRACTION_BITS = 53  # what a float holds exactly


class SystemEntropy:
    """An Entropy (intentcast.entropy) that nobody can guess or repeat."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return secrets.token_bytes(count)

    def below(self, bound: int) -> int:
        """Return a whole number in [0, bound), each as likely."""
        return secrets.randbelow(bound)

    def exponential(self, mean: float) -> Seconds:
        """Return a memoryless delay with this mean, 0 where the mean is 0."""
        # In (0, 1], never 0: the logarithm of 0 has no value.
        fraction = (secrets.randbits(_FRACTION_BITS) + 1) / (1 << _FRACTION_BITS)
        return Seconds(-mean * math.log(fraction)) if mean else Seconds(0.0)
