"""Links as a relay has them: hello, then frames into the machine, until the link ends or becomes a tunnel."""

from __future__ import annotations

import trio

from intentcast.crypto.keys import SigningKey
from intentcast.errors import Rejected
from intentcast.ids import RelayKey
from intentcast.limits import FIRST_FRAME_BYTES, HANDSHAKE_SECONDS, IDLE_SECONDS, MAX_FRAME_BYTES
from intentcast.machines.inputs import FrameReceived, Input, LinkDown, LinkUp
from intentcast.machines.link import VERSION, greeted_untrusted, hello, welcomed_untrusted
from intentcast.networks import Network
from intentcast.wire.codec import frame_untrusted, payload_of
from intentcast.wire.frames import Connect, Error, Ping, Welcome
from intentcastd import clock, log
from intentcastd.engine.links import Links, Port
from intentcastd.engine.queue import Queue
from intentcastd.net.errors import LinkClosed
from intentcastd.net.link import Link
from intentcastd.net.listen import Seat
from intentcastd.net.tls import TlsStream
from intentcastd.net.tunnel import splice

DECIDE_SECONDS = 30.0
"""Longest time until a connect is decided: dialling the next relay has a limit of its own below this."""

_log = log.get("link")


class Serving:
    """Brings links and the relay machine together."""

    def __init__(self, network: Network, key: SigningKey, links: Links, inbox: Queue[Input]) -> None:
        self._network = network
        self._key = key
        self._links = links
        self._inbox = inbox
        self.features: tuple[str, ...] = ()
        self.surcharge = 0

    async def accept(self, stream: TlsStream, seat: Seat) -> None:
        """Serve one link that somebody opened to us, until it ends."""
        link = Link(stream, largest=FIRST_FRAME_BYTES)
        async with trio.open_nursery() as nursery:
            await nursery.start(link.run)
            key, welcome = None, False
            try:
                with trio.fail_after(HANDSHAKE_SECONDS):
                    frame, _ = frame_untrusted((await link.receive(at_most=1))[0])
                key = greeted_untrusted(frame, self._network.id, RelayKey(self._key.public))
                welcome = True
            except Rejected as error:
                link.send(payload_of(Error(error.code)))
            except (LinkClosed, trio.TooSlowError):
                pass
            if welcome and key is None and seat.is_crowded:
                link.send(payload_of(Error("busy")))
                welcome = False
            if welcome:
                if key is not None:
                    seat.prove()
                link.largest = MAX_FRAME_BYTES
                link.send(payload_of(Welcome(VERSION, self.features, self.surcharge)))
                why = "relay that connected to us" if key else "peer that connected to us"
                await self._serve(link, key, why)
            link.close()

    async def connect(self, stream: TlsStream, server: RelayKey) -> None:
        """Serve one link that we opened to a relay, as a relay, until it ends."""
        try:
            await self._connected(stream, server)
        finally:
            with trio.CancelScope(shield=True):
                await trio.aclose_forcefully(stream)

    async def _connected(self, stream: TlsStream, server: RelayKey) -> None:
        link = Link(stream)
        async with trio.open_nursery() as nursery:
            await nursery.start(link.run)
            link.send(payload_of(hello(self._network.id, server, self._key, self.features)))
            try:
                with trio.fail_after(HANDSHAKE_SECONDS):
                    frame, _ = frame_untrusted((await link.receive(at_most=1))[0])
                welcomed_untrusted(frame)
                await self._serve(link, server, "relay that we connected to", chosen=True)
            except Rejected as error:
                _log.info("relay.refused_us", code=error.code)
            except (LinkClosed, trio.TooSlowError):
                pass
            link.close()

    async def _serve(self, link: Link, key: RelayKey | None, why: str, *, chosen: bool = False) -> None:
        port = Port(self._links.next_id(), link, key, why, clock.unix_seconds())
        self._links.add(port)
        await self._inbox.put(LinkUp(port.id, key, chosen))
        try:
            await self._read(port)
        except (LinkClosed, trio.TooSlowError):
            pass
        except Rejected as error:
            _log.info("link.fault", rule=error.rule)
            link.send(payload_of(Error(error.code)))
        finally:
            self._links.remove(port.id)
            self._inbox.post(LinkDown(port.id))
            if port.upstream is not None:
                with trio.CancelScope(shield=True):
                    await trio.aclose_forcefully(port.upstream)

    async def _read(self, port: Port) -> None:
        """Give each frame to the machine; a connect waits for what becomes of it."""
        while True:
            for payload in await self._receive(port):
                frame, request = frame_untrusted(payload)
                await self._inbox.put(FrameReceived(port.id, frame, request))
                if isinstance(frame, Connect) and await self._tunnelled(port):
                    return

    async def _receive(self, port: Port) -> list[bytes]:
        """Receive; ask after a while whether anybody is there, and end the link if nobody is (LNK-7)."""
        with trio.move_on_after(IDLE_SECONDS):
            return await port.link.receive()
        port.link.send(payload_of(Ping(), 1))
        with trio.move_on_after(IDLE_SECONDS):
            return await port.link.receive()
        raise LinkClosed("The peer is silent.", "It connects again by itself.")

    async def _tunnelled(self, port: Port) -> bool:
        """Wait for the machine's word on a connect; carry the tunnel's bytes if it was opened (CIR-2..CIR-4)."""
        with trio.fail_after(DECIDE_SECONDS):
            await port.tunnel.wait()
        upstream, port.upstream, port.tunnel = port.upstream, None, trio.Event()
        if upstream is None:
            return False
        network = self._network
        try:
            down = await port.link.into_stream()
            self._links.remove(port.id)
            await splice(down, upstream, network.circuit_up_bytes, network.circuit_down_bytes, network.circuit_seconds)
        finally:
            with trio.CancelScope(shield=True):
                await trio.aclose_forcefully(upstream)
        return True
