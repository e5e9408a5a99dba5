"""The store: one SQLite file, one thread that writes, a few that read. The only door to apsw.

A write is done once its transaction is on disk, and not before: `write` returns, and the callback of `post` runs, after
COMMIT. Writes that wait together are committed together, so many share one flush of the disk; each runs in a savepoint
of its own, so one that fails takes nobody along. Writes run in the order in which they were asked for.

When the disk is full a batch fails as a whole and the next one tries again. When the file is damaged nothing is written
any more and `watch` raises: the daemon stops and says so.
"""

from __future__ import annotations

import os
import queue
import shutil
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import apsw
import trio

from intentcastd.paths import PRIVATE_FILE, sync_folder
from intentcastd.store import errors
from intentcastd.store.migrations import MIGRATIONS

Connection: TypeAlias = apsw.Connection
T = TypeVar("T")

MOST_WAITING: Final = 4096
"""Writes that may wait. A relay that admits faster than the disk takes must say "busy", not fill the memory."""
MOST_PER_COMMIT: Final = 256
READERS: Final = 2
# Rows that are sorted must not reach a temporary folder; views and triggers of a foreign file must not act.
_ANY_CONNECTION: Final = ("busy_timeout=5000", "temp_store=MEMORY", "trusted_schema=OFF")
_ROOM_BYTES: Final = 1 << 20
"""With less than this left on the disk, an I/O error means a full disk."""

# These may end the whole transaction by themselves, so the batch cannot go on after them.
_ENDS_BATCH: Final = (
    apsw.FullError,
    apsw.IOError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.NoMemError,
    apsw.ReadOnlyError,
    apsw.InterruptError,
)


@dataclass(frozen=True, slots=True)
class _Job:
    run: Callable[[Connection], Any]
    done: Callable[[Any], None]
    scrub: bool = False


