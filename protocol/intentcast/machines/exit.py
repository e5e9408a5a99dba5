"""The exit: does a visitor's errand, so that boards never see a buyer and a guard never sees an errand.

It publishes what the visit brings, reads whole epochs of the shard from its boards, puts the boards' answers
together with a mask that says which board has which note, and answers in frames of one size.

Spec: 09 §5 (CIR-6..CIR-8), 08 §6 (BRD-12, BRD-13)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from intentcast.errors import Ignored, Rejected, StampTooWeak
from intentcast.ids import EnvelopeId, RelayKey, digest, label
from intentcast.limits import EPOCH_SECONDS, MAX_SHARD_FOLLOWERS, MAX_VISIT_NOTES
from intentcast.machines.effects import Effect, EndReads, ReadBoard, Send
from intentcast.machines.efforts import price
from intentcast.machines.inputs import LinkId, Now, Token
from intentcast.networks import Network
from intentcast.records.envelope import NOTE, Envelope, envelope_untrusted
from intentcast.records.head import Shard, check_shard, head_untrusted
from intentcast.units import Instant
from intentcast.wire.codec import room_in
from intentcast.wire.frames import Error, Notes, Published, Read, Reading, ReadNote, Visit, Visited

VISITS_PER_LINK = 4
"""Visits that go on at one time on one link: a buyer needs one."""

FRAMES_AT_ONCE = 16
"""Answers that a visit gets in one go: half of what a link's outbox holds."""

MAX_RFPS = 1024
"""Ids of live RFPs that are taken from one board."""

ANSWER_SECONDS = 5.0
"""How long an exit waits for the slowest board before it names it missing."""

GATHER_SECONDS = 0.02
"""How long a new note waits for the other boards' copies, in a visit that is held open."""

_NOTE_OVERHEAD = 16
_HEAD_OVERHEAD = 8
_SEEN = label("visit", "note")


@dataclass(slots=True)
class _Gathered:
    epoch: int
    note: bytes
    mask: int = 0
    sent_mask: int = 0


@dataclass(slots=True)
class _Board:
    key: RelayKey
    heads: dict[int, bytes] = field(default_factory=dict)
    rfps: frozenset[bytes] = frozenset()
    lost: bool = False


@dataclass(slots=True)
class _Visit:
    link: LinkId
    request: int
    reading: Reading | None
    boards: list[_Board]
    due: Instant
    published: Published | None = None
    awaits_publish: bool = False
    answered: bool = False
    notes: dict[bytes, _Gathered] = field(default_factory=dict)
    fresh_heads: set[tuple[int, int]] = field(default_factory=set)


