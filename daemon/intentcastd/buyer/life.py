"""What is known of one RFP while it is carried, and what of its boards is read next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import trio

from intentcast.ids import RelayKey
from intentcast.limits import EPOCH_SECONDS
from intentcast.machines.circuit import Reader
from intentcast.records.head import shard_of
from intentcast.wire.frames import Reading, Visited
from intentcastd import clock
from intentcastd.buyer.inbox import Address
from intentcastd.store.rfps import StoredRfp

MOST_EPOCHS: Final = 16


@dataclass(slots=True)
class Life:
    """What is known of one RFP while it is carried.

    Attributes:
        cancel: ends the carrying; it is there before the stamp is.
        reader: judges the boards by all that came in all visits: one answer seldom holds a whole epoch.
        attempt: failures since the last visit that succeeded.
        visits: how often all that is there was read; each time the other exit is asked.
        rest: where the exit goes on with what did not fit into its last answer: epoch, and notes of it that were had.
    """

    row: StoredRfp
    address: Address
    envelope: bytes
    published: bool
    reader: Reader
    cancel: trio.CancelScope
    attempt: int = 0
    visits: int = 0
    rest: tuple[int, int] | None = None
    boards: dict[RelayKey, bool] = field(default_factory=dict)
    visit_open: bool = False


def last_epoch(row: StoredRfp) -> int:
    """Return the epoch up to which an RFP's shard is read: some drawn epochs after its end (BRD-18)."""
    return row.expires // EPOCH_SECONDS + row.late_epochs


def reading_of(life: Life, *, follow: bool) -> Reading:
    """Return what to read now: whole epochs from the first on, or what did not fit into the last answer (BRD-18)."""
    current = clock.unix_seconds() // EPOCH_SECONDS
    last = current if follow else min(current, last_epoch(life.row))
    first, after = max(life.row.first_epoch, last - MOST_EPOCHS + 1), 0
    if life.rest is not None and not follow and first <= life.rest[0] <= last:
        first, after = life.rest
    shard = shard_of(life.address.key, life.address.rfp.shard)
    return Reading(shard.bits, shard.prefix, tuple(range(first, last + 1)), after, life.address.rfp.boards, follow)


def go_on(life: Life, visited: Visited) -> None:
    """Ask the same exit for the rest next time; if there is none, the other exit for all of it."""
    life.rest = visited.next if visited.more else None
    life.visits += not visited.more
