"""The relay: which frame may come from whom, and where it goes."""

from __future__ import annotations

import pytest

from intentcast.limits import CIRCUITS_BURST
from intentcast.machines.effects import OpenTunnel, ReadBoard, Send
from intentcast.machines.inputs import LinkDown, LinkId
from intentcast.testing.bench import Bench, closed, frames_to
from intentcast.testing.samples import T0
from intentcast.wire.frames import (
    Cards,
    Connect,
    Done,
    Error,
    Frame,
    Give,
    Hello,
    Notes,
    Ping,
    Pong,
    Published,
    Read,
    Reading,
    Submit,
    Subscribe,
    Visit,
    Visited,
    Welcome,
)

ANYBODY, RELAY = 1, 2
EPOCH = T0 // 600


def test_a_ping_is_answered(bench: Bench) -> None:
    bench.link(ANYBODY)

    assert bench.take(ANYBODY, Ping(), 7) == [Send(LinkId(ANYBODY), Pong(), 7)]


@pytest.mark.parametrize("frame", [Done(), Error("busy"), Pong(), Notes(EPOCH, ()), Visited()])
def test_answers_to_nothing_are_ignored(bench: Bench, frame: Frame) -> None:
    """FRM-6."""
    bench.link(ANYBODY)

    assert bench.take(ANYBODY, frame) == []


@pytest.mark.parametrize("frame", [Hello(1, bytes(8), ()), Welcome(1, (), 0)])
def test_a_second_greeting_ends_the_link(bench: Bench, frame: Frame) -> None:
    """LNK-4."""
    bench.link(ANYBODY)

    assert closed(bench.take(ANYBODY, frame)) == [(ANYBODY, "LNK-4")]


def test_a_fault_ends_its_link_and_no_other(bench: Bench) -> None:
    """LNK-10: nobody can have somebody else cut off."""
    for link in (ANYBODY, 3):
        bench.link(link)
    rfp = bench.buyer().data

    effects = bench.take(ANYBODY, Submit(rfp[:-64] + bytes(64)))

    assert closed(effects) == [(ANYBODY, "ENV-7")]
    assert [type(frame) for frame in frames_to(bench.take(3, Submit(rfp)), 3)] == [Done]


def test_an_error_that_is_nobodys_fault_leaves_the_link_open(bench: Bench) -> None:
    """FRM-8."""
    bench.link(ANYBODY)
    bench.take(ANYBODY, Connect(bytes(32)))
    bench.take(ANYBODY, Read(0, b"", 0, 0, False))
    bench.take(ANYBODY, Submit(bench.buyer().data))

    assert closed(bench.said) == []


def test_nobody_is_joined_to_an_address_of_his_own_choice(bench: Bench) -> None:
    """CIR-2."""
    bench.link(ANYBODY)
    relay, vendor = bench.samples.key(), bench.samples.key()
    bench.take(ANYBODY, Submit(bench.samples.relay_card(relay)))
    bench.take(ANYBODY, Submit(bench.samples.vendor_card(vendor)))

    assert bench.take(ANYBODY, Connect(relay.public), 3) == [OpenTunnel(LinkId(ANYBODY), 3, relay.public)]  # type: ignore[arg-type]
    for stranger in (bytes(32), vendor.public):
        assert bench.take(ANYBODY, Connect(stranger), 4) == [Send(LinkId(ANYBODY), Error("unknown_relay"), 4)]


def test_a_key_may_have_a_relay_card_and_a_vendor_card(bench: Bench) -> None:
    bench.link(ANYBODY)
    key = bench.samples.key()
    bench.take(ANYBODY, Submit(bench.samples.relay_card(key)))
    bench.take(ANYBODY, Submit(bench.samples.vendor_card(key)))

    assert isinstance(bench.take(ANYBODY, Connect(key.public))[0], OpenTunnel)
    assert bench.station.relay._is_vendor(key.public)
    assert (bench.station.relay.statistics().relay_cards, bench.station.relay.statistics().vendor_cards) == (1, 1)


def test_a_link_opens_so_many_circuits_at_once_and_then_one_a_minute(bench: Bench) -> None:
    """CIR-4."""
    bench.link(ANYBODY)
    bench.link(3)
    relay = bench.samples.key()
    bench.take(ANYBODY, Submit(bench.samples.relay_card(relay)))

    def opens(link: int = ANYBODY) -> bool:
        return any(isinstance(effect, OpenTunnel) for effect in bench.take(link, Connect(relay.public)))

    assert [opens() for _ in range(CIRCUITS_BURST + 1)] == [True] * CIRCUITS_BURST + [False]
    assert frames_to(bench.take(ANYBODY, Connect(relay.public)), ANYBODY) == [Error("rate", retry_seconds=60)]
    assert opens(3), "another link has its own account"
    bench.wait(61)
    assert [opens(), opens()] == [True, False]
    bench.wait(3_600)
    assert [opens() for _ in range(CIRCUITS_BURST + 1)] == [True] * CIRCUITS_BURST + [False]


