"""One daemon per profile: two would write to one store and publish one RFP twice."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intentcastd.errors import IntentcastdError
from intentcastd.paths import PRIVATE_FILE

_ATTEMPTS = 100


class AlreadyRunning(IntentcastdError):
    """Another daemon has this profile.

    Attributes:
        pid: its process, 0 if it has not said so yet.
    """

    code = "already_running"
    exit = 9

    def __init__(self, path: Path, pid: int) -> None:
        who = f"a daemon (process {pid})" if pid else "a daemon"
        super().__init__(
            f"{who[0].upper()}{who[1:]} already has the profile in {path.parent}.",
            "Use that one, stop it first, or name another profile: --home DIR",
        )
        self.pid = pid


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Have a profile for oneself. The system lets go of it when the process ends, however it ends.

    Raises:
        AlreadyRunning: another daemon has it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        if not _locked(descriptor):
            raise AlreadyRunning(path, _pid_in(descriptor))
        _say(descriptor, str(os.getpid()))
        try:
            yield
        finally:
            # The file stays: whoever removes it may remove the lock of the next holder.
            _say(descriptor, "")
    finally:
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """Return the process that has a profile, 0 if it has not said so yet, None if nobody has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid_in(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _pid_in(descriptor):
                return False
            os.sched_yield()  # somebody who only asks who has it holds it for a blink
        else:
            return True
    return False


def _say(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode("ascii"), 0)


def _pid_in(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0)
    return int(text) if text.isdigit() else 0
