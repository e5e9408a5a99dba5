"""Chapter 03 §8: messages in notes, each sealed soundly and wrong in one way."""

from __future__ import annotations

from dataclasses import replace

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import World, world

from intentcast.conformance.vector import Json
from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.sealing import seal
from intentcast.crypto.signing import sign
from intentcast.encoding.canonical import Tree, encode
from intentcast.encoding.padding import pad
from intentcast.ids import NetworkId, label
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.message import OFFER, Message, seal_message


def chapter() -> Chapter:
    book = Chapter("03-records")
    here = world("messages")
    message = _message(here)
    book.accepts(
        "MSG-1 sample",
        "message",
        "A message as its reader reads it.",
        _given(here, here.note),
        "message",
        also=("MSG-3", "MSG-4"),
    )
    _bindings(book, here, message)
    _layout(book, here, message)
    _boxes(book, here, message)
    return book


def _message(here: World, poster: bytes | None = None) -> Message:
    buyer = here.buyer
    return Message(
        kind=OFFER,
        network=here.samples.network.id,
        rfp=buyer.envelope.id,
        reader=buyer.box.public,
        poster=poster or here.vendor.public,
        terms=buyer.rfp.terms.hash,
        body=here.offer,
        author=here.vendor.public,
    )


def _given(here: World, note: bytes, **change: Json) -> dict[str, Json]:
    buyer = here.buyer
    return {
        "note": note.hex(),
        "rfp": buyer.envelope.id.hex(),
        "secret": buyer.box.secret.hex(),
        "terms": buyer.rfp.terms.hash.hex(),
    } | change


def _posted(here: World, whole: bytes, poster: SigningKey | None = None, reader: bytes | None = None) -> bytes:
    sealed = seal_message(whole, reader or here.buyer.box.public, BoxKey(here.samples.entropy.bytes(32)))
    return here.samples.posted(sealed, poster or here.vendor, here.buyer.key.public, here.buyer.envelope.expires)


def _bindings(book: Chapter, here: World, message: Message) -> None:
    other = BoxKey(here.samples.entropy.bytes(32))
    thief = here.samples.key()

    def reject(name: str, comment: str, note: bytes, **change: Json) -> None:
        book.refuses(name, "message", comment, _given(here, note, **change), "message")

    resealed = _posted(here, message.signed_by(here.vendor), reader=other.public)
    reject(
        "MSG-6 sealed-again", "Opened by its reader and sealed again to another.", resealed, secret=other.secret.hex()
    )
    reject("MSG-5 other-rfp", "Moved to another RFP of the same buyer.", here.note, rfp=(b"\1" * 32).hex())
    elsewhere = replace(message, network=NetworkId(b"elsewher"))
    reject("MSG-5 other-network", "Made for another network.", _posted(here, elsewhere.signed_by(here.vendor)))
    stolen = _posted(here, message.signed_by(here.vendor), poster=thief)
    reject("MSG-7 other-poster", "Somebody else posts the vendor's message under his own key.", stolen)
    book.accepts(
        "MSG-7 named-poster",
        "message",
        "A one-time key posts it, and the message names that key.",
        _given(here, _posted(here, _message(here, thief.public).signed_by(here.vendor), poster=thief)),
        "message",
    )
    reject("MSG-2 other-author", "The author that it names did not sign it.", _posted(here, message.signed_by(thief)))
    forged = replace(message, author=thief.public).signed_by(here.vendor)
    reject("MSG-2 author-swapped", "Another author was put in.", _posted(here, forged))
    book.refuses(
        "TRM-4 other-terms",
        "message",
        "It accepts terms that the RFP did not ask for: dropped unseen.",
        _given(here, _posted(here, replace(message, terms=bytes(32)).signed_by(here.vendor))),
        "message",
    )


def _layout(book: Chapter, here: World, message: Message) -> None:
    def array(
        *, kind: Tree = OFFER, version: Tree = 1, cut: int | None = None, more: list[Tree] | None = None, **parts: Tree
    ) -> bytes:
        fields: dict[str, Tree] = {
            "network": message.network,
            "rfp": message.rfp,
            "reader": message.reader,
            "poster": message.poster,
            "terms": message.terms,
            "body": message.body,
            "author": message.author,
        } | parts
        items: list[Tree] = [version, kind, *fields.values()]
        signed = encode([*items, bytes(64)])[:-66]
        signature = sign(here.vendor, label("offer", "sign"), signed)
        return encode([*items, signature[:cut], *(more or [])])

    for name, whole, what in (
        ("version-2", array(version=2), "another version"),
        ("version-true", array(version=True), "true for 1"),
        ("kind-2", array(kind=2), "a kind that is not known"),
        ("rfp-31", array(rfp=message.rfp[:31]), "an RFP id of 31 bytes"),
        ("author-text", array(author="a" * 32), "an author that is a string"),
        ("signature-63", array(cut=63), "a signature of 63 bytes"),
        ("eleven-items", array(more=[1]), "an item too many"),
        ("body-map", array(body={"a": 1}), "a body that is not bytes"),
    ):
        note = _posted(here, whole)
        book.refuses(f"MSG-1 {name}", "message", f"No message: {what}.", _given(here, note), "message")
    changed = bytearray(message.signed_by(here.vendor))
    changed[-80] ^= 1
    book.refuses(
        "MSG-2 altered",
        "message",
        "A bit of the author was changed, and sealed again.",
        _given(here, _posted(here, bytes(changed))),
        "message",
    )


def _boxes(book: Chapter, here: World, message: Message) -> None:
    whole = message.signed_by(here.vendor)
    note = envelope_untrusted(here.note)

    def posted(sealed: bytes) -> bytes:
        return here.samples.posted(sealed, here.vendor, here.buyer.key.public, here.buyer.envelope.expires)

    flipped = bytearray(note.body)
    flipped[100] ^= 1
    book.ignores(
        "CRY-7 note-altered",
        "message",
        "A bit of the box was changed before it was posted.",
        _given(here, posted(bytes(flipped))),
        "message",
    )
    book.ignores(
        "CRY-7 note-of-other",
        "message",
        "Sealed to another reader.",
        _given(here, here.note, secret=(b"\7" * 32).hex()),
        "message",
    )
    size = len(note.body) - 48
    ephemeral = BoxKey(here.samples.entropy.bytes(32))
    dirty = seal(pad(whole, size - 1) + b"\1", here.buyer.box.public, ephemeral)
    book.refuses(
        "PAD-2 in-note", "message", "Padding in the box with something in it.", _given(here, posted(dirty)), "message"
    )
    long_head = whole.replace(b"\xc4\x08", b"\xc5\x00\x08", 1)
    book.refuses(
        "ENC-2 in-note",
        "message",
        "A message that is not canonical.",
        _given(here, posted(seal(pad(long_head, size), here.buyer.box.public, ephemeral))),
        "message",
    )
