"""What a relay does in its roles, with a disk in memory: carry RFPs, keep notes on a board, read boards for visitors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import msgpack
from scripts.benchlib.measuring import VERIFY_NAME, Pair, Work, always, bare_verification
from scripts.benchlib.records import NETWORK, answered, rfps, samples

from intentcast.crypto.keys import SigningKey
from intentcast.ids import RelayKey
from intentcast.limits import GIVE_BATCH_ENVELOPES, LANE_A_NOTES
from intentcast.machines.board import epoch_of
from intentcast.machines.effects import Effect, Send
from intentcast.machines.exit import Exit
from intentcast.machines.inputs import LinkId, Now, Token
from intentcast.records.envelope import RFP, envelope_untrusted
from intentcast.records.head import Head, Shard, set_digest
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0
from intentcast.testing.station import Station
from intentcast.units import Instant
from intentcast.wire.codec import frame_untrusted, payload_of
from intentcast.wire.frames import Done, Give, Notes, Post, Reading, Subscribe, Visit, Visited

_NOW = Now(T0, Instant(0.0))
_GIVER, _SUBSCRIBER, _POSTER = 1, 2, 3
_RFPS = 512
_BUYERS, _EPOCH_NOTES = 24, 256
_NOTES_PER_FRAME = 32


def _in_parts(items: Sequence[bytes], most: int) -> Iterator[tuple[bytes, ...]]:
    return (tuple(items[start : start + most]) for start in range(0, len(items), most))


def _station(key: SigningKey) -> Station:
    return Station(NETWORK, key, SeededEntropy("station"))


def admission() -> Pair:
    """A relay is given RFPs in batches: it screens, verifies, judges and keeps them, and gives them to a subscriber."""
    key, other = samples("admission").key(), samples("giver").key()
    gives = [Give(batch) for batch in _in_parts(rfps("admission", _RFPS), GIVE_BATCH_ENVELOPES)]

    def prepare() -> Work:
        station = _station(key)
        station.link(_GIVER, other.public, _NOW)
        station.link(_SUBSCRIBER, None, _NOW)
        station.frame(_SUBSCRIBER, Subscribe((RFP,), (), (), replay=False), _NOW, request=1)

        def work() -> int:
            given = [effect for give in gives for effect in station.frame(_GIVER, give, _NOW)]
            assert sum(len(_given(effect).envelopes) for effect in given) == _RFPS
            return _RFPS

        return work

    return Pair("admission", "envelopes/s", prepare, bare_verification(), VERIFY_NAME)


def _given(effect: Effect) -> Give:
    assert isinstance(effect, Send)
    assert isinstance(effect.frame, Give)
    return effect.frame


def posting() -> Pair:
    """Vendors post notes to a board: it screens, verifies, places and keeps each, and answers."""
    market = answered("posting", _BUYERS, LANE_A_NOTES)
    posts = [Post(note) for conversation in market.conversations for note in conversation.notes]

    def prepare() -> Work:
        station = _station(market.board)
        station.link(_GIVER, samples("giver").key().public, _NOW)
        station.link(_POSTER, None, _NOW)
        known = [*market.cards, *(conversation.buyer.data for conversation in market.conversations)]
        for batch in _in_parts(known, GIVE_BATCH_ENVELOPES):
            station.frame(_GIVER, Give(batch), _NOW)

        def work() -> int:
            answers = [effect for post in posts for effect in station.frame(_POSTER, post, _NOW, request=1)]
            assert all(isinstance(answer, Send) and isinstance(answer.frame, Done) for answer in answers)
            assert len(station.notes) == len(posts)
            return len(posts)

        return work

    return Pair("post", "notes/s", prepare, bare_verification(), VERIFY_NAME)


def reading() -> Pair:
    """An exit reads one epoch from three boards: the boards' frames as bytes in, the visitor's frames as bytes out."""
    maker = samples("reading")
    boards, epoch = [maker.key() for _ in range(3)], epoch_of(T0)
    notes = [note for talk in answered("reading", _EPOCH_NOTES // 32, 32).conversations for note in talk.notes]
    said = [_board_says(board, notes, epoch) for board in boards]
    visit = Visit(reading=Reading(0, b"", (epoch,), 0, tuple(board.public for board in boards), follow=True))

    def work() -> int:
        found = 0
        tokens = count(1)
        machine = Exit(NETWORK, lambda: Token(next(tokens)), lambda most: [])
        token, effects = machine.visited(LinkId(_GIVER), visit, 1, _NOW)
        assert token is not None
        for number, payloads in enumerate(said):
            for payload in payloads:
                frame, _ = frame_untrusted(payload)
                assert isinstance(frame, Notes)
                effects += machine.said(token, number, frame, _NOW)
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.frame, Visited):
                payload_of(effect.frame, effect.request)
                found += len(effect.frame.notes)
        assert found == len(notes)
        return found

    def bare() -> int:
        msgpack.packb([[7, epoch, note] for note in notes])
        return len(notes)

    return Pair("read", "notes/s", always(work), always(bare), "bare msgpack.packb of the same notes")


def _board_says(board: SigningKey, notes: Sequence[bytes], epoch: int) -> list[bytes]:
    """Return the frames of a board with these notes, as bytes: the signed head with the last."""
    ids = [envelope_untrusted(note).id for note in notes]
    head = Head(
        NETWORK.id, Shard(0, b""), epoch, len(ids), set_digest(ids), set_digest([]), T0, RelayKey(board.public)
    ).signed_by(board)
    *full, last = _in_parts(notes, _NOTES_PER_FRAME)
    return [payload_of(Notes(epoch, part), 1) for part in full] + [payload_of(Notes(epoch, last, head), 1)]
