"""The responder: a vendor's daemon hears the market at its relays and answers what its catalogue fits.

Lives by three rules: one offer per RFP, whatever dies in between; nothing is answered that was not verified; what is
not answered is counted by reason, so that a shop can see why.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import Ignored, IntentcastError, Misuse, Rejected
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.limits import MAX_VENDOR_LIFE_SECONDS
from intentcast.machines.circuit import KnownRelay, known_relay_untrusted
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import Network
from intentcast.records.envelope import (
    RELAY,
    RFP,
    VENDOR,
    Envelope,
    Header,
    envelope_untrusted,
    prepare,
    total_size,
)
from intentcast.records.vendor_card import VendorCard, vendor_card_untrusted
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Done, Submit, Subscribe
from intentcastd import clock, log
from intentcastd.engine.dialling import dial_relay
from intentcastd.engine.news import News
from intentcastd.engine.session import Refused, Session, open_session
from intentcastd.engine.stamping import find_nonce
from intentcastd.errors import IntentcastdError
from intentcastd.store import keys, outbox
from intentcastd.store.database import Database
from intentcastd.store.outbox import Outgoing
from intentcastd.store.sealed import Seal
from intentcastd.vendor.answering import Shop, Vendor, decide, read_rfp_untrusted, seal_offer
from intentcastd.vendor.posting import WAITING, Posting, waiting_at
from intentcastd.vendor.pricing import NoOffer

RELAYS_HEARD = 2
"""Relays that a vendor listens to at once: one that keeps things back is found out by the other."""

RETRY_MEAN_SECONDS = 1.0
MOST_RECENT = 50
MOST_AT_ONCE = 8
MOST_ANSWERED = 100_000
RENEW_DAYS = 14
"""A card that lives shorter than this is made anew."""

CARD = "vendor.card"
_DAY = 86_400
_log = log.get("vendor")


@dataclass(frozen=True, slots=True)
class Recent:
    """What became of one RFP, for the vendor's eyes."""

    at: UnixSeconds
    rfp: str
    category: str
    outcome: str
    reason: str


@dataclass(slots=True)
class Counts:
    """What a vendor's daemon did since it started."""

    seen: int = 0
    offered: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    recent: deque[Recent] = field(default_factory=lambda: deque(maxlen=MOST_RECENT))
    heard: set[RelayKey] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Means:
    """What a responder works with."""

    network: Network
    key: SigningKey
    box: BoxKey
    seeds: Sequence[KnownRelay]
    entropy: Entropy
    database: Database
    seal: Seal
    news: News


