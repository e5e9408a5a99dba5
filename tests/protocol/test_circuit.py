"""Guards, exits and boards: who is drawn, who never is, and that all who know the same relays choose the same boards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.errors import Misuse, Rejected, StampTooWeak
from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay, choose_boards, choose_exits, choose_guard, known_relay_untrusted
from intentcast.networks import NETWORKS
from intentcast.records.envelope import RELAY, Header, prepare
from intentcast.records.head import Shard, check_shard, shard_of
from intentcast.records.relay_card import Address, RelayCard
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import DAY, T0, Samples, stamped
from intentcast.units import UnixSeconds

FEATURES = ("board", "circuit", "exit")
keys = st.binary(min_size=32, max_size=32).map(RelayKey)
hosts = st.builds(lambda a, b, c: f"9.{a}.{b}.{c}", st.integers(1, 6), st.integers(0, 9), st.integers(1, 9))
relays = st.builds(
    KnownRelay,
    keys,
    st.builds(Address, hosts, st.just(7117)),
    st.sets(st.sampled_from(FEATURES)).map(lambda f: tuple(sorted(f))),
)
crowds = st.lists(relays, max_size=14, unique_by=lambda relay: relay.key)
shards = st.builds(shard_of, keys, st.integers(0, 32))


@given(crowds, shards, st.data(), st.sampled_from(["public", "home", "test"]))
def test_all_who_know_the_same_relays_choose_the_same_boards(
    crowd: list[KnownRelay], shard: Shard, data: st.DataObject, name: str
) -> None:
    """BRD-14."""
    network = NETWORKS[name]
    shuffled = data.draw(st.permutations(crowd))
    try:
        chosen = choose_boards(shard, crowd, network)
    except Misuse:
        with pytest.raises(Misuse):
            choose_boards(shard, shuffled, network)
        return

    assert choose_boards(shard, shuffled, network) == chosen
    by_key = {relay.key: relay for relay in crowd}
    assert network.boards[0] <= len(set(chosen)) == len(chosen) <= network.boards[1]
    assert all("board" in by_key[key].features for key in chosen)
    if network.one_relay_per_block:
        assert len({by_key[key].block for key in chosen}) == len(chosen)


@given(crowds, shards, relays)
def test_a_relay_that_does_not_win_changes_nothing(crowd: list[KnownRelay], shard: Shard, more: KnownRelay) -> None:
    """Boards stay where they are when relays come and go that would not be chosen."""
    network = NETWORKS["home"]
    boards = [relay for relay in crowd if "board" in relay.features]
    if len(boards) < 3 or any(relay.key == more.key for relay in crowd):
        return
    before = choose_boards(shard, crowd, network)
    after = choose_boards(shard, [*crowd, more], network)

    assert set(after) - {more.key} <= set(before)
    assert more.key in after or after == before


@given(st.lists(st.sampled_from([f"9.{n}.1.1" for n in range(3)]), min_size=6, max_size=40))
def test_many_relays_in_one_block_win_no_more_than_one_seat(blocks: list[str]) -> None:
    """A crowd of relays in one block is one to the draw: where blocks count, it takes at most one seat."""
    crowd = [
        KnownRelay(RelayKey(bytes((number,)) * 32), Address(host, 7117), FEATURES) for number, host in enumerate(blocks)
    ]
    if len(set(blocks)) < 3:
        return

    chosen = choose_boards(Shard(0, b""), crowd, NETWORKS["public"])

    assert len({crowd[key[0]].block for key in chosen}) == 3


@given(crowds.filter(bool), st.text(max_size=5), st.sampled_from(["public", "home", "demo"]))
def test_the_guard_is_no_exit_and_the_two_exits_are_apart(crowd: list[KnownRelay], seed: str, name: str) -> None:
    """CIR-12."""
    network = NETWORKS[name]
    entropy = SeededEntropy(seed)
    try:
        guard = choose_guard(crowd, entropy)
        exits = choose_exits(crowd, guard, network, entropy)
    except Misuse as error:
        assert error.rule == "CIR-5"  # noqa: PT017
        return

    assert "circuit" in guard.features
    assert all("exit" in relay.features for relay in exits)
    assert 1 <= len(exits) <= 2
    assert len({relay.key for relay in exits}) == len(exits)
    if network.circuit_relays > 1:
        assert guard.key not in {relay.key for relay in exits}
    if network.one_relay_per_block:
        blocks = [relay.block for relay in (guard, *exits)]
        assert len(set(blocks)) == len(blocks)


def test_an_exit_is_missing_only_where_there_is_no_second() -> None:
    crowd = [KnownRelay(RelayKey(bytes((n,)) * 32), Address(f"9.{n}.1.1", 7117), FEATURES) for n in range(1, 4)]

    assert len(choose_exits(crowd, crowd[0], NETWORKS["public"], SeededEntropy("x"))) == 2
    assert len(choose_exits(crowd[:2], crowd[0], NETWORKS["public"], SeededEntropy("x"))) == 1
    with pytest.raises(Misuse):
        choose_exits(crowd[:1], crowd[0], NETWORKS["public"], SeededEntropy("x"))


def test_at_home_with_one_relay_it_is_guard_and_exit_in_one() -> None:
    alone = KnownRelay(RelayKey(bytes(32)), Address("192.168.1.2", 7117), FEATURES)

    assert choose_exits([alone], alone, NETWORKS["home"], SeededEntropy("x")) == (alone,)


def test_every_relay_that_may_be_drawn_is_drawn() -> None:
    crowd = [KnownRelay(RelayKey(bytes((n,)) * 32), Address(f"9.{n}.1.1", 7117), FEATURES) for n in range(8)]
    entropy = SeededEntropy("draws")

    guards = {choose_guard(crowd, entropy).key for _ in range(200)}
    pairs = {
        tuple(relay.key for relay in choose_exits(crowd, crowd[0], NETWORKS["public"], entropy)) for _ in range(800)
    }

    assert len(guards) == 8
    assert len(pairs) == 7 * 6


def test_who_opens_no_circuits_is_no_guard() -> None:
    relay = KnownRelay(RelayKey(bytes(32)), Address("9.9.9.9", 7117), ("board", "exit"))

    with pytest.raises(Misuse):
        choose_guard([relay], SeededEntropy("x"))
    assert choose_guard([replace(relay, features=FEATURES)], SeededEntropy("x")).key == relay.key


@given(keys, st.integers(0, 32))
def test_a_shard_holds_the_keys_that_begin_with_it(key: RelayKey, bits: int) -> None:
    """BRD-1."""
    shard = shard_of(key, bits)

    assert check_shard(bits, shard.prefix) == shard
    assert shard.holds(key)
    number = int.from_bytes(key, "big")
    if bits:
        turned = (number ^ 1 << 256 - bits).to_bytes(32, "big")
        assert not shard.holds(turned)
    beyond = (number ^ 1 << 255 - bits).to_bytes(32, "big")
    assert shard.holds(beyond)


def test_a_card_that_cost_nothing_is_no_card() -> None:
    """ADM-3."""
    samples = Samples(NETWORKS["demo"])
    key, body = samples.key(), RelayCard((Address("192.0.2.1", 7117),), FEATURES).to_body()
    free = stamped(prepare(Header(RELAY, samples.network.id, UnixSeconds(T0 + 2 * DAY), 0), body, key.public), key)

    with pytest.raises(StampTooWeak):
        known_relay_untrusted(free, samples.network, T0)
    assert known_relay_untrusted(samples.relay_card(key), samples.network, T0).key == key.public


def test_a_card_that_expires_far_ahead_is_refused() -> None:
    """ENV-5."""
    samples = Samples(NETWORKS["demo"])
    body = RelayCard((Address("192.0.2.1", 7117),), FEATURES).to_body()
    far = samples.public(RELAY, body, samples.key(), UnixSeconds(T0 + 400 * DAY))

    with pytest.raises(Rejected, match="ENV-5"):
        known_relay_untrusted(far, samples.network, T0)


@pytest.mark.parametrize("host", ["169.254.169.254", "127.0.0.1", "10.1.2.3"])
def test_a_card_in_the_public_network_names_public_addresses(host: str) -> None:
    """ADM-8."""
    samples = Samples(replace(NETWORKS["public"], base_effort_bits=6))

    with pytest.raises(Rejected, match="ADM-8"):
        known_relay_untrusted(samples.relay_card(samples.key(), host=host), samples.network, T0)
