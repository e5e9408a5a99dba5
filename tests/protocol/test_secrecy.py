"""What relays and a rival vendor can learn when they put together all that they see, and all their keys."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from intentcast.crypto.keys import BoxKey
from intentcast.crypto.sealing import open_untrusted
from intentcast.encoding.canonical import decode_untrusted
from intentcast.errors import Ignored, Rejected
from intentcast.ids import RelayKey
from intentcast.machines.circuit import Reader
from intentcast.networks import NETWORKS
from intentcast.records.envelope import NOTE, envelope_untrusted
from intentcast.records.head import shard_of
from intentcast.records.message import message_untrusted
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.network import Network, Seen
from intentcast.testing.samples import Buyer, Samples
from intentcast.wire.frames import Post, Reading, Submit, Visit, Visited


class Evening:
    """Three relays, a buyer, a vendor, a rival: one RFP and one offer. All that any relay sees is written down."""

    def __init__(self) -> None:
        entropy = SeededEntropy("evening")
        self.network = Network(entropy, NETWORKS["test"])
        self.samples = Samples(self.network.rules, entropy)
        self.relays = [self.network.relay(name) for name in ("guard", "exit", "board")]
        for one, other in pairwise([*self.relays, self.relays[0]]):
            self.network.join(one, other)
        self.network.run(1)
        for number, node in enumerate(self.relays):
            self.network.client("announcer", node).ask(Submit(self.samples.relay_card(node.station.key, 7117 + number)))
        self.network.run(2)
        boards = tuple(RelayKey(node.station.key.public) for node in self.relays)
        self.buyer = self.samples.buyer(boards)
        self.vendor, self.rival = self.samples.key(), self.samples.key()
        self.card = self.samples.vendor_card(self.vendor)
        self.offer = self.samples.offer(envelope_untrusted(self.card).id)
        self.note = self.samples.note(self.buyer, self.vendor, self.offer.to_body())
        self.answers = self.play(boards)

    def play(self, boards: tuple[RelayKey, ...]) -> list[Visited]:
        guard, exit_, board = self.relays
        client = self.network.client("buyer", guard)
        client.through(exit_.station.key.public)
        reading = Reading(0, b"", (self.network.now.wall // 600,), 0, boards, False)
        client.ask(Visit(self.buyer.data, reading))
        self.network.run(5)
        shop = self.network.client("vendor", board)
        shop.ask(Submit(self.card))
        self.network.run(2)
        shop.ask(Post(self.note))
        self.network.run(2)
        last = client.ask(Visit(None, reading))
        self.network.run(10)
        return [frame for frame in client.answers(last) if isinstance(frame, Visited)]


@pytest.fixture(scope="module")
def evening() -> Evening:
    return Evening()


def notes_in(seen: list[Seen]) -> set[bytes]:
    """Return every note that lies anywhere in the bytes of the lines."""
    found = set()
    for piece in seen:
        start = piece.data.find(b"\x9a\x01\x10\xc4\x08")
        while start >= 0:
            for size in (1024, 2048, 4096, 8192):
                candidate = piece.data[start : start + size]
                try:
                    found.add(envelope_untrusted(candidate).data)
                except Rejected:
                    continue
            start = piece.data.find(b"\x9a\x01\x10\xc4\x08", start + 1)
    return found


def keys_of(evening: Evening) -> list[BoxKey]:
    """Return every secret that relays and the rival have, tried as a key that opens boxes."""
    secrets = [node.station.key.seed for node in evening.relays] + [evening.rival.seed]
    wide = [key.secret[:32] for key in (*(node.station.key for node in evening.relays), evening.rival)]
    return [BoxKey(secret) for secret in (*secrets, *wide)]


def test_the_buyer_reads_the_offer(evening: Evening) -> None:
    """The control: the evening is one on which there is something to keep secret."""
    [answer] = evening.answers
    reader = Reader(evening.network.rules.id, shard_of(evening.buyer.key.public, 0), evening.buyer.rfp.boards)
    [note], verdicts = reader.take_untrusted(answer)

    message = message_untrusted(envelope_untrusted(note), evening.buyer.envelope.id, evening.buyer.box)
    assert message.body == evening.offer.to_body()
    assert any(verdict.complete and verdict.count == 1 for verdict in verdicts)


def test_all_relays_and_a_rival_together_cannot_open_an_offer(evening: Evening) -> None:
    notes = notes_in(evening.network.seen)
    assert evening.note in notes

    for note in map(envelope_untrusted, notes):
        assert note.kind == NOTE
        for key in keys_of(evening):
            with pytest.raises(Ignored):
                open_untrusted(note.body, key)
            with pytest.raises(Ignored):
                message_untrusted(note, evening.buyer.envelope.id, key)


def test_nothing_of_an_offer_lies_open_on_any_line(evening: Evening) -> None:
    # The vendor's card is public, and so are its id and its name.
    public = b"\n".join(piece.data for piece in evening.network.seen).replace(evening.card, b"")
    public = public.replace(evening.offer.card, b"")
    body = evening.offer.to_body()
    item = evening.offer.options[0].items[0]

    assert item.name.encode() not in public
    assert str(item.sku).encode() not in public
    assert evening.offer.salt not in public
    leaks = {body[at : at + 12] for at in range(len(body) - 12) if body[at : at + 12] in public}
    assert {leak for leak in leaks if leak not in evening.buyer.data} == set()


def test_the_lines_of_a_visit_carry_one_size_whatever_it_does(evening: Evening) -> None:
    """CIR-6: publishing and reading, with offers or without, look the same to the guard."""
    up = [len(piece.data) for piece in evening.network.seen if piece.source == "buyer" and piece.target == "guard"]
    down = [len(piece.data) for piece in evening.network.seen if piece.source == "guard" and piece.target == "buyer"]

    assert up.count(8192) == 2
    assert down.count(32768) == 2
    assert all(size in (8192, 32768) or size < 200 for size in up + down)


def test_boards_never_hear_from_the_buyer(evening: Evening) -> None:
    assert {piece.target for piece in evening.network.seen if piece.source == "buyer"} == {"guard"}


def test_what_one_visitor_sees_of_another_names_nobody(evening: Evening) -> None:
    """A visit's answer holds notes, heads and ids of the shard: no link, address or request of anybody else."""
    [answer] = evening.answers
    assert answer.cards == () or all(envelope_untrusted(card).kind == 4 for card in answer.cards)


