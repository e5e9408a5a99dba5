"""Messages in notes: for one reader, about one RFP, by one vendor, posted by one key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.errors import Ignored, Rejected
from intentcast.ids import RelayKey, digest, label
from intentcast.limits import SIZES
from intentcast.records.envelope import NOTE, envelope_untrusted
from intentcast.records.message import OFFER, Message, message_untrusted, seal_message
from intentcast.records.offer import offer_untrusted
from intentcast.testing.samples import Buyer, Samples

_SAMPLES = Samples()
_VENDOR = _SAMPLES.key()
_BUYER = _SAMPLES.buyer((RelayKey(_VENDOR.public),))


def message(body: bytes, poster: SigningKey = _VENDOR) -> Message:
    rfp = _BUYER.envelope
    return Message(
        OFFER, rfp.network, rfp.id, _BUYER.box.public, poster.public, _BUYER.rfp.terms.hash, body, _VENDOR.public
    )


def posted(whole: bytes, poster: SigningKey = _VENDOR) -> bytes:
    sealed = seal_message(whole, _BUYER.box.public, BoxKey(_SAMPLES.entropy.bytes(32)))
    return _SAMPLES.posted(sealed, poster, _BUYER.key.public, _BUYER.envelope.expires)


def outcome(note: bytes, buyer: Buyer = _BUYER) -> str:
    """Return what becomes of a note; anything but a verdict goes through to the test."""
    try:
        message_untrusted(envelope_untrusted(note), buyer.envelope.id, buyer.box)
    except (Rejected, Ignored) as error:
        return error.rule
    return "read"


@given(st.binary(max_size=3_000))
def test_a_message_is_read_as_it_was_written_and_its_note_has_a_size_class(body: bytes) -> None:
    """MSG-4."""
    said = message(body)

    note = envelope_untrusted(posted(said.signed_by(_VENDOR)))

    assert message_untrusted(note, _BUYER.envelope.id, _BUYER.box) == said
    assert len(note.data) in SIZES[NOTE]
    assert said.id == digest(label("offer", "id"), said.signed)


@given(st.integers(0), st.integers(1, 255))
def test_every_altered_message_is_refused_even_if_it_is_sealed_soundly(at: int, mask: int) -> None:
    """MSG-2: the reader's own check, where the sealing proves nothing."""
    whole = bytearray(message(b"\x80").signed_by(_VENDOR))
    whole[at % len(whole)] ^= mask

    assert outcome(posted(bytes(whole))) != "read"


@given(st.binary(max_size=400))
def test_anything_may_be_sealed_to_a_reader_and_is_a_message_or_a_verdict(content: bytes) -> None:
    assert outcome(posted(content)) != "read"


@given(st.integers(0), st.integers(1, 255))
def test_every_altered_note_body_is_ignored(at: int, mask: int) -> None:
    sealed = bytearray(seal_message(message(b"\x80").signed_by(_VENDOR), _BUYER.box.public, BoxKey(b"\5" * 32)))
    sealed[at % len(sealed)] ^= mask
    note = _SAMPLES.posted(bytes(sealed), _VENDOR, _BUYER.key.public, _BUYER.envelope.expires)

    assert outcome(note) == "CRY-7"


def test_an_offer_cannot_be_moved_to_another_buyer_rfp_or_poster() -> None:
    """MSG-5, MSG-6, MSG-7."""
    thief = _SAMPLES.key()
    offer = message(_SAMPLES.offer(bytes(32)).to_body()).signed_by(_VENDOR)
    other = _SAMPLES.buyer((RelayKey(_VENDOR.public),))
    same_box = Buyer(other.key, _BUYER.box, other.data, other.rfp)
    resealed = _SAMPLES.posted(
        seal_message(offer, other.box.public, BoxKey(b"\6" * 32)), _VENDOR, other.key.public, other.envelope.expires
    )

    assert outcome(posted(offer)) == "read"
    assert outcome(posted(offer), same_box) == "MSG-5"
    assert outcome(resealed, Buyer(other.key, other.box, _BUYER.data, other.rfp)) == "MSG-6"
    assert outcome(posted(offer, thief), _BUYER) == "MSG-7"


def test_two_seals_of_one_message_have_nothing_in_common() -> None:
    whole = message(b"\x80").signed_by(_VENDOR)

    one, two = (envelope_untrusted(posted(whole)).body for _ in range(2))

    assert not any(one[at : at + 4] in two for at in range(len(one) - 4))


def test_what_is_in_it_is_the_offer() -> None:
    offer = _SAMPLES.offer(bytes(32))
    note = envelope_untrusted(posted(message(offer.to_body()).signed_by(_VENDOR)))

    assert offer_untrusted(message_untrusted(note, _BUYER.envelope.id, _BUYER.box).body) == offer
