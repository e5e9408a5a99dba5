"""A small network in memory: from a buyer's RFP to a subscriber, and from the offers on boards back to the buyer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from intentcast.ids import RelayKey
from intentcast.machines.circuit import Reader
from intentcast.networks import NETWORKS
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.head import shard_of
from intentcast.records.message import message_untrusted
from intentcast.records.offer import offer_untrusted
from intentcast.records.vocabulary import AreaFilter
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.network import Client, Line, Network, Node
from intentcast.testing.samples import Buyer, Samples
from intentcast.wire.frames import Done, Give, Post, Published, Reading, Submit, Subscribe, Visit, Visited

HELD = replace(NETWORKS["test"], hold_mean_seconds=5)


@dataclass
class Town:
    """Three relays that know each other, a vendor, and a buyer behind a guard."""

    network: Network
    relays: list[Node]
    samples: Samples
    vendor: Client
    buyer: Client

    def boards(self) -> tuple[RelayKey, ...]:
        return tuple(RelayKey(node.station.key.public) for node in self.relays)

    def epoch(self) -> int:
        return self.network.now.wall // 600


def built(line: Line | None = None, seed: str = "town") -> Town:
    entropy = SeededEntropy(seed)
    network = Network(entropy, HELD, line)
    samples = Samples(network.rules, entropy)
    relays = [network.relay(name) for name in ("north", "east", "west")]
    for one, other in ((0, 1), (1, 2), (2, 0)):
        network.join(relays[one], relays[other])
    network.run(1)
    for number, node in enumerate(relays):
        announcer = network.client("announcer", node)
        announcer.ask(Submit(samples.relay_card(node.station.key, port=7117 + number)))
    network.run(2)
    vendor = network.client("vendor", relays[2])
    vendor.ask(Subscribe((1, 2), ("bt-6",), (AreaFilter("GB"),), False))
    buyer = network.client("buyer", relays[0])
    buyer.through(relays[1].station.key.public)
    return Town(network, relays, samples, vendor, buyer)


def rfps_at(client: Client) -> list[bytes]:
    return [envelope for frame in client.answers(0) if isinstance(frame, Give) for envelope in frame.envelopes]


def offer_for(town: Town, buyer: Buyer) -> tuple[bytes, bytes]:
    """Return a vendor's card and its note."""
    key = town.samples.key()
    card = town.samples.vendor_card(key)
    return card, town.samples.note(buyer, key, town.samples.offer(envelope_untrusted(card).id).to_body())


def visit(town: Town, buyer: Buyer, publish: bytes | None = None, follow: bool = False) -> int:
    shard = shard_of(buyer.key.public, 0)
    return town.buyer.ask(Visit(publish, Reading(0, shard.prefix, (town.epoch(),), 0, town.boards(), follow)))


def answers(town: Town, request: int) -> list[Visited]:
    return [frame for frame in town.buyer.answers(request) if isinstance(frame, Visited)]


def test_an_rfp_reaches_a_subscriber_and_the_offers_on_boards_reach_the_buyer() -> None:
    town = built()
    buyer = town.samples.buyer(town.boards())

    first = visit(town, buyer, publish=buyer.data)
    assert town.network.run_until(lambda: bool(answers(town, first)))
    assert answers(town, first)[0].published == Published(id=buyer.envelope.id)
    assert town.network.run_until(lambda: bool(rfps_at(town.vendor)), 300), "held, handed on, spread"
    assert rfps_at(town.vendor) == [buyer.data]

    card, note = offer_for(town, buyer)
    town.vendor.ask(Submit(card))
    town.network.run(2)
    for node in town.relays:
        poster = town.network.client("vendor", node)
        request = poster.ask(Post(note))
        assert town.network.run_until(lambda: bool(poster.answers(request)))  # noqa: B023
        assert poster.answers(request) == [Done(id=envelope_untrusted(note).id, lane="a")]

    second = visit(town, buyer)
    assert town.network.run_until(lambda: bool(answers(town, second)))
    [answer] = answers(town, second)
    assert [(read.mask, read.note) for read in answer.notes] == [(0b111, note)]
    notes, verdicts = Reader(HELD.id, shard_of(buyer.key.public, 0), town.boards()).take_untrusted(answer)
    assert [verdict.complete for verdict in verdicts] == [True, True, True]
    message = message_untrusted(envelope_untrusted(notes[0]), buyer.envelope.id, buyer.box)
    assert offer_untrusted(message.body).name == "Pram Palace"
    assert answer.rfps == (buyer.envelope.id,)