# ---- two RFPs of one buyer


def shared_runs(one: bytes, other: bytes, least: int) -> set[bytes]:
    runs = set()
    at = 0
    while at <= len(one) - least:
        size = least
        if one[at : at + size] not in other:
            at += 1
            continue
        while at + size < len(one) and one[at : at + size + 1] in other:
            size += 1
        runs.add(one[at : at + size])
        at += size
    return runs


def test_two_rfps_of_one_buyer_share_no_bytes_beyond_what_all_rfps_share() -> None:
    """RFP-4: key, box and salt are fresh, the nonce starts afresh: nothing ties two RFPs of one person together."""
    samples = Samples(entropy=SeededEntropy("one buyer"))
    board = RelayKey(bytes(32))
    mine = [samples.buyer((board,)) for _ in range(2)]
    strangers = [Samples(entropy=SeededEntropy(f"stranger {n}")).buyer((board,)) for n in range(3)]

    for one, other in combinations(mine, 2):
        runs = shared_runs(one.data, other.data, 5)
        constants = [stranger.data for stranger in strangers]
        assert [run for run in runs if not all(run in constant for constant in constants)] == []


def test_an_rfp_says_nothing_of_the_buyers_other_keys() -> None:
    samples = Samples(entropy=SeededEntropy("one buyer"))
    one, other = (samples.buyer((RelayKey(bytes(32)),)) for _ in range(2))
    secrets: list[Buyer] = [one, other]

    for buyer in secrets:
        for mine in (buyer.key.seed, buyer.box.secret):
            assert all(mine not in whole.data for whole in secrets)
    assert decode_untrusted(one.data) != decode_untrusted(other.data)
