"""How an RFP is carried: where reading begins, which relays a circuit has, and what is never done instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import trio
import trio.testing

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.limits import EPOCH_SECONDS
from intentcast.machines.circuit import choose_boards
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import NETWORKS, Network
from intentcast.records.anonymity import Draft
from intentcast.records.envelope import CLOSE, RELAY, Header, envelope_untrusted, prepare, resume, total_size
from intentcast.records.head import Shard
from intentcast.records.relay_card import Address, RelayCard
from intentcast.records.rfp import rfp_untrusted
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import Samples, stamped
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Visited
from intentcastd import clock
from intentcastd.buyer.casting import CLOSED, CLOSING, MOST_STRAY_EPOCHS, SENT, Casting
from intentcastd.buyer.courier import Courier, Means, NoLivePace, pace_in
from intentcastd.buyer.directory import Directory, NoRelay
from intentcastd.buyer.life import go_on, reading_of
from intentcastd.data import roster
from intentcastd.engine.news import News
from intentcastd.entropy import SystemEntropy
from intentcastd.store import rfps
from intentcastd.store.database import Database
from intentcastd.store.rfps import StoredRfp
from intentcastd.store.sealed import Seal


async def test_reading_begins_and_ends_at_drawn_epochs_that_the_rfp_does_not_tell(tmp_path: Path) -> None:
    # BRD-18
    async with person(tmp_path, "demo", 3) as one:
        rows = [await one.cast() for _ in range(30)]

    assert all(1 <= row.created // EPOCH_SECONDS - row.first_epoch <= 1 + MOST_STRAY_EPOCHS for row in rows)
    assert all(1 <= row.late_epochs <= MOST_STRAY_EPOCHS for row in rows)
    assert len({row.created // EPOCH_SECONDS - row.first_epoch for row in rows}) > 3
    assert len({row.late_epochs for row in rows}) > 3


@dataclass
class Person:
    """A buyer whose relays are known but do not exist."""

    network: Network
    directory: Directory
    casting: Casting
    database: Database
    seal: Seal

    async def cast(self) -> StoredRfp:
        preview = await self.casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})
        return await self.row(await self.casting.cast(preview.id, News(self.database)))

    async def row(self, local_id: str) -> StoredRfp:
        row = await self.database.read(lambda connection: rfps.get(connection, self.seal, local_id))
        assert row is not None
        return row

    async def sent(self) -> StoredRfp:
        """Return an RFP that has left."""
        row = await self.cast()
        secrets = await self.database.read(lambda connection: rfps.secrets_of(connection, self.seal, row.local_id))
        assert secrets is not None
        envelope = stamped(resume(row.body), SigningKey(secrets.seed))
        item, now = EnvelopeId(envelope_untrusted(envelope).id), clock.unix_seconds()
        await self.database.write(lambda c: rfps.set_signed(c, row.local_id, item, envelope, SENT, now))
        return await self.row(row.local_id)

    def courier(self, nursery: trio.Nursery, pace: str = "live") -> Courier:
        entropy = SystemEntropy()
        means = Means(self.network, pace, self.directory, entropy, self.database, self.seal, News(self.database))
        return Courier(means, nursery)

    async def guard(self, directory: Directory | None = None) -> RelayKey:
        return (await (directory or self.directory).guard(self.database, self.seal)).key


@asynccontextmanager
async def person(folder: Path, network: str, relays: int, **changed: int) -> AsyncIterator[Person]:
    chosen, seal = replace(NETWORKS[network], **changed), Seal(bytes(32), SystemEntropy())  # type: ignore[arg-type]
    directory = directory_of(network, relays)
    async with Database.open(folder / "store.db") as database:
        yield Person(chosen, directory, Casting(chosen, directory, SystemEntropy(), database, seal), database, seal)


async def test_what_is_closed_while_it_is_stamped_never_leaves(tmp_path: Path) -> None:
    async with person(tmp_path, "demo", 3, base_effort_bits=38) as one:
        row = await one.cast()
        with trio.fail_after(10):
            async with trio.open_nursery() as nursery:
                courier = one.courier(nursery)
                courier.carry(row.local_id)
                while row.local_id not in courier.progress:
                    await trio.lowlevel.checkpoint()
                assert await courier.close(row.local_id, "withdrawn")
                # The nursery ends by itself: nothing is carried any more.
        after = await one.row(row.local_id)

    assert (after.state, after.reason, after.envelope) == (CLOSED, "withdrawn", None)


async def test_a_close_that_nobody_has_taken_outlives_the_daemon(tmp_path: Path) -> None:
    async with person(tmp_path, "demo", 3) as one:
        row = await one.sent()
        async with trio.open_nursery() as nursery:
            assert await one.courier(nursery).close(row.local_id, "filled")
            assert not await one.courier(nursery).close(row.local_id, "filled")
            nursery.cancel_scope.cancel()
        after = await one.row(row.local_id)
        assert after.closing is not None
        assert (after.state, after.reason) == (CLOSING, "filled")
        assert envelope_untrusted(after.closing).kind == CLOSE
        assert envelope_untrusted(after.closing).is_signed()

        # It is over by itself once the RFP has expired.
        await one.database.write(lambda c: c.execute("UPDATE rfps SET expires = 1").fetchall())
        with trio.fail_after(10):
            async with trio.open_nursery() as nursery:
                await one.courier(nursery).resume_all()
        assert (await one.row(row.local_id)).state == CLOSED


async def test_the_guard_is_kept_over_a_restart_and_while_its_card_is_unknown(tmp_path: Path) -> None:
    # CIR-5
    async with person(tmp_path, "demo", 30) as one:
        first = await one.guard()

        nothing_heard = Directory(one.network, [], SystemEntropy())
        others_heard = directory_of("demo", 30, "others")

        assert await one.guard(nothing_heard) == first
        assert await one.guard(others_heard) == first


async def test_a_later_card_of_the_guard_is_kept_in_place_of_the_first(tmp_path: Path) -> None:
    async with person(tmp_path, "demo", 0) as one:
        samples = Samples(one.network, SeededEntropy("guard"))
        key = samples.key()
        one.directory.take([fresh_card(samples, 1, key)])
        await one.guard()

        one.directory.take([fresh_card(samples, 2, key, life=7200)])
        await one.guard()

        kept = await Directory(one.network, [], SystemEntropy()).guard(one.database, one.seal)
        assert kept.address.host == "192.2.2.1"


async def test_another_guard_is_drawn_only_after_many_failures_over_a_long_time(
    tmp_path: Path, mock_clock: trio.testing.MockClock
) -> None:
    # CIR-5
    async with person(tmp_path, "demo", 4) as one:
        first = await one.guard()
        exits = set((await one.cast()).exits)

        for _ in range(50):
            one.directory.guard_was(reached=False)
        assert await one.guard() == first

        mock_clock.jump(601)
        second = await one.guard()
        assert second != first
        assert second not in exits
        assert await one.guard() == second

        mock_clock.jump(601)
        one.directory.guard_was(reached=False)
        assert await one.guard() == second


async def test_a_guard_that_fails_stays_while_all_others_are_exits(
    tmp_path: Path, mock_clock: trio.testing.MockClock
) -> None:
    async with person(tmp_path, "demo", 3) as one:
        first = await one.guard()
        await one.cast()
        for _ in range(8):
            one.directory.guard_was(reached=False)
        mock_clock.jump(601)

        assert await one.guard() == first


async def test_no_circuit_is_opened_whose_guard_is_its_exit(tmp_path: Path) -> None:
    # CIR-12
    async with person(tmp_path, "demo", 3) as one, trio.open_nursery() as nursery:
        guard = await one.directory.guard(one.database, one.seal)

        with pytest.raises(NoRelay, match="not apart"):
            await one.courier(nursery)._path_to(guard, [guard])


async def test_ones_own_relay_is_neither_guard_nor_exit(tmp_path: Path) -> None:
    samples = Samples(NETWORKS["demo"], SeededEntropy("own"))
    keys = [samples.key() for _ in range(4)]
    own = RelayKey(keys[0].public)
    for number in range(12):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with person(folder, "demo", 0) as one:
            directory = Directory(one.network, [], SystemEntropy(), own)
            directory.take(fresh_card(samples, place, key) for place, key in enumerate(keys))
            casting = Casting(one.network, directory, SystemEntropy(), one.database, one.seal)
            preview = await casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})

            assert own not in {await one.guard(directory), *preview.exits}


def test_at_home_ones_own_relay_is_the_exit_only_where_there_is_no_other() -> None:
    samples = Samples(NETWORKS["home"], SeededEntropy("home"))
    key = samples.key()
    directory = Directory(samples.network, [], SystemEntropy(), RelayKey(key.public))

    directory.take([fresh_card(samples, 1, key)])
    assert [relay.key for relay in directory.exits()] == [key.public]
    directory.take([fresh_card(samples, 2)])
    assert key.public not in [relay.key for relay in directory.exits()]


def test_an_earlier_card_never_takes_the_place_of_a_later_one() -> None:
    # SPR-9
    samples = Samples(NETWORKS["demo"], SeededEntropy("later"))
    key = samples.key()
    directory = Directory(samples.network, [], SystemEntropy())

    directory.take([fresh_card(samples, 1, key, life=7200), fresh_card(samples, 2, key, life=3600)])

    assert [relay.address.host for relay in directory.relays()] == ["192.1.2.1"]


async def test_reading_goes_on_where_an_answer_was_full_and_else_begins_anew_at_the_other_exit(tmp_path: Path) -> None:
    # BRD-18, CIR-12
    async with person(tmp_path, "demo", 4) as one, trio.open_nursery() as nursery:
        row = await one.sent()
        assert row.envelope is not None
        courier = one.courier(nursery, "normal")
        life = courier._life(row, row.envelope, BoxKey(bytes(32)), trio.CancelScope())
        whole = reading_of(life, follow=False)
        current = clock.unix_seconds() // EPOCH_SECONDS
        assert (whole.epochs[0], whole.after) == (row.first_epoch, 0)

        go_on(life, Visited(next=(current, 5), more=True))
        rest = reading_of(life, follow=False)
        same = (await courier._path(life))[-1]
        go_on(life, Visited(next=(current, 9), more=False))
        other = (await courier._path(life))[-1]

        assert (rest.epochs[0], rest.after) == (current, 5)
        assert reading_of(life, follow=False).after == 0
        assert reading_of(life, follow=False).epochs[0] == row.first_epoch
        assert (same.key, other.key) == row.exits


def directory_of(network: str, count: int, seed: str = "relays") -> Directory:
    """Return a directory that holds this many relay cards."""
    chosen = NETWORKS[network]
    samples = Samples(chosen, SeededEntropy(seed))
    directory = Directory(chosen, [], SystemEntropy())
    directory.take(fresh_card(samples, number) for number in range(count))
    return directory


def fresh_card(samples: Samples, number: int, key: SigningKey | None = None, life: int = 3600) -> bytes:
    """Return a relay card that is live by the wall clock, each relay in an address block of its own."""
    body = RelayCard((Address(f"192.{number}.2.1", 7117),), ("board", "circuit", "exit")).to_body()
    bits = price_of_kind(samples.network, RELAY, total_size(RELAY, body), life)
    header = Header(RELAY, samples.network.id, UnixSeconds(clock.unix_seconds() + life), bits)
    key = key or samples.key()
    return stamped(prepare(header, body, key.public), key)


async def test_an_rfp_names_the_boards_of_its_shard(tmp_path: Path) -> None:
    # RFP-5
    directory = directory_of("demo", 5)
    async with Database.open(tmp_path / "store.db") as database:
        casting = Casting(NETWORKS["demo"], directory, SystemEntropy(), database, Seal(bytes(32), SystemEntropy()))

        preview = await casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})

    # BRD-2: nobody shares a smaller shard yet
    assert preview.public.shard == 0
    assert preview.public.boards == choose_boards(Shard(0, b""), directory.relays(), NETWORKS["demo"])


async def test_a_changed_need_is_another_rfp_with_keys_of_its_own(tmp_path: Path) -> None:
    # RFP-6
    async with Database.open(tmp_path / "store.db") as database:
        seal = Seal(bytes(32), SystemEntropy())
        casting = Casting(NETWORKS["demo"], directory_of("demo", 3), SystemEntropy(), database, seal)
        one = await casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})
        two = await casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})

    assert one.secrets != two.secrets
    assert one.public.box != two.public.box
    assert one.public.salt != two.public.salt
    assert one.unstamped.after[-32:] != two.unstamped.after[-32:]


async def test_the_preview_is_read_from_the_bytes_that_the_vault_keeps_and_sends(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "store.db") as database:
        seal = Seal(bytes(32), SystemEntropy())
        casting = Casting(NETWORKS["demo"], directory_of("demo", 3), SystemEntropy(), database, seal)
        preview = await casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})
        local_id = await casting.cast(preview.id, News(database))
        row = await database.read(lambda connection: rfps.get(connection, seal, local_id))

    assert row is not None
    assert row.body == preview.unstamped.data
    assert rfp_untrusted(resume(row.body).body) == preview.public


async def test_without_an_exit_apart_from_the_guard_nothing_is_made(tmp_path: Path) -> None:
    # CIR-15: no circuit, no RFP; never a shorter way
    async with Database.open(tmp_path / "store.db") as database:
        seal = Seal(bytes(32), SystemEntropy())
        casting = Casting(NETWORKS["test"], directory_of("test", 1), SystemEntropy(), database, seal)

        with pytest.raises(NoRelay, match="apart from the guard"):
            await casting.preview(Draft("bt-6-3-2"), roster.proffer(), {"text": "a stroller"})


def test_a_visit_is_held_open_only_where_the_network_allows_it() -> None:
    # CIR-13
    assert pace_in(NETWORKS["demo"], "") == "live"
    assert pace_in(NETWORKS["public"], "") == "normal"
    assert pace_in(NETWORKS["public"], "quiet") == "quiet"
    with pytest.raises(NoLivePace):
        pace_in(NETWORKS["public"], "live")
