"""What a stamp must hold: priced by network, kind, size class and life (STA-3).

Spec: 02 §6, registry limits.json (efforts)
"""

from __future__ import annotations

from intentcast.limits import EFFORT_OF_KIND, MAX_EFFORT_BITS, WEEK_SECONDS
from intentcast.networks import Network
from intentcast.records.envelope import NOUNS


def price(network: Network, noun: str, size: int, life: int) -> int:
    """Return the bits that a stamp must hold.

    Args:
        noun: rfp, close, relay, vendor, note_a or note_b.
        size: the envelope's size class in bytes.
        life: seconds from now to its expiry.

    Spec: 02 §6 (STA-3)
    """
    bits = network.base_effort_bits + EFFORT_OF_KIND[noun] + max(0, (size // 1024).bit_length() - 1)
    return max(0, min(MAX_EFFORT_BITS, bits + (1 if life > WEEK_SECONDS else 0)))


def price_of_kind(network: Network, kind: int, size: int, life: int) -> int:
    """Return the price of a public envelope by its kind's number."""
    return price(network, NOUNS[kind], size, life)
