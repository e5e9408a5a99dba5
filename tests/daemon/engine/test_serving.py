"""A relay's links: greeting, silence, peers that do not read, tunnels; over streams in memory on a jumping clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing

from intentcast.crypto.keys import SigningKey
from intentcast.ids import RelayKey
from intentcast.limits import HANDSHAKE_SECONDS, IDLE_SECONDS, LINK_OUTBOX_FRAMES
from intentcast.machines.inputs import FrameReceived, Input, LinkDown, LinkId, LinkUp
from intentcast.machines.link import hello
from intentcast.networks import NETWORKS
from intentcast.wire.codec import frame_untrusted, payload_of
from intentcast.wire.frames import Error, Frame, Ping, Pong, Welcome
from intentcastd.engine.links import Links
from intentcastd.engine.queue import Queue
from intentcastd.engine.serving import Serving
from intentcastd.net.errors import LinkClosed
from intentcastd.net.link import Link
from intentcastd.net.listen import Seats

NETWORK = NETWORKS["test"]
RELAY, OTHER = SigningKey(bytes(32)), SigningKey(bytes([1]) * 32)


class Peer:
    """The other side of one link, and what the relay's machine got from it."""

    def __init__(self, link: Link, links: Links, inbox: Queue[Input]) -> None:
        self.link = link
        self.links = links
        self.inbox = inbox

    def say(self, frame: Frame, request: int = 0) -> None:
        assert self.link.send(payload_of(frame, request))

    async def hear(self) -> Frame:
        return frame_untrusted((await self.link.receive(at_most=1))[0])[0]

    async def greet(self, relay: SigningKey | None = None) -> LinkId:
        self.say(hello(NETWORK.id, RelayKey(RELAY.public), relay))
        assert isinstance(await self.hear(), Welcome)
        up = await self.inbox.take()
        assert isinstance(up, LinkUp)
        assert up.key == (relay.public if relay else None)
        return up.link


@asynccontextmanager
async def open_peer() -> AsyncIterator[Peer]:
    ours, theirs = trio.testing.memory_stream_pair()
    links, inbox = Links(), Queue[Input](16)
    serving = Serving(NETWORK, RELAY, links, inbox)
    seat = Seats().take("127.0.0.1")
    assert seat is not None
    link = Link(theirs)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(serving.accept, ours, seat)  # type: ignore[arg-type]  # any stream will do
        await nursery.start(link.run)
        yield Peer(link, links, inbox)
        nursery.cancel_scope.cancel()


async def test_a_stranger_is_welcomed_and_its_frames_reach_the_machine(autojump_clock: object) -> None:
    async with open_peer() as peer:
        link = await peer.greet()

        peer.say(Ping(), request=7)

        assert await peer.inbox.take() == FrameReceived(link, Ping(), 7)


async def test_a_relay_that_proves_its_key_is_known_by_it(autojump_clock: object) -> None:
    async with open_peer() as peer:
        await peer.greet(OTHER)

        assert peer.links.knows(RelayKey(OTHER.public))


async def test_who_says_no_hello_in_time_is_let_go(autojump_clock: trio.testing.MockClock) -> None:
    # LNK-3
    async with open_peer() as peer:
        began = trio.current_time()

        with pytest.raises(LinkClosed):
            await peer.link.receive()

        assert trio.current_time() - began >= HANDSHAKE_SECONDS


async def test_a_hello_of_another_network_is_answered_with_why(autojump_clock: object) -> None:
    async with open_peer() as peer:
        peer.say(hello(NETWORKS["demo"].id, RelayKey(RELAY.public), None))

        assert await peer.hear() == Error("network")
        with pytest.raises(LinkClosed):
            await peer.link.receive()


async def test_silence_is_asked_about_once_and_then_ends_the_link(autojump_clock: object) -> None:
    # LNK-7
    async with open_peer() as peer:
        link = await peer.greet()
        began = trio.current_time()

        assert isinstance(await peer.hear(), Ping)
        assert trio.current_time() - began >= IDLE_SECONDS
        with pytest.raises(LinkClosed):
            await peer.link.receive()

        assert trio.current_time() - began >= 2 * IDLE_SECONDS
        assert await peer.inbox.take() == LinkDown(link)


async def test_whoever_answers_the_ping_keeps_its_link(autojump_clock: object) -> None:
    # LNK-7
    async with open_peer() as peer:
        link = await peer.greet()

        for _ in range(3):
            assert isinstance(await peer.hear(), Ping)
            peer.say(Pong(), request=1)
            assert await peer.inbox.take() == FrameReceived(link, Pong(), 1)


async def test_a_peer_that_does_not_read_loses_its_link(autojump_clock: object) -> None:
    # LNK-9
    async with open_peer() as peer:
        link = await peer.greet()

        for _ in range(LINK_OUTBOX_FRAMES + 1):
            peer.links.send(link, Pong(), 1)

        assert await peer.inbox.take() == LinkDown(link)


async def test_bytes_that_are_no_frame_end_the_link_with_an_error(autojump_clock: object) -> None:
    async with open_peer() as peer:
        link = await peer.greet()

        assert peer.link.send(b"\xc1")

        assert await peer.hear() == Error("malformed")
        assert await peer.inbox.take() == LinkDown(link)
