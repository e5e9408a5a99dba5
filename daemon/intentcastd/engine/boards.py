"""Reading boards for visits: an exit's links to the boards, each shared by all visits that read there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import trio

from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay
from intentcast.machines.effects import ReadBoard
from intentcast.machines.inputs import BoardLost, BoardSaid, FrameReceived, Input, Token
from intentcast.networks import Network
from intentcast.wire.frames import Error, Frame, Notes, Stop
from intentcastd.engine.dialling import dial_relay
from intentcastd.engine.links import Links
from intentcastd.engine.queue import Queue
from intentcastd.engine.session import Session, SessionLost, open_session
from intentcastd.errors import IntentcastdError

RETRY_SECONDS = 2.0
"""How long a visit that is held open waits before it reads a lost board again."""

Say = Callable[["BoardLost | BoardSaid | FrameReceived"], None]
Bring = Callable[[BoardSaid], Awaitable[None]]
LookUp = Callable[[RelayKey], KnownRelay | None]


class BoardReads:
    """All reads that go on for visits which end at this exit."""

    def __init__(self, network: Network, own: RelayKey, links: Links, look_up: LookUp, inbox: Queue[Input]) -> None:
        self._network = network
        self._own = own
        self._look_up = look_up
        self._say: Say = inbox.post
        # What boards of others say waits for its turn like all that comes from links.
        self._bring: Bring = inbox.put
        self._reads: dict[Token, list[trio.CancelScope]] = {}
        self._sessions: dict[RelayKey, Session] = {}
        self._wanted: dict[RelayKey, trio.Event] = {}
        self._local_requests: dict[int, tuple[Token, int]] = {}
        self._local = links.add_local(self._local_said)
        self._last = 0

    def start(self, effect: ReadBoard, nursery: trio.Nursery) -> None:
        """Begin to read; what the board says comes in by itself."""
        if effect.key == self._own:
            self._last += 1
            self._local_requests[self._last] = (effect.visit, effect.board)
            self._say(FrameReceived(self._local, effect.read, self._last))
            return
        scope = trio.CancelScope()
        self._reads.setdefault(effect.visit, []).append(scope)
        nursery.start_soon(self._read, effect, scope, nursery)

    def end(self, visit: Token) -> None:
        """Stop all reads of a visit."""
        for scope in self._reads.pop(visit, []):
            scope.cancel()
        for request in [number for number, (token, _) in self._local_requests.items() if token == visit]:
            del self._local_requests[request]
            self._say(FrameReceived(self._local, Stop(), request))

    def _local_said(self, frame: Frame, request: int) -> None:
        """Our own board answered."""
        visit, board = self._local_requests.get(request, (None, 0))
        if visit is None:
            return
        if isinstance(frame, Notes):
            self._say(BoardSaid(visit, board, frame))
        elif isinstance(frame, Error):
            self._say(BoardLost(visit, board))

    async def _read(self, effect: ReadBoard, scope: trio.CancelScope, nursery: trio.Nursery) -> None:
        with scope:
            while True:
                with suppress(IntentcastdError, trio.EndOfChannel):
                    session = await self._session(effect.key, nursery)
                    await self._take(session, effect)
                    if not effect.read.follow:
                        return
                self._say(BoardLost(effect.visit, effect.board))
                if not effect.read.follow:
                    return
                await trio.sleep(RETRY_SECONDS)

    async def _take(self, session: Session, effect: ReadBoard) -> None:
        async with session.listen(effect.read) as answers:
            async for frame in answers:
                if isinstance(frame, Error):
                    raise _no_answer()
                if isinstance(frame, Notes):
                    await self._bring(BoardSaid(effect.visit, effect.board, frame))
                    if frame.head is not None and not effect.read.follow:
                        return
        raise _no_answer()

    async def _session(self, key: RelayKey, nursery: trio.Nursery) -> Session:
        """Return the shared session with a board, opened if there is none."""
        session = self._sessions.get(key)
        if session is not None:
            return session
        opened = self._wanted.get(key)
        if opened is None:
            opened = self._wanted[key] = trio.Event()
            nursery.start_soon(self._hold, key, opened)
        await opened.wait()
        session = self._sessions.get(key)
        if session is None:
            raise _no_answer()
        return session

    async def _hold(self, key: RelayKey, opened: trio.Event) -> None:
        """Keep one session with a board open until it ends."""
        try:
            relay = self._look_up(key)
            if relay is None:
                return
            with suppress(IntentcastdError):
                stream = await dial_relay(relay, self._network)
                async with open_session(stream, self._network, relay.key) as session:
                    self._sessions[key] = session
                    opened.set()
                    await session.ended()
        finally:
            self._sessions.pop(key, None)
            self._wanted.pop(key, None)
            opened.set()


def _no_answer() -> SessionLost:
    return SessionLost("A board does not answer.", "It is read again.")
