"""Valid sample records, made from a seed: the same in tests, vectors and the specification's examples."""

from __future__ import annotations

from dataclasses import dataclass, field

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.stamp import search
from intentcast.entropy import Entropy
from intentcast.ids import EnvelopeId, RelayKey, digest, label
from intentcast.machines.efforts import price, price_of_kind
from intentcast.networks import NETWORKS, Network
from intentcast.records.close import Close
from intentcast.records.envelope import (
    CLOSE,
    NOTE,
    NOUNS,
    RELAY,
    RFP,
    VENDOR,
    Envelope,
    Header,
    Unstamped,
    envelope_untrusted,
    prepare,
    total_size,
)
from intentcast.records.message import OFFER, Message, seal_message
from intentcast.records.offer import Item, Offer, Option, Ship, Tax
from intentcast.records.relay_card import Address, RelayCard
from intentcast.records.rfp import Rfp
from intentcast.records.terms import Proffer, TermsRef
from intentcast.records.vendor_card import VendorCard
from intentcast.records.vocabulary import Area, AreaFilter, Money, Quantity, When
from intentcast.testing.entropy import SeededEntropy
from intentcast.units import UnixSeconds

T0 = UnixSeconds(1_795_305_600)
"""2026-11-22 00:00:00 UTC: the moment at which samples are made."""

DAY = 86_400
TOMORROW = UnixSeconds(T0 + DAY)


def stamped(unstamped: Unstamped, key: SigningKey) -> bytes:
    """Return the whole envelope: with the first nonce that does, signed."""
    noun, start, nonce = NOUNS[unstamped.kind], 0, None
    while nonce is None:
        nonce = search(noun, unstamped.core, unstamped.effort, start, 1 << 16)
        start += 1 << 16
    return unstamped.sealed_by(key, nonce)


def sample_proffer() -> Proffer:
    """Terms by id, with hashes that stand for no text."""

    def ref(name: str) -> TermsRef:
        return TermsRef(name, digest(label("terms", "sample"), name.encode("ascii")))

    return Proffer(ref("PDC-INTENT"), (ref("SD-BASE"), ref("SD-BASE-DP")))


@dataclass(frozen=True, slots=True)
class Buyer:
    """The keys and the RFP of one need."""

    key: SigningKey
    box: BoxKey
    data: bytes
    rfp: Rfp

    @property
    def envelope(self) -> Envelope:
        return envelope_untrusted(self.data)


@dataclass(frozen=True, slots=True)
class Samples:
    """Makes records of one network from one source of chance."""

    network: Network = field(default_factory=lambda: NETWORKS["test"])
    entropy: Entropy = field(default_factory=lambda: SeededEntropy("samples"))

    def key(self) -> SigningKey:
        return SigningKey(self.entropy.bytes(32))

    def header(self, kind: int, body: bytes, expires: UnixSeconds, extra: int = 0) -> Header:
        bits = price_of_kind(self.network, kind, total_size(kind, body), expires - T0)
        return Header(kind, self.network.id, expires, bits + extra)

    def public(self, kind: int, body: bytes, key: SigningKey, expires: UnixSeconds, extra: int = 0) -> bytes:
        """One public envelope of any kind."""
        return stamped(prepare(self.header(kind, body, expires, extra), body, key.public), key)

    def buyer(self, boards: tuple[RelayKey, ...], expires: UnixSeconds = TOMORROW) -> Buyer:
        """An RFP for a twin stroller in Glasgow, with its keys."""
        key, box = self.key(), BoxKey(self.entropy.bytes(32))
        rfp = Rfp(
            category="bt-6-3-2",
            kind="goods",
            quantity=Quantity(1),
            boards=boards,
            box=box.public,
            salt=self.entropy.bytes(16),
            terms=sample_proffer(),
            area=Area("GB", "Glasgow", 626_410, id=2_648_579),
            details={"seats": 2},
            how=("deliver", "pickup"),
            when=When(T0 + 4 * 3600, "hour"),
        )
        return Buyer(key, box, self.public(RFP, rfp.to_body(), key, expires), rfp)

    def close(self, buyer: Buyer, reason: str = "filled") -> bytes:
        envelope = buyer.envelope
        return self.public(CLOSE, Close(EnvelopeId(envelope.id), reason).to_body(), buyer.key, envelope.expires)

    def relay_card(self, key: SigningKey, port: int = 7117, host: str = "127.0.0.1") -> bytes:
        card = RelayCard((Address(host, port),), ("board", "circuit", "exit"))
        return self.public(RELAY, card.to_body(), key, UnixSeconds(T0 + 2 * DAY))

    def vendor_card(self, key: SigningKey, name: str = "Pram Palace") -> bytes:
        card = VendorCard(
            name=name,
            box=BoxKey(self.entropy.bytes(32)).public,
            areas=(AreaFilter("GB"),),
            categories=("bt-6",),
            currency="GBP",
            terms=("PDC-INTENT", "SD-BASE"),
            salt=self.entropy.bytes(16),
        )
        return self.public(VENDOR, card.to_body(), key, UnixSeconds(T0 + 20 * DAY))

    def offer(self, card: bytes, minor: int = 18_900) -> Offer:
        money = Money("GBP", minor)
        item = Item("Twin stroller, two seats", money, Quantity(1), sku="TS-2")
        option = Option(
            id="1",
            title="Twin stroller",
            items=(item,),
            ship=Ship("deliver", Money("GBP", 500), 2),
            tax=Tax(included=True),
            total=Money("GBP", minor + 500),
            condition="new",
            meets={"seats": "yes", "when": "yes"},
        )
        return Offer("Pram Palace", card, (option,), self.entropy.bytes(16), ("accept", "SD-BASE"), T0 + DAY)

    def note(self, buyer: Buyer, vendor: SigningKey, body: bytes, poster: SigningKey | None = None) -> bytes:
        """A note with a message inside, posted by the vendor itself unless another poster is given."""
        poster = poster or vendor
        rfp = buyer.envelope
        message = Message(
            OFFER, self.network.id, rfp.id, buyer.box.public, poster.public, buyer.rfp.terms.hash, body, vendor.public
        )
        sealed = seal_message(message.signed_by(vendor), buyer.box.public, BoxKey(self.entropy.bytes(32)))
        return self.posted(sealed, poster, buyer.key.public, rfp.expires)

    def posted(
        self, sealed: bytes, poster: SigningKey, tag: bytes, expires: UnixSeconds, noun: str = "note_a"
    ) -> bytes:
        """A note around something sealed."""
        bits = price(self.network, noun, total_size(NOTE, sealed), expires - T0)
        return stamped(prepare(Header(NOTE, self.network.id, expires, bits), sealed, poster.public, tag), poster)
