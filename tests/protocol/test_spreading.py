"""Spreading: given once to each that wants it, by category, area and kind; closes; one live RFP per key."""

from __future__ import annotations

import pytest

from intentcast.crypto.keys import BoxKey
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.machines.effects import Keep, Send, Verify
from intentcast.machines.inputs import FrameReceived, LinkId, LinkUp, Stored, Verified
from intentcast.machines.relay import Relay
from intentcast.records.close import Close
from intentcast.records.envelope import CLOSE, RELAY, RFP, VENDOR, envelope_untrusted
from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import Area, AreaFilter, Quantity
from intentcast.testing.bench import Bench, closed, frames_to, make_bench
from intentcast.testing.samples import DAY, T0, Buyer, sample_proffer
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Done, Error, Give, Handoff, Stop, Submit, Subscribe

ANYBODY, ONE, OTHER = 1, 2, 3
EVERYTHING = Subscribe((RFP, CLOSE, RELAY, VENDOR), (), (), False)


def given(effects: list[object], link: int) -> list[bytes]:
    frames = [effect.frame for effect in effects if isinstance(effect, Send) and effect.link == link]
    return [envelope for frame in frames if isinstance(frame, Give) for envelope in frame.envelopes]


def rfp_for(bench: Bench, category: str, area: Area | None = None) -> bytes:
    samples = bench.samples
    body = Rfp(
        category=category,
        kind="goods",
        quantity=Quantity(1),
        boards=(bench.key,),
        box=BoxKey(samples.entropy.bytes(32)).public,
        salt=samples.entropy.bytes(16),
        terms=sample_proffer(),
        area=area,
    ).to_body()
    return samples.public(RFP, body, samples.key(), UnixSeconds(T0 + DAY))


def test_an_envelope_is_given_once_to_each_link_that_wants_it_but_not_to_who_brought_it(bench: Bench) -> None:
    """SPR-1, SPR-4."""
    for link in (ONE, OTHER):
        bench.relay_link(link)
        bench.take(link, EVERYTHING)
    rfp = bench.buyer().data

    first = bench.take(ONE, Give((rfp,)), 0)
    again = bench.take(OTHER, Give((rfp, rfp)), 0)

    assert given(first, OTHER) == [rfp]
    assert given(first, ONE) == []
    assert again == []


def test_an_envelope_that_comes_twice_before_it_is_on_disk_is_given_once() -> None:
    """SPR-1: two relays give the same envelope at the same moment."""
    bench = make_bench()
    relay = Relay(bench.station.settings, bench.station.key, bench.samples.entropy)
    for link in (ONE, OTHER, 4):
        relay.receive(LinkUp(LinkId(link), bench.station.settings.key), bench.now)
        relay.receive(FrameReceived(LinkId(link), EVERYTHING, 1), bench.now)
    rfp = bench.buyer().data
    keeps = []
    for link in (ONE, OTHER):
        [verify] = relay.receive(FrameReceived(LinkId(link), Give((rfp,)), 0), bench.now)
        assert isinstance(verify, Verify)
        [keep] = relay.receive(Verified(verify.token, (True,)), bench.now)
        assert isinstance(keep, Keep)
        keeps.append(keep)

    said = [effect for keep in keeps for effect in relay.receive(Stored(keep.token), bench.now)]

    assert given(list(said), 4) == [rfp]


def test_an_rfp_whose_close_was_on_disk_first_is_not_given() -> None:
    """CLO-4, when the two cross between the check of the signature and the disk."""
    bench = make_bench()
    relay = Relay(bench.station.settings, bench.station.key, bench.samples.entropy)
    for link in (ONE, OTHER):
        relay.receive(LinkUp(LinkId(link), bench.station.settings.key), bench.now)
        relay.receive(FrameReceived(LinkId(link), EVERYTHING, 1), bench.now)
    buyer = bench.buyer()
    close = bench.samples.close(buyer)
    tokens = []
    for data in (buyer.data, close):
        [verify] = relay.receive(FrameReceived(LinkId(ONE), Give((data,)), 0), bench.now)
        assert isinstance(verify, Verify)
        [keep] = relay.receive(Verified(verify.token, (True,)), bench.now)
        assert isinstance(keep, Keep)
        tokens.append(keep.token)

    said = [effect for token in reversed(tokens) for effect in relay.receive(Stored(token), bench.now)]

    assert given(list(said), OTHER) == [close]
    assert relay.statistics().rfps == 0


