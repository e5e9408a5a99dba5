"""Vectors about records: bodies, messages, heads, and the words that they share."""

from __future__ import annotations

from collections.abc import Callable

from intentcast.conformance.vector import Given, Json, Run, Vector
from intentcast.crypto.keys import BoxKey
from intentcast.encoding.canonical import encode
from intentcast.errors import Rejected
from intentcast.ids import RelayKey
from intentcast.records.anonymity import Draft, band_of, generalize
from intentcast.records.close import close_untrusted
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.head import Shard, check_shard, head_untrusted, set_digest, shard_of
from intentcast.records.message import message_untrusted
from intentcast.records.offer import landed, offer_untrusted
from intentcast.records.relay_card import Address, address_block, parse_relay_line, relay_card_untrusted, relay_line
from intentcast.records.rfp import rfp_untrusted, rounded_expiry, routing_untrusted
from intentcast.records.terms import entry_hash, proffer_untrusted
from intentcast.records.vendor_card import vendor_card_untrusted
from intentcast.records.vocabulary import (
    Area,
    Band,
    Money,
    Quantity,
    area_filter_untrusted,
    area_untrusted,
    category_untrusted,
    gtin14,
    is_gtin,
    is_service,
    money_untrusted,
    on_branch,
    quantity_untrusted,
)

_BODIES: dict[str, Callable[[bytes], object]] = {
    "routing": routing_untrusted,
    "rfp": rfp_untrusted,
    "close": close_untrusted,
    "relay": relay_card_untrusted,
    "vendor": vendor_card_untrusted,
    "offer": offer_untrusted,
}


def _body(vector: Vector) -> Json:
    """A body of `of`: routing (an RFP as a relay reads it), rfp, close, relay, vendor, offer."""
    _BODIES[vector.given.word("of")](vector.given.octets("hex"))
    return {}


def _message(vector: Vector) -> Json:
    given = vector.given
    note = envelope_untrusted(given.octets("note"))
    found = message_untrusted(note, given.octets("rfp"), BoxKey(given.octets("secret")))
    if given.has("terms") and found.terms != given.octets("terms"):
        raise Rejected("TRM-4", "the message accepts other terms than the RFP proffers")
    return {"id": found.id.hex(), "author": found.author.hex(), "body": found.body.hex()}


def _head(vector: Vector) -> Json:
    given = vector.given
    found = head_untrusted(given.octets("hex"))
    named = (given.octets("board"), Shard(given.number("bits"), given.octets("prefix")))
    if (found.board, found.shard, found.network) != (*named, vector.network.id):
        raise Rejected("BRD-12", "the head is of another board, shard or network")
    return {"epoch": found.epoch, "count": found.count, "notes": found.notes.hex(), "rfps": found.rfps.hex()}


def _digest_of_set(vector: Vector) -> Json:
    return {"digest": set_digest(bytes.fromhex(item) for item in vector.given.words("ids")).hex()}


def _shard(vector: Vector) -> Json:
    given = vector.given
    if given.has("key"):
        return {"prefix": shard_of(given.octets("key"), given.number("bits")).prefix.hex()}
    check_shard(given.number("bits"), given.octets("prefix"))
    return {}


def _relay_line(vector: Vector) -> Json:
    key, address = parse_relay_line(vector.given.word("line"))
    return {
        "key": key.hex(),
        "host": address.host,
        "port": address.port,
        "line": relay_line(RelayKey(key), Address(address.host, address.port)),
    }


def _block(vector: Vector) -> Json:
    return {"block": address_block(vector.given.word("host")).hex()}


def _category(vector: Vector) -> Json:
    category_untrusted(vector.given.word("code"))
    return {}


def _branch(vector: Vector) -> Json:
    return {"same": on_branch(vector.given.word("one"), vector.given.word("other"))}


def _gtin(vector: Vector) -> Json:
    if not is_gtin(vector.given.word("code")):
        raise Rejected("VOC-4", "no GTIN", "body")
    return {"gtin14": gtin14(vector.given.word("code"))}


