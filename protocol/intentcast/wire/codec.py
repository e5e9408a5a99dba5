"""Frames as bytes: one function writes them all, one table reads them.

A payload is the canonical array [code, request, body]; frames of fixed size have zero bytes behind it.

Spec: 05 §3 (FRM-2..FRM-12), registry frames.json
"""

from __future__ import annotations

from collections.abc import Callable

from intentcast.encoding.canonical import Tree, Value, decode_padded_untrusted, decode_untrusted, encode
from intentcast.encoding.framing import HEAD_BYTES, frame
from intentcast.encoding.padding import pad
from intentcast.errors import Rejected
from intentcast.limits import (
    GIVE_BATCH_ENVELOPES,
    MAX_AREAS,
    MAX_CATEGORIES,
    MAX_EFFORT_BITS,
    MAX_SHARD_BITS,
    VISIT_DOWN_BYTES,
    VISIT_UP_BYTES,
)
from intentcast.records.fields import Fields
from intentcast.records.vocabulary import area_filter_untrusted, category_untrusted
from intentcast.wire.frames import (
    Cards,
    Connect,
    Done,
    Error,
    Frame,
    Give,
    Handoff,
    Hello,
    Notes,
    Ping,
    Pong,
    Post,
    Published,
    Read,
    Reading,
    ReadNote,
    Stop,
    Submit,
    Subscribe,
    Visit,
    Visited,
    Welcome,
)

MAX_REQUEST = 2**31 - 1
MAX_EPOCH = 2**32 // 600
MAX_VISIT_EPOCHS = 16
MAX_CARDS = 32
MAX_WORD = 32
MAX_NOTES = 1024

_FIXED_BYTES = {Visit.CODE: VISIT_UP_BYTES, Visited.CODE: VISIT_DOWN_BYTES}


def _present(**values: Tree | None) -> dict[str, Tree]:
    return {name: value for name, value in values.items() if value is not None}


def _body(item: Frame) -> dict[str, Tree]:
    match item:
        case Error():
            return _present(code=item.code, bits=item.bits, retry_seconds=item.retry_seconds)
        case Hello():
            proof = item.proof and {"key": item.proof[0], "signature": item.proof[1]}
            return _present(version=item.version, network=item.network, features=list(item.features), proof=proof)
        case Welcome():
            return {"version": item.version, "features": list(item.features), "surcharge": item.surcharge}
        case Ping() | Pong() | Stop():
            return {}
        case Done():
            return _present(id=item.id, lane=item.lane)
        case Give():
            return {"envelopes": list(item.envelopes)}
        case Submit() | Handoff():
            return {"envelope": item.envelope}
        case Subscribe():
            areas = [area.to_map() for area in item.areas]
            kinds, categories = list(item.kinds), list(item.categories)
            return {"kinds": kinds, "categories": categories, "areas": areas, "replay": item.replay}
        case Post():
            return {"note": item.note}
        case Read():
            return {
                "bits": item.bits,
                "prefix": item.prefix,
                "epoch": item.epoch,
                "after": item.after,
                "follow": item.follow,
            }
        case Notes():
            rfps = None if item.head is None else list(item.rfps)
            return _present(epoch=item.epoch, notes=list(item.notes), head=item.head, rfps=rfps)
        case Connect():
            return {"key": item.key}
        case Visit():
            return _present(publish=item.publish) | (_reading_body(item.reading) if item.reading else {})
        case Visited():
            return _visited_body(item)
        case Cards():
            return {"count": item.count}


def _reading_body(reading: Reading) -> dict[str, Tree]:
    return {
        "bits": reading.bits,
        "prefix": reading.prefix,
        "epochs": list(reading.epochs),
        "after": reading.after,
        "boards": list(reading.boards),
        "follow": reading.follow,
    }


def _visited_body(item: Visited) -> dict[str, Tree]:
    published: dict[str, Tree] = {}
    if item.published:
        verdict = item.published
        published["published"] = _present(id=verdict.id, error=verdict.error, bits=verdict.bits)
    return published | {
        "notes": [[note.mask, note.epoch, note.note] for note in item.notes],
        "heads": [[board, head] for board, head in item.heads],
        "rfps": list(item.rfps),
        "cards": list(item.cards),
        "missing": list(item.missing),
        "next": list(item.next),
        "more": item.more,
    }


