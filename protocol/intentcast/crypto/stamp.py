"""Stamps: proof of work that a header commits to.

    core  = BLAKE2b(label "<kind>/work" + the signed part without its nonce)
    proof = BLAKE2b(label "<kind>/stamp" + core + nonce)

A stamp of n bits is a nonce whose proof begins with n zero bits. The signature covers the nonce, so nobody
but the author can stamp again.
"""

from __future__ import annotations

import hashlib

from intentcast.ids import HASH_BYTES, digest, label
from intentcast.units import Bits

NONCE_BYTES = 8


def core_of(noun: str, unstamped: bytes) -> bytes:
    """Return the 32 bytes that a stamp's nonce is tried against (STA-1)."""
    return digest(label(noun, "work"), unstamped)


def bits_of(noun: str, core: bytes, nonce: bytes) -> Bits:
    """Return how many leading zero bits this nonce's proof has (STA-2)."""
    proof = digest(label(noun, "stamp"), core, nonce)
    return Bits(HASH_BYTES * 8 - int.from_bytes(proof, "big").bit_length())


def search(noun: str, core: bytes, effort: int, start: int, tries: int) -> bytes | None:
    """Return the first nonce with enough work among `tries` nonces from `start`, or None.

    Args:
        start: first nonce as a number; nonces are 8 bytes, big-endian.

    A caller searches in slices, so that it can show progress and be cancelled.
    """
    if effort == 0:
        return start.to_bytes(NONCE_BYTES, "big")
    state = hashlib.blake2b(label(noun, "stamp") + core, digest_size=HASH_BYTES)
    whole, part = divmod(effort, 8)
    zeros, most = bytes(whole), 0x100 >> part
    for number in range(start, start + tries):
        nonce = number.to_bytes(NONCE_BYTES, "big")
        attempt = state.copy()
        attempt.update(nonce)
        proof = attempt.digest()
        if proof[:whole] == zeros and proof[whole] < most:
            return nonce
    return None
