"""A program that writes to a store and is killed, again and again.

usage: killed_writer.py DATABASE CYCLES

Each cycle forks a writer, lets it acknowledge some rows, and kills it without warning. The next one first makes sure that
every row that was acknowledged so far is there. Prints the number of acknowledged rows at the end.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path

import trio

from intentcast.units import UnixSeconds
from intentcastd.store import events
from intentcastd.store.database import Connection, Database

ACKNOWLEDGED_PER_CYCLE = 60
WRITERS = 8


def numbers(connection: Connection) -> set[int]:
    return {event.data["k"] for event in events.since(connection, 0, 1_000_000)}


async def write_forever(path: Path, expected: set[int], first: int, to: int) -> None:
    taken = iter(range(first, 1 << 40))
    async with Database.open(path) as database, trio.open_nursery() as nursery:
        assert expected <= await database.read(numbers), "an acknowledged row is gone"

        async def one() -> None:
            for k in taken:
                await database.write(partial(events.append, at=UnixSeconds(1), name="k", data={"k": k}))
                os.write(to, k.to_bytes(8, "big"))

        for _ in range(WRITERS):
            nursery.start_soon(one)


def cycle(path: Path, acknowledged: set[int]) -> set[int]:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            trio.run(write_forever, path, acknowledged, len(acknowledged) * 1000, write)
        finally:
            traceback.print_exc()
            os._exit(1)
    os.close(write)
    heard: set[int] = set()
    with os.fdopen(read, "rb") as pipe:
        while len(heard) < ACKNOWLEDGED_PER_CYCLE and (record := pipe.read(8)):
            heard.add(int.from_bytes(record, "big"))
        os.kill(pid, signal.SIGKILL)
        while record := pipe.read(8):
            heard.add(int.from_bytes(record, "big"))
    _, status = os.waitpid(pid, 0)
    if os.WTERMSIG(status) != signal.SIGKILL:
        raise SystemExit("a writer ended by itself")
    return acknowledged | heard


def main() -> None:
    acknowledged: set[int] = set()
    for _ in range(int(sys.argv[2])):
        acknowledged = cycle(Path(sys.argv[1]), acknowledged)
    print(*sorted(acknowledged))


if __name__ == "__main__":
    main()
