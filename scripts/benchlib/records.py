"""Records to measure with: RFPs of 1 KB with keys of their own, vendors, and notes that answer RFPs."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain

from intentcast.crypto.keys import SigningKey
from intentcast.ids import RelayKey
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import NETWORKS
from intentcast.records.envelope import RFP, Header, prepare
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import TOMORROW, Buyer, Samples, stamped
from intentcast.units import UnixSeconds

NETWORK = NETWORKS["test"]
RFP_BYTES = 1024
NOTE_BYTES = 1024
_CHUNK = 500


def samples(seed: str) -> Samples:
    """Return a maker of records of the test network."""
    return Samples(NETWORK, SeededEntropy(seed))


def rfps(seed: str, count: int, expires: UnixSeconds = TOMORROW) -> list[bytes]:
    """Return RFPs of 1 KB: each with its own key, salt and box, stamped at the network's price, signed."""
    maker = samples(seed)
    # The board is some relay and not the one that is measured: that one only carries them.
    model = maker.buyer((RelayKey(maker.key().public),)).rfp
    header = Header(RFP, NETWORK.id, expires, price_of_kind(NETWORK, RFP, RFP_BYTES, 0))
    made = []
    for _ in range(count):
        key = maker.key()
        body = replace(model, box=maker.key().public, salt=maker.entropy.bytes(16)).to_body()
        made.append(stamped(prepare(header, body, key.public), key))
    assert {len(one) for one in made} == {RFP_BYTES}
    return made


def many_rfps(count: int, expires: UnixSeconds) -> list[bytes]:
    """Return RFPs made on all cores, before anything is measured."""
    seeds = [f"rfps {number}" for number in range(-(-count // _CHUNK))]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(rfps, seeds, [_CHUNK] * len(seeds), [expires] * len(seeds))
        return list(chain.from_iterable(made))[:count]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One RFP and the notes that answer it, one from each vendor."""

    buyer: Buyer
    notes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """Some RFPs that name one board, the cards of the vendors, and the vendors' notes."""

    board: SigningKey
    cards: tuple[bytes, ...]
    conversations: tuple[Conversation, ...]


def answered(seed: str, buyers: int, vendors: int) -> Answered:
    """Return RFPs and their offers: every vendor answers every RFP with a sealed note of 1 KB."""
    maker = samples(seed)
    board = maker.key()
    shops = [maker.key() for _ in range(vendors)]
    cards = tuple(maker.vendor_card(shop) for shop in shops)
    body = maker.offer(maker.entropy.bytes(32)).to_body()
    conversations = []
    for _ in range(buyers):
        buyer = maker.buyer((RelayKey(board.public),))
        notes = tuple(maker.note(buyer, shop, body) for shop in shops)
        assert {len(note) for note in notes} == {NOTE_BYTES}
        conversations.append(Conversation(buyer, notes))
    return Answered(board, cards, tuple(conversations))
