"""The buyer's RFPs: the vault's rows. A row is there before anything leaves, so a crash loses nothing.

The need and the secret keys are sealed. The keys are erased a day after the RFP expired: nothing that was sent to them can
be opened after that, by anybody.
"""

# ruff: noqa: S608  # only names of columns are put into a query; every value is bound

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from intentcast.ids import EnvelopeId, NetworkId, RelayKey
from intentcast.units import UnixSeconds
from intentcastd.store.database import Connection
from intentcastd.store.sealed import Seal

KEEP_SECRETS_SECONDS: Final = 24 * 3600
KEY_BYTES: Final = 32
STAMPING: Final = "stamping"
CLOSING: Final = "closing"
"""Closed for the person; the network has not been told yet."""

CLOSED: Final = "closed"
OVER: Final = (CLOSED, "expired", "failed")
_COLUMNS: Final = (
    "local_id, id, created, need, body, expires, network, envelope, secrets IS NOT NULL, state, reason, exits, updated, "
    "first_epoch, late_epochs, closing"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys of one RFP: an Ed25519 seed that signs, an X25519 secret that opens."""

    seed: bytes = field(repr=False)
    box: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """An RFP that the person has not said yes to yet, or has this moment.

    Attributes:
        local_id: how the person's side calls it; never on the wire.
        need: what the person has in mind, as JSON; never leaves.
        body: the very bytes that will go out.
        first_epoch: from which epoch on its shard is read.
        late_epochs: how many epochs after its end its shard is still read.
    """

    local_id: str
    created: UnixSeconds
    need: str
    body: bytes
    expires: UnixSeconds
    network: NetworkId
    secrets: Secrets
    state: str
    exits: tuple[RelayKey, ...] = ()
    first_epoch: int = 0
    late_epochs: int = 0


@dataclass(frozen=True, slots=True)
class StoredRfp:
    """One row. The secrets are read by themselves (`secrets_of`), where they are needed."""

    local_id: str
    id: EnvelopeId | None
    created: UnixSeconds
    need: str
    body: bytes
    expires: UnixSeconds
    network: NetworkId
    envelope: bytes | None
    has_secrets: bool
    state: str
    reason: str | None
    exits: tuple[RelayKey, ...]
    updated: UnixSeconds
    first_epoch: int = 0
    late_epochs: int = 0
    closing: bytes | None = None


def insert_draft(connection: Connection, seal: Seal, draft: Draft) -> None:
    """Keep a draft.

    Raises:
        StoreConflict: (after the write) there is one with this local id.
    """
    connection.execute(
        "INSERT INTO rfps (local_id, created, need, body, expires, network, secrets, state, exits, updated, "
        "first_epoch, late_epochs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.local_id,
            draft.created,
            seal.close(draft.need.encode("utf-8"), "rfps.need", draft.local_id),
            draft.body,
            draft.expires,
            draft.network,
            seal.close(draft.secrets.seed + draft.secrets.box, "rfps.secrets", draft.local_id),
            draft.state,
            b"".join(draft.exits),
            draft.created,
            draft.first_epoch,
            draft.late_epochs,
        ),
    )


def set_signed(
    connection: Connection, local_id: str, rfp: EnvelopeId, envelope: bytes, state: str, now: UnixSeconds
) -> bool:
    """Keep the signed envelope of an RFP that is being stamped; return whether it was: one that was closed stays closed.

    The same bytes go out again after a crash, never other ones.
    """
    connection.execute(
        "UPDATE rfps SET id = ?, envelope = ?, state = ?, reason = NULL, updated = ? WHERE local_id = ? AND state = ?",
        (rfp, envelope, state, now, local_id, STAMPING),
    )
    return bool(connection.changes())


def set_closing(
    connection: Connection, local_id: str, closing: bytes, now: UnixSeconds, reason: str, among: Iterable[str]
) -> bool:
    """Keep the signed close of an RFP that has left; return whether it was open. The same bytes go out after a crash."""
    if not set_state(connection, local_id, CLOSING, now, reason, among):
        return False
    connection.execute("UPDATE rfps SET closing = ? WHERE local_id = ?", (closing, local_id))
    return True


def set_closed(connection: Connection, local_id: str) -> None:
    """Note that the network was told of a close, or need not be any more. When and why it was closed stays."""
    connection.execute(
        "UPDATE rfps SET state = ?, closing = NULL WHERE local_id = ? AND state = ?", (CLOSED, local_id, CLOSING)
    )


def live_exits(connection: Connection) -> set[RelayKey]:
    """Return the exits of all RFPs that are not over."""
    rows = connection.execute(f"SELECT exits FROM rfps WHERE state NOT IN ({', '.join('?' * len(OVER))})", OVER)
    return {key for [exits] in rows for key in _keys_in(exits)}


def last_number(connection: Connection) -> int:
    """Return the highest number in a local id (r1, r2, ...), 0 if there is none; nothing is unsealed for it."""
    [[last]] = connection.execute("SELECT MAX(CAST(substr(local_id, 2) AS INTEGER)) FROM rfps").fetchall()
    return int(last or 0)


def set_state(
    connection: Connection,
    local_id: str,
    state: str,
    now: UnixSeconds,
    reason: str | None = None,
    among: Iterable[str] | None = None,
) -> bool:
    """Change the state of an RFP; return whether it was changed.

    Args:
        among: change it only from one of these states, so that two who act at once cannot both succeed.
    """
    allowed = None if among is None else tuple(among)
    where = "" if allowed is None else f" AND state IN ({', '.join('?' * len(allowed))})"
    connection.execute(
        f"UPDATE rfps SET state = ?, reason = ?, updated = ? WHERE local_id = ?{where}",
        (state, reason, now, local_id, *(allowed or ())),
    )
    return bool(connection.changes())


def set_exits(connection: Connection, local_id: str, exits: Iterable[RelayKey]) -> None:
    """Keep which exits were drawn for the life of an RFP."""
    connection.execute("UPDATE rfps SET exits = ? WHERE local_id = ?", (b"".join(exits), local_id))


def get(connection: Connection, seal: Seal, local_id: str) -> StoredRfp | None:
    """Return one RFP by the person's name for it."""
    return _one(connection, seal, "local_id = ?", local_id)


def get_by_id(connection: Connection, seal: Seal, rfp: EnvelopeId) -> StoredRfp | None:
    """Return one RFP by its id on the wire."""
    return _one(connection, seal, "id = ?", rfp)


def list_all(connection: Connection, seal: Seal, states: Iterable[str] | None = None) -> list[StoredRfp]:
    """Return the RFPs in these states, or all, newest first."""
    wanted = None if states is None else tuple(states)
    where = "" if wanted is None else f"WHERE state IN ({', '.join('?' * len(wanted))})"
    rows = connection.execute(f"SELECT {_COLUMNS} FROM rfps {where} ORDER BY row DESC", wanted or ())
    return [_stored(row, seal) for row in rows]


def secrets_of(connection: Connection, seal: Seal, local_id: str) -> Secrets | None:
    """Return the keys of an RFP, None once they were erased or if there is no such RFP."""
    row = connection.execute("SELECT secrets FROM rfps WHERE local_id = ?", (local_id,)).fetchone()
    if row is None or row[0] is None:
        return None
    keys = seal.open(row[0], "rfps.secrets", local_id)
    return Secrets(seed=keys[:KEY_BYTES], box=keys[KEY_BYTES:])


def erase_due(connection: Connection, now: UnixSeconds) -> list[str]:
    """Erase the keys of RFPs that expired a day ago; return their local ids. Write it with scrub=True."""
    due = [
        row[0]
        for row in connection.execute(
            "SELECT local_id FROM rfps WHERE secrets IS NOT NULL AND expires <= ?", (now - KEEP_SECRETS_SECONDS,)
        )
    ]
    for local_id in due:
        connection.execute("UPDATE rfps SET secrets = NULL, updated = ? WHERE local_id = ?", (now, local_id))
    return due


def delete(connection: Connection, local_id: str) -> bool:
    """Forget an RFP with its offers; return whether it was there."""
    connection.execute("DELETE FROM rfps WHERE local_id = ?", (local_id,))
    return bool(connection.changes())


def _one(connection: Connection, seal: Seal, where: str, value: str | bytes) -> StoredRfp | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM rfps WHERE {where}", (value,)).fetchone()
    return _stored(row, seal) if row else None


def _stored(row: tuple[Any, ...], seal: Seal) -> StoredRfp:
    (
        local_id,
        rfp,
        created,
        need,
        body,
        expires,
        network,
        envelope,
        has_secrets,
        state,
        reason,
        exits,
        updated,
        *more,
    ) = row
    first_epoch, late_epochs, closing = more
    return StoredRfp(
        local_id=local_id,
        id=rfp,
        created=created,
        need=seal.open(need, "rfps.need", local_id).decode("utf-8"),
        body=body,
        expires=expires,
        network=network,
        envelope=envelope,
        has_secrets=bool(has_secrets),
        state=state,
        reason=reason,
        exits=_keys_in(exits),
        updated=updated,
        first_epoch=first_epoch,
        late_epochs=late_epochs,
        closing=closing,
    )


def _keys_in(exits: bytes) -> tuple[RelayKey, ...]:
    return tuple(RelayKey(exits[at : at + KEY_BYTES]) for at in range(0, len(exits), KEY_BYTES))
