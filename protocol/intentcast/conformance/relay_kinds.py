"""Vectors about what relays and readers do: whole envelopes, admission, boards, and transcripts of one relay."""

from __future__ import annotations

from collections.abc import Callable

from intentcast.conformance.vector import Given, Json, Vector
from intentcast.crypto.keys import SigningKey
from intentcast.errors import Rejected
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.machines.admission import (
    Known,
    judge_close,
    judge_relay,
    judge_rfp,
    judge_vendor,
    screen_untrusted,
)
from intentcast.machines.circuit import KnownRelay, Reader, choose_boards, known_relay_untrusted
from intentcast.machines.effects import Close, Send
from intentcast.machines.inputs import Now, Tick
from intentcast.records.close import close_untrusted
from intentcast.records.envelope import CLOSE, NOTE, RELAY, RFP, Envelope, envelope_untrusted
from intentcast.records.head import check_shard
from intentcast.records.relay_card import Address, relay_card_untrusted
from intentcast.records.rfp import rfp_untrusted
from intentcast.records.vendor_card import vendor_card_untrusted
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.station import Outward, Station
from intentcast.units import Instant, UnixSeconds
from intentcast.wire.codec import frame_untrusted, payload_of
from intentcast.wire.frames import Visited

Stage = Callable[[str], None]


def _envelope(vector: Vector, stage: Stage) -> Json:
    stage("structure")
    envelope = envelope_untrusted(vector.given.octets("hex"))
    stage("stamp")
    if not envelope.is_stamped():
        raise Rejected("ENV-6", "the stamp holds less work than the header says", "stamp")
    stage("signature")
    if not envelope.is_signed():
        raise Rejected("ENV-7", "the signature does not hold", "signature")
    stage("body")
    _read_body(envelope)
    tag: dict[str, Json] = {"tag": envelope.tag.hex()} if envelope.kind == NOTE else {}
    return tag | {
        "kind": envelope.kind,
        "network": envelope.network.hex(),
        "expires": envelope.expires,
        "effort": envelope.effort,
        "author": envelope.author.hex(),
        "id": envelope.id.hex(),
    }


def _read_body(envelope: Envelope) -> None:
    if envelope.kind == RFP:
        rfp_untrusted(envelope.body)
    elif envelope.kind == CLOSE:
        close_untrusted(envelope.body)
    elif envelope.kind == RELAY:
        relay_card_untrusted(envelope.body)
    elif envelope.kind != NOTE:
        vendor_card_untrusted(envelope.body)


def _ids(given: Given, name: str) -> set[EnvelopeId]:
    return {EnvelopeId(bytes.fromhex(item)) for item in given.words(name)} if given.has(name) else set()


def _admission(vector: Vector, stage: Stage) -> Json:
    """As a relay judges; what it knows: `seen` ids, `closed` ids, `live` the author's other RFP, `refused` branches."""
    given = vector.given
    stage("screen")
    surcharge = given.optional_number("surcharge") or 0
    envelope = screen_untrusted(given.octets("hex"), vector.network, vector.now, _ids(given, "seen"), surcharge)
    stage("signature")
    if not envelope.is_signed():
        raise Rejected("ENV-7", "the signature does not hold", "signature")
    stage("judge")
    closed, refused = _ids(given, "closed"), given.words("refused") if given.has("refused") else ()
    live = EnvelopeId(given.octets("live")) if given.has("live") else None
    known = Known(
        closed=lambda item, author: item in closed,
        live_rfp=lambda author: live,
        carries=lambda code: not any(code == branch or code.startswith(branch + "-") for branch in refused),
    )
    if envelope.kind == RFP:
        judge_rfp(envelope, known)
    elif envelope.kind == CLOSE:
        judge_close(envelope)
    elif envelope.kind == RELAY:
        judge_relay(envelope, vector.network)
    else:
        judge_vendor(envelope)
    return {"id": envelope.id.hex()}


def _known_relay(vector: Vector, stage: Stage) -> Json:
    stage("card")
    known = known_relay_untrusted(vector.given.octets("hex"), vector.network, vector.now)
    return {"key": known.key.hex(), "host": known.address.host, "features": list(known.features)}


def _boards(vector: Vector, stage: Stage) -> Json:
    stage("writer")
    given = vector.given
    relays = [
        KnownRelay(RelayKey(one.octets("key")), Address(one.word("host"), 7117), one.words("features"))
        for one in given.each("relays")
    ]
    chosen = choose_boards(check_shard(given.number("bits"), given.octets("prefix")), relays, vector.network)
    return {"boards": [key.hex() for key in chosen]}


def _reading(vector: Vector, stage: Stage) -> Json:
    """Answers of an exit, as a buyer reads them against the boards' heads."""
    stage("reader")
    given = vector.given
    shard = check_shard(given.number("bits"), given.octets("prefix"))
    reader = Reader(vector.network.id, shard, [RelayKey(bytes.fromhex(key)) for key in given.words("boards")])
    said: list[Json] = []
    for payload in given.words("visited"):
        frame, _ = frame_untrusted(bytes.fromhex(payload).ljust(32764, b"\0"))
        if not isinstance(frame, Visited):
            raise Rejected("FRM-5", "this is no answer to a visit")
        notes, verdicts = reader.take_untrusted(frame)
        said.append(
            {
                "notes": len(notes),
                "heads": [[verdict.board.hex(), verdict.count, verdict.complete] for verdict in verdicts],
            }
        )
    return {"answers": said}


def _said(effects: list[Outward]) -> list[Json]:
    """What a relay says, as [link, request, payload] or [link, "close"]; zero bytes of padding are left out."""
    said: list[Json] = []
    for effect in effects:
        match effect:
            case Send():
                payload = payload_of(effect.frame, effect.request)
                said.append([effect.link, effect.request, payload.rstrip(b"\0").hex()])
            case Close():
                said.append([effect.link, "close"])
            case _:
                said.append(["other", type(effect).__name__])
    return said


def _transcript(vector: Vector, stage: Stage) -> Json:
    """One relay from its start: `steps` are links that open (with a relay's key or without), and frames that come."""
    stage("relay")
    given = vector.given
    station = Station(vector.network, SigningKey(given.octets("seed")), SeededEntropy("transcript"))
    answers: list[Json] = []
    for step in given.each("steps"):
        after = step.optional_number("after") or 0
        now = Now(UnixSeconds(vector.now + after), Instant(float(after)))
        if step.has("frame"):
            frame, request = frame_untrusted(step.octets("frame").ljust(step.optional_number("size") or 0, b"\0"))
            effects = station.frame(step.number("link"), frame, now, request)
        elif step.has("link"):
            key = step.octets("relay") if step.has("relay") else None
            effects = station.link(step.number("link"), key, now)
        else:
            effects = station.receive(Tick(), now)
        answers.append(_said(effects))
    return {"answers": answers}


STAGED: dict[str, Callable[[Vector, Stage], Json]] = {
    "envelope": _envelope,
    "admission": _admission,
    "known_relay": _known_relay,
    "boards": _boards,
    "reading": _reading,
    "transcript": _transcript,
}
