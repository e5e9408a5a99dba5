"""Chapter 03 §4 to §7: bodies of RFPs, closes, relay cards and vendor cards, one fault at a time."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import World, world

from intentcast.encoding.canonical import Tree, Value, decode_padded_untrusted, encode
from intentcast.records.envelope import envelope_untrusted
from intentcast.testing.samples import T0

_Map = Mapping[str, Tree]
GONE = "\0gone"
"""Stands for a key that is left out."""


def chapter() -> Chapter:
    book = Chapter("03-records")
    here = world("bodies")
    _rfp(book, here)
    _routing(book, here)
    _close(book, here)
    _relay(book, here)
    _vendor(book, here)
    _expiry(book)
    return book


def fields_of(data: bytes) -> dict[str, Value]:
    value = decode_padded_untrusted(envelope_untrusted(data).body)
    assert isinstance(value, dict)
    return value


def changed(fields: _Map, change: _Map) -> str:
    """Return the hexadecimal body with some fields changed or left out."""
    return encode({name: value for name, value in {**fields, **change}.items() if value != GONE}).hex()


def _rfp(book: Chapter, here: World) -> None:
    fields = fields_of(here.buyer.data)

    def reject(name: str, comment: str, change: _Map, *, by: str | None = None, group: str = "negative") -> None:
        book.refuses(name, "body", comment, {"of": "rfp", "hex": changed(fields, change)}, "body", by=by, group=group)

    def accept(name: str, comment: str, change: _Map) -> None:
        book.accepts(name, "body", comment, {"of": "rfp", "hex": changed(fields, change)}, "body")

    accept("RFP-1 sample", "An RFP as an end reader reads it.", {})
    accept("REC-1 unknown-key", "An unknown key is no fault.", {"zzz": {"later": 1}})
    accept("RFP-9 unknown-attribute", "An attribute that no registry knows is kept.", {"details": {"x.later": "yes"}})
    accept("RFP-11 known-key", "A critical key that is known.", {"crit": ["when"]})
    accept("RFP-8 sixteen-details", "As many details as there may be.", {"details": {f"a{n:02}": n for n in range(16)}})
    for name in ("box", "kind", "quantity", "salt"):
        reject(f"RFP-1 no-{name}", f"Without {name}.", {name: GONE})
    reject("RFP-1 no-terms", "Without terms: nobody could accept any.", {"terms": GONE})
    reject("RFP-1 short-box", "A box key of 31 bytes.", {"box": bytes(31)})
    reject("RFP-1 short-salt", "A salt of 15 bytes.", {"salt": bytes(15)})
    reject("RFP-1 kind", "A kind that the registry does not have.", {"kind": "gift"})
    reject("RFP-1 condition", "A condition that the registry does not have.", {"condition": "broken"})
    reject("RFP-1 grain", "A grain that the registry does not have.", {"when": {"by": int(T0), "grain": "minute"}})
    reject("RFP-1 text-281", "A text of 281 characters.", {"text": "x" * 281})
    accept("RFP-1 text-280", "280 characters, more bytes: characters are counted.", {"text": "é" * 280})
    reject("RFP-7 not-sorted", "how is not in order.", {"how": ["pickup", "deliver"]})
    reject("RFP-7 twice", "One way twice.", {"how": ["pickup", "pickup"]})
    reject("RFP-7 unknown", "A way that the registry does not have.", {"how": ["drone"]})
    reject("RFP-7 empty", "No way at all: then how is left out.", {"how": []}, by="RFP-1")
    reject("RFP-8 seventeen", "One detail too many.", {"details": {f"a{n:02}": n for n in range(17)}})
    reject("RFP-8 none", "No detail: then details is left out (see REC-2).", {"details": {}})
    reject("RFP-8 long-text", "A detail of 65 characters.", {"details": {"colour": "x" * 65}})
    reject("RFP-8 array", "A detail that is an array.", {"details": {"colour": ["red"]}})
    reject("RFP-8 hidden-character", "A zero-width space in a detail.", {"details": {"colour": "red\u200b"}})
    reject(
        "RFP-10 exact-budget", "A budget that is one figure.", {"budget": {"currency": "GBP", "high": 100, "low": 100}}
    )
    reject("RFP-10 turned", "A budget whose ends are turned.", {"budget": {"currency": "GBP", "high": 1, "low": 2}})
    reject("TXT-1 bidi-text", "A text that shows in another order.", {"text": "a\u202eb"}, group="canary")
    reject("TXT-1 not-nfc-text", "A text that is not in NFC.", {"text": "Cafe\u0301"}, group="canary")
    reject("TXT-1 newline-text", "A control character.", {"text": "a\nb"})
    reject("VOC-4 in-rfp", "A GTIN with a wrong check digit.", {"gtin": "4006381333932"})
    reject("VOC-3 in-rfp", "A service that is no dotted word.", {"service": "repair"})
    reject("RFP-1 quantity-nothing", "Nothing is asked for.", {"quantity": {"unit": "C62", "value": 0}})
    reject("VOC-6 in-rfp", "A scale of 0.", {"quantity": {"scale": 0, "unit": "C62", "value": 1}})
    book.refuses("RFP-1 array", "body", "A body that is an array.", {"of": "rfp", "hex": "90"}, "body")
    book.ignores(
        "RFP-11 unknown-key",
        "body",
        "It needs something that this version does not know.",
        {"of": "rfp", "hex": changed(fields, {"crit": ["escrow"]})},
        "body",
    )


def _routing(book: Chapter, here: World) -> None:
    fields = fields_of(here.buyer.data)
    board = here.relay.public

    def reject(name: str, comment: str, change: _Map, by: str | None = None) -> None:
        book.refuses(name, "body", comment, {"of": "routing", "hex": changed(fields, change)}, "body", by=by)

    def accept(name: str, comment: str, change: _Map) -> None:
        book.accepts(name, "body", comment, {"of": "routing", "hex": changed(fields, change)}, "body")

    accept("RFP-2 sample", "What a relay reads of an RFP.", {})
    accept(
        "RFP-2 only-routing-is-judged",
        "A relay judges no box, terms or kind.",
        {"box": "none", "terms": 1, "kind": GONE},
    )
    accept("RFP-2 unknown-critical-key", "crit binds end readers only.", {"crit": ["escrow"]})
    reject("RFP-2 no-boards", "No board: nobody could answer.", {"boards": []})
    reject("RFP-2 four-boards", "A board too many.", {"boards": [bytes((n,)) * 32 for n in range(4)]})
    reject("RFP-2 board-twice", "One board twice.", {"boards": [board, board]})
    reject("RFP-2 board-of-31", "A board's key of 31 bytes.", {"boards": [board[:31]]})
    reject("RFP-2 shard-33", "A shard of 33 bits.", {"shard": 33})
    reject("RFP-2 shard-missing", "No shard.", {"shard": GONE})
    reject("RFP-2 work-41", "More work than a stamp may hold.", {"work": 41})
    reject("VOC-1 in-routing", "A category with a leading zero.", {"category": "bt-06"})
    odd: _Map = {"area": {"country": "GB", "name": "Glas\u202egow", "population": 626_410}}
    accept(
        "TXT-2 hidden-character-in-area",
        "Which characters are hidden is for end readers to judge: relays would split.",
        odd,
    )
    reject(
        "VOC-7 in-routing",
        "A village: the writer would point at somebody.",
        {"area": {"country": "GB", "name": "Plockton", "population": 378}},
    )
    reject("RFP-2 no-category", "No category.", {"category": GONE})
    book.refuses(
        "RFP-2 empty-body", "body", "A body of nothing but padding.", {"of": "routing", "hex": "00" * 8}, "body"
    )
    unsorted = bytes.fromhex("82a16200a16100")
    book.refuses(
        "ENC-7 in-body", "body", "A body whose keys are not in order.", {"of": "routing", "hex": unsorted.hex()}, "body"
    )
    book.refuses(
        "PAD-2 in-body",
        "body",
        "Padding with something in it.",
        {"of": "routing", "hex": changed(fields, {}) + "0001"},
        "body",
    )


def _close(book: Chapter, here: World) -> None:
    fields = fields_of(here.close)
    for reason in ("filled", "withdrawn", "replaced", "no_fit"):
        book.accepts(
            f"CLO-1 {reason.replace('_', '-')}",
            "body",
            "A reason of the registry.",
            {"of": "close", "hex": changed(fields, {"reason": reason})},
            "body",
        )
    for name, change in (
        ("unknown-reason", {"reason": "bored"}),
        ("no-reason", {"reason": GONE}),
        ("short-id", {"rfp": bytes(31)}),
        ("text-id", {"rfp": "00" * 16}),
        ("no-id", {"rfp": GONE}),
    ):
        book.refuses(f"CLO-1 {name}", "body", "No close.", {"of": "close", "hex": changed(fields, change)}, "body")


def _relay(book: Chapter, here: World) -> None:
    fields = fields_of(here.relay_card)

    def at(host: Tree, port: Tree = 7117) -> _Map:
        return {"addresses": [{"host": host, "port": port}]}

    def reject(name: str, comment: str, change: _Map) -> None:
        book.refuses(name, "body", comment, {"of": "relay", "hex": changed(fields, change)}, "body")

    book.accepts("REL-1 sample", "body", "A relay card.", {"of": "relay", "hex": changed(fields, {})}, "body")
    book.accepts(
        "REL-3 unknown-feature",
        "body",
        "An unknown feature is kept.",
        {"of": "relay", "hex": changed(fields, {"features": ["board", "later"]})},
        "body",
    )
    for name, host in (("name", "relay.example"), ("ipv6", "2001:db8::1"), ("punycode", "xn--bcher-kva.example")):
        book.accepts(
            f"REL-2 {name}",
            "body",
            "An address in its one form.",
            {"of": "relay", "hex": changed(fields, at(host))},
            "body",
        )
    reject("REL-1 no-address", "No address.", {"addresses": []})
    reject(
        "REL-1 five-addresses",
        "An address too many.",
        {"addresses": [{"host": "a.example", "port": n} for n in range(1, 6)]},
    )
    for name, host in (
        ("capitals", "Relay.example"),
        ("dot-at-end", "relay.example."),
        ("umlaut", "bücher.example"),
        ("long-ipv6", "2001:0db8::1"),
        ("scope", "fe80::1%eth0"),
        ("mapped-ipv4", "::ffff:192.0.2.1"),
        ("ipv4-out-of-range", "256.1.1.1"),
        ("short-ipv4", "127.1"),
        ("underscore", "a_b.example"),
        ("dash", "-a.example"),
        ("spaces", "a b"),
    ):
        reject(f"REL-2 {name}", "No lower-case DNS name and no IP address in its one form.", at(host))
    reject("REL-2 port-0", "Port 0.", at("a.example", 0))
    reject("REL-2 port-65536", "Port 65,536.", at("a.example", 65536))
    reject("REL-3 not-sorted", "Features that are not in order.", {"features": ["exit", "board"]})
    reject("REL-3 twice", "A feature twice.", {"features": ["board", "board"]})


def _vendor(book: Chapter, here: World) -> None:
    fields = fields_of(here.card)

    def reject(name: str, comment: str, change: _Map) -> None:
        book.refuses(name, "body", comment, {"of": "vendor", "hex": changed(fields, change)}, "body")

    book.accepts("VEN-1 sample", "body", "A vendor card.", {"of": "vendor", "hex": changed(fields, {})}, "body")
    book.accepts(
        "VEN-1 domain",
        "body",
        "With a domain.",
        {"of": "vendor", "hex": changed(fields, {"domain": "pram-palace.example"})},
        "body",
    )
    reject("VEN-1 no-name", "Without a name: vendors are named.", {"name": GONE})
    reject("VEN-1 long-name", "A name of 81 characters.", {"name": "x" * 81})
    reject("VEN-1 domain-with-path", "A domain with a path.", {"domain": "pram.example/x"})
    reject("VEN-1 domain-is-ip", "An address for a domain.", {"domain": "192.0.2.1"})
    reject("VEN-1 domain-capitals", "A domain in capitals.", {"domain": "Pram.example"})
    reject("VEN-1 no-terms", "No terms that it would accept.", {"terms": []})
    reject("VEN-1 currency", "No currency.", {"currency": "£££"})
    reject("VEN-1 65-categories", "A category too many.", {"categories": [f"bt-{n}" for n in range(1, 66)]})
    reject("VOC-1 in-card", "A code that is none.", {"categories": ["Baby & Toddler"]})
    reject("TXT-1 in-card", "A name with a hidden character.", {"name": "Pram\u200b Palace"})


def _expiry(book: Chapter) -> None:
    day, ten = 86_400, 600
    for name, now, life, expires in (
        ("two-hours", T0 + 1, 7_200, T0 + 7_200 + ten),
        ("on-the-mark", T0, 7_200, T0 + 7_200),
        ("just-under-a-day", T0 + 599, day - 1, T0 + day + ten),
        ("a-day", T0 + 1, day, T0 + 2 * day),
        ("a-week", T0 + 50_000, 7 * day, T0 + 8 * day),
    ):
        book.accepts(
            f"RFP-3 {name}",
            "expiry",
            "Rounded up, so that it does not tell the second of publishing.",
            {"life": life},
            "writer",
            output={"expires": int(expires)},
            now=int(now),
        )
