"""Chapter 03 §2: the words that records share; chapter 11: terms; and relay lines."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter

from intentcast.conformance.vector import Json, plain_json
from intentcast.encoding.canonical import Tree
from intentcast.testing.samples import sample_proffer


def chapter() -> Chapter:
    book = Chapter("03-records")
    _categories(book)
    _branches(book)
    _codes(book)
    _amounts(book)
    _areas(book)
    _relay_lines(book)
    _terms(book)
    return book


def _categories(book: Chapter) -> None:
    for code in ("bt-6", "bt", "se-1-2-3-4-5-6-7-8", "aa-9999"):
        book.accepts(f"VOC-1 {code}", "category", "A category code.", {"code": code}, "words")
    for name, code in (
        ("empty", ""),
        ("capitals", "BT-6"),
        ("no-letters", "6-3"),
        ("three-letters", "btx-6"),
        ("leading-zero", "bt-06"),
        ("zero", "bt-0"),
        ("five-digits", "bt-10000"),
        ("nine-levels", "bt-1-2-3-4-5-6-7-8-9"),
        ("dash-at-end", "bt-6-"),
        ("newline-at-end", "bt-6\n"),
        ("underscore", "bt_6"),
        ("other-digits", "bt-\u0666"),
    ):
        group = "canary" if name in ("newline-at-end", "other-digits") else "negative"
        book.refuses(
            f"VOC-1 {name}", "category", "Not the form of a category code.", {"code": code}, "words", group=group
        )


def _branches(book: Chapter) -> None:
    for name, one, other, same in (
        ("equal", "bt-6", "bt-6", True),
        ("ancestor", "bt-6", "bt-6-3-2", True),
        ("descendant", "bt-6-3-2", "bt", True),
        ("digits-are-no-level", "bt-6", "bt-60", False),
        ("digits-are-no-level-turned", "bt-60", "bt-6", False),
        ("letters-are-no-level", "b", "bt-6", False),
        ("siblings", "bt-6-3", "bt-6-4", False),
        ("other-root", "bt-6", "aa-6", False),
    ):
        book.accepts(
            f"VOC-2 {name}",
            "branch",
            "On one branch or not: an ancestor ends before a dash.",
            {"one": one, "other": other},
            "words",
            output={"same": same},
            group="canary" if "no-level" in name else "positive",
        )


def _codes(book: Chapter) -> None:
    for code in ("40170725", "036000291452", "4006381333931", "10012345000017"):
        book.accepts(
            f"VOC-4 gtin-{len(code)}",
            "gtin",
            "A sound GTIN, and the form by which lengths compare.",
            {"code": code},
            "words",
            output={"gtin14": code.zfill(14)},
        )
    for name, code in (
        ("check-digit-13", "4006381333932"),
        ("check-digit-8", "40170726"),
        ("swapped-digits", "4006381339331"),
        ("eleven-digits", "03600029145"),
        ("nine-digits", "400638133"),
        ("fifteen-digits", "004006381333931"),
        ("letters", "400638133393X"),
        ("spaces", "4006381 333931"),
        ("other-digits", "\u0664006381333931"),
    ):
        book.refuses(f"VOC-4 {name}", "gtin", "No GTIN, or a wrong check digit.", {"code": code}, "words")
    for word in ("repair.plumbing", "rental.vehicle", "a.b.c.d"):
        book.accepts(f"VOC-3 {word}", "service", "A service word.", {"word": word}, "words")
    for name, word in (
        ("one-word", "repair"),
        ("capital", "Repair.plumbing"),
        ("five-levels", "a.b.c.d.e"),
        ("dot-at-end", "a.b."),
        ("digit", "a.b2"),
    ):
        book.refuses(f"VOC-3 {name}", "service", "Not the form of a service word.", {"word": word}, "words")


def _value(**fields: Tree) -> dict[str, Json]:
    return {"value": plain_json(dict(sorted(fields.items())))}


def _amounts(book: Chapter) -> None:
    book.accepts("VOC-5 euro", "money", "EUR 12.50.", _value(currency="EUR", minor=1250), "words")
    for name, value in (
        ("negative", _value(currency="EUR", minor=-1)),
        ("lower-case", _value(currency="eur", minor=1)),
        ("sign", _value(currency="€", minor=1)),
        ("as-text", _value(currency="EUR", minor="12.50")),
        ("bool", _value(currency="EUR", minor=True)),
        ("no-currency", _value(minor=1)),
        ("no-minor", _value(currency="EUR")),
        ("no-map", {"value": 12}),
    ):
        group = "canary" if name == "bool" else "negative"
        book.refuses(f"VOC-5 {name}", "money", "No money.", value, "words", group=group)
    book.accepts("VOC-6 kilogram", "quantity", "1.25 kg.", _value(unit="KGM", value=125, scale=2), "words")
    for name, value in (
        ("scale-zero", _value(unit="KGM", value=1, scale=0)),
        ("scale-seven", _value(unit="KGM", value=1, scale=7)),
        ("unit-word", _value(unit="kg", value=1)),
        ("negative", _value(unit="C62", value=-1)),
        ("bool", _value(unit="C62", value=True)),
    ):
        book.refuses(f"VOC-6 {name}", "quantity", "No quantity.", value, "words")


def _areas(book: Chapter) -> None:
    glasgow: dict[str, Tree] = {"country": "GB", "name": "Glasgow", "population": 626_410, "id": 2_648_579}
    book.accepts("VOC-7 glasgow", "area", "A city.", _value(**glasgow), "words")
    villages: tuple[tuple[str, dict[str, Tree]], ...] = (
        ("village", {"population": 49_999}),
        ("country-word", {"country": "UK1"}),
        ("country-lower", {"country": "gb"}),
        ("id-zero", {"id": 0}),
        ("sub-form", {"sub": "GLG"}),
        ("population-bool", {"population": True}),
    )
    for name, change in villages:
        fields: dict[str, Tree] = {**glasgow, **change}
        book.refuses(f"VOC-7 {name}", "area", "No area that an RFP may name.", _value(**fields), "words")
    book.refuses(
        "TXT-1 bidi-in-area",
        "area",
        "A name that shows as another.",
        _value(**{**glasgow, "name": "a\u202eb"}),
        "words",
    )
    book.refuses(
        "TXT-1 not-nfc-area",
        "area",
        "e and a combining accent.",
        _value(**{**glasgow, "name": "Orle\u0301ans"}),
        "words",
    )
    somewhere: dict[str, Tree] = {"country": "GB", "name": "Stirling", "population": 90_000, "sub": "GB-STG"}
    rows: tuple[tuple[str, dict[str, Tree], dict[str, Tree] | None, bool], ...] = (
        ("no-area", {"country": "DE"}, None, True),
        ("country", {"country": "GB"}, glasgow, True),
        ("other-country", {"country": "DE"}, glasgow, False),
        ("id", {"country": "GB", "id": 2_648_579, "name": "Glesca"}, glasgow, True),
        ("other-id", {"country": "GB", "id": 1, "name": "Glasgow"}, glasgow, False),
        ("name", {"country": "GB", "name": "GLASGOW"}, glasgow, True),
        ("part-of-name", {"country": "GB", "name": "Glas"}, glasgow, False),
        ("sub", {"country": "GB", "sub": "GB-STG"}, somewhere, True),
        ("other-sub", {"country": "GB", "sub": "GB-GLG"}, somewhere, False),
        ("sub-not-stated", {"country": "GB", "sub": "GB-GLG"}, glasgow, True),
    )
    for name, wanted, place, covers in rows:
        given: dict[str, Json] = {"filter": plain_json(dict(sorted(wanted.items())))}
        if place is not None:
            given["area"] = plain_json(dict(sorted(place.items())))
        book.accepts(
            f"VOC-8 {name}",
            "area_filter",
            "Whether a filter covers an area.",
            given,
            "words",
            output={"covers": covers},
        )
    for name, wrong in (("no-country", {"name": "Glasgow"}), ("id-negative", {"country": "GB", "id": -1})):
        fields = dict(wrong)  # type: ignore[arg-type]
        book.refuses(f"VOC-8 {name}", "area_filter", "No area filter.", {"filter": plain_json(fields)}, "words")


def _relay_lines(book: Chapter) -> None:
    key = "ab" * 32
    for name, line, host, port in (
        ("ipv4", f"relay:{key}@127.0.0.1:7117", "127.0.0.1", 7117),
        ("no-port", f"relay:{key}@relay.example", "relay.example", 7117),
        ("ipv6", f"relay:{key}@[2001:db8::1]:443", "2001:db8::1", 443),
        ("spaces-around", f"  relay:{key}@relay.example:1\n", "relay.example", 1),
    ):
        shown = f"[{host}]" if ":" in host else host
        book.accepts(
            f"REL-4 {name}",
            "relay_line",
            "A relay line.",
            {"line": line},
            "words",
            output={"key": key, "host": host, "port": port, "line": f"relay:{key}@{shown}:{port}"},
        )
    for name, line in (
        ("short-key", f"relay:{key[2:]}@127.0.0.1:7117"),
        ("capital-key", f"relay:{key.upper()}@127.0.0.1:7117"),
        ("no-prefix", f"{key}@127.0.0.1:7117"),
        ("port-zero", f"relay:{key}@127.0.0.1:0"),
        ("port-65536", f"relay:{key}@127.0.0.1:65536"),
        ("no-host", f"relay:{key}@:7117"),
        ("bare-ipv6", f"relay:{key}@2001:db8::1:443"),
        ("long-ipv6", f"relay:{key}@[2001:0db8:0:0:0:0:0:1]:443"),
        ("capital-host", f"relay:{key}@Relay.example:1"),
        ("path", f"relay:{key}@relay.example:1/x"),
        ("ends-in-number", f"relay:{key}@127.1:7117"),
        ("octal-ipv4", f"relay:{key}@0177.0.0.1:7117"),
        ("mapped-ipv4", f"relay:{key}@[::ffff:7f00:1]:7117"),
        ("other-digits", f"relay:{key}@127.0.0.1:\u0667117"),
    ):
        group = "canary" if name in ("ends-in-number", "octal-ipv4", "mapped-ipv4") else "negative"
        book.refuses(f"REL-4 {name}", "relay_line", "No relay line.", {"line": line}, "words", group=group)
    for host, block in (
        ("198.51.100.7", "c633"),
        ("2001:db8::1", "20010db8"),
        ("relay.example", b"relay.example".hex()),
    ):
        book.accepts(
            f"REL-5 {host.replace(':', '-')}",
            "block",
            "The block that it is counted in.",
            {"host": host},
            "words",
            output={"block": block},
        )


def _terms(book: Chapter) -> None:
    offered = plain_json(sample_proffer().to_map())
    book.accepts("TRM-3 hash", "terms", "The hash that every message names.", {"terms": offered}, "terms")
    ref: dict[str, Tree] = {"hash": bytes(32), "id": "SD-BASE"}
    short: dict[str, Tree] = {"hash": bytes(31), "id": "SD-BASE"}
    cases: tuple[tuple[str, Tree], ...] = (
        ("none-chosen", {"all": ref, "chosen": []}),
        ("five-chosen", {"all": ref, "chosen": [ref] * 5}),
        ("no-all", {"chosen": [ref]}),
        ("short-hash", {"all": short, "chosen": [ref]}),
        ("no-id", {"all": {"hash": bytes(32)}, "chosen": [ref]}),
    )
    for name, value in cases:
        book.refuses(f"TRM-2 {name}", "terms", "No terms that bind anybody.", {"terms": plain_json(value)}, "terms")
    entry: dict[str, Tree] = {"id": "PDC-INTENT", "title": "For this intent alone", "version": 1}
    book.accepts("TRM-1 entry", "terms_entry", "The hash of a roster entry.", {"entry": plain_json(entry)}, "terms")