def test_a_visit_that_is_held_open_hears_of_an_offer_as_it_comes() -> None:
    town = built()
    buyer = town.samples.buyer(town.boards())
    request = visit(town, buyer, publish=buyer.data, follow=True)
    assert town.network.run_until(lambda: bool(rfps_at(town.vendor)), 300)
    card, note = offer_for(town, buyer)
    town.vendor.ask(Submit(card))
    town.network.run(2)

    town.network.client("vendor", town.relays[2]).ask(Post(note))

    assert town.network.run_until(lambda: any(answer.notes for answer in answers(town, request)), 60)
    told = next(answer for answer in answers(town, request) if answer.notes)
    assert [(read.mask, read.note) for read in told.notes] == [(0b100, note)]


def test_two_relays_that_were_parted_are_at_one_again_after_they_meet() -> None:
    """SPR-2."""
    town = built()
    extra = town.network.relay("south")
    line = town.network.join(town.relays[0], extra)
    town.network.run(1)
    line.close()
    buyers = [town.samples.buyer(town.boards()) for _ in range(5)]
    town.network.run(1)
    for one in buyers:
        town.network.client("buyer", town.relays[0]).ask(Visit(one.data))
    town.network.run(300)
    assert extra.station.relay.statistics().rfps == 0

    town.network.join(extra, town.relays[0])
    town.network.run(2)

    assert extra.station.relay.statistics().rfps == len(buyers)
    assert extra.station.relay.statistics().relay_cards == 3


@pytest.mark.parametrize("loss", [0.0, 0.02])
def test_delay_and_broken_lines_cost_time_and_nothing_else(loss: float) -> None:
    """Relays whose lines break meet again, and in the end all hold the same."""
    town = built(line=Line(latency=0.2, jitter=0.1))
    buyers = [town.samples.buyer(town.boards()) for _ in range(10)]
    for number, one in enumerate(buyers):
        node = town.relays[number % 3]
        town.network.client("buyer", node).ask(Visit(one.data))
        port = town.network.join(node, town.relays[(number + 1) % 3], Line(0.2, 0.1, loss))
        if number % 4 == 3:
            port.close()
    town.network.run(900)

    assert [node.station.relay.statistics().rfps for node in town.relays] == [10, 10, 10]
    assert [node.station.relay.statistics().held for node in town.relays] == [0, 0, 0]


def test_the_same_seed_gives_the_same_run_byte_for_byte() -> None:
    def run(seed: str) -> list[object]:
        town = built(line=Line(0.05, 0.05), seed=seed)
        buyer = town.samples.buyer(town.boards())
        visit(town, buyer, publish=buyer.data)
        town.network.run(120)
        return list(town.network.seen)

    assert run("one") == run("one")
    assert run("one") != run("two")


def test_an_exit_whose_board_is_gone_names_it() -> None:
    town = built()
    buyer = town.samples.buyer((*town.boards()[:2], RelayKey(bytes(32))))
    shard = shard_of(buyer.key.public, 0)
    request = town.buyer.ask(Visit(None, Reading(0, shard.prefix, (town.epoch(),), 0, buyer.rfp.boards, False)))

    assert town.network.run_until(lambda: bool(answers(town, request)))
    assert answers(town, request)[0].missing == (2,)
