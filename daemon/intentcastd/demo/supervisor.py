"""The demo as one command: a folder, a market in it, a play, a summary; and nothing left behind."""

from __future__ import annotations

import json as json_text
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import trio

from intentcastd import clock
from intentcastd.demo.characters import CHARACTERS, NEED
from intentcastd.demo.learned import who_learned
from intentcastd.demo.market import BUYER, RELAYS, Market, open_market
from intentcastd.demo.play import Outcome, Play, Tell
from intentcastd.demo.screen import Screen
from intentcastd.errors import IntentcastdError
from intentcastd.paths import Home

DONE: Final = 0
FAILED: Final = 1
INTERRUPTED: Final = 130


class FolderInUse(IntentcastdError):
    """The folder that was to be kept has something in it."""

    code = "demo.folder_in_use"
    exit = 2


def run_demo(need: str | None, *, headless: bool, json: bool, keep: Path | None) -> int:
    """Run a whole market on this machine, cast a need in it and show what comes back.

    Args:
        need: a sentence; None casts the demo's own.
        headless: end after the summary instead of waiting for Ctrl-C.
        json: write one JSON object a line instead of words for people.
        keep: put all profiles into this folder and leave them there.

    Returns:
        0 if at least three verified offers came and the spammer was refused, else 1; 130 if it was interrupted before.

    Raises:
        FolderInUse: there is something in that folder.
        BrokenPipeError: nobody reads what the demo says any more; the market was ended.
    """
    tell = _write_line if json else Screen().tell
    with _folder(keep) as folder:
        demo = Demo(folder, need or NEED, tell, headless=headless, kept=keep is not None)
        code = trio.run(demo.run)
    if keep is None and not json and not headless:
        sys.stderr.write("The market has ended, and all of its profiles are deleted.\n")
    return code


class Demo:
    """One run."""

    def __init__(self, folder: Path, need: str, tell: Tell, *, headless: bool, kept: bool) -> None:
        self._folder = folder
        self._need = need
        self._tell = tell
        self._headless = headless
        self._kept = kept
        self._code: int | None = None
        self._is_read = True

    async def run(self) -> int:
        """Run until it is over or somebody ends it; return the exit code."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_until_signal, nursery.cancel_scope)
            try:
                await self._play()
            except* IntentcastdError as errors:
                self._fail(_first(errors))
            except* BrokenPipeError:
                self._is_read = False
            nursery.cancel_scope.cancel()
        if not self._is_read:
            raise BrokenPipeError
        return INTERRUPTED if self._code is None else self._code

    async def _play(self) -> None:
        began = clock.instant()
        early = [character for character in CHARACTERS if not character.is_late]

        def say(what: str) -> None:
            self._tell("progress", {"seconds": round(clock.instant() - began, 2), "what": what})

        self._tell("starting", {"relays": len(RELAYS), "vendors": len(CHARACTERS) + 1})
        async with open_market(self._folder, early, say) as market:
            self._tell(
                "started",
                {
                    "seconds": round(clock.instant() - began, 2),
                    "folder": str(self._folder),
                    "relays": market.lines,
                    "vendors": [character.title for character in early],
                    "offline": [character.title for character in CHARACTERS if character.is_late],
                },
            )
            outcome = await Play(market, self._need, self._tell).run()
            await self._sum_up(market, outcome)
            if not self._headless:
                await trio.sleep_forever()

    async def _sum_up(self, market: Market, outcome: Outcome) -> None:
        reason = outcome.reason
        self._code = DONE if reason is None else FAILED
        self._tell_summary(outcome, reason, await who_learned(market, outcome))

    def _tell_summary(self, outcome: Outcome, reason: str | None, learned: list[dict[str, str]]) -> None:
        self._tell(
            "summary",
            {
                "ok": reason is None,
                "reason": reason,
                "offers": len(outcome.offers),
                "seconds_to_first_offer": outcome.first_offer_seconds,
                "refused": outcome.refused,
                "passed": outcome.passed,
                "who_learned": learned,
                "next": [] if self._headless or not learned else _next(self._folder),
                "kept": self._kept,
            },
        )

    def _fail(self, error: IntentcastdError) -> None:
        self._code = FAILED
        self._tell_summary(Outcome(), f"{error.message} {error.hint}", [])


def _next(folder: Path) -> list[str]:
    """Return commands that can be typed as they are while the demo runs."""
    program = shlex.quote(program_name())
    buyer = f"{program} --home {shlex.quote(str(Home.at(folder / BUYER).root))}"
    vendor = f"{program} --home {shlex.quote(str(Home.at(folder / CHARACTERS[0].name).root))}"
    return [
        f"{buyer} offers compare",
        f"{buyer} offers show 1",
        f'{buyer} cast "wheel rims for a 1967 Peugeot 404"',
        f"{vendor} vendor status",
    ]


def _first(errors: BaseExceptionGroup[IntentcastdError]) -> IntentcastdError:
    """Return the first error of a group; what failed first is why the rest did."""
    waiting: list[BaseException] = [errors]
    while waiting:
        error = waiting.pop(0)
        if isinstance(error, BaseExceptionGroup):
            waiting = [*error.exceptions, *waiting]
        elif isinstance(error, IntentcastdError):
            return error
    raise AssertionError("a group holds at least one error")


async def _until_signal(scope: trio.CancelScope) -> None:
    """End in order when somebody asks for it."""
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
        async for _ in signals:
            scope.cancel()


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Make the folder of all profiles; take it away at the end unless it is to be kept.

    Raises:
        FolderInUse: the one to be kept has something in it.
    """
    if keep is not None:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise FolderInUse(f"There is something in {keep} already.", "Name a folder that is new or empty.")
        yield keep.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="intentcast-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_line(event: str, data: dict[str, Any]) -> None:
    sys.stdout.write(json_text.dumps({"event": event, **data}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def program_name() -> str:
    """Return what a person types for the command line here: its name if that is found, else where it lies."""
    if shutil.which("intentcast"):
        return "intentcast"
    beside = Path(sys.executable).with_name("intentcast")
    return os.path.relpath(beside) if beside.is_relative_to(Path.cwd()) else str(beside)
