"""What each exit code means: stable, documented in docs/commands.md, one file for all commands."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_RUNNING = 3
    NOT_FOUND = 4
    PROTECTED = 5
    NETWORK = 6
    TIMED_OUT = 7
    GONE = 8
    NOT_ALLOWED = 9
    CONFORMANCE = 10
    UNVERIFIED = 11
    PARTLY = 12
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


MEANING: dict[Exit, str] = {
    Exit.DONE: "done",
    Exit.FAILED: "failed for another reason; the message says which",
    Exit.USAGE: "the command was not understood",
    Exit.NOT_RUNNING: "the daemon is not running, or it ended meanwhile",
    Exit.NOT_FOUND: "what was named does not exist",
    Exit.PROTECTED: "refused by a rule that protects you",
    Exit.NETWORK: "no network is chosen, no relay answers, or a key did not match",
    Exit.TIMED_OUT: "timed out; what there is was printed",
    Exit.GONE: "what it stood on is gone: expired, closed, changed",
    Exit.NOT_ALLOWED: "not allowed, locked, or already running",
    Exit.CONFORMANCE: "conformance: a MUST failed",
    Exit.UNVERIFIED: "verification failed",
    Exit.PARTLY: "partly done: some rows had errors",
    Exit.INTERRUPTED: "interrupted (Ctrl-C)",
    Exit.READER_GONE: "whoever read the output went away",
    Exit.TERMINATED: "terminated",
}

_BY_WORD = {"privacy": Exit.PROTECTED, "network": Exit.NETWORK, "gone": Exit.GONE}
_BY_STATUS = {
    400: Exit.USAGE,
    401: Exit.NOT_ALLOWED,
    403: Exit.NOT_ALLOWED,
    404: Exit.NOT_FOUND,
    408: Exit.TIMED_OUT,
    409: Exit.GONE,
    413: Exit.USAGE,
    421: Exit.NOT_ALLOWED,
    422: Exit.USAGE,
    503: Exit.NETWORK,
}


def exit_of(status: int, code: str, said: int | None = None) -> int:
    """Return the exit code of a problem of the API.

    Args:
        status: of HTTP.
        code: the problem's words; the first one decides.
        said: the exit code that the daemon named itself.
    """
    if said is not None:
        return said
    return _BY_WORD.get(code.split(".", maxsplit=1)[0]) or _BY_STATUS.get(status, Exit.FAILED)
