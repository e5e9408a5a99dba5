"""Every place of a valid record with one bit turned: no reader may take one of them, or fail in another way."""

from __future__ import annotations

from scripts.vectorlib.boards import head_of
from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import World, world

from intentcast.conformance.run import run
from intentcast.conformance.vector import FORMAT, Json, vector_of
from intentcast.records.head import Shard
from intentcast.testing.entropy import SeededEntropy

_ENTROPY = SeededEntropy("mutations")


def chapter() -> Chapter:
    book = Chapter("mutations")
    here = world("mutations")
    for name, kind, data, step in (
        ("ENV-7 rfp", "envelope", here.buyer.data, 4),
        ("ENV-7 close", "envelope", here.close, 2),
        ("ENV-7 relay", "envelope", here.relay_card, 2),
        ("ENV-7 vendor", "envelope", here.card, 4),
        ("ENV-7 note", "envelope", here.note, 8),
    ):
        _add(book, name, kind, "hex", data, step, {})
    head = head_of(here.relay, Shard(4, b"\xa0")).signed_by(here.relay)
    more: dict[str, Json] = {"board": here.relay.public.hex(), "bits": 4, "prefix": "a0"}
    _add(book, "BRD-10 head", "head", "hex", head, 1, more)
    _add(book, "MSG-2 note-as-message", "message", "note", here.note, 8, _message(here))
    return book


def _message(here: World) -> dict[str, Json]:
    buyer = here.buyer
    return {"rfp": buyer.envelope.id.hex(), "secret": buyer.box.secret.hex(), "terms": buyer.rfp.terms.hash.hex()}


def _add(book: Chapter, name: str, kind: str, field: str, data: bytes, step: int, more: dict[str, Json]) -> None:
    """Turn one bit, drawn afresh, in each step-th byte; header and tail are covered byte by byte.

    What a message's reader cannot see (the note's own stamp, nonce and signature) is left out there.
    """
    ends = {*range(64), *range(len(data) - 100, len(data))}
    places = sorted({*range(0, len(data), step), *ends})
    if kind == "message":
        places = [at for at in places if not (14 <= at < 29 or at >= len(data) - 64) and at != 18 and not 31 <= at < 63]
    given: dict[str, Json] = {
        "of": kind,
        "field": field,
        "hex": data.hex(),
        "more": more,
        "cases": [[at, 1 << _ENTROPY.below(8)] for at in places],
    }
    document: dict[str, Json] = {"format": FORMAT, "kind": "mutations", "now": None, "network": "test", "input": given}
    outcome = run(vector_of(document))
    assert isinstance(outcome.output, dict)
    assert outcome.expect == "reject", (name, outcome.output)
    given["cases"] = outcome.output["cases"]
    book.mutates(name, "One bit of a valid record is turned in each case [offset, bits, rule that refuses].", given)
