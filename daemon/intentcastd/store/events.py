"""What happened, numbered: the page and the command line follow along and lose nothing when they were away.

Events name things by id. They are not sealed, so content does not belong into them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intentcast.units import UnixSeconds
from intentcastd.store.database import Connection


@dataclass(frozen=True, slots=True)
class Event:
    """One row; `n` grows and is never given twice."""

    n: int
    at: UnixSeconds
    name: str
    data: Mapping[str, Any]


def append(connection: Connection, at: UnixSeconds, name: str, data: Mapping[str, Any]) -> Event:
    """Keep an event in the same write as what it tells of; return it with its number."""
    connection.execute(
        "INSERT INTO events (at, name, data) VALUES (?, ?, ?)", (at, name, json.dumps(dict(data), ensure_ascii=False))
    )
    return Event(n=connection.last_insert_rowid(), at=at, name=name, data=dict(data))


def since(connection: Connection, n: int, most: int = 256) -> list[Event]:
    """Return at most `most` events after number n, oldest first."""
    rows = connection.execute("SELECT n, at, name, data FROM events WHERE n > ? ORDER BY n LIMIT ?", (n, most))
    return [Event(n=number, at=at, name=name, data=json.loads(data)) for number, at, name, data in rows]


def last(connection: Connection) -> int:
    """Return the highest number that was given, 0 before the first."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return int(row[0]) if row else 0


def first(connection: Connection) -> int:
    """Return the lowest number that is kept, 0 if there is none: whoever asks for less has missed something."""
    row = connection.execute("SELECT coalesce(min(n), 0) FROM events").fetchone()
    return int(row[0]) if row else 0


def prune(connection: Connection, keep: int) -> int:
    """Forget all but the newest `keep` events; return how many went."""
    connection.execute("DELETE FROM events WHERE n <= ?", (last(connection) - keep,))
    return connection.changes()
