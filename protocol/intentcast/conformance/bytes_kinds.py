"""Vectors about bytes: the canonical form, frames, keys, signatures, boxes, stamps."""

from __future__ import annotations

from intentcast.conformance.vector import Json, Run, Vector, plain_json
from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.sealing import open_untrusted, seal
from intentcast.crypto.signing import is_signed, sign
from intentcast.crypto.stamp import bits_of
from intentcast.encoding.canonical import decode_padded_untrusted, decode_untrusted, encode
from intentcast.encoding.framing import FrameReader
from intentcast.encoding.padding import size_class
from intentcast.errors import Rejected
from intentcast.ids import RelayKey, digest, label
from intentcast.limits import SIZES
from intentcast.machines.efforts import price
from intentcast.machines.link import greeted_untrusted, welcomed_untrusted
from intentcast.wire.codec import frame_untrusted, payload_of


def _canonical(vector: Vector) -> Json:
    data = vector.given.octets("hex")
    value = decode_padded_untrusted(data) if vector.given.flag("padded") else decode_untrusted(data)
    return {"value": plain_json(value), "hex": encode(value).hex()}


def _canonical_write(vector: Vector) -> Json:
    return {"hex": encode(vector.given.plain("value")).hex()}


def _framing(vector: Vector) -> Json:
    given = vector.given
    reader = FrameReader(given.number("most")) if given.has("most") else FrameReader()
    return {"payloads": [payload.hex() for payload in reader.feed(given.octets("hex"))]}


def _padding(vector: Vector) -> Json:
    return {"size": size_class(vector.given.number("needed"), SIZES[vector.given.number("kind")])}


def _frame(vector: Vector) -> Json:
    given = vector.given
    payload = given.octets("hex")
    if given.has("size"):  # zero bytes of padding are left out of the file
        payload = payload.ljust(given.number("size"), b"\0")
    item, request = frame_untrusted(payload)
    if payload_of(item, request) != payload:
        # A frame with unknown keys is read, but not written again with them.
        return {"frame": type(item).__name__.lower(), "request": request, "same": False}
    return {"frame": type(item).__name__.lower(), "request": request}


def _signature(vector: Vector) -> Json:
    given = vector.given
    octets = [given.octets(name) for name in ("public", "label", "message", "signature")]
    if not is_signed(*octets):
        raise Rejected("CRY-4", "the signature does not hold", "signature")
    return {}


def _signing(vector: Vector) -> Json:
    given = vector.given
    key = SigningKey(given.octets("seed"))
    made = sign(key, given.octets("label"), given.octets("message"))
    return {"public": key.public.hex(), "signature": made.hex()}


def _sealing(vector: Vector) -> Json:
    given = vector.given
    ephemeral = BoxKey(given.octets("ephemeral"))
    return {"sealed": seal(given.octets("content"), given.octets("reader"), ephemeral).hex()}


def _opening(vector: Vector) -> Json:
    given = vector.given
    return {"content": open_untrusted(given.octets("sealed"), BoxKey(given.octets("secret"))).hex()}


def _labelled_hash(vector: Vector) -> Json:
    given = vector.given
    parts = [bytes.fromhex(part) for part in given.words("parts")]
    name = label(given.word("noun"), given.word("use"))
    return {"label": name.hex(), "hash": digest(name, *parts).hex()}


def _stamp(vector: Vector) -> Json:
    given = vector.given
    bits = bits_of(given.word("noun"), given.octets("core"), given.octets("nonce"))
    if bits < given.number("effort"):
        raise Rejected("STA-2", "the proof has too few zero bits", "stamp")
    return {"bits": bits}


def _stamp_price(vector: Vector) -> Json:
    given = vector.given
    return {"bits": price(vector.network, given.word("noun"), given.number("size"), given.number("life"))}


def _hello(vector: Vector) -> Json:
    item, _ = frame_untrusted(vector.given.octets("hex"))
    key = greeted_untrusted(item, vector.network.id, RelayKey(vector.given.octets("server")))
    return {"relay": key.hex() if key else None}


def _welcome(vector: Vector) -> Json:
    item, _ = frame_untrusted(vector.given.octets("hex"))
    return {"surcharge": welcomed_untrusted(item).surcharge}


KINDS: dict[str, tuple[str, Run]] = {
    "canonical": ("encoding", _canonical),
    "canonical_write": ("writer", _canonical_write),
    "framing": ("framing", _framing),
    "padding": ("writer", _padding),
    "frame": ("frame", _frame),
    "signature": ("signature", _signature),
    "signing": ("writer", _signing),
    "seal": ("writer", _sealing),
    "open": ("box", _opening),
    "hash": ("hash", _labelled_hash),
    "stamp": ("stamp", _stamp),
    "price": ("price", _stamp_price),
    "hello": ("greeting", _hello),
    "welcome": ("greeting", _welcome),
}
