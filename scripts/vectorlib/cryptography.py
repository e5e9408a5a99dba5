"""Chapter 02: keys, hashes, boxes, stamps and their price."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.curve import BASE, P, montgomery, octets, secret_of, times

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.sealing import seal
from intentcast.crypto.signing import sign
from intentcast.crypto.stamp import bits_of
from intentcast.ids import label
from intentcast.testing.entropy import SeededEntropy

_ENTROPY = SeededEntropy("cryptography")
_READER = BoxKey(_ENTROPY.bytes(32))
_EPHEMERAL = BoxKey(_ENTROPY.bytes(32))
_SIGNER = SigningKey(_ENTROPY.bytes(32))

# u coordinates of small order on Curve25519 and its twist, and the same in spellings that are not reduced.
_ORDER_8 = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
LOW_ORDER = {
    "zero": 0,
    "one": 1,
    "order-8": _ORDER_8[0],
    "order-8-other": _ORDER_8[1],
    "p-minus-1": P - 1,
    "p": P,
    "p-plus-1": P + 1,
}


def chapter() -> Chapter:
    book = Chapter("02-cryptography")
    _labels(book)
    _signing(book)
    _boxes(book)
    _stamps(book)
    _prices(book)
    return book


def _labels(book: Chapter) -> None:
    book.accepts(
        "CRY-1 label",
        "hash",
        "A label is intentcast/1/<noun>/<use> and a zero byte; it comes before everything.",
        {"noun": "rfp", "use": "id", "parts": ["00", "ff"]},
        "hash",
    )
    book.accepts(
        "CRY-2 nothing", "hash", "The hash of a label alone.", {"noun": "note", "use": "id", "parts": []}, "hash"
    )


def _signing(book: Chapter) -> None:
    book.accepts(
        "CRY-3 rfc8032-test-1",
        "signing",
        "The first test of RFC 8032 §7.1: no label, no message.",
        {
            "seed": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "label": "",
            "message": "",
        },
        "writer",
        output={
            "public": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "signature": "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        },
    )
    book.accepts(
        "CRY-3 with-label",
        "signing",
        "What is signed is label and message in one.",
        {"seed": _SIGNER.seed.hex(), "label": label("rfp", "sign").hex(), "message": "6869"},
        "writer",
    )
    signature = sign(_SIGNER, label("rfp", "sign"), b"hi")
    converted = montgomery(times(secret_of(_SIGNER.seed), BASE))
    book.refuses(
        "CRY-5 converted-key",
        "signature",
        "The signer's key in its X25519 form verifies nothing.",
        {
            "public": converted.hex(),
            "label": label("rfp", "sign").hex(),
            "message": "6869",
            "signature": signature.hex(),
        },
        "signature",
        by="CRY-4",
    )


def _boxes(book: Chapter) -> None:
    sealed = seal(b"sealed to you", _READER.public, _EPHEMERAL)
    book.accepts(
        "CRY-6 seal",
        "seal",
        "libsodium's sealed box, with a chosen ephemeral key so that it can be made again.",
        {"reader": _READER.public.hex(), "ephemeral": _EPHEMERAL.secret.hex(), "content": b"sealed to you".hex()},
        "writer",
        output={"sealed": sealed.hex()},
    )
    book.accepts(
        "CRY-7 open",
        "open",
        "The reader opens it.",
        {"secret": _READER.secret.hex(), "sealed": sealed.hex()},
        "box",
        output={"content": b"sealed to you".hex()},
    )
    for name, u in LOW_ORDER.items():
        book.refuses(
            f"CRY-6 low-order-{name}",
            "seal",
            "The reader's key is of low order: anybody could open what is sealed to it.",
            {"reader": octets(u).hex(), "ephemeral": _EPHEMERAL.secret.hex(), "content": "00"},
            "writer",
            group="canary",
        )
    secret = _READER.secret.hex()
    for name, u in list(LOW_ORDER.items())[:4]:
        book.ignores(
            f"CRY-7 ephemeral-low-order-{name}",
            "open",
            "A box whose own key is of low order opens for nobody.",
            {"secret": secret, "sealed": (octets(u) + sealed[32:]).hex()},
            "box",
        )
    for name, data in (
        ("mac-changed", sealed[:32] + bytes((sealed[32] ^ 1,)) + sealed[33:]),
        ("last-byte-changed", sealed[:-1] + bytes((sealed[-1] ^ 0x80,))),
        ("cut", sealed[:-1]),
        ("longer", sealed + b"\0"),
    ):
        book.ignores(
            f"CRY-7 {name}",
            "open",
            "Altered, or for another: which cannot be known.",
            {"secret": secret, "sealed": data.hex()},
            "box",
        )
    other = BoxKey(_ENTROPY.bytes(32))
    book.ignores(
        "CRY-7 other-reader",
        "open",
        "Sealed to somebody else.",
        {"secret": other.secret.hex(), "sealed": sealed.hex()},
        "box",
    )
    converted = octets(secret_of(_SIGNER.seed) % 2**256)
    to_converted = seal(b"x", montgomery(times(secret_of(_SIGNER.seed), BASE)), _EPHEMERAL)
    book.accepts(
        "CRY-5 box-to-converted-key",
        "open",
        "Sealed to an Ed25519 key in its X25519 form: only one who converts secrets opens it, and a buyer never does.",
        {"secret": converted.hex(), "sealed": to_converted.hex()},
        "box",
    )
    book.ignores(
        "CRY-5 buyer-does-not-convert",
        "open",
        "The same box against the buyer's box key.",
        {"secret": secret, "sealed": to_converted.hex()},
        "box",
        by="CRY-7",
    )
    for name, data in (("too-short", sealed[:47]), ("empty", b"")):
        book.refuses(
            f"CRY-7 {name}", "open", "Too short for a key and a MAC.", {"secret": secret, "sealed": data.hex()}, "box"
        )


def _nonce(core: bytes, noun: str, bits: int) -> bytes:
    """Return the first nonce with exactly this many zero bits."""
    number = 0
    while bits_of(noun, core, number.to_bytes(8, "big")) != bits:
        number += 1
    return number.to_bytes(8, "big")


def _stamps(book: Chapter) -> None:
    core = bytes(range(32))
    for bits in (0, 7, 8, 9, 12):
        nonce = _nonce(core, "rfp", bits)
        given = {"noun": "rfp", "core": core.hex(), "nonce": nonce.hex(), "effort": bits}
        book.accepts(
            f"STA-2 exactly-{bits}-bits",
            "stamp",
            "Just enough leading zero bits.",
            given,
            "stamp",
            output={"bits": bits},
        )
        book.refuses(
            f"STA-2 one-bit-short-of-{bits + 1}",
            "stamp",
            "One leading zero bit too few.",
            given | {"effort": bits + 1},
            "stamp",
            group="canary" if bits == 8 else "negative",
        )
    nonce = _nonce(core, "rfp", 12)
    for noun in ("note", "close"):
        if bits_of(noun, core, nonce) < 12:
            book.refuses(
                f"STA-2 label-of-{noun}",
                "stamp",
                "The work was done under the label of another kind.",
                {"noun": noun, "core": core.hex(), "nonce": nonce.hex(), "effort": 12},
                "stamp",
            )
    book.refuses(
        "STA-2 little-endian-nonce",
        "stamp",
        "The nonce's bytes the other way round.",
        {"noun": "rfp", "core": core.hex(), "nonce": nonce[::-1].hex(), "effort": 12},
        "stamp",
    )
    book.refuses(
        "STA-2 nonce-outside",
        "stamp",
        "A nonce that was found for another core.",
        {"noun": "rfp", "core": bytes(32).hex(), "nonce": nonce.hex(), "effort": 12},
        "stamp",
    )


def _prices(book: Chapter) -> None:
    week = 7 * 86_400
    for network, noun, size, life, bits in (
        ("public", "rfp", 1024, 3600, 20),
        ("public", "rfp", 2048, 3600, 21),
        ("public", "rfp", 4096, 3600, 22),
        ("public", "rfp", 1024, week, 20),
        ("public", "rfp", 1024, week + 1, 21),
        ("public", "close", 512, 3600, 14),
        ("public", "relay", 512, 3600, 14),
        ("public", "relay", 1024, 3600, 14),
        ("public", "vendor", 1024, week + 1, 19),
        ("public", "note_a", 1024, 3600, 16),
        ("public", "note_b", 8192, week + 1, 24),
        ("test", "close", 512, 3600, 0),
        ("test", "rfp", 1024, 3600, 4),
    ):
        book.accepts(
            f"STA-3 {network}-{noun.replace('_', '-')}-{size}-{life}",
            "price",
            "Base of the network, kind, size, and whether it lives over a week.",
            {"noun": noun, "size": size, "life": life},
            "price",
            output={"bits": bits},
            network=network,
        )
