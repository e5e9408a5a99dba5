"""The checks of the doctor. Each answers yes, no or not measured; a no says why it matters and what mends it."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from intentcastd.cli.failures import CommandFailed
from intentcastd.errors import IntentcastdError

if TYPE_CHECKING:
    from intentcastd.api.shapes import Status
    from intentcastd.paths import Home

Answer = Literal["yes", "no", "not measured"]

LEAST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 200 * 1024 * 1024
MOST_SKEW_SECONDS = 120
# This program was not written before: a clock that says so is wrong.
WRITTEN_AT = 1_790_000_000
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: what should be so.
        found: what is.
        fix: what to type or to do, where the answer is no.
    """

    name: str
    what: str
    answer: Answer
    found: str
    fix: str = ""


def _asked(name: str, what: str, good: bool, found: str, fix: str) -> Check:
    return Check(name, what, "yes" if good else "no", found, "" if good else fix)


def local_checks(home: Home) -> Iterator[Check]:
    """Yield what can be seen without the daemon."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield _asked("python", "Python is 3.11 or later", sys.version_info >= LEAST_PYTHON, python, "Install Python 3.11.")
    yield _specs()
    yield _private("home", "the profile is for you alone", home.root, 0o700)
    yield _private("key", "the key of the vault is for you alone", home.key_file, 0o600)
    yield _writable(home)
    yield _free(home)
    yield _clock()


def _specs() -> Check:
    from intentcastd import specs

    what = "the specification came with the program"
    try:
        return Check("specs", what, "yes", str(specs.folder()))
    except FileNotFoundError:
        return Check("specs", what, "no", "it is not there", "Install intentcast again from a wheel or a checkout.")


def _private(name: str, what: str, path: Path, mode: int) -> Check:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return Check(name, what, "not measured", f"{path} does not exist yet; the daemon makes it")
    except OSError as error:
        return Check(name, what, "no", f"{path}: {error.strerror}", f"Make it yours: chown {os.getuid()} {path}")
    if status.st_uid != os.getuid():
        return Check(name, what, "no", f"{path} belongs to another user", f"Make it yours: chown {os.getuid()} {path}")
    found = f"{path} has mode {stat.S_IMODE(status.st_mode):o}"
    return _asked(name, what, not status.st_mode & _OTHERS, found, f"chmod {mode:o} {path}")


def _writable(home: Home) -> Check:
    from intentcastd.paths import StoreMissing
    from intentcastd.store.health import problem_of

    what = "the store can be written"
    try:
        home.check_store()
    except StoreMissing as error:
        return Check("store", what, "no", error.message, error.hint)
    if not home.database.exists():
        return Check("store", what, "not measured", "there is no store yet")
    if problem := problem_of(home.database):
        return Check("store", what, "no", problem.message, problem.hint)
    good = os.access(home.database, os.R_OK | os.W_OK) and os.access(home.database.parent, os.W_OK)
    return _asked("store", what, good, str(home.database), f"chmod u+rw {home.database}")


def _free(home: Home) -> Check:
    from intentcastd.cli.words import size

    folder = next((path for path in (home.root, *home.root.parents) if path.is_dir()), Path("/"))
    free = shutil.disk_usage(folder).free
    return _asked("disk", "there is room on the disk", free >= LEAST_FREE_BYTES, f"{size(free)} free", "Make room.")


def _clock() -> Check:
    from intentcastd import clock
    from intentcastd.cli.words import moment

    now = clock.unix_seconds()
    return _asked("clock", "the clock is not in the past", now >= WRITTEN_AT, moment(now), "Set the clock.")


def daemon_checks(home: Home) -> Iterator[Check]:
    """Yield what the running daemon says, or that there is none."""
    from intentcastd.api.shapes import Status
    from intentcastd.cli.api_client import Api, listener, socket_of

    what = "the daemon is running"
    try:
        path = socket_of(home)
        pid = listener(path)
        if pid is None:
            yield Check("daemon", what, "no", f"nobody listens on {path}", "intentcast up")
            yield from _not_measured()
            return
        yield Check("daemon", what, "yes", f"process {pid}")
        yield _private("socket", "the daemon's socket is for you alone", path, 0o600)
        with Api(path) as api:
            status = api.get("/v1/status", Status)
    except (CommandFailed, IntentcastdError) as error:
        yield Check("daemon", what, "no", error.message, error.hint)
        yield from _not_measured()
        return
    yield from _from_status(status)


def _not_measured() -> Iterator[Check]:
    found = "the daemon says, and it does not answer"
    yield Check("network", "a network is chosen", "not measured", found)
    yield Check("relays", "relays can be reached", "not measured", found)
    yield Check("skew", "the clock agrees with others", "not measured", found)


def _from_status(status: Status) -> Iterator[Check]:
    joining = "intentcast up --join home --relay LINE"
    yield _asked(
        "network", "a network is chosen", bool(status.network), status.network or "none: nobody is contacted", joining
    )
    yield _relays(status)
    what = "the clock agrees with others"
    if status.clock_skew is None:
        yield Check("skew", what, "not measured", "no relay has told the time yet")
    else:
        good = abs(status.clock_skew) <= MOST_SKEW_SECONDS
        yield _asked("skew", what, good, f"{status.clock_skew:+d} s", "Set the clock by network time.")


def _relays(status: Status) -> Check:
    from intentcastd.cli.words import nearest_relay

    what = "relays can be reached"
    if status.buyer is not None and status.buyer.problem and not status.buyer.relays_known:
        fix = "Ask the relay's operator for the current line, then: intentcast up --relay LINE"
        return Check("relays", what, "no", status.buyer.problem, fix)
    if status.buyer is None or (status.buyer.guard_ok is None and not status.buyer.relays_known):
        return Check("relays", what, "not measured", "nobody was asked yet")
    found = f"{status.buyer.relays_known} known"
    if status.buyer.guard_ok is None:
        return Check("relays", what, "not measured", f"{found}; no visit yet")
    said = f"{found}; the {nearest_relay(status.network)} {'answers' if status.buyer.guard_ok else 'does not answer'}"
    return _asked("relays", what, status.buyer.guard_ok, said, "Add a relay: intentcast up --relay LINE")
