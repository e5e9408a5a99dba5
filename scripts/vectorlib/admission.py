"""Chapter 06: what a relay takes, with all that it knows."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import World, put, world

from intentcast.conformance.vector import Json
from intentcast.crypto.keys import SigningKey
from intentcast.networks import NETWORKS
from intentcast.records.envelope import CLOSE, RELAY, RFP, VENDOR, Header, envelope_untrusted, prepare
from intentcast.records.relay_card import Address, RelayCard
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import DAY, T0, Samples, stamped
from intentcast.units import UnixSeconds

_SKEW = 7_200


def chapter() -> Chapter:
    book = Chapter("06-spreading")
    here = world("admission")
    _life(book, here)
    _networks(book, here)
    _price(book, here)
    _knowledge(book, here)
    _bodies(book, here)
    _order(book, here)
    return book


def _body(data: bytes) -> bytes:
    return envelope_untrusted(data).body.rstrip(b"\0")


def _living(here: World, kind: int, data: bytes, expires: int, key: SigningKey, effort: int = 8) -> str:
    body = _body(data)
    header = Header(kind, here.samples.network.id, UnixSeconds(expires), effort)
    return stamped(prepare(header, body, key.public), key).hex()


def _life(book: Chapter, here: World) -> None:
    rfp = here.buyer.data.hex()
    expires = here.buyer.envelope.expires
    book.accepts("ADM-2 sound", "admission", "Nothing is wrong with it.", {"hex": rfp}, "judge")
    book.accepts("ENV-5 last-second", "admission", "It expires in a second.", {"hex": rfp}, "judge", now=expires - 1)
    book.ignores(
        "ENV-5 expired-now", "admission", "It expires at this very second.", {"hex": rfp}, "screen", now=expires
    )
    book.ignores(
        "ENV-5 expired",
        "admission",
        "It has expired: clocks differ, nobody is at fault.",
        {"hex": rfp},
        "screen",
        now=expires + DAY,
    )
    for kind, data, key, days, word in (
        (RFP, here.buyer.data, here.buyer.key, 14, "rfp"),
        (CLOSE, here.close, here.buyer.key, 14, "close"),
        (RELAY, here.relay_card, here.relay, 3, "relay"),
        (VENDOR, here.card, here.vendor, 30, "vendor"),
    ):
        longest = T0 + days * DAY + _SKEW
        book.accepts(
            f"ENV-5 longest-{word}",
            "admission",
            "As long a life as its kind may have, and two hours for clocks.",
            {"hex": _living(here, kind, data, longest, key)},
            "judge",
        )
        book.refuses(
            f"ENV-5 too-long-{word}",
            "admission",
            "A second longer.",
            {"hex": _living(here, kind, data, longest + 1, key)},
            "screen",
        )


def _networks(book: Chapter, here: World) -> None:
    rfp = here.buyer.data.hex()
    for name in ("public", "home", "demo"):
        book.refuses(
            f"ENV-4 of-test-in-{name}",
            "admission",
            "An envelope of the network test.",
            {"hex": rfp},
            "screen",
            network=name,
        )
    book.refuses("ADM-1 note", "admission", "Notes go to boards.", {"hex": here.note.hex()}, "screen")


def _price(book: Chapter, here: World) -> None:
    body, key = _body(here.buyer.data), here.buyer.key

    def rfp(effort: int, life: int = DAY) -> str:
        header = Header(RFP, here.samples.network.id, UnixSeconds(T0 + life), effort)
        return stamped(prepare(header, body, key.public), key).hex()

    book.accepts("ADM-3 exact", "admission", "Just the price.", {"hex": rfp(4)}, "judge")
    book.refuses(
        "ADM-3 one-bit-less",
        "admission",
        "One bit below the price; the answer says how much would do.",
        {"hex": rfp(3)},
        "screen",
        output={"bits": 4},
    )
    book.refuses("ADM-3 nothing", "admission", "No work.", {"hex": rfp(0)}, "screen", output={"bits": 4})
    week = 7 * DAY + _SKEW
    book.accepts(
        "ADM-3 week-and-skew",
        "admission",
        "A week, by a clock that is two hours behind.",
        {"hex": rfp(4, week)},
        "judge",
    )
    book.refuses(
        "ADM-3 over-a-week",
        "admission",
        "A second over a week costs a bit more.",
        {"hex": rfp(4, week + 1)},
        "screen",
        output={"bits": 5},
    )
    book.accepts(
        "ADM-4 surcharge", "admission", "Enough for this relay's surcharge.", {"hex": rfp(6), "surcharge": 2}, "judge"
    )
    book.refuses(
        "ADM-4 surcharge-not-paid",
        "admission",
        "The network's price, where this relay asks more of what enters.",
        {"hex": rfp(5), "surcharge": 2},
        "screen",
        by="ADM-3",
        output={"bits": 6},
    )
    short = bytearray(bytes.fromhex(rfp(12)))
    short[21:29] = bytes(8)
    book.refuses(
        "ENV-6 nonce-gone",
        "admission",
        "The header names enough work, and the nonce holds none.",
        {"hex": bytes(short).hex()},
        "screen",
    )


def _knowledge(book: Chapter, here: World) -> None:
    rfp, item = here.buyer.data.hex(), here.buyer.envelope.id.hex()

    def ignore(name: str, comment: str, at: str, **known: Json) -> None:
        book.ignores(name, "admission", comment, {"hex": rfp, **known}, at)

    ignore("ENV-9 known", "It is known.", "screen", seen=[item])
    ignore("ADM-6 closed", "Its author closed it.", "judge", closed=[item])
    ignore("ADM-5 another-lives", "Its key has another live RFP.", "judge", live="11" * 32)
    book.accepts(
        "ADM-5 itself-lives", "admission", "The live RFP of its key is itself.", {"hex": rfp, "live": item}, "judge"
    )
    ignore("ADM-7 branch", "This relay does not carry the branch.", "judge", refused=["bt-6"])
    ignore("ADM-7 itself", "Nor the code itself.", "judge", refused=["bt-6-3-2"])
    for name, branch in (("digits-are-no-level", "bt-6-3-20"), ("narrower", "bt-6-3-2-1"), ("other", "aa")):
        book.accepts(
            f"ADM-7 {name}",
            "admission",
            "What is refused here is no branch above it.",
            {"hex": rfp, "refused": [branch]},
            "judge",
            group="canary" if name[0] == "d" else "positive",
        )


def _bodies(book: Chapter, here: World) -> None:
    for name, data in (("close", here.close), ("relay", here.relay_card), ("vendor", here.card)):
        book.accepts(f"ADM-2 {name}", "admission", "A sound envelope of its kind.", {"hex": data.hex()}, "judge")
    public = Samples(NETWORKS["public"], SeededEntropy("public cards"))
    cheap = NETWORKS["public"].base_effort_bits - 6
    for name, host, sound in (
        ("public", "9.9.9.9", True),
        ("name", "relay.example.org", True),
        ("loopback", "127.0.0.1", False),
        ("private", "192.168.1.7", False),
        ("link-local", "169.254.169.254", False),
        ("shared", "100.64.0.1", False),
        ("unique-local", "fd00::1", False),
        ("loopback-6", "::1", False),
        ("localhost", "localhost", False),
    ):
        key = public.key()
        card = RelayCard((Address("9.9.9.10", 7117), Address(host, 7117)), ("board",))
        header = Header(RELAY, public.network.id, UnixSeconds(T0 + DAY), cheap)
        given: dict[str, Json] = {"hex": stamped(prepare(header, card.to_body(), key.public), key).hex()}
        if sound:
            book.accepts(
                f"ADM-8 {name}",
                "admission",
                "An address that anybody may dial.",
                given,
                "judge",
                network="public",
            )
        else:
            book.refuses(
                f"ADM-8 {name}",
                "admission",
                "One of its addresses is not public.",
                given,
                "judge",
                network="public",
            )


def _order(book: Chapter, here: World) -> None:
    """Two faults in one: the cheaper check answers (ADM-2)."""
    rfp = here.buyer.data
    expired = here.buyer.envelope.expires + 1
    forged = put(rfp, len(rfp) - 64, bytes(64))
    unstamped = put(forged, 21, bytes(8))
    item = here.buyer.envelope.id.hex()
    book.refuses(
        "ADM-2 size-before-kind",
        "admission",
        "Of no kind and of no size.",
        {"hex": put(rfp, 2, b"\x07").hex() + "00" * 8000},
        "screen",
        by="ENV-1",
    )
    book.refuses(
        "ADM-2 network-before-expiry",
        "admission",
        "Expired, and of another network.",
        {"hex": rfp.hex()},
        "screen",
        by="ENV-4",
        network="public",
        now=expired,
    )
    book.ignores(
        "ADM-2 expiry-before-duplicate",
        "admission",
        "Expired, and known.",
        {"hex": rfp.hex(), "seen": [item]},
        "screen",
        by="ENV-5",
        now=expired,
    )
    book.ignores(
        "ADM-2 duplicate-before-signature",
        "admission",
        "Known, and its signature was changed on the way.",
        {"hex": forged.hex(), "seen": [item]},
        "screen",
        by="ENV-9",
    )
    book.refuses(
        "ADM-2 price-before-stamp",
        "admission",
        "Below the surcharge, and its stamp does not hold.",
        {"hex": unstamped.hex(), "surcharge": 9},
        "screen",
        by="ADM-3",
    )
    book.refuses(
        "ADM-2 stamp-before-signature",
        "admission",
        "Neither stamp nor signature hold: the cheap check answers.",
        {"hex": unstamped.hex()},
        "screen",
        by="ENV-6",
        group="canary",
    )
    book.refuses(
        "ADM-2 signature-before-judgement",
        "admission",
        "Forged, and closed.",
        {"hex": forged.hex(), "closed": [item]},
        "signature",
        by="ENV-7",
    )
