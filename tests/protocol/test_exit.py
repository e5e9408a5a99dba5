"""The exit: puts boards' answers together, names who is missing, and always answers in one size."""

from __future__ import annotations

from itertools import count

import pytest

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.errors import Rejected
from intentcast.ids import RelayKey
from intentcast.limits import MAX_SHARD_FOLLOWERS, MAX_VISIT_NOTES, VISIT_DOWN_BYTES
from intentcast.machines.circuit import Reader
from intentcast.machines.effects import Effect, EndReads, ReadBoard, Send
from intentcast.machines.exit import ANSWER_SECONDS, GATHER_SECONDS, Exit
from intentcast.machines.inputs import LinkId, Token
from intentcast.networks import NETWORKS
from intentcast.records.envelope import NOTE, Header, envelope_untrusted, prepare
from intentcast.records.head import Head, Shard, set_digest
from intentcast.records.message import seal_message
from intentcast.testing.bench import moment
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, TOMORROW, Samples, stamped
from intentcast.wire.codec import write
from intentcast.wire.frames import Error, Notes, Reading, Visit, Visited

LINK = LinkId(1)
EPOCH = T0 // 600
NETWORK = NETWORKS["test"].id
ALL = Shard(0, b"")
_SAMPLES = Samples(NETWORKS["test"], SeededEntropy("exit"))
BOARDS = [_SAMPLES.key() for _ in range(3)]
KEYS = tuple(board.public for board in BOARDS)
TAG = b"\x33" * 32


def a_note(size: int = 40, tag: bytes = TAG) -> bytes:
    key = _SAMPLES.key()
    sealed = seal_message(bytes(size), BoxKey(b"\1" * 32).public, BoxKey(_SAMPLES.entropy.bytes(32)))
    return stamped(prepare(Header(NOTE, NETWORK, TOMORROW, 3), sealed, key.public, tag), key)


def unpaid(note: bytes) -> bytes:
    """The note with a header that says more work than there is."""
    return note[:18] + b"\x28" + note[19:]


def a_head(board: SigningKey, notes: list[bytes], epoch: int = EPOCH, shard: Shard = ALL) -> bytes:
    ids = [envelope_untrusted(note).id for note in notes]
    return Head(NETWORK, shard, epoch, len(ids), set_digest(ids), set_digest([]), T0, board.public).signed_by(board)


def answer_of(board: SigningKey, notes: list[bytes], epoch: int = EPOCH) -> Notes:
    return Notes(epoch, tuple(notes), a_head(board, notes, epoch))


class Errand:
    """One exit, and one visit at it."""

    def __init__(
        self, follow: bool = False, epochs: tuple[int, ...] = (EPOCH,), after: int = 0, boards: int = 3
    ) -> None:
        numbers = count(1)
        self.exit = Exit(NETWORKS["test"], lambda: Token(next(numbers)), lambda count: [])
        self.reading = Reading(0, b"", epochs, after, KEYS[:boards], follow)
        token, self.effects = self.exit.visited(LINK, Visit(None, self.reading), 7, moment(0))
        assert token is not None
        self.token = token

    def say(self, board: int, notes: Notes, at: float = 0.0) -> list[Visited]:
        return visited(self.exit.said(self.token, board, notes, moment(at)))

    def lose(self, board: int, at: float = 0.0) -> list[Visited]:
        return visited(self.exit.lost(self.token, board, moment(at)))


def visited(effects: list[Effect]) -> list[Visited]:
    frames = [effect.frame for effect in effects if isinstance(effect, Send)]
    assert all(len(write(frame, 7)) == VISIT_DOWN_BYTES for frame in frames)
    return [frame for frame in frames if isinstance(frame, Visited)]


def masks(frame: Visited) -> dict[bytes, int]:
    return {note.note: note.mask for note in frame.notes}


