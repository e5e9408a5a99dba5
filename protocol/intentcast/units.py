"""Units as types: a number without a unit is a bug that waits."""

from __future__ import annotations

from typing import NewType

UnixSeconds = NewType("UnixSeconds", int)
"""Whole seconds since 1970-01-01 UTC: the only time that goes on the wire."""

Instant = NewType("Instant", float)
"""Seconds of a monotonic clock: for deadlines, never on the wire."""

Seconds = NewType("Seconds", float)
"""A length of time."""

Bits = NewType("Bits", int)
"""Work in a stamp, as leading zero bits."""
