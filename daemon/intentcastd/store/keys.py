"""Long-lived secrets of this profile by name, sealed: the relay's seed, the vendor's seed, the guard's card."""

from __future__ import annotations

from intentcastd.store.database import Connection
from intentcastd.store.sealed import Seal

SECRET_BYTES = 32


def get_or_create(connection: Connection, seal: Seal, name: str, size: int = SECRET_BYTES) -> bytes:
    """Return the secret of this name; draw it the first time.

    Raises:
        WrongVaultKey: it was sealed under another vault key.
    """
    secret = get(connection, seal, name)
    if secret is None:
        secret = seal.entropy.bytes(size)
        connection.execute(
            "INSERT INTO keys (name, secret) VALUES (?, ?)", (name, seal.close(secret, "keys.secret", name))
        )
    return secret


def get(connection: Connection, seal: Seal, name: str) -> bytes | None:
    """Return the secret of this name, None if it was never made.

    Raises:
        WrongVaultKey: it was sealed under another vault key.
    """
    row = connection.execute("SELECT secret FROM keys WHERE name = ?", (name,)).fetchone()
    return seal.open(row[0], "keys.secret", name) if row else None


def put(connection: Connection, seal: Seal, name: str, secret: bytes) -> None:
    """Keep a secret under a name, in place of what was there."""
    connection.execute(
        "INSERT INTO keys (name, secret) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET secret = excluded.secret",
        (name, seal.close(secret, "keys.secret", name)),
    )


def erase(connection: Connection, name: str) -> bool:
    """Erase a secret; return whether it was there. Write it with scrub=True."""
    connection.execute("DELETE FROM keys WHERE name = ?", (name,))
    return bool(connection.changes())
