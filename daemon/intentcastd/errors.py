"""The errors that a person may read: what happened and what to do next, with a stable code and an exit code.

Errors of the protocol (peers' bytes) are intentcast.errors; these are the daemon's own. Their text never holds content,
keys or a peer's address.
"""

from __future__ import annotations

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
