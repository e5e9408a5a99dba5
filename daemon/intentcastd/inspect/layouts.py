"""The layouts of the records as tables: what each field is called, means, and which rule speaks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a layout.

    Attributes:
        note: what it means, a few words.
        rules: ids, parted by a space.
        inner: layout of what is in it, or of each item of it; "envelope" and "head" are bytes that hold such a one.
        form: time, network or kind: how a number is shown besides.
    """

    note: str = ""
    rules: str = ""
    inner: str = ""
    form: str = ""


Layout = Mapping[str, Field]

_ENVELOPE: Layout = {
    "version": Field("of the envelope's form", "ENV-2"),
    "kind": Field("", "ENV-3", form="kind"),
    "network": Field("", "ENV-4", form="network"),
    "expires": Field("", "ENV-5", form="time"),
    "effort": Field("bits of work that the stamp holds", "ENV-6"),
    "nonce": Field("the stamp", "ENV-6 STA-2"),
    "tag": Field("author key of the RFP that is answered", "ENV-2"),
    "body": Field("", "PAD-1"),
    "author": Field("Ed25519 key that signs", "ENV-7"),
    "signature": Field("over all bytes before it", "ENV-7"),
}

LAYOUTS: dict[str, Layout] = {
    "envelope": _ENVELOPE,
    "rfp": {
        "area": Field("where: at least 50,000 people live there", "VOC-7", "area"),
        "boards": Field("keys of the relays that keep the offers", "RFP-2"),
        "box": Field("X25519 key that offers are sealed to", "RFP-1"),
        "budget": Field("a band that the buyer chose to publish", "RFP-10", "band"),
        "category": Field("code of the taxonomy", "VOC-1"),
        "condition": Field("of the goods", "RFP-1"),
        "crit": Field("keys that a reader must know", "RFP-11"),
        "details": Field("attributes that are asked for", "RFP-8", "details"),
        "gtin": Field("code of the very product", "VOC-4"),
        "how": Field("ways in which it may come", "RFP-7"),
        "kind": Field("goods, service or rental", "RFP-1"),
        "quantity": Field("how much", "VOC-6", "quantity"),
        "salt": Field("keeps two equal needs apart", "RFP-1"),
        "service": Field("what is to be done", "VOC-3"),
        "shard": Field("bits of the shard that the author key lies in", "RFP-2"),
        "terms": Field("terms that the buyer proffers", "TRM-2", "proffer"),
        "text": Field("free words", "RFP-9"),
        "when": Field("needed by", "RFP-1", "when"),
        "work": Field("bits of work that an offer must hold", "RFP-2"),
    },
    "close": {
        "reason": Field("why the RFP ends", "CLO-1"),
        "rfp": Field("id of the RFP that ends", "CLO-1"),
    },
    "relay": {
        "addresses": Field("where it listens", "REL-2", "address"),
        "features": Field("what it does", "REL-3"),
        "name": Field("public name", "REL-1"),
    },
    "vendor": {
        "areas": Field("where it sells", "VOC-8", "area"),
        "box": Field("X25519 key that messages to it are sealed to", "VEN-1"),
        "categories": Field("what it sells", "VOC-1"),
        "currency": Field("ISO 4217", "VEN-1"),
        "domain": Field("its DNS name", "VEN-1"),
        "name": Field("", "TXT-1"),
        "salt": Field("", "VEN-1"),
        "terms": Field("roster entries that it accepts", "VEN-1"),
    },
    "message": {
        "version": Field("of the message's form", "MSG-1"),
        "kind": Field("1: offer", "MSG-1"),
        "network": Field("", "MSG-5", form="network"),
        "rfp": Field("id of the RFP that it answers", "MSG-5"),
        "reader": Field("X25519 key that it is sealed to", "MSG-6"),
        "poster": Field("Ed25519 key that posts the note", "MSG-7"),
        "terms": Field("hash of the terms that it accepts", "TRM-3"),
        "body": Field("what it says", "MSG-1"),
        "author": Field("the vendor's long-term key", "MSG-2"),
        "signature": Field("over all bytes before it", "MSG-2"),
    },
    "offer": {
        "asks": Field("personal fields wanted at acceptance", "OFF-6", "ask"),
        "card": Field("id of the vendor's card", "OFF-1"),
        "name": Field("of the vendor", "TXT-1"),
        "note": Field("free words", "OFF-7"),
        "options": Field("ways to meet the need", "OFF-3", "option"),
        "salt": Field("", "OFF-1"),
        "terms": Field("accepted, or an alternative", "OFF-2"),
        "valid_until": Field("", "OFF-1", form="time"),
    },
    "option": {
        "condition": Field("of the goods", "OFF-3"),
        "fees": Field("one without a price is not stated", "OFF-8", "fee"),
        "id": Field("", "OFF-3"),
        "items": Field("lines", "OFF-3", "item"),
        "meets": Field("yes, no or unstated for what was asked", "OFF-3"),
        "returns_days": Field("", "OFF-3"),
        "ship": Field("how it comes", "OFF-8", "ship"),
        "tax": Field("", "OFF-8", "tax"),
        "title": Field("", "TXT-1"),
        "total": Field("the vendor's own sum", "OFF-9", "money"),
        "warranty_months": Field("", "OFF-3"),
    },
    "item": {
        "brand": Field("", "TXT-1"),
        "gtin": Field("", "VOC-4"),
        "name": Field("", "TXT-1"),
        "price": Field("of one unit", "VOC-5", "money"),
        "quantity": Field("", "VOC-6", "quantity"),
        "sku": Field("the vendor's own key", "TXT-1"),
    },
    "fee": {"code": Field("", "TXT-1"), "price": Field("", "VOC-5", "money")},
    "ship": {
        "hours": Field("until it is there or ready", "OFF-3"),
        "mode": Field("", "OFF-3"),
        "price": Field("absent: not stated", "VOC-5", "money"),
    },
    "tax": {"included": Field("in the prices", "OFF-3"), "price": Field("on top", "VOC-5", "money")},
    "ask": {"field": Field("", "OFF-6"), "purpose": Field("", "OFF-6")},
    "money": {"currency": Field("ISO 4217", "VOC-5"), "minor": Field("minor units", "VOC-5")},
    "quantity": {
        "scale": Field("decimals of the value", "VOC-6"),
        "unit": Field("UN/CEFACT Rec 20", "VOC-6"),
        "value": Field("", "VOC-6"),
    },
    "area": {
        "country": Field("ISO 3166-1", "VOC-7"),
        "id": Field("GeoNames", "VOC-7"),
        "name": Field("", "TXT-1"),
        "population": Field("inhabitants", "VOC-7"),
        "sub": Field("ISO 3166-2", "VOC-7"),
    },
    "band": {"currency": Field("", "RFP-10"), "high": Field("", "RFP-10"), "low": Field("", "RFP-10")},
    "when": {"by": Field("", "RFP-1", form="time"), "grain": Field("", "RFP-1")},
    "proffer": {
        "all": Field("binds each vendor that answers", "TRM-2", "term"),
        "chosen": Field("one of them binds the vendor that is chosen", "TRM-2", "term"),
    },
    "term": {"hash": Field("of the entry's text", "TRM-1"), "id": Field("in the roster", "TRM-2")},
    "address": {"host": Field("", "REL-2"), "port": Field("", "REL-2")},
    "head": {
        "version": Field("of the head's form", "BRD-10"),
        "network": Field("", "BRD-10", form="network"),
        "bits": Field("of the shard", "BRD-1"),
        "prefix": Field("of the author keys in the shard", "BRD-1"),
        "epoch": Field("UNIX time div 600", "BRD-10", form="epoch"),
        "count": Field("notes in the epoch", "BRD-10"),
        "notes": Field("digest of their ids", "BRD-11"),
        "rfps": Field("digest of the ids of the shard's live RFPs", "BRD-11"),
        "at": Field("", "BRD-10", form="time"),
        "board": Field("key of the board", "BRD-10"),
        "signature": Field("over all bytes before it", "BRD-10"),
    },
    "frame": {
        "code": Field("", "FRM-3", form="code"),
        "request": Field("0: no answer is expected", "FRM-2"),
        "body": Field("", "FRM-5"),
    },
    "frame.give": {"envelopes": Field("as they were received", "FRM-7", "envelope")},
    "frame.submit": {"envelope": Field("enters the network here", "", "envelope")},
    "frame.handoff": {"envelope": Field("its hold is over", "", "envelope")},
    "frame.subscribe": {"areas": Field("empty: all", "FRM-9", "area"), "categories": Field("empty: all", "FRM-9")},
    "frame.post": {"note": Field("for a board", "", "envelope")},
    "frame.notes": {
        "notes": Field("in the board's order", "FRM-12", "envelope"),
        "head": Field("", "BRD-10", "head"),
    },
    "frame.visit": {"publish": Field("leaves the exit at its own time", "CIR-6", "envelope")},
    "frame.visited": {
        "notes": Field("which boards have it, epoch, note", "FRM-12", "read note"),
        "heads": Field("number of the board, head", "FRM-12", "board head"),
        "cards": Field("of relays, drawn at random", "", "envelope"),
    },
    "read note": {
        "mask": Field("bit n: board n has it", "FRM-12"),
        "epoch": Field(""),
        "note": Field("", "", "envelope"),
    },
    "board head": {"board": Field("its number in the visit", "FRM-12"), "head": Field("", "BRD-10", "head")},
}

# Arrays whose items have names, in order.
POSITIONS: dict[str, tuple[str, ...]] = {
    "envelope": ("version", "kind", "network", "expires", "effort", "nonce", "body", "author", "signature"),
    "note": ("version", "kind", "network", "expires", "effort", "nonce", "tag", "body", "author", "signature"),
    "message": tuple(LAYOUTS["message"]),
    "head": tuple(LAYOUTS["head"]),
    "frame": ("code", "request", "body"),
    "read note": ("mask", "epoch", "note"),
    "board head": ("board", "head"),
}
LAYOUTS["note"] = _ENVELOPE
