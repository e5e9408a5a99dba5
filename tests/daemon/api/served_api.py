"""The API on real sockets, over the backend in memory: what its tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import trio
from memory_backend import MemoryBackend

from intentcastd.api.serve import Bound, Place, serve

TOKEN = "0f" * 32
"""What calls on the loopback port bring."""


@dataclass
class Served:
    """The running API, and both ways to it."""

    backend: MemoryBackend
    bound: Bound
    stop: trio.Event
    unix: httpx.AsyncClient
    tcp: httpx.AsyncClient

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.bound.port}"


@asynccontextmanager
async def serving(folder: Path, grace_seconds: float = 0.2) -> AsyncIterator[Served]:
    """Serve until the test is over; both are bounded in time."""
    stop = trio.Event()
    backend = MemoryBackend(stop)
    with trio.fail_after(20):
        async with trio.open_nursery() as nursery:
            place = Place(folder / "api.sock", 0, TOKEN)
            bound: Bound = await nursery.start(partial(serve, backend, place, stop, grace_seconds=grace_seconds))
            backend.port = bound.port
            uds = httpx.AsyncHTTPTransport(uds=str(bound.socket), verify=False)
            async with (
                httpx.AsyncClient(transport=uds, base_url="http://intentcastd") as unix,
                httpx.AsyncClient(
                    base_url=f"http://127.0.0.1:{bound.port}",
                    headers={"Authorization": f"Bearer {TOKEN}"},
                    verify=False,
                    trust_env=False,
                ) as tcp,
            ):
                yield Served(backend, bound, stop, unix, tcp)
            stop.set()
