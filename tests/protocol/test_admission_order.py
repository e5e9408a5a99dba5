"""Admission: from cheap to dear. What fails a cheap check costs a relay no signature check (ADM-2)."""

from __future__ import annotations

import pytest

from intentcast.machines.effects import Send
from intentcast.testing.bench import Bench, closed, frames_to, make_bench
from intentcast.testing.samples import DAY, T0
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Done, Error, Give, Submit

ANYBODY, RELAY = 1, 2


def without_stamp(data: bytes) -> bytes:
    return data[:21] + bytes(8) + data[29:]


def without_signature(data: bytes) -> bytes:
    return data[:-64] + bytes(64)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[:-1], "size"),
        (lambda data: data + bytes(8192), "size"),
        (lambda data: b"\x98" + data[1:], "malformed"),
        (lambda data: data[:2] + b"\x07" + data[3:], "malformed"),
        (lambda data: data[:5] + bytes(8) + data[13:], "network"),
        (lambda data: data[:14] + (T0 - 1).to_bytes(4, "big") + data[18:], "expired"),
        (lambda data: data[:14] + (T0 + 90 * DAY).to_bytes(4, "big") + data[18:], "life"),
        (lambda data: data[:18] + b"\0" + data[19:], "stamp"),
        (without_stamp, "stamp"),
    ],
)
def test_no_signature_is_checked_of_what_fails_a_cheap_check(bench: Bench, spoil: object, code: str) -> None:
    assert callable(spoil)
    bench.link(ANYBODY)

    effects = bench.take(ANYBODY, Submit(spoil(bench.buyer().data)))

    assert [frame.code for frame in frames_to(effects, ANYBODY) if isinstance(frame, Error)] == [code]
    assert bench.station.verified == 0


def test_a_signature_is_checked_once_the_stamp_holds_and_only_then(bench: Bench) -> None:
    bench.link(ANYBODY)
    rfp = bench.buyer().data
    both_wrong = without_signature(without_stamp(rfp))

    bench.take(ANYBODY, Submit(both_wrong))
    assert bench.station.verified == 0

    effects = bench.take(ANYBODY, Submit(without_signature(rfp)))
    assert bench.station.verified == 1
    assert closed(effects) == [(ANYBODY, "ENV-7")]


def test_a_flood_of_bad_stamps_costs_no_signature(bench: Bench) -> None:
    bench.relay_link(RELAY)
    rfp = without_signature(bench.buyer().data)

    for number in range(20):
        bench.take(RELAY, Give(tuple(rfp[:21] + (number * 32 + n).to_bytes(8, "big") + rfp[29:] for n in range(32))), 0)

    # A stamp of 4 bits is met by one nonce in 16: that share may cost a signature, the rest may not.
    assert bench.station.verified < 20 * 32 / 8


def test_a_known_envelope_costs_no_signature(bench: Bench) -> None:
    bench.link(ANYBODY)
    rfp = bench.buyer().data
    bench.take(ANYBODY, Submit(rfp))

    again = bench.take(ANYBODY, Submit(rfp))

    assert bench.station.verified == 1
    assert [type(frame) for frame in frames_to(again, ANYBODY)] == [Done]


def test_an_id_counts_as_known_only_once_its_signature_held(bench: Bench) -> None:
    """ENV-8: whoever sees an envelope on its way cannot keep it out by sending it first with another signature."""
    bench.link(ANYBODY)
    bench.link(3)
    rfp = bench.buyer().data

    bench.take(3, Submit(without_signature(rfp)))
    effects = bench.take(ANYBODY, Submit(rfp))

    assert [type(frame) for frame in frames_to(effects, ANYBODY)] == [Done]
    assert bench.station.relay.statistics().rfps == 1


def test_too_little_work_is_answered_with_how_much_would_do_and_the_link_lives(bench: Bench) -> None:
    """FRM-8, FRM-10, ADM-3."""
    bench.link(ANYBODY)
    rfp = bench.buyer().data

    effects = bench.take(ANYBODY, Submit(rfp[:18] + b"\0" + rfp[19:]), 9)

    assert effects == [Send(ANYBODY, Error("stamp", bits=4), 9)]


def test_what_expired_is_nobodys_fault(bench: Bench) -> None:
    bench.link(ANYBODY)
    buyer = bench.buyer()
    bench.seconds = 2 * DAY

    effects = bench.take(ANYBODY, Submit(buyer.data), 9)

    assert effects == [Send(ANYBODY, Error("expired"), 9)]


def test_a_surcharge_is_asked_of_what_enters_and_of_nothing_that_relays_give() -> None:
    """ADM-4."""
    bench = make_bench(surcharge=3)
    bench.link(ANYBODY)
    bench.relay_link(RELAY)
    buyer = bench.buyer()

    entering = bench.take(ANYBODY, Submit(buyer.data))
    given = bench.take(RELAY, Give((buyer.data,)), 0)

    assert frames_to(entering, ANYBODY) == [Error("stamp", bits=7)]
    assert closed(given) == []
    assert bench.station.relay.statistics().rfps == 1


def test_a_full_disk_is_said_and_nothing_is_shown(bench: Bench) -> None:
    """ADM-9."""
    bench.link(ANYBODY)
    bench.relay_link(RELAY)
    buyer = bench.buyer()
    bench.station.disk_full = True

    effects = bench.take(ANYBODY, Submit(buyer.data))
    assert effects == [Send(ANYBODY, Error("full"), 1)]
    assert bench.station.relay.statistics().rfps == 0

    bench.station.disk_full = False
    assert frames_to(bench.take(ANYBODY, Submit(buyer.data)), ANYBODY) == [Done(id=buyer.envelope.id)]


def test_a_longer_life_costs_more_only_beyond_what_clocks_may_differ(bench: Bench) -> None:
    bench.link(ANYBODY)
    edge = bench.samples.buyer((bench.key,), UnixSeconds(T0 + 7 * DAY))
    bench.seconds = -7_200  # our clock is two hours behind the buyer's

    assert [type(frame) for frame in frames_to(bench.take(ANYBODY, Submit(edge.data)), ANYBODY)] == [Done]
