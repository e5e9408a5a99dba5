"""What a relay keeps is committed together while inputs wait, at once when none does, and never much later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
import trio.testing

from intentcast.ids import RelayKey
from intentcast.machines.effects import Keep, Kept
from intentcast.machines.inputs import Input, Stored, Tick, Token
from intentcast.testing.samples import Samples
from intentcastd.engine.links import Links
from intentcastd.engine.perform import COMMIT_ROWS, COMMIT_SECONDS, Performer
from intentcastd.engine.queue import Queue
from intentcastd.store import envelopes
from intentcastd.store.database import Database

SAMPLES = Samples()
BOARD = RelayKey(SAMPLES.key().public)


class Desk:
    """A performer with its inbox and its store."""

    def __init__(self, database: Database, nursery: trio.Nursery) -> None:
        self.database = database
        self.inbox = Queue[Input](16)
        self.performer = Performer(database, Links(), self.inbox, nursery)

    def keep(self, token: int, count: int = 1) -> None:
        """Perform an effect that keeps so many RFPs; then a turn of the pump ends."""
        kept = tuple(Kept(SAMPLES.buyer((BOARD,)).envelope, "bt-6-3-2") for _ in range(count))
        assert self.performer(Keep(Token(token), kept)) is None
        self.performer.settle()

    async def stored(self, count: int) -> list[int]:
        """Take so many answers of the store; other inputs are left out."""
        tokens: list[int] = []
        with trio.fail_after(1):
            while len(tokens) < count:
                item = await self.inbox.take()
                if isinstance(item, Stored):
                    assert not item.full
                    tokens.append(item.token)
        return tokens


@pytest.fixture
async def desk(tmp_path: Path, mock_clock: trio.testing.MockClock) -> AsyncIterator[Desk]:
    async with Database.open(tmp_path / "relay.db") as database, trio.open_nursery() as nursery:
        yield Desk(database, nursery)


async def test_what_comes_alone_is_committed_at_once(desk: Desk) -> None:
    desk.keep(1)

    assert await desk.stored(1) == [1]
    assert await desk.database.read(envelopes.count) == 1


async def test_what_is_kept_while_inputs_wait_is_committed_together_and_each_is_answered(desk: Desk) -> None:
    desk.inbox.post(Tick())
    for token in (1, 2, 3):
        desk.keep(token)
    assert desk.database.waiting() == 0

    await desk.inbox.take()
    desk.performer.settle()

    assert await desk.stored(3) == [1, 2, 3]
    assert desk.database.commits == 1
    assert await desk.database.read(envelopes.count) == 3


async def test_inputs_that_never_end_do_not_hold_a_commit_back(desk: Desk, mock_clock: trio.testing.MockClock) -> None:
    desk.inbox.post(Tick())
    desk.keep(1)
    mock_clock.jump(COMMIT_SECONDS)
    desk.performer.settle()

    assert await desk.stored(1) == [1]


async def test_many_rows_are_committed_though_inputs_wait(desk: Desk) -> None:
    desk.inbox.post(Tick())
    desk.keep(1, COMMIT_ROWS)

    assert await desk.stored(1) == [1]
