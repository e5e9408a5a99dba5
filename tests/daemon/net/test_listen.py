"""Listening and dialling: ports, caps, silent strangers, and what a person is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import trio

from intentcast.ids import RelayKey
from intentcastd.net import tls
from intentcastd.net.dial import dial, open_tcp
from intentcastd.net.errors import CannotListen, HandshakeFailed, PinMismatch, PortTaken, Unreachable
from intentcastd.net.listen import Seat, Seats, listen, serve
from intentcastd.net.tls import Identity, TlsStream


async def echo(stream: TlsStream, _seat: Seat) -> None:
    with suppress(trio.BrokenResourceError):
        async for data in stream:
            await stream.send_all(data)


@asynccontextmanager
async def serving(
    relay: Identity, seats: Seats, welcome: Callable[[TlsStream, Seat], Awaitable[None]] = echo, seconds: float = 10
) -> AsyncIterator[int]:
    listening = await listen("127.0.0.1", 0)
    async with trio.open_nursery() as nursery:

        async def run(task_status: trio.TaskStatus[None]) -> None:
            context = tls.server_context(relay)
            await serve(listening, context, seats, welcome, seconds=seconds, task_status=task_status)

        await nursery.start(run)
        yield listening.port
        nursery.cancel_scope.cancel()


async def ask(stream: TlsStream, question: bytes) -> bytes:
    with trio.fail_after(5):
        await stream.send_all(question)
        return bytes(await stream.receive_some(100))


async def test_a_free_port_is_told_and_answers(relay: Identity) -> None:
    async with serving(relay, Seats()) as port:
        assert port > 0
        async with await dial("127.0.0.1", port, relay.key) as stream:
            assert await ask(stream, b"hello") == b"hello"


async def test_a_name_with_several_addresses_gets_one_port(relay: Identity) -> None:
    listening = await listen("localhost", 0)
    ports = {listener.socket.getsockname()[1] for listener in listening.sockets}

    assert ports == {listening.port}
    for listener in listening.sockets:
        await listener.aclose()


async def test_a_taken_port_is_named_with_what_to_do() -> None:
    listening = await listen("127.0.0.1", 0)

    with pytest.raises(PortTaken, match=str(listening.port)) as caught:
        await listen("127.0.0.1", listening.port)
    assert "config.toml" in caught.value.hint
    for listener in listening.sockets:
        await listener.aclose()


async def test_an_address_that_is_not_this_machines_is_told() -> None:
    with pytest.raises(CannotListen, match=r"192\.0\.2\.1"):
        await listen("192.0.2.1", 0)


async def test_one_address_gets_so_many_links_and_room_comes_back(relay: Identity) -> None:
    # LNK-8
    seats = Seats(per_address=2)
    async with serving(relay, seats) as port:
        first, second = [await dial("127.0.0.1", port, relay.key) for _ in range(2)]
        with pytest.raises(HandshakeFailed), trio.fail_after(5):
            await dial("127.0.0.1", port, relay.key)
        assert seats.refused == 1

        await first.aclose()
        with trio.fail_after(5):
            while seats.anonymous > 1:
                await trio.lowlevel.checkpoint()
        async with await dial("127.0.0.1", port, relay.key) as third:
            assert await ask(third, b"x") == b"x"
        await second.aclose()


async def test_proven_relays_do_not_take_the_strangers_places(relay: Identity) -> None:
    seats = Seats(anonymous=1, per_address=None)

    async def proven(stream: TlsStream, seat: Seat) -> None:
        seat.prove()
        seat.prove()
        await echo(stream, seat)

    async with serving(relay, seats, proven) as port:
        streams = []
        for _ in range(3):
            streams.append(await dial("127.0.0.1", port, relay.key))
            assert await ask(streams[-1], b"y") == b"y"
        assert seats.anonymous == 0
        for stream in streams:
            await trio.aclose_forcefully(stream)
    assert seats.anonymous == 0


def test_a_whole_ipv6_site_counts_as_one_address() -> None:
    # LNK-8
    seats = Seats(per_address=1)

    assert seats.take("2001:db8:1:2::1") is not None
    assert seats.take("2001:db8:1:2:ffff::9") is None
    assert seats.take("2001:db8:1:3::1") is not None
    assert seats.take("fe80::1%eth0") is not None
    first = seats.take("::ffff:192.0.2.7")
    assert first is not None
    assert first.source == "192.0.2.7"
    assert seats.take("192.0.2.7") is None
    first.leave()
    first.leave()
    first.prove()
    assert seats.take("192.0.2.7") is not None
    assert seats.anonymous == 4


async def test_a_stranger_who_says_nothing_is_let_go_and_holds_nobody_up(relay: Identity) -> None:
    seats = Seats()
    async with serving(relay, seats, seconds=0.05) as port:
        silent = await trio.open_tcp_stream("127.0.0.1", port)
        async with await dial("127.0.0.1", port, relay.key) as stream:
            assert await ask(stream, b"z") == b"z"
        with trio.fail_after(5):
            assert await silent.receive_some(1) == b""
        await silent.aclose()


async def test_stopping_hangs_on_no_link(relay: Identity) -> None:
    async def flood(stream: TlsStream, _seat: Seat) -> None:
        while True:
            await stream.send_all(bytes(100_000))

    with trio.fail_after(3):
        async with serving(relay, Seats(), flood) as port:
            stalled = await dial("127.0.0.1", port, relay.key)
            assert await stalled.receive_some(1)
    await trio.aclose_forcefully(stalled)


async def test_nobody_there_is_unreachable(relay: Identity) -> None:
    listening = await listen("127.0.0.1", 0)
    for listener in listening.sockets:
        await listener.aclose()

    for host, port in (("127.0.0.1", listening.port), ("no..name", 1), ("127.0.0.1", 99_999_999)):
        with pytest.raises(Unreachable) as caught, trio.fail_after(10):
            await dial(host, port, relay.key)
        assert host not in str(caught.value)


async def test_somebody_else_there_is_a_mismatch(relay: Identity) -> None:
    async with serving(relay, Seats()) as port:
        with pytest.raises(PinMismatch):
            await dial("127.0.0.1", port, RelayKey(bytes(32)))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1"])
async def test_an_address_that_is_not_public_is_not_dialled_where_only_public_ones_are(
    host: str, relay: Identity
) -> None:
    # CIR-3
    listening = await listen("127.0.0.1", 0)
    async with trio.open_nursery() as nursery:
        connected = trio.Event()

        async def note(stream: trio.SocketStream) -> None:
            connected.set()

        nursery.start_soon(trio.serve_listeners, note, listening.sockets)

        with pytest.raises(Unreachable, match="not public"):
            await open_tcp(host, listening.port, public_only=True)

        assert not connected.is_set()
        nursery.cancel_scope.cancel()
