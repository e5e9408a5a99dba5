"""The relay: joins the machines of one node. A table from frame to machine; no rule of its own.

Spec: 05 §3 (who may send what)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from intentcast.crypto.keys import SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import Ignored, Rejected
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.limits import CIRCUITS_BURST, CIRCUITS_PER_HOUR
from intentcast.machines.board import Board, Identity
from intentcast.machines.effects import Close, Effect, OpenTunnel, RefuseTunnel, Send
from intentcast.machines.exit import Exit
from intentcast.machines.inputs import (
    BoardLost,
    BoardSaid,
    FrameReceived,
    Input,
    LinkDown,
    LinkId,
    LinkUp,
    Loaded,
    LoadedNote,
    Now,
    Stored,
    Tick,
    Token,
    Verified,
)
from intentcast.machines.market import Entry
from intentcast.machines.spreading import Settings, Spreading
from intentcast.records.envelope import RELAY, RFP, VENDOR
from intentcast.units import Instant
from intentcast.wire.frames import (
    Cards,
    Connect,
    Done,
    Error,
    Give,
    Handoff,
    Hello,
    Notes,
    Ping,
    Pong,
    Post,
    Read,
    Stop,
    Submit,
    Subscribe,
    Visit,
    Visited,
    Welcome,
)

EXPIRE_SECONDS = 10.0
"""How often what has expired is forgotten."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts for people: nothing in here names anybody."""

    links: int
    relays: int
    rfps: int
    relay_cards: int
    vendor_cards: int
    held: int
    notes: int
    visits: int
    refused: dict[str, int]


