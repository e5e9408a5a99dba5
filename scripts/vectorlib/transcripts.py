"""Transcripts: a relay from its start, what comes in, and every byte that it says. Network test: nothing is held."""

from __future__ import annotations

from collections.abc import Callable

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import World, put, world

from intentcast.conformance.vector import Json
from intentcast.records.close import Close
from intentcast.records.envelope import CLOSE, envelope_untrusted
from intentcast.testing.samples import T0
from intentcast.wire import frames
from intentcast.wire.codec import payload_of

_EPOCH = int(T0) // 600
_ANYBODY, _RELAY, _VENDOR = 1, 2, 3

Tell = Callable[..., None]


def opened(link: int, relay: bytes | None = None) -> dict[str, Json]:
    return {"link": link, "relay": relay.hex() if relay else None}


def said(link: int, item: frames.Frame, request: int = 0, after: int = 0) -> dict[str, Json]:
    payload = payload_of(item, request)
    short = payload.rstrip(b"\0")
    size: dict[str, Json] = {"size": len(payload)} if isinstance(item, frames.Visit) else {}
    return size | {"link": link, "frame": (short if size else payload).hex(), "after": after}


def answer(link: int, item: frames.Frame, request: int = 0) -> list[Json]:
    return [link, request, payload_of(item, request).rstrip(b"\0").hex()]


def shut(link: int) -> list[Json]:
    return [link, "close"]


def chapter() -> Chapter:
    book = Chapter("06-spreading")
    here = world("transcripts")
    other = here.samples.key().public
    rfp = here.buyer.data
    item = here.buyer.envelope.id

    def tell(name: str, comment: str, *steps: tuple[dict[str, Json], list[Json] | None]) -> None:
        given: dict[str, Json] = {"seed": here.relay.seed.hex(), "steps": [step for step, _ in steps]}
        expected: list[Json] = [answers for _, answers in steps]
        open_ended = any(answers is None for _, answers in steps)
        output: Json = None if open_ended else {"answers": expected}
        book.accepts(name, "transcript", comment, given, "relay", output=output, group="transcript")

    asks = answer(_RELAY, frames.Subscribe((1, 2, 4, 5), (), (), True), 1)
    everything = said(_RELAY, frames.Subscribe((1, 2, 4, 5), (), (), False), 1)
    done = frames.Done(id=item)
    _spreading(here, tell, asks, everything, other)
    tell(
        "ENV-9 submitted-twice",
        "Whoever brings again what is kept is answered done; it is given on once.",
        (opened(_ANYBODY), []),
        (opened(_RELAY, other), [asks]),
        (everything, [answer(_RELAY, frames.Done(), 1)]),
        (said(_ANYBODY, frames.Submit(rfp), 4), [answer(_ANYBODY, done, 4), answer(_RELAY, frames.Give((rfp,)))]),
        (said(_ANYBODY, frames.Submit(rfp), 5), [answer(_ANYBODY, done, 5)]),
    )
    forged = put(rfp, len(rfp) - 64, bytes(64))
    tell(
        "LNK-10 forged-submit",
        "A fault is answered, and ends the link that brought it.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Submit(forged), 4), [answer(_ANYBODY, frames.Error("signature"), 4), shut(_ANYBODY)]),
    )
    tell(
        "SPR-5 anonymous-give",
        "Only proven relays give.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Give((rfp,))), [answer(_ANYBODY, frames.Error("proof")), shut(_ANYBODY)]),
    )
    tell(
        "CIR-14 anonymous-handoff",
        "Only proven relays hand off.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Handoff(rfp), 4), [answer(_ANYBODY, frames.Error("proof"), 4), shut(_ANYBODY)]),
    )
    tell(
        "CIR-2 unknown-relay",
        "Nobody is joined to a relay whose card is not here.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Connect(other), 4), [answer(_ANYBODY, frames.Error("unknown_relay"), 4)]),
    )
    tell(
        "LNK-4 second-hello",
        "A second greeting is a fault.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Hello(1, bytes(8), ())), [answer(_ANYBODY, frames.Error("malformed")), shut(_ANYBODY)]),
    )
    tell(
        "FRM-6 answers-to-nothing",
        "Answers to nothing that was asked are ignored.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Done(), 4), []),
        (said(_ANYBODY, frames.Pong(), 4), []),
        (said(_ANYBODY, frames.Error("busy"), 4), []),
        (said(_ANYBODY, frames.Ping(), 5), [answer(_ANYBODY, frames.Pong(), 5)]),
    )
    _closes(here, tell)
    _boards(here, tell)
    return book


