"""The programs of a measurement: started, told what to do line by line, watched through /proc, ended."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
END_SECONDS = 20.0


class ProgramEnded(Exception):
    """A program ended while it was still needed."""


class Program:
    """One Python program. What it says in lines on standard output is its answers."""

    def __init__(self, process: subprocess.Popen[str], name: str) -> None:
        self._process = process
        self._name = name

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raise if it ended."""
        if self._process.poll() is not None:
            raise ProgramEnded(f"{self._name} ended with exit code {self._process.returncode}")

    def tell(self, line: str) -> None:
        """Give it a line to act on."""
        assert self._process.stdin is not None
        try:
            print(line, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise ProgramEnded(f"{self._name} ended") from None

    def hear(self) -> str:
        """Wait for its next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ProgramEnded(f"{self._name} ended")
        return line.strip()


@contextmanager
def running(module: str, arguments: Sequence[str]) -> Iterator[Program]:
    """Run a module as a program until the block ends. No setting of the caller's profile reaches it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTENTCAST_")}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Program(process, module)
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far, all its threads, in user and kernel."""
    # The second field is the program's name in brackets and may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Return the memory that a process has in RAM, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    size = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return round(int(size) / 1024, 1)
