"""How a command fails: what happened and why, what to do next, and the exit code."""

from __future__ import annotations

from intentcastd.cli.exits import Exit


class CommandFailed(Exception):
    """A command could not do what it was asked.

    Attributes:
        code: stable words for programs.
        message: what happened and why.
        hint: what to do next.
        exit: exit code.
    """

    def __init__(self, code: str, message: str, hint: str, exit: int = Exit.FAILED) -> None:
        super().__init__(f"{message} {hint}")
        self.code = code
        self.message = message
        self.hint = hint
        self.exit = exit


class ReaderGone(Exception):
    """Whoever read our output has closed it; no OSError, because click has its own mind about those."""


def not_running() -> CommandFailed:
    """Return the failure of every command that needs the daemon when there is none."""
    return CommandFailed(
        "daemon.not_running", "The daemon is not running.", "Start it with: intentcast up", Exit.NOT_RUNNING
    )


def went_away() -> CommandFailed:
    """Return the failure of a command whose daemon ended meanwhile."""
    return CommandFailed(
        "daemon.gone", "The daemon ended before it had answered.", "Start it again: intentcast up", Exit.NOT_RUNNING
    )
