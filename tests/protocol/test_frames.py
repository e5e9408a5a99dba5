"""Frames as values: what is written is read back, and altered bytes are a frame or a fault and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.encoding.canonical import encode
from intentcast.errors import Misuse, Rejected
from intentcast.limits import MAX_EFFORT_BITS, VISIT_DOWN_BYTES, VISIT_UP_BYTES
from intentcast.records.vocabulary import AreaFilter
from intentcast.wire import frames
from intentcast.wire.batches import give_batches
from intentcast.wire.codec import MAX_EPOCH, MAX_REQUEST, frame_untrusted, payload_of, room_in, write
from intentcast.wire.frames import Frame

keys = st.binary(min_size=32, max_size=32)
small = st.binary(max_size=200)
bits = st.integers(0, MAX_EFFORT_BITS)
words = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)
epochs = st.integers(0, MAX_EPOCH)
counts = st.integers(0, 2**31)
categories = st.sampled_from(["bt", "bt-6", "bt-60", "se-1-2-3"])
areas = st.builds(
    AreaFilter,
    st.sampled_from(["GB", "DE"]),
    st.none() | st.just("GB-GLG"),
    st.none() | words,
    st.none() | st.integers(1, 2**31 - 1),
)


def tuples(inner: st.SearchStrategy, least: int = 0, most: int = 4) -> st.SearchStrategy:  # type: ignore[type-arg]
    return st.lists(inner, min_size=least, max_size=most).map(tuple)


readings = st.builds(
    frames.Reading,
    st.integers(0, 32),
    st.binary(max_size=4),
    st.sets(epochs, min_size=1, max_size=16).map(lambda found: tuple(sorted(found))),
    counts,
    tuples(keys, 1, 3),
    st.booleans(),
)
all_frames: st.SearchStrategy[Frame] = st.one_of(
    st.builds(frames.Error, words, st.none() | bits, st.none() | counts),
    st.builds(
        frames.Hello,
        counts,
        st.binary(min_size=8, max_size=8),
        tuples(words),
        st.none() | st.tuples(keys, st.binary(min_size=64, max_size=64)),
    ),
    st.builds(frames.Welcome, counts, tuples(words), bits),
    st.just(frames.Ping()),
    st.just(frames.Pong()),
    st.just(frames.Stop()),
    st.builds(frames.Done, st.none() | keys, st.none() | st.sampled_from("abc")),
    st.builds(frames.Give, tuples(small, 1)),
    st.builds(frames.Submit, small),
    st.builds(frames.Handoff, small),
    st.builds(frames.Subscribe, tuples(st.integers(1, 127), 1), tuples(categories), tuples(areas), st.booleans()),
    st.builds(frames.Post, small),
    st.builds(frames.Read, st.integers(0, 32), st.binary(max_size=4), epochs, counts, st.booleans()),
    st.builds(frames.Notes, epochs, tuples(small)),
    st.builds(frames.Notes, epochs, tuples(small), small, tuples(keys)),
    st.builds(frames.Connect, keys),
    st.builds(frames.Visit, st.none() | small, st.none() | readings),
    st.builds(
        frames.Visited,
        st.none() | st.builds(frames.Published, st.none() | keys, st.none() | words, st.none() | bits),
        tuples(st.builds(frames.ReadNote, st.integers(1, 7), epochs, small)),
        tuples(st.tuples(st.integers(0, 2), small)),
        tuples(keys),
        tuples(small),
        tuples(st.integers(0, 2), 0, 3),
        st.tuples(counts, counts),
        st.booleans(),
    ),
    st.builds(frames.Cards, st.integers(1, 32)),
)
requests = st.integers(0, MAX_REQUEST)


def fault(payload: bytes) -> str | None:
    """Return the rule that refuses a payload; anything but Rejected goes through to the test."""
    try:
        frame_untrusted(payload)
    except Rejected as error:
        return error.rule
    return None


@given(all_frames, requests)
def test_what_is_written_is_read_back(item: Frame, request: int) -> None:
    assert frame_untrusted(payload_of(item, request)) == (item, request)


@given(all_frames, requests, st.integers(0), st.integers(1, 255))
def test_an_altered_frame_is_a_frame_or_a_fault(item: Frame, request: int, at: int, mask: int) -> None:
    payload = bytearray(payload_of(item, request))
    payload[at % len(payload)] ^= mask

    assert fault(bytes(payload)) != ""


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_a_fault(data: bytes) -> None:
    assert fault(data) != ""


@given(all_frames, st.integers(0, 40))
def test_a_cut_frame_is_a_fault(item: Frame, left: int) -> None:
    payload = payload_of(item, 1)

    with pytest.raises(Rejected):
        frame_untrusted(payload[: min(left, len(payload) - 1)])


@given(st.builds(frames.Visit, st.none() | small, st.none() | readings), requests)
def test_a_visit_has_one_size_whatever_it_carries(visit: frames.Visit, request: int) -> None:
    assert len(write(visit, request)) == VISIT_UP_BYTES


@given(st.integers(0, 60), st.integers(0, 1000), st.integers(0, 48))
def test_what_fits_by_the_count_of_room_fits_into_an_answer(notes: int, size: int, heads: int) -> None:
    item = frames.Visited()
    room = room_in(item)
    taken: list[frames.ReadNote] = []
    while len(taken) < notes and size + 16 <= room:
        taken.append(frames.ReadNote(7, MAX_EPOCH, bytes(size)))
        room -= size + 16
    given_heads: list[tuple[int, bytes]] = []
    while len(given_heads) < heads and room >= 250 + 8:
        given_heads.append((2, bytes(250)))
        room -= 250 + 8

    whole = frames.Visited(notes=tuple(taken), heads=tuple(given_heads), next=(MAX_EPOCH, 2**31), more=True)

    assert len(write(whole, MAX_REQUEST)) == VISIT_DOWN_BYTES


def test_a_visit_that_carries_too_much_is_not_written() -> None:
    with pytest.raises(Misuse):
        write(frames.Visit(bytes(VISIT_UP_BYTES)))


@given(st.lists(st.integers(1, 8192), max_size=100))
def test_envelopes_go_in_few_frames_in_their_order(sizes: list[int]) -> None:
    """FRM-7."""
    envelopes = [bytes(size) for size in sizes]

    batches = list(give_batches(envelopes))

    assert [envelope for batch in batches for envelope in batch.envelopes] == envelopes
    assert all(1 <= len(batch.envelopes) <= 32 for batch in batches)
    assert all(frame_untrusted(payload_of(batch)) == (batch, 0) for batch in batches)


def test_unknown_keys_of_a_frame_are_ignored() -> None:
    assert frame_untrusted(encode([5, 7, {"id": bytes(32), "later": [1]}])) == (frames.Done(id=bytes(32)), 7)