def _spreading(here: World, tell: Tell, asks: list[Json], everything: dict[str, Json], other: bytes) -> None:
    rfp, item = here.buyer.data, here.buyer.envelope.id
    tell(
        "SPR-1 given-on",
        "An RFP is answered once it is kept, and given to who wants it, but not to who brought it.",
        (opened(_ANYBODY), []),
        (opened(_RELAY, other), [asks]),
        (everything, [answer(_RELAY, frames.Done(), 1)]),
        (opened(_VENDOR), []),
        (said(_VENDOR, frames.Subscribe((1,), ("bt-60", "aa"), (), False), 1), [answer(_VENDOR, frames.Done(), 1)]),
        (said(_RELAY, frames.Give((rfp,))), []),
        (
            said(_VENDOR, frames.Subscribe((1,), ("bt-6",), (), True), 2),
            [answer(_VENDOR, frames.Give((rfp,))), answer(_VENDOR, frames.Done(), 2)],
        ),
        (said(_ANYBODY, frames.Submit(rfp), 4), [answer(_ANYBODY, frames.Done(id=item), 4)]),
    )


def _closes(here: World, tell: Tell) -> None:
    rfp, close, item = here.buyer.data, here.close, here.buyer.envelope.id
    end = envelope_untrusted(close).id
    stranger = here.samples.key()
    strange = here.samples.public(CLOSE, Close(item, "filled").to_body(), stranger, here.buyer.envelope.expires)
    strange_id = envelope_untrusted(strange).id
    tell(
        "CLO-4 close-before-rfp",
        "A close that comes first keeps its RFP out.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Submit(close), 4), [answer(_ANYBODY, frames.Done(id=end), 4)]),
        (said(_ANYBODY, frames.Submit(rfp), 5), [answer(_ANYBODY, frames.Error("closed"), 5)]),
    )
    tell(
        "CLO-2 close-by-a-stranger",
        "A stranger's close does not end an RFP: notes for it are still shown.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Submit(rfp), 4), [answer(_ANYBODY, frames.Done(id=item), 4)]),
        (said(_ANYBODY, frames.Submit(strange), 5), [answer(_ANYBODY, frames.Done(id=strange_id), 5)]),
        (
            said(_ANYBODY, frames.Subscribe((1,), (), (), True), 6),
            [answer(_ANYBODY, frames.Give((rfp,))), answer(_ANYBODY, frames.Done(), 6)],
        ),
    )
    tell(
        "CLO-4 stranger-after-author",
        "A stranger's close does not take the place of the author's.",
        (opened(_ANYBODY), []),
        (said(_ANYBODY, frames.Submit(close), 4), [answer(_ANYBODY, frames.Done(id=end), 4)]),
        (said(_ANYBODY, frames.Submit(strange), 5), [answer(_ANYBODY, frames.Done(id=strange_id), 5)]),
        (said(_ANYBODY, frames.Submit(rfp), 6), [answer(_ANYBODY, frames.Error("closed"), 6)]),
    )


def _boards(here: World, tell: Tell) -> None:
    rfp, note, item = here.buyer.data, here.note, here.buyer.envelope.id
    note_id = envelope_untrusted(note).id
    card_id = envelope_untrusted(here.card).id
    tell(
        "BRD-20 note-posted-twice",
        "A vendor with a card posts into lane A; posting again is answered the same.",
        (opened(_ANYBODY), []),
        (opened(_VENDOR), []),
        (said(_VENDOR, frames.Submit(here.card), 1), [answer(_VENDOR, frames.Done(id=card_id), 1)]),
        (said(_ANYBODY, frames.Submit(rfp), 4), [answer(_ANYBODY, frames.Done(id=item), 4)]),
        (said(_VENDOR, frames.Post(note), 2), [answer(_VENDOR, frames.Done(id=note_id, lane="a"), 2)]),
        (said(_VENDOR, frames.Post(note), 3), [answer(_VENDOR, frames.Done(id=note_id, lane="a"), 3)]),
    )
    tell(
        "BRD-3 note-without-rfp",
        "No live RFP has this tag.",
        (opened(_VENDOR), []),
        (said(_VENDOR, frames.Post(note), 2), [answer(_VENDOR, frames.Error("tag"), 2)]),
    )
    tell(
        "BRD-15 note-of-unknown-vendor",
        "Without a card the price is higher, and the answer says how high.",
        (opened(_VENDOR), []),
        (said(_VENDOR, frames.Submit(rfp), 1), [answer(_VENDOR, frames.Done(id=item), 1)]),
        (said(_VENDOR, frames.Post(note), 2), [answer(_VENDOR, frames.Error("stamp", bits=4 + (len(note) > 1024)), 2)]),
    )
    read = frames.Read(0, b"", _EPOCH, 0, False)
    visit = frames.Visit(None, frames.Reading(0, b"", (_EPOCH,), 0, (here.relay.public,), False))
    tell(
        "BRD-8 read",
        "An epoch with one note and a signed head; and one that is too far away.",
        (opened(_VENDOR), []),
        (said(_VENDOR, frames.Submit(here.card), 1), None),
        (said(_VENDOR, frames.Submit(rfp), 2), None),
        (said(_VENDOR, frames.Post(note), 3), None),
        (said(_VENDOR, read, 4), None),
        (said(_VENDOR, frames.Read(0, b"", _EPOCH + 2, 0, False), 5), None),
        (said(_VENDOR, visit, 6), None),
    )
