"""News: numbered events that are on disk before anybody hears of them, for whoever follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import trio

from intentcastd import clock
from intentcastd.store import events
from intentcastd.store.database import Connection, Database
from intentcastd.store.events import Event

Data: TypeAlias = "Mapping[str, object]"

KEEP = 10_000
"""Events kept on disk; who comes back after more than these reads the lists instead."""


class News:
    """One profile's events."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._arrived = trio.Event()
        self._ended = False

    async def tell(
        self, name: str, data: Data, change: Callable[[Connection], object] = lambda connection: None
    ) -> Event | None:
        """Make a change and its event in one transaction; nothing is told if the change returns False."""

        def both(connection: Connection) -> Event | None:
            if change(connection) is False:
                return None
            event = events.append(connection, clock.unix_seconds(), name, data)
            if event.n % 100 == 0:
                events.prune(connection, KEEP)
            return event

        event = await self._database.write(both)
        if event is not None:
            self._wake()
        return event

    def end(self) -> None:
        """Nothing more will come: let everybody who follows go."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        self._arrived.set()
        self._arrived = trio.Event()

    async def after(self, n: int) -> None:
        """Return when there is an event after number n, or when the daemon ends."""
        while True:
            arrived = self._arrived
            if self._ended or await self._database.read(events.last) > n:
                return
            await arrived.wait()
