"""The parts of the core, each beside the one call of a library that it cannot do without."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgpack
import nacl.bindings as sodium
from scripts.benchlib.measuring import VERIFY_NAME, Pair, Work, always, bare_verification
from scripts.benchlib.records import NETWORK, answered, rfps, samples

from intentcast.crypto.stamp import NONCE_BYTES
from intentcast.encoding.canonical import Value, decode_padded_untrusted, decode_untrusted, encode
from intentcast.ids import RelayKey
from intentcast.records.envelope import Envelope, envelope_untrusted
from intentcast.testing.samples import T0
from intentcastd.buyer.inbox import Address, open_offer_untrusted

_TIMES = 64
_NONCE_AT = 21


def _repeated(call: Callable[[], object]) -> Work:
    def work() -> int:
        for _ in range(_TIMES):
            call()
        return _TIMES

    return work


def _sample_body() -> tuple[Value, bytes]:
    """Return the body of the sample RFP, as a value and as canonical bytes."""
    maker = samples("body")
    value = decode_padded_untrusted(maker.buyer((RelayKey(maker.key().public),)).envelope.body)
    return value, encode(value)


def encoding() -> Pair:
    """Write the canonical form of an RFP's body."""
    value, _ = _sample_body()
    work, bare = _repeated(lambda: encode(value)), _repeated(lambda: msgpack.packb(value))
    return Pair("encode", "bodies/s", always(work), always(bare), "bare msgpack.packb of the same value")


def decoding() -> Pair:
    """Read the canonical form of an RFP's body, strictly."""
    _, data = _sample_body()
    work, bare = _repeated(lambda: decode_untrusted(data)), _repeated(lambda: msgpack.unpackb(data))
    return Pair("decode", "bodies/s", always(work), always(bare), "bare msgpack.unpackb of the same bytes")


def _envelopes() -> list[Envelope]:
    return [envelope_untrusted(data) for data in rfps("parts", _TIMES)]


def stamp_check() -> Pair:
    """Tell whether an RFP holds the work that its header says."""
    envelopes = _envelopes()
    hashed = [one.data[:_NONCE_AT] + one.signed[_NONCE_AT + NONCE_BYTES :] for one in envelopes]

    def work() -> int:
        assert all(one.is_stamped() for one in envelopes)
        return len(envelopes)

    def bare() -> int:
        for data in hashed:
            hashlib.blake2b(data, digest_size=32).digest()
        return len(hashed)

    return Pair("stamp_check", "envelopes/s", always(work), always(bare), "bare hashlib.blake2b of the same bytes")


def verifying() -> Pair:
    """Tell whether the signature of an RFP holds."""
    envelopes = _envelopes()

    def work() -> int:
        assert all(one.is_signed() for one in envelopes)
        return len(envelopes)

    return Pair("verify", "envelopes/s", always(work), bare_verification(), VERIFY_NAME)


def opening() -> Pair:
    """Open a note and read the offer in it, with all checks of a buyer's inbox."""
    conversation = answered("opening", buyers=1, vendors=_TIMES).conversations[0]
    buyer = conversation.buyer
    address = Address("rfp", buyer.envelope.id, buyer.key.public, buyer.box, buyer.rfp)
    sealed = [envelope_untrusted(note).body for note in conversation.notes]
    public, secret = sodium.crypto_sign_seed_keypair(bytes(32))
    signed = sodium.crypto_sign(bytes(1024), secret)

    def work() -> int:
        for note in conversation.notes:
            open_offer_untrusted(envelope_untrusted(note), address, NETWORK, T0)
        return len(conversation.notes)

    def bare() -> int:
        for box in sealed:
            sodium.crypto_box_seal_open(box, buyer.box.public, buyer.box.secret)
            sodium.crypto_sign_open(signed, public)
        return len(sealed)

    return Pair("open", "offers/s", always(work), always(bare), "bare crypto_box_seal_open and one verification")
