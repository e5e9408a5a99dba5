"""The envelope: bytes that relays carry, stamped and signed over exactly what is sent.

    [version, kind, network, expires, effort, nonce, body, author, signature]          kinds below 16
    [version, kind, network, expires, effort, nonce, tag, body, author, signature]     notes

The signed part is the bytes from the first up to the signature's head. Everything before the body lies at
fixed offsets, so that a relay judges size, network, expiry, duplicate and stamp before it decodes anything.

Spec: 03 §3 (ENV-1..ENV-9)
"""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.crypto.keys import SigningKey
from intentcast.crypto.signing import SIGNATURE_BYTES, is_signed, sign
from intentcast.crypto.stamp import NONCE_BYTES, bits_of, core_of
from intentcast.encoding.padding import pad, size_class
from intentcast.errors import Misuse, Rejected
from intentcast.ids import AuthorKey, EnvelopeId, NetworkId, digest, label
from intentcast.limits import MAX_EFFORT_BITS, MAX_ENVELOPE_BYTES, SIZES
from intentcast.units import Bits, UnixSeconds

VERSION = 1
RFP, CLOSE, RELAY, VENDOR, NOTE = 1, 2, 4, 5, 16
NOUNS = {RFP: "rfp", CLOSE: "close", RELAY: "relay", VENDOR: "vendor", NOTE: "note"}
PUBLIC_KINDS = (RFP, CLOSE, RELAY, VENDOR)

_NONCE_AT = 21
_AFTER_NONCE = _NONCE_AT + NONCE_BYTES
_TAG_HEAD = b"\xc4\x20"
_AUTHOR_HEAD = b"\xc4\x20"
_SIGNATURE_HEAD = b"\xc4\x40"
_TAIL_BYTES = len(_AUTHOR_HEAD) + 32 + len(_SIGNATURE_HEAD) + SIGNATURE_BYTES
_BODY_HEAD_BYTES = 3
_SIGNED_UP_TO = -(len(_SIGNATURE_HEAD) + SIGNATURE_BYTES)
_LABELS = {kind: {use: label(noun, use) for use in ("id", "sign")} for kind, noun in NOUNS.items()}


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope or note, with `data` the exact bytes that travel.

    Nothing here is checked beyond structure: stamp and signature are questions to ask.
    """

    data: bytes
    kind: int
    network: NetworkId
    expires: UnixSeconds
    effort: Bits
    tag: bytes
    body: bytes
    author: AuthorKey
    id: EnvelopeId

    @property
    def signed(self) -> bytes:
        return self.data[:_SIGNED_UP_TO]

    @property
    def signature(self) -> bytes:
        return self.data[-SIGNATURE_BYTES:]

    def is_stamped(self) -> bool:
        """Tell whether the nonce holds as much work as the header says (STA-2, ENV-6)."""
        unstamped = self.data[:_NONCE_AT] + self.data[_AFTER_NONCE:_SIGNED_UP_TO]
        noun = NOUNS[self.kind]
        nonce = self.data[_NONCE_AT:_AFTER_NONCE]
        return self.effort == 0 or bits_of(noun, core_of(noun, unstamped), nonce) >= self.effort

    def is_signed(self) -> bool:
        """Tell whether the author's signature holds (ENV-7). Dear: ask last."""
        return is_signed(self.author, _LABELS[self.kind]["sign"], self.signed, self.signature)


def envelope_untrusted(data: bytes) -> Envelope:
    """Read the structure of one envelope or note at its fixed offsets.

    Args:
        data: bytes that a peer sent, of any length.

    Raises:
        Rejected: size, structure or kind is wrong.

    Spec: 03 §3 (ENV-1..ENV-4)
    """
    # ENV-1 first: nothing is read of what is too large to be kept.
    if not _AFTER_NONCE < len(data) <= MAX_ENVELOPE_BYTES:
        raise Rejected("ENV-1", "an envelope has more than 29 and at most 8,192 bytes", "size")
    if data[1] != VERSION or data[0] not in (0x99, 0x9A):
        raise Rejected("ENV-2", "this is no envelope of version 1")
    kind = data[2]
    if kind not in NOUNS:
        raise Rejected("ENV-3", "the kind of this envelope is not known")
    if data[0] != (0x9A if kind == NOTE else 0x99):
        raise Rejected("ENV-2", "the array has the wrong number of items")
    if len(data) not in SIZES[kind]:
        raise Rejected("ENV-1", "the size is not a size class of this kind", "size")
    if data[3:5] != b"\xc4\x08" or data[13] != 0xCE or data[19:21] != b"\xc4\x08":
        raise Rejected("ENV-2", "the header is not at its fixed offsets")
    expires = int.from_bytes(data[14:18], "big")
    if expires < 0x1_0000 or data[18] > MAX_EFFORT_BITS:
        raise Rejected("ENV-2", "expires or effort is out of range")
    return _tail(data, kind, UnixSeconds(expires))


