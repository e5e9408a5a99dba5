"""Holding: what enters the network through this relay waits a memoryless time, then goes to one relay drawn afresh.

So neither the neighbours' clocks nor their order name the relay that an RFP came through.

Spec: 09 §6 (CIR-9..CIR-11)
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intentcast.entropy import Entropy
from intentcast.ids import EnvelopeId
from intentcast.machines.inputs import LinkId, Now
from intentcast.machines.market import Entry
from intentcast.records.envelope import CLOSE, RFP, Envelope
from intentcast.units import Instant, Seconds, UnixSeconds

HANDED_SECONDS = 20
"""A handed RFP that does not come back within this time is spread from here (CIR-11)."""


@dataclass(slots=True)
class Held:
    """One envelope that nobody is shown yet; `handed` once a relay was asked to spread it."""

    envelope: Envelope
    entry: Entry
    handed: bool = False


class Holding:
    """All that one relay holds."""

    def __init__(self, mean: int, entropy: Entropy) -> None:
        self._mean = mean
        self._entropy = entropy
        self._held: dict[EnvelopeId, Held] = {}
        self._rfp_of: dict[bytes, EnvelopeId] = {}
        self._releases: list[tuple[Instant, EnvelopeId]] = []

    def __contains__(self, item: object) -> bool:
        return item in self._held

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[EnvelopeId]:
        return iter(self._held)

    def draw(self, kind: int) -> Seconds | None:
        """Return how long to hold an envelope that enters; None for what is not held in this network."""
        if not self._mean or kind not in (RFP, CLOSE):
            return None
        # CIR-9: memoryless, so that how long it has been held tells nothing about when it came.
        return self._entropy.exponential(self._mean)

    def hold(self, envelope: Envelope, entry: Entry, until: Instant) -> None:
        """Hold an envelope that is on disk."""
        self._held[entry.id] = Held(envelope, entry)
        if entry.kind == RFP:
            self._rfp_of[entry.author] = entry.id
        heapq.heappush(self._releases, (until, entry.id))

    def later(self, item: EnvelopeId, now: Now) -> None:
        """Release something again after a while: it could not be written down that it was."""
        heapq.heappush(self._releases, (Instant(now.instant + HANDED_SECONDS), item))

    def get(self, item: EnvelopeId) -> Held | None:
        return self._held.get(item)

    def drop(self, item: EnvelopeId) -> None:
        """Hold something no more: it is shown, or over."""
        held = self._held.pop(item, None)
        if held is not None and self._rfp_of.get(held.entry.author) == item:
            del self._rfp_of[held.entry.author]

    def rfp_of(self, author: bytes) -> EnvelopeId | None:
        """The held RFP of an author: a key has one at a time, shown or not."""
        return self._rfp_of.get(author)

    def deadline(self) -> Instant | None:
        return self._releases[0][0] if self._releases else None

    def release(self, now: Now, links: Sequence[LinkId]) -> tuple[list[tuple[LinkId, Held]], list[Held]]:
        """Return what was held long enough.

        Args:
            links: relays that may be asked to spread it.

        Returns:
            What goes to which link (CIR-10), and what is to be spread from here, because no relay is there or the one
            that was asked did not do it (CIR-11).
        """
        handed: list[tuple[LinkId, Held]] = []
        alone: list[Held] = []
        while self._releases and self._releases[0][0] <= now.instant:
            _, item = heapq.heappop(self._releases)
            held = self._held.get(item)
            if held is None:
                continue
            if held.handed or not links:
                alone.append(held)
                continue
            held.handed = True
            handed.append((links[self._entropy.below(len(links))], held))
            heapq.heappush(self._releases, (Instant(now.instant + HANDED_SECONDS), item))
        return handed, alone


def held_until(hold: Seconds | None, now: Now) -> UnixSeconds | None:
    """Return the second until which the disk keeps an envelope as held: in memory the hold is exact."""
    return None if hold is None else UnixSeconds(now.wall + math.ceil(hold))
