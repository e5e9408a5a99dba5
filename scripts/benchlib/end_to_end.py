"""One relay as a real process over real TLS: RFPs come in, are verified, stored durably, and given to two subscribers.

What is measured is CPU time of the relay process, from the first frame to the last arrival, against bare verifications
per CPU second in this process, measured right before and after each run.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from scripts.benchlib.measuring import VERIFY_NAME, Row, bare_verification, rate, rounded, spread
from scripts.benchlib.programs import Program, ProgramEnded, cpu_seconds, resident_mb, running
from scripts.benchlib.records import many_rfps

from intentcast.limits import GIVE_BATCH_ENVELOPES
from intentcast.units import UnixSeconds
from intentcastd.paths import Home
from intentcastd.store import envelopes
from intentcastd.store.database import open_reader

RUNS = 3
GIVERS, TAKERS = 2, 2
_START_SECONDS = 60.0
_WARM_FRAMES = 64
_LIFE_SECONDS = 2 * 86_400
_LIMIT_SECONDS = 0.3
_EXPECTED_RATIO = 0.4
"""Only to choose how many RFPs take so many seconds."""

_SETTINGS = """
network = "test"
[relay]
enabled = true
host = "127.0.0.1"
port = 0
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how many RFPs, and what the relay and the clock spent on them."""

    count: int
    cpu_seconds: float
    wall_seconds: float


@contextmanager
def daemon(home: Home) -> Iterator[tuple[Program, str]]:
    """Run a daemon with a relay; give the program and the relay's line."""
    home.make()
    home.config_toml.write_text(_SETTINGS, "utf-8")
    with running("intentcastd.run", ["--home", str(home.root)]) as program:
        deadline = time.monotonic() + _START_SECONDS
        while not home.ready_json.exists():
            program.check()
            if time.monotonic() > deadline:
                raise ProgramEnded("the daemon does not get ready")
            time.sleep(0.02)
        ready = json.loads(home.ready_json.read_text("utf-8"))
        assert ready["pid"] == program.pid
        yield program, ready["relay"]


class Bench:
    """A relay, those who give and those who take."""

    def __init__(self, relay: Program, givers: list[Program], taker: Program) -> None:
        self._relay = relay
        self._givers = givers
        self._taker = taker
        self._given = 0
        self.count = [0] * TAKERS
        self.different = [0] * TAKERS

    @property
    def lost(self) -> int:
        return sum(self._given - different for different in self.different)

    def run(self, frames: int) -> Run:
        """Give so many frames over each link and wait until all RFPs in them have arrived everywhere."""
        count = frames * GIVERS * GIVE_BATCH_ENVELOPES
        self._given += count
        cpu, began = cpu_seconds(self._relay.pid), time.monotonic()
        for giver in self._givers:
            giver.tell(str(frames))
        self._taker.tell(str(self._given))
        for giver in self._givers:
            giver.hear()
        arrived = json.loads(self._taker.hear())
        wall = time.monotonic() - began
        self.count, self.different = arrived["count"], arrived["different"]
        return Run(count, cpu_seconds(self._relay.pid) - cpu, wall)


def relay(seconds: float) -> Row:
    """Measure a relay process; `seconds` is about how much CPU time its runs take in all."""
    bare = bare_verification()
    frames = max(8, round(rate(bare, 0.1) * _EXPECTED_RATIO * seconds / RUNS / GIVERS / GIVE_BATCH_ENVELOPES))
    total = (_WARM_FRAMES + RUNS * frames) * GIVE_BATCH_ENVELOPES
    made = many_rfps(GIVERS * total, UnixSeconds(int(time.time()) + _LIFE_SECONDS))
    with tempfile.TemporaryDirectory(prefix="intentcast-bench-") as folder, ExitStack() as stack:
        home = Home.at(Path(folder) / "home")
        program, line = stack.enter_context(daemon(home))
        givers = []
        for number in range(GIVERS):
            file = Path(folder) / f"rfps{number}"
            file.write_bytes(b"".join(made[number * total : (number + 1) * total]))
            givers.append(stack.enter_context(running("scripts.benchlib.giver", [line, str(file)])))
        taker = stack.enter_context(running("scripts.benchlib.taker", [line, str(TAKERS)]))
        for other in (*givers, taker):
            other.hear()
        bench = Bench(program, givers, taker)
        bench.run(_WARM_FRAMES)
        runs, limits = [], [rate(bare, _LIMIT_SECONDS)]
        for _ in range(RUNS):
            runs.append(bench.run(frames))
            limits.append(rate(bare, _LIMIT_SECONDS))
        return _row(runs, limits, bench, _more(bench, runs, program, home))


def _row(runs: list[Run], limits: list[float], bench: Bench, more: dict[str, float | int | str]) -> Row:
    rates = [run.count / run.cpu_seconds for run in runs]
    ratios = [one / mean(limits[number : number + 2]) for number, one in enumerate(rates)]
    # The store grows from run to run, and with it the work for a row: how far the runs lie apart is told beside the noise.
    apart: dict[str, float | int | str] = {"ratio_low": rounded(min(ratios)), "ratio_high": rounded(max(ratios))}
    return Row(
        name="relay_end_to_end",
        rate=median(rates),
        unit="envelopes/s",
        limit=mean(limits),
        limit_name=VERIFY_NAME,
        ratio=median(ratios),
        noise=spread(limits),
        runs=RUNS,
        more=apart | more,
        failed=f"{bench.lost} envelopes never reached a subscriber" if bench.lost else None,
    )


def _more(bench: Bench, runs: list[Run], program: Program, home: Home) -> dict[str, float | int | str]:
    count = sum(run.count for run in runs)
    kept = open_reader(home.database)
    try:
        stored = envelopes.count(kept)
    finally:
        kept.close()
    return {
        "envelopes": count,
        "cpu_seconds": rounded(sum(run.cpu_seconds for run in runs)),
        "wall_rate": rounded(count / sum(run.wall_seconds for run in runs)),
        "rss_mb": resident_mb(program.pid),
        "copies": rounded(sum(bench.count) / max(1, sum(bench.different))),
        "lost": bench.lost,
        "stored": stored,
    }
