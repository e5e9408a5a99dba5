"""Chapter 05: frames as bytes, frames as values, greetings."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter

from intentcast.conformance.vector import Json
from intentcast.crypto.keys import SigningKey
from intentcast.crypto.signing import sign
from intentcast.encoding.canonical import Tree, encode
from intentcast.ids import NetworkId, RelayKey, label
from intentcast.machines.link import hello
from intentcast.networks import NETWORKS
from intentcast.records.vocabulary import AreaFilter
from intentcast.testing.entropy import SeededEntropy
from intentcast.wire import frames
from intentcast.wire.codec import payload_of

_KEY = bytes(range(32))
SOUND: tuple[tuple[frames.Frame, int], ...] = (
    (frames.Error("stamp", bits=12), 3),
    (frames.Error("rate", retry_seconds=60), 0),
    (frames.Hello(1, NETWORKS["test"].id, ("board",)), 0),
    (frames.Hello(1, NETWORKS["test"].id, (), (_KEY, bytes(64))), 0),
    (frames.Welcome(1, ("board", "exit"), 2), 0),
    (frames.Ping(), 1),
    (frames.Pong(), 2**31 - 1),
    (frames.Done(), 5),
    (frames.Done(id=_KEY, lane="a"), 5),
    (frames.Give((b"one", b"two")), 0),
    (frames.Submit(b"envelope"), 9),
    (frames.Handoff(b"envelope"), 9),
    (frames.Subscribe((1, 2), ("bt-6",), (AreaFilter("GB", sub="GB-GLG"), AreaFilter("DE", id=7)), True), 7),
    (frames.Post(b"note"), 8),
    (frames.Read(4, b"\xa0", 2_992_176, 0, False), 9),
    (frames.Notes(2_992_176, (b"note",), b"head", (_KEY,)), 9),
    (frames.Notes(2_992_176, ()), 9),
    (frames.Stop(), 9),
    (frames.Connect(_KEY), 2),
    (frames.Cards(32), 2),
)
VISIT = frames.Visit(b"rfp", frames.Reading(0, b"", (2_992_175, 2_992_176), 0, (_KEY,), False))
VISITED = frames.Visited(
    published=frames.Published(id=_KEY),
    notes=(frames.ReadNote(1, 2_992_176, b"note"),),
    heads=((0, b"head"),),
    rfps=(_KEY,),
    cards=(b"card",),
    missing=(2,),
    next=(2_992_176, 1),
)


def chapter() -> Chapter:
    book = Chapter("05-links")
    _framing(book)
    _sound(book)
    _payloads(book)
    _layouts(book)
    _visits(book)
    _greetings(book)
    return book


def _framing(book: Chapter) -> None:
    book.accepts(
        "FRM-1 two-frames",
        "framing",
        "Two frames in one piece.",
        {"hex": "0000000161" + "000000026263"},
        "framing",
        output={"payloads": ["61", "6263"]},
    )
    book.accepts(
        "FRM-1 half-a-frame",
        "framing",
        "The second frame is not whole yet.",
        {"hex": "0000000161" + "0000000262"},
        "framing",
        output={"payloads": ["61"]},
    )
    for name, data, what in (
        ("zero-length", "00000000", "a length of 0"),
        ("beyond-limit", "00010001", "65,537 bytes; refused before any of them comes"),
        ("4-gib", "ffffffff", "4 GiB"),
        ("zero-after-sound", "000000016100000000", "a length of 0 behind a sound frame"),
    ):
        book.refuses(f"FRM-1 {name}", "framing", f"A length that is none: {what}.", {"hex": data}, "framing")
    book.refuses(
        "FRM-1 long-hello",
        "framing",
        "The first frame has at most 1,024 bytes.",
        {"hex": "00000401", "most": 1024},
        "framing",
        also=("LNK-4",),
    )


def _sound(book: Chapter) -> None:
    for number, (item, request) in enumerate(SOUND):
        word = type(item).__name__.lower()
        book.accepts(
            f"FRM-5 {word}-{number}",
            "frame",
            "A sound frame.",
            {"hex": payload_of(item, request).hex()},
            "frame",
            output={"frame": word, "request": request},
        )


def _reject(
    book: Chapter, name: str, value: Tree, comment: str, *, by: str | None = None, group: str = "negative"
) -> None:
    book.refuses(name, "frame", comment, {"hex": encode(value).hex()}, "frame", by=by, group=group)


def _payloads(book: Chapter) -> None:
    for name, value, what in (
        ("two-items", [3, 1], "without a body"),
        ("four-items", [3, 1, {}, 1], "with something more"),
        ("map", {"code": 3}, "a map"),
        ("negative-request", [3, -1, {}], "a request below 0"),
        ("request-two-to-31", [3, 2**31, {}], "a request of 2^31"),
        ("request-true", [3, True, {}], "true for a request"),
        ("code-true", [True, 0, {}], "true for a code"),
        ("code-text", ["ping", 0, {}], "a word for a code"),
    ):
        group = "canary" if name.endswith("true") else "negative"
        _reject(book, f"FRM-2 {name}", value, f"No frame: {what}.", group=group)  # type: ignore[arg-type]
    for code in (6, 28, 127, -1, 1000):
        _reject(book, f"FRM-3 code-{code}", [code, 1, {}], "A frame that is not known.")
    _reject(book, "FRM-5 body-array", [3, 1, []], "A body that is no map.")
    book.accepts(
        "REC-1 unknown-key-in-frame",
        "frame",
        "An unknown key is no fault.",
        {"hex": encode([3, 1, {"later": 1}]).hex()},
        "frame",
        output={"frame": "ping", "request": 1, "same": False},
    )
    book.refuses("ENC-2 long-code", "frame", "A code that is not in its shortest form.", {"hex": "93cc030180"}, "frame")
    book.refuses("ENC-1 in-frame", "frame", "A byte behind a frame without fixed size.", {"hex": "9303018000"}, "frame")
    book.refuses(
        "ENC-2 long-code-of-visit",
        "frame",
        "The code of a visit in two bytes.",
        {"hex": "93cc190180", "size": 8188},
        "frame",
        by="ENC-2",
    )


def _layouts(book: Chapter) -> None:
    read: dict[str, Tree] = {"bits": 0, "prefix": b"", "epoch": 1, "after": 0, "follow": False}
    subscribe: dict[str, Tree] = {"kinds": [1], "categories": [], "areas": [], "replay": False}
    greeting: dict[str, Tree] = {"version": 1, "network": bytes(8), "features": []}
    rows: tuple[tuple[str, int, dict[str, Tree], str], ...] = (
        ("hello-network-7", 1, {**greeting, "network": bytes(7)}, "a network of seven bytes"),
        ("hello-proof-63", 1, {**greeting, "proof": {"key": bytes(32), "signature": bytes(63)}}, "a proof of 63 bytes"),
        ("hello-no-version", 1, {"network": bytes(8), "features": []}, "no version"),
        ("give-nothing", 8, {"envelopes": []}, "no envelope"),
        ("give-33", 8, {"envelopes": [b"x"] * 33}, "an envelope too many"),
        ("give-text", 8, {"envelopes": ["x"]}, "an envelope that is a string"),
        ("submit-nothing", 9, {}, "no envelope"),
        ("done-lane-long", 5, {"lane": "aa"}, "a lane of two letters"),
        ("done-id-31", 5, {"id": bytes(31)}, "an id of 31 bytes"),
        ("subscribe-no-kinds", 11, {**subscribe, "kinds": []}, "no kind"),
        ("subscribe-kind-0", 11, {**subscribe, "kinds": [0]}, "kind 0"),
        (
            "subscribe-65-categories",
            11,
            {**subscribe, "categories": [f"bt-{n}" for n in range(1, 66)]},
            "a category too many",
        ),
        ("subscribe-65-areas", 11, {**subscribe, "areas": [{"country": "GB"}] * 65}, "an area too many"),
        ("subscribe-replay-1", 11, {**subscribe, "replay": 1}, "1 for true"),
        ("read-bits-33", 17, {**read, "bits": 33}, "a shard of 33 bits"),
        ("read-epoch-negative", 17, {**read, "epoch": -1}, "an epoch before all time"),
        ("read-no-follow", 17, {name: value for name, value in read.items() if name != "follow"}, "no follow"),
        ("connect-key-31", 24, {"key": bytes(31)}, "a key of 31 bytes"),
        ("cards-0", 27, {"count": 0}, "no card"),
        ("cards-33", 27, {"count": 33}, "a card too many"),
        ("error-no-code", 0, {}, "no word"),
        ("error-bits-41", 0, {"code": "stamp", "bits": 41}, "41 bits"),
    )
    for name, code, body, what in rows:
        _reject(book, f"FRM-5 {name}", [code, 1, body], f"The body breaks the layout of its frame: {what}.")
    _reject(book, "VOC-1 in-subscribe", [11, 1, {**subscribe, "categories": ["bt-06"]}], "A code that is none.")


def _visit_body(**change: Tree) -> dict[str, Tree]:
    body: dict[str, Tree] = {"bits": 0, "prefix": b"", "epochs": [1, 2], "after": 0, "boards": [_KEY], "follow": False}
    return body | change


def _visits(book: Chapter) -> None:
    sizes = {"visit": 8192 - 4, "visited": 32768 - 4}
    for item, word in (
        (VISIT, "visit"),
        (VISITED, "visited"),
        (frames.Visit(), "visit"),
        (frames.Visited(), "visited"),
    ):
        full = "" if item in (VISIT, VISITED) else "-empty"
        payload = payload_of(item, 6)
        short = payload.rstrip(b"\0").hex()
        size = sizes[word]
        book.accepts(
            f"FRM-4 {word}{full}",
            "frame",
            "Always of one size.",
            {"hex": short, "size": size},
            "frame",
            output={"frame": word, "request": 6},
        )
        if full:
            continue
        for name, other in (("one-byte-less", size - 1), ("one-byte-more", size + 1)):
            book.refuses(
                f"FRM-4 {word}-{name}",
                "frame",
                "Another size would tell what it carries.",
                {"hex": short, "size": other},
                "frame",
            )
        book.refuses(f"FRM-4 {word}-not-padded", "frame", "No padding.", {"hex": short}, "frame")
        book.refuses(
            f"PAD-2 {word}",
            "frame",
            "The last byte of its padding is 1.",
            {"hex": payload[:-1].hex() + "01"},
            "frame",
            group="canary",
        )

    def reject(name: str, comment: str, change: dict[str, Tree], by: str | None = None) -> None:
        data = encode([25, 1, _visit_body(**change)]).hex()
        book.refuses(name, "frame", comment, {"hex": data, "size": sizes["visit"]}, "frame", by=by)

    reject("FRM-11 falling", "Epochs in falling order.", {"epochs": [2, 1]})
    reject("FRM-11 twice", "One epoch twice.", {"epochs": [1, 1]})
    reject("FRM-5 no-epochs", "No epoch.", {"epochs": []})
    reject("FRM-5 seventeen-epochs", "An epoch too many.", {"epochs": list(range(17))})
    reject("FRM-5 no-boards", "No board.", {"boards": []})
    reject("FRM-5 four-boards", "A board too many.", {"boards": [bytes((n,)) * 32 for n in range(4)]})
    answer: dict[str, Tree] = {
        "notes": [],
        "heads": [],
        "rfps": [],
        "cards": [],
        "missing": [],
        "next": [0, 0],
        "more": False,
    }
    rows: tuple[tuple[str, dict[str, Tree], str, str], ...] = (
        ("FRM-12 mask-0", {"notes": [[0, 1, b"n"]]}, "A note that no board has.", "negative"),
        ("FRM-12 mask-8", {"notes": [[8, 1, b"n"]]}, "A note of a fourth board.", "negative"),
        ("FRM-12 mask-true", {"notes": [[True, 1, b"n"]]}, "true for a mask of 1.", "canary"),
        ("FRM-12 epoch-false", {"notes": [[1, False, b"n"]]}, "false for epoch 0.", "canary"),
        ("FRM-12 note-of-two", {"notes": [[1, b"n"]]}, "A note without its epoch.", "negative"),
        ("FRM-12 board-3", {"heads": [[3, b"h"]]}, "A head of a fourth board.", "negative"),
        ("FRM-12 board-false", {"heads": [[False, b"h"]]}, "false for board 0.", "canary"),
        ("FRM-5 next-of-one", {"next": [0]}, "Where to go on lacks its index.", "negative"),
        ("FRM-5 missing-3", {"missing": [3]}, "A fourth board is missing.", "negative"),
    )
    for name, change, comment, group in rows:
        data = encode([26, 1, {**answer, **change}]).hex()
        book.refuses(name, "frame", comment, {"hex": data, "size": sizes["visited"]}, "frame", group=group)


def _greetings(book: Chapter) -> None:
    entropy = SeededEntropy("greetings")
    relay, server, other = (SigningKey(entropy.bytes(32)) for _ in range(3))
    network = NETWORKS["test"].id
    key = RelayKey(server.public)

    def given(item: frames.Frame, to: SigningKey = server) -> dict[str, Json]:
        return {"hex": payload_of(item).hex(), "server": to.public.hex()}

    proven = hello(network, key, relay)
    book.accepts(
        "LNK-5 anonymous",
        "hello",
        "Whoever is no relay says no name.",
        given(hello(network, key, None)),
        "greeting",
        output={"relay": None},
    )
    book.accepts(
        "LNK-5 proven",
        "hello",
        "A relay proves its key to this very server.",
        given(proven),
        "greeting",
        output={"relay": relay.public.hex()},
    )
    book.refuses(
        "LNK-5 replayed-to-other-server",
        "hello",
        "A proof that was made for another relay, played again here.",
        given(proven, other),
        "greeting",
        group="canary",
    )
    book.refuses("LNK-5 own-key", "hello", "The server's own key.", given(hello(network, key, server)), "greeting")
    elsewhere = hello(NetworkId(b"elsewher"), key, relay)
    book.refuses(
        "LNK-5 proof-of-other-network",
        "hello",
        "A proof that was made in another network.",
        given(frames.Hello(1, network, (), elsewhere.proof)),
        "greeting",
    )
    stolen = frames.Hello(1, network, (), (other.public, (proven.proof or (b"", b""))[1]))
    book.refuses("LNK-5 key-swapped", "hello", "The proof of one key under another.", given(stolen), "greeting")
    bare = sign(relay, label("link", "proof"), network + relay.public)
    book.refuses(
        "LNK-5 no-server-in-proof",
        "hello",
        "A proof that names no server.",
        given(frames.Hello(1, network, (), (relay.public, bare))),
        "greeting",
    )
    book.refuses("LNK-6 other-network", "hello", "Another network.", given(elsewhere), "greeting")
    book.refuses("LNK-6 version-2", "hello", "Another version.", given(frames.Hello(2, network, ())), "greeting")
    book.refuses("LNK-4 no-hello", "hello", "The first frame is something else.", given(frames.Ping()), "greeting")
    book.accepts(
        "LNK-4 welcome",
        "welcome",
        "The answer of a relay.",
        {"hex": payload_of(frames.Welcome(1, (), 3)).hex()},
        "greeting",
        output={"surcharge": 3},
    )
    book.refuses(
        "LNK-6 welcome-version-2",
        "welcome",
        "Another version.",
        {"hex": payload_of(frames.Welcome(2, (), 0)).hex()},
        "greeting",
    )
    book.refuses(
        "LNK-6 refused", "welcome", "The relay says no.", {"hex": payload_of(frames.Error("busy")).hex()}, "greeting"
    )
    book.refuses(
        "LNK-4 no-welcome",
        "welcome",
        "The first answer is something else.",
        {"hex": payload_of(frames.Done()).hex()},
        "greeting",
    )
