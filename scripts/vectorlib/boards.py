"""Chapter 08: shards, heads, the choice of boards, and what a reader believes."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import World, world

from intentcast.conformance.vector import Json
from intentcast.crypto.keys import SigningKey
from intentcast.encoding.canonical import Tree, encode
from intentcast.ids import NetworkId
from intentcast.networks import NETWORKS
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.head import Head, Shard, set_digest, shard_of
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0
from intentcast.wire.codec import payload_of
from intentcast.wire.frames import ReadNote, Visited

_EPOCH = int(T0) // 600
_NETWORK = NETWORKS["test"].id


def chapter() -> Chapter:
    book = Chapter("08-boards")
    here = world("boards")
    _shards(book)
    _heads(book, here)
    _choice(book)
    _reading(book, here)
    return book


def _shards(book: Chapter) -> None:
    key = bytes.fromhex("a7c3f1") + bytes(29)
    for bits, prefix in (
        (0, ""),
        (1, "80"),
        (4, "a0"),
        (8, "a7"),
        (9, "a780"),
        (12, "a7c0"),
        (20, "a7c3f0"),
        (32, "a7c3f100"),
    ):
        book.accepts(
            f"BRD-1 {bits}-bits",
            "shard",
            "The first bits of a key, spare bits zero.",
            {"key": key.hex(), "bits": bits},
            "shard",
            output={"prefix": prefix},
        )
    for name, bits, prefix in (
        ("spare-bit-set", 4, "a1"),
        ("byte-too-many", 8, "a700"),
        ("byte-missing", 9, "a7"),
        ("prefix-of-none", 0, "00"),
        ("33-bits", 33, "0000000000"),
        ("negative", -1, ""),
    ):
        book.refuses(f"BRD-1 {name}", "shard", "Bits and prefix do not fit.", {"bits": bits, "prefix": prefix}, "shard")
    ids = [bytes((n,)) * 32 for n in (3, 1, 2)]
    book.accepts(
        "BRD-11 order-does-not-count",
        "set_digest",
        "A set has no order.",
        {"ids": [item.hex() for item in ids]},
        "head",
        output={"digest": set_digest(sorted(ids)).hex()},
    )
    book.accepts("BRD-11 nothing", "set_digest", "The digest of no ids is that of the label.", {"ids": []}, "head")


def head_of(board: SigningKey, shard: Shard, ids: Sequence[bytes] = (), network: NetworkId = _NETWORK) -> Head:
    return Head(network, shard, _EPOCH, len(ids), set_digest(ids), set_digest([]), int(T0), board.public)


def _heads(book: Chapter, here: World) -> None:
    entropy = SeededEntropy("heads")
    board, other = SigningKey(entropy.bytes(32)), SigningKey(entropy.bytes(32))
    shard = Shard(4, b"\xa0")
    sound = head_of(board, shard, [bytes(32)])
    whole = sound.signed_by(board)

    def given(data: bytes, key: SigningKey = board, bits: int = 4, prefix: str = "a0") -> dict[str, Json]:
        return {"hex": data.hex(), "board": key.public.hex(), "bits": bits, "prefix": prefix}

    book.accepts("BRD-10 sample", "head", "A signed head.", given(whole), "head")
    for name, data, what in (
        ("forged", sound.signed_by(other), "another key signed it"),
        ("altered", whole[:-90] + bytes((whole[-90] ^ 1,)) + whole[-89:], "a bit of the board's key was changed"),
        ("count-changed", whole.replace(encode(_EPOCH) + b"\x01", encode(_EPOCH) + b"\x02"), "the count was changed"),
        ("cut", whole[:-1], "it ends too early"),
    ):
        by = "ENC-1" if name == "cut" else "BRD-10"
        book.refuses(f"BRD-10 {name}", "head", f"No head of this board: {what}.", given(data), "head", by=by)
    for name, change, what in (
        ("version-2", (0, 2), "another version"),
        ("version-true", (0, True), "true for 1"),
        ("network-7", (1, bytes(7)), "a network of seven bytes"),
        ("epoch-negative", (4, -1), "an epoch before all time"),
        ("digest-31", (6, bytes(31)), "a digest of 31 bytes"),
        ("at-text", (8, "now"), "a word for a time"),
    ):
        items: list[Tree] = [1, _NETWORK, 4, b"\xa0", _EPOCH, 1, bytes(32), bytes(32), int(T0), board.public, bytes(64)]
        items[change[0]] = change[1]
        book.refuses(f"BRD-10 {name}", "head", f"No head: {what}.", given(encode(items)), "head")
    book.refuses("BRD-12 other-board", "head", "Sound, and another board's.", given(whole, other), "head")
    book.refuses("BRD-12 other-shard", "head", "Sound, and of another shard.", given(whole, board, 4, "b0"), "head")
    book.refuses("BRD-12 wider-shard", "head", "Of the shard around it.", given(whole, board, 8, "a0"), "head")
    elsewhere = head_of(board, shard, network=NetworkId(b"elsewher")).signed_by(board)
    book.refuses("BRD-12 other-network", "head", "Of another network.", given(elsewhere), "head")
    assert here.relay.public


def _choice(book: Chapter) -> None:
    entropy = SeededEntropy("choice of boards")
    keys = [entropy.bytes(32).hex() for _ in range(6)]
    hosts = ["9.9.1.1", "9.9.2.2", "8.8.1.1", "7.7.1.1", "6.6.1.1", "5.5.1.1"]
    relays: list[Json] = [
        {"key": key, "host": host, "features": ["board"]} for key, host in zip(keys, hosts, strict=True)
    ]

    def given(chosen: list[Json], bits: int = 4, prefix: str = "a0") -> dict[str, Json]:
        return {"bits": bits, "prefix": prefix, "relays": chosen}

    for prefix in ("a0", "b0"):
        book.accepts(
            f"BRD-14 shard-{prefix}",
            "boards",
            "Three boards of a shard, one per block.",
            given(relays, 4, prefix),
            "writer",
            network="public",
        )
        book.accepts(
            f"BRD-14 shard-{prefix}-turned",
            "boards",
            "Whoever lists relays in another order chooses the same.",
            given(relays[::-1], 4, prefix),
            "writer",
            network="public",
        )
    one_block: list[Json] = [{"key": key, "host": f"9.9.1.{n}", "features": ["board"]} for n, key in enumerate(keys, 1)]
    book.refuses(
        "BRD-14 one-block",
        "boards",
        "Six boards in one block count as one.",
        given(one_block),
        "writer",
        network="public",
    )
    book.accepts(
        "BRD-14 one-block-at-home", "boards", "Where blocks say nothing.", given(one_block), "writer", network="home"
    )
    no_boards: list[Json] = [{"key": key, "host": "9.9.1.1", "features": ["exit"]} for key in keys]
    book.refuses("BRD-14 no-board", "boards", "Relays that are no boards.", given(no_boards), "writer", network="home")
    book.refuses(
        "BRD-14 two-boards",
        "boards",
        "Two boards where three are needed.",
        given(relays[1:3]),
        "writer",
        network="public",
    )


def _reading(book: Chapter, here: World) -> None:
    board, other = here.relay, here.vendor
    note = here.note
    item = envelope_untrusted(note).id
    shard = shard_of(here.buyer.key.public, 0)
    head = head_of(board, shard, [item]).signed_by(board)

    def given(*answers: Visited, bits: int = 0, prefix: str = "") -> dict[str, Json]:
        payloads: list[Json] = [payload_of(answer, 1).rstrip(b"\0").hex() for answer in answers]
        return {"visited": payloads, "bits": bits, "prefix": prefix, "boards": [board.public.hex(), other.public.hex()]}

    def told(notes: int, *heads: list[Json]) -> dict[str, Json]:
        return {"notes": notes, "heads": list(heads)}

    key = board.public.hex()
    whole = Visited(notes=(ReadNote(1, _EPOCH, note),), heads=((0, head),))
    book.accepts(
        "BRD-13 complete",
        "reading",
        "All notes came that the board signed for.",
        given(whole),
        "reader",
        output={"answers": [told(1, [key, 1, True])]},
    )
    book.accepts(
        "BRD-13 withheld",
        "reading",
        "The note that the board signed for is held back.",
        given(Visited(heads=((0, head),))),
        "reader",
        output={"answers": [told(0, [key, 1, False])]},
        group="canary",
    )
    other_mask = Visited(notes=(ReadNote(2, _EPOCH, note),), heads=((0, head),))
    book.accepts(
        "BRD-13 of-the-other-board",
        "reading",
        "The note came, but from the other board.",
        given(other_mask),
        "reader",
        output={"answers": [told(1, [key, 1, False])]},
    )
    other_epoch = Visited(notes=(ReadNote(1, _EPOCH - 1, note),), heads=((0, head),))
    book.accepts(
        "BRD-13 of-another-epoch",
        "reading",
        "The note came under another epoch.",
        given(other_epoch),
        "reader",
        output={"answers": [told(1, [key, 1, False])]},
    )
    first = Visited(notes=(ReadNote(1, _EPOCH, note),), more=True)
    book.accepts(
        "BRD-13 over-two-answers",
        "reading",
        "Notes and head came in two answers.",
        given(first, Visited(heads=((0, head),))),
        "reader",
        output={"answers": [told(1), told(0, [key, 1, True])]},
    )
    forged = head_of(board, shard, []).signed_by(other)
    book.refuses(
        "BRD-10 forged-in-answer", "reading", "The exit made a head up.", given(Visited(heads=((0, forged),))), "reader"
    )
    book.refuses(
        "BRD-12 swapped-boards",
        "reading",
        "The head of one board under the number of another.",
        given(Visited(heads=((1, head),))),
        "reader",
    )
    book.refuses(
        "BRD-12 third-board",
        "reading",
        "A head of a board that was not asked.",
        given(Visited(heads=((2, head),))),
        "reader",
    )
    first_bit = here.buyer.key.public[0] & 0x80
    book.refuses(
        "BRD-12 note-of-other-shard",
        "reading",
        "A note of another shard.",
        given(Visited(notes=(ReadNote(1, _EPOCH, note),)), bits=1, prefix=f"{first_bit ^ 0x80:02x}"),
        "reader",
    )
    book.refuses(
        "BRD-12 no-note",
        "reading",
        "An RFP where a note should be.",
        given(Visited(notes=(ReadNote(1, _EPOCH, here.buyer.data),))),
        "reader",
        group="canary",
    )
    narrow = head_of(board, Shard(1, bytes((first_bit,)))).signed_by(board)
    book.refuses(
        "BRD-12 head-of-other-shard",
        "reading",
        "A head of another shard.",
        given(Visited(heads=((0, narrow),))),
        "reader",
    )