@pytest.mark.parametrize(
    ("wanted", "category", "comes"),
    [
        ("bt-6", "bt-6", True),
        ("bt-6", "bt-6-3-2", True),
        ("bt-6-3-2", "bt-6", True),
        ("bt-6", "bt-60", False),
        ("bt-60", "bt-6", False),
        ("bt", "bt-60", True),
        ("aa", "bt-6", False),
    ],
)
def test_a_subscription_takes_its_branch_upwards_and_downwards(
    bench: Bench, wanted: str, category: str, comes: bool
) -> None:
    """SPR-3, VOC-2."""
    bench.link(ONE)
    bench.link(ANYBODY)
    bench.take(ONE, Subscribe((RFP,), ("zz", wanted), (), False))
    rfp = rfp_for(bench, category)

    assert given(list(bench.take(ANYBODY, Submit(rfp))), ONE) == ([rfp] if comes else [])


@pytest.mark.parametrize(
    ("where", "place", "comes"),
    [
        (AreaFilter("GB"), Area("GB", "Glasgow", 626_410), True),
        (AreaFilter("DE"), Area("GB", "Glasgow", 626_410), False),
        (AreaFilter("DE"), None, True),
        (AreaFilter("GB", name="Leeds"), Area("GB", "Glasgow", 626_410), False),
    ],
)
def test_a_subscription_takes_its_areas(bench: Bench, where: AreaFilter, place: Area | None, comes: bool) -> None:
    """SPR-3, VOC-8."""
    bench.link(ONE)
    bench.link(ANYBODY)
    bench.take(ONE, Subscribe((RFP,), (), (where,), False))
    rfp = rfp_for(bench, "bt-6", place)

    assert given(list(bench.take(ANYBODY, Submit(rfp))), ONE) == ([rfp] if comes else [])


def test_kinds_besides_rfps_come_to_whoever_asks_for_the_kind(bench: Bench) -> None:
    bench.link(ONE)
    bench.link(ANYBODY)
    bench.take(ONE, Subscribe((RELAY,), ("bt-6",), (AreaFilter("DE"),), False))
    card = bench.samples.relay_card(bench.samples.key())
    vendor = bench.samples.vendor_card(bench.samples.key())

    assert given(list(bench.take(ANYBODY, Submit(card))), ONE) == [card]
    assert given(list(bench.take(ANYBODY, Submit(vendor))), ONE) == []


def test_with_replay_what_is_live_comes_first_and_then_done(bench: Bench) -> None:
    bench.link(ANYBODY)
    bench.link(ONE)
    kept = [bench.buyer().data for _ in range(40)]
    for data in kept:
        bench.take(ANYBODY, Submit(data))

    effects = bench.take(ONE, Subscribe((RFP,), ("bt-6",), (), True), 7)

    assert given(list(effects), ONE) == kept
    assert [len(frame.envelopes) for frame in frames_to(effects, ONE)[:-1] if isinstance(frame, Give)] == [32, 8]
    assert effects[-1] == Send(LinkId(ONE), Done(), 7)


def test_a_new_subscription_takes_the_place_of_the_old_and_stop_ends_it(bench: Bench) -> None:
    bench.link(ANYBODY)
    bench.link(ONE)
    bench.take(ONE, Subscribe((RFP,), ("bt",), (), False), 1)
    bench.take(ONE, Subscribe((RFP,), ("aa",), (), False), 2)
    assert given(list(bench.take(ANYBODY, Submit(rfp_for(bench, "bt-6")))), ONE) == []
    assert len(given(list(bench.take(ANYBODY, Submit(rfp_for(bench, "aa-6")))), ONE)) == 1

    bench.take(ONE, Stop(), 1)
    assert len(given(list(bench.take(ANYBODY, Submit(rfp_for(bench, "aa-6")))), ONE)) == 1
    bench.take(ONE, Stop(), 2)
    assert given(list(bench.take(ANYBODY, Submit(rfp_for(bench, "aa-6")))), ONE) == []


