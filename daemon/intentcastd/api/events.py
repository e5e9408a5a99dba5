"""The event stream: one JSON object a line, numbered, to begin from any number, and to follow.

It pulls: each stream asks for what comes after the number that it sent last. So a reader that is slow loses nothing and
holds nobody up, and there is no queue to overflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
import trio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from intentcastd import clock
from intentcastd.api import shapes
from intentcastd.api.backend import Backend
from intentcastd.api.op import NDJSON, Op, call_of

HEARTBEAT_SECONDS = 15.0
BATCH = 256
# The largest number that every reader of JSON keeps exactly; the store counts no further than 2^63.
MAX_NUMBER = 2**53 - 1
ENDING = "daemon.ending"
HEARTBEAT = "heartbeat"


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where, and whether to stay: without `since` only what comes from now on."""

    since: Annotated[int, msgspec.Meta(ge=0, le=MAX_NUMBER)] | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """All that one event stream needs besides its connection.

    Attributes:
        since: the number after which it begins.
        ending: set when the daemon begins to end; the stream says so and ends.
        heartbeat_seconds: after so long without an event a line says that all is well.
    """

    backend: Backend
    since: int
    follow: bool
    ending: trio.Event
    heartbeat_seconds: float

    async def run(self, write: trio.MemorySendChannel[bytes]) -> None:
        """Hand on the lines one by one until all is said."""
        last = self.since
        if self.follow:
            await write.send(_line(self._mark(last, HEARTBEAT)))
        while True:
            batch = await self.backend.events(last, BATCH)
            for event in batch:
                await write.send(_line(event))
                last = event.n
            if batch:
                continue
            if not self.follow:
                return
            if self.ending.is_set():
                await write.send(_line(self._mark(last, ENDING)))
                return
            if not await self._wait(last):
                await write.send(_line(self._mark(last, HEARTBEAT)))

    async def _wait(self, last: int) -> bool:
        """Wait for an event or for the end of the daemon; return whether one of them came."""
        with trio.move_on_after(self.heartbeat_seconds):
            async with trio.open_nursery() as nursery:

                async def until_ending() -> None:
                    await self.ending.wait()
                    nursery.cancel_scope.cancel()

                nursery.start_soon(until_ending)
                await self.backend.wait_for_event(last)
                nursery.cancel_scope.cancel()
            return True
        return False

    @staticmethod
    def _mark(last: int, name: str) -> shapes.Event:
        """Return a line of the stream itself: it repeats the last number, so that `since` may name it."""
        return shapes.Event(n=last, at=clock.unix_seconds(), event=name)


class Lines(Response):
    """A response that writes while it is being made, and stops when its reader goes away."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(media_type=NDJSON)
        del self.headers["content-length"]
        self.stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with trio.open_nursery() as nursery:

            async def until_gone() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                nursery.cancel_scope.cancel()

            nursery.start_soon(until_gone)
            sender, lines = trio.open_memory_channel[bytes](0)
            nursery.start_soon(_run, self.stream, sender)
            async with lines:
                async for line in lines:
                    await send({"type": "http.response.body", "body": line, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            nursery.cancel_scope.cancel()


async def _run(stream: Stream, sender: trio.MemorySendChannel[bytes]) -> None:
    async with sender:
        await stream.run(sender)


def _line(event: shapes.Event) -> bytes:
    return msgspec.json.encode(event) + b"\n"


async def _events(request: Request) -> Response:
    call = call_of(request)
    query = call.query(EventsQuery)
    since = await call.backend.last_event() if query.since is None else query.since
    state = request.app.state
    return Lines(Stream(call.backend, since, query.follow, state.ending, state.heartbeat_seconds))


events = Op(
    method="GET",
    path="/v1/events",
    name="events",
    summary="What happened since a number, and with follow=true what happens",
    endpoint=_events,
    returns=shapes.Event,
    media=NDJSON,
    query=EventsQuery,
)

OPS = (events,)