def test_every_board_is_asked_for_every_epoch() -> None:
    errand = Errand(epochs=(EPOCH - 1, EPOCH))

    asked = [
        (effect.board, effect.key, effect.read.epoch) for effect in errand.effects if isinstance(effect, ReadBoard)
    ]

    assert asked == [(number, key, epoch) for number, key in enumerate(KEYS) for epoch in (EPOCH - 1, EPOCH)]


def test_equal_notes_are_joined_and_a_mask_says_which_board_has_which() -> None:
    """CIR-7."""
    errand = Errand()
    one, two = a_note(), a_note()
    assert errand.say(0, answer_of(BOARDS[0], [one, two])) == []
    assert errand.say(1, answer_of(BOARDS[1], [one])) == []

    [answer] = errand.say(2, answer_of(BOARDS[2], [two]))

    assert masks(answer) == {one: 0b011, two: 0b101}
    assert [board for board, _ in answer.heads] == [0, 1, 2]
    assert (answer.missing, answer.more) == ((), False)


def test_a_reader_finds_the_boards_complete_by_their_heads() -> None:
    """BRD-13."""
    errand = Errand()
    notes = [a_note() for _ in range(4)]
    for board in (0, 1):
        errand.say(board, answer_of(BOARDS[board], notes))
    withheld = Notes(EPOCH, tuple(notes[:3]), a_head(BOARDS[2], notes))
    [answer] = errand.say(2, withheld)

    found, verdicts = Reader(NETWORK, ALL, [RelayKey(key) for key in KEYS]).take_untrusted(answer)

    assert sorted(found) == sorted(notes)
    assert [(verdict.count, verdict.complete) for verdict in verdicts] == [(4, True), (4, True), (4, False)]


def test_a_note_that_two_boards_took_in_different_epochs_counts_in_each() -> None:
    """CIR-7, BRD-13: who posts around the turn of an epoch makes no board look incomplete."""
    errand = Errand(epochs=(EPOCH - 1, EPOCH), boards=2)
    note = a_note()
    errand.say(0, answer_of(BOARDS[0], [note], EPOCH - 1))
    errand.say(0, answer_of(BOARDS[0], [], EPOCH))
    errand.say(1, answer_of(BOARDS[1], [], EPOCH - 1))
    [answer] = errand.say(1, answer_of(BOARDS[1], [note], EPOCH))

    _, verdicts = Reader(NETWORK, ALL, [RelayKey(key) for key in KEYS[:2]]).take_untrusted(answer)

    assert [verdict.complete for verdict in verdicts] == [True] * 4


def test_a_board_that_is_lost_is_named_and_the_others_answer() -> None:
    errand = Errand()
    note = a_note()
    errand.say(0, answer_of(BOARDS[0], [note]))
    errand.lose(1)

    [answer] = errand.say(2, answer_of(BOARDS[2], [note]))

    assert answer.missing == (1,)
    assert masks(answer) == {note: 0b101}


def test_a_board_that_stays_silent_is_named_after_a_while() -> None:
    errand = Errand()
    errand.say(0, answer_of(BOARDS[0], []))
    errand.say(1, answer_of(BOARDS[1], []))

    assert visited(errand.exit.tick(moment(ANSWER_SECONDS - 0.1))) == []
    assert errand.exit.deadline() == ANSWER_SECONDS
    [answer] = visited(errand.exit.tick(moment(ANSWER_SECONDS)))

    assert answer.missing == (2,)
    assert len(errand.exit) == 0


