"""One process of the demo: started, watched, started again when it dies, ended in order.

Each gets the reading end of a pipe that only the supervisor can write to. When the supervisor is gone, however it went,
the pipe closes and the process ends by itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import trio

from intentcastd import clock
from intentcastd.errors import IntentcastdError

END_SECONDS: Final = 5.0
"""How long a process may take to end in order before it is killed."""

FIRST_WAIT_SECONDS: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 3.0
STEADY_SECONDS: Final = 10.0
"""A process that ran for so long gets the short wait again."""

MOST_STARTS_IN_A_ROW: Final = 8
_LAST_WORDS: Final = 2_000


class KeepsDying(IntentcastdError):
    """A process of the demo ends again and again."""

    code = "demo.keeps_dying"


@dataclass(frozen=True, slots=True)
class Place:
    """Where processes run.

    Attributes:
        folder: takes what each writes on standard error.
        pipe: reading end of the supervisor's pipe; each gets it as --with-parent.
        say: told what a person may want to know.
    """

    folder: Path
    pipe: int
    say: Callable[[str], None]


class Process:
    """One program that is to run until the demo ends."""

    def __init__(self, name: str, command: list[str], place: Place) -> None:
        """Take what to run.

        Args:
            name: for people.
            command: a module and its arguments, for `python -m`.
        """
        self.name = name
        self.starts = 0
        self.pid: int | None = None
        self._command = [sys.executable, "-m", *command, "--with-parent", str(place.pipe)]
        self._pipe = place.pipe
        self._said = place.folder / f"{name}.stderr"
        self._say = place.say
        self._running: trio.Process | None = None
        self._ending = trio.Event()

    async def keep(self, take_line: Callable[[bytes], None] | None = None) -> None:
        """Run it, and again whenever it dies, until `end`.

        Args:
            take_line: gets each line of its standard output.

        Raises:
            KeepsDying: it died too often in a row.
        """
        wait, in_a_row = FIRST_WAIT_SECONDS, 0
        while not self._ending.is_set():
            started = clock.instant()
            code = await self._run(take_line)
            if self._ending.is_set():
                return
            if clock.instant() - started >= STEADY_SECONDS:
                wait, in_a_row = FIRST_WAIT_SECONDS, 0
            in_a_row += 1
            if in_a_row >= MOST_STARTS_IN_A_ROW:
                raise KeepsDying(
                    f"{self.name} ended {in_a_row} times in a row, the last time with code {code}. {self._last_words()}",
                    "Keep the folder with --keep DIR and look at its log.",
                )
            self._say(f"{self.name} died and is started again")
            with trio.move_on_after(wait):
                await self._ending.wait()
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    async def _run(self, take_line: Callable[[bytes], None] | None) -> int:
        with self._said.open("ab") as said:
            running = await self._open(said, piped=take_line is not None)
        self.starts += 1
        self._running, self.pid = running, running.pid
        try:
            if take_line is not None and running.stdout is not None:
                await _each_line(running.stdout, take_line)
            return await running.wait()
        finally:
            self._running = self.pid = None
            if running.returncode is None:
                running.kill()

    async def _open(self, said: IO[bytes], *, piped: bool) -> trio.Process:
        return await trio.lowlevel.open_process(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if piped else subprocess.DEVNULL,
            stderr=said,
            pass_fds=(self._pipe,),
            # Ctrl-C in the terminal is for the supervisor, which ends the others in order.
            start_new_session=True,
        )

    async def end(self) -> None:
        """Ask it to end, and make it end if it does not."""
        self._ending.set()
        running = self._running
        if running is None:
            return
        running.terminate()
        with trio.move_on_after(END_SECONDS):
            await running.wait()
            return
        running.kill()
        await running.wait()

    def _last_words(self) -> str:
        return self._said.read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace").strip()


async def _each_line(stream: trio.abc.ReceiveStream, take_line: Callable[[bytes], None]) -> None:
    rest = b""
    async for chunk in stream:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            take_line(line)
