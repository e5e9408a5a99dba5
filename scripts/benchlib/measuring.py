"""Measuring work beside its bare limit: both in turns, so that a machine that is slow for a while is slow for both.

Rates are per second of this process's CPU time: what else runs on the machine changes them little.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import mean, median

import nacl.bindings as sodium

RUNS = 5
"""How often the work is measured; the limit once more, before each run and after the last."""

Work = Callable[[], int]
"""Does a piece of work and returns how many units it was."""

Prepare = Callable[[], Work]
"""Lays out what the next piece of work needs; this is not measured."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What is measured, and what the machine and the libraries would allow at best."""

    name: str
    unit: str
    work: Prepare
    bare: Prepare
    bare_name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One measured pair.

    Attributes:
        rate: units per CPU second.
        limit: the same of the bare work, mean of all runs.
        ratio: rate by limit; 1 is as good as it gets.
        noise: spread of the limit's runs by their mean: differences below this mean nothing.
        more: further figures, by name.
        failed: what makes this run worthless, if something does.
    """

    name: str
    rate: float
    unit: str
    limit: float
    limit_name: str
    ratio: float
    noise: float
    runs: int
    more: Mapping[str, float | int | str] = field(default_factory=dict)
    failed: str | None = None

    def document(self, machine: str) -> dict[str, float | int | str]:
        """Return the row as the fields of a JSON object."""
        fields: dict[str, float | int | str] = {
            "name": self.name,
            "rate": rounded(self.rate),
            "unit": self.unit,
            "limit": rounded(self.limit),
            "limit_name": self.limit_name,
            "ratio": rounded(self.ratio),
            "noise": round(self.noise, 3),
            "runs": self.runs,
        }
        failed = {} if self.failed is None else {"failed": self.failed}
        return fields | dict(self.more) | failed | {"machine": machine}


def rounded(value: float) -> float | int:
    """Return a figure with the digits that a measurement of this kind has."""
    return round(value) if value >= 100 else float(f"{value:.3g}")


def always(work: Work) -> Prepare:
    """Return work that needs nothing laid out."""
    return lambda: work


def rate(prepare: Prepare, seconds: float) -> float:
    """Return units per second of CPU time, over at least so many seconds of it."""
    done, spent = 0, 0.0
    while spent < seconds:
        work = prepare()
        began = time.process_time()
        done += work()
        spent += time.process_time() - began
    return done / spent


def compare(pair: Pair, seconds: float) -> Row:
    """Measure work and limit in turns, for about so many seconds of work and half of that for the limit."""
    pair.work()()
    pair.bare()()
    limits = [rate(pair.bare, seconds / RUNS / 2)]
    rates, ratios = [], []
    for _ in range(RUNS):
        rates.append(rate(pair.work, seconds / RUNS))
        limits.append(rate(pair.bare, seconds / RUNS / 2))
        ratios.append(rates[-1] / mean(limits[-2:]))
    limit, noise = mean(limits), spread(limits)
    return Row(pair.name, median(rates), pair.unit, limit, pair.bare_name, median(ratios), noise, RUNS)


def spread(values: list[float]) -> float:
    """Return how far values lie apart, by their mean."""
    return (max(values) - min(values)) / mean(values)


VERIFY_NAME = "bare verification of 1 KB"


def bare_verification() -> Prepare:
    """Return what everything here is measured by: crypto_sign_open of 1 KB, as often as in one batch."""
    public, secret = sodium.crypto_sign_seed_keypair(bytes(32))
    signed = sodium.crypto_sign(bytes(range(256)) * 4, secret)

    def work() -> int:
        for _ in range(32):
            sodium.crypto_sign_open(signed, public)
        return 32

    return always(work)
