"""How an RFP is carried: where reading begins, which relays a circuit has, and what is never done instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from intentcast.limits import EPOCH_SECONDS
from intentcast.machines.circuit import choose_boards
from intentcast.networks import NETWORKS
from intentcast.records.anonymity import Draft
from intentcast.records.envelope import RELAY, Header, prepare, resume
from intentcast.records.head import Shard
from intentcast.records.relay_card import Address, RelayCard
from intentcast.records.rfp import rfp_untrusted
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, Samples
from intentcast.units import UnixSeconds
from intentcastd import clock
from intentcastd.buyer.casting import Casting
from intentcastd.buyer.courier import NoLivePace, first_epoch, pace_in
from intentcastd.buyer.directory import Directory, NoRelay
from intentcastd.data import roster
from intentcastd.engine.news import News
from intentcastd.entropy import SystemEntropy
from intentcastd.store import rfps
from intentcastd.store.database import Database
from intentcastd.store.rfps import StoredRfp
from intentcastd.store.sealed import Seal


def row(created: int) -> StoredRfp:
    return StoredRfp(
        local_id="r1",
        id=None,
        created=UnixSeconds(created),
        need="{}",
        body=b"",
        expires=UnixSeconds(created + 3600),
        network=NETWORKS["test"].id,
        envelope=None,
        has_secrets=True,
        state="held",
        reason=None,
        exits=(),
        updated=UnixSeconds(created),
    )


def test_reading_begins_some_epochs_before_the_rfp_was_made_and_always_at_the_same_one() -> None:
    # BRD-18
    made = T0 // EPOCH_SECONDS
    starts = {first_epoch(row(T0), bytes([number])) for number in range(256)}

    assert max(starts) < made
    assert len(starts) > 4
    assert first_epoch(row(T0), b"\x05") == first_epoch(row(T0), b"\x05")


def directory_of(network: str, count: int) -> Directory:
    """Return a directory that holds this many relay cards."""
    chosen = NETWORKS[network]
    samples = Samples(chosen, SeededEntropy("relays"))
    directory = Directory(chosen, [], SystemEntropy())
    directory.take(fresh_card(samples, number) for number in range(count))
    return directory


def fresh_card(samples: Samples, number: int) -> bytes:
    """Return a relay card that is live by the wall clock, each relay in an address block of its own."""
    card = RelayCard((Address(f"192.{number}.2.1", 7117),), ("board", "circuit", "exit"))
    expires = UnixSeconds(clock.unix_seconds() + 3600)
    header = Header(RELAY, samples.network.id, expires, 0)
    key = samples.key()
    return prepare(header, card.to_body(), key.public).sealed_by(key, bytes(8))


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