class Responder:
    """One vendor at work."""

    def __init__(self, means: Means, shop: Shop) -> None:
        self.shop = shop
        self.counts = Counts()
        self.card: Envelope | None = None
        self._means = means
        self._relays = {seed.key: seed for seed in means.seeds}
        self._answered: dict[EnvelopeId, UnixSeconds] = {}
        self._hearing: set[trio.CancelScope] = set()
        self._places = trio.Semaphore(MOST_AT_ONCE)
        self._posting = Posting(means.network, means.database, self._relays.get, means.entropy, self._told)

    async def run(self) -> None:
        """Answer until cancelled: first make the card, then go on with what was left to post, then listen."""
        await self._make_card()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._post_what_waits, nursery)
            nursery.start_soon(self._renew_card)
            for place in range(min(RELAYS_HEARD, max(1, len(self._means.seeds)))):
                nursery.start_soon(self._listen, place, nursery)

    def replace_shop(self, shop: Shop) -> None:
        """From now on answer from this catalogue and profile, also what is live already and was passed over."""
        self.shop = shop
        self._answered.clear()
        for scope in list(self._hearing):
            scope.cancel()

    # ---- the card

    async def _make_card(self) -> None:
        """Take up the card of the last run if it still says the same, else make one: a vendor has one live card."""
        means, profile = self._means, self.shop.profile
        now = clock.unix_seconds()
        kept = await means.database.read(lambda connection: keys.get(connection, means.seal, CARD))
        before = envelope_untrusted(kept) if kept else None
        if before and before.network != means.network.id:
            before = None
        salt = vendor_card_untrusted(before.body).salt if before else means.entropy.bytes(16)
        card = VendorCard(
            name=profile.name,
            box=means.box.public,
            areas=profile.areas,
            categories=self._categories(),
            currency=profile.currency,
            terms=tuple(sorted(profile.terms)),
            salt=salt,
            domain=profile.domain,
        )
        if before and vendor_card_untrusted(before.body) == card and before.expires > now + RENEW_DAYS * _DAY:
            self.card = before
            return
        body = replace(card, salt=means.entropy.bytes(16)).to_body()
        expires = UnixSeconds((now + MAX_VENDOR_LIFE_SECONDS - 2 * _DAY) // _DAY * _DAY)
        bits = price_of_kind(means.network, VENDOR, total_size(VENDOR, body), expires - now)
        unstamped = prepare(Header(VENDOR, means.network.id, expires, bits), body, means.key.public)
        data = unstamped.sealed_by(means.key, await find_nonce(unstamped, means.entropy))
        await means.database.write(lambda connection: keys.put(connection, means.seal, CARD, data))
        self.card = envelope_untrusted(data)

    def _categories(self) -> tuple[str, ...]:
        """The branches that the catalogue covers, two levels deep: enough for relays to choose what to give."""
        codes = {item.category for item in self.shop.items.items if item.category} | set(self.shop.profile.categories)
        return tuple(sorted({"-".join(code.split("-")[:2]) for code in codes}))[:64]

    async def _renew_card(self) -> None:
        while True:
            await trio.sleep(_DAY)
            await self._make_card()

    # ---- listening

    async def _listen(self, place: int, nursery: trio.Nursery) -> None:
        """Stay linked to one relay; go to the next one when it does not answer."""
        attempt = 0
        while True:
            relays = sorted(self._relays.values(), key=lambda relay: relay.key)
            relay = relays[(place + attempt) % len(relays)] if relays else None
            if relay is not None and relay.key not in self.counts.heard:
                scope = trio.CancelScope()
                self._hearing.add(scope)
                try:
                    with scope:
                        await self._hear(relay, nursery)
                except (IntentcastdError, IntentcastError) as error:
                    _log.info("relay.lost", code=getattr(error, "code", "failed"))
                finally:
                    self._hearing.discard(scope)
                    self.counts.heard.discard(relay.key)
            attempt += 1
            await trio.sleep(0.2 + min(self._means.entropy.exponential(RETRY_MEAN_SECONDS), 10.0))

    async def _hear(self, relay: KnownRelay, nursery: trio.Nursery) -> None:
        self.counts.heard.add(relay.key)
        stream = await dial_relay(relay, self._means.network)
        async with open_session(stream, self._means.network, relay.key) as session:
            await self._submit_card(session)
            subscription = Subscribe((RFP, RELAY), self._categories(), self.shop.profile.areas, replay=True)
            async with session.listen(subscription):
                async for give in session.gives:
                    for data in give.envelopes:
                        await self._take(data, nursery)

    async def _submit_card(self, session: Session) -> None:
        await self._make_card()
        if self.card is not None:
            with suppress(Refused):  # a relay that does not want the card still gives what it has
                answer = await session.ask(Submit(self.card.data))
                if isinstance(answer, Done):
                    _log.info("card.taken")

    async def _take(self, data: bytes, nursery: trio.Nursery) -> None:
        try:
            kind = envelope_untrusted(data).kind
            if kind == RELAY:
                found = known_relay_untrusted(data, self._means.network, clock.unix_seconds())
                self._relays[found.key] = found
            elif kind == RFP:
                # Waits while enough are being answered: then the relay's frames wait, and not our memory.
                await self._places.acquire()
                nursery.start_soon(self._answer, data)
        except (Rejected, Ignored) as error:
            _log.info("relay.gave_wrong", rule=error.rule)

    # ---- answering

    async def _answer(self, data: bytes) -> None:
        """Answer one RFP, if the catalogue fits; posting may take long and needs no place."""
        try:
            outgoing = await self._offer(data)
        finally:
            self._places.release()
        if outgoing is not None:
            await self._posting.post(outgoing)

    async def _offer(self, data: bytes) -> Outgoing | None:
        """Return the note with an offer, once it is in the outbox; None if there is none to post."""
        means, now = self._means, clock.unix_seconds()
        try:
            envelope, rfp = read_rfp_untrusted(data, means.network, now)
        except (Rejected, Ignored) as error:
            self.counts.passed[error.rule] += 1
            return None
        item = EnvelopeId(envelope.id)
        if not self._is_new(item, envelope.expires, now) or await means.database.read(partial(outbox.has, rfp=item)):
            return None
        draft = await trio.to_thread.run_sync(decide, rfp, self.shop, now)
        if isinstance(draft, NoOffer):
            self._note(envelope, rfp.category, "passed", draft.reason)
            return None
        assert self.card is not None
        vendor = Vendor(means.network, means.key, self.card.id)
        try:
            unstamped = seal_offer(draft, envelope, rfp, vendor, means.entropy, now)
        except Misuse as error:
            self._note(envelope, rfp.category, "passed", error.rule)
            return None
        note = unstamped.sealed_by(means.key, await find_nonce(unstamped, means.entropy))
        outgoing = Outgoing(item, note, waiting_at(rfp.boards), envelope.expires, WAITING)
        if not await means.database.write(partial(outbox.insert, outgoing=outgoing)):
            return None
        self._note(envelope, rfp.category, "offered", "")
        return outgoing

    def _is_new(self, item: EnvelopeId, expires: UnixSeconds, now: UnixSeconds) -> bool:
        """Tell whether an RFP was not looked at yet; what has expired is forgotten when there is much of it."""
        if item in self._answered:
            return False
        if len(self._answered) >= MOST_ANSWERED:
            self._answered = {known: until for known, until in self._answered.items() if until > now}
        self._answered[item] = expires
        self.counts.seen += 1
        return True

    def _note(self, envelope: Envelope, category: str, outcome: str, reason: str) -> None:
        if outcome == "offered":
            self.counts.offered += 1
        else:
            self.counts.passed[reason] += 1
        short = envelope.id.hex()[:8]
        self.counts.recent.appendleft(Recent(clock.unix_seconds(), short, category, outcome, reason))

    async def _post_what_waits(self, nursery: trio.Nursery) -> None:
        """Go on posting what was in the outbox when the daemon last ended."""
        now = clock.unix_seconds()
        waiting = await self._means.database.read(lambda connection: outbox.in_state(connection, WAITING, now))
        for outgoing in waiting:
            nursery.start_soon(self._posting.post, outgoing)

    async def _told(self, outgoing: Outgoing, state: str, reason: str) -> None:
        await self._means.news.tell("vendor.offer", {"rfp": outgoing.rfp.hex()[:8], "state": state, "reason": reason})