@pytest.mark.parametrize(
    "lie",
    [
        lambda note: Notes(EPOCH, (b"no note",), a_head(BOARDS[2], [note])),
        lambda note: Notes(EPOCH, (bytes(9_000),), a_head(BOARDS[2], [note])),
        lambda note: Notes(EPOCH, (note,), a_head(BOARDS[0], [note])),
        lambda note: Notes(EPOCH, (note,), a_head(BOARDS[2], [note])[:-1] + b"\0"),
        lambda note: Notes(EPOCH, (note,), a_head(BOARDS[2], [note], shard=Shard(1, b"\0"))),
        lambda note: Notes(EPOCH, (note,), a_head(BOARDS[2], [note], epoch=EPOCH - 1)),
        lambda note: Notes(EPOCH - 5, (note,), a_head(BOARDS[2], [note], epoch=EPOCH - 5)),
        lambda note: Notes(EPOCH, (_SAMPLES.relay_card(BOARDS[2]),), a_head(BOARDS[2], [note])),
        lambda note: Notes(EPOCH, (unpaid(note),), a_head(BOARDS[2], [note])),
    ],
)
def test_a_board_that_lies_is_left_out_and_does_not_cost_the_others_their_notes(lie: object) -> None:
    """BRD-12, CIR-17: the reader takes what does not hold for the exit's lie."""
    assert callable(lie)
    errand = Errand()
    note = a_note()
    for board in (0, 1):
        errand.say(board, answer_of(BOARDS[board], [note]))

    [answer] = errand.say(2, lie(note))
    found, verdicts = Reader(NETWORK, ALL, [RelayKey(key) for key in KEYS]).take_untrusted(answer)

    assert answer.missing == (2,)
    assert found == [note]
    assert [verdict.complete for verdict in verdicts] == [True, True]


