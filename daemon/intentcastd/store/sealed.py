"""Secrets at rest: sealed under the vault's key, each bound to the one row and column that it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field

from intentcast.crypto.sealing import AT_REST_NONCE_BYTES, open_at_rest, seal_at_rest
from intentcast.entropy import Entropy
from intentcast.errors import Misuse
from intentcastd.store.errors import WrongVaultKey


@dataclass(frozen=True, slots=True)
class Seal:
    """Closes and opens what only this profile may read.

    Attributes:
        key: the vault's key, 32 bytes (Home.vault_key).
        entropy: draws the 24-byte nonces, which are too long to come twice.
    """

    key: bytes = field(repr=False)
    entropy: Entropy = field(repr=False)

    def close(self, plaintext: bytes, column: str, row: str) -> bytes:
        """Return plaintext sealed for one place.

        Args:
            column: table and column, such as "rfps.need".
            row: what tells the row from all others of the table and never changes.
        """
        return seal_at_rest(self.key, self.entropy.bytes(AT_REST_NONCE_BYTES), plaintext, _context(column, row))

    def open(self, sealed: bytes, column: str, row: str) -> bytes:
        """Return what was sealed for this place.

        Raises:
            WrongVaultKey: another key, another row, or altered bytes.
        """
        try:
            return open_at_rest(self.key, sealed, _context(column, row))
        except Misuse:
            raise WrongVaultKey(
                f"A secret in {column} does not open with this profile's vault key.",
                "Put the key file that belongs to this store back from a backup.",
            ) from None


def _context(column: str, row: str) -> bytes:
    # Columns hold no zero byte, so two places never read as one.
    return b"intentcast/1/store/row\0" + column.encode("ascii") + b"\0" + row.encode("utf-8")
