"""The message: what is sealed inside a note. Bound to one RFP, one reader, one poster and the accepted terms.

    [version, kind, network, rfp, reader, poster, terms, body, author, signature]

So an offer can neither be sealed again to another buyer nor be moved to another RFP, and a stranger who posts
somebody's message under his own key is found out.

Spec: 03 §8 (MSG-1..MSG-7)
"""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.sealing import SEAL_BYTES, open_untrusted, seal
from intentcast.crypto.signing import SIGNATURE_BYTES, is_signed, sign
from intentcast.encoding.canonical import decode_padded_untrusted, encode
from intentcast.encoding.padding import pad, size_class
from intentcast.errors import Rejected
from intentcast.ids import NetworkId, digest, label
from intentcast.limits import SIZES
from intentcast.records.envelope import NOTE, Envelope, overhead

VERSION = 1
OFFER = 1
KINDS = {OFFER: "offer"}
_FIXED = (8, 32, 32, 32, 32)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as its author signed it.

    Attributes:
        rfp: id of the RFP that it answers.
        reader: X25519 key that it is sealed to.
        poster: Ed25519 key that posts the note.
        terms: hash of the terms that it accepts (TRM-3).
        body: canonical bytes of what it says.
        author: the vendor's long-term key.
    """

    kind: int
    network: NetworkId
    rfp: bytes
    reader: bytes
    poster: bytes
    terms: bytes
    body: bytes
    author: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature covers: all up to its head (MSG-2)."""
        return self._array(bytes(SIGNATURE_BYTES))[: -(2 + SIGNATURE_BYTES)]

    @property
    def id(self) -> bytes:
        """32 bytes by which later messages cite this one (MSG-3)."""
        return digest(label(KINDS[self.kind], "id"), self.signed)

    def _array(self, signature: bytes) -> bytes:
        return encode(
            [
                VERSION,
                self.kind,
                self.network,
                self.rfp,
                self.reader,
                self.poster,
                self.terms,
                self.body,
                self.author,
                signature,
            ]
        )

    def signed_by(self, key: SigningKey) -> bytes:
        """Return the whole message with its author's signature (MSG-2)."""
        return self._array(sign(key, label(KINDS[self.kind], "sign"), self.signed))


def seal_message(message: bytes, reader: bytes, ephemeral: BoxKey) -> bytes:
    """Return the body of a note: the message, padded to a size class of notes, sealed (PAD-3, MSG-4).

    Raises:
        Misuse: the message is too large for a note, or the reader's key cannot be sealed to.
    """
    around = overhead(NOTE) + SEAL_BYTES
    size = size_class(around + len(message), SIZES[NOTE])
    return seal(pad(message, size - around), reader, ephemeral)


def message_untrusted(note: Envelope, rfp: bytes, reader: BoxKey) -> Message:
    """Open a note and read the message in it.

    Args:
        note: structure, stamp and signature were checked.
        rfp: id of the RFP whose key `reader` is.

    Raises:
        Ignored: it is not sealed to this reader.
        Rejected: it is, but it breaks the layout, its signature fails, or it was made for another
            RFP, reader, poster or network.

    Spec: 03 §8 (MSG-1..MSG-7)
    """
    value = decode_padded_untrusted(open_untrusted(note.body, reader))
    if not isinstance(value, list) or len(value) != 10:
        raise Rejected("MSG-1", "a message is an array of ten items")
    version, kind, *rest = value
    if type(version) is not int or version != VERSION or type(kind) is not int or kind not in KINDS:
        raise Rejected("MSG-1", "the version or kind of this message is not known")
    parts = [item for item in rest if isinstance(item, bytes)]
    if (
        len(parts) != 8
        or tuple(map(len, parts[:5])) != _FIXED
        or len(parts[6]) != 32
        or len(parts[7]) != SIGNATURE_BYTES
    ):
        raise Rejected("MSG-1", "a part of the message has the wrong type or length")
    message = Message(kind, NetworkId(parts[0]), *parts[1:7])
    _check_binding(message, note, rfp, reader)
    if not is_signed(message.author, label(KINDS[kind], "sign"), message.signed, parts[7]):
        raise Rejected("MSG-2", "the signature of the message does not hold", "signature")
    return message


def _check_binding(message: Message, note: Envelope, rfp: bytes, reader: BoxKey) -> None:
    if message.network != note.network:
        raise Rejected("MSG-5", "the message was made for another network")
    if message.rfp != rfp:
        raise Rejected("MSG-5", "the message was made for another RFP")
    if message.reader != reader.public:
        raise Rejected("MSG-6", "the message was sealed again to another reader")
    if message.poster != note.author:
        raise Rejected("MSG-7", "the message names another poster")