def _service(vector: Vector) -> Json:
    if not is_service(vector.given.word("word")):
        raise Rejected("VOC-3", "no service word", "body")
    return {}


def _money(vector: Vector) -> Json:
    found = money_untrusted(vector.given.plain("value"))
    return {"currency": found.currency, "minor": found.minor}


def _quantity(vector: Vector) -> Json:
    found = quantity_untrusted(vector.given.plain("value"))
    return {"unit": found.unit, "value": found.value, "scale": found.scale}


def _area(vector: Vector) -> Json:
    found = area_untrusted(vector.given.plain("value"))
    return {"country": found.country, "name": found.name}


def _area_filter(vector: Vector) -> Json:
    covering = area_filter_untrusted(vector.given.plain("filter"))
    place = area_untrusted(vector.given.plain("area")) if vector.given.has("area") else None
    return {"covers": covering.covers(place)}


def _terms(vector: Vector) -> Json:
    return {"hash": proffer_untrusted(vector.given.plain("terms")).hash.hex()}


def _terms_entry(vector: Vector) -> Json:
    value = vector.given.plain("entry")
    assert isinstance(value, dict)
    return {"hash": entry_hash(value).hex(), "hex": encode(value).hex()}


def _landed_cost(vector: Vector) -> Json:
    option = offer_untrusted(vector.given.octets("offer")).options[vector.given.number("option")]
    cost = landed(option)

    def minor(value: Money | None) -> Json:
        return None if value is None else value.minor

    return {
        "currency": cost.items.currency,
        "items": cost.items.minor,
        "ship": minor(cost.ship),
        "tax": minor(cost.tax),
        "fees": minor(cost.fees),
        "known": cost.known.minor,
        "total": minor(cost.total),
        "missing": list(cost.missing),
        "contradicts": cost.contradicts,
    }


def _expiry(vector: Vector) -> Json:
    return {"expires": rounded_expiry(vector.now, vector.given.number("life"))}


def _band(vector: Vector) -> Json:
    low, high = band_of(vector.given.number("minor"))
    return {"low": low, "high": high}


def _draft_area(given: Given) -> Area:
    return Area(given.word("country"), given.word("name"), given.number("population"))


def _generalized(vector: Vector) -> Json:
    given = vector.given
    found = generalize(
        Draft(
            category="bt-6-3-2",
            quantity=Quantity(1),
            details={str(number): str(text) for number, text in enumerate(given.items("details"))}
            if given.has("details")
            else {},
            area=_draft_area(given.inner("area")) if given.has("area") else None,
            by=given.optional_number("by"),
            offset=given.optional_number("offset") or 0,
            budget=Band("EUR", 0, given.number("budget")) if given.has("budget") else None,
            publish_budget=given.flag("publish_budget"),
            grain=given.optional_word("grain"),
            text=given.optional_word("text"),
            private=given.words("private") if given.has("private") else (),
        ),
        vector.now,
    )
    return {
        "when": [found.when.by, found.when.grain] if found.when else None,
        "budget": [found.budget.low, found.budget.high] if found.budget else None,
        "text": found.text,
        "changes": [[change.field, change.rule] for change in found.changes],
    }


KINDS: dict[str, tuple[str, Run]] = {
    "body": ("body", _body),
    "message": ("message", _message),
    "head": ("head", _head),
    "set_digest": ("head", _digest_of_set),
    "shard": ("shard", _shard),
    "relay_line": ("words", _relay_line),
    "block": ("words", _block),
    "category": ("words", _category),
    "branch": ("words", _branch),
    "gtin": ("words", _gtin),
    "service": ("words", _service),
    "money": ("words", _money),
    "quantity": ("words", _quantity),
    "area": ("words", _area),
    "area_filter": ("words", _area_filter),
    "terms": ("terms", _terms),
    "terms_entry": ("terms", _terms_entry),
    "landed": ("offer", _landed_cost),
    "expiry": ("writer", _expiry),
    "band": ("draft", _band),
    "generalize": ("draft", _generalized),
}
