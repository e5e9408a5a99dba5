"""A tunnel: bytes carried both ways between two streams, so much and so long and no more (CIR-4).

The relay that carries them cannot read them: they are TLS between the two ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import trio

from intentcastd.net.link import close_stream

_CHUNK_BYTES: Final = 16 * 1024

End = Literal["closed", "up_cap", "down_cap", "time"]


@dataclass(frozen=True, slots=True)
class Spliced:
    """What a tunnel carried, and why it ended."""

    up: int
    down: int
    ended: End


class _Way:
    """One direction."""

    def __init__(self, source: trio.abc.Stream, sink: trio.abc.Stream, cap: int) -> None:
        self.source = source
        self.sink = sink
        self.cap = cap
        self.carried = 0

    async def carry(self) -> bool:
        """Carry bytes until the source ends, then pass its end on; return whether the other way may go on."""
        while True:
            # One byte over the cap is asked for and not passed on: that is how reaching it is told from ending at it.
            data = await self.source.receive_some(min(_CHUNK_BYTES, self.cap - self.carried + 1))
            if not data:
                if isinstance(self.sink, trio.abc.HalfCloseableStream):
                    await self.sink.send_eof()
                    return True
                return False  # TLS has no half-closed state: passing on the end is closing
            allowed = data[: self.cap - self.carried]
            if allowed:
                await self.sink.send_all(allowed)
                self.carried += len(allowed)
            if len(data) > len(allowed):
                raise _CapReachedError


class _CapReachedError(Exception):
    """More than the cap came."""


async def splice(a: trio.abc.Stream, b: trio.abc.Stream, up_cap: int, down_cap: int, seconds: float) -> Spliced:
    """Carry bytes both ways until a side closes, a cap is reached or time is up; then close both streams.

    Args:
        a: towards whoever asked for the tunnel.
        b: towards where it leads.
        up_cap: most bytes from a to b.
        down_cap: most bytes from b to a.
    """
    up, down = _Way(a, b, up_cap), _Way(b, a, down_cap)
    ends: list[End] = []

    async def carry(way: _Way, at_cap: End, scope: trio.CancelScope) -> None:
        try:
            may_go_on = await way.carry()
        except _CapReachedError:
            ends.append(at_cap)
            may_go_on = False
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            may_go_on = False
        if not may_go_on:
            scope.cancel()

    try:
        with trio.move_on_after(seconds) as limit:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(carry, up, "up_cap", nursery.cancel_scope)
                nursery.start_soon(carry, down, "down_cap", nursery.cancel_scope)
        if limit.cancelled_caught:
            ends.append("time")
    finally:
        for stream in (a, b):
            await close_stream(stream)
    return Spliced(up=up.carried, down=down.carried, ended=ends[0] if ends else "closed")
