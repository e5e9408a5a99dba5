"""Starting a daemon that outlives this program, and waiting until it is ready or has failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.paths import PRIVATE_FILE, Home

READY_SECONDS = 30.0
_LOOK_SECONDS = 0.05
_LAST_LINES = 8
# Exit codes of the daemon that mean the same here.
_SAME = frozenset({Exit.USAGE, Exit.PROTECTED, Exit.NETWORK, Exit.NOT_ALLOWED})


def daemon_command(folder: Path | None) -> list[str]:
    """Return the command line of a daemon.

    Args:
        folder: what --home said; None: the usual profile.
    """
    return [sys.executable, "-m", "intentcastd.run", *(["--home", os.path.abspath(folder)] if folder else [])]


def first_words(home: Home) -> Path:
    """Return the file that takes what a daemon says before its log is open, and what it says when it fails."""
    return home.log_file.with_name("intentcastd.out")


def launch(home: Home, command: Sequence[str], seconds: float, waited: Callable[[float], None]) -> int:
    """Start a daemon in its own session, and return its process once it is ready.

    Args:
        waited: told every moment how many seconds have gone by.

    Raises:
        CommandFailed: it ended instead, with its last lines; or it takes too long.
    """
    from intentcastd import clock

    words = first_words(home)
    descriptor = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        # The session of its own keeps Ctrl-C and a closing terminal away from it; / lets file systems be unmounted.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=descriptor, stderr=descriptor, start_new_session=True, cwd="/"
        )
    finally:
        os.close(descriptor)
    begin = clock.stopwatch()
    while (gone := clock.stopwatch() - begin) < seconds:
        waited(gone)
        try:
            raise _ended(process.wait(_LOOK_SECONDS), words)
        except subprocess.TimeoutExpired:
            if _ready(home) == process.pid:
                # It runs on without us; told so, Popen does not complain about it.
                process.returncode = 0
                return process.pid
    process.returncode = 0
    raise CommandFailed(
        "daemon.slow",
        f"The daemon (process {process.pid}) was not ready within {seconds:.0f} seconds; it goes on starting.",
        f"Look again: intentcast status. Its words: {words}",
        Exit.TIMED_OUT,
    )


def _ready(home: Home) -> int | None:
    """Return the process that says in ready.json that it is ready."""
    try:
        pid = json.loads(home.ready_json.read_bytes())["pid"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return int(pid)


def _ended(code: int, words: Path) -> CommandFailed:
    try:
        lines = words.read_text("utf-8", "replace").split("\n")
    except OSError:
        lines = []
    said = " / ".join(_sentences(lines)[-_LAST_LINES:]) or "It said nothing that a person could read."
    return CommandFailed(
        "daemon.failed",
        f"The daemon ended with exit code {code}. {said}",
        f"All its words: {words}",
        code if code in _SAME else Exit.FAILED,
    )


def _sentences(lines: Sequence[str]) -> list[str]:
    """Return what was said to people: no line of a traceback, which stays in the file."""
    said, in_traceback = [], False
    for line in lines:
        text = line.strip()
        if text.lstrip("+| ").startswith(("Traceback (most recent call last)", "Exception Group Traceback")):
            in_traceback = True
        elif in_traceback and line[:1] not in ("", " ", "|", "+"):
            in_traceback = False  # the last line of a traceback: the error, in the words of Python
        elif text and not in_traceback:
            said.append(text)
    return said