def test_a_board_that_hands_over_notes_without_end_is_left_out() -> None:
    """CIR-17."""
    errand = Errand(boards=1)
    many = tuple(a_note() for _ in range(64))

    answers = []
    for turn in range(MAX_VISIT_NOTES // 64 + 1):
        # The same bytes again count as one note, so each turn hands over others.
        turned = tuple(note[:-1] + bytes([turn]) for note in many)
        answers += errand.say(0, Notes(EPOCH, turned))

    [answer] = answers
    assert answer.missing == (0,)


def test_notes_that_do_not_fit_are_left_for_the_next_visit_until_all_have_come() -> None:
    epochs = (EPOCH - 2, EPOCH - 1, EPOCH)
    notes = {epoch: [a_note(2_000) for _ in range(20)] for epoch in epochs}
    after, ask = 0, epochs
    reader = Reader(NETWORK, ALL, [RelayKey(KEYS[0])])
    found: list[bytes] = []
    complete: dict[int, bool] = {}
    for _ in range(20):
        errand = Errand(epochs=ask, after=after, boards=1)
        answers = [answer for epoch in ask for answer in errand.say(0, answer_of(BOARDS[0], notes[epoch], epoch))]
        [answer] = answers
        came, verdicts = reader.take_untrusted(answer)
        found += came
        complete |= {verdict.epoch: verdict.complete for verdict in verdicts}
        if not answer.more:
            break
        start, after = answer.next
        ask = tuple(epoch for epoch in ask if epoch >= start)
    else:
        pytest.fail("paging never ends")

    assert sorted(found) == sorted(note for group in notes.values() for note in group)
    assert complete == dict.fromkeys(epochs, True)


def test_heads_come_even_when_notes_fill_the_answer() -> None:
    """CIR-7: a reader that has all notes of an epoch can hold them against the heads."""
    for size in range(20, 34):
        errand = Errand()
        notes = [a_note() for _ in range(size)]
        answers = [answer for board in range(3) for answer in errand.say(board, answer_of(BOARDS[board], notes))]
        [answer] = answers
        assert answer.more or len(answer.heads) == 3, size


def test_a_visit_without_errand_is_answered_at_once_and_with_nothing() -> None:
    errand = Errand()
    _, effects = errand.exit.visited(LINK, Visit(), 8, moment(0))

    [answer] = visited(effects)
    assert answer == Visited()


def test_a_shard_that_is_none_opens_no_visit() -> None:
    errand = Errand()

    with pytest.raises(Rejected):
        errand.exit.visited(LINK, Visit(None, Reading(4, b"\x01", (EPOCH,), 0, KEYS, False)), 8, moment(0))

    assert len(errand.exit) == 1


def test_an_exit_has_room_for_so_many_visits() -> None:
    """CIR-8."""
    errand = Errand()
    for number in range(MAX_SHARD_FOLLOWERS - 1):
        errand.exit.visited(LINK, Visit(None, errand.reading), number, moment(0))

    token, effects = errand.exit.visited(LINK, Visit(None, errand.reading), 999, moment(0))

    assert token is None
    assert effects == [Send(LINK, Error("busy"), 999)]


# ---- held open


def opened() -> Errand:
    errand = Errand(follow=True)
    answers = [answer for board in range(3) for answer in errand.say(board, answer_of(BOARDS[board], []))]
    assert len(answers) == 1
    return errand


def test_a_visit_that_is_held_open_waits_a_moment_for_the_other_boards_copies() -> None:
    errand = opened()
    note = a_note()
    assert errand.say(0, answer_of(BOARDS[0], [note]), 1.0) == []
    assert errand.say(1, answer_of(BOARDS[1], [note]), 1.001) == []

    [answer] = errand.say(2, answer_of(BOARDS[2], [note]), 1.002)

    assert masks(answer) == {note: 0b111}
    assert len(answer.heads) == 3


def test_a_copy_that_comes_late_comes_with_the_mask_of_all_that_have_it() -> None:
    errand = opened()
    note = a_note()
    errand.say(0, answer_of(BOARDS[0], [note]), 1.0)
    [first] = visited(errand.exit.tick(moment(1.0 + GATHER_SECONDS)))
    assert masks(first) == {note: 0b001}

    errand.say(1, answer_of(BOARDS[1], [note]), 2.0)
    [second] = visited(errand.exit.tick(moment(2.0 + GATHER_SECONDS)))

    assert masks(second) == {note: 0b011}


def test_while_nothing_is_new_nothing_is_due() -> None:
    errand = opened()

    assert errand.exit.deadline() == float("inf")
    assert errand.exit.tick(moment(1_000)) == []


def test_more_notes_than_one_frame_holds_come_in_several_with_the_heads_at_the_end() -> None:
    errand = opened()
    notes = [a_note(2_000) for _ in range(40)]
    answers = [answer for board in range(3) for answer in errand.say(board, answer_of(BOARDS[board], notes), 1.0)]

    assert [answer.more for answer in answers] == [True] * (len(answers) - 1) + [False]
    assert len(answers) > 2
    assert sorted(note for answer in answers for note in masks(answer)) == sorted(notes)
    assert [len(answer.heads) for answer in answers] == [0] * (len(answers) - 1) + [3]


def test_a_board_that_is_lost_later_is_told_at_once_and_only_once() -> None:
    errand = opened()

    [answer] = errand.lose(1, 5.0)

    assert answer.missing == (1,)
    assert errand.lose(1, 6.0) == []
    note = a_note()
    errand.say(0, answer_of(BOARDS[0], [note]), 7.0)
    [told] = errand.say(2, answer_of(BOARDS[2], [note]), 7.0)
    assert masks(told) == {note: 0b101}


def test_stop_and_a_lost_link_end_the_reads_of_a_visit() -> None:
    errand = opened()
    assert errand.exit.stop(LINK, 8) == []
    assert errand.exit.stop(LINK, 7) == [EndReads(errand.token)]
    assert len(errand.exit) == 0

    other = opened()
    assert other.exit.link_down(LINK) == [EndReads(other.token)]
    assert other.say(0, answer_of(BOARDS[0], [a_note()]), 1.0) == []


def test_one_link_has_few_visits_and_none_that_the_network_forbids_to_hold_open() -> None:
    """CIR-8."""
    numbers = count(1)
    now = moment(0.0)
    machine = Exit(NETWORKS["test"], lambda: Token(next(numbers)), lambda most: [])
    visit = Visit(reading=Reading(0, b"", (EPOCH,), 0, KEYS, follow=True))
    answers = [machine.visited(LINK, visit, request, now)[0] for request in range(1, 6)]
    public = Exit(NETWORKS["public"], lambda: Token(next(numbers)), lambda most: [])

    assert [token is not None for token in answers] == [True] * 4 + [False]
    assert public.visited(LINK, visit, 1, now) == (None, [Send(LINK, Error("policy"), 1)])
