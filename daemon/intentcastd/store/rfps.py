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
from intentcastd.store.errors import StoreConflict
from intentcastd.store.sealed import Seal

KEEP_SECRETS_SECONDS: Final = 24 * 3600
KEY_BYTES: Final = 32
_COLUMNS: Final = (
    "local_id, id, created, need, body, expires, network, envelope, secrets IS NOT NULL, state, reason, exits, updated"
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


def insert_draft(connection: Connection, seal: Seal, draft: Draft) -> None:
    """Keep a draft.

    Raises:
        StoreConflict: (after the write) there is one with this local id.
    """
    connection.execute(
        "INSERT INTO rfps (local_id, created, need, body, expires, network, secrets, state, exits, updated) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        ),
    )


def set_signed(
    connection: Connection, local_id: str, rfp: EnvelopeId, envelope: bytes, state: str, now: UnixSeconds
) -> None:
    """Keep the signed envelope of a draft. The same bytes go out again after a crash, never other ones.

    Raises:
        StoreConflict: there is no such draft, or it has another envelope already.
    """
    connection.execute(
        "UPDATE rfps SET id = ?, envelope = ?, state = ?, reason = NULL, updated = ? "
        "WHERE local_id = ? AND (envelope IS NULL OR envelope = ?)",
        (rfp, envelope, state, now, local_id, envelope),
    )
    if not connection.changes():
        raise StoreConflict(
            f"The RFP {local_id} cannot be signed: it is gone, or it was signed already.",
            "Look at it first: its state says what happened.",
        )


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
    local_id, rfp, created, need, body, expires, network, envelope, has_secrets, state, reason, exits, updated = row
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
        exits=tuple(RelayKey(exits[at : at + KEY_BYTES]) for at in range(0, len(exits), KEY_BYTES)),
        updated=updated,
    )
