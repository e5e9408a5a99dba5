"""The board: three lanes, none of which junk can close; whole epochs for anybody; a signed head for each."""

from __future__ import annotations

import pytest

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.machines.board import MAX_FOLLOWS_PER_LINK, epoch_of
from intentcast.machines.effects import Send
from intentcast.records.envelope import NOTE, Header, envelope_untrusted, prepare
from intentcast.records.head import head_untrusted, set_digest, shard_of
from intentcast.records.message import seal_message
from intentcast.testing.bench import Bench, closed, frames_to, make_bench
from intentcast.testing.samples import DAY, T0, Buyer, stamped
from intentcast.units import UnixSeconds
from intentcast.wire.codec import write
from intentcast.wire.frames import Done, Error, Frame, Notes, Post, Read, Stop, Submit

ANYBODY, READER = 1, 2
EPOCH = epoch_of(T0)
_SEALED = seal_message(b"\x80" * 40, BoxKey(bytes(31) + b"\1").public, BoxKey(b"\2" * 32))


@pytest.fixture
def posted(bench: Bench) -> tuple[Bench, Buyer]:
    """A board with one live RFP."""
    bench.link(ANYBODY)
    bench.link(READER)
    buyer = bench.buyer()
    bench.take(ANYBODY, Submit(buyer.data))
    return bench, buyer


def note_of(bench: Bench, buyer: Buyer, key: SigningKey, effort: int = 4, life: int = 0) -> bytes:
    expires = UnixSeconds(buyer.envelope.expires + life)
    header = Header(NOTE, bench.samples.network.id, expires, effort)
    return stamped(prepare(header, _SEALED, key.public, buyer.key.public), key)


def vendor(bench: Bench) -> SigningKey:
    key = bench.samples.key()
    bench.take(ANYBODY, Submit(bench.samples.vendor_card(key)))
    return key


def post(bench: Bench, note: bytes) -> Frame:
    [answer] = frames_to(bench.take(ANYBODY, Post(note)), ANYBODY)
    return answer


def lanes(bench: Bench) -> dict[str, int]:
    found = [lane for _, _, lane in bench.station.notes.values()]
    return {lane: found.count(lane) for lane in "abc"}


def read(bench: Bench, epoch: int = EPOCH, follow: bool = False, request: int = 3) -> list[Frame]:
    return frames_to(bench.take(READER, Read(0, b"", epoch, 0, follow), request), READER)


def test_a_vendor_with_a_card_comes_into_lane_a_and_a_stranger_into_lane_b(posted: tuple[Bench, Buyer]) -> None:
    """BRD-5, BRD-6."""
    bench, buyer = posted
    note, strange = note_of(bench, buyer, vendor(bench), 0), note_of(bench, buyer, bench.samples.key(), 4)

    assert post(bench, note) == Done(id=envelope_untrusted(note).id, lane="a")
    assert post(bench, strange) == Done(id=envelope_untrusted(strange).id, lane="b")


def test_where_domains_are_asked_for_a_card_alone_opens_no_lane_a() -> None:
    bench = make_bench("public")
    key = bench.samples.key()

    assert not bench.station.relay._is_vendor(key.public)
    assert bench.station.settings.network.lane_a == "domain"


def test_a_strangers_note_costs_more_and_the_answer_says_how_much(posted: tuple[Bench, Buyer]) -> None:
    """BRD-15, STA-3."""
    bench, buyer = posted

    assert post(bench, note_of(bench, buyer, bench.samples.key(), 3)) == Error("stamp", bits=4)
    assert not closed(bench.said)