def write(item: Frame, request: int = 0) -> bytes:
    """Return a frame with its length in front: what goes on the wire.

    Raises:
        Misuse: it does not fit into a frame, or into its fixed size.

    Spec: 05 §2, §3 (FRM-1..FRM-4)
    """
    return frame(payload_of(item, request))


def payload_of(item: Frame, request: int = 0) -> bytes:
    """Return the payload of a frame, padded where its size is fixed.

    Args:
        request: 0 where no answer is expected, else the number of the request that asks or is answered.

    Raises:
        Misuse: it does not fit into its fixed size.

    Spec: 05 §3 (FRM-2..FRM-4)
    """
    array = encode([item.CODE, request, _body(item)])
    fixed = _FIXED_BYTES.get(item.CODE)
    return array if fixed is None else pad(array, fixed - HEAD_BYTES)


def room_in(item: Frame) -> int:
    """Return how many more bytes a frame of fixed size can hold; below 0 it holds too much already."""
    used = len(encode([item.CODE, MAX_REQUEST, _body(item)]))
    # Array and byte string heads may grow by 4 bytes when something is added.
    return _FIXED_BYTES[item.CODE] - HEAD_BYTES - used - 8


def frame_untrusted(payload: bytes) -> tuple[Frame, int]:
    """Read one payload.

    Returns:
        The frame and its request number.

    Raises:
        Rejected: it is not canonical, not known, or breaks its layout.

    Spec: 05 §3 (FRM-2..FRM-12)
    """
    fixed = _FIXED_BYTES.get(payload[1]) if payload[:1] == b"\x93" and len(payload) > 1 else None
    if fixed is not None and len(payload) + HEAD_BYTES != fixed:
        raise Rejected("FRM-4", "a frame of fixed size has another size", "size")
    value = decode_untrusted(payload) if fixed is None else decode_padded_untrusted(payload)
    if not isinstance(value, list) or len(value) != 3:
        raise Rejected("FRM-2", "a frame is an array of code, request and body")
    code, request, body = value
    if type(code) is not int or type(request) is not int or not 0 <= request <= MAX_REQUEST:
        raise Rejected("FRM-2", "code or request is not a number in range")
    read = _READERS.get(code)
    if read is None:
        raise Rejected("FRM-3", "this frame is not known", "unknown")
    return read(Fields(body, "FRM-5")), request


def _error(fields: Fields) -> Error:
    return Error(
        fields.string("code", MAX_WORD),
        fields.optional("bits", lambda name: fields.integer(name, 0, MAX_EFFORT_BITS)),
        fields.optional("retry_seconds", lambda name: fields.integer(name, 0, 2**31)),
    )


def _features(fields: Fields) -> tuple[str, ...]:
    return fields.strings("features", 0, 32, MAX_WORD)


def _hello(fields: Fields) -> Hello:
    def proof(name: str) -> tuple[bytes, bytes]:
        inner = fields.fields(name)
        return inner.binary("key", 32), inner.binary("signature", 64)

    version = fields.integer("version", 0, 2**31)
    return Hello(version, fields.binary("network", 8), _features(fields), fields.optional("proof", proof))


def _welcome(fields: Fields) -> Welcome:
    surcharge = fields.integer("surcharge", 0, MAX_EFFORT_BITS)
    return Welcome(fields.integer("version", 0, 2**31), _features(fields), surcharge)


def _done(fields: Fields) -> Done:
    return Done(
        fields.optional("id", lambda name: fields.binary(name, 32)),
        fields.optional("lane", lambda name: fields.string(name, 1)),
    )


def _give(fields: Fields) -> Give:
    return Give(fields.binaries("envelopes", 1, GIVE_BATCH_ENVELOPES, None))


def _subscribe(fields: Fields) -> Subscribe:
    return Subscribe(
        fields.integers("kinds", 1, 16, 1, 127),
        fields.each("categories", 0, MAX_CATEGORIES, category_untrusted),
        fields.each("areas", 0, MAX_AREAS, area_filter_untrusted),
        fields.flag("replay"),
    )


