"""Searching stamps in a thread, in slices: with progress, and cancellable between two slices."""

from __future__ import annotations

from collections.abc import Callable

import trio

from intentcast.crypto.stamp import search
from intentcast.entropy import Entropy
from intentcast.records.envelope import NOUNS, Unstamped

SLICE = 50_000
"""Tries between two looks at whether the caller still wants the stamp: about 50 ms."""


async def find_nonce(
    unstamped: Unstamped, entropy: Entropy, progress: Callable[[int], None] = lambda tries: None
) -> bytes:
    """Return a nonce that holds the work which the header commits to.

    Args:
        progress: told how many tries were made so far, after each slice.

    The search begins at a random number: one that always began at 0 would tell how long this machine took.
    """
    start = int.from_bytes(entropy.bytes(7), "big")
    noun, core, tries = NOUNS[unstamped.kind], unstamped.core, 0
    while True:
        nonce = await trio.to_thread.run_sync(search, noun, core, unstamped.effort, start + tries, SLICE)
        tries += SLICE
        if nonce is not None:
            return nonce
        progress(tries)
