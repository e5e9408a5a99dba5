"""What an inbox takes and what it drops unseen: the checks of a board again, and those that only a reader can make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
import trio

from intentcast.crypto.keys import SigningKey
from intentcast.errors import Ignored, Rejected
from intentcast.ids import NoteId, RelayKey
from intentcast.networks import NETWORKS
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.offer import Offer
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, Buyer, Samples
from intentcast.units import UnixSeconds
from intentcastd import clock
from intentcastd.api.views_offer import offer_view
from intentcastd.buyer.inbox import Address, Inbox, open_offer_untrusted
from intentcastd.buyer.ranking import rank
from intentcastd.engine.news import News
from intentcastd.entropy import SystemEntropy
from intentcastd.store import offers, rfps
from intentcastd.store.database import Database
from intentcastd.store.offers import StoredOffer
from intentcastd.store.rfps import Draft, Secrets
from intentcastd.store.sealed import Seal

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


class NoSockets(trio.abc.SocketFactory):
    """Makes every attempt to open a socket fail."""

    def socket(self, family: int = 0, type: int = 0, proto: int = 0) -> NoReturn:
        raise AssertionError("a socket was opened because an offer came")


async def test_taking_an_offer_contacts_nobody(tmp_path: Path) -> None:
    # OFF-7
    post = Post()
    now = clock.unix_seconds()
    seal = Seal(bytes(32), SystemEntropy())
    trio.socket.set_custom_socket_factory(NoSockets())
    async with Database.open(tmp_path / "store.db") as database:
        buyer = post.samples.buyer((BOARD,), UnixSeconds(now + 7200))
        envelope = buyer.envelope
        draft = Draft("r1", now, "{}", b"", envelope.expires, envelope.network, Secrets(bytes(32), bytes(32)), "live")
        await database.write(lambda connection: rfps.insert_draft(connection, seal, draft))
        inbox = Inbox(post.samples.network, News(database), seal)
        address = Address("r1", envelope.id, envelope.author, buyer.box, buyer.rfp)
        offer = replace(post.offer(), valid_until=now + 3600, note="see https://shop.example/offer?id=1")

        taken = await inbox.take(post.samples.note(buyer, post.vendor, offer.to_body()), address)
        again = await inbox.take(post.samples.note(buyer, post.vendor, offer.to_body()), address)

        assert (taken, again) == (True, False)
        rows = await database.read(lambda connection: offers.list_for(connection, seal, "r1"))
        assert [row.vendor for row in rows] == [post.vendor.public]


def test_a_domain_is_not_shown_because_a_vendor_names_it() -> None:
    # VEN-2
    post = Post()
    offer = post.offer()
    row = StoredOffer(bytes(32), "r1", NoteId(bytes(32)), post.vendor.public, T0, T0, offer.to_body(), "{}", "new")
    (ranked,) = rank([(row.id, offer)], None)

    assert offer_view(ranked, row, 1, 1, T0, post.buyer.rfp.terms).vendor.domain is None
