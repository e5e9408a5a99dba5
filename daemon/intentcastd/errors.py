"""The errors that a person may read: what happened and what to do next, with a stable code and an exit code.

Errors of the protocol (peers' bytes) are intentcast.errors; these are the daemon's own. Their text never holds content,
keys or a peer's address.
"""

from __future__ import annotations

import errno
from typing import ClassVar


class IntentcastdError(Exception):
    """Something went wrong that a person can act on.

    Attributes:
        code: stable word for programs.
        exit: exit code of the command line that shows it.
        message: what happened and why.
        hint: what to do next.
    """

    code: ClassVar[str] = "failed"
    exit: ClassVar[int] = 1

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        self.hint = hint


class DiskFull(IntentcastdError):
    """There was no room for a file; the one that was there before is whole."""

    code = "store_full"


def refused_by_disk(error: BaseException) -> DiskFull | None:
    """Return the error of a full disk in words for a person; None if it is another one."""
    if isinstance(error, BaseExceptionGroup):
        return next((found for one in error.exceptions if (found := refused_by_disk(one))), None)
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return None
    what = f" for {error.filename}" if error.filename else ""
    return DiskFull(f"There is no room{what} on the disk.", "Make room on that disk, then try again.")