def test_an_rfp_may_ask_for_more_work() -> None:
    bench = make_bench()
    bench.link(ANYBODY)
    buyer = bench.buyer()
    asks = buyer.rfp.__class__(**{name: getattr(buyer.rfp, name) for name in buyer.rfp.__slots__} | {"work": 7})
    data = bench.samples.public(1, asks.to_body(), buyer.key, buyer.envelope.expires)
    buyer = Buyer(buyer.key, buyer.box, data, asks)
    bench.take(ANYBODY, Submit(data))

    assert post(bench, note_of(bench, buyer, vendor(bench), 6)) == Error("stamp", bits=7)
    assert isinstance(post(bench, note_of(bench, buyer, vendor(bench), 7)), Done)


def test_one_key_has_one_note_for_an_rfp(posted: tuple[Bench, Buyer]) -> None:
    """BRD-16."""
    bench, buyer = posted
    key = vendor(bench)
    assert isinstance(post(bench, note_of(bench, buyer, key, 1)), Done)

    assert post(bench, note_of(bench, buyer, key, 2)) == Error("one_per_vendor")


def test_posting_again_is_answered_done_with_the_same_lane(posted: tuple[Bench, Buyer]) -> None:
    """BRD-20."""
    bench, buyer = posted
    note = note_of(bench, buyer, vendor(bench), 0)
    first = post(bench, note)
    checked = bench.station.verified

    assert post(bench, note) == first
    assert bench.station.verified == checked
    assert len(bench.station.notes) == 1


def test_full_never_means_closed(posted: tuple[Bench, Buyer]) -> None:
    """BRD-5, BRD-6, BRD-7."""
    bench, buyer = posted
    for _ in range(40):
        assert isinstance(post(bench, note_of(bench, buyer, vendor(bench), 0 + 4)), Done)
    assert lanes(bench) == {"a": 32, "b": 8, "c": 0}

    for _ in range(30):
        assert isinstance(post(bench, note_of(bench, buyer, bench.samples.key(), 4)), Done)

    assert lanes(bench) == {"a": 32, "b": 24, "c": 8}


def test_a_vendor_for_whom_lane_a_is_full_pays_lane_b_or_waits_in_lane_c(posted: tuple[Bench, Buyer]) -> None:
    """BRD-6."""
    bench, buyer = posted
    for _ in range(32):
        post(bench, note_of(bench, buyer, vendor(bench), 0))

    post(bench, note_of(bench, buyer, vendor(bench), 0))
    post(bench, note_of(bench, buyer, vendor(bench), 4))

    assert lanes(bench) == {"a": 32, "b": 1, "c": 1}


def test_in_lane_b_more_work_displaces_the_least(posted: tuple[Bench, Buyer]) -> None:
    bench, buyer = posted
    cheap = [note_of(bench, buyer, bench.samples.key(), 4) for _ in range(24)]
    for note in cheap:
        post(bench, note)

    dear = note_of(bench, buyer, bench.samples.key(), 6)
    assert post(bench, dear) == Done(id=envelope_untrusted(dear).id, lane="b")

    kept = set(bench.station.notes)
    assert envelope_untrusted(cheap[0]).id not in kept
    assert {envelope_untrusted(note).id for note in cheap[1:]} < kept
    [notes] = read(bench)
    assert isinstance(notes, Notes)
    assert len(notes.notes) == 24


def test_in_lane_c_the_oldest_makes_room(posted: tuple[Bench, Buyer]) -> None:
    bench, buyer = posted
    notes = [note_of(bench, buyer, bench.samples.key(), 4) for _ in range(24 + 8 + 3)]
    for note in notes:
        post(bench, note)

    kept = [envelope_untrusted(note).id in bench.station.notes for note in notes]

    assert kept == [True] * 24 + [False] * 3 + [True] * 8


def test_a_note_for_no_live_rfp_has_no_place(posted: tuple[Bench, Buyer]) -> None:
    """BRD-3."""
    bench, buyer = posted
    other = bench.buyer()

    assert post(bench, note_of(bench, other, vendor(bench), 4)) == Error("tag")
    bench.take(ANYBODY, Submit(bench.samples.close(buyer)))
    assert post(bench, note_of(bench, buyer, vendor(bench), 4)) == Error("tag")