class Database:
    """An open store. Made by `Database.open`; used from one Trio run."""

    def __init__(self, path: Path, connection: Connection, readers: int, most_waiting: int) -> None:
        self.path = path
        self._connection = connection
        self._token = trio.lowlevel.current_trio_token()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._room = trio.Semaphore(most_waiting)
        self._thread = threading.Thread(target=self._work, name="intentcastd store", daemon=True)
        self._readers: deque[Connection] = deque()
        self._reading = trio.CapacityLimiter(readers)
        self._closing = False
        self._unusable: BaseException | None = None
        self._stopped = trio.Event()
        self.commits = 0
        """Batches that were committed."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, *, readers: int = READERS, most_waiting: int = MOST_WAITING
    ) -> AsyncIterator[Database]:
        """Open a store, bring it to the newest version, and close it at the end with all that was asked for written.

        Raises:
            StoreNewer: a later version of the program wrote it.
            StoreCorrupt: it is damaged or no store.
            StoreFull, StoreUnwritable: it cannot be written to.
        """
        connection = await trio.to_thread.run_sync(open_store, path)
        database = cls(path, connection, readers, most_waiting)
        database._thread.start()
        try:
            # All of them now: when a flood has used up the file descriptors it is too late.
            database._readers.extend(open_reader(path) for _ in range(readers))
            yield database
        finally:
            with trio.CancelScope(shield=True):
                await database._close()

    async def write(self, run: Callable[[Connection], T], *, scrub: bool = False) -> T:
        """Run a function in a transaction and return what it returns, once that is on disk.

        If the caller is cancelled while it waits, the write may happen all the same.

        Args:
            run: gets the connection; nothing of what it did is kept if it raises.
            scrub: take what was erased out of the write-ahead log too, so that nothing of it is left in the files.

        Raises:
            StoreFull: nothing of it was kept.
            StoreConflict: it contradicts what is there.
            StoreUnusable: nothing is written any more.
        """
        await self._room.acquire()
        answered = trio.Event()
        answers: list[T | BaseException] = []

        def done(answer: T | BaseException) -> None:
            answers.append(answer)
            answered.set()

        self._submit(_Job(run, done, scrub))
        await answered.wait()
        answer = answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def post(self, run: Callable[[Connection], T], on_committed: Callable[[T | BaseException], None]) -> None:
        """Ask for a write without waiting; on_committed gets its result, or its error, in Trio's thread after COMMIT.

        Raises:
            StoreBusy: too many wait already.
            StoreClosed: the store is closing.
        """
        try:
            self._room.acquire_nowait()
        except trio.WouldBlock:
            raise errors.StoreBusy("The disk does not keep up.", "Try again in a moment.") from None
        self._submit(_Job(run, on_committed))

    async def read(self, run: Callable[[Connection], T]) -> T:
        """Run a function on one unchanging view of the store, in a thread, beside the writer.

        Raises:
            StoreUnusable: the file is damaged.
        """
        return await trio.to_thread.run_sync(self._read, run, limiter=self._reading)

    async def watch(self) -> None:
        """Wait until the store cannot be relied on any more.

        Raises:
            StoreUnusable: the file is damaged or the disk refuses.
            Exception: a callback of `post` failed, which is a fault of ours.
        """
        await self._stopped.wait()
        if self._unusable is not None:
            raise self._unusable

    def waiting(self) -> int:
        """Return how many writes are not answered yet, roughly: for `doctor` and the statistics."""
        return self._jobs.qsize()

    # --- in Trio's thread ---

    def _submit(self, job: _Job) -> None:
        if self._closing:
            self._room.release()
            raise errors.StoreClosed("The daemon is stopping.", "Start it again: intentcast up")
        self._jobs.put(job)

    def _answer(self, answers: list[tuple[_Job, Any]]) -> None:
        for job, answer in answers:
            self._room.release()
            try:
                job.done(answer)
            except Exception as error:  # noqa: BLE001  # raised by watch; here it would end Trio without a word
                self._stop(error)

    def _stop(self, error: BaseException) -> None:
        if self._unusable is None:
            self._unusable = error
        self._stopped.set()

    async def _close(self) -> None:
        self._closing = True
        self._jobs.put(None)
        await trio.to_thread.run_sync(self._thread.join)
        while self._readers:
            self._readers.pop().close()
        await trio.to_thread.run_sync(close_store, self._connection)

    # --- in threads ---

    def _in_trio(self, call: Callable[..., None], *arguments: Any) -> None:
        with suppress(trio.RunFinishedError):  # nobody waits any more
            self._token.run_sync_soon(call, *arguments)

    def _work(self) -> None:
        """The life of the writing thread: take what waits, commit it together, answer."""
        damaged: errors.StoreUnusable | None = None
        stop = False
        while not stop:
            batch, stop = self._next_batch()
            if not batch:
                continue
            # One error each: an exception that is raised in two tasks mixes up their tracebacks.
            answers = [damaged.again() for _ in batch] if damaged else self._commit(batch)
            found = next((answer for answer in answers if isinstance(answer, errors.StoreUnusable)), None)
            if found is not None and damaged is None:
                damaged = found
                self._in_trio(self._stop, found)
            self._in_trio(self._answer, list(zip(batch, answers, strict=True)))

    def _next_batch(self) -> tuple[list[_Job], bool]:
        """Wait for a job, take all that wait beside it, and tell whether it is time to stop."""
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == MOST_PER_COMMIT:
                return batch, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[_Job]) -> list[Any]:
        """Run a batch in one transaction and return the result or the error of each job."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            answers = [self._attempt(connection, job) for job in batch]
            connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001  # whatever it was, every job of the batch must hear it
            with suppress(apsw.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return [translate(error, self.path) for _ in batch]
        self.commits += 1
        if any(job.scrub for job in batch):
            with suppress(apsw.Error):  # the rows are safe; the log is emptied by the next one
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return answers

    def _attempt(self, connection: Connection, job: _Job) -> Any:
        connection.execute("SAVEPOINT job")
        try:
            answer = job.run(connection)
        except BaseException as error:
            if isinstance(error, _ENDS_BATCH) or not connection.in_transaction:
                raise
            connection.execute("ROLLBACK TO job")
            answer = translate(error, self.path)
        connection.execute("RELEASE job")
        return answer

    def _read(self, run: Callable[[Connection], T]) -> T:
        try:
            connection = self._readers.pop()  # there is one: the limiter lets in as many as there are
            try:
                connection.execute("BEGIN")
                return run(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._readers.append(connection)
        except apsw.Error as error:
            told = translate(error, self.path)
            if isinstance(told, errors.StoreUnusable):
                self._in_trio(self._stop, told)
            raise told from error


def open_store(path: Path) -> Connection:
    """Open a store for writing and bring it to the newest version: what `Database.open` does, without threads.

    Raises:
        StoreNewer, StoreCorrupt, StoreFull, StoreUnwritable: see `Database.open`.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE))
        sync_folder(path.parent)
        connection = open_writer(path)
        try:
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    except apsw.Error as error:
        raise translate(error, path) from error
    except OSError as error:
        raise _unwritable(error, path) from error
    return connection


def close_store(connection: Connection) -> None:
    """Close a store so that all of it is in the one file."""
    with suppress(apsw.Error):  # a damaged or full one is closed as it is
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def open_writer(path: Path) -> Connection:
    """Return a connection that may write."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        _refuse_newer(connection, path)
        _set(connection, "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
        _set(connection, *_ANY_CONNECTION, "journal_size_limit=67108864")
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> Connection:
    """Return a connection that cannot write."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    _set(connection, *_ANY_CONNECTION, "query_only=ON")
    return connection


def _set(connection: Connection, *settings: str) -> None:
    for setting in settings:
        connection.execute(f"PRAGMA {setting}").fetchall()


def translate(error: BaseException, path: Path) -> BaseException:
    """Return an error of SQLite in our own words; any other as it is."""
    match error:
        case apsw.FullError():
            return errors.StoreFull(
                f"There is no room for {path}: what was being written is lost.", "Make room on that disk."
            )
        case apsw.CorruptError() | apsw.NotADBError():
            return errors.StoreCorrupt(
                f"{path} is damaged: {error}.",
                "Do not go on with it: keep a copy, then put it back from a backup or move it away.",
            )
        case apsw.ConstraintError():
            return errors.StoreConflict(f"The store refused a row: {error}.", "Look up what is there already.")
        case apsw.IOError() | apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return _unwritable(error, path)
        case apsw.Error():
            return errors.StoreError(f"The store failed: {type(error).__name__}: {error}.", "Please report this.")
        case _:
            return error


def _unwritable(error: Exception, path: Path) -> errors.StoreError:
    if path.parent.exists() and shutil.disk_usage(path.parent).free < _ROOM_BYTES:
        return errors.StoreFull(f"There is no room for {path}.", "Make room on that disk.")
    return errors.StoreUnwritable(f"{path} cannot be used: {error}.", "Check the disk, and who may write there.")


def _version(connection: Connection) -> int:
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0]) if row else 0


def _refuse_newer(connection: Connection, path: Path) -> None:
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise errors.StoreNewer(
            f"{path} was written by a later intentcast (store version {version}, this one knows {len(MIGRATIONS)}).",
            "Install that version again, or use another profile: --home DIR",
        )


def _migrate(connection: Connection, path: Path) -> None:
    version = _version(connection)
    copies = sorted(path.parent.glob(f"{path.name}.before-*"))
    if version == len(MIGRATIONS):
        for old in copies:  # the new version has opened well before: secrets that were erased must not lie about
            old.unlink()
        return
    if version:
        copy = path.with_name(f"{path.name}.before-{len(MIGRATIONS)}")
        copy.unlink(missing_ok=True)
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE))
        connection.execute("VACUUM INTO ?", (str(copy),))
        with copy.open("rb") as file:
            os.fsync(file.fileno())
    for step in range(version, len(MIGRATIONS)):
        connection.execute("BEGIN EXCLUSIVE")
        try:
            connection.execute(MIGRATIONS[step]).fetchall()
            connection.execute(f"PRAGMA user_version={step + 1}")
            connection.execute("COMMIT")
        except BaseException:
            with suppress(apsw.Error):
                connection.execute("ROLLBACK")
            raise
