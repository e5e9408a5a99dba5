"""Offers that came for the buyer's RFPs, and how many were refused for which reason.

What an offer says is sealed, and so is what the list is sorted by: prices tell much about a person.
"""

# ruff: noqa: S608  # only names of columns are put into a query; every value is bound

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from intentcast.ids import NoteId
from intentcast.units import UnixSeconds
from intentcastd.store.database import Connection
from intentcastd.store.sealed import Seal

_COLUMNS: Final = "id, rfp, note, vendor, received, valid_until, body, rank, state"


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """One row.

    Attributes:
        id: of the message inside the note.
        rfp: local id of the RFP.
        note: id of the note that carried it.
        vendor: Ed25519 key that signed it.
        body: the signed message as it was opened.
        rank: what the buyer's room sorts by, as JSON.
    """

    id: bytes
    rfp: str
    note: NoteId
    vendor: bytes
    received: UnixSeconds
    valid_until: UnixSeconds
    body: bytes
    rank: str
    state: str


def insert(connection: Connection, seal: Seal, offer: StoredOffer) -> bool:
    """Keep an offer; return whether it was not there yet.

    Raises:
        StoreConflict: (after the write) there is no such RFP.
    """
    connection.execute(
        f"INSERT INTO offers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            offer.id,
            offer.rfp,
            offer.note,
            offer.vendor,
            offer.received,
            offer.valid_until,
            seal.close(offer.body, "offers.body", offer.id.hex()),
            seal.close(offer.rank.encode("utf-8"), "offers.rank", offer.id.hex()),
            offer.state,
        ),
    )
    return bool(connection.changes())


def list_for(connection: Connection, seal: Seal, rfp: str) -> list[StoredOffer]:
    """Return the offers for one RFP in the order in which they came."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM offers WHERE rfp = ? ORDER BY row", (rfp,))
    return [_stored(row, seal) for row in rows]


def get(connection: Connection, seal: Seal, offer: bytes) -> StoredOffer | None:
    """Return one offer."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM offers WHERE id = ?", (offer,)).fetchone()
    return _stored(row, seal) if row else None


def counts(connection: Connection) -> dict[str, int]:
    """Return how many offers each RFP has, by local id: for the list of RFPs."""
    return dict(connection.execute("SELECT rfp, count(*) FROM offers GROUP BY rfp"))


def set_state(connection: Connection, offer: bytes, state: str) -> bool:
    """Change the state of an offer; return whether it is there."""
    connection.execute("UPDATE offers SET state = ? WHERE id = ?", (state, offer))
    return bool(connection.changes())


def has_note(connection: Connection, note: NoteId) -> bool:
    """Tell whether the offer in this note is kept already."""
    return connection.execute("SELECT 1 FROM offers WHERE note = ?", (note,)).fetchone() is not None


def refuse(connection: Connection, rfp: str, reason: str) -> None:
    """Count one more note that was dropped unseen.

    Args:
        reason: id of the rule that it broke, or a word.
    """
    connection.execute(
        "INSERT INTO refused (rfp, reason, count) VALUES (?, ?, 1) "
        "ON CONFLICT (rfp, reason) DO UPDATE SET count = count + 1",
        (rfp, reason),
    )


def refused(connection: Connection, rfp: str) -> dict[str, int]:
    """Return how many notes for an RFP were dropped, by reason."""
    return dict(connection.execute("SELECT reason, count FROM refused WHERE rfp = ? ORDER BY reason", (rfp,)))


def _stored(row: tuple[Any, ...], seal: Seal) -> StoredOffer:
    offer, rfp, note, vendor, received, valid_until, body, rank, state = row
    return StoredOffer(
        id=offer,
        rfp=rfp,
        note=note,
        vendor=vendor,
        received=received,
        valid_until=valid_until,
        body=seal.open(body, "offers.body", offer.hex()),
        rank=seal.open(rank, "offers.rank", offer.hex()).decode("utf-8"),
        state=state,
    )
