"""The board under any interleaving of posts, checks, commits, full disks and closes (stateful)."""

from __future__ import annotations

from collections import deque

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.ids import RelayKey
from intentcast.limits import LANE_A_NOTES, LANE_B_NOTES, LANE_C_NOTES
from intentcast.machines.board import epoch_of
from intentcast.machines.effects import Effect, Keep, KeepNote, Send, SendNotes, Verify
from intentcast.machines.inputs import FrameReceived, Input, LinkId, LinkUp, Stored, Verified
from intentcast.machines.relay import Relay
from intentcast.machines.spreading import Settings
from intentcast.networks import NETWORKS
from intentcast.records.envelope import NOTE, Header, prepare
from intentcast.records.head import head_untrusted, set_digest
from intentcast.records.message import seal_message
from intentcast.testing.bench import moment
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import Buyer, Samples, stamped
from intentcast.wire.frames import Done, Error, Post, Read, Submit

LINK = LinkId(1)
CAPS = {"a": LANE_A_NOTES, "b": LANE_B_NOTES, "c": LANE_C_NOTES}
SEALED = seal_message(b"\x80", BoxKey(b"\1" * 32).public, BoxKey(b"\2" * 32))


class BoardMachine(RuleBasedStateMachine):
    """Two RFPs, vendors and strangers; what the machine asks for is done later, in the order in which it was asked."""

    buyers = Bundle("buyers")

    @initialize()
    def start(self) -> None:
        self.samples = Samples(NETWORKS["test"], SeededEntropy("board machine"))
        key = self.samples.key()
        self.relay = Relay(Settings(self.samples.network, RelayKey(key.public)), key, self.samples.entropy)
        self.asked: deque[Verify | Keep | KeepNote] = deque()
        self.kept: dict[bytes, KeepNote] = {}
        self.closed: set[bytes] = set()
        self.answers: list[Done | Error] = []
        self.posts = 0
        self.key = key
        self.give(LinkUp(LINK, None))

    def give(self, item: Input) -> None:
        for effect in self.relay.receive(item, moment(0)):
            self.note(effect)

    def note(self, effect: Effect) -> None:
        if isinstance(effect, Verify | Keep | KeepNote):
            self.asked.append(effect)
        elif isinstance(effect, Send) and isinstance(effect.frame, Done | Error):
            self.answers.append(effect.frame)

    def frame(self, item: Submit | Post) -> None:
        self.give(FrameReceived(LINK, item, 1))

    def settle(self, full: bool = False) -> None:
        effect = self.asked.popleft()
        match effect:
            case Verify():
                self.give(Verified(effect.token, tuple(True for _ in effect.envelopes)))
            case Keep():
                self.give(Stored(effect.token))
            case KeepNote():
                if not full:
                    self.kept[effect.note.id] = effect
                    if effect.displaced is not None:
                        self.kept.pop(effect.displaced, None)
                self.give(Stored(effect.token, full=full))

    def settle_all(self) -> None:
        while self.asked:
            self.settle()

    @rule(target=buyers)
    def open_rfp(self) -> Buyer:
        buyer = self.samples.buyer((RelayKey(self.key.public),))
        self.frame(Submit(buyer.data))
        self.settle_all()
        return buyer

    @rule(buyer=buyers, known=st.booleans(), effort=st.integers(4, 6), count=st.integers(1, 40), again=st.booleans())
    def post(self, buyer: Buyer, known: bool, effort: int, count: int, again: bool) -> None:
        for _ in range(count):
            key = self.samples.key()
            if known:
                self.frame(Submit(self.samples.vendor_card(key)))
                while any(isinstance(effect, Keep) or not isinstance(effect, KeepNote) for effect in self.asked):
                    self.settle()
            self.frame(Post(self.note_by(key, buyer, effort)))
            if again:
                self.frame(Post(self.note_by(key, buyer, effort + 1)))
            self.posts += 1

    def note_by(self, key: SigningKey, buyer: Buyer, effort: int) -> bytes:
        header = Header(NOTE, self.samples.network.id, buyer.envelope.expires, effort)
        return stamped(prepare(header, SEALED, key.public, buyer.key.public), key)

    @precondition(lambda self: self.asked)
    @rule(count=st.integers(1, 30), full=st.booleans())
    def work(self, count: int, full: bool) -> None:
        for _ in range(min(count, len(self.asked))):
            self.settle(full)

    @rule(buyer=buyers)
    def close_rfp(self, buyer: Buyer) -> None:
        self.frame(Submit(self.samples.close(buyer)))
        self.settle_all()
        self.closed.add(buyer.key.public)

    @invariant()
    def no_lane_is_over_full(self) -> None:
        if not hasattr(self, "relay"):
            return
        for thread in self.relay.board._threads.values():
            for lane, notes in thread.lanes.items():
                assert len(notes) <= CAPS[lane], f"lane {lane} has {len(notes)}"

    @invariant()
    def every_note_stands_in_one_lane_and_every_author_has_one(self) -> None:
        if not hasattr(self, "relay"):
            return
        standing = [note for thread in self.relay.board._threads.values() for note in thread.notes()]
        assert {note.id for note in standing} == set(self.relay.board._ids)
        assert len({(note.tag, note.author) for note in standing}) == len(standing)

    @invariant()
    def a_closed_rfp_has_no_notes(self) -> None:
        if hasattr(self, "relay"):
            assert not self.closed & self.relay.board._threads.keys()

    @invariant()
    def full_never_means_closed(self) -> None:
        """BRD-7: a note is refused for one author's second, an ended RFP or a full disk, never for lack of room."""
        if hasattr(self, "relay"):
            assert {answer.code for answer in self.answers if isinstance(answer, Error)} <= {
                "tag",
                "full",
                "one_per_vendor",
                "closed",
            }

    @invariant()
    def a_head_says_what_is_kept(self) -> None:
        if not hasattr(self, "relay") or self.asked:
            return
        [read] = [
            effect
            for effect in self.relay.receive(
                FrameReceived(LINK, Read(0, b"", epoch_of(moment(0).wall), 0, False), 2), moment(0)
            )
            if isinstance(effect, SendNotes)
        ]
        head = head_untrusted(read.head)
        assert head.count == len(read.notes)
        assert head.notes == set_digest(read.notes)
        on_disk = {item for item, kept in self.kept.items() if kept.note.tag not in self.closed}
        assert set(read.notes) <= on_disk


BoardMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestBoard = BoardMachine.TestCase


def test_a_lane_keeps_to_its_places_when_the_disk_was_full_for_notes_that_others_displaced() -> None:
    board = BoardMachine()
    board.start()
    buyer = board.open_rfp()
    board.post(buyer, known=False, effort=4, count=40, again=False)
    board.settle_all()
    board.post(buyer, known=False, effort=4, count=20, again=False)
    board.work(count=20, full=False)
    board.work(count=10, full=True)

    board.settle_all()

    assert board.relay.board._ids, "the rest are kept"
    board.no_lane_is_over_full()
    board.every_note_stands_in_one_lane_and_every_author_has_one()
    board.a_head_says_what_is_kept()
