"""Spreading: envelopes come in, are judged, kept, and given to every link that asked for their like.

Flooding with duplicate suppression: each relay gives each envelope once to each subscribed link. What enters
the network through this relay is held for a memoryless time first, then handed to one relay drawn afresh,
which spreads it: so neither the neighbours' clocks nor their order name the relay that it came through.

Spec: 06 §2, §3 (ADM-1..ADM-9, SPR-1..SPR-8), 09 §6 (CIR-9..CIR-11)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intentcast.entropy import Entropy
from intentcast.errors import Ignored, Rejected, StampTooWeak
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.limits import MAX_HELD_RFPS, MAX_LIVE_ENVELOPES
from intentcast.machines.admission import (
    Known,
    judge_close,
    judge_relay,
    judge_rfp,
    judge_vendor,
    screen_untrusted,
)
from intentcast.machines.effects import Close, Effect, Keep, Kept, Replay, Send, Verify
from intentcast.machines.holding import Held, Holding, held_until
from intentcast.machines.inputs import LinkId, Loaded, Now, Token
from intentcast.machines.market import Entry, Market, entry_of, wants
from intentcast.networks import Network
from intentcast.records.envelope import CLOSE, PUBLIC_KINDS, RELAY, RFP, Envelope, envelope_untrusted
from intentcast.records.rfp import Routing, routing_untrusted
from intentcast.units import Instant, Seconds
from intentcast.wire.batches import give_batches
from intentcast.wire.frames import Done, Error, Give, Handoff, Subscribe

Answer = Callable[["EnvelopeId | None", "StampTooWeak | Rejected | Ignored | None"], list[Effect]]
"""Says to whoever brought an envelope what became of it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one relay is: its network, its key, and the branches of categories that it does not carry."""

    network: Network
    key: RelayKey
    refused: frozenset[str] = frozenset()
    surcharge: int = 0


@dataclass(frozen=True, slots=True)
class _Arrival:
    envelope: Envelope
    source: LinkId | None
    answer: Answer
    entering: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    arrival: _Arrival
    entry: Entry
    closes: EnvelopeId | None
    hold: Seconds | None


class Spreading:
    """Judges, holds and floods the envelopes of one relay."""

    def __init__(self, settings: Settings, entropy: Entropy, tokens: Callable[[], Token]) -> None:
        self.settings = settings
        self.market = Market()
        self.refused: dict[str, int] = {}
        self._entropy = entropy
        self._tokens = tokens
        self._relays: dict[LinkId, RelayKey] = {}
        self._chosen: set[LinkId] = set()
        self._subscriptions: dict[LinkId, tuple[int, Subscribe]] = {}
        self._verifying: dict[Token, list[_Arrival]] = {}
        self._keeping: dict[Token, list[_Judged]] = {}
        self._busy: dict[bytes, EnvelopeId] = {}
        self.held = Holding(settings.network.hold_mean_seconds, entropy)
        self._known = Known(self.market.is_closed, self._live_rfp, self._carries)

    # ---- links

    def link_up(self, link: LinkId, key: RelayKey | None, *, chosen: bool) -> list[Effect]:
        """A proven relay is asked for everything: so two relays that meet again are soon at one (SPR-2)."""
        if key is None:
            return []
        self._relays[link] = key
        if chosen:
            self._chosen.add(link)
        return [Send(link, Subscribe(PUBLIC_KINDS, (), (), replay=True), request=1)]

    def link_down(self, link: LinkId) -> None:
        self._relays.pop(link, None)
        self._chosen.discard(link)
        self._subscriptions.pop(link, None)

    def subscribe(self, link: LinkId, subscription: Subscribe, request: int) -> list[Effect]:
        """From now on the link is given what it asks for, after what is live already (SPR-3)."""
        self._subscriptions[link] = (request, subscription)
        return [Replay(link, request, subscription) if subscription.replay else Send(link, Done(), request)]

    def unsubscribe(self, link: LinkId, request: int) -> None:
        if self._subscriptions.get(link, (None, None))[0] == request:
            del self._subscriptions[link]

    def cards(self, link: LinkId, request: int, count: int) -> list[Effect]:
        """Relay cards drawn afresh for each that asks."""
        gives: list[Effect] = [Send(link, give, request) for give in give_batches(self.draw_cards(count))]
        return [*gives, Send(link, Done(), request)]

    def draw_cards(self, count: int) -> list[bytes]:
        """Return up to `count` relay cards, drawn at random."""
        pool = self.market.relay_cards()
        return [pool.pop(self._entropy.below(len(pool))) for _ in range(min(count, len(pool)))]

    # ---- envelopes in

    def gave(self, link: LinkId, give: Give, now: Now) -> list[Effect]:
        """A relay, or a relay that we subscribed to, gave envelopes: what is wrong with one ends the link (SPR-5)."""

        def answer(_: EnvelopeId | None, error: StampTooWeak | Rejected | Ignored | None) -> list[Effect]:
            return [Close(link, error.rule)] if isinstance(error, Rejected) else []

        return self._arrive(give.envelopes, link, answer, now, entering=False)

    def submitted(self, link: LinkId, data: bytes, request: int, now: Now, *, entering: bool) -> list[Effect]:
        """Somebody brings an envelope and is told what becomes of it (SPR-6)."""

        def answer(item: EnvelopeId | None, error: StampTooWeak | Rejected | Ignored | None) -> list[Effect]:
            return answer_frames(link, request, item, error)

        return self._arrive((data,), link, answer, now, entering=entering)

    def published(self, data: bytes, answer: Answer, now: Now) -> list[Effect]:
        """A visit brings an envelope; its exit answers in the visit's own frame."""
        if len(data) > 2 and data[2] not in (RFP, CLOSE):
            # CIR-16: cards are public in themselves, and would go around the hold.
            return answer(None, Rejected("CIR-16", "a visit publishes an RFP or a close"))
        return self._arrive((data,), None, answer, now, entering=True)

    def _arrive(
        self, batch: tuple[bytes, ...], source: LinkId | None, answer: Answer, now: Now, *, entering: bool
    ) -> list[Effect]:
        effects: list[Effect] = []
        arrivals: list[_Arrival] = []
        surcharge = self.settings.surcharge if entering else 0
        for data in batch:
            try:
                envelope = screen_untrusted(data, self.settings.network, now.wall, self.market, surcharge)
                self._check_room(envelope, entering)
            except (Rejected, Ignored) as error:
                effects += self._refuse(error, data, answer)
                continue
            arrivals.append(_Arrival(envelope, source, answer, entering))
        if arrivals:
            token = self._tokens()
            self._verifying[token] = arrivals
            effects.append(Verify(token, tuple(arrival.envelope for arrival in arrivals)))
        return effects

    def _check_room(self, envelope: Envelope, entering: bool) -> None:
        if len(self.market) >= MAX_LIVE_ENVELOPES or (entering and len(self.held) >= MAX_HELD_RFPS):
            raise Ignored("ADM-9", "there is no room for more", "full")
        if entering and envelope.id in self.held:
            raise Ignored("ENV-9", "the envelope is known", "duplicate")

    def _refuse(self, error: Rejected | Ignored, data: bytes, answer: Answer) -> list[Effect]:
        if error.code == "duplicate":
            # Whoever brings again what is kept already is told so: its first answer may have been lost.
            return answer(envelope_untrusted(data).id, None)
        self.refused[error.code] = self.refused.get(error.code, 0) + 1
        return answer(None, error)

    # ---- after the signatures

    def verified(self, token: Token, holds: tuple[bool, ...], now: Now) -> list[Effect]:
        """Signatures were checked: judge the bodies, and keep what is right."""
        effects: list[Effect] = []
        judged: list[_Judged] = []
        taken: set[EnvelopeId] = set()
        for arrival, sound in zip(self._verifying.pop(token), holds, strict=True):
            try:
                if not sound:
                    raise Rejected("ENV-7", "the signature does not hold", "signature")
                if arrival.envelope.id in taken or arrival.envelope.id in self.market:
                    effects += arrival.answer(arrival.envelope.id, None)
                    continue
                judged.append(self._judge(arrival, now))
                taken.add(arrival.envelope.id)
                if arrival.envelope.kind == RFP:
                    self._busy[arrival.envelope.author] = arrival.envelope.id
            except (Rejected, Ignored) as error:
                self.refused[error.code] = self.refused.get(error.code, 0) + 1
                effects += arrival.answer(None, error)
        if judged:
            keep = self._tokens()
            self._keeping[keep] = judged
            kept = tuple(
                Kept(item.arrival.envelope, item.entry.category, held_until(item.hold, now)) for item in judged
            )
            back = tuple(item.entry.id for item in judged if item.entry.id in self.held and item.hold is None)
            effects.append(Keep(keep, kept, back))
        return effects

    def _judge(self, arrival: _Arrival, now: Now) -> _Judged:
        entry, closes = self._entry(arrival.envelope)
        hold = self.held.draw(arrival.envelope.kind) if arrival.entering else None
        return _Judged(arrival, entry, closes, hold)

    def _entry(self, envelope: Envelope) -> tuple[Entry, EnvelopeId | None]:
        if envelope.kind == RFP:
            return _rfp_entry(envelope, judge_rfp(envelope, self._known)), None
        if envelope.kind == CLOSE:
            return entry_of(envelope), judge_close(envelope)
        if envelope.kind == RELAY:
            judge_relay(envelope, self.settings.network)
        else:
            judge_vendor(envelope)
        return entry_of(envelope), None

    def _carries(self, category: str) -> bool:
        return not any(category == code or category.startswith(code + "-") for code in self.settings.refused)

    def _live_rfp(self, author: bytes) -> EnvelopeId | None:
        live = self.market.live_rfp(author) or self._busy.get(author)
        if live is not None:
            return live
        return self.held.rfp_of(author)

    # ---- after the commit

    def stored(self, token: Token, full: bool, now: Now) -> tuple[list[Effect], list[Entry], list[Entry]]:
        """Envelopes are on disk, or there was no room.

        Returns:
            Effects, what is live from now on, and what a close has ended.
        """
        judged = self._keeping.pop(token, [])
        for item in judged:
            self._busy.pop(item.entry.author, None)
        if full:
            for item in judged:
                if item.entry.id in self.held:  # it is on disk already and only its release failed: again later
                    self.held.later(item.entry.id, now)
            error = Ignored("ADM-9", "the disk is full", "full")
            return [effect for item in judged for effect in item.arrival.answer(None, error)], [], []
        effects: list[Effect] = []
        live: list[_Judged] = []
        ended: list[Entry] = []
        for item in judged:
            effects += item.arrival.answer(item.entry.id, None)
            if item.entry.id in self.market:
                continue  # it came twice before it was on disk: it is given once (SPR-1)
            if item.hold is None:
                self.held.drop(item.entry.id)
                if item.closes is None and self.market.is_closed(item.entry.id, item.entry.author):
                    continue  # its close was on disk first (CLO-4)
                ended += self._show(item.entry, item.closes)
                live.append(item)
            elif item.entry.id not in self.held:
                self.held.hold(item.arrival.envelope, item.entry, Instant(now.instant + item.hold))
        effects += self._flood([(item.arrival.envelope, item.entry, item.arrival.source) for item in live])
        return effects, [item.entry for item in live if item.closes is None], ended

    def _show(self, entry: Entry, closes: EnvelopeId | None) -> list[Entry]:
        if closes is None:
            self.market.add(entry)
            return []
        held = self.held.get(closes)
        if held is not None and held.entry.author == entry.author:
            self.held.drop(closes)
        ended = self.market.close(entry, closes)
        return [ended] if ended else []

    def _flood(self, fresh: list[tuple[Envelope, Entry, LinkId | None]]) -> list[Effect]:
        """Give each link what it wants and did not bring itself, as received, in batches (SPR-1, SPR-4)."""
        effects: list[Effect] = []
        gives: dict[tuple[EnvelopeId, ...], list[Give]] = {}
        for link, (_, subscription) in self._subscriptions.items():
            wanted = {e.id: e.data for e, entry, source in fresh if source != link and wants(subscription, entry)}
            # Most links want the same: they share its frames, so each is written once.
            shared = gives.setdefault(tuple(wanted), list(give_batches([*wanted.values()])))
            effects += [Send(link, give) for give in shared]
        return effects

    # ---- hold and hand-off

    def loaded(self, loaded: Loaded, now: Now) -> tuple[list[Entry], list[Entry]]:
        """At start: take what was kept; return the RFPs that are live, and those that a close has ended."""
        envelope = loaded.envelope
        if envelope.kind == RFP:
            entry = _rfp_entry(envelope, routing_untrusted(envelope.body))
            if self.market.is_closed(entry.id, entry.author):
                return [], []
        else:
            entry = entry_of(envelope)
        if loaded.held_until is not None:
            self.held.hold(envelope, entry, Instant(now.instant + max(0, loaded.held_until - now.wall)))
            return [], []
        ended = self._show(entry, judge_close(envelope) if envelope.kind == CLOSE else None)
        return [entry] if envelope.kind == RFP else [], ended

    def release(self, now: Now) -> list[Effect]:
        """Hand on what was held long enough, or spread it from here (CIR-10, CIR-11)."""
        # Links that others opened cost them nothing: who opens a thousand must not get most hand-offs.
        handed, alone = self.held.release(now, sorted(self._chosen or self._relays))
        effects: list[Effect] = [
            Send(link, Handoff(held.envelope.data), request=self._tokens()) for link, held in handed
        ]
        return effects + self._spread_alone(alone)

    def _spread_alone(self, alone: list[Held]) -> list[Effect]:
        if not alone:
            return []
        token = self._tokens()
        judged = []
        for held in alone:
            closes = judge_close(held.envelope) if held.envelope.kind == CLOSE else None
            arrival = _Arrival(held.envelope, None, lambda *_: [], entering=False)
            judged.append(_Judged(arrival, held.entry, closes, None))
        self._keeping[token] = judged
        return [Keep(token, (), tuple(held.entry.id for held in alone))]


def _rfp_entry(envelope: Envelope, routing: Routing) -> Entry:
    return Entry(
        id=envelope.id,
        kind=RFP,
        author=envelope.author,
        expires=envelope.expires,
        category=routing.category,
        area=routing.area,
        boards=routing.boards,
        work=routing.work,
    )


def answer_frames(
    link: LinkId, request: int, item: EnvelopeId | None, error: StampTooWeak | Rejected | Ignored | None
) -> list[Effect]:
    """Return what to say to a link that brought something: done, or why not; a fault ends the link."""
    if error is None:
        return [Send(link, Done(id=item), request)]
    bits = error.bits if isinstance(error, StampTooWeak) else None
    said: list[Effect] = [Send(link, Error(error.code, bits=bits), request)]
    fault = isinstance(error, Rejected) and not isinstance(error, StampTooWeak)
    return [*said, Close(link, error.rule)] if fault else said
