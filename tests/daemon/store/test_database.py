"""The writer: durable when acknowledged, one commit for many, one bad job alone, full disks, damage, newer stores."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
import trio

from intentcast.units import UnixSeconds
from intentcastd.store import events
from intentcastd.store.database import Connection, Database, open_reader, open_store
from intentcastd.store.errors import (
    StoreBusy,
    StoreClosed,
    StoreConflict,
    StoreCorrupt,
    StoreFull,
    StoreNewer,
    StoreUnwritable,
)
from intentcastd.store.migrations import MIGRATIONS


def add(connection: Connection, text: str = "x") -> int:
    return events.append(connection, UnixSeconds(1), "tried", {"text": text}).n


def names(connection: Connection) -> list[str]:
    return [event.data["text"] for event in events.since(connection, 0, 10_000)]


async def test_a_write_that_was_acknowledged_is_read_by_another_connection(path: Path, database: Database) -> None:
    number = await database.write(lambda c: add(c, "here"))

    other = open_reader(path)
    assert number == 1
    assert names(other) == ["here"]
    other.close()


async def test_writes_that_wait_together_are_committed_together_and_in_order(database: Database) -> None:
    gate, release = trio.Event(), threading.Event()
    results: list[int | BaseException] = []

    def done(result: int | BaseException) -> None:
        results.append(result)
        if len(results) == 200:
            gate.set()

    def first(connection: Connection) -> int:
        release.wait(10)  # keeps the writer busy while the rest queues up
        return add(connection)

    database.post(first, done)
    for _ in range(199):
        database.post(add, done)
    release.set()
    with trio.fail_after(10):
        await gate.wait()

    assert results == list(range(1, 201))
    assert database.commits <= 3


async def test_a_job_that_raises_loses_its_own_rows_and_no_others(database: Database) -> None:
    done = trio.Event()
    answers: list[object] = []

    def bad(connection: Connection) -> int:
        add(connection, "bad")
        raise ZeroDivisionError

    def last(answer: object) -> None:
        answers.append(answer)
        done.set()

    database.post(lambda c: add(c, "first"), answers.append)
    database.post(bad, answers.append)
    database.post(lambda c: add(c, "last"), last)
    await done.wait()

    assert [type(answer) for answer in answers] == [int, ZeroDivisionError, int]
    assert await database.read(names) == ["first", "last"]


async def test_a_row_that_contradicts_another_is_a_conflict(database: Database) -> None:
    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.execute("INSERT INTO keys (name, secret) VALUES ('same', x'00')")

    with pytest.raises(StoreConflict):
        await database.write(twice)
    assert await database.write(add) == 1


async def test_a_callback_runs_in_trios_thread_after_the_commit(path: Path, database: Database) -> None:
    seen: list[list[str]] = []
    done = trio.Event()

    def on_committed(_result: object) -> None:
        trio.lowlevel.current_task()
        reader = open_reader(path)
        seen.append(names(reader))
        reader.close()
        done.set()

    database.post(lambda c: add(c, "posted"), on_committed)
    await done.wait()

    assert seen == [["posted"]]


async def test_posting_never_waits_and_says_when_too_many_wait(path: Path) -> None:
    release = threading.Event()
    done = trio.Event()
    async with Database.open(path, most_waiting=2) as database:
        database.post(lambda _: release.wait(10), lambda _: None)
        database.post(add, lambda _: done.set())
        with pytest.raises(StoreBusy):
            database.post(add, lambda _: None)
        release.set()
        await done.wait()
        assert await database.write(add) == 2


async def test_what_was_posted_before_closing_is_on_disk_and_nothing_is_taken_after(path: Path) -> None:
    async with Database.open(path) as database:
        for _ in range(50):
            database.post(add, lambda _: None)
    with pytest.raises(StoreClosed):
        database.post(add, lambda _: None)

    reader = open_store(path)
    assert len(names(reader)) == 50
    reader.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["intentcast.db"]


async def test_a_cancelled_writer_leaves_the_store_sound(database: Database) -> None:
    with trio.move_on_after(0):
        await database.write(add)

    assert await database.write(add) >= 1


async def test_a_failing_callback_is_told_by_watch(database: Database) -> None:
    def broken(_result: object) -> None:
        raise LookupError("ours")

    database.post(add, broken)
    with pytest.raises(LookupError), trio.fail_after(10):
        await database.watch()


async def test_readers_see_one_unchanging_view_and_cannot_write(database: Database) -> None:
    await database.write(add)

    def look(connection: Connection) -> tuple[int, int]:
        before = len(names(connection))
        trio.from_thread.run(database.write, add)
        return before, len(names(connection))

    assert await database.read(look) == (1, 1)
    assert len(await database.read(names)) == 2


async def test_what_reads_cannot_write(path: Path, database: Database) -> None:
    with pytest.raises(StoreUnwritable):
        await database.read(add)

    assert await database.read(names) == []


async def test_a_full_disk_fails_the_batch_keeps_what_was_acknowledged_and_heals_by_itself(database: Database) -> None:
    def limit(connection: Connection, pages: int) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").fetchall()

    await database.write(lambda c: add(c, "safe"))
    await database.write(lambda c: limit(c, 1))  # SQLite takes the present size when less is asked for
    with pytest.raises(StoreFull):
        await database.write(lambda c: add(c, "x" * 200_000))
    assert await database.read(names) == ["safe"]

    await database.write(lambda c: limit(c, 1_000_000))
    await database.write(lambda c: add(c, "room again"))
    assert await database.read(names) == ["safe", "room again"]


async def test_a_damaged_page_stops_the_store_and_says_so(path: Path) -> None:
    async with Database.open(path) as database:
        await database.write(lambda c: [add(c, "y" * 3000) for _ in range(50)])
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size // 2)  # the tables' own pages lie before
        file.write(b"\xff" * (size - size // 2))

    async with Database.open(path) as database:
        with pytest.raises(StoreCorrupt) as caught:
            await database.write(lambda c: [add(c), names(c)])
        assert str(path) in caught.value.message
        with pytest.raises(StoreCorrupt), trio.fail_after(10):
            await database.watch()
        with pytest.raises(StoreCorrupt):
            await database.write(add)


def test_a_file_that_is_no_store_is_refused(path: Path) -> None:
    path.write_bytes(b"this is a letter, not a database. " * 100)

    with pytest.raises(StoreCorrupt):
        open_store(path)


def test_a_store_of_a_later_version_is_refused_and_left_alone(path: Path) -> None:
    connection = open_store(path)
    connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}").fetchall()
    connection.close()
    before = path.read_bytes()

    with pytest.raises(StoreNewer, match="later intentcast"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_migration_copies_the_file_first_and_the_copy_goes_when_the_new_version_opens_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = open_store(path)
    connection.execute("INSERT INTO keys (name, secret) VALUES ('old', x'aa')")
    connection.close()
    step = "ALTER TABLE keys ADD COLUMN made INTEGER NOT NULL DEFAULT 0;"
    monkeypatch.setattr("intentcastd.store.database.MIGRATIONS", (*MIGRATIONS, step))
    copy = path.with_name(f"{path.name}.before-{len(MIGRATIONS) + 1}")

    connection = open_store(path)
    assert connection.execute("SELECT name, made FROM keys").fetchall() == [("old", 0)]
    connection.close()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    older = open_reader(copy)
    assert older.execute("SELECT name FROM keys").fetchall() == [("old",)]
    assert older.execute("PRAGMA user_version").fetchall() == [(len(MIGRATIONS),)]
    older.close()

    open_store(path).close()
    assert not list(path.parent.glob("*.before-*"))


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(path).close()
    monkeypatch.setattr(
        "intentcastd.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE half (a INTEGER) STRICT; NONSENSE;")
    )
    with pytest.raises(Exception, match="NONSENSE"):
        open_store(path)
    monkeypatch.undo()

    connection = open_store(path)
    assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall() == []
    connection.close()


def test_the_file_is_for_its_owner_alone_and_durable(path: Path) -> None:
    connection = open_store(path)
    connection.execute("INSERT INTO keys (name, secret) VALUES ('a', x'00')")

    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    assert connection.execute("PRAGMA synchronous").fetchall() == [(2,)]
    assert connection.execute("PRAGMA secure_delete").fetchall() == [(1,)]
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
    assert [name for name, strict in tables if not strict and not name.startswith("sqlite_")] == []
    connection.close()
