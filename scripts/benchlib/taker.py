"""A program that subscribes to all RFPs of a relay over several links, and counts what it is given.

usage: python -m scripts.benchlib.taker RELAY-LINE LINKS

"ready" says that all subscriptions stand. Each line `N` on standard input waits until every link was given N different
RFPs, or nothing comes any more; the answer is a line of JSON with what each link was given so far, in all and different.
"""

from __future__ import annotations

import json
import sys

import trio
from scripts.benchlib.records import NETWORK

from intentcast.records.envelope import RFP
from intentcast.records.relay_card import parse_relay_line
from intentcast.wire.frames import Subscribe
from intentcastd.engine.session import open_session
from intentcastd.net.dial import dial

PATIENCE_SECONDS = 10.0
"""Without anything new for so long, what is missing is lost."""

_SIGNATURE = slice(-64, None)


class Taken:
    """What one link was given."""

    def __init__(self) -> None:
        self.count = 0
        self.different: set[bytes] = set()
        self.news = trio.Event()

    async def take(self, line: str, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Subscribe and count until the relay ends the link."""
        server, address = parse_relay_line(line)
        stream = await dial(address.host, address.port, server)
        async with open_session(stream, NETWORK, server) as session:
            await session.ask(Subscribe((RFP,), (), (), replay=False))
            task_status.started()
            async for give in session.gives:
                self.count += len(give.envelopes)
                self.different.update(envelope[_SIGNATURE] for envelope in give.envelopes)
                self.news.set()

    async def until(self, count: int) -> None:
        """Wait until so many different ones came, or nothing comes any more."""
        while len(self.different) < count:
            self.news = trio.Event()
            with trio.move_on_after(PATIENCE_SECONDS) as patience:
                await self.news.wait()
            if patience.cancelled_caught:
                return


async def take(line: str, links: int) -> None:
    async with trio.open_nursery() as nursery:
        all_taken = [Taken() for _ in range(links)]
        for taken in all_taken:
            await nursery.start(taken.take, line)
        print("ready", flush=True)
        while command := await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
            for taken in all_taken:
                await taken.until(int(command))
            counts = {"count": [taken.count for taken in all_taken]}
            print(json.dumps(counts | {"different": [len(taken.different) for taken in all_taken]}), flush=True)
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    trio.run(take, sys.argv[1], int(sys.argv[2]))
