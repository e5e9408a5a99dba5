"""Waiting for the next of a stream, but not longer than a person said."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import TypeVar

T = TypeVar("T")


class TimeIsUp(Exception):
    """The time that a person gave is over."""


class Patience:
    """A limit to waiting, and to nothing else: what is at work when time is up is finished first.

    The kernel's timer wakes a read that would sleep on, so the limit is exact also where nothing comes.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._over = False
        self._waiting = False

    def __enter__(self) -> Patience:
        if self.seconds is not None:
            self._before = signal.signal(signal.SIGALRM, self._ring)
            # A timer of 0 is none at all.
            signal.setitimer(signal.ITIMER_REAL, max(self.seconds, 1e-6))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self._over = True
        if self._waiting:
            raise TimeIsUp

    def next(self, things: Iterator[T]) -> T | None:
        """Return the next thing, None after the last one.

        Raises:
            TimeIsUp: before it came.
        """
        self._waiting = True
        try:
            if self._over:
                raise TimeIsUp
            return next(things, None)
        finally:
            self._waiting = False
