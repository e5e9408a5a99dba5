"""What the tests of the network share: pairs of real connected sockets, bare and with TLS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import trio

from intentcastd.net import tls
from intentcastd.net.tls import Identity, TlsStream

Pair = tuple[trio.SocketStream, trio.SocketStream]
TlsPair = tuple[TlsStream, TlsStream]


@pytest.fixture
def relay() -> Identity:
    return Identity(bytes(range(32)))


async def socket_pair() -> Pair:
    """Return both ends of one TCP connection over loopback."""
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with listener:
        client = await trio.open_tcp_stream(*listener.socket.getsockname())
        return client, await listener.accept()


@pytest.fixture
async def sockets() -> AsyncIterator[Callable[[], Awaitable[Pair]]]:
    made: list[trio.SocketStream] = []

    async def make() -> Pair:
        pair = await socket_pair()
        made.extend(pair)
        return pair

    yield make
    for stream in made:
        await trio.aclose_forcefully(stream)


@pytest.fixture
async def secured(sockets: Callable[[], Awaitable[Pair]], relay: Identity) -> Callable[[], Awaitable[TlsPair]]:
    context = tls.server_context(relay)

    async def make() -> TlsPair:
        client, server = await sockets()
        ends: dict[str, TlsStream] = {}

        async def accept() -> None:
            ends["server"] = await tls.accept(server, context)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(accept)
            ends["client"] = await tls.connect_pinned(client, relay.key)
        return ends["client"], ends["server"]

    return make