def _tail(data: bytes, kind: int, expires: UnixSeconds) -> Envelope:
    body_at, tag = _AFTER_NONCE, b""
    if kind == NOTE:
        if data[body_at : body_at + 2] != _TAG_HEAD:
            raise Rejected("ENV-2", "the tag is not 32 bytes")
        tag = data[body_at + 2 : body_at + 34]
        body_at += 34
    author_at = len(data) - _TAIL_BYTES
    # Every size class is so large that the length of a body takes two bytes.
    head = _bin_head(author_at - body_at - _BODY_HEAD_BYTES)
    if (
        data[body_at : body_at + _BODY_HEAD_BYTES] != head
        or data[author_at : author_at + 2] != _AUTHOR_HEAD
        or data[author_at + 34 : author_at + 36] != _SIGNATURE_HEAD
    ):
        raise Rejected("ENV-2", "body, author and signature do not fill the envelope")
    return Envelope(
        data=data,
        kind=kind,
        network=NetworkId(data[5:13]),
        expires=expires,
        effort=Bits(data[18]),
        tag=tag,
        body=data[body_at + _BODY_HEAD_BYTES : author_at],
        author=AuthorKey(data[author_at + 2 : author_at + 34]),
        id=EnvelopeId(digest(_LABELS[kind]["id"], data[:_SIGNED_UP_TO])),
    )


def _bin_head(size: int) -> bytes:
    return b"\xc5" + size.to_bytes(2, "big")


@dataclass(frozen=True, slots=True)
class Unstamped:
    """An envelope that lacks only nonce and signature: all that it will say is fixed."""

    kind: int
    effort: Bits
    before: bytes
    after: bytes

    @property
    def data(self) -> bytes:
        """All bytes but nonce and signature: what to keep until the stamp is found; `resume` reads it back."""
        return self.before + self.after

    @property
    def body(self) -> bytes:
        """The body as it will go out, padded."""
        start = _BODY_HEAD_BYTES + (34 if self.kind == NOTE else 0)
        return self.after[start : -(len(_AUTHOR_HEAD) + 32)]

    @property
    def core(self) -> bytes:
        """32 bytes to search a nonce for (STA-1)."""
        return core_of(NOUNS[self.kind], self.before + self.after)

    def sealed_by(self, key: SigningKey, nonce: bytes) -> bytes:
        """Return the whole envelope: with this nonce, signed by its author.

        Raises:
            Misuse: the nonce holds too little work, or the key is not the author's.

        Spec: 03 §3 (ENV-6, ENV-7)
        """
        noun = NOUNS[self.kind]
        if self.after[-32:] != key.public:
            raise Misuse("ENV-7", "the key is not the author's")
        if self.effort and bits_of(noun, self.core, nonce) < self.effort:
            raise Misuse("ENV-6", "the nonce holds less work than the header commits to")
        signed = self.before + nonce + self.after
        return signed + _SIGNATURE_HEAD + sign(key, _LABELS[self.kind]["sign"], signed)


def overhead(kind: int) -> int:
    """Return what an envelope of this kind has besides its body, in bytes."""
    return _AFTER_NONCE + (34 if kind == NOTE else 0) + _BODY_HEAD_BYTES + _TAIL_BYTES


def total_size(kind: int, body: bytes) -> int:
    """Return the size class, in bytes, that an envelope with this body will have (PAD-1)."""
    return size_class(overhead(kind) + len(body), SIZES[kind])


def resume(data: bytes) -> Unstamped:
    """Return the envelope that `Unstamped.data` was kept of: after a crash the same bytes go out."""
    return Unstamped(data[2], Bits(data[18]), data[:_NONCE_AT], data[_NONCE_AT:])


@dataclass(frozen=True, slots=True)
class Header:
    """What a writer says in front: kind, network, expiry and the effort that the stamp commits to."""

    kind: int
    network: NetworkId
    expires: UnixSeconds
    effort: int


def prepare(header: Header, body: bytes, author: bytes, tag: bytes = b"") -> Unstamped:
    """Return an envelope that lacks nonce and signature.

    Args:
        body: canonical map, not padded; for a note the sealed box, already of the right size.

    Raises:
        Misuse: the body fits into no size class, or a header field is out of range.

    Spec: 03 §3 (ENV-1, ENV-2), 01 §4 (PAD-1)
    """
    kind, expires, effort = header.kind, header.expires, header.effort
    size = total_size(kind, body)
    if not 0x1_0000 <= expires < 2**32 or not 0 <= effort <= MAX_EFFORT_BITS:
        raise Misuse("ENV-2", "expires or effort is out of range")
    if (kind == NOTE) != (len(tag) == 32):
        raise Misuse("ENV-2", "a note has a tag of 32 bytes, and nothing else has one")
    if kind == NOTE and size != overhead(kind) + len(body):
        raise Misuse("PAD-3", "what is sealed in a note is padded before it is sealed")
    padded = pad(body, size - overhead(kind))
    before = (
        bytes((0x9A if kind == NOTE else 0x99, VERSION, kind, 0xC4, 8))
        + header.network
        + b"\xce"
        + expires.to_bytes(4, "big")
        + bytes((effort, 0xC4, NONCE_BYTES))
    )
    after = (_TAG_HEAD + tag if tag else b"") + _bin_head(len(padded)) + padded + _AUTHOR_HEAD + author
    return Unstamped(kind, Bits(effort), before, after)
