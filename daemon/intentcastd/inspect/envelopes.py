"""Envelopes and notes: their tree, and the verdict of the same functions that relays judge with."""

from __future__ import annotations

from dataclasses import replace

from intentcast.crypto.keys import BoxKey
from intentcast.crypto.sealing import open_untrusted
from intentcast.crypto.signing import SIGNATURE_BYTES
from intentcast.crypto.stamp import NONCE_BYTES
from intentcast.encoding.scan import scan_untrusted
from intentcast.errors import Ignored, IntentcastError, Rejected
from intentcast.limits import SIZES
from intentcast.machines.admission import check_life, judge_relay, screen_untrusted
from intentcast.networks import NETWORKS, Network
from intentcast.records import envelope as kinds
from intentcast.records.close import close_untrusted
from intentcast.records.envelope import NOTE, NOUNS, Envelope, envelope_untrusted
from intentcast.records.rfp import rfp_untrusted
from intentcast.records.vendor_card import vendor_card_untrusted
from intentcast.units import UnixSeconds
from intentcastd.inspect.messages import judge_opened, message_part
from intentcastd.inspect.parts import Judgement, Part
from intentcastd.inspect.trees import Annotator

_NONCE_AT = 21
_NO_NONCE = bytes(NONCE_BYTES)
_NO_SIGNATURE = b"\xc4\x40" + bytes(SIGNATURE_BYTES)
_EPHEMERAL_BYTES = 32
GOOD = "size, structure, stamp, signature and body hold"


def looks_unstamped(data: bytes) -> bool:
    """Tell whether this is an envelope that lacks nonce and signature: what a preview shows (Unstamped.data)."""
    kind = data[2] if len(data) > 2 else 0
    return data[:1] in (b"\x99", b"\x9a") and len(data) + len(_NO_NONCE) + len(_NO_SIGNATURE) in SIZES.get(kind, ())


def _completed(data: bytes) -> bytes:
    """Return an envelope as it will be, with zero bytes where nonce and signature will stand."""
    return data[:_NONCE_AT] + _NO_NONCE + data[_NONCE_AT:] + _NO_SIGNATURE


def envelope_part(data: bytes, offset: int = 0, secret: bytes | None = None) -> Part:
    """Return the tree of one envelope; one part with all bytes where they cannot be read.

    Args:
        offset: where it begins in what is shown.
        secret: X25519 secret of the RFP that a note answers, to open what is sealed in it.
    """
    unstamped = looks_unstamped(data)
    whole = _completed(data) if unstamped else data
    try:
        root = scan_untrusted(whole)
    except Rejected:
        return Part("envelope", "bytes", offset, offset + len(data), data.hex(), "cannot be read as one value")
    is_note = len(root.items) == 10
    tree = Annotator(offset).part(root, "envelope", "note" if is_note else "envelope")
    noun = NOUNS.get(data[2] if len(data) > 2 else 0, "")
    parts = []
    for part, node in zip(tree.parts, root.items, strict=True):
        if part.name == "body" and isinstance(node.value, bytes):
            body_at = offset + node.content
            inner = _sealed(node.value, body_at, secret) if is_note else body_parts(node.value, noun, body_at)
            parts.append(replace(part, value=f"{len(node.value)} bytes", parts=inner))
        elif unstamped and part.name in ("nonce", "signature"):
            parts.append(replace(part, kind="missing", value="", note="still to come"))
        else:
            parts.append(part)
    return replace(tree, name=noun or "envelope", kind="envelope", end=offset + len(whole), parts=tuple(parts))


def body_parts(body: bytes, layout: str, offset: int, *, sealed: bool = False) -> tuple[Part, ...]:
    """Return the value at the start of padded bytes, and the padding."""
    try:
        node = scan_untrusted(body, padded=True)
    except Rejected as error:
        return (Part("body", "bytes", offset, offset + len(body), body.hex(), error.reason, (error.rule,), sealed),)
    value = Annotator(offset, sealed).part(node, layout, layout)
    if node.end == len(body):
        return (value,)
    note = f"{len(body) - node.end} zero bytes"
    return value, Part("padding", "padding", offset + node.end, offset + len(body), "", note, ("PAD-2",), sealed)


def _sealed(body: bytes, offset: int, secret: bytes | None) -> tuple[Part, ...]:
    key_end = offset + _EPHEMERAL_BYTES
    parts = [
        Part("ephemeral", "bin", offset, key_end, body[:_EPHEMERAL_BYTES].hex(), "key of this box alone", ("CRY-6",)),
        Part("box", "bin", key_end, offset + len(body), body[_EPHEMERAL_BYTES:].hex(), "opaque", ("CRY-7",)),
    ]
    if secret is not None:
        try:
            parts.append(message_part(open_untrusted(body, BoxKey(secret)), sealed=True))
        except (Ignored, Rejected) as error:
            parts[1] = replace(parts[1], note=error.reason)
    return tuple(parts)


def judge(data: bytes, now: UnixSeconds | None, secret: bytes | None = None) -> Judgement:
    """Say what a relay, and for a note its reader, makes of an envelope.

    Args:
        now: moment to judge at; None: a moment before it expires.
    """
    try:
        if looks_unstamped(data):
            unfinished = envelope_untrusted(_completed(data))
            _read_body(unfinished, _network_of(unfinished))
            raise Rejected("ENV-7", "it is not stamped and signed yet; its body holds")
        envelope = envelope_untrusted(data)
        network = _network_of(envelope)
        at = UnixSeconds(envelope.expires - 1) if now is None else now
        if envelope.kind == NOTE:
            return _judge_note(envelope, network, at, secret)
        screen_untrusted(data, network, at, ())
        _check_signature(envelope)
        _read_body(envelope, network)
    except Ignored as error:
        return Judgement("ignore", error.rule, error.reason)
    except IntentcastError as error:
        return Judgement("reject", error.rule, error.reason)
    return Judgement("accept", None, GOOD)


def _network_of(envelope: Envelope) -> Network:
    for network in NETWORKS.values():
        if network.id == envelope.network:
            return network
    raise Rejected("ENV-4", "the envelope is of a network that this program does not know", "network")


def _check_signature(envelope: Envelope) -> None:
    if not envelope.is_signed():
        raise Rejected("ENV-7", "the signature does not hold", "signature")


def _read_body(envelope: Envelope, network: Network) -> None:
    """Read the whole body, as those do whom it concerns; relays read less of an RFP."""
    match envelope.kind:
        case kinds.RFP:
            rfp_untrusted(envelope.body)
        case kinds.CLOSE:
            close_untrusted(envelope.body)
        case kinds.RELAY:
            judge_relay(envelope, network)
        case kinds.VENDOR:
            vendor_card_untrusted(envelope.body)
        case _:
            pass  # a note's body is sealed


def _judge_note(note: Envelope, network: Network, at: UnixSeconds, secret: bytes | None) -> Judgement:
    check_life(note, network.id, at)
    if not note.is_stamped():
        raise Rejected("ENV-6", "the stamp holds less work than the header says", "stamp")
    _check_signature(note)
    if secret is None:
        return Judgement("accept", None, "size, structure, stamp and signature hold; what is sealed was not opened")
    judge_opened(note, secret)
    return Judgement("accept", None, "the note holds, and so does the offer that is sealed in it")
