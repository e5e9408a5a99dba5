"""The event stream: from a number, on and on, and to a proper end."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import h11
import trio
import trio.testing
from memory_backend import MemoryBackend
from served_api import TOKEN, Served, serving

from intentcastd.api.events import Stream


class Follower:
    """Reads one stream line by line from a socket; httpx cannot leave a stream in the middle without a warning."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self.http = h11.Connection(h11.CLIENT)
        self.rest = b""

    async def ask(self, query: str) -> None:
        headers = [("Host", "intentcastd"), ("Connection", "close")]
        request = h11.Request(method="GET", target=f"/v1/events?{query}", headers=headers)
        await self.stream.send_all((self.http.send(request) or b"") + (self.http.send(h11.EndOfMessage()) or b""))
        answer = await self.event()
        assert isinstance(answer, h11.Response)
        assert answer.status_code == 200
        assert dict(answer.headers)[b"content-type"].startswith(b"application/x-ndjson")

    async def event(self) -> Any:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            self.http.receive_data(await self.stream.receive_some(65_536))
        return event

    async def next(self) -> dict[str, Any] | None:
        """Return the next line, None after the last one."""
        while b"\n" not in self.rest:
            event = await self.event()
            if isinstance(event, h11.EndOfMessage):
                return None
            assert isinstance(event, h11.Data)
            self.rest += event.data
        line, self.rest = self.rest.split(b"\n", 1)
        said: dict[str, Any] = json.loads(line)
        return said

    async def all(self) -> list[dict[str, Any]]:
        lines = []
        while (line := await self.next()) is not None:
            lines.append(line)
        return lines


@asynccontextmanager
async def following(served: Served, query: str) -> AsyncIterator[Follower]:
    async with await trio.open_unix_socket(served.bound.socket) as stream:
        follower = Follower(stream)
        await follower.ask(query)
        yield follower


async def test_what_happened_since_a_number_comes_in_order_and_ends(served: Served) -> None:
    for number in range(600):
        served.backend.happen("network", number=number)

    async with following(served, "since=100") as events:
        numbers = [event["n"] for event in await events.all()]

    assert numbers == list(range(101, 601))


async def test_a_stream_from_the_largest_number_is_empty_and_whole(served: Served) -> None:
    served.backend.happen("network", word="before")

    async with following(served, f"since={2**53 - 1}") as events:
        assert await events.all() == []


async def test_a_follower_gets_what_was_and_what_comes_without_a_gap(served: Served) -> None:
    served.backend.happen("network", word="before")
    async with following(served, "since=0&follow=true") as events:
        first, old = await events.next(), await events.next()
        served.backend.happen("network", word="after")
        new = await events.next()

    assert (first["event"], first["n"]) == ("heartbeat", 0)
    assert [(event["n"], event["data"]["word"]) for event in (old, new)] == [(1, "before"), (2, "after")]


async def test_without_since_only_what_comes_is_told(served: Served) -> None:
    served.backend.happen("network", word="before")
    async with following(served, "follow=true") as events:
        first = await events.next()
        served.backend.happen("network", word="after")
        new = await events.next()

    assert first["n"] == 1
    assert new["data"]["word"] == "after"


async def test_the_stream_says_when_the_daemon_ends_after_all_that_happened(tmp_path: Path) -> None:
    async with serving(tmp_path) as served, following(served, "since=0&follow=true") as events:
        await events.next()
        served.backend.happen("network", word="last")
        served.stop.set()
        rest = await events.all()

    assert [event["event"] for event in rest] == ["network", "daemon.ending"]
    assert rest[-1]["n"] == 1


async def test_many_followers_each_get_everything(served: Served) -> None:
    seen: list[list[int]] = []

    async def follow(task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        async with following(served, "since=0&follow=true") as events:
            await events.next()
            task_status.started()
            seen.append([(await events.next())["n"] for _ in range(50)])

    async with trio.open_nursery() as nursery:
        for _ in range(10):
            await nursery.start(follow)
        for number in range(50):
            served.backend.happen("network", number=number)

    assert seen == [list(range(1, 51))] * 10


async def test_a_follower_that_goes_away_leaves_no_task_behind(served: Served) -> None:
    before = trio.lowlevel.current_statistics().tasks_living
    async with following(served, "follow=true") as events:
        await events.next()
    with trio.fail_after(5):
        while trio.lowlevel.current_statistics().tasks_living > before:
            await trio.lowlevel.checkpoint()


async def test_the_stream_needs_the_token(served: Served) -> None:
    answer = await served.tcp.get("/v1/events?follow=true", headers={"Authorization": f"Bearer {TOKEN[::-1]}"})

    assert answer.status_code == 401


async def test_a_quiet_stream_shows_every_15_seconds_that_it_lives(autojump_clock: trio.testing.MockClock) -> None:
    ending = trio.Event()
    sender, lines = trio.open_memory_channel[bytes](0)
    stream = Stream(MemoryBackend(ending), since=0, follow=True, ending=ending, heartbeat_seconds=15.0)
    begin = trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(partial(stream.run, sender))
        heard = [json.loads(await lines.receive())["event"] for _ in range(3)]
        nursery.cancel_scope.cancel()

    assert heard == ["heartbeat"] * 3
    assert trio.current_time() - begin == 30
