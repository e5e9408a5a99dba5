"""The wire inspector: bytes in; what they are, where each value lies, and whether they would be taken.

Pure: it asks no clock, no store and no network. It judges with the very functions of the protocol library.
"""

from __future__ import annotations

from typing import Literal

from intentcast.encoding.scan import scan_untrusted
from intentcast.errors import Rejected
from intentcast.units import UnixSeconds
from intentcastd.inspect.envelopes import envelope_part, judge, looks_unstamped
from intentcastd.inspect.frames import (
    frames_part,
    head_part,
    judge_head,
    judge_payload,
    looks_framed,
    payload_part,
)
from intentcastd.inspect.messages import judge_offer, judge_plain, looks_like_offer, message_part, offer_part
from intentcastd.inspect.parts import Decoded, Judgement, Part, walk
from intentcastd.inspect.trees import Annotator

Kind = Literal["auto", "envelope", "frame", "message", "head", "offer"]
KINDS: tuple[Kind, ...] = ("auto", "envelope", "frame", "message", "head", "offer")

_NOTE_EXPIRES_AT = 13
_UINT32 = b"\xce"


def decode(data: bytes, *, kind: Kind = "auto", secret: bytes | None = None, now: UnixSeconds | None = None) -> Decoded:
    """Take bytes apart.

    Args:
        data: an envelope, a note, a message, an offer, a head, a payload, or frames with their lengths.
        kind: what they are; auto looks.
        secret: X25519 secret that opens what is sealed in a note.
        now: moment to judge expiry at; None leaves expiry out.
    """
    meant = guess(data) if kind == "auto" else kind
    match meant:
        case "envelope":
            return _decoded("envelope", envelope_part(data, 0, secret), judge(data, now, secret))
        case "message":
            return _decoded("message", message_part(data), judge_plain(data))
        case "offer":
            return _decoded("offer", offer_part(data), judge_offer(data))
        case "head":
            return _decoded("head", head_part(data), judge_head(data))
        case "frame" if looks_framed(data):
            return _decoded("frame", *frames_part(data, now))
        case "frame":
            return _decoded("frame", payload_part(data, 0, now), judge_payload(data))
        case _:
            return _other(data)


def guess(data: bytes) -> str:
    """Return what bytes look like, "unknown" where they look like nothing of the protocol."""
    first = data[:1]
    if first == b"\x9a" and data[_NOTE_EXPIRES_AT : _NOTE_EXPIRES_AT + 1] != _UINT32 and not looks_unstamped(data):
        return "message"
    if first in (b"\x99", b"\x9a"):
        return "envelope"
    if first == b"\x9b":
        return "head"
    if first == b"\x93" or looks_framed(data):
        return "frame"
    return "offer" if looks_like_offer(data) else "unknown"


def _other(data: bytes) -> Decoded:
    """Show a value of no known record: it may still be canonical."""
    nothing = "these bytes are neither an envelope nor a frame, a message or a head"
    try:
        tree = Annotator().part(scan_untrusted(data, padded=True), "value")
    except Rejected as error:
        return _decoded("unknown", None, Judgement("reject", error.rule, f"{nothing}: {error.reason}"))
    return _decoded("unknown", tree, Judgement("reject", None, nothing))


def _decoded(kind: str, tree: Part | None, judgement: Judgement) -> Decoded:
    rules = set() if tree is None else {rule for part in walk(tree) for rule in part.rules}
    if judgement.rule is not None:
        rules.add(judgement.rule)
    shown = tree.name if tree is not None and kind == "envelope" else kind
    return Decoded(shown, tree, tuple(sorted(rules)), judgement.verdict, judgement.rule, judgement.reason)
