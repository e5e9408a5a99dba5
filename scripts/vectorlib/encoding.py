"""Chapter 01: the canonical form, its writer, padding."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter

from intentcast.conformance.vector import Json

_READ = "canonical"


def chapter() -> Chapter:
    book = Chapter("01-encoding")
    _sound(book)
    _broken_ends(book)
    _long_forms(book)
    _other_types(book)
    _strings(book)
    _maps(book)
    _limits(book)
    _padding(book)
    _writer(book)
    return book


def _accept(book: Chapter, name: str, data: str, value: Json, comment: str) -> None:
    book.accepts(name, _READ, comment, {"hex": data}, "encoding", output={"value": value, "hex": data})


def _reject(book: Chapter, name: str, data: str, comment: str, *, group: str = "negative") -> None:
    book.refuses(name, _READ, comment, {"hex": data}, "encoding", group=group)


def _sound(book: Chapter) -> None:
    for name, data, value in (
        ("ENC-2 zero", "00", 0),
        ("ENC-2 positive-fixint-127", "7f", 127),
        ("ENC-2 uint8-128", "cc80", 128),
        ("ENC-2 uint16-256", "cd0100", 256),
        ("ENC-2 uint32-65536", "ce00010000", 65536),
        ("ENC-2 negative-fixint-32", "e0", -32),
        ("ENC-2 int8-33", "d0df", -33),
        ("ENC-2 int16-129", "d1ff7f", -129),
        ("ENC-2 int32-32769", "d2ffff7fff", -32769),
        ("ENC-4 largest", "cf001fffffffffffff", 2**53 - 1),
        ("ENC-4 smallest", "d3ffe0000000000001", -(2**53) + 1),
        ("ENC-3 true", "c3", True),
        ("ENC-3 false", "c2", False),
    ):
        _accept(book, name, data, value, f"The shortest form of {value}.")
    _accept(book, "ENC-2 empty-string", "a0", "", "The empty string.")
    _accept(book, "ENC-2 empty-bytes", "c400", {"bin": ""}, "No bytes; there is no fixbin form.")
    _accept(book, "ENC-2 empty-array", "90", [], "The empty array.")
    _accept(book, "ENC-2 empty-map", "80", {"map": {}}, "The empty map.")
    _accept(book, "ENC-2 str8-32", "d920" + "61" * 32, "a" * 32, "32 bytes no longer fit into fixstr.")
    _accept(book, "ENC-5 four-byte-character", "a4f09f9aab", "\U0001f6ab", "UTF-8 beyond the basic plane.")
    _accept(
        book, "ENC-5 zero-character", "a100", "\0", "U+0000 is UTF-8 like any other; readers of texts refuse it later."
    )
    _accept(
        book,
        "ENC-7 prefix-first",
        "82a16101a2616202",
        {"map": {"a": 1, "ab": 2}},
        "A key that is a prefix of another comes first.",
    )
    _accept(
        book,
        "ENC-7 by-utf8-bytes",
        "82a3efbfbd01a4f0908080" + "02",
        {"map": {"\ufffd": 1, "\U00010000": 2}},
        "Order by UTF-8 bytes: U+FFFD before U+10000. Programs that order by UTF-16 units have it the other way.",
    )
    _accept(book, "ENC-9 depth-8", "91" * 8 + "01", [[[[[[[[1]]]]]]]], "Eight arrays deep, and a scalar in the last.")


def _broken_ends(book: Chapter) -> None:
    _reject(book, "ENC-1 nothing", "", "No bytes at all.")
    _reject(book, "ENC-1 cut-uint16", "cd01", "The bytes end inside an integer.")
    _reject(book, "ENC-1 cut-string", "a361", "The bytes end inside a string.")
    _reject(book, "ENC-1 cut-array", "9201", "An array that says two holds one.")
    _reject(book, "ENC-1 cut-map-value", "81a161", "A key without its value.")
    _reject(book, "ENC-1 trailing-value", "0101", "A second value follows the first.")
    _reject(book, "ENC-1 trailing-zero", "8000", "A zero byte where no padding is allowed.")
    _reject(book, "ENC-1 claimed-4-gib-string", "dbffffffff61", "A length is only a claim: nothing is reserved for it.")
    _reject(book, "ENC-1 claimed-4-gib-bytes", "c6ffffffff61", "The same, of bytes.")


def _long_forms(book: Chapter) -> None:
    for name, data, what in (
        ("uint8-of-127", "cc7f", "127 fits into a positive fixint"),
        ("uint16-of-255", "cd00ff", "255 fits into uint8"),
        ("uint32-of-65535", "ce0000ffff", "65,535 fits into uint16"),
        ("uint64-of-4294967295", "cf00000000ffffffff", "4,294,967,295 fits into uint32"),
        ("int8-of-minus-32", "d0e0", "-32 fits into a negative fixint"),
        ("int8-of-1", "d001", "a number that is not negative has no signed form"),
        ("int16-of-minus-128", "d1ff80", "-128 fits into int8"),
        ("int32-of-minus-32768", "d2ffff8000", "-32,768 fits into int16"),
        ("int64-of-minus-2147483648", "d3ffffffff80000000", "-2,147,483,648 fits into int32"),
        ("int64-of-1", "d30000000000000001", "1 in eight bytes with a sign"),
        ("str8-of-31", "d91f" + "61" * 31, "31 bytes fit into fixstr"),
        ("str16-of-1", "da000161", "one byte fits into fixstr"),
        ("str32-of-1", "db0000000161", "one byte fits into fixstr"),
        ("bin16-of-1", "c5000161", "one byte fits into bin8"),
        ("bin32-of-1", "c60000000161", "one byte fits into bin8"),
        ("array16-of-1", "dc000101", "one item fits into fixarray"),
        ("array32-of-1", "dd0000000101", "one item fits into fixarray"),
        ("map16-of-1", "de0001a16101", "one entry fits into fixmap"),
        ("map32-of-1", "df00000001a16101", "one entry fits into fixmap"),
        ("long-key", "81d9016101", "a key in str8 that fits into fixstr"),
    ):
        lenient = name in ("uint8-of-127", "str8-of-31", "map16-of-1")
        _reject(
            book, f"ENC-2 {name}", data, f"Not the shortest form: {what}.", group="canary" if lenient else "negative"
        )


def _other_types(book: Chapter) -> None:
    for name, data, what in (
        ("nil", "c0", "nil: what is absent is left out"),
        ("nil-in-map", "81a161c0", "nil as a value"),
        ("float32", "ca3f800000", "a float, though it is 1.0"),
        ("float64", "cb3ff0000000000000", "a float, though it is 1.0"),
        ("nan", "cb7ff8000000000000", "not even a number"),
        ("fixext1", "d40100", "an extension"),
        ("fixext4-timestamp", "d6ff00000000", "the timestamp extension"),
        ("ext8", "c7010100", "an extension"),
        ("reserved-c1", "c1", "the byte that MessagePack never uses"),
    ):
        _reject(book, f"ENC-3 {name}", data, f"A type that the canonical form does not have: {what}.")
    _reject(
        book, "ENC-4 two-to-53", "cf0020000000000000", "2^53: JavaScript cannot tell it from 2^53+1.", group="canary"
    )
    _reject(book, "ENC-4 minus-two-to-53", "d3ffe0000000000000", "-2^53.")
    _reject(book, "ENC-4 largest-uint64", "cfffffffffffffffff", "2^64-1.")


def _strings(book: Chapter) -> None:
    for name, data, what in (
        ("lone-continuation", "a180", "a continuation byte by itself"),
        ("overlong-slash", "a2c0af", "an overlong form"),
        ("overlong-zero", "a2c080", "U+0000 in two bytes, as some write it"),
        ("surrogate", "a3eda080", "a surrogate, which some decoders let pass"),
        ("surrogate-pair", "a6eda080edb080", "a pair of surrogates, as CESU-8 writes it"),
        ("beyond-unicode", "a4f4908080", "U+110000"),
        ("cut-character", "a2e282", "a character that is cut"),
        ("latin-1", "a1e9", "Latin-1"),
        ("in-key", "81a1ff01", "bytes that are no UTF-8, in a key"),
    ):
        group = "canary" if "surrogate" in name or name == "overlong-zero" else "negative"
        _reject(book, f"ENC-5 {name}", data, f"A string that is not UTF-8: {what}.", group=group)


def _maps(book: Chapter) -> None:
    for name, data, what in (
        ("integer-key", "810101", "an integer"),
        ("bytes-key", "81c4016101", "bytes, though they spell a name"),
        ("bool-key", "81c301", "a bool"),
        ("array-key", "819001", "an array"),
    ):
        _reject(book, f"ENC-6 {name}", data, f"A map key that is {what}.")
    _reject(book, "ENC-7 order", "82a16201a16102", "b before a.", group="canary")
    _reject(book, "ENC-7 longer-first", "82a2616201a16102", "ab before a.")
    _reject(book, "ENC-7 by-length", "82a17a01a2616102", "Ordered by length first, as CBOR once did: z before aa.")
    _reject(book, "ENC-7 by-utf16", "82a4f090808001a3efbfbd02", "Ordered by UTF-16 units.", group="canary")
    _reject(book, "ENC-7 capitals", "82a16101a14202", "Ordered without regard to case: a before B.")
    _reject(book, "ENC-7 in-depth", "9181a16182a16201a16101", "Disorder in a map within a map within an array.")
    _reject(
        book, "ENC-8 same-key-twice", "82a16101a16102", "Which one counts would differ between readers.", group="canary"
    )
    _reject(book, "ENC-8 same-entry-twice", "82a16101a16101", "Twice the same key with the same value.")


def _limits(book: Chapter) -> None:
    _reject(book, "ENC-9 depth-9", "91" * 9 + "01", "Nine arrays deep.")
    _reject(book, "ENC-9 depth-9-of-maps", "81a161" * 9 + "01", "Nine maps deep.")
    _reject(book, "ENC-9 depth-2000", "91" * 2_000 + "90", "Deep enough to overflow a stack.")
    _reject(book, "ENC-10 1025-items", "dc0401" + "00" * 1025, "One item too many.")
    _reject(book, "ENC-10 claimed-items", "ddffffffff", "An array that claims 4,294,967,295 items.")
    keys = "".join(f"a2{ord('a') + number // 26:02x}{ord('a') + number % 26:02x}00" for number in range(65))
    _reject(book, "ENC-10 65-entries", "de0041" + keys, "One entry too many.")
    _reject(book, "ENC-10 claimed-entries", "dfffffffff", "A map that claims 4,294,967,295 entries.")
    book.accepts(
        "ENC-10 1024-items", _READ, "As many items as an array may have.", {"hex": "dc0400" + "00" * 1024}, "encoding"
    )
    book.accepts(
        "ENC-10 64-entries", _READ, "As many entries as a map may have.", {"hex": "de0040" + keys[: 64 * 8]}, "encoding"
    )


def _padding(book: Chapter) -> None:
    book.accepts(
        "PAD-2 zeros",
        _READ,
        "A body may be followed by zero bytes.",
        {"hex": "81a16101000000", "padded": True},
        "encoding",
        output={"value": {"map": {"a": 1}}, "hex": "81a16101"},
    )
    for name, data in (("last-byte-set", "81a16101000001"), ("first-byte-set", "81a16101800000")):
        book.refuses(
            f"PAD-2 {name}",
            _READ,
            "Padding that is not zero could carry a mark.",
            {"hex": data, "padded": True},
            "encoding",
            group="canary" if name == "last-byte-set" else "negative",
        )
    for kind, needed, size in (
        (1, 1, 1024),
        (1, 1024, 1024),
        (1, 1025, 2048),
        (2, 300, 512),
        (4, 513, 1024),
        (16, 4097, 8192),
    ):
        book.accepts(
            f"PAD-1 kind-{kind}-of-{needed}",
            "padding",
            "The smallest size class that holds it.",
            {"kind": kind, "needed": needed},
            "writer",
            output={"size": size},
        )
    for kind, needed in ((1, 4097), (2, 513), (4, 1025), (16, 8193)):
        book.refuses(
            f"PAD-1 kind-{kind}-of-{needed}",
            "padding",
            "It fits into no size class.",
            {"kind": kind, "needed": needed},
            "writer",
        )


def _writer(book: Chapter) -> None:
    write = "canonical_write"
    book.accepts(
        "ENC-7 writer-sorts",
        write,
        "A writer orders keys by itself.",
        {"value": {"map": {"b": 1, "a": 2, "ab": {"bin": "00"}}}},
        "writer",
        output={"hex": "83a16102a26162c40100a16201"},
    )
    beyond: tuple[tuple[str, Json, str], ...] = (
        ("ENC-3 writer-two-to-53", 2**53, "2^53"),
        ("ENC-3 writer-surrogate", "\ud800", "a lone surrogate"),
        ("ENC-3 writer-depth-9", [[[[[[[[[1]]]]]]]]], "nine arrays deep"),
    )
    for name, value, what in beyond:
        book.refuses(name, write, f"No canonical form: {what}.", {"value": value}, "writer")
