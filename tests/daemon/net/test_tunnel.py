"""Tunnels: bytes both ways, so much and so long and no more."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

import pytest
import trio

from intentcastd.net import tls
from intentcastd.net.tls import Identity, TlsStream
from intentcastd.net.tunnel import Spliced, splice

Sockets = Callable[[], Awaitable[tuple[trio.SocketStream, trio.SocketStream]]]
Secured = Callable[[], Awaitable[tuple[TlsStream, TlsStream]]]


class Tunnel:
    """A running tunnel: `near` is the asker's end, `far` the end that it leads to."""

    def __init__(self, near: trio.abc.Stream, far: trio.SocketStream) -> None:
        self.near = near
        self.far = far
        self.result: Spliced | None = None
        self.ended = trio.Event()

    async def end(self) -> Spliced:
        with trio.fail_after(5):
            await self.ended.wait()
        assert self.result is not None
        return self.result


@pytest.fixture
def open_tunnel(sockets: Sockets, nursery: trio.Nursery) -> Callable[..., Awaitable[Tunnel]]:
    async def make(
        up_cap: int = 1000, down_cap: int = 1000, seconds: float = 30, near: tuple[TlsStream, TlsStream] | None = None
    ) -> Tunnel:
        asker, a = near or await sockets()
        b, far = await sockets()
        tunnel = Tunnel(asker, far)

        async def run() -> None:
            tunnel.result = await splice(a, b, up_cap, down_cap, seconds)
            tunnel.ended.set()

        nursery.start_soon(run)
        return tunnel

    return make


OpenTunnel = Callable[..., Awaitable[Tunnel]]


async def read_all(stream: trio.abc.Stream) -> bytes:
    """Read until the end, however it comes."""
    data = b""
    with trio.fail_after(5):
        try:
            while more := await stream.receive_some(65536):
                data += more
        except trio.BrokenResourceError:
            pass
    return data


async def test_bytes_go_both_ways_and_are_counted(open_tunnel: OpenTunnel) -> None:
    tunnel = await open_tunnel()

    await tunnel.near.send_all(b"question")
    assert await tunnel.far.receive_some(100) == b"question"
    await tunnel.far.send_all(b"answer!")
    assert await tunnel.near.receive_some(100) == b"answer!"
    await tunnel.near.aclose()
    await tunnel.far.aclose()

    assert await tunnel.end() == Spliced(up=8, down=7, ended="closed")


async def test_a_half_closed_side_still_gets_its_answer(open_tunnel: OpenTunnel) -> None:
    tunnel = await open_tunnel()
    assert isinstance(tunnel.near, trio.SocketStream)

    await tunnel.near.send_all(b"all I have to say")
    await tunnel.near.send_eof()
    assert await read_all(tunnel.far) == b"all I have to say"
    await tunnel.far.send_all(b"and the answer")
    await tunnel.far.aclose()

    assert await read_all(tunnel.near) == b"and the answer"
    assert await tunnel.end() == Spliced(up=17, down=14, ended="closed")


@pytest.mark.parametrize("over", [0, 1, 5000])
async def test_no_more_than_the_cap_goes_up(open_tunnel: OpenTunnel, over: int) -> None:
    # CIR-4
    tunnel = await open_tunnel(up_cap=1000)

    await tunnel.near.send_all(bytes(1000 + over))
    if not over:
        await tunnel.near.aclose()
        await tunnel.far.send_eof()

    assert len(await read_all(tunnel.far)) == 1000
    assert await tunnel.end() == Spliced(up=1000, down=0, ended="up_cap" if over else "closed")


async def test_no_more_than_the_cap_comes_down(open_tunnel: OpenTunnel) -> None:
    tunnel = await open_tunnel(down_cap=70_000)
    content = os.urandom(70_000)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(tunnel.far.send_all, content + b"x")
        assert await read_all(tunnel.near) == content

    assert await tunnel.end() == Spliced(up=0, down=70_000, ended="down_cap")


async def test_time_ends_a_tunnel_that_does_nothing(open_tunnel: OpenTunnel) -> None:
    tunnel = await open_tunnel(seconds=0.05)

    assert await read_all(tunnel.near) == b""
    assert await tunnel.end() == Spliced(up=0, down=0, ended="time")


async def test_time_ends_a_tunnel_whose_end_does_not_read(open_tunnel: OpenTunnel) -> None:
    tunnel = await open_tunnel(up_cap=1 << 40, seconds=0.1)

    with trio.fail_after(5), pytest.raises(trio.BrokenResourceError):
        await tunnel.near.send_all(bytes(1 << 26))

    assert (await tunnel.end()).ended == "time"


async def test_a_side_that_breaks_closes_the_other(open_tunnel: OpenTunnel, secured: Secured) -> None:
    client, server = await secured()
    tunnel = await open_tunnel(near=(client, server))

    await client.send_all(b"x")
    assert await tunnel.far.receive_some(1) == b"x"
    await trio.aclose_forcefully(client)

    assert await read_all(tunnel.far) == b""
    assert (await tunnel.end()).ended == "closed"


async def test_tls_to_a_second_relay_goes_through_a_first_that_cannot_read_it(
    open_tunnel: OpenTunnel, secured: Secured, nursery: trio.Nursery
) -> None:
    # CIR-1
    tunnel = await open_tunnel(up_cap=65_536, down_cap=1 << 20, near=await secured())
    behind = Identity(b"2" * 32)
    heard: list[bytes] = []

    async def second_relay() -> None:
        stream = await tls.accept(tunnel.far, tls.server_context(behind))
        heard.append(bytes(await stream.receive_some(100)))
        await stream.send_all(bytes(32_768))
        await stream.aclose()

    nursery.start_soon(second_relay)
    with trio.fail_after(5):
        inner = await tls.connect_pinned(tunnel.near, behind.key)
        await inner.send_all(b"for the second alone")
        assert len(await read_all(inner)) == 32_768

    assert heard == [b"for the second alone"]
    await inner.aclose()
    result = await tunnel.end()
    assert result.ended == "closed"
    assert 32_768 < result.down < 36_000
