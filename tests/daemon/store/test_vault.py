"""The vault: RFPs, offers and keys, sealed at rest, bound to their rows, erased when their time has come."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from intentcast.ids import EnvelopeId, NetworkId, NoteId, RelayKey
from intentcast.units import UnixSeconds
from intentcastd.entropy import SystemEntropy
from intentcastd.store import keys, offers, rfps
from intentcastd.store.database import Connection, Database
from intentcastd.store.errors import StoreConflict, WrongVaultKey
from intentcastd.store.sealed import Seal

NOW = UnixSeconds(1_800_000_000)
RFP = EnvelopeId(b"r" * 32)
NEED = json.dumps({"sentence": "a double stroller for twins near Gloucester"})
SEED, BOX = b"SEED-OF-THIS-NEED.32-BYTES-LONG1", b"BOX-SECRET-OF-THIS-NEED-32BYTES2"


def draft(local_id: str = "n-1") -> rfps.Draft:
    return rfps.Draft(
        local_id=local_id,
        created=NOW,
        need=NEED,
        body=b"body",
        expires=UnixSeconds(NOW + 3600),
        network=NetworkId(b"12345678"),
        secrets=rfps.Secrets(seed=SEED, box=BOX),
        state="draft",
        exits=(RelayKey(b"a" * 32), RelayKey(b"b" * 32)),
    )


def offer(number: int = 1, rfp: str = "n-1") -> offers.StoredOffer:
    return offers.StoredOffer(
        id=bytes([number]) * 32,
        rfp=rfp,
        note=NoteId(b"n" * 32),
        vendor=b"v" * 32,
        received=NOW,
        valid_until=UnixSeconds(NOW + 60),
        body=b"OFFER-FROM-ANNIES-SHOP",
        rank='{"total": 12345678}',
        state="new",
    )


def files_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))


async def test_a_draft_comes_back_as_it_was(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, draft()))

    found = await database.read(lambda c: rfps.get(c, seal, "n-1"))

    assert found == rfps.StoredRfp(
        local_id="n-1",
        id=None,
        created=NOW,
        need=NEED,
        body=b"body",
        expires=UnixSeconds(NOW + 3600),
        network=NetworkId(b"12345678"),
        envelope=None,
        has_secrets=True,
        state="draft",
        reason=None,
        exits=(RelayKey(b"a" * 32), RelayKey(b"b" * 32)),
        updated=NOW,
    )
    assert await database.read(lambda c: rfps.secrets_of(c, seal, "n-1")) == draft().secrets


async def test_an_rfp_is_signed_once_and_found_by_its_id(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, replace(draft(), state=rfps.STAMPING)))

    assert await database.write(lambda c: rfps.set_signed(c, "n-1", RFP, b"bytes", "held", NOW))
    assert not await database.write(lambda c: rfps.set_signed(c, "n-1", RFP, b"other bytes", "held", NOW))

    found = await database.read(lambda c: rfps.get_by_id(c, seal, RFP))
    assert found is not None
    assert (found.local_id, found.envelope, found.state) == ("n-1", b"bytes", "held")


async def test_an_rfp_that_was_closed_while_it_was_stamped_is_not_signed(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, replace(draft(), state=rfps.STAMPING)))
    await database.write(lambda c: rfps.set_state(c, "n-1", rfps.CLOSED, NOW))

    assert not await database.write(lambda c: rfps.set_signed(c, "n-1", RFP, b"bytes", "held", NOW))

    found = await database.read(lambda c: rfps.get(c, seal, "n-1"))
    assert found is not None
    assert (found.state, found.envelope) == (rfps.CLOSED, None)


async def test_a_close_is_kept_until_it_was_told(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, replace(draft(), state="live")))

    def close(connection: Connection) -> bool:
        return rfps.set_closing(connection, "n-1", b"close", NOW, "filled", among=["live"])

    assert [await database.write(close), await database.write(close)] == [True, False]
    [kept] = await database.read(lambda c: rfps.list_all(c, seal, [rfps.CLOSING]))
    await database.write(lambda c: rfps.set_closed(c, "n-1"))
    [closed] = await database.read(lambda c: rfps.list_all(c, seal, [rfps.CLOSED]))

    assert (kept.closing, kept.reason) == (b"close", "filled")
    assert (closed.closing, closed.reason) == (None, "filled")


async def test_the_exits_of_what_is_over_are_free_again_and_numbers_go_on(database: Database, seal: Seal) -> None:
    for name in ("r9", "r10"):
        await database.write(partial(rfps.insert_draft, seal=seal, draft=replace(draft(name), state="live")))

    assert await database.read(rfps.last_number) == 10
    assert await database.read(rfps.live_exits) == set(draft().exits)
    for name in ("r9", "r10"):
        await database.write(partial(rfps.set_state, local_id=name, state="expired", now=NOW))
    assert await database.read(rfps.live_exits) == set()


async def test_of_two_who_change_a_state_at_once_one_succeeds(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, draft()))

    def close(connection: Connection) -> bool:
        return rfps.set_state(connection, "n-1", "closed", NOW, reason="bought", among=["draft", "held"])

    assert [await database.write(close), await database.write(close)] == [True, False]
    assert [rfp.reason for rfp in await database.read(lambda c: rfps.list_all(c, seal, ["closed"]))] == ["bought"]
    assert await database.read(lambda c: rfps.list_all(c, seal, ["draft"])) == []


async def test_rfps_are_listed_newest_first(database: Database, seal: Seal) -> None:
    for k in range(3):
        await database.write(partial(rfps.insert_draft, seal=seal, draft=draft(f"n-{k}")))

    assert [rfp.local_id for rfp in await database.read(lambda c: rfps.list_all(c, seal))] == ["n-2", "n-1", "n-0"]


async def test_nothing_sealed_is_readable_in_the_files(path: Path, database: Database, seal: Seal) -> None:
    def fill(connection: Connection) -> None:
        rfps.insert_draft(connection, seal, draft())
        offers.insert(connection, seal, offer())
        keys.get_or_create(connection, seal, "relay")

    await database.write(fill)
    relay = await database.read(lambda c: keys.get(c, seal, "relay"))

    written = files_of(path)
    assert relay is not None
    assert b"n-1" in written  # the row is there, in the log or in the file
    for secret in (b"stroller", b"Gloucester", SEED, BOX, b"ANNIES", b"12345678}", relay, seal.key):
        assert secret not in written


async def test_keys_are_erased_a_day_after_expiry_and_nothing_of_them_stays_in_the_files(
    path: Path, database: Database, seal: Seal
) -> None:
    # ANO-9
    await database.write(lambda c: rfps.insert_draft(c, seal, draft()))
    [[sealed]] = await database.read(lambda c: c.execute("SELECT secrets FROM rfps").fetchall())
    assert isinstance(sealed, bytes)
    due = NOW + 3600 + rfps.KEEP_SECRETS_SECONDS

    assert await database.write(lambda c: rfps.erase_due(c, UnixSeconds(due - 1)), scrub=True) == []
    assert sealed in files_of(path)
    assert await database.write(lambda c: rfps.erase_due(c, UnixSeconds(due)), scrub=True) == ["n-1"]
    assert sealed not in files_of(path)
    assert await database.read(lambda c: rfps.secrets_of(c, seal, "n-1")) is None
    assert await database.write(lambda c: rfps.erase_due(c, UnixSeconds(due))) == []


async def test_a_secret_that_was_moved_to_another_row_does_not_open(database: Database, seal: Seal) -> None:
    for name in ("n-1", "n-2"):
        await database.write(partial(rfps.insert_draft, seal=seal, draft=draft(name)))
    move = "UPDATE rfps SET secrets = (SELECT secrets FROM rfps WHERE local_id = 'n-1') WHERE local_id = 'n-2'"
    await database.write(lambda c: c.execute(move).fetchall())

    with pytest.raises(WrongVaultKey):
        await database.read(lambda c: rfps.secrets_of(c, seal, "n-2"))


async def test_another_vault_key_opens_nothing_and_says_so(database: Database, seal: Seal) -> None:
    seed = await database.write(lambda c: keys.get_or_create(c, seal, "vendor"))
    other = Seal(key=bytes(32), entropy=SystemEntropy())

    assert await database.write(lambda c: keys.get_or_create(c, seal, "vendor")) == seed
    with pytest.raises(WrongVaultKey, match=r"keys\.secret"):
        await database.write(lambda c: keys.get_or_create(c, other, "vendor"))
    assert "000000" not in repr(other)


async def test_an_offer_is_kept_once_and_goes_with_its_rfp(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, draft()))

    assert await database.write(lambda c: offers.insert(c, seal, offer()))
    assert not await database.write(lambda c: offers.insert(c, seal, offer()))
    assert await database.write(lambda c: offers.insert(c, seal, offer(2)))
    assert await database.read(lambda c: offers.list_for(c, seal, "n-1")) == [offer(), offer(2)]
    assert await database.read(offers.counts) == {"n-1": 2}
    assert await database.read(lambda c: offers.has_note(c, NoteId(b"n" * 32)))

    await database.write(lambda c: offers.set_state(c, offer().id, "seen"))
    assert await database.read(lambda c: offers.get(c, seal, offer().id)) == replace(offer(), state="seen")
    assert await database.write(lambda c: rfps.delete(c, "n-1"))
    assert await database.read(lambda c: offers.list_for(c, seal, "n-1")) == []


async def test_an_offer_for_no_rfp_is_refused(database: Database, seal: Seal) -> None:
    with pytest.raises(StoreConflict):
        await database.write(lambda c: offers.insert(c, seal, offer(rfp="unknown")))


async def test_what_was_dropped_is_counted_by_reason(database: Database, seal: Seal) -> None:
    await database.write(lambda c: rfps.insert_draft(c, seal, draft()))
    for reason in ("OFF-2", "OFF-2", "TRM-1"):
        await database.write(partial(offers.refuse, rfp="n-1", reason=reason))

    assert await database.read(lambda c: offers.refused(c, "n-1")) == {"OFF-2": 2, "TRM-1": 1}
