"""A link that we opened, as a client: what we ask, and the answers that belong to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import trio

from intentcast.crypto.keys import SigningKey
from intentcast.errors import IntentcastError, Rejected
from intentcast.ids import RelayKey
from intentcast.limits import HANDSHAKE_SECONDS, IDLE_SECONDS
from intentcast.machines.link import hello, welcomed_untrusted
from intentcast.networks import Network
from intentcast.wire.codec import frame_untrusted, payload_of
from intentcast.wire.frames import Error, Frame, Give, Ping, Pong, Stop
from intentcastd.errors import IntentcastdError
from intentcastd.net.errors import LinkClosed
from intentcastd.net.link import Link

ANSWER_SECONDS = 15.0
"""How long an answer may take before the link counts as dead."""

_FRAMES_WAITING = 64


class SessionLost(IntentcastdError):
    """The relay ended the link, or does not answer."""

    code = "relay_lost"
    exit = 6


class Refused(IntentcastdError):
    """The relay said no; `error` is its answer."""

    code = "relay_refused"
    exit = 6

    def __init__(self, error: Error) -> None:
        super().__init__(f"The relay refused: {error.code}.", "See the error codes in the specification (frames).")
        self.error = error


class Session:
    """Requests and answers over one link. Made by `open_session`."""

    def __init__(self, link: Link, surcharge: int) -> None:
        self.surcharge = surcharge
        """Bits of work that this relay asks above the network's price."""
        self.handed_over = False
        self._link = link
        self._last = 0
        self._answers: dict[int, trio.MemorySendChannel[Frame]] = {}
        self._give, self.gives = trio.open_memory_channel[Give](_FRAMES_WAITING)
        self._reading = trio.CancelScope()
        self._ended = trio.Event()

    async def ended(self) -> None:
        """Wait for the end of the link."""
        await self._ended.wait()

    async def ask(self, frame: Frame, seconds: float = ANSWER_SECONDS) -> Frame:
        """Ask and return the one answer.

        Raises:
            Refused: the answer is an error.
            SessionLost: there is none.
        """
        async with self.listen(frame, stop=False) as answers:
            return await first(answers, seconds)

    @asynccontextmanager
    async def listen(self, frame: Frame, *, stop: bool = True) -> AsyncIterator[trio.MemoryReceiveChannel[Frame]]:
        """Ask, and take every answer that comes until the block ends.

        Args:
            stop: tell the relay at the end that no more is wanted.
        """
        if self._ended.is_set():
            raise _lost()
        self._last += 1
        request = self._last
        send, receive = trio.open_memory_channel[Frame](_FRAMES_WAITING)
        self._answers[request] = send
        try:
            self._write(frame, request)
            async with receive:
                yield receive
        finally:
            del self._answers[request]
            if stop and not self._ended.is_set():
                with suppress(SessionLost):
                    self._write(Stop(), request)

    async def becomes_stream(self, frame: Frame) -> trio.abc.Stream:
        """Ask for a tunnel, and return the link's bytes from the answer on (CIR-2).

        The session is over after that.
        """
        await self.ask(frame)
        # The bytes that follow are the tunnel's: our reader must not take one of them.
        self._reading.cancel()
        await self._ended.wait()
        stream = await self._link.into_stream()
        self.handed_over = True
        return stream

    def _write(self, frame: Frame, request: int) -> None:
        if not self._link.send(payload_of(frame, request)):
            self._ended.set()
            raise _lost()

    async def _read(self) -> None:
        """Give each frame to whoever asked for it; a dead link ends every request."""
        try:
            with self._reading:
                while True:
                    with trio.fail_after(IDLE_SECONDS + ANSWER_SECONDS):
                        payloads = await self._receive()
                    for payload in payloads:
                        await self._deliver(*frame_untrusted(payload))
        finally:
            self._ended.set()
            self._give.close()
            for channel in self._answers.values():
                channel.close()

    async def _receive(self) -> list[bytes]:
        """Receive, and ask whether anybody is there when nothing comes for long (LNK-7)."""
        with trio.move_on_after(IDLE_SECONDS):
            return await self._link.receive()
        self._write(Ping(), 0)
        return await self._link.receive()

    async def _deliver(self, frame: Frame, request: int) -> None:
        if isinstance(frame, Ping):
            self._write(Pong(), request)
        elif request in self._answers:
            with suppress(trio.BrokenResourceError):
                await self._answers[request].send(frame)
        elif isinstance(frame, Give):
            await self._give.send(frame)


async def first(answers: trio.MemoryReceiveChannel[Frame], seconds: float = ANSWER_SECONDS) -> Frame:
    """Return the next answer, or raise Refused or SessionLost."""
    try:
        with trio.fail_after(seconds):
            frame = await answers.receive()
    except (trio.EndOfChannel, trio.TooSlowError):
        raise _lost() from None
    if isinstance(frame, Error):
        raise Refused(frame)
    return frame


def _lost() -> SessionLost:
    return SessionLost("The link to the relay ended.", "It is tried again; see: intentcast status")


@asynccontextmanager
async def open_session(
    stream: trio.abc.Stream, network: Network, server: RelayKey, relay: SigningKey | None = None
) -> AsyncIterator[Session]:
    """Say hello on a pinned stream and use it as a client until the block ends.

    Args:
        relay: our own key if we speak as a relay; else we are anonymous.

    Raises:
        SessionLost: the relay does not answer, or not as a relay does.
        Refused: it refuses the link.
    """
    link = Link(stream)
    session: Session | None = None
    failure: Exception | None = None
    try:
        async with trio.open_nursery() as nursery:
            await nursery.start(link.run)
            # What fails in here leaves as it is: a nursery would wrap it into a group, and no caller would know it.
            try:
                session = Session(link, await _greet(link, network, server, relay))
                nursery.start_soon(_quietly, session)
                yield session
            except Exception as error:  # noqa: BLE001  # raised again below
                failure = error
            nursery.cancel_scope.cancel()
        if failure is not None:
            raise failure
    finally:
        # A link that became a tunnel's stream is closed by whoever has the stream now.
        if session is None or not session.handed_over:
            with trio.CancelScope(shield=True):
                await trio.aclose_forcefully(stream)


async def _greet(link: Link, network: Network, server: RelayKey, relay: SigningKey | None) -> int:
    link.send(payload_of(hello(network.id, server, relay)))
    try:
        with trio.fail_after(HANDSHAKE_SECONDS):
            payloads = await link.receive(at_most=1)
        frame, _ = frame_untrusted(payloads[0])
        if isinstance(frame, Error):
            raise Refused(frame)
        return welcomed_untrusted(frame).surcharge
    except (trio.TooSlowError, LinkClosed, Rejected):
        raise _lost() from None


async def _quietly(session: Session) -> None:
    """Read until the link ends; that it ended is told to whoever waits for an answer."""
    with suppress(trio.TooSlowError, trio.BrokenResourceError, LinkClosed, IntentcastError, SessionLost):
        await session._read()
