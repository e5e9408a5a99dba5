"""Links: whole frames, a bounded outbox, one write for many frames, and an end that hangs on nobody."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

import pytest
import trio

from intentcast.encoding.framing import frame
from intentcast.errors import Misuse, Rejected
from intentcast.limits import FIRST_FRAME_BYTES, LINK_OUTBOX_FRAMES, MAX_FRAME_BYTES
from intentcastd.net import tls
from intentcastd.net.errors import LinkClosed
from intentcastd.net.link import Link, LinkStream
from intentcastd.net.tls import Identity, TlsStream

Secured = Callable[[], Awaitable[tuple[TlsStream, TlsStream]]]
Sockets = Callable[[], Awaitable[tuple[trio.SocketStream, trio.SocketStream]]]


class Counted(trio.abc.Stream):
    """A stream that counts what is sent through it, and in how many calls."""

    def __init__(self, inner: trio.abc.Stream) -> None:
        self.inner = inner
        self.sends: list[int] = []

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        self.sends.append(len(data))
        await self.inner.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self.inner.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        return await self.inner.receive_some(max_bytes)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def receive(link: Link, count: int) -> list[bytes]:
    payloads: list[bytes] = []
    with trio.fail_after(10):
        while len(payloads) < count:
            payloads += await link.receive()
    return payloads


async def test_frames_arrive_whole_and_in_order(secured: Secured, nursery: trio.Nursery) -> None:
    here, there = map(Link, await secured())
    for link in (here, there):
        await nursery.start(link.run)
    sent = [os.urandom(size) for size in (1, 100, 16_000, MAX_FRAME_BYTES, 3)]

    assert all(here.send(payload) for payload in sent)
    assert there.send(b"back")

    assert await receive(there, 5) == sent
    assert await receive(here, 1) == [b"back"]
    assert here.sent_bytes == there.received_bytes == sum(len(payload) + 4 for payload in sent)
    here.close()
    there.close()


async def test_sixty_four_frames_of_a_kilobyte_are_one_write(secured: Secured, nursery: trio.Nursery) -> None:
    client, server = await secured()
    counted = Counted(client)
    here, there = Link(counted), Link(server)
    await nursery.start(here.run)

    for _ in range(64):
        assert here.send(bytes(1024))
    assert len(await receive(there, 64)) == 64

    assert counted.sends == [64 * 1028]
    here.send(b"one alone is not kept waiting")
    await receive(there, 1)
    assert len(counted.sends) == 2
    here.abort()
    there.abort()
    await there.run()


async def test_more_than_that_is_several_writes_of_at_most_one_frame_over_64_kib(
    secured: Secured, nursery: trio.Nursery
) -> None:
    client, server = await secured()
    counted = Counted(client)
    here, there = Link(counted), Link(server)
    await nursery.start(here.run)

    for _ in range(200):
        here.send(bytes(1024))
    await receive(there, 200)

    assert counted.sends == [64 * 1028, 64 * 1028, 64 * 1028, 8 * 1028]
    here.abort()


async def test_a_peer_that_stops_reading_fills_the_outbox_and_nothing_waits(
    secured: Secured, nursery: trio.Nursery
) -> None:
    client, _stalled = await secured()
    link = Link(client)
    done = trio.Event()

    async def run() -> None:
        await link.run()
        done.set()

    nursery.start_soon(run)
    taken = 0
    for _ in range(1000):
        while link.send(bytes(8000)):
            taken += 1
        await trio.lowlevel.checkpoint()
    assert not link.send(bytes(8000))
    assert link.waiting() <= LINK_OUTBOX_FRAMES
    assert taken < 5000, "what the system's buffers and the outbox hold, and no more"

    link.close()
    with trio.fail_after(5):
        await done.wait()
    assert not link.is_open


async def test_cancelling_a_link_to_a_stalled_peer_ends_it_at_once(secured: Secured) -> None:
    client, _stalled = await secured()
    link = Link(client)

    with trio.fail_after(1):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(link.run)
            for _ in range(100):
                while link.send(bytes(60_000)):
                    pass
                await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()


async def test_the_outbox_is_bounded_in_frames_and_in_bytes(secured: Secured) -> None:
    client, _ = await secured()
    many, large = Link(client), Link(client)

    assert sum(many.send(b"x") for _ in range(1000)) == LINK_OUTBOX_FRAMES
    assert sum(large.send(bytes(MAX_FRAME_BYTES)) for _ in range(1000)) == 31


async def test_closing_sends_what_is_in_the_outbox_and_then_says_goodbye(
    secured: Secured, nursery: trio.Nursery
) -> None:
    here, there = map(Link, await secured())
    await nursery.start(here.run)

    for number in range(100):
        here.send(b"%d" % number)
    here.close()
    assert not here.send(b"too late")

    assert len(await receive(there, 100)) == 100
    with pytest.raises(LinkClosed), trio.fail_after(5):
        await there.receive()


async def test_a_peer_that_vanishes_closes_the_link(secured: Secured, nursery: trio.Nursery) -> None:
    client, server = await secured()
    link = Link(client)
    await nursery.start(link.run)
    await trio.aclose_forcefully(server)

    with pytest.raises(LinkClosed), trio.fail_after(5):
        await link.receive()
    link.close()


async def test_a_length_over_the_limit_is_the_peers_fault(secured: Secured) -> None:
    client, server = await secured()
    link = Link(server)
    await client.send_all((MAX_FRAME_BYTES + 1).to_bytes(4, "big"))

    with pytest.raises(Rejected, match="FRM-1"), trio.fail_after(5):
        await link.receive()


async def test_the_hello_is_read_alone_and_kept_small(secured: Secured) -> None:
    client, server = await secured()
    link = Link(server, largest=FIRST_FRAME_BYTES)
    await client.send_all(frame(b"hello") + frame(bytes(5000)) + frame(b"third"))

    with trio.fail_after(5):
        assert await link.receive(at_most=1) == [b"hello"]
        link.largest = MAX_FRAME_BYTES
        assert await link.receive(at_most=1) == [bytes(5000)]
        assert await link.receive() == [b"third"]

    await client.send_all(frame(bytes(2000)))
    strict = Link(server, largest=FIRST_FRAME_BYTES)
    with pytest.raises(Rejected), trio.fail_after(5):
        await strict.receive(at_most=1)


async def test_our_own_frame_that_is_too_large_is_our_fault(secured: Secured) -> None:
    client, _ = await secured()

    with pytest.raises(Misuse):
        Link(client).send(bytes(MAX_FRAME_BYTES + 1))


async def test_after_a_connect_the_bytes_that_follow_are_a_stream(secured: Secured, nursery: trio.Nursery) -> None:
    client, server = await secured()
    here, there = Link(client), Link(server)
    await nursery.start(here.run)
    await nursery.start(there.run)

    here.send(b"connect")
    assert await there.receive(at_most=1) == [b"connect"]
    there.send(b"done")
    behind = await there.into_stream()
    await behind.send_all(b"\x16these are no frames")
    assert await here.receive(at_most=1) == [b"done"]
    tunnel = await here.into_stream()

    assert await read_exactly(tunnel, 20) == b"\x16these are no frames"
    await tunnel.send_all(b"up")
    assert await read_exactly(behind, 2) == b"up"
    assert not here.send(b"no more frames")
    await tunnel.aclose()
    assert await behind.receive_some(1) == b""


async def read_exactly(stream: trio.abc.Stream, count: int) -> bytes:
    data = b""
    with trio.fail_after(5):
        while len(data) < count:
            more = await stream.receive_some(count - len(data))
            assert more, "the stream ended"
            data += more
    return data


async def test_the_bytes_that_were_read_too_far_come_first(sockets: Sockets) -> None:
    client, server = await sockets()
    stream = LinkStream(b"head", client)
    await server.send_all(b"tail")

    assert await stream.receive_some(3) == b"hea"
    assert await stream.receive_some() == b"d"
    assert await read_exactly(stream, 4) == b"tail"


async def test_a_link_that_broke_has_no_stream(secured: Secured, nursery: trio.Nursery) -> None:
    client, _stalled = await secured()
    link = Link(client)
    await nursery.start(link.run)
    link.abort()

    with pytest.raises(LinkClosed):
        await link.into_stream()


async def test_giving_up_on_handing_over_to_a_stalled_peer_closes_the_link(secured: Secured) -> None:
    client, _stalled = await secured()
    link = Link(client)
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            await nursery.start(link.run)
            for _ in range(200):
                while link.send(bytes(60_000)):
                    pass
                await trio.lowlevel.checkpoint()
            with trio.move_on_after(0.05):
                await link.into_stream()
    with pytest.raises(trio.ClosedResourceError):
        await client.send_all(b"x")


async def test_a_link_runs_inside_tls_inside_a_link(secured: Secured, nursery: trio.Nursery, relay: Identity) -> None:
    outer_client, outer_server = map(Link, await secured())
    for link in (outer_client, outer_server):
        await nursery.start(link.run)
    exit_relay = Identity(b"e" * 32)
    inner: list[Link] = []

    async def accept() -> None:
        inner.append(Link(await tls.accept(await outer_server.into_stream(), tls.server_context(exit_relay))))
        await nursery.start(inner[0].run)

    async with trio.open_nursery() as handshakes:
        handshakes.start_soon(accept)
        client = Link(await tls.connect_pinned(await outer_client.into_stream(), exit_relay.key))
    await nursery.start(client.run)

    client.send(b"visit")
    assert await receive(inner[0], 1) == [b"visit"]
    assert inner[0].send(bytes(32_000))
    assert await receive(client, 1) == [bytes(32_000)]
    client.close()
    inner[0].close()