def test_an_rfp_that_names_other_boards_has_no_place_here(posted: tuple[Bench, Buyer]) -> None:
    bench, _ = posted
    elsewhere = bench.samples.buyer((type(bench.key)(bench.samples.key().public),))
    bench.take(ANYBODY, Submit(elsewhere.data))

    assert post(bench, note_of(bench, elsewhere, vendor(bench), 4)) == Error("tag")


@pytest.mark.parametrize("life", [1, -1, 7_200])
def test_a_note_expires_with_its_rfp(posted: tuple[Bench, Buyer], life: int) -> None:
    """BRD-4."""
    bench, buyer = posted

    assert frames_to(bench.take(ANYBODY, Post(note_of(bench, buyer, vendor(bench), 4, life=life))), ANYBODY) == [
        Error("life")
    ]
    assert closed(bench.said) == [(ANYBODY, "BRD-4")]


def test_only_notes_go_to_boards_and_notes_go_nowhere_else(posted: tuple[Bench, Buyer]) -> None:
    """ADM-1."""
    bench, buyer = posted

    assert closed(bench.take(ANYBODY, Post(buyer.data))) == [(ANYBODY, "ADM-1")]
    assert closed(bench.take(ANYBODY, Submit(note_of(bench, buyer, vendor(bench), 4)))) == [(ANYBODY, "ADM-1")]


def test_a_forged_note_costs_its_stamp_and_ends_the_link(posted: tuple[Bench, Buyer]) -> None:
    bench, buyer = posted
    note = note_of(bench, buyer, bench.samples.key(), 4)

    assert closed(bench.take(ANYBODY, Post(note[:-64] + bytes(64)))) == [(ANYBODY, "ENV-7")]
    assert bench.station.notes == {}


def test_a_full_disk_is_said_and_the_note_is_not_shown(posted: tuple[Bench, Buyer]) -> None:
    """BRD-9."""
    bench, buyer = posted
    note = note_of(bench, buyer, vendor(bench), 0)
    bench.station.disk_full = True

    assert post(bench, note) == Error("full")
    [notes] = read(bench)
    assert isinstance(notes, Notes)
    assert notes.notes == ()


def test_anybody_reads_whole_epochs_with_a_head_that_holds(posted: tuple[Bench, Buyer]) -> None:
    """BRD-8, BRD-10, BRD-11, BRD-19."""
    bench, buyer = posted
    notes = [note_of(bench, buyer, vendor(bench), 0) for _ in range(3)]
    for note in notes:
        post(bench, note)

    for _ in range(2):  # reading deletes nothing
        [answer] = read(bench)
        assert isinstance(answer, Notes)
        assert answer.notes == tuple(notes)
        assert answer.head is not None
        head = head_untrusted(answer.head)
        assert (head.board, head.epoch, head.count, head.at) == (bench.key, EPOCH, 3, T0)
        assert head.notes == set_digest(envelope_untrusted(note).id for note in notes)
        assert answer.rfps == (buyer.envelope.id,)
        assert head.rfps == set_digest(answer.rfps)


def test_many_notes_of_an_epoch_come_in_several_frames_and_the_head_with_the_last(posted: tuple[Bench, Buyer]) -> None:
    """FRM-9."""
    bench, _ = posted
    buyers = [bench.buyer() for _ in range(2)]
    for buyer in buyers:
        bench.take(ANYBODY, Submit(buyer.data))
        for _ in range(32):
            post(bench, note_of(bench, buyer, vendor(bench), 0))

    answers = [answer for answer in read(bench) if isinstance(answer, Notes)]

    assert len(answers) > 1
    assert sum(len(answer.notes) for answer in answers) == 64
    assert [answer.head is None for answer in answers] == [True] * (len(answers) - 1) + [False]
    assert all(len(write(answer, 3)) <= 65_540 for answer in answers)