def _read(fields: Fields) -> Read:
    return Read(
        fields.integer("bits", 0, MAX_SHARD_BITS),
        fields.binary("prefix"),
        fields.integer("epoch", 0, MAX_EPOCH),
        fields.integer("after", 0, 2**31),
        fields.flag("follow"),
    )


def _notes(fields: Fields) -> Notes:
    head = fields.optional("head", fields.binary)
    rfps = fields.binaries("rfps", 0, MAX_NOTES, 32) if fields.has("rfps") else ()
    return Notes(fields.integer("epoch", 0, MAX_EPOCH), fields.binaries("notes", 0, MAX_NOTES, None), head, rfps)


def _visit(fields: Fields) -> Visit:
    publish = fields.optional("publish", fields.binary)
    if not fields.has("bits"):
        return Visit(publish)
    epochs = fields.integers("epochs", 1, MAX_VISIT_EPOCHS, 0, MAX_EPOCH)
    if list(epochs) != sorted(set(epochs)):
        raise Rejected("FRM-11", "the epochs of a visit are not in ascending order")
    reading = Reading(
        bits=fields.integer("bits", 0, MAX_SHARD_BITS),
        prefix=fields.binary("prefix"),
        epochs=epochs,
        after=fields.integer("after", 0, 2**31),
        boards=fields.binaries("boards", 1, 3, 32),
        follow=fields.flag("follow"),
    )
    return Visit(publish, reading)


def _visited(fields: Fields) -> Visited:
    next_at = fields.integers("next", 2, 2, 0, 2**31)
    return Visited(
        published=fields.optional("published", lambda name: _published(fields.fields(name))),
        notes=fields.each("notes", 0, MAX_NOTES, _read_note),
        heads=fields.each("heads", 0, 3 * MAX_VISIT_EPOCHS, _numbered_head),
        rfps=fields.binaries("rfps", 0, MAX_NOTES, 32),
        cards=fields.binaries("cards", 0, MAX_CARDS, None),
        missing=fields.integers("missing", 0, 3, 0, 2),
        next=(next_at[0], next_at[1]),
        more=fields.flag("more"),
    )


def _published(fields: Fields) -> Published:
    return Published(
        fields.optional("id", lambda name: fields.binary(name, 32)),
        fields.optional("error", lambda name: fields.string(name, MAX_WORD)),
        fields.optional("bits", lambda name: fields.integer(name, 0, MAX_EFFORT_BITS)),
    )


def _read_note(value: Value) -> ReadNote:
    match value:
        case [int(mask), int(epoch), bytes(note)] if 0 < mask < 8 and 0 <= epoch <= MAX_EPOCH:
            # In Python a bool is an int; on the wire it is not.
            if type(mask) is int and type(epoch) is int:
                return ReadNote(mask, epoch, note)
    raise Rejected("FRM-12", "a read note is an array of mask, epoch and note")


def _numbered_head(value: Value) -> tuple[int, bytes]:
    match value:
        case [int(board), bytes(head)] if 0 <= board < 3 and type(board) is int:
            return board, head
    raise Rejected("FRM-12", "a head comes with the number of its board")


_READERS: dict[int, Callable[[Fields], Frame]] = {
    Error.CODE: _error,
    Hello.CODE: _hello,
    Welcome.CODE: _welcome,
    Ping.CODE: lambda fields: Ping(),
    Pong.CODE: lambda fields: Pong(),
    Done.CODE: _done,
    Give.CODE: _give,
    Submit.CODE: lambda fields: Submit(fields.binary("envelope")),
    Handoff.CODE: lambda fields: Handoff(fields.binary("envelope")),
    Subscribe.CODE: _subscribe,
    Post.CODE: lambda fields: Post(fields.binary("note")),
    Read.CODE: _read,
    Notes.CODE: _notes,
    Stop.CODE: lambda fields: Stop(),
    Connect.CODE: lambda fields: Connect(fields.binary("key", 32)),
    Visit.CODE: _visit,
    Visited.CODE: _visited,
    Cards.CODE: lambda fields: Cards(fields.integer("count", 1, MAX_CARDS)),
}
