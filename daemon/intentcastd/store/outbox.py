"""A vendor's offers on their way to the boards: one per RFP, kept before it is posted, posted again as the same bytes."""

# ruff: noqa: S608  # only names of columns are put into a query; every value is bound

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from intentcast.ids import EnvelopeId
from intentcast.units import UnixSeconds
from intentcastd.store.database import Connection

WAITING: Final = "waiting"
_COLUMNS: Final = "rfp, note, boards, expires, state"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One row.

    Attributes:
        rfp: id of the RFP that it answers.
        note: the whole note.
        boards: relay key in hexadecimal -> state at that board.
        state: "waiting" while a board is still owed it; other words are the responder's.
    """

    rfp: EnvelopeId
    note: bytes
    boards: Mapping[str, str]
    expires: UnixSeconds
    state: str = WAITING


def insert(connection: Connection, outgoing: Outgoing) -> bool:
    """Keep an offer before it is posted; return False, and change nothing, if this RFP has one already."""
    connection.execute(
        f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (rfp) DO NOTHING",
        (outgoing.rfp, outgoing.note, json.dumps(dict(outgoing.boards)), outgoing.expires, outgoing.state),
    )
    return bool(connection.changes())


def has(connection: Connection, rfp: EnvelopeId) -> bool:
    """Tell whether this RFP was answered already."""
    return connection.execute("SELECT 1 FROM outbox WHERE rfp = ?", (rfp,)).fetchone() is not None


def get(connection: Connection, rfp: EnvelopeId) -> Outgoing | None:
    """Return the offer for one RFP."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM outbox WHERE rfp = ?", (rfp,)).fetchone()
    return _outgoing(row) if row else None


def in_state(connection: Connection, state: str, now: UnixSeconds) -> list[Outgoing]:
    """Return the offers in a state that have not expired, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = ? AND expires > ? ORDER BY row", (state, now)
    )
    return [_outgoing(row) for row in rows]


def set_board(connection: Connection, rfp: EnvelopeId, board: str, at_board: str) -> None:
    """Note what one board said."""
    connection.execute(
        "UPDATE outbox SET boards = json_set(boards, '$.' || json_quote(?), ?) WHERE rfp = ?", (board, at_board, rfp)
    )


def set_state(connection: Connection, rfp: EnvelopeId, state: str) -> bool:
    """Change the state of an offer; return whether it is there."""
    connection.execute("UPDATE outbox SET state = ? WHERE rfp = ?", (state, rfp))
    return bool(connection.changes())


def states(connection: Connection) -> dict[str, int]:
    """Return how many offers are in each state: for the vendor's status."""
    return dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state"))


def delete_expired(connection: Connection, before: UnixSeconds) -> int:
    """Forget offers that expired at or before a time; return how many.

    The RFP must have expired as well, or it would be answered a second time.
    """
    connection.execute("DELETE FROM outbox WHERE expires <= ?", (before,))
    return connection.changes()


def _outgoing(row: tuple[Any, ...]) -> Outgoing:
    rfp, note, boards, expires, state = row
    return Outgoing(rfp=rfp, note=note, boards=json.loads(boards), expires=expires, state=state)
