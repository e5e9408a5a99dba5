"""Chapter 03 §3: the envelope, one fault at a time. What is not the fault is sound: stamped and signed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.curve import BASE, L, add, challenge, encoded, octets, secret_of, times, torsion

from intentcast.crypto.keys import SigningKey
from intentcast.crypto.signing import sign
from intentcast.crypto.stamp import bits_of, core_of
from intentcast.ids import RelayKey, label
from intentcast.networks import NETWORKS
from intentcast.records.envelope import NOUNS, RFP, envelope_untrusted
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, Buyer, Samples

NONCE_AT, AFTER_NONCE = 21, 29


@dataclass(frozen=True)
class World:
    """Records that belong together, of the network `test`."""

    samples: Samples
    relay: SigningKey
    buyer: Buyer
    vendor: SigningKey
    card: bytes
    relay_card: bytes
    close: bytes
    note: bytes
    offer: bytes


def world(seed: str = "vectors") -> World:
    samples = Samples(NETWORKS["test"], SeededEntropy(seed))
    relay, vendor = samples.key(), samples.key()
    buyer = samples.buyer((RelayKey(relay.public),))
    card = samples.vendor_card(vendor)
    offer = samples.offer(envelope_untrusted(card).id).to_body()
    return World(
        samples=samples,
        relay=relay,
        buyer=buyer,
        vendor=vendor,
        card=card,
        relay_card=samples.relay_card(relay),
        close=samples.close(buyer),
        note=samples.note(buyer, vendor, offer),
        offer=offer,
    )


def again(data: bytes, key: SigningKey, noun: str = "", effort: int | None = None) -> bytes:
    """Return the same envelope with stamp and signature made again, whatever else is wrong with it."""
    noun = noun or NOUNS.get(data[2], "rfp")
    signed = data[:-66]
    needed = data[18] if effort is None else effort
    core = core_of(noun, signed[:NONCE_AT] + signed[AFTER_NONCE:])
    number = 0
    while bits_of(noun, core, number.to_bytes(8, "big")) < needed:
        number += 1
    signed = signed[:NONCE_AT] + number.to_bytes(8, "big") + signed[AFTER_NONCE:]
    return signed + data[-66:-64] + sign(key, label(noun, "sign"), signed)


def put(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def chapter() -> Chapter:
    book = Chapter("03-records")
    here = world()
    _sound(book, here)
    _sizes(book, here)
    _header(book, here)
    _tail(book, here)
    _stamp(book, here)
    _signature(book, here)
    return book


def _sound(book: Chapter, here: World) -> None:
    for name, data in (
        ("rfp", here.buyer.data),
        ("close", here.close),
        ("relay", here.relay_card),
        ("vendor", here.card),
        ("note", here.note),
    ):
        book.accepts(
            f"ENV-2 {name}", "envelope", "A sound envelope.", {"hex": data.hex()}, "body", also=("ENV-8", "STA-1")
        )


def _reject(
    book: Chapter, name: str, data: bytes, comment: str, at: str = "structure", group: str = "negative"
) -> None:
    book.refuses(name, "envelope", comment, {"hex": data.hex()}, at, group=group)


def _sizes(book: Chapter, here: World) -> None:
    rfp = here.buyer.data
    _reject(book, "ENV-1 empty", b"", "No bytes.")
    _reject(book, "ENV-1 header-only", rfp[:29], "Nothing behind the nonce.")
    _reject(book, "ENV-1 one-byte-less", rfp[:-1], "1,023 bytes.")
    _reject(book, "ENV-1 one-byte-more", rfp + b"\0", "1,025 bytes.")
    _reject(book, "ENV-1 beyond-limit", rfp + bytes(8193 - len(rfp)), "8,193 bytes: larger than any envelope.")
    wide = rfp[: AFTER_NONCE + 3] + envelope_untrusted(rfp).body + bytes(512) + rfp[-100:]
    wide = put(wide, AFTER_NONCE + 1, (len(wide) - 132).to_bytes(2, "big"))
    _reject(
        book,
        "ENV-1 no-size-class",
        again(wide, here.buyer.key),
        "1,536 bytes, sound in all else: no size class.",
        group="canary",
    )
    close = here.close[: AFTER_NONCE + 3] + envelope_untrusted(here.close).body + bytes(512) + here.close[-100:]
    close = put(close, AFTER_NONCE + 1, (len(close) - 132).to_bytes(2, "big"))
    _reject(
        book, "ENV-1 class-of-another-kind", again(close, here.buyer.key), "A close of 1,024 bytes: a size of RFPs."
    )


def _header(book: Chapter, here: World) -> None:
    rfp, key = here.buyer.data, here.buyer.key

    def changed(at: int, new: bytes) -> bytes:
        return again(put(rfp, at, new), key, "rfp")

    for name, at, new, what in (
        ("array-of-8", 0, b"\x98", "an array of eight"),
        ("array-of-10", 0, b"\x9a", "an array of ten, which only a note is"),
        ("array16-head", 0, b"\xdc", "another head"),
        ("version-0", 1, b"\x00", "version 0"),
        ("version-2", 1, b"\x02", "version 2"),
        ("network-head", 3, b"\xc5", "bin16 before the network"),
        ("network-7-bytes", 4, b"\x07", "a network of seven bytes"),
        ("expires-int32", 13, b"\xd2", "a signed expiry"),
        ("expires-float", 13, b"\xca", "a float for an expiry"),
        ("nonce-string", 19, b"\xd9", "a string for a nonce"),
        ("nonce-7-bytes", 20, b"\x07", "a nonce of seven bytes"),
        ("body-bin8", 29, b"\xc4", "a body in bin8"),
        ("body-string", 29, b"\xda", "a string for a body"),
    ):
        _reject(book, f"ENV-2 {name}", changed(at, new), f"Not at its fixed offset or not of its type: {what}.")
    _reject(
        book,
        "ENV-2 expires-too-small",
        changed(14, b"\x00\x00\xff\xff"),
        "65,535 in four bytes is not its shortest form.",
    )
    _reject(book, "ENV-2 effort-41", again(put(rfp, 18, b"\x29"), key, effort=4), "An effort of 41 bits.")
    _reject(
        book, "ENV-2 effort-negative", again(put(rfp, 18, b"\xff"), key, effort=4), "An effort of -1.", group="canary"
    )
    for kind, what in ((0, "no kind"), (6, "a kind of a later version"), (17, "beyond notes"), (0xCC, "a long form")):
        _reject(book, f"ENV-3 kind-{kind}", changed(2, bytes((kind,))), f"A kind that is not known: {what}.")
    _reject(
        book, "ENV-2 note-of-nine", again(put(here.note, 0, b"\x99"), here.vendor, "note"), "A note is an array of ten."
    )


def _tail(book: Chapter, here: World) -> None:
    rfp = here.buyer.data
    size = len(rfp)
    for name, at, new, what in (
        ("body-longer", 31, bytes((rfp[31] + 1,)), "the body's length is one too large"),
        ("body-shorter", 31, bytes((rfp[31] - 1,)), "the body's length is one too small"),
        ("author-string", size - 100, b"\xd9", "a string for the author"),
        ("author-31", size - 99, b"\x1f", "an author of 31 bytes"),
        ("signature-string", size - 66, b"\xd9", "a string for the signature"),
        ("signature-63", size - 65, b"\x3f", "a signature of 63 bytes"),
    ):
        _reject(
            book, f"ENV-2 {name}", put(rfp, at, new), f"Body, author and signature do not fill the envelope: {what}."
        )
    _reject(book, "ENV-2 tag-31", put(here.note, 30, b"\x1f"), "A tag of 31 bytes.")


def _stamp(book: Chapter, here: World) -> None:
    rfp, key = here.buyer.data, here.buyer.key
    envelope = envelope_untrusted(rfp)

    def with_nonce(accept: Callable[[int], bool]) -> bytes:
        core = core_of("rfp", rfp[:NONCE_AT] + rfp[AFTER_NONCE:-66])
        number = 0
        while not accept(bits_of("rfp", core, number.to_bytes(8, "big"))):
            number += 1
        signed = rfp[:NONCE_AT] + number.to_bytes(8, "big") + rfp[AFTER_NONCE:-66]
        return signed + b"\xc4\x40" + sign(key, label("rfp", "sign"), signed)

    _reject(
        book,
        "ENV-6 one-bit-short",
        with_nonce(lambda bits: bits == envelope.effort - 1),
        "The stamp is one bit short; the signature holds.",
        "stamp",
        "canary",
    )
    _reject(book, "ENV-6 no-work", with_nonce(lambda bits: bits == 0), "No work at all; the signature holds.", "stamp")
    _reject(
        book,
        "ENV-6 effort-raised",
        _signed_only(put(rfp, 18, bytes((20,))), key),
        "The header says more than was done.",
        "stamp",
    )
    claims = put(rfp, 14, (int(T0) + 3 * 86_400).to_bytes(4, "big"))
    _reject(book, "ENV-6 expiry-changed", _signed_only(claims, key), "The work was done for another expiry.", "stamp")
    _reject(
        book,
        "ENV-6 label-of-note",
        _stamped_as(rfp, key, "note"),
        "The work was done under the label of another kind.",
        "stamp",
    )
    book.accepts(
        "ENV-6 more-work",
        "envelope",
        "More work than the header says.",
        {"hex": with_nonce(lambda bits: bits >= envelope.effort + 4).hex()},
        "body",
    )


def _signed_only(data: bytes, key: SigningKey) -> bytes:
    """Sign what is there, where its stamp does not hold."""
    noun = NOUNS[data[2]]
    signed = data[:-66]
    core = core_of(noun, signed[:NONCE_AT] + signed[AFTER_NONCE:])
    assert bits_of(noun, core, signed[NONCE_AT:AFTER_NONCE]) < data[18], "choose another seed"
    return signed + b"\xc4\x40" + sign(key, label(noun, "sign"), signed)


def _stamped_as(data: bytes, key: SigningKey, noun: str) -> bytes:
    number = 0
    while True:
        stamped = put(data, NONCE_AT, number.to_bytes(8, "big"))
        rest = stamped[:NONCE_AT] + stamped[AFTER_NONCE:-66]
        nonce = number.to_bytes(8, "big")
        if bits_of(noun, core_of(noun, rest), nonce) >= data[18] > bits_of("rfp", core_of("rfp", rest), nonce):
            return stamped[:-64] + sign(key, label("rfp", "sign"), stamped[:-66])
        number += 1


def _signature(book: Chapter, here: World) -> None:
    rfp, key = here.buyer.data, here.buyer.key
    signed = rfp[:-66]
    S = int.from_bytes(rfp[-32:], "little")
    bad = "signature"
    _reject(book, "ENV-7 zero", rfp[:-64] + bytes(64), "64 zero bytes.", bad)
    _reject(book, "ENV-7 s-plus-l", rfp[:-32] + octets(S + L), "A second signature, by adding L to S.", bad, "canary")
    _reject(book, "ENV-7 other-author", again(rfp, here.vendor), "Signed by another key than the author's.", bad)
    _reject(book, "ENV-7 no-label", rfp[:-64] + sign(key, b"", signed), "Signed without the label.", bad)
    _reject(
        book,
        "ENV-7 label-of-id",
        rfp[:-64] + sign(key, label("rfp", "id"), signed),
        "Signed under the label of ids.",
        bad,
    )
    _reject(
        book,
        "ENV-7 label-of-close",
        rfp[:-64] + sign(key, label("close", "sign"), signed),
        "Signed under the label of another kind.",
        bad,
    )
    head = sign(key, label("rfp", "sign"), rfp[:-64])
    _reject(book, "ENV-7 over-the-head", rfp[:-64] + head, "Signed over the signature's head as well.", bad)
    whole = label("rfp", "sign") + signed
    R = encoded(add(times(7, BASE), torsion()))
    S = (7 + challenge(R, key.public, whole) * secret_of(key.seed)) % L
    _reject(
        book,
        "ENV-7 cofactored",
        rfp[:-64] + R + octets(S),
        "Holds only after multiplication by the cofactor.",
        bad,
        "canary",
    )
    assert here.buyer.envelope.kind == RFP
