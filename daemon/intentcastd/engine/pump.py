"""The pump: one task owns the relay machine. Inputs go in, effects come out and are performed, nothing waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import trio

from intentcast.machines.effects import Effect
from intentcast.machines.inputs import Input, Now, Tick
from intentcast.machines.relay import Relay
from intentcast.units import Instant
from intentcastd import clock
from intentcastd.engine.queue import Queue

# A link's reader waits while this many inputs do: the peers' TCP windows hold back what a relay cannot take.
INBOX_ITEMS = 256

Perform = Callable[[Effect], Input | None]


def now() -> Now:
    """Return this moment on both clocks."""
    return Now(clock.unix_seconds(), clock.instant())


async def pump(relay: Relay, inbox: Queue[Input], perform: Perform, settle: Callable[[], None]) -> None:
    """Own one relay machine: no other task may touch it.

    An effect whose answer is there at once gives the next input; it is taken before anything else.

    Args:
        settle: called before each wait; finishes what was performed in part, such as writes that are better made together.
    """
    while True:
        item: Input = Tick()
        settle()
        with trio.move_on_at(_deadline(relay.deadline())):
            item = await inbox.take()
        ready = deque([item])
        while ready:
            for effect in relay.receive(ready.popleft(), now()):
                answer = perform(effect)
                if answer is not None:
                    ready.append(answer)
        # A flood of inputs that are all there must not starve the tasks that write to links.
        await trio.lowlevel.checkpoint()


def _deadline(instant: Instant) -> float:
    return max(instant, trio.current_time())
