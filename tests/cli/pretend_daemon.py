"""A daemon for tests: the real API on real sockets, over the backend in memory.

usage: python pretend_daemon.py HOME [--silent | --fails WORDS CODE | --never-ready] [--rfp-fails]
"""

import json
import os
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "daemon" / "api"))

import trio
from memory_backend import MemoryBackend, without_answers

from intentcastd.api.serve import Bound, Place, serve
from intentcastd.paths import Home, write_atomically


async def run(folder: Path, flags: list[str]) -> None:
    home = Home.at(folder)
    home.make()
    stop = trio.Event()
    backend = without_answers(stop) if "--silent" in flags else MemoryBackend(stop)
    backend.home = str(home.root)
    backend.fails = "failed" if "--rfp-fails" in flags else None
    async with trio.open_nursery() as nursery:
        bound: Bound = await nursery.start(partial(serve, backend, Place(home.socket, 0, "aa" * 32), stop))
        backend.port = bound.port
        ready = {"pid": os.getpid(), "api_port": bound.port, "socket": str(home.socket), "relay": None}
        if "--never-ready" not in flags:
            write_atomically(home.ready_json, json.dumps(ready).encode())
        await stop.wait()


if __name__ == "__main__":
    folder, *flags = sys.argv[1:]
    if "--fails" in flags:
        at = flags.index("--fails")
        sys.stderr.write(flags[at + 1] + "\n")
        raise SystemExit(int(flags[at + 2]))
    trio.run(run, Path(folder), flags)
