"""Chapters 03 §6 and 09: relay cards that peers pass on, from which guards, exits and boards are drawn."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.envelopes import put, world

from intentcast.networks import NETWORKS
from intentcast.records.envelope import RELAY, Header, prepare
from intentcast.testing.samples import DAY, T0, stamped
from intentcast.units import UnixSeconds


def chapter() -> Chapter:
    book = Chapter("09-circuits")
    here = world("circuits")
    card = here.relay_card

    def reject(name: str, comment: str, data: bytes, by: str | None = None, group: str = "negative") -> None:
        book.refuses(name, "known_relay", comment, {"hex": data.hex()}, "card", by=by, group=group)

    book.accepts(
        "REL-1 passed-on", "known_relay", "A card that an exit passed on.", {"hex": card.hex()}, "card", also=("CIR-2",)
    )
    reject("REL-1 vendor-card", "The card of a vendor.", here.card)
    reject("REL-1 rfp", "An RFP.", here.buyer.data)
    header = Header(RELAY, NETWORKS["home"].id, UnixSeconds(T0 + DAY), 6)
    body = card[32:-100].rstrip(b"\0")
    elsewhere = stamped(prepare(header, body, here.relay.public), here.relay)
    reject("REL-1 other-network", "A card of another network.", elsewhere)
    reject("ENV-7 card-forged", "The exit made a card up.", put(card, len(card) - 64, bytes(64)), group="canary")
    moved = put(card, card.index(b"127.0.0.1"), b"127.0.0.2")
    reject("ENV-7 card-moved", "The exit put in another address.", moved, group="canary")
    return book
