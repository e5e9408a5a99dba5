"""Frames: one payload, or a run of them with their lengths in front, as a link carries them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from intentcast.encoding.framing import HEAD_BYTES
from intentcast.encoding.scan import scan_untrusted
from intentcast.errors import Ignored, IntentcastError, Rejected
from intentcast.limits import MAX_FRAME_BYTES
from intentcast.records.head import head_untrusted
from intentcast.units import UnixSeconds
from intentcast.wire.codec import frame_untrusted
from intentcastd.inspect.envelopes import envelope_part, judge
from intentcastd.inspect.layouts import Field
from intentcastd.inspect.parts import Judgement, Part
from intentcastd.inspect.trees import FRAME_NAMES, Annotator, Within


def looks_framed(data: bytes) -> bool:
    """Tell whether this begins with a length that fits."""
    size = int.from_bytes(data[:HEAD_BYTES], "big")
    return len(data) > HEAD_BYTES and 0 < size <= MAX_FRAME_BYTES and size + HEAD_BYTES <= len(data)


def frames_part(data: bytes, now: UnixSeconds | None) -> tuple[Part, Judgement]:
    """Return the tree and the verdict of a run of frames; the verdict is that of the first bad one."""
    parts: list[Part] = []
    verdict = Judgement("accept", None, "each frame holds")
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + HEAD_BYTES], "big")
        payload = data[at + HEAD_BYTES : at + HEAD_BYTES + size]
        if not 0 < size <= MAX_FRAME_BYTES or len(payload) < size:
            parts.append(Part("rest", "bytes", at, len(data), data[at:].hex(), "no whole frame", ("FRM-1",)))
            verdict = _first(verdict, Judgement("reject", "FRM-1", "the length and the bytes do not fit"))
            break
        part = payload_part(payload, at + HEAD_BYTES, now)
        length = Part("length", "int", at, at + HEAD_BYTES, str(size), "bytes that follow", ("FRM-1",))
        parts.append(replace(part, start=at, parts=(length, *part.parts)))
        verdict = _first(verdict, judge_payload(payload))
        at += HEAD_BYTES + size
    if len(parts) == 1:
        return parts[0], verdict
    return Part("frames", "frames", 0, len(data), f"{len(parts)} frames", parts=tuple(parts)), verdict


def _first(old: Judgement, new: Judgement) -> Judgement:
    return new if old.verdict == "accept" and new.verdict != "accept" else old


def payload_part(payload: bytes, offset: int, now: UnixSeconds | None) -> Part:
    """Return the tree of one payload, with the envelopes and heads that it carries."""
    try:
        root = scan_untrusted(payload, padded=True)
    except Rejected as error:
        return Part("frame", "bytes", offset, offset + len(payload), payload.hex(), error.reason, (error.rule,))
    within: dict[str, Within] = {"envelope": partial(_carried, now=now), "head": head_part}
    annotator = Annotator(offset, within=within)
    tree = annotator.part(root, "frame", "frame")
    code = root.items[0].value if root.items else None
    name = FRAME_NAMES.get(code, "frame") if isinstance(code, int) else "frame"
    parts = list(tree.parts)
    if len(parts) == 3:
        parts[2] = annotator.part(root.items[2], "body", f"frame.{name}", Field("", "FRM-5"))
    if root.end < len(payload):
        note = f"{len(payload) - root.end} zero bytes"
        parts.append(Part("padding", "padding", offset + root.end, offset + len(payload), "", note, ("FRM-4",)))
    return replace(tree, name=name, kind="frame", end=offset + len(payload), parts=tuple(parts))


def _carried(data: bytes, offset: int, now: UnixSeconds | None) -> Part:
    """Return an envelope inside a frame, with its own verdict as a note."""
    judgement = judge(data, now)
    rules = () if judgement.rule is None else (judgement.rule,)
    return replace(envelope_part(data, offset), note=f"{judgement.verdict}: {judgement.reason}", rules=rules)


def head_part(data: bytes, offset: int = 0) -> Part:
    """Return the tree of a board's head."""
    try:
        return replace(Annotator(offset).part(scan_untrusted(data), "head", "head"), kind="head")
    except Rejected as error:
        return Part("head", "bytes", offset, offset + len(data), data.hex(), error.reason, (error.rule,))


def judge_head(data: bytes) -> Judgement:
    """Say whether a head holds."""
    try:
        head_untrusted(data)
    except IntentcastError as error:
        return Judgement("reject", error.rule, error.reason)
    return Judgement("accept", None, "layout and signature hold")


def judge_payload(payload: bytes) -> Judgement:
    """Say whether a payload is a frame."""
    try:
        frame_untrusted(payload)
    except Ignored as error:
        return Judgement("ignore", error.rule, error.reason)
    except IntentcastError as error:
        return Judgement("reject", error.rule, error.reason)
    return Judgement("accept", None, "the frame holds")
