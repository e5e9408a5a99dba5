"""Messages: what was sealed in a note, once it is opened."""

from __future__ import annotations

from dataclasses import replace

from intentcast.crypto.keys import BoxKey
from intentcast.crypto.sealing import open_untrusted
from intentcast.crypto.signing import SIGNATURE_BYTES, is_signed
from intentcast.encoding.canonical import Value, decode_padded_untrusted
from intentcast.encoding.scan import scan_untrusted
from intentcast.errors import Ignored, IntentcastError, Rejected
from intentcast.ids import NetworkId, label
from intentcast.records.envelope import Envelope
from intentcast.records.message import KINDS, OFFER, Message, message_untrusted
from intentcast.records.offer import offer_untrusted
from intentcastd.inspect.parts import Judgement, Part
from intentcastd.inspect.trees import Annotator

_ITEMS = 10
_LENGTHS = (8, 32, 32, 32, 32, None, 32, SIGNATURE_BYTES)
_RFP_AT = 3


def message_part(data: bytes, offset: int = 0, *, sealed: bool = False) -> Part:
    """Return the tree of a message, with padding behind it or without."""
    try:
        root = scan_untrusted(data, padded=True)
    except Rejected as error:
        return Part("message", "bytes", offset, offset + len(data), data.hex(), error.reason, (error.rule,), sealed)
    tree = Annotator(offset, sealed).part(root, "message", "message")
    parts = []
    for part, node in zip(tree.parts, root.items, strict=True):
        if part.name == "body" and isinstance(node.value, bytes):
            inner = offer_part(node.value, offset + node.content, sealed=sealed)
            parts.append(replace(part, value=f"{len(node.value)} bytes", parts=(inner,)))
        else:
            parts.append(part)
    if root.end < len(data):
        note = f"{len(data) - root.end} zero bytes"
        parts.append(
            Part("padding", "padding", offset + root.end, offset + len(data), "", note, ("PAD-2", "PAD-3"), sealed)
        )
    return replace(tree, kind="message", end=offset + len(data), parts=tuple(parts))


def looks_like_offer(data: bytes) -> bool:
    """Tell whether this is a map with the fields that each offer has."""
    try:
        keys = {key.value for key in scan_untrusted(data).keys}
    except Rejected:
        return False
    return {"card", "options", "terms"} <= keys


def judge_offer(body: bytes) -> Judgement:
    """Say whether the body of an offer holds."""
    try:
        offer_untrusted(body)
    except IntentcastError as error:
        return Judgement("reject", error.rule, error.reason)
    return Judgement("accept", None, "the offer holds; who made it was not asked")


def offer_part(body: bytes, offset: int = 0, *, sealed: bool = False) -> Part:
    """Return the tree of an offer."""
    try:
        return Annotator(offset, sealed).part(scan_untrusted(body), "offer", "offer")
    except Rejected as error:
        return Part("offer", "bytes", offset, offset + len(body), body.hex(), error.reason, (error.rule,), sealed)


def judge_opened(note: Envelope, secret: bytes) -> None:
    """Open a note and read the offer in it as its reader does, for the RFP that it names itself.

    Raises:
        Ignored: it is not sealed to this key.
        Rejected: it is, but something in it is wrong.
    """
    reader = BoxKey(secret)
    match decode_padded_untrusted(open_untrusted(note.body, reader)):
        case [_, _, _, bytes(rfp), *_]:
            message = message_untrusted(note, rfp, reader)
        case _:
            raise Rejected("MSG-1", "a message is an array of ten items")
    if message.kind == OFFER:
        offer_untrusted(message.body)


def judge_plain(data: bytes) -> Judgement:
    """Say what is to be said of a message without its note: layout, signature and offer, but not whom it is bound to."""
    try:
        message, signature = _message_untrusted(decode_padded_untrusted(data))
        if not is_signed(message.author, label(KINDS[message.kind], "sign"), message.signed, signature):
            raise Rejected("MSG-2", "the signature of the message does not hold", "signature")
        offer_untrusted(message.body)
    except Ignored as error:
        return Judgement("ignore", error.rule, error.reason)
    except IntentcastError as error:
        return Judgement("reject", error.rule, error.reason)
    return Judgement("accept", None, "layout, signature and offer hold; whom it is bound to was not asked")


def _message_untrusted(value: Value) -> tuple[Message, bytes]:
    if not isinstance(value, list) or len(value) != _ITEMS:
        raise Rejected("MSG-1", "a message is an array of ten items")
    version, kind, *rest = value
    if type(version) is not int or version != 1 or type(kind) is not int or kind not in KINDS:
        raise Rejected("MSG-1", "the version or kind of this message is not known")
    parts = [item for item in rest if isinstance(item, bytes)]
    if len(parts) != len(_LENGTHS) or any(
        size is not None and len(part) != size for part, size in zip(parts, _LENGTHS, strict=True)
    ):
        raise Rejected("MSG-1", "a part of the message has the wrong type or length")
    return Message(kind, NetworkId(parts[0]), *parts[1:7]), parts[7]
