"""The courier: carries each RFP through its life. Stamps it, takes it to its exit in a visit, brings its offers home.

One task for each RFP, begun again for all that are alive when the daemon starts: the same bytes go out again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import IntentcastError
from intentcast.ids import EnvelopeId
from intentcast.limits import EPOCH_SECONDS, VISITS_PER_HOUR
from intentcast.machines.circuit import BoardVerdict, KnownRelay, Reader, apart
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import Network
from intentcast.records.close import Close
from intentcast.records.envelope import CLOSE, Header, envelope_untrusted, prepare, resume, total_size
from intentcast.records.head import shard_of
from intentcast.records.rfp import rfp_untrusted
from intentcast.wire.frames import Error, Visit, Visited
from intentcastd import clock, log
from intentcastd.buyer.casting import (
    CLOSED,
    CLOSING,
    EXPIRED,
    FAILED,
    HELD,
    LIVE,
    OPEN_STATES,
    SENT,
    STAMPING,
)
from intentcastd.buyer.directory import Directory, NoRelay
from intentcastd.buyer.inbox import Address, Inbox
from intentcastd.buyer.life import Life, go_on, last_epoch, reading_of
from intentcastd.engine.circuits import open_circuit
from intentcastd.engine.news import News
from intentcastd.engine.session import SessionLost
from intentcastd.engine.stamping import find_nonce
from intentcastd.errors import IntentcastdError
from intentcastd.net.errors import Unreachable
from intentcastd.store import rfps
from intentcastd.store.database import Database
from intentcastd.store.rfps import StoredRfp
from intentcastd.store.sealed import Seal

RETRY_MEAN_SECONDS = 1.0
RETRY_MOST_SECONDS = 30.0
KNOWN_ENOUGH: Final = 8
"""With so many relays known, seeds are not asked again because one relay fails: each time one sees this address."""

CLOSE_RETRY_MOST_SECONDS: Final = 300.0
"""A close goes on being brought until its RFP is over: seldom enough to leave the guard's circuits to the visits."""

_FOR_GOOD = ("policy", "closed", "author_busy", "body", "life", "malformed", "signature", "network")
_log = log.get("courier")


class NoLivePace(IntentcastdError):
    """The network does not let a visit be held open."""

    code = "privacy.pace"
    exit = 5


def pace_in(network: Network, wanted: str) -> str:
    """Return the pace of visits: what the person wants, or what the network has (CIR-13).

    Raises:
        NoLivePace: a visit that is held open would show when somebody asks for something.
    """
    pace = wanted or network.pace
    if pace == "live" and not network.live_pace_allowed:
        raise NoLivePace(f"The {network.name} network lets no visit be held open.", "Choose another `pace`.")
    return pace


@dataclass(frozen=True, slots=True)
class Means:
    """What a courier works with."""

    network: Network
    pace: str
    directory: Directory
    entropy: Entropy
    database: Database
    seal: Seal
    news: News


