"""Many envelopes in few frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intentcast.limits import GIVE_BATCH_ENVELOPES, MAX_FRAME_BYTES, READ_BATCH_BYTES
from intentcast.wire.frames import Give

_BESIDE_ENVELOPES = 64
"""What a give frame holds besides its envelopes, at most, in bytes."""


def give_batches(envelopes: Sequence[bytes]) -> Iterator[Give]:
    """Yield give frames that hold these envelopes in order: as few as number and size allow (FRM-7)."""
    batch: list[bytes] = []
    size = _BESIDE_ENVELOPES
    for envelope in envelopes:
        added = len(envelope) + 3
        if batch and (len(batch) == GIVE_BATCH_ENVELOPES or size + added > MAX_FRAME_BYTES):
            yield Give(tuple(batch))
            batch, size = [], _BESIDE_ENVELOPES
        batch.append(envelope)
        size += added
    if batch:
        yield Give(tuple(batch))


def note_parts(notes: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Yield notes in groups that fit into one notes frame (LIM-45)."""
    part: list[bytes] = []
    size = 0
    for note in notes:
        if part and size + len(note) > READ_BATCH_BYTES:
            yield tuple(part)
            part, size = [], 0
        part.append(note)
        size += len(note) + 3
    if part:
        yield tuple(part)
