"""The courier: carries each RFP through its life. Stamps it, takes it to its exit in a visit, brings its offers home.

One task for each RFP, begun again for all that are alive when the daemon starts: the same bytes go out again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import IntentcastError, Misuse
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.limits import EPOCH_SECONDS, VISITS_PER_HOUR
from intentcast.machines.circuit import BoardVerdict, KnownRelay, Reader
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import Network
from intentcast.records.close import Close
from intentcast.records.envelope import CLOSE, Header, envelope_untrusted, prepare, resume, total_size
from intentcast.records.head import shard_of
from intentcast.records.rfp import rfp_untrusted
from intentcast.wire.frames import Error, Reading, Visit, Visited
from intentcastd import clock, log
from intentcastd.buyer.casting import (
    CLOSED,
    EXPIRED,
    FAILED,
    HELD,
    LIVE,
    OPEN_STATES,
    SENT,
)
from intentcastd.buyer.directory import Directory, NoRelay
from intentcastd.buyer.inbox import Address, Inbox
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
MOST_EPOCHS = 16
MOST_EARLY_EPOCHS = 8
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


@dataclass(slots=True)
class Life:
    """What is known of one RFP while it is carried."""

    row: StoredRfp
    address: Address
    envelope: bytes
    published: bool
    attempt: int = 0
    since_epoch: int = 0
    after: int = 0
    boards: dict[RelayKey, bool] = field(default_factory=dict)
    visit_open: bool = False
    cancel: trio.CancelScope = field(default_factory=trio.CancelScope)


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
        self.lives: dict[str, Life] = {}
        self.progress: dict[str, tuple[int, int]] = {}

    async def resume_all(self) -> None:
        """Begin again with every RFP that was alive when the daemon last ran."""
        seal = self._means.seal
        rows = await self._means.database.read(lambda connection: rfps.list_all(connection, seal, OPEN_STATES))
        for row in rows:
            self.carry(row.local_id)

    def carry(self, local_id: str) -> None:
        """Begin to carry one RFP."""
        self._nursery.start_soon(self._carry, local_id)

    async def _carry(self, local_id: str) -> None:
        means = self._means
        row = await means.database.read(lambda connection: rfps.get(connection, means.seal, local_id))
        secrets = await means.database.read(lambda connection: rfps.secrets_of(connection, means.seal, local_id))
        if row is None or row.state not in OPEN_STATES:
            return
        if secrets is None or row.expires <= clock.unix_seconds():
            await self._end(local_id, EXPIRED, "its time is over")
            return
        envelope = row.envelope or await self._stamp(row, SigningKey(secrets.seed))
        found = envelope_untrusted(envelope)
        address = Address(local_id, found.id, found.author, BoxKey(secrets.box), rfp_untrusted(found.body))
        life = Life(row, address, envelope, row.state in (SENT, LIVE), since_epoch=first_epoch(row, found.id))
        self.lives[local_id] = life
        try:
            with life.cancel, trio.move_on_after(max(0, row.expires - clock.unix_seconds())):
                await self._visits(life)
                return
            if not life.cancel.cancel_called:
                await self._end(local_id, EXPIRED, "its time is over")
        finally:
            self.lives.pop(local_id, None)

    async def _end(self, local_id: str, state: str, reason: str) -> None:
        now = clock.unix_seconds()
        await self._means.news.tell(
            "rfp.state",
            {"id": local_id, "state": state, "reason": reason},
            lambda connection: rfps.set_state(connection, local_id, state, now, reason, among=OPEN_STATES),
        )

    async def _stamp(self, row: StoredRfp, key: SigningKey) -> bytes:
        """Find the stamp, sign, and put the whole envelope into the vault: these bytes go out and no others."""
        unstamped = resume(row.body)
        expected: int = 2**unstamped.effort

        def progress(tries: int) -> None:
            self.progress[row.local_id] = (tries, expected)

        progress(0)
        nonce = await find_nonce(unstamped, self._means.entropy, progress)
        envelope = unstamped.sealed_by(key, nonce)
        item = EnvelopeId(envelope_untrusted(envelope).id)
        now = clock.unix_seconds()
        await self._means.news.tell(
            "rfp.state",
            {"id": row.local_id, "state": HELD},
            lambda connection: rfps.set_signed(connection, row.local_id, item, envelope, HELD, now),
        )
        self.progress[row.local_id] = (expected, expected)
        return envelope

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
                await self._note_failure(life, error)
                await self._wait_before_retry(life)
            finally:
                life.visit_open = False

    async def _note_failure(self, life: Life, error: Exception) -> None:
        if isinstance(error, Unreachable):
            # We dial nobody but the guard: all others are reached through it.
            self._means.directory.guard_was(reached=False)
        if isinstance(error, (NoRelay, Unreachable)):
            with suppress(IntentcastdError):
                await self._means.directory.refresh()

    async def _wait_before_retry(self, life: Life) -> None:
        mean = min(RETRY_MEAN_SECONDS * 2 ** min(life.attempt, 5), RETRY_MOST_SECONDS)
        await trio.sleep(min(0.2 + self._means.entropy.exponential(mean / 2), RETRY_MOST_SECONDS))

    async def _path(self, life: Life) -> list[KnownRelay]:
        """Return guard, middle if the network wants one, and this RFP's exit."""
        means = self._means
        guard = await means.directory.guard(means.database, means.seal)
        exits = [means.directory.get(key) for key in life.row.exits]
        known = [relay for relay in exits if relay is not None]
        if not known:
            raise NoRelay("Neither exit of this RFP is known now.", "It is tried again.")
        chosen = known[life.attempt % len(known)]
        if means.network.circuit_relays == 1:
            return [chosen]
        if means.network.circuit_relays == 2:
            return [guard, chosen]
        return [guard, self._middle(guard, known), chosen]

    def _middle(self, guard: KnownRelay, exits: list[KnownRelay]) -> KnownRelay:
        taken = {guard.block, *(relay.block for relay in exits)}
        pool = [r for r in self._means.directory.relays() if "circuit" in r.features and r.block not in taken]
        if not pool:
            raise NoRelay("No relay is known that could be the middle of a circuit.", "Wait until more are known.")
        return pool[self._means.entropy.below(len(pool))]

    async def _visit(self, life: Life) -> None:
        follow = self._means.pace == "live"
        path = await self._path(life)
        async with open_circuit(path, self._means.network) as session:
            self._means.directory.guard_was(reached=True)
            reading = self._reading(life, follow=follow)
            shard = shard_of(life.address.key, life.address.rfp.shard)
            reader = Reader(self._means.network.id, shard, life.address.rfp.boards)
            visit = Visit(None if life.published else life.envelope, reading)
            async with session.listen(visit) as answers:
                async for frame in answers:
                    if isinstance(frame, Error):
                        raise SessionLost(f"The exit refused the visit: {frame.code}.", "It is tried again.")
                    if isinstance(frame, Visited):
                        life.visit_open = follow
                        await self._took(life, frame, reader)
                        if not follow:
                            life.since_epoch, life.after = frame.next
                            return
        raise SessionLost("The visit ended.", "It is begun again.")

    @staticmethod
    def _reading(life: Life, *, follow: bool) -> Reading:
        current = clock.unix_seconds() // EPOCH_SECONDS
        first = max(life.since_epoch, current - MOST_EPOCHS + 1)
        after = life.after if first == life.since_epoch and not follow else 0
        shard = shard_of(life.address.key, life.address.rfp.shard)
        return Reading(
            shard.bits, shard.prefix, tuple(range(first, current + 1)), after, life.address.rfp.boards, follow
        )

    async def _took(self, life: Life, visited: Visited, reader: Reader) -> None:
        """Take one answer of an exit: what became of our envelope, notes, and what the boards sign for."""
        self._means.directory.take(visited.cards)
        published = visited.published
        if published is not None:
            await self._published(life, published.id, published.error, published.bits)
        notes, verdicts = reader.take_untrusted(visited)
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
        if error in ("policy", "closed", "author_busy", "body", "life", "malformed", "signature", "network"):
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
        """End an RFP: tell the network if it knows of it, and stop carrying it; return whether it was open."""
        means = self._means
        row = await means.database.read(lambda connection: rfps.get(connection, means.seal, local_id))
        if row is None or row.state not in OPEN_STATES:
            return False
        life = self.lives.get(local_id)
        await self._end(local_id, CLOSED, reason)
        if life is not None:
            life.cancel.cancel()
        if row.state in (SENT, LIVE, HELD) and row.envelope is not None and life is not None:
            self._nursery.start_soon(self._publish_close, life, reason)
        return True

    async def _publish_close(self, life: Life, reason: str) -> None:
        """Carry the close out in a visit of its own, a few times if need be."""
        means = self._means
        secrets = await means.database.read(
            lambda connection: rfps.secrets_of(connection, means.seal, life.row.local_id)
        )
        if secrets is None:
            return
        key = SigningKey(secrets.seed)
        envelope = envelope_untrusted(life.envelope)
        body = Close(EnvelopeId(envelope.id), reason).to_body()
        bits = price_of_kind(means.network, CLOSE, total_size(CLOSE, body), envelope.expires - clock.unix_seconds())
        unstamped = prepare(Header(CLOSE, means.network.id, envelope.expires, bits), body, key.public)
        data = unstamped.sealed_by(key, await find_nonce(unstamped, means.entropy))
        for attempt in range(5):
            life.attempt = attempt
            with suppress(IntentcastdError, IntentcastError, Misuse):
                async with open_circuit(await self._path(life), means.network) as session:
                    frame = await session.ask(Visit(data))
                    if isinstance(frame, Visited) and frame.published and frame.published.error is None:
                        return
            await self._wait_before_retry(life)


def first_epoch(row: StoredRfp, rfp: bytes) -> int:
    """Return the epoch from which on an RFP's shard is read: some epochs before it was made, always the same ones.

    Which ones is drawn from its id, so that the first epoch that is asked for does not say when it was made (BRD-18).
    """
    return row.created // EPOCH_SECONDS - 1 - rfp[0] % MOST_EARLY_EPOCHS
