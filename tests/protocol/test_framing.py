"""Frames as bytes: a stream may come in any pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.encoding.framing import FrameReader, frame
from intentcast.encoding.padding import pad, size_class
from intentcast.errors import Misuse, Rejected
from intentcast.limits import FIRST_FRAME_BYTES, MAX_FRAME_BYTES

payloads = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=6)


def test_a_stream_may_be_split_at_every_point() -> None:
    sent = [b"a", b"bb" * 40, b"\0\0\0\1", b"c" * 300]
    stream = b"".join(map(frame, sent))

    for at in range(len(stream) + 1):
        reader = FrameReader()
        assert reader.feed(stream[:at]) + reader.feed(stream[at:]) == sent, at


def test_a_stream_may_come_byte_by_byte() -> None:
    sent = [b"a", b"bb" * 40, b"c" * 300]
    reader = FrameReader()

    got = [payload for byte in b"".join(map(frame, sent)) for payload in reader.feed(bytes((byte,)))]

    assert got == sent
    assert reader.rest() == b""


@given(payloads, st.lists(st.integers(0, 400), max_size=8))
def test_a_stream_may_be_split_at_any_points(sent: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(map(frame, sent))
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    reader = FrameReader()

    got = [payload for start, end in pairwise(places) for payload in reader.feed(stream[start:end])]

    assert got == sent


@given(payloads)
def test_the_bytes_behind_the_last_frame_that_is_wanted_are_left_for_the_tunnel(sent: list[bytes]) -> None:
    reader = FrameReader()
    tail = b"\x16\x03\x01 the first bytes of a tunnel"

    first = reader.feed(b"".join(map(frame, sent)) + tail, at_most=len(sent))

    assert first == sent
    assert reader.rest() == tail
    assert reader.rest() == b""


@given(st.binary(max_size=200))
def test_any_bytes_are_frames_or_a_fault(data: bytes) -> None:
    rule, got = "", list[bytes]()
    try:
        got = FrameReader().feed(data)
    except Rejected as error:
        rule = error.rule

    assert rule in ("", "FRM-1")
    assert all(0 < len(payload) <= MAX_FRAME_BYTES for payload in got)


@pytest.mark.parametrize("length", [0, MAX_FRAME_BYTES + 1, 2**31, 2**32 - 1])
def test_a_wrong_length_is_refused_before_anything_behind_it_comes(length: int) -> None:
    with pytest.raises(Rejected):
        FrameReader().feed(length.to_bytes(4, "big"))


def test_before_the_greeting_little_is_read() -> None:
    reader = FrameReader(FIRST_FRAME_BYTES)

    with pytest.raises(Rejected):
        reader.feed((FIRST_FRAME_BYTES + 1).to_bytes(4, "big"))
    assert FrameReader(FIRST_FRAME_BYTES).feed(frame(bytes(FIRST_FRAME_BYTES))) == [bytes(FIRST_FRAME_BYTES)]


@pytest.mark.parametrize("size", [0, MAX_FRAME_BYTES + 1])
def test_a_writer_makes_no_frame_that_a_reader_refuses(size: int) -> None:
    with pytest.raises(Misuse):
        frame(bytes(size))


@given(st.integers(0, 5000))
def test_padding_fills_the_smallest_class_that_holds_the_data(needed: int) -> None:
    classes = (1024, 2048, 4096)
    if needed > 4096:
        with pytest.raises(Misuse):
            size_class(needed, classes)
        return

    size = size_class(needed, classes)

    assert size in classes
    assert all(smaller < needed for smaller in classes if smaller < size)
    assert len(pad(b"x" * needed, size)) == size


def test_data_larger_than_its_class_is_not_cut() -> None:
    with pytest.raises(Misuse):
        pad(b"abc", 2)