class Exit:
    """All visits that end at one relay."""

    def __init__(self, network: Network, tokens: Callable[[], Token], cards: Callable[[int], list[bytes]]) -> None:
        self._network = network
        self._tokens = tokens
        self._cards = cards
        self._visits: dict[Token, _Visit] = {}

    def __len__(self) -> int:
        return len(self._visits)

    def visited(self, link: LinkId, visit: Visit, request: int, now: Now) -> tuple[Token | None, list[Effect]]:
        """A visit came: begin to read, and return its number, by which its envelope's fate is told.

        Raises:
            Rejected: the shard is none.
        """
        reading = visit.reading
        mine = sum(state.link == link for state in self._visits.values())
        if len(self._visits) >= MAX_SHARD_FOLLOWERS or mine >= VISITS_PER_LINK:
            return None, [Send(link, Error("busy"), request)]
        if reading is not None and reading.follow and not self._network.live_pace_allowed:
            return None, [Send(link, Error("policy"), request)]
        token = self._tokens()
        boards = [_Board(RelayKey(key)) for key in reading.boards] if reading else []
        due = Instant(now.instant + (ANSWER_SECONDS if reading or visit.publish is not None else 0.0))
        state = _Visit(link, request, reading, boards, due, awaits_publish=visit.publish is not None)
        effects: list[Effect] = []
        if reading is not None:
            check_shard(reading.bits, reading.prefix)
            for number, key in enumerate(reading.boards):
                for epoch in reading.epochs:
                    follow = reading.follow and epoch == reading.epochs[-1]
                    read = Read(reading.bits, reading.prefix, epoch, 0, follow)
                    effects.append(ReadBoard(token, number, RelayKey(key), read))
        self._visits[token] = state
        return token, effects + self._answer_if_whole(token, state, now)

    def published(
        self, token: Token, item: EnvelopeId | None, error: Rejected | Ignored | None, now: Now
    ) -> list[Effect]:
        """The visit's envelope is on disk, or was refused."""
        state = self._visits.get(token)
        if state is None:
            return []
        bits = error.bits if isinstance(error, StampTooWeak) else None
        state.published = Published(item, error.code if error else None, bits)
        state.awaits_publish = False
        return self._answer_if_whole(token, state, now)

    def said(self, token: Token, board: int, notes: Notes, now: Now) -> list[Effect]:
        """A board sent notes of one epoch."""
        state = self._visits.get(token)
        if state is None or state.reading is None:
            return []
        if not self._is_sound(state, state.reading, board, notes, now):
            # The visitor takes what does not hold for the exit's lie, so a lying board is left out here.
            return self.lost(token, board, now)
        new = False
        for note in notes.notes:
            gathered = state.notes.setdefault(
                digest(_SEEN, notes.epoch.to_bytes(4, "big"), note), _Gathered(notes.epoch, note)
            )
            gathered.mask |= 1 << board
            new = new or gathered.sent_mask == 0
        if notes.head is not None:
            state.boards[board].rfps = frozenset(notes.rfps[:MAX_RFPS])
        state.boards[board].lost = False
        if notes.head is not None:
            state.boards[board].heads[notes.epoch] = notes.head
            state.fresh_heads.add((board, notes.epoch))
        if state.answered and (new or notes.head is not None):
            everywhere = all(g.mask == self._present(state) for g in state.notes.values() if g.mask != g.sent_mask)
            state.due = min(state.due, Instant(now.instant if everywhere else now.instant + GATHER_SECONDS))
            return self._answer_if_due(token, state, now)
        return self._answer_if_whole(token, state, now)

    def _is_sound(self, state: _Visit, reading: Reading, board: int, notes: Notes, now: Now) -> bool:
        """Tell whether a board said what was asked: notes of the shard, and a head of its own that holds (BRD-12)."""
        # In a visit that is held open the board's clock says which epoch comes; it is near ours.
        follows = reading.follow and abs(notes.epoch - now.wall // EPOCH_SECONDS) <= 1
        if notes.epoch not in reading.epochs and not follows:
            return False
        shard = Shard(reading.bits, reading.prefix)
        try:
            for note in map(envelope_untrusted, notes.notes):
                # CIR-17: what was never paid for, or never ends, comes from no honest board.
                if note.kind != NOTE or not shard.holds(note.tag) or not self._is_paid(note):
                    return False
            if sum(g.mask != g.sent_mask for g in state.notes.values()) + len(notes.notes) > MAX_VISIT_NOTES:
                return False
            head = head_untrusted(notes.head) if notes.head is not None else None
        except Rejected:
            return False
        said = head and (head.network, head.board, head.shard, head.epoch)
        return said is None or said == (self._network.id, state.boards[board].key, shard, notes.epoch)

    def _is_paid(self, note: Envelope) -> bool:
        """Tell whether a note holds the work of the best lane at least."""
        return note.effort >= price(self._network, "note_a", len(note.data), 0) and note.is_stamped()

    def lost(self, token: Token, board: int, now: Now) -> list[Effect]:
        """A board does not answer: the visitor is told which."""
        state = self._visits.get(token)
        if state is None:
            return []
        if state.answered and not state.boards[board].lost:
            state.due = now.instant
        state.boards[board].lost = True
        return self._answer_if_whole(token, state, now)

    def stop(self, link: LinkId, request: int) -> list[Effect]:
        return self._end([t for t, state in self._visits.items() if (state.link, state.request) == (link, request)])

    def link_down(self, link: LinkId) -> list[Effect]:
        return self._end([token for token, state in self._visits.items() if state.link == link])

    def _end(self, tokens: list[Token]) -> list[Effect]:
        for token in tokens:
            del self._visits[token]
        return [EndReads(token) for token in tokens]

    def deadline(self) -> Instant | None:
        return min((state.due for state in self._visits.values()), default=None)

    def tick(self, now: Now) -> list[Effect]:
        return [
            effect for token, state in list(self._visits.items()) for effect in self._answer_if_due(token, state, now)
        ]

    # ---- answering

    @staticmethod
    def _present(state: _Visit) -> int:
        return sum(1 << number for number, board in enumerate(state.boards) if not board.lost)

    def _is_whole(self, state: _Visit) -> bool:
        if state.awaits_publish:
            return False
        epochs = state.reading.epochs if state.reading else ()
        return all(board.lost or all(epoch in board.heads for epoch in epochs) for board in state.boards)

    def _answer_if_whole(self, token: Token, state: _Visit, now: Now) -> list[Effect]:
        if not state.answered and self._is_whole(state):
            return self._answer(token, state, now)
        return self._answer_if_due(token, state, now)

    def _answer_if_due(self, token: Token, state: _Visit, now: Now) -> list[Effect]:
        if state.due > now.instant:
            return []
        if not state.answered:
            for board in state.boards:
                board.lost = board.lost or not board.heads
        return self._answer(token, state, now)

    def _answer(self, token: Token, state: _Visit, now: Now) -> list[Effect]:
        effects: list[Effect] = []
        waiting = self._waiting(state)
        for _ in range(FRAMES_AT_ONCE):
            frame = self._frame(state, waiting)
            effects.append(Send(state.link, frame, state.request))
            state.answered = True
            state.published = None
            if state.reading is None or not state.reading.follow:
                return effects + self._end([token])
            if not frame.more:
                state.due = Instant(float("inf"))
                return effects
        # The rest a little later: others wait for this relay too, and the link's outbox is bounded.
        state.due = Instant(now.instant + GATHER_SECONDS)
        return effects

    @staticmethod
    def _waiting(state: _Visit) -> deque[tuple[int, bytes, _Gathered]]:
        """Return what is to be sent, in the order of epochs and then of the notes' hashes."""
        waiting = [(g.epoch, key, g) for key, g in state.notes.items() if g.mask != g.sent_mask]
        return deque(sorted(waiting, key=lambda item: item[:2]))

    @staticmethod
    def _rfps(state: _Visit) -> frozenset[bytes]:
        """Return the live RFPs that any board lists."""
        return frozenset().union(*(board.rfps for board in state.boards))

    def _frame(self, state: _Visit, waiting: deque[tuple[int, bytes, _Gathered]]) -> Visited:
        missing = tuple(number for number, board in enumerate(state.boards) if board.lost)
        base = Visited(published=state.published, missing=missing)
        # Room for the heads is kept back: a reader that has all notes of an epoch gets its heads in the same frame.
        heads_room = sum(len(state.boards[b].heads[e]) + _HEAD_OVERHEAD for b, e in state.fresh_heads)
        notes, left, room = self._take_notes(state, waiting, room_in(base) - heads_room)
        whole = sorted((b, e) for b, e in state.fresh_heads if left is None or e < left)
        heads = tuple((b, state.boards[b].heads[e]) for b, e in whole)
        state.fresh_heads.difference_update(whole)
        rfps = tuple(sorted(self._rfps(state)))[: max(0, room // 2 // 34)] if left is None else ()
        room -= len(rfps) * 34
        cards = () if state.answered else self._take_cards(room)
        last = state.reading.epochs[-1] if state.reading else 0
        epoch = last if left is None else left
        return Visited(
            published=state.published,
            notes=tuple(notes),
            heads=heads,
            rfps=rfps,
            cards=tuple(cards),
            missing=missing,
            next=(epoch, sum(1 for g in state.notes.values() if g.sent_mask and g.epoch == epoch)),
            more=left is not None,
        )

    def _take_notes(
        self, state: _Visit, waiting: deque[tuple[int, bytes, _Gathered]], room: int
    ) -> tuple[list[ReadNote], int | None, int]:
        """Take as many notes as fit.

        Returns:
            The notes, the epoch of the first that does not fit if there is one, and the room that is left.
        """
        taken: list[ReadNote] = []
        skip = state.reading.after if state.reading and not state.answered else 0
        everywhere = (1 << len(state.boards)) - 1
        while waiting:
            epoch, _, gathered = waiting[0]
            skipped = skip > 0 and state.reading is not None and epoch == state.reading.epochs[0]
            size = 0 if skipped else len(gathered.note) + _NOTE_OVERHEAD
            if size > room:
                return taken, epoch, room
            waiting.popleft()
            if skipped:
                skip -= 1
            else:
                taken.append(ReadNote(gathered.mask, epoch, gathered.note))
                room -= size
            gathered.sent_mask = gathered.mask
            if gathered.mask == everywhere:
                gathered.note = b""  # it is never sent again; its hash is enough to know it by
        return taken, None, room

    def _take_cards(self, room: int) -> list[bytes]:
        cards: list[bytes] = []
        for card in self._cards(8):
            if len(card) + _HEAD_OVERHEAD > room:
                break
            cards.append(card)
            room -= len(card) + _HEAD_OVERHEAD
        return cards
