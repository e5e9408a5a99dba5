"""Notes on this relay's board, in the board's own order: an epoch, and a number within it."""

# ruff: noqa: S608  # only names of columns are put into a query; every value is bound

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from intentcast.ids import NoteId
from intentcast.units import UnixSeconds
from intentcastd.store.database import Connection, Database

_CHUNK: Final = 512
_SLICE: Final = 1024
_COLUMNS: Final = "id, tag, epoch, seq, lane, expires, effort, author, body, live"


@dataclass(frozen=True, slots=True)
class KeptNote:
    """One row: `body` is the whole note as it came, the rest is read off it once and kept beside it.

    Attributes:
        seq: where the board placed it.
        live: False once it was displaced from its lane.
    """

    id: NoteId
    tag: bytes
    epoch: int
    seq: int
    lane: int
    expires: UnixSeconds
    effort: int
    author: bytes
    body: bytes
    live: bool = True


def insert(connection: Connection, note: KeptNote) -> bool:
    """Keep a note; return whether it was not there yet."""
    connection.execute(
        f"INSERT INTO notes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        # A note that lost its lane and was posted again is there again, at its new place.
        "ON CONFLICT (id) DO UPDATE SET live = 1, epoch = excluded.epoch, seq = excluded.seq, lane = excluded.lane "
        "WHERE NOT live",
        (
            note.id, note.tag, note.epoch, note.seq, note.lane, note.expires, note.effort, note.author, note.body,
            int(note.live),
        ),
    )  # fmt: skip
    return bool(connection.changes())


def retire(connection: Connection, ids: Iterable[NoteId]) -> int:
    """Note that notes were displaced from their lanes; return how many were live."""
    count = 0
    for one in ids:
        connection.execute("UPDATE notes SET live = 0 WHERE id = ? AND live = 1", (one,))
        count += connection.changes()
    return count


def bodies(connection: Connection, ids: Iterable[NoteId]) -> list[bytes]:
    """Return the notes with these ids, in this order; one that is gone is left out."""
    rows = (connection.execute("SELECT body FROM notes WHERE id = ?", (one,)).fetchone() for one in ids)
    return [row[0] for row in rows if row]


def last_seq(connection: Connection) -> int:
    """Return the highest number that the board gave, over all epochs that are kept; 0 if there is none."""
    row = connection.execute("SELECT coalesce(max(seq), 0) FROM notes").fetchone()
    return int(row[0]) if row else 0


async def load_live(
    database: Database, now: UnixSeconds, *, displaced: bool = False, chunk: int = _CHUNK
) -> AsyncIterator[Sequence[KeptNote]]:
    """Yield the live notes that expire after `now`, in the order in which they came, at most `chunk` at a time.

    Args:
        displaced: also those that were displaced: they count in the board's order.
    """
    after = 0
    while True:
        last, notes = await database.read(partial(_chunk, now=now, after=after, most=chunk, displaced=displaced))
        if not notes:
            return
        yield notes
        after = last


def delete_expired(connection: Connection, before: UnixSeconds, most: int = _SLICE) -> int:
    """Forget at most `most` notes that expired at or before a time; return how many. Less than `most`: it is done."""
    connection.execute(
        "DELETE FROM notes WHERE row IN (SELECT row FROM notes WHERE expires <= ? LIMIT ?)", (before, most)
    )
    return connection.changes()


def _chunk(
    connection: Connection, now: UnixSeconds, after: int, most: int, displaced: bool
) -> tuple[int, list[KeptNote]]:
    rows = connection.execute(
        f"SELECT row, {_COLUMNS} FROM notes WHERE row > ? AND expires > ? AND (live OR ?) ORDER BY row LIMIT ?",
        (after, now, int(displaced), most),
    )
    last, notes = after, []
    for row, *columns, live in rows:
        last = row
        notes.append(_note(columns, bool(live)))
    return last, notes


def _note(columns: list[Any], live: bool) -> KeptNote:
    note, tag, epoch, seq, lane, expires, effort, author, body = columns
    return KeptNote(note, tag, epoch, seq, lane, expires, effort, author, body, live)
