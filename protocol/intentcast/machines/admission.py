"""Admission: what a relay takes, judged from cheap to dear.

    screen   size, structure, network, expiry, duplicate, price, stamp: microseconds, nothing decoded
    (verify) the signature: a hundred times dearer, in batches, elsewhere
    judge    the body, and what the relay knows of its author

Spec: 03 §3 (ENV-1..ENV-9), 06 §2 (ADM-1..ADM-9)
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from intentcast.errors import Ignored, Rejected, StampTooWeak
from intentcast.ids import EnvelopeId, NetworkId
from intentcast.limits import (
    CLOCK_SKEW_SECONDS,
    MAX_EFFORT_BITS,
    MAX_NOTE_LIFE_SECONDS,
    MAX_RELAY_LIFE_SECONDS,
    MAX_RFP_LIFE_SECONDS,
    MAX_VENDOR_LIFE_SECONDS,
)
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import Network
from intentcast.records.close import close_untrusted
from intentcast.records.envelope import CLOSE, NOTE, RELAY, RFP, VENDOR, Envelope, envelope_untrusted
from intentcast.records.relay_card import RelayCard, is_public, relay_card_untrusted
from intentcast.records.rfp import Routing, routing_untrusted
from intentcast.records.vendor_card import VendorCard, vendor_card_untrusted
from intentcast.units import UnixSeconds

_LONGEST = {
    RFP: MAX_RFP_LIFE_SECONDS,
    CLOSE: MAX_RFP_LIFE_SECONDS,
    RELAY: MAX_RELAY_LIFE_SECONDS,
    VENDOR: MAX_VENDOR_LIFE_SECONDS,
    NOTE: MAX_NOTE_LIFE_SECONDS,
}


def check_life(envelope: Envelope, network: NetworkId, now: UnixSeconds) -> None:
    """Check network and expiry.

    Raises:
        Rejected: another network (ENV-4), or an expiry too far ahead (ENV-5).
        Ignored: it has expired; honest clocks differ, so nobody is at fault (ENV-5).
    """
    if envelope.network != network:
        raise Rejected("ENV-4", "the envelope is of another network", "network")
    if envelope.expires <= now:
        raise Ignored("ENV-5", "the envelope has expired", "expired")
    if envelope.expires > now + _LONGEST[envelope.kind] + CLOCK_SKEW_SECONDS:
        raise Rejected("ENV-5", "the envelope expires too far ahead", "life")


def screen_untrusted(
    data: bytes, network: Network, now: UnixSeconds, seen: Container[EnvelopeId], surcharge: int = 0
) -> Envelope:
    """Judge an envelope by all that is cheap.

    Args:
        data: bytes that a peer sent.
        seen: ids of envelopes whose signatures held.
        surcharge: bits that this relay asks above the network's price, for what enters here.

    Raises:
        Rejected: size, structure, kind, network, life or stamp break the rules.
        StampTooWeak: honest, but below the price.
        Ignored: expired, or known.

    Spec: 06 §2 (ADM-1..ADM-4)
    """
    envelope = envelope_untrusted(data)
    if envelope.kind == NOTE:
        raise Rejected("ADM-1", "notes go to boards, not through the network")
    check_life(envelope, network.id, now)
    if envelope.id in seen:
        raise Ignored("ENV-9", "the envelope is known", "duplicate")
    # An honest clock may be CLOCK_SKEW_SECONDS behind ours: what was a week there is not more here.
    life = max(0, envelope.expires - now - CLOCK_SKEW_SECONDS)
    needed = min(MAX_EFFORT_BITS, price_of_kind(network, envelope.kind, len(data), life) + surcharge)
    if envelope.effort < needed:
        raise StampTooWeak("ADM-3", needed)
    if not envelope.is_stamped():
        raise Rejected("ENV-6", "the stamp holds less work than the header says", "stamp")
    return envelope


@dataclass(frozen=True, slots=True)
class Known:
    """What a relay knows that decides about an envelope whose signature holds.

    Attributes:
        closed: tells whether an RFP's id was closed by this author.
        live_rfp: returns the live RFP of an author, if there is one.
        carries: tells whether this relay carries a category (its policy).
    """

    closed: Callable[[EnvelopeId, bytes], bool]
    live_rfp: Callable[[bytes], EnvelopeId | None]
    carries: Callable[[str], bool]


def judge_rfp(envelope: Envelope, known: Known) -> Routing:
    """Judge an RFP whose signature holds (ADM-5, ADM-6, ADM-7).

    Raises:
        Rejected: its body is wrong.
        Ignored: it was closed, its key has another live RFP, or this relay does not carry its category.
    """
    routing = routing_untrusted(envelope.body)
    if known.closed(envelope.id, envelope.author):
        raise Ignored("ADM-6", "the RFP was closed", "closed")
    other = known.live_rfp(envelope.author)
    if other is not None and other != envelope.id:
        raise Ignored("ADM-5", "this key has another live RFP", "author_busy")
    if not known.carries(routing.category):
        raise Ignored("ADM-7", "this relay does not carry this category", "policy")
    return routing


def judge_close(envelope: Envelope) -> EnvelopeId:
    """Return the id of the RFP that a close ends; whose it is, is asked when the RFP is there (ADM-6)."""
    return close_untrusted(envelope.body).rfp


def judge_relay(envelope: Envelope, network: Network) -> RelayCard:
    """Judge a relay card whose signature holds (ADM-8)."""
    card = relay_card_untrusted(envelope.body, plain=False)
    if network.public_addresses_only and not all(is_public(address.host) for address in card.addresses):
        raise Rejected("ADM-8", "an address of this relay is not public", "body")
    return card


def judge_vendor(envelope: Envelope) -> VendorCard:
    """Judge a vendor card whose signature holds."""
    return vendor_card_untrusted(envelope.body, plain=False)
