"""The inbox of a machine: what links bring waits its turn, what the store and the clock bring does not.

Two ways in. `put` waits while the inbox is full, so a link that brings too much is slowed down by its own TCP window.
`post` never waits: it is for answers to what the machine itself has asked for, and those are bounded where they are asked.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

import trio

T = TypeVar("T")


class Queue(Generic[T]):
    """Many tasks put, one takes."""

    def __init__(self, most: int) -> None:
        self._items: deque[T] = deque()
        self._room = trio.Semaphore(most)
        self._slots: deque[bool] = deque()
        self._arrived = trio.Event()

    def __len__(self) -> int:
        return len(self._items)

    async def put(self, item: T) -> None:
        """Wait for room and put an item in."""
        await self._room.acquire()
        self._push(item, slot=True)

    def post(self, item: T) -> None:
        """Put an item in at once."""
        self._push(item, slot=False)

    def _push(self, item: T, *, slot: bool) -> None:
        self._items.append(item)
        self._slots.append(slot)
        self._arrived.set()

    async def take(self) -> T:
        """Wait for an item and take it."""
        while not self._items:
            self._arrived = trio.Event()
            await self._arrived.wait()
        if self._slots.popleft():
            self._room.release()
        return self._items.popleft()