def test_two_relays_that_meet_ask_each_other_for_everything(bench: Bench) -> None:
    """SPR-2."""
    effects = bench.link(ONE, bench.samples.key().public)

    assert frames_to(effects, ONE) == [Subscribe((RFP, CLOSE, RELAY, VENDOR), (), (), True)]


def test_done_is_said_only_after_the_commit() -> None:
    """SPR-6."""
    bench = make_bench()
    relay = Relay(bench.station.settings, bench.station.key, bench.samples.entropy)
    relay.receive(LinkUp(LinkId(ANYBODY), None), bench.now)
    [verify] = relay.receive(FrameReceived(LinkId(ANYBODY), Submit(bench.buyer().data), 1), bench.now)
    assert isinstance(verify, Verify)
    [keep] = relay.receive(Verified(verify.token, (True,)), bench.now)
    assert isinstance(keep, Keep)

    [done] = relay.receive(Stored(keep.token), bench.now)

    assert isinstance(done, Send)
    assert isinstance(done.frame, Done)


def test_what_is_given_goes_on_as_the_very_bytes_that_came(bench: Bench) -> None:
    bench.relay_link(ONE)
    bench.relay_link(OTHER)
    bench.take(OTHER, EVERYTHING)
    sent = tuple(bench.buyer().data for _ in range(32))

    assert tuple(given(list(bench.take(ONE, Give(sent), 0)), OTHER)) == sent


def test_one_bad_envelope_in_a_give_ends_the_link_and_the_good_ones_are_kept(bench: Bench) -> None:
    """SPR-5."""
    bench.relay_link(ONE)
    good, bad = bench.buyer().data, bench.buyer().data

    effects = bench.take(ONE, Give((good, bad[:-64] + bytes(64))), 0)

    assert closed(effects) == [(ONE, "ENV-7")]
    assert bench.station.relay.statistics().rfps == 1


# ---- closes


def strange_close(bench: Bench, buyer: Buyer) -> bytes:
    body = Close(EnvelopeId(buyer.envelope.id), "filled").to_body()
    return bench.samples.public(CLOSE, body, bench.samples.key(), buyer.envelope.expires)


def test_a_close_ends_its_rfp_and_keeps_it_out(bench: Bench) -> None:
    """CLO-2, CLO-4, ADM-6."""
    bench.link(ANYBODY)
    buyer = bench.buyer()
    bench.take(ANYBODY, Submit(buyer.data))

    bench.take(ANYBODY, Submit(bench.samples.close(buyer)))

    assert bench.station.relay.statistics().rfps == 0
    assert frames_to(bench.take(ANYBODY, Submit(buyer.data)), ANYBODY) == [Error("closed")]


def test_a_close_that_comes_before_its_rfp_keeps_it_out(bench: Bench) -> None:
    bench.link(ANYBODY)
    buyer = bench.buyer()
    bench.take(ANYBODY, Submit(bench.samples.close(buyer)))

    assert frames_to(bench.take(ANYBODY, Submit(buyer.data)), ANYBODY) == [Error("closed")]


@pytest.mark.parametrize("stranger_first", [True, False])
def test_a_close_by_a_stranger_neither_ends_an_rfp_nor_undoes_its_close(bench: Bench, stranger_first: bool) -> None:
    bench.link(ANYBODY)
    buyer = bench.buyer()
    bench.take(ANYBODY, Submit(buyer.data))
    bench.take(ANYBODY, Submit(strange_close(bench, buyer)))
    assert bench.station.relay.statistics().rfps == 1

    closes = [strange_close(bench, buyer), bench.samples.close(buyer)]
    for close in closes if stranger_first else reversed(closes):
        bench.take(ANYBODY, Submit(close))

    assert bench.station.relay.statistics().rfps == 0
    assert frames_to(bench.take(ANYBODY, Submit(buyer.data)), ANYBODY) == [Error("closed")]


def test_a_close_has_the_author_and_the_expiry_of_its_rfp(bench: Bench) -> None:
    """CLO-3."""
    buyer = bench.buyer()
    close = envelope_untrusted(bench.samples.close(buyer))

    assert (close.author, close.expires) == (buyer.envelope.author, buyer.envelope.expires)


