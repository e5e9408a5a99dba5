"""What an inbox takes and what it drops unseen: the checks of a board again, and those that only a reader can make."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intentcast.crypto.keys import SigningKey
from intentcast.errors import Ignored, Rejected
from intentcast.ids import RelayKey
from intentcast.networks import NETWORKS
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.offer import Offer
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, Buyer, Samples
from intentcast.units import UnixSeconds
from intentcastd.buyer.inbox import Address, open_offer_untrusted

BOARD = RelayKey(bytes(32))


class Post:
    """A buyer, a vendor, and the notes between them."""

    def __init__(self, network: str = "demo") -> None:
        self.samples = Samples(NETWORKS[network], SeededEntropy("inbox"))
        self.buyer: Buyer = self.samples.buyer((BOARD,))
        self.vendor: SigningKey = self.samples.key()
        self.card = envelope_untrusted(self.samples.vendor_card(self.vendor)).id
        envelope = self.buyer.envelope
        self.address = Address("r1", envelope.id, envelope.author, self.buyer.box, self.buyer.rfp)

    def offer(self) -> Offer:
        return self.samples.offer(self.card)

    def open(self, note: bytes, now: UnixSeconds = T0) -> Offer:
        _, offer = open_offer_untrusted(envelope_untrusted(note), self.address, self.samples.network, now)
        return offer


def test_an_offer_for_this_rfp_is_opened() -> None:
    post = Post()

    assert post.open(post.samples.note(post.buyer, post.vendor, post.offer().to_body())).name == "Pram Palace"


def test_an_offer_that_is_no_longer_valid_is_ignored() -> None:
    # OFF-10
    post = Post()
    stale = replace(post.offer(), valid_until=T0 - 1)

    with pytest.raises(Ignored, match="OFF-10"):
        post.open(post.samples.note(post.buyer, post.vendor, stale.to_body()))


def test_an_offer_that_accepts_other_terms_is_dropped() -> None:
    # TRM-4
    post = Post()
    note = post.samples.note(post.buyer, post.vendor, post.offer().to_body())
    first, *_ = post.buyer.rfp.terms.chosen
    asked = replace(post.buyer.rfp, terms=replace(post.buyer.rfp.terms, chosen=(first,)))
    post.address = replace(post.address, rfp=asked)

    with pytest.raises(Rejected, match="TRM-4"):
        post.open(note)


def test_an_offer_that_names_terms_which_were_not_proffered_is_dropped() -> None:
    post = Post()
    offer = replace(post.offer(), terms_choice=("accept", "SD-OTHER"))

    with pytest.raises(Rejected, match="OFF-2"):
        post.open(post.samples.note(post.buyer, post.vendor, offer.to_body()))


def test_a_note_that_a_board_let_in_for_too_little_work_is_dropped() -> None:
    post = Post()
    cheap = Samples(NETWORKS["demo"], post.samples.entropy)
    note = post.samples.note(post.buyer, post.vendor, post.offer().to_body())
    sealed = envelope_untrusted(note).body
    unpaid = Samples(replace(cheap.network, base_effort_bits=5), cheap.entropy).posted(
        sealed, post.vendor, post.buyer.key.public, post.buyer.envelope.expires
    )

    with pytest.raises(Rejected, match="ENV-6"):
        post.open(unpaid)


def test_an_offer_that_was_made_for_another_rfp_of_the_same_person_does_not_open() -> None:
    # MSG-8: its tag is another RFP's author key, and its box another RFP's
    post = Post()
    other = post.samples.buyer((BOARD,))
    note = post.samples.note(other, post.vendor, post.offer().to_body())

    with pytest.raises(Ignored, match="CRY-7"):
        post.open(note)
