"""The inbox: opens notes, verifies what is in them, and puts offers into the vault before anybody sees them.

A board may be hostile, so its checks are made again. What is not for us, or not right, is counted by reason and
dropped unseen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from intentcast.crypto.keys import BoxKey
from intentcast.errors import Ignored, Rejected
from intentcast.ids import NoteId
from intentcast.limits import CLOCK_SKEW_SECONDS
from intentcast.machines.admission import check_life
from intentcast.machines.efforts import price
from intentcast.networks import Network
from intentcast.records.envelope import NOTE, Envelope, envelope_untrusted
from intentcast.records.message import Message, message_untrusted
from intentcast.records.offer import Offer, offer_untrusted
from intentcast.records.rfp import Rfp
from intentcast.units import UnixSeconds
from intentcastd import clock
from intentcastd.engine.news import News
from intentcastd.store import offers
from intentcastd.store.database import Connection
from intentcastd.store.offers import StoredOffer
from intentcastd.store.sealed import Seal

NEW = "new"
MOST_SEEN: Final = 4096
"""Ids of notes that are remembered for one RFP: an exit that gives notes without end would fill the memory."""

_REASONS = {
    "ENV-6": "weak stamp",
    "ENV-7": "forged note",
    "ENV-5": "expired",
    "MSG-2": "forged offer",
    "MSG-5": "made for another RFP",
    "MSG-6": "sealed again to another reader",
    "MSG-7": "posted by a stranger",
    "TRM-4": "does not accept your terms",
    "OFF-2": "does not accept your terms",
    "OFF-10": "no longer valid",
    "CRY-7": "not for you",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Whose notes these are: one RFP and the keys that open its offers.

    Attributes:
        seen: ids of notes that were dealt with, oldest first.
    """

    local_id: str
    id: bytes
    key: bytes
    box: BoxKey
    rfp: Rfp
    seen: dict[bytes, None] = field(default_factory=dict, compare=False, repr=False)


class Inbox:
    """Takes the notes of one person's RFPs."""

    def __init__(self, network: Network, news: News, seal: Seal) -> None:
        self._network = network
        self._news = news
        self._seal = seal

    async def take(self, data: bytes, address: Address) -> bool:
        """Open one note; return whether it held an offer that was not there yet."""
        try:
            note = envelope_untrusted(data)
        except Rejected as error:
            await self._refuse(address, error)
            return False
        if note.tag != address.key or note.id in address.seen:
            return False
        new = await self._deal_with(note, address)
        # Only now: what the disk could not take is taken when the note comes again.
        address.seen[note.id] = None
        if len(address.seen) > MOST_SEEN:
            del address.seen[next(iter(address.seen))]
        return new

    async def _deal_with(self, note: Envelope, address: Address) -> bool:
        try:
            message, offer = open_offer_untrusted(note, address, self._network, clock.unix_seconds())
        except (Rejected, Ignored) as error:
            await self._refuse(address, error)
            return False
        return await self._keep(note, message, offer, address)

    async def _keep(self, note: Envelope, message: Message, offer: Offer, address: Address) -> bool:
        stored = StoredOffer(
            id=message.id,
            rfp=address.local_id,
            note=NoteId(note.id),
            vendor=message.author,
            received=clock.unix_seconds(),
            valid_until=UnixSeconds(offer.valid_until),
            body=message.body,
            rank=json.dumps({}),
            state=NEW,
        )

        def change(connection: Connection) -> bool:
            known = any(
                row.vendor == message.author for row in offers.list_for(connection, self._seal, address.local_id)
            )
            return not known and offers.insert(connection, self._seal, stored)

        told = await self._news.tell("offer", {"id": message.id.hex(), "rfp": address.local_id}, change)
        return told is not None

    async def _refuse(self, address: Address, error: Rejected | Ignored) -> None:
        reason = _REASONS.get(error.rule, "broken")
        await self._news.tell(
            "refused",
            {"rfp": address.local_id, "reason": reason, "rule": error.rule},
            lambda connection: offers.refuse(connection, address.local_id, reason),
        )


def _least_effort(note: Envelope, address: Address, network: Network, now: UnixSeconds) -> int:
    """Return the work that even the best lane asks for: a board that lets notes in for less is found out (BRD-15)."""
    life = max(0, note.expires - now - CLOCK_SKEW_SECONDS)
    return max(price(network, "note_a", len(note.data), life), address.rfp.work or 0)


def open_offer_untrusted(note: Envelope, address: Address, network: Network, now: UnixSeconds) -> tuple[Message, Offer]:
    """Open a note and read the offer in it.

    Raises:
        Rejected, Ignored: the note, the message or the offer is not right; the rule says why.

    Spec: 03 §8, §9 (MSG-1..MSG-7, OFF-1..OFF-7), 11 §2 (TRM-4)
    """
    if note.kind != NOTE:
        raise Rejected("ADM-1", "only notes are on boards")
    check_life(note, network.id, now)
    if note.effort < _least_effort(note, address, network, now) or not note.is_stamped():
        raise Rejected("ENV-6", "the note holds too little work", "stamp")
    if not note.is_signed():
        raise Rejected("ENV-7", "the signature of the note does not hold", "signature")
    message = message_untrusted(note, address.id, address.box)
    if message.terms != address.rfp.terms.hash:
        raise Rejected("TRM-4", "the message accepts other terms than the RFP proffers")
    offer = offer_untrusted(message.body)
    _, choice = offer.terms_choice
    if offer.terms_choice[0] == "accept" and choice not in {ref.id for ref in address.rfp.terms.chosen}:
        raise Rejected("OFF-2", "the offer accepts terms that the RFP does not proffer")
    if offer.valid_until <= now:
        raise Ignored("OFF-10", "the offer is no longer valid", "expired")
    return message, offer