def test_a_close_is_forgotten_once_its_rfp_has_expired_anyway(bench: Bench) -> None:
    """SPR-7."""
    bench.link(ANYBODY)
    buyer = bench.buyer()
    bench.take(ANYBODY, Submit(bench.samples.close(buyer)))

    bench.wait(DAY + 7_200 + 10)

    assert len(bench.station.relay.spreading.market) == 0
    assert frames_to(bench.take(ANYBODY, Submit(buyer.data)), ANYBODY) == [Error("expired")]


def test_after_a_restart_closed_rfps_stay_closed_in_whatever_order_they_are_read(bench: Bench) -> None:
    bench.link(ANYBODY)
    buyer, other = bench.buyer(), bench.buyer()
    for data in (buyer.data, bench.samples.close(buyer), other.data):
        bench.take(ANYBODY, Submit(data))

    for order in (1, -1):
        bench.station.envelopes = dict(list(bench.station.envelopes.items())[::order])
        bench.station.restart(bench.now)
        assert bench.station.relay.statistics().rfps == 1
        assert buyer.key.public not in bench.station.relay.board._threads
        assert other.key.public in bench.station.relay.board._threads


# ---- authors, policy, room


def test_a_key_has_one_live_rfp_at_a_time(bench: Bench) -> None:
    """RFP-12, ADM-5."""
    bench.link(ANYBODY)
    buyer = bench.buyer()
    second = bench.samples.public(RFP, buyer.rfp.to_body(), buyer.key, UnixSeconds(buyer.envelope.expires + 600))

    assert frames_to(bench.take(ANYBODY, Submit(buyer.data)), ANYBODY) == [Done(id=buyer.envelope.id)]
    assert frames_to(bench.take(ANYBODY, Submit(second)), ANYBODY) == [Error("author_busy")]

    bench.take(ANYBODY, Submit(bench.samples.close(buyer)))
    assert frames_to(bench.take(ANYBODY, Submit(second)), ANYBODY) == [Done(id=envelope_untrusted(second).id)]


def test_two_rfps_of_one_key_in_one_batch_are_not_both_kept(bench: Bench) -> None:
    bench.relay_link(ONE)
    buyer = bench.buyer()
    second = bench.samples.public(RFP, buyer.rfp.to_body(), buyer.key, UnixSeconds(buyer.envelope.expires + 600))

    bench.take(ONE, Give((buyer.data, second)), 0)

    assert bench.station.relay.statistics().rfps == 1


def test_a_relay_refuses_branches_by_its_policy_and_nothing_beside_them() -> None:
    """ADM-7."""
    bench = make_bench(refused=frozenset({"bt-6"}))
    bench.link(ANYBODY)

    answers = {
        code: frames_to(bench.take(ANYBODY, Submit(rfp_for(bench, code))), ANYBODY)[0]
        for code in ("bt-6", "bt-6-3", "bt-60", "bt")
    }

    assert {code for code, answer in answers.items() if answer == Error("policy")} == {"bt-6", "bt-6-3"}
    assert not closed(bench.said)


def test_an_older_card_that_comes_late_does_not_take_the_place_of_a_newer(bench: Bench) -> None:
    """VEN-4, SPR-9."""
    bench.link(ANYBODY)
    key = bench.samples.key()
    new = bench.samples.relay_card(key, port=2)
    old = bench.samples.public(
        RELAY, envelope_untrusted(bench.samples.relay_card(key, port=1)).body.rstrip(b"\0"), key, UnixSeconds(T0 + DAY)
    )

    for card in (new, old):
        bench.take(ANYBODY, Submit(card))

    assert bench.station.relay.card_of(RelayKey(key.public)) == new


def test_only_proven_relays_give_and_hand_off(bench: Bench) -> None:
    """SPR-5, CIR-14."""
    bench.link(ANYBODY)
    rfp = bench.buyer().data

    assert closed(bench.take(ANYBODY, Give((rfp,)), 0)) == [(ANYBODY, "SPR-5")]
    assert closed(bench.take(ANYBODY, Handoff(rfp))) == [(ANYBODY, "CIR-14")]
    assert bench.station.verified == 0
