"""Performing effects: each goes to the store, to a link, or to a task of its own. Never waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from typing import assert_never

import trio

from intentcast.errors import Rejected
from intentcast.ids import NoteId, RelayKey
from intentcast.machines.circuit import KnownRelay
from intentcast.machines.effects import (
    Close,
    Effect,
    EndReads,
    Keep,
    KeepNote,
    OpenTunnel,
    ReadBoard,
    RefuseTunnel,
    Replay,
    Send,
    SendNotes,
    Verify,
)
from intentcast.machines.inputs import Input, Stored, Token, Verified
from intentcast.machines.market import wants
from intentcast.machines.relay import Relay
from intentcast.wire.batches import give_batches, note_parts
from intentcast.wire.frames import Done, Error, Notes
from intentcastd import clock, log
from intentcastd.engine.boards import BoardReads
from intentcastd.engine.links import Links
from intentcastd.engine.queue import Queue
from intentcastd.errors import IntentcastdError
from intentcastd.net.dial import open_tcp
from intentcastd.store import envelopes, notes
from intentcastd.store.database import Connection, Database
from intentcastd.store.envelopes import HELD, SPREAD, KeptEnvelope
from intentcastd.store.errors import StoreBusy, StoreError
from intentcastd.store.notes import KeptNote

LANES = ("a", "b", "c")

NOTES_SLICE = 128
"""Notes that are read from disk at a time: at most 1 MiB."""

REPLAY_FRAMES = 16
"""Frames of a replay that may wait for one link: what comes live must find room beside them."""

_log = log.get("relay")

LookUp = Callable[[RelayKey], KnownRelay | None]
Job = Callable[[Connection], object]

COMMIT_ROWS = 256
"""Rows that a relay under load commits together: those of eight full give frames."""

COMMIT_SECONDS = 0.05
"""How long a row waits for others at most, while inputs keep coming."""


class Performer:
    """Does what one relay machine decides."""

    def __init__(self, database: Database, links: Links, inbox: Queue[Input], nursery: trio.Nursery) -> None:
        self._database = database
        self._links = links
        self._inbox = inbox
        self._nursery = nursery
        self._relay: Relay | None = None
        self._boards: BoardReads | None = None
        self._look_up: LookUp | None = None
        self._sequence = 0
        self._public_only = True
        self._jobs: list[tuple[Token, Job]] = []
        self._rows = 0
        self._commit_by = 0.0

    def attach(self, relay: Relay, boards: BoardReads, look_up: LookUp, last_seq: int) -> None:
        """Say whose effects these are, and how to find a relay's address."""
        self._relay, self._boards, self._look_up, self._sequence = relay, boards, look_up, last_seq
        self._public_only = relay.spreading.settings.network.public_addresses_only

    def __call__(self, effect: Effect) -> Input | None:
        """Perform one effect; return its answer if that is there at once."""
        match effect:
            case Send():
                self._links.send(effect.link, effect.frame, effect.request)
            case Close():
                if effect.fault is not None:
                    _log.info("link.fault", rule=effect.fault)
                self._links.close(effect.link)
            case Verify():
                # In this thread: a batch of 32 takes 4 ms, and handing it to another costs more than it gains.
                return Verified(effect.token, tuple(envelope.is_signed() for envelope in effect.envelopes))
            case Keep():
                self._keep(effect)
            case KeepNote():
                self._keep_note(effect)
            case Replay():
                self._nursery.start_soon(self._replay, effect)
            case SendNotes():
                self._nursery.start_soon(self._send_notes, effect)
            case OpenTunnel():
                self._nursery.start_soon(self._open_tunnel, effect)
            case RefuseTunnel():
                port = self._links.get(effect.link)
                if port is not None:
                    port.tunnel.set()
            case ReadBoard():
                if self._boards is not None:
                    self._boards.start(effect, self._nursery)
            case EndReads():
                if self._boards is not None:
                    self._boards.end(effect.visit)
            case _:
                assert_never(effect)
        return None

    # ---- the store

    def _gather(self, token: Token, job: Job, rows: int) -> None:
        """Take a job for the next commit: rows that are committed together share its flush and the pages of its indexes."""
        if not self._jobs:
            self._commit_by = trio.current_time() + COMMIT_SECONDS
        self._jobs.append((token, job))
        self._rows += rows

    def settle(self) -> None:
        """Commit what was gathered, unless inputs wait that may add to it; each job is answered once it is on disk."""
        is_due = not self._inbox or self._rows >= COMMIT_ROWS or trio.current_time() >= self._commit_by
        if not self._jobs or not is_due:
            return
        jobs, self._jobs, self._rows = self._jobs, [], 0

        def write(connection: Connection) -> None:
            for _, job in jobs:
                job(connection)

        def committed(result: object) -> None:
            if isinstance(result, BaseException) and not isinstance(result, StoreError):
                raise result
            if isinstance(result, StoreError):
                _log.warning("store.refused", code=result.code)
            answer(full=isinstance(result, StoreError))

        def answer(*, full: bool) -> None:
            for token, _ in jobs:
                self._inbox.post(Stored(token, full=full))

        try:
            self._database.post(write, committed)
        except StoreBusy:
            answer(full=True)

    def _keep(self, effect: Keep) -> None:
        rows = [
            KeptEnvelope(
                id=kept.envelope.id,
                kind=kept.envelope.kind,
                author=kept.envelope.author,
                expires=kept.envelope.expires,
                category=kept.category or None,
                state=SPREAD if kept.held_until is None else HELD,
                release_at=kept.held_until,
                body=kept.envelope.data,
            )
            for kept in effect.items
        ]

        def job(connection: Connection) -> None:
            envelopes.insert_many(connection, rows)
            envelopes.mark_spread(connection, effect.spread)

        self._gather(effect.token, job, len(rows))

    def _keep_note(self, effect: KeepNote) -> None:
        self._sequence += 1
        row = KeptNote(
            id=NoteId(effect.note.id),
            tag=effect.note.tag,
            epoch=effect.epoch,
            seq=self._sequence,
            lane=LANES.index(effect.lane),
            expires=effect.note.expires,
            effort=effect.note.effort,
            author=effect.note.author,
            body=effect.note.data,
        )

        def job(connection: Connection) -> None:
            notes.insert(connection, row)
            notes.retire(connection, [effect.displaced] if effect.displaced else [])

        self._gather(effect.token, job, 1)

    # ---- what takes time

    async def _replay(self, effect: Replay) -> None:
        """Give a new subscriber what is live, at the pace at which it reads; a newer subscription takes its place."""
        port = self._links.get(effect.link)
        relay = self._relay
        if port is None or relay is None:
            return
        port.replay.cancel()
        port.replay = scope = trio.CancelScope()
        with scope:
            market = relay.spreading.market
            async with aclosing(envelopes.load_live(self._database, clock.unix_seconds())) as chunks:
                async for chunk in chunks:
                    entries = [(row, market.get(row.id)) for row in chunk if row.state == SPREAD]
                    wanted = [row.body for row, entry in entries if entry and wants(effect.subscription, entry)]
                    for give in give_batches(wanted):
                        await port.link.room(REPLAY_FRAMES)
                        self._links.send(effect.link, give, 0)
                    if self._links.get(effect.link) is not port:
                        return
            self._links.send(effect.link, Done(), effect.request)

    async def _send_notes(self, effect: SendNotes) -> None:
        """Send the notes of an epoch in slices, at the pace at which they are read; the head comes by itself."""
        port = self._links.get(effect.link)
        for start in range(0, len(effect.notes), NOTES_SLICE):
            ids = effect.notes[start : start + NOTES_SLICE]
            found = await self._database.read(partial(notes.bodies, ids=ids))
            for part in note_parts(found):
                if port is not None:
                    await port.link.room(REPLAY_FRAMES)
                self._links.send(effect.link, Notes(effect.epoch, part), effect.request)
            if port is not None and self._links.get(effect.link) is not port:
                return
        # With a thousand ids of RFPs beside it, the head would not fit behind full notes (FRM-9).
        self._links.send(effect.link, Notes(effect.epoch, (), effect.head, effect.rfps), effect.request)

    async def _open_tunnel(self, effect: OpenTunnel) -> None:
        """Dial the relay that a link wants to be joined to; its own task then carries the bytes."""
        port = self._links.get(effect.link)
        known = self._look_up(effect.key) if self._look_up else None
        if port is None:
            return
        try:
            if known is None:
                raise Rejected("CIR-2", "no card of this relay is held here", "unknown_relay")
            upstream = await open_tcp(known.address.host, known.address.port, public_only=self._public_only)
            if self._links.get(effect.link) is None:  # it went while we dialled
                await trio.aclose_forcefully(upstream)
                return
            port.upstream = upstream
            self._links.send(effect.link, Done(), effect.request)
        except Rejected as error:
            self._links.send(effect.link, Error(error.code), effect.request)
        except IntentcastdError:
            self._links.send(effect.link, Error("unreachable"), effect.request)
        finally:
            port.tunnel.set()
