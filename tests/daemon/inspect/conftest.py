"""One buyer, one vendor, and what they send each other."""

from dataclasses import dataclass

import pytest

from intentcast.crypto.keys import SigningKey
from intentcast.records.envelope import envelope_untrusted
from intentcast.testing.samples import Buyer, Samples


@dataclass(frozen=True)
class Market:
    samples: Samples
    relay: SigningKey
    buyer: Buyer
    vendor: SigningKey
    vendor_card: bytes
    note: bytes


@pytest.fixture(scope="session")
def market() -> Market:
    samples = Samples()
    relay, vendor = samples.key(), samples.key()
    buyer = samples.buyer((relay.public,))
    card = samples.vendor_card(vendor)
    note = samples.note(buyer, vendor, samples.offer(envelope_untrusted(card).id).to_body())
    return Market(samples, relay, buyer, vendor, card, note)