class Courier:
    """All RFPs of one person that are alive."""

    def __init__(self, means: Means, nursery: trio.Nursery) -> None:
        self._means = means
        self._nursery = nursery
        self._inbox = Inbox(means.network, means.news, means.seal)
        self._scopes: dict[str, trio.CancelScope] = {}
        self.lives: dict[str, Life] = {}
        self.progress: dict[str, tuple[int, int]] = {}

    async def resume_all(self) -> None:
        """Begin again with every RFP that was alive when the daemon last ran, and every close that was not told yet."""
        seal = self._means.seal
        states = (*OPEN_STATES, CLOSING)
        rows = await self._means.database.read(lambda connection: rfps.list_all(connection, seal, states))
        for row in rows:
            if row.state == CLOSING:
                self._nursery.start_soon(self._carry_close, row.local_id)
            else:
                self.carry(row.local_id)

    def carry(self, local_id: str) -> None:
        """Begin to carry one RFP."""
        self._nursery.start_soon(self._carry, local_id)

    async def _carry(self, local_id: str) -> None:
        """Carry an RFP until it ends; from the first moment on, closing it ends this, also while it is stamped."""
        if local_id in self._scopes:
            return
        with trio.CancelScope() as scope:
            self._scopes[local_id] = scope
            try:
                await self._carry_within(scope, local_id)
            finally:
                self._scopes.pop(local_id, None)
                self.lives.pop(local_id, None)

    async def _carry_within(self, scope: trio.CancelScope, local_id: str) -> None:
        means = self._means
        row = await means.database.read(lambda connection: rfps.get(connection, means.seal, local_id))
        secrets = await means.database.read(lambda connection: rfps.secrets_of(connection, means.seal, local_id))
        if row is None or row.state not in OPEN_STATES:
            return
        life: Life | None = None
        if secrets is not None:
            with trio.move_on_after(max(0, row.expires - clock.unix_seconds())):
                envelope = row.envelope or await self._stamp(row, SigningKey(secrets.seed))
                if envelope is None:
                    return
                self.lives[local_id] = life = self._life(row, envelope, BoxKey(secrets.box), scope)
                await self._visits(life)
        await self._end(local_id, EXPIRED, "its time is over")
        if life is not None and means.pace != "live":
            await self._read_on(life)

    def _life(self, row: StoredRfp, envelope: bytes, box: BoxKey, scope: trio.CancelScope) -> Life:
        found = envelope_untrusted(envelope)
        address = Address(row.local_id, found.id, found.author, box, rfp_untrusted(found.body))
        reader = Reader(self._means.network.id, shard_of(address.key, address.rfp.shard), address.rfp.boards)
        return Life(row, address, envelope, row.state in (SENT, LIVE), reader, scope)

    async def _read_on(self, life: Life) -> None:
        """Read on for the drawn number of epochs, so that the last visit does not say when the RFP ended (BRD-18)."""
        life.published = True  # nothing of it goes out any more
        with trio.move_on_after(max(0, (last_epoch(life.row) + 1) * EPOCH_SECONDS - clock.unix_seconds())):
            await self._visits(life)

    async def _end(self, local_id: str, state: str, reason: str) -> None:
        now = clock.unix_seconds()
        await self._means.news.tell(
            "rfp.state",
            {"id": local_id, "state": state, "reason": reason},
            lambda connection: rfps.set_state(connection, local_id, state, now, reason, among=OPEN_STATES),
        )

    async def _stamp(self, row: StoredRfp, key: SigningKey) -> bytes | None:
        """Find the stamp, sign, and put the whole envelope into the vault: these bytes go out and no others.

        Returns:
            The envelope; None if the RFP was closed meanwhile: then nothing goes out.
        """
        unstamped = resume(row.body)
        expected: int = 2**unstamped.effort

        def progress(tries: int) -> None:
            self.progress[row.local_id] = (tries, expected)

        progress(0)
        nonce = await find_nonce(unstamped, self._means.entropy, progress)
        envelope = unstamped.sealed_by(key, nonce)
        item = EnvelopeId(envelope_untrusted(envelope).id)
        now = clock.unix_seconds()
        kept = await self._means.news.tell(
            "rfp.state",
            {"id": row.local_id, "state": HELD},
            lambda connection: rfps.set_signed(connection, row.local_id, item, envelope, HELD, now),
        )
        self.progress[row.local_id] = (expected, expected)
        return envelope if kept is not None else None

    # ---- visits

    async def _visits(self, life: Life) -> None:
        """Visit, wait, visit again, until the RFP ends. The other exit takes over when one does not answer (CIR-12)."""
        while True:
            try:
                if self._means.pace != "live":
                    await trio.sleep(self._means.entropy.exponential(3600 / VISITS_PER_HOUR[self._means.pace]))
                await self._visit(life)
                life.attempt = 0
            except (IntentcastdError, IntentcastError) as error:
                _log.info("visit.failed", code=getattr(error, "code", "failed"))
                life.attempt += 1
                life.rest = None  # the other exit counts otherwise: it is read from the start there
                await self._note_failure(error)
                await self._wait_before_retry(life.attempt)
            finally:
                life.visit_open = False

    async def _note_failure(self, error: Exception) -> None:
        if isinstance(error, Unreachable):
            # In a circuit nobody but the guard is dialled: all others are reached through it. Seeds, which give relay
            # cards, are dialled as well, but in `refresh`, which tells of that with another error.
            self._means.directory.guard_was(reached=False)
        if isinstance(error, NoRelay) or (isinstance(error, Unreachable) and len(self._means.directory) < KNOWN_ENOUGH):
            with suppress(IntentcastdError):
                await self._means.directory.refresh()

    async def _wait_before_retry(self, attempt: int) -> None:
        mean = min(RETRY_MEAN_SECONDS * 2 ** min(attempt, 5), RETRY_MOST_SECONDS)
        await trio.sleep(min(0.2 + self._means.entropy.exponential(mean / 2), RETRY_MOST_SECONDS))

    async def _path(self, life: Life) -> list[KnownRelay]:
        """Return guard, middle if the network wants one, and the exit that comes next: each reads in its turn (CIR-12).

        Until the RFP is out that is the first, or the other when it does not answer.
        """
        exits = [relay for key in life.row.exits if (relay := self._means.directory.get(key)) is not None]
        if not exits:
            raise NoRelay("Neither exit of this RFP is known now.", "It is tried again.")
        return await self._path_to(exits[(life.visits + life.attempt) % len(exits)], exits)

    async def _path_to(self, chosen: KnownRelay, exits: list[KnownRelay]) -> list[KnownRelay]:
        means = self._means
        if means.network.circuit_relays == 1:
            return [chosen]
        guard = await means.directory.guard(means.database, means.seal)
        path = [guard, chosen] if means.network.circuit_relays == 2 else [guard, self._middle(guard, exits), chosen]
        for number, relay in enumerate(path):
            if not apart(relay, path[:number], means.network):
                # One relay, or one hand, at both ends would know who asks for what.
                raise NoRelay("The relays of this circuit are not apart.", "It is tried again with others.")
        return path

    def _middle(self, guard: KnownRelay, exits: list[KnownRelay]) -> KnownRelay:
        taken, network = [guard, *exits], self._means.network
        pool = [r for r in self._means.directory.others() if "circuit" in r.features and apart(r, taken, network)]
        if not pool:
            raise NoRelay("No relay is known that could be the middle of a circuit.", "Wait until more are known.")
        return pool[self._means.entropy.below(len(pool))]

    async def _visit(self, life: Life) -> None:
        follow = self._means.pace == "live"
        path = await self._path(life)
        async with open_circuit(path, self._means.network) as session:
            self._means.directory.guard_was(reached=True)
            visit = Visit(None if life.published else life.envelope, reading_of(life, follow=follow))
            async with session.listen(visit) as answers:
                async for frame in answers:
                    if isinstance(frame, Error):
                        raise SessionLost(f"The exit refused the visit: {frame.code}.", "It is tried again.")
                    if isinstance(frame, Visited):
                        life.visit_open = follow
                        await self._took(life, frame)
                        if not follow:
                            go_on(life, frame)
                            return
        raise SessionLost("The visit ended.", "It is begun again.")

    async def _took(self, life: Life, visited: Visited) -> None:
        """Take one answer of an exit: what became of our envelope, notes, and what the boards sign for."""
        self._means.directory.take(visited.cards)
        published = visited.published
        if published is not None:
            await self._published(life, published.id, published.error, published.bits)
        notes, verdicts = life.reader.take_untrusted(visited)
        answered = [await self._inbox.take(note, life.address) for note in notes]
        self._judge_boards(life, verdicts)
        # Either the boards list it, or somebody has read it there and answered.
        if life.published and (life.address.id in visited.rfps or any(answered)):
            await self._now(life, LIVE)

    async def _published(self, life: Life, item: bytes | None, error: str | None, bits: int | None) -> None:
        if error is None and item == life.address.id:
            life.published = True
            await self._now(life, SENT)
            return
        if error in _FOR_GOOD:
            needed = f" ({bits} bits)" if bits else ""
            await self._end(life.row.local_id, FAILED, f"the relays refused it: {error}{needed}")
            life.cancel.cancel()
            return
        raise SessionLost(f"The exit did not take the RFP: {error}.", "It is tried again.")

    async def _now(self, life: Life, state: str) -> None:
        """Go on to a state, never back."""
        before = OPEN_STATES[: OPEN_STATES.index(state)]
        local_id, now = life.row.local_id, clock.unix_seconds()
        await self._means.news.tell(
            "rfp.state",
            {"id": local_id, "state": state},
            lambda connection: rfps.set_state(connection, local_id, state, now, among=before),
        )

    @staticmethod
    def _judge_boards(life: Life, verdicts: list[BoardVerdict]) -> None:
        for verdict in verdicts:
            life.boards[verdict.board] = verdict.complete

    # ---- closing

    async def close(self, local_id: str, reason: str) -> bool:
        """End an RFP; return whether it was open. What has left is told to the network, however often that is tried."""
        closed = await self._close_unsent(local_id, reason) or await self._close_sent(local_id, reason)
        scope = self._scopes.get(local_id)
        if closed and scope is not None:
            scope.cancel()
        return closed

    async def _close_unsent(self, local_id: str, reason: str) -> bool:
        now = clock.unix_seconds()
        told = await self._means.news.tell(
            "rfp.state",
            {"id": local_id, "state": CLOSED, "reason": reason},
            lambda connection: rfps.set_state(connection, local_id, CLOSED, now, reason, among=(STAMPING,)),
        )
        return told is not None

    async def _close_sent(self, local_id: str, reason: str) -> bool:
        """Keep the signed close before the person is told that it is closed: it survives a crash from then on."""
        means = self._means
        row = await means.database.read(lambda connection: rfps.get(connection, means.seal, local_id))
        secrets = await means.database.read(lambda connection: rfps.secrets_of(connection, means.seal, local_id))
        if row is None or row.state not in OPEN_STATES or row.envelope is None or secrets is None:
            return False
        data = await self._signed_close(row.envelope, SigningKey(secrets.seed), reason)
        now = clock.unix_seconds()
        told = await means.news.tell(
            "rfp.state",
            {"id": local_id, "state": CLOSED, "reason": reason},
            lambda connection: rfps.set_closing(connection, local_id, data, now, reason, among=OPEN_STATES),
        )
        if told is not None:
            self._nursery.start_soon(self._carry_close, local_id)
        return told is not None

    async def _signed_close(self, rfp: bytes, key: SigningKey, reason: str) -> bytes:
        means, envelope = self._means, envelope_untrusted(rfp)
        body = Close(EnvelopeId(envelope.id), reason).to_body()
        life = max(0, envelope.expires - clock.unix_seconds())
        bits = price_of_kind(means.network, CLOSE, total_size(CLOSE, body), life)
        unstamped = prepare(Header(CLOSE, means.network.id, envelope.expires, bits), body, key.public)
        return unstamped.sealed_by(key, await find_nonce(unstamped, means.entropy))

    async def _carry_close(self, local_id: str) -> None:
        """Carry a close out in visits of its own until an exit has taken it, or the RFP is over by itself."""
        means = self._means
        row = await means.database.read(lambda connection: rfps.get(connection, means.seal, local_id))
        if row is None or row.closing is None:
            return
        with trio.move_on_after(max(0, row.expires - clock.unix_seconds())):
            await self._publish_close(row, row.closing)
        await means.database.write(lambda connection: rfps.set_closed(connection, local_id))

    async def _publish_close(self, row: StoredRfp, closing: bytes) -> None:
        attempt = 0
        while True:
            try:
                if await self._close_was_taken(row, closing, attempt):
                    return
            except (IntentcastdError, IntentcastError) as error:
                _log.info("close.failed", code=getattr(error, "code", "failed"))
                await self._note_failure(error)
            attempt += 1
            mean = min(RETRY_MEAN_SECONDS * 2 ** min(attempt, 9), CLOSE_RETRY_MOST_SECONDS)
            await trio.sleep(0.2 + self._means.entropy.exponential(mean / 2))

    async def _close_was_taken(self, row: StoredRfp, closing: bytes, attempt: int) -> bool:
        exits = [relay for key in row.exits if (relay := self._means.directory.get(key)) is not None]
        if not exits:
            raise NoRelay("Neither exit of this RFP is known now.", "It is tried again.")
        path = await self._path_to(exits[attempt % len(exits)], exits)
        async with open_circuit(path, self._means.network) as session:
            self._means.directory.guard_was(reached=True)
            frame = await session.ask(Visit(closing))
        published = frame.published if isinstance(frame, Visited) else None
        return published is not None and (published.error is None or published.error in _FOR_GOOD)