def test_a_head_says_of_an_empty_epoch_that_it_is_empty(posted: tuple[Bench, Buyer]) -> None:
    [answer] = read(posted[0], EPOCH - 1)

    assert isinstance(answer, Notes)
    assert answer.head is not None
    assert head_untrusted(answer.head).count == 0
    assert head_untrusted(answer.head).notes == set_digest([])


@pytest.mark.parametrize(
    ("epoch", "there"), [(EPOCH + 1, True), (EPOCH + 2, False), (EPOCH - 4032, True), (EPOCH - 4033, False)]
)
def test_epochs_that_are_too_far_away_are_not_there(posted: tuple[Bench, Buyer], epoch: int, there: bool) -> None:
    [answer] = read(posted[0], epoch)

    assert isinstance(answer, Notes) == there
    assert there or answer == Error("epoch")


def test_a_shard_shows_its_own_notes_and_no_others(posted: tuple[Bench, Buyer]) -> None:
    bench, buyer = posted
    post(bench, note_of(bench, buyer, vendor(bench), 0))
    shard = shard_of(buyer.key.public, 4)
    other = bytes((shard.prefix[0] ^ 0x80,))

    [mine] = frames_to(bench.take(READER, Read(4, shard.prefix, EPOCH, 0, False)), READER)
    [none] = frames_to(bench.take(READER, Read(4, other, EPOCH, 0, False)), READER)

    assert isinstance(mine, Notes)
    assert isinstance(none, Notes)
    assert (len(mine.notes), len(none.notes)) == (1, 0)
    assert (len(mine.rfps), len(none.rfps)) == (1, 0)


def test_a_shard_that_is_none_is_a_fault(posted: tuple[Bench, Buyer]) -> None:
    assert closed(posted[0].take(READER, Read(4, b"\x01", EPOCH, 0, False))) == [(READER, "BRD-1")]


def test_who_follows_a_shard_is_told_of_each_note_until_it_stops(posted: tuple[Bench, Buyer]) -> None:
    """BRD-17."""
    bench, buyer = posted
    read(bench, follow=True, request=9)
    note = note_of(bench, buyer, vendor(bench), 0)

    effects = bench.take(ANYBODY, Post(note))
    [told] = frames_to(effects, READER)
    assert isinstance(told, Notes)
    assert told.notes == (note,)
    assert told.head is not None
    assert head_untrusted(told.head).count == 1
    assert Send(READER, told, 9) in effects  # type: ignore[arg-type]

    bench.take(READER, Stop(), 9)
    assert frames_to(bench.take(ANYBODY, Post(note_of(bench, buyer, vendor(bench), 0))), READER) == []


def test_one_link_does_not_follow_without_end(posted: tuple[Bench, Buyer]) -> None:
    bench, _ = posted
    for request in range(MAX_FOLLOWS_PER_LINK):
        assert isinstance(read(bench, follow=True, request=request + 1)[0], Notes)

    assert read(bench, follow=True, request=999) == [Error("busy")]


def test_with_the_end_of_its_rfp_a_note_is_shown_no_more(posted: tuple[Bench, Buyer]) -> None:
    bench, buyer = posted
    post(bench, note_of(bench, buyer, vendor(bench), 0))

    bench.wait(DAY + 7_200 + 10)

    [answer] = read(bench)
    assert isinstance(answer, Notes)
    assert answer.notes == ()
    assert answer.rfps == ()
    assert bench.station.relay.statistics().notes == 0


def test_a_note_survives_a_restart(posted: tuple[Bench, Buyer]) -> None:
    bench, buyer = posted
    note = note_of(bench, buyer, vendor(bench), 0)
    first = post(bench, note)
    bench.station.restart(bench.now)
    bench.link(ANYBODY)
    bench.link(READER)

    assert post(bench, note) == first
    [answer] = read(bench)
    assert isinstance(answer, Notes)
    assert answer.notes == (note,)
