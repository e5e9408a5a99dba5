"""What time it is: the only door to `time`."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import trio

from intentcast.units import Instant, Seconds, UnixSeconds


def unix_seconds() -> UnixSeconds:
    """Return the wall clock in whole seconds: for what goes on the wire and into the store."""
    return UnixSeconds(int(time.time()))


def instant() -> Instant:
    """Return Trio's own clock, so that it can be compared with deadlines; only from inside Trio.

    A test that gives Trio another clock moves this one too.
    """
    return Instant(trio.current_time())


def stopwatch() -> Seconds:
    """Return seconds since some fixed moment, from any thread: for measuring how long work took."""
    return Seconds(time.perf_counter())


def today() -> date:
    """Return the date where the daemon runs: "by Friday" is meant in the person's own time zone."""
    return datetime.now(UTC).astimezone().date()
