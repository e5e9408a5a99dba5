"""Envelopes that a relay keeps: what it spread, and what it holds back for a while as an exit."""

# ruff: noqa: S608  # only names of columns are put into a query; every value is bound

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from intentcast.ids import EnvelopeId
from intentcast.units import UnixSeconds
from intentcastd.store.database import Connection, Database

SPREAD: Final = 0
HELD: Final = 1
_CHUNK: Final = 512
_SLICE: Final = 1024
_COLUMNS: Final = "id, kind, author, expires, category, state, release_at, body"


@dataclass(frozen=True, slots=True)
class KeptEnvelope:
    """One row: `body` is the whole envelope as it came, the rest is read off it once and kept beside it.

    Attributes:
        state: SPREAD, or HELD until release_at.
    """

    id: EnvelopeId
    kind: int
    author: bytes
    expires: UnixSeconds
    category: str | None
    state: int
    release_at: UnixSeconds | None
    body: bytes


def insert_many(connection: Connection, envelopes: Iterable[KeptEnvelope]) -> list[EnvelopeId]:
    """Keep envelopes and return the ids of those that were not there yet."""
    new = []
    for one in envelopes:
        connection.execute(
            f"INSERT INTO envelopes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (one.id, one.kind, one.author, one.expires, one.category, one.state, one.release_at, one.body),
        )
        if connection.changes():
            new.append(one.id)
    return new


def mark_spread(connection: Connection, ids: Iterable[EnvelopeId]) -> int:
    """Note that held envelopes were handed on; return how many were still held."""
    count = 0
    for one in ids:
        connection.execute("UPDATE envelopes SET state = 0, release_at = NULL WHERE id = ? AND state = 1", (one,))
        count += connection.changes()
    return count


def get(connection: Connection, envelope: EnvelopeId) -> KeptEnvelope | None:
    """Return one envelope, if it is kept."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM envelopes WHERE id = ?", (envelope,)).fetchone()
    return KeptEnvelope(*row) if row else None


def count(connection: Connection) -> int:
    """Return how many envelopes are kept (LIM-42)."""
    row = connection.execute("SELECT count(*) FROM envelopes").fetchone()
    return int(row[0]) if row else 0


async def load_live(
    database: Database, now: UnixSeconds, chunk: int = _CHUNK
) -> AsyncGenerator[Sequence[KeptEnvelope]]:
    """Yield all envelopes that expire after `now`, in the order in which they came, at most `chunk` at a time.

    A relay keeps what has expired for CLOCK_SKEW_SECONDS more: it passes a `now` that lies so much earlier.
    """
    after = 0
    while True:
        last, envelopes = await database.read(partial(_chunk, now=now, after=after, most=chunk))
        if not envelopes:
            return
        yield envelopes
        after = last


def delete_expired(connection: Connection, before: UnixSeconds, most: int = _SLICE) -> int:
    """Forget at most `most` envelopes that expired at or before a time; return how many. Less than `most`: it is done."""
    connection.execute(
        "DELETE FROM envelopes WHERE row IN (SELECT row FROM envelopes WHERE expires <= ? LIMIT ?)", (before, most)
    )
    return connection.changes()


def _chunk(connection: Connection, now: UnixSeconds, after: int, most: int) -> tuple[int, list[KeptEnvelope]]:
    rows = connection.execute(
        f"SELECT row, {_COLUMNS} FROM envelopes WHERE row > ? AND expires > ? ORDER BY row LIMIT ?", (after, now, most)
    )
    last, envelopes = after, []
    for row, *columns in rows:
        last = row
        envelopes.append(KeptEnvelope(*columns))
    return last, envelopes