def test_cards_are_drawn_afresh_each_at_most_once(bench: Bench) -> None:
    """SPR-8."""
    bench.link(ANYBODY)
    cards = {bench.samples.relay_card(bench.samples.key(), port=port) for port in range(1, 11)}
    for card in cards:
        bench.take(ANYBODY, Submit(card))

    def draw(count: int) -> list[bytes]:
        frames = frames_to(bench.take(ANYBODY, Cards(count)), ANYBODY)
        assert isinstance(frames[-1], Done)
        return [card for frame in frames if isinstance(frame, Give) for card in frame.envelopes]

    draws = [tuple(draw(4)) for _ in range(20)]
    assert all(len(set(drawn)) == 4 and set(drawn) <= cards for drawn in draws)
    assert len(set(draws)) > 10
    assert set(draw(32)) == cards


def test_a_visit_publishes_like_a_submit_and_is_told_in_its_own_frame(bench: Bench) -> None:
    """CIR-16."""
    bench.link(ANYBODY)
    buyer = bench.buyer()

    [done] = frames_to(bench.take(ANYBODY, Visit(buyer.data), 4), ANYBODY)
    [again] = frames_to(bench.take(ANYBODY, Visit(buyer.data), 5), ANYBODY)

    assert isinstance(done, Visited)
    assert isinstance(again, Visited)
    assert done.published == again.published == Published(id=buyer.envelope.id)


@pytest.mark.parametrize(
    ("spoil", "published"),
    [
        (lambda data: data[:18] + b"\0" + data[19:], Published(error="stamp", bits=4)),
        (lambda data: data[:-64] + bytes(64), Published(error="signature")),
        (lambda data: b"", Published(error="size")),
    ],
)
def test_a_visit_is_told_what_is_wrong_with_its_envelope(bench: Bench, spoil: object, published: Published) -> None:
    assert callable(spoil)
    bench.link(ANYBODY)

    [answer] = frames_to(bench.take(ANYBODY, Visit(spoil(bench.buyer().data)), 4), ANYBODY)

    assert isinstance(answer, Visited)
    assert answer.published == published


def test_a_visit_publishes_rfps_and_closes_and_nothing_else(bench: Bench) -> None:
    """CIR-16: a card would go around the hold."""
    bench.link(ANYBODY)
    card = bench.samples.relay_card(bench.samples.key())

    [answer] = frames_to(bench.take(ANYBODY, Visit(card), 4), ANYBODY)

    assert isinstance(answer, Visited)
    assert answer.published == Published(error="malformed")
    assert bench.station.relay.statistics().relay_cards == 0


def test_a_visit_reads_boards_and_never_says_for_whom(bench: Bench) -> None:
    bench.link(ANYBODY)
    reading = Reading(0, b"", (EPOCH,), 0, (bytes(32), bytes(31) + b"\1"), False)

    effects = bench.take(ANYBODY, Visit(None, reading), 4)

    assert [(effect.board, effect.key) for effect in effects if isinstance(effect, ReadBoard)] == list(
        enumerate(reading.boards)
    )
    assert frames_to(effects, ANYBODY) == []


def test_with_a_link_goes_all_that_it_asked_for(bench: Bench) -> None:
    bench.link(ANYBODY)
    bench.take(ANYBODY, Subscribe((1,), (), (), False), 1)
    bench.take(ANYBODY, Read(0, b"", EPOCH, 0, True), 2)
    bench.take(ANYBODY, Visit(None, Reading(0, b"", (EPOCH,), 0, (bytes(32),), True)), 3)
    assert bench.station.relay.statistics().visits == 1

    bench.station.receive(LinkDown(LinkId(ANYBODY)), bench.now)
    bench.link(3)
    bench.take(3, Submit(bench.buyer().data))

    assert [effect for effect in bench.said if isinstance(effect, Send) and isinstance(effect.frame, Give)] == []
    statistics = bench.station.relay.statistics()
    assert (statistics.links, statistics.visits) == (1, 0)


def test_a_relay_counts_and_names_nobody(bench: Bench) -> None:
    bench.link(ANYBODY)
    bench.relay_link(RELAY)
    bench.take(ANYBODY, Submit(bench.buyer().data))
    bench.take(ANYBODY, Submit(b""))

    statistics = bench.station.relay.statistics()

    assert (statistics.links, statistics.relays, statistics.rfps) == (2, 1, 1)
    assert statistics.refused == {"size": 1}
