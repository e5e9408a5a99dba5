"""What can go wrong with the store, said so that a person can act on it."""

from __future__ import annotations

from intentcastd.errors import IntentcastdError


class StoreError(IntentcastdError):
    """Any error of the store."""

    code = "store"


class StoreFull(StoreError):
    """There was no room; nothing of this write was kept, what was acknowledged before is safe."""

    code = "store_full"


class StoreBusy(StoreError):
    """Too many writes wait already; this one was not taken."""

    code = "store_busy"


class StoreClosed(StoreError):
    """The store is closing; this write was not taken."""

    code = "store_closed"


class StoreConflict(StoreError):
    """The row contradicts one that is there: the same id, or a row that it belongs to is missing."""

    code = "store_conflict"
    exit = 8


class StoreUnusable(StoreError):
    """The file cannot be relied on any more: the daemon stops and says so."""

    def again(self) -> StoreUnusable:
        """Return the same error to be raised elsewhere."""
        return type(self)(self.message, self.hint)


class StoreCorrupt(StoreUnusable):
    """The file is damaged."""

    code = "store_corrupt"


class StoreUnwritable(StoreUnusable):
    """The disk, or the rights on the file, refused; what the file holds now is not known for sure."""

    code = "store_unwritable"


class StoreNewer(StoreError):
    """The file was written by a later version of this program."""

    code = "store_newer"
    exit = 9


class WrongVaultKey(StoreError):
    """A sealed secret does not open: another key file, or the row was altered."""

    code = "wrong_vault_key"
    exit = 9
