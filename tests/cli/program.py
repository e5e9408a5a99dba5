"""The program as people run it: a process of its own, against a daemon that is one too. What its tests share."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRETEND_DAEMON = Path(__file__).parent / "pretend_daemon.py"


@dataclass(frozen=True)
class Run:
    """What one command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> Any:
        return json.loads(self.err)


def environment(**more: str) -> dict[str, str]:
    """The environment of a command: nothing of whoever runs the tests decides."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "COLUMNS": "80", "TZ": "UTC", "PYTHONWARNINGS": "error::ResourceWarning", **more}


@dataclass(frozen=True)
class Program:
    """Runs commands on one profile."""

    home: Path

    def __call__(self, *arguments: str, stdin: str | None = None, **env: str) -> Run:
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            env=environment(**env),
            timeout=60,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "intentcastd.cli.main", "--home", str(self.home), *arguments]


def start(home: Path, *flags: str) -> "subprocess.Popen[bytes]":
    """Start the pretended daemon and return once it answers: it opens a pipe when it is ready by being asked for it."""
    process = subprocess.Popen([sys.executable, PRETEND_DAEMON, home, *flags], env=environment())
    ready = home / "ready.json"
    while not ready.exists():
        if process.poll() is not None:
            raise AssertionError("the pretended daemon did not start")
        os.sched_yield()
    return process
