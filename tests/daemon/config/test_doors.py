"""The doors to time, chance and the specs."""

from __future__ import annotations

import math
import statistics

import trio

from intentcast.entropy import Entropy
from intentcast.limits import MAX_ENVELOPE_BYTES
from intentcastd import clock, specs
from intentcastd.entropy import SystemEntropy


async def test_instants_are_on_trios_clock() -> None:
    before = trio.current_time()

    assert before <= clock.instant() <= trio.current_time()


def test_the_wall_clock_is_whole_seconds() -> None:
    assert isinstance(clock.unix_seconds(), int)
    assert clock.unix_seconds() > 1_700_000_000


def test_chance_is_spread_as_the_core_expects() -> None:
    entropy: Entropy = SystemEntropy()
    drawn = [entropy.exponential(60.0) for _ in range(4000)]

    assert len({entropy.bytes(24) for _ in range(100)}) == 100
    assert {entropy.below(3) for _ in range(200)} == {0, 1, 2}
    assert min(drawn) >= 0
    assert math.isclose(statistics.mean(drawn), 60, rel_tol=0.15)  # ten standard errors
    assert math.isclose(statistics.median(drawn), 60 * math.log(2), rel_tol=0.2)
    assert float(entropy.exponential(0)) == 0


def test_the_specs_are_found_and_read() -> None:
    limits = {entry["name"]: entry["value"] for entry in specs.registry("limits")["limits"]}

    assert (specs.folder() / "registries").is_dir()
    assert limits["max_envelope_bytes"] == MAX_ENVELOPE_BYTES
