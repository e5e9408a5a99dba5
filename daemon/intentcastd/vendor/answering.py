"""Answering: from an RFP to a sealed, stamped note. The decision is pure; only the stamp takes time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import Ignored, Rejected
from intentcast.machines.admission import check_life
from intentcast.machines.efforts import price
from intentcast.networks import Network
from intentcast.records.envelope import NOTE, RFP, Envelope, Header, Unstamped, envelope_untrusted, prepare, total_size
from intentcast.records.message import OFFER, Message, seal_message
from intentcast.records.rfp import Rfp, rfp_untrusted
from intentcast.records.terms import Proffer
from intentcast.units import UnixSeconds
from intentcastd.data import roster
from intentcastd.vendor.index import CatalogueIndex
from intentcastd.vendor.matching import match
from intentcastd.vendor.pricing import Draft, NoOffer, quote
from intentcastd.vendor.profile import Profile


@dataclass(frozen=True, slots=True)
class Shop:
    """All that decides what a vendor answers."""

    profile: Profile
    items: CatalogueIndex


def read_rfp_untrusted(data: bytes, network: Network, now: UnixSeconds) -> tuple[Envelope, Rfp]:
    """Read an RFP that a relay gave, and check what the relay should have checked.

    Raises:
        Rejected: the relay lies, or the RFP breaks the rules.
        Ignored: it has expired, or needs something that we do not know.

    Spec: 03 §3, §4 (ENV-1..ENV-7, RFP-1..RFP-12)
    """
    envelope = envelope_untrusted(data)
    if envelope.kind != RFP:
        raise Ignored("ENV-3", "this is no RFP")
    check_life(envelope, network.id, now)
    if not envelope.is_stamped():
        raise Rejected("ENV-6", "the stamp holds less work than the header says", "stamp")
    if not envelope.is_signed():
        raise Rejected("ENV-7", "the signature does not hold", "signature")
    return envelope, rfp_untrusted(envelope.body)


def decide(rfp: Rfp, shop: Shop, now: UnixSeconds) -> Draft | NoOffer:
    """Return the offer for an RFP, or why there is none.

    Terms are what their hash says: an entry whose hash is not the roster's is not accepted by its name (TRM-5).
    """
    if not roster.holds(rfp.terms.everyone):
        return NoOffer("terms")
    known = tuple(ref for ref in rfp.terms.chosen if roster.holds(ref))
    rfp = replace(rfp, terms=Proffer(rfp.terms.everyone, known))
    return quote(rfp, match(rfp, shop.items, shop.profile), shop.profile, now)


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who answers: the long-term key, and the id of the live card."""

    network: Network
    key: SigningKey
    card: bytes


def seal_offer(
    draft: Draft, envelope: Envelope, rfp: Rfp, vendor: Vendor, entropy: Entropy, now: UnixSeconds
) -> Unstamped:
    """Return the note with an offer inside, ready to be stamped.

    Raises:
        Misuse: the buyer's key cannot be sealed to, or the offer is too large.

    Spec: 03 §8, §9 (MSG-1..MSG-7, OFF-1)
    """
    offer = draft.to_offer(vendor.card, entropy.bytes(16))
    message = Message(
        kind=OFFER,
        network=vendor.network.id,
        rfp=envelope.id,
        reader=rfp.box,
        poster=vendor.key.public,
        terms=rfp.terms.hash,
        body=offer.to_body(),
        author=vendor.key.public,
    )
    sealed = seal_message(message.signed_by(vendor.key), rfp.box, BoxKey(entropy.bytes(32)))
    bits = price(vendor.network, "note_a", total_size(NOTE, sealed), envelope.expires - now)
    header = Header(NOTE, vendor.network.id, envelope.expires, max(bits, rfp.work or 0))
    return prepare(header, sealed, vendor.key.public, tag=envelope.author)
