"""The envelope: bytes that are judged where they lie, and that nobody can alter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.crypto.keys import SigningKey
from intentcast.encoding.canonical import decode_untrusted
from intentcast.errors import Misuse, Rejected
from intentcast.ids import NetworkId, RelayKey, digest, label
from intentcast.limits import SIZES
from intentcast.records.envelope import (
    CLOSE,
    NOTE,
    PUBLIC_KINDS,
    RFP,
    Header,
    envelope_untrusted,
    overhead,
    prepare,
    total_size,
)
from intentcast.testing.samples import DAY, T0, Samples, stamped
from intentcast.units import UnixSeconds

_SAMPLES = Samples()
_KEY = _SAMPLES.key()
_BUYER = _SAMPLES.buyer((RelayKey(_KEY.public),))
_CARD = _SAMPLES.vendor_card(_KEY)
_NOTE = _SAMPLES.note(_BUYER, _KEY, _SAMPLES.offer(envelope_untrusted(_CARD).id).to_body())
RECORDS = (_BUYER.data, _SAMPLES.close(_BUYER), _SAMPLES.relay_card(_KEY), _CARD, _NOTE)


def refusal(data: bytes) -> str | None:
    """Return the rule that refuses an envelope, as a reader would find it; other exceptions go to the test."""
    try:
        envelope = envelope_untrusted(data)
    except Rejected as error:
        return error.rule
    if not envelope.is_stamped():
        return "ENV-6"
    return None if envelope.is_signed() else "ENV-7"


@given(
    st.sampled_from(PUBLIC_KINDS),
    st.binary(max_size=380),
    st.integers(0x1_0000, 2**32 - 1),
    st.integers(0, 6),
    st.binary(min_size=8, max_size=8),
)
def test_what_is_written_is_read_back(kind: int, body: bytes, expires: int, effort: int, network: bytes) -> None:
    header = Header(kind, NetworkId(network), UnixSeconds(expires), effort)

    envelope = envelope_untrusted(stamped(prepare(header, body, _KEY.public), _KEY))

    assert envelope.kind == kind
    assert (envelope.network, envelope.expires, envelope.effort) == (network, expires, effort)
    assert envelope.author == _KEY.public
    assert envelope.body == body + bytes(len(envelope.body) - len(body))
    assert len(envelope.data) in SIZES[kind]
    assert refusal(envelope.data) is None


@pytest.mark.parametrize("data", RECORDS)
def test_an_envelope_is_one_canonical_array(data: bytes) -> None:
    value = decode_untrusted(data)

    assert isinstance(value, list)
    assert len(value) == (10 if data[2] == NOTE else 9)
    assert value[-1] == envelope_untrusted(data).signature
    assert value[-2] == envelope_untrusted(data).author


@pytest.mark.parametrize("data", RECORDS)
def test_its_id_is_the_labelled_hash_of_what_is_signed(data: bytes) -> None:
    """ENV-8: another signature would make no other id."""
    envelope = envelope_untrusted(data)
    noun = {1: "rfp", 2: "close", 4: "relay", 5: "vendor", 16: "note"}[envelope.kind]

    assert envelope.id == digest(label(noun, "id"), data[:-66])
    assert envelope_untrusted(data[:-64] + bytes(64)).id == envelope.id


@given(st.sampled_from(RECORDS), st.integers(0), st.integers(1, 255))
def test_every_altered_envelope_is_refused(data: bytes, at: int, mask: int) -> None:
    at %= len(data)

    assert refusal(data[:at] + bytes((data[at] ^ mask,)) + data[at + 1 :]) is not None


@given(st.sampled_from(RECORDS), st.integers(0), st.integers(0), st.binary(max_size=40))
def test_every_spliced_envelope_is_refused(data: bytes, start: int, end: int, new: bytes) -> None:
    start, end = sorted((start % len(data), end % len(data)))
    spliced = data[:start] + new + data[end:]

    assert spliced == data or refusal(spliced) is not None


@given(st.binary(max_size=1200))
def test_any_bytes_are_an_envelope_or_a_fault(data: bytes) -> None:
    assert refusal(data) is not None


@given(st.sampled_from([512, 1024, 2048, 4096, 8192]), st.sampled_from([1, 2, 4, 5, 16, 3, 255]))
def test_bytes_of_the_right_size_are_an_envelope_or_a_fault(size: int, kind: int) -> None:
    head = bytes((0x9A if kind == NOTE else 0x99, 1, kind, 0xC4, 8)) + bytes(8) + b"\xce\xff\xff\xff\xff\x00\xc4\x08"

    assert refusal(head + bytes(size - len(head))) is not None


@pytest.mark.parametrize("kind", PUBLIC_KINDS)
def test_a_body_that_fills_its_class_has_no_padding_and_one_byte_more_takes_the_next(kind: int) -> None:
    for size in SIZES[kind]:
        assert total_size(kind, bytes(size - overhead(kind))) == size
    with pytest.raises(Misuse):
        total_size(kind, bytes(SIZES[kind][-1] - overhead(kind) + 1))


def test_a_writer_cannot_sign_with_another_key_or_too_little_work() -> None:
    header = Header(RFP, _SAMPLES.network.id, UnixSeconds(T0 + DAY), 12)
    unstamped = prepare(header, b"\x80", _KEY.public)

    with pytest.raises(Misuse) as key:
        unstamped.sealed_by(SigningKey(bytes(32)), bytes(8))
    with pytest.raises(Misuse) as work:
        unstamped.sealed_by(_KEY, bytes(8))

    assert (key.value.rule, work.value.rule) == ("ENV-7", "ENV-6")


@pytest.mark.parametrize(
    ("kind", "expires", "effort", "tag"),
    [
        (RFP, 1, 0, b""),
        (RFP, 2**32, 0, b""),
        (RFP, T0, 41, b""),
        (RFP, T0, -1, b""),
        (RFP, T0, 0, bytes(32)),
        (NOTE, T0, 0, b""),
    ],
)
def test_a_writer_makes_no_header_that_a_reader_refuses(kind: int, expires: int, effort: int, tag: bytes) -> None:
    body = bytes(SIZES[kind][0] - overhead(kind))

    with pytest.raises(Misuse):
        prepare(Header(kind, _SAMPLES.network.id, UnixSeconds(expires), effort), body, _KEY.public, tag)


def test_a_note_whose_content_was_not_padded_before_sealing_is_not_written() -> None:
    """PAD-3: zero bytes behind a box would say how long the message is."""
    with pytest.raises(Misuse) as caught:
        prepare(Header(NOTE, _SAMPLES.network.id, UnixSeconds(T0 + DAY), 0), bytes(100), _KEY.public, bytes(32))

    assert caught.value.rule == "PAD-3"


def test_nobody_but_the_author_can_stamp_again() -> None:
    close = _SAMPLES.close(_BUYER)
    envelope = envelope_untrusted(close)
    assert envelope.kind == CLOSE

    for nonce in range(50):
        again = close[:21] + nonce.to_bytes(8, "big") + close[29:]
        assert again == close or refusal(again) is not None