class Relay:
    """One relay as a machine: inputs in, effects out."""

    def __init__(self, settings: Settings, key: SigningKey, entropy: Entropy) -> None:
        self._token = 0
        self.spreading = Spreading(settings, entropy, self._next_token)
        market = self.spreading.market
        self.board = Board(Identity(settings.network, key), market, self._next_token, self._is_vendor)
        self.exit = Exit(settings.network, self._next_token, self.spreading.draw_cards)
        self._links: dict[LinkId, RelayKey | None] = {}
        self._circuits: dict[LinkId, tuple[float, Instant]] = {}
        self._board_tokens: set[Token] = set()
        self._next_expiry = Instant(0.0)

    def _next_token(self) -> Token:
        self._token += 1
        return Token(self._token)

    def _is_vendor(self, author: bytes) -> bool:
        """Whether a key may use lane A. Domains are not attested yet, so where they are asked for nobody may."""
        card = self.spreading.market.card_of(VENDOR, author)
        return self.spreading.settings.network.lane_a == "card" and card is not None

    def receive(self, item: Input, now: Now) -> list[Effect]:
        """Take one input and return what is to be done about it."""
        effects = self._dispatch(item, now)
        # While a store is read back nobody performs effects yet: what is due waits for the first input after that.
        return effects if isinstance(item, (Loaded, LoadedNote)) else effects + self.tick(now)

    def _dispatch(self, item: Input, now: Now) -> list[Effect]:
        match item:
            case FrameReceived():
                return self._frame(item, now)
            case Verified():
                if item.token in self._board_tokens:
                    return self._of_board(item.token, self.board.verified(item.token, item.holds[0], now))
                return self.spreading.verified(item.token, item.holds, now)
            case Stored():
                if item.token in self._board_tokens:
                    return self._of_board(item.token, self.board.stored(item.token, item.full, now))
                return self._shown(*self.spreading.stored(item.token, item.full, now))
            case LinkUp():
                self._links[item.link] = item.key
                return self.spreading.link_up(item.link, item.key, chosen=item.chosen)
            case LinkDown():
                return self._link_down(item.link)
            case BoardSaid():
                return self.exit.said(item.visit, item.board, item.notes, now)
            case BoardLost():
                return self.exit.lost(item.visit, item.board, now)
            case Loaded():
                return self._shown([], *self.spreading.loaded(item, now))
            case LoadedNote():
                self.board.loaded(item)
                return []
            case Tick():
                return []
        assert_never(item)

    def _shown(self, effects: list[Effect], live: list[Entry], ended: list[Entry]) -> list[Effect]:
        for entry in live:
            if entry.kind == RFP:
                self.board.opened(entry)
        for entry in ended:
            self.board.ended(entry)
        return effects

    def _of_board(self, token: Token, effects: list[Effect]) -> list[Effect]:
        self._board_tokens.discard(token)
        return self._note_tokens(effects)

    def _note_tokens(self, effects: list[Effect]) -> list[Effect]:
        for effect in effects:
            token = getattr(effect, "token", None)
            if token is not None:
                self._board_tokens.add(token)
        return effects

    def _link_down(self, link: LinkId) -> list[Effect]:
        self._links.pop(link, None)
        self._circuits.pop(link, None)
        self.spreading.link_down(link)
        self.board.link_down(link)
        return self.exit.link_down(link)

    def _frame(self, item: FrameReceived, now: Now) -> list[Effect]:
        try:
            return self._handle(item.link, item, now)
        except Rejected as error:
            return [Send(item.link, Error(error.code), item.request), Close(item.link, error.rule)]

    def _handle(self, link: LinkId, item: FrameReceived, now: Now) -> list[Effect]:
        request = item.request
        match item.frame:
            case Give():
                # SPR-5: only a relay that we are linked to as a relay gives unasked.
                if self._links.get(link) is None:
                    raise Rejected("SPR-5", "only proven relays give envelopes", "proof")
                return self.spreading.gave(link, item.frame, now)
            case Submit():
                # Also from a relay: a key of one's own costs nothing, so it must not spare the hold.
                return self.spreading.submitted(link, item.frame.envelope, request, now, entering=True)
            case Handoff():
                if self._links.get(link) is None:
                    raise Rejected("CIR-14", "only proven relays hand off", "proof")
                return self.spreading.submitted(link, item.frame.envelope, request, now, entering=False)
            case Subscribe():
                return self.spreading.subscribe(link, item.frame, request)
            case Cards():
                return self.spreading.cards(link, request, item.frame.count)
            case Post():
                return self._note_tokens(self.board.posted(link, item.frame, request, now))
            case Read():
                return self.board.read(link, item.frame, request, now)
            case Visit():
                return self._visit(link, item.frame, request, now)
            case Connect():
                return self._connect(link, item.frame, request, now)
            case Stop():
                self.board.stop(link, request)
                self.spreading.unsubscribe(link, request)
                return self.exit.stop(link, request)
            case Ping():
                return [Send(link, Pong(), request)]
            case Done() | Error() | Pong() | Notes() | Visited():
                return []
            case Hello() | Welcome():
                raise Rejected("LNK-4", "a second greeting")
        assert_never(item.frame)

    def _visit(self, link: LinkId, visit: Visit, request: int, now: Now) -> list[Effect]:
        token, effects = self.exit.visited(link, visit, request, now)
        if token is None or visit.publish is None:
            return effects
        visit_token = token

        def answer(found: EnvelopeId | None, error: Rejected | Ignored | None) -> list[Effect]:
            return self.exit.published(visit_token, found, error, now)

        return effects + self.spreading.published(visit.publish, answer, now)

    def _connect(self, link: LinkId, connect: Connect, request: int, now: Now) -> list[Effect]:
        """Join the link to a relay whose card is here: nobody is sent to an address of a stranger's choice (CIR-2..CIR-4)."""
        own = connect.key == self.spreading.settings.key
        if own or self.card_of(RelayKey(connect.key)) is None:
            return [Send(link, Error("unknown_relay"), request), RefuseTunnel(link)]
        spent, since = self._circuits.get(link, (0.0, now.instant))
        spent = max(0.0, spent - (now.instant - since) * CIRCUITS_PER_HOUR / 3600)
        if spent + 1 > CIRCUITS_BURST:
            busy = Error("rate", retry_seconds=3600 // CIRCUITS_PER_HOUR)
            return [Send(link, busy, request), RefuseTunnel(link)]
        self._circuits[link] = (spent + 1, now.instant)
        return [OpenTunnel(link, request, RelayKey(connect.key))]

    def deadline(self) -> Instant:
        """When tick has something to do at the latest."""
        due = [self._next_expiry, self.spreading.held.deadline(), self.exit.deadline()]
        return min(instant for instant in due if instant is not None)

    def tick(self, now: Now) -> list[Effect]:
        """Do what time alone asks for."""
        effects = self.spreading.release(now) + self.exit.tick(now)
        if now.instant >= self._next_expiry:
            self._next_expiry = Instant(now.instant + EXPIRE_SECONDS)
            for entry in self.spreading.market.expire(now.wall):
                self.board.ended(entry)
        return effects

    def card_of(self, key: RelayKey) -> bytes | None:
        """Return the live card of a relay, as received."""
        card = self.spreading.market.card_of(RELAY, key)
        entry = self.spreading.market.get(card) if card else None
        return (entry.card or None) if entry else None

    def statistics(self) -> Statistics:
        market = self.spreading.market
        refused = dict(self.spreading.refused)
        for code, count in self.board.refused.items():
            refused[code] = refused.get(code, 0) + count
        return Statistics(
            links=len(self._links),
            relays=sum(key is not None for key in self._links.values()),
            rfps=market.count(RFP),
            relay_cards=len(market.relay_cards()),
            vendor_cards=market.count(VENDOR),
            held=len(self.spreading.held),
            notes=len(self.board),
            visits=len(self.exit),
            refused=refused,
        )
