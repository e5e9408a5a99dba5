"""What a relay and a vendor keep: envelopes, notes, items, the outbox, events."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from intentcast.ids import EnvelopeId, NoteId
from intentcast.units import UnixSeconds
from intentcastd.store import envelopes, events, items, notes, outbox
from intentcastd.store.database import Connection, Database, open_store
from intentcastd.store.envelopes import HELD, SPREAD, KeptEnvelope
from intentcastd.store.errors import StoreConflict

NOW = UnixSeconds(1_800_000_000)


def some_id(number: int) -> bytes:
    return number.to_bytes(32, "big")


def envelope(number: int, expires: int = NOW + 100, state: int = SPREAD) -> KeptEnvelope:
    return KeptEnvelope(
        id=EnvelopeId(some_id(number)),
        kind=1,
        author=some_id(number + 1000),
        expires=UnixSeconds(expires),
        category="bt-6-3-2",
        state=state,
        release_at=UnixSeconds(NOW + 5) if state == HELD else None,
        body=b"envelope %d" % number,
    )


def note(number: int, expires: int = NOW + 100) -> notes.KeptNote:
    return notes.KeptNote(
        id=NoteId(some_id(number)),
        tag=some_id(7),
        epoch=3,
        seq=number,
        lane=1,
        expires=UnixSeconds(expires),
        effort=12,
        author=some_id(8),
        body=b"note %d" % number,
    )


async def every_envelope(database: Database, now: int, chunk: int = 2) -> list[KeptEnvelope]:
    return [one async for some in envelopes.load_live(database, UnixSeconds(now), chunk) for one in some]


async def every_note(database: Database, *, displaced: bool = False) -> list[notes.KeptNote]:
    return [one async for some in notes.load_live(database, NOW, displaced=displaced, chunk=2) for one in some]


async def test_envelopes_come_back_as_they_were_and_duplicates_are_told(database: Database) -> None:
    three = [envelope(1), envelope(2, state=HELD), replace(envelope(3), category=None)]

    assert await database.write(lambda c: envelopes.insert_many(c, three)) == [one.id for one in three]
    assert await database.write(lambda c: envelopes.insert_many(c, [three[0], envelope(4)])) == [envelope(4).id]
    assert await every_envelope(database, NOW) == [*three, envelope(4)]
    assert await database.read(lambda c: envelopes.get(c, three[1].id)) == three[1]
    assert await database.read(envelopes.count) == 4


async def test_loading_leaves_out_what_expired_and_deleting_goes_in_slices(database: Database) -> None:
    all_of_them = [envelope(n, expires=NOW - 5 + n) for n in range(11)]
    await database.write(lambda c: envelopes.insert_many(c, all_of_them))

    assert await every_envelope(database, NOW) == all_of_them[6:]
    assert await database.write(lambda c: envelopes.delete_expired(c, NOW, most=4)) == 4
    assert await database.write(lambda c: envelopes.delete_expired(c, NOW, most=4)) == 2
    assert await every_envelope(database, 0) == all_of_them[6:]


async def test_a_held_envelope_is_spread_once(database: Database) -> None:
    held = envelope(1, state=HELD)
    await database.write(lambda c: envelopes.insert_many(c, [held]))

    assert await database.write(lambda c: envelopes.mark_spread(c, [held.id])) == 1
    assert await database.write(lambda c: envelopes.mark_spread(c, [held.id])) == 0
    assert await every_envelope(database, NOW) == [replace(held, state=SPREAD, release_at=None)]


async def test_an_envelope_that_is_no_row_is_refused_and_not_taken_for_a_duplicate(database: Database) -> None:
    short = replace(envelope(1), id=EnvelopeId(b"short"))

    with pytest.raises(StoreConflict):
        await database.write(lambda c: envelopes.insert_many(c, [short]))


async def test_a_displaced_note_stays_in_the_order_of_the_board(database: Database) -> None:
    await database.write(lambda c: [notes.insert(c, note(n)) for n in (1, 2, 3)])

    assert not await database.write(lambda c: notes.insert(c, note(2)))
    assert await database.write(lambda c: notes.retire(c, [note(2).id, note(9).id])) == 1
    assert await every_note(database) == [note(1), note(3)]
    assert await every_note(database, displaced=True) == [note(1), replace(note(2), live=False), note(3)]
    assert await database.read(notes.last_seq) == 3
    assert await database.write(lambda c: notes.delete_expired(c, UnixSeconds(NOW + 100))) == 3


async def test_items_are_written_as_a_whole_or_not_at_all(database: Database) -> None:
    old = [items.StoredItem("a", "{}"), items.StoredItem("b", '{"price": 1}')]
    new = [items.StoredItem("b", '{"price": 2}'), items.StoredItem("c", "{}"), items.StoredItem("c", '{"last": true}')]

    await database.write(lambda c: items.put(c, old))
    with pytest.raises(StoreConflict):
        await database.write(lambda c: items.put(c, [items.StoredItem("x", "{}"), items.StoredItem("y", "{no")]))
    assert await database.read(lambda c: list(items.each(c))) == old

    await database.write(lambda c: items.put(c, new))
    assert await database.read(lambda c: list(items.each(c))) == [old[0], new[0], new[2]]
    await database.write(lambda c: items.delete(c, ["a", "unknown"]))
    assert await database.read(lambda c: items.get(c, "a")) is None
    assert await database.read(items.count) == 2


async def test_goods_and_work_are_counted_and_found_apart(database: Database) -> None:
    goods = [items.StoredItem(f"g{place}", "{}") for place in range(1_500)]
    work = items.StoredItem("w", '{"kind": "rental"}')
    await database.write(lambda c: items.put(c, [*goods, work]))

    assert await database.read(lambda c: [items.count(c, work=part) for part in (False, True)]) == [1_500, 1]
    assert await database.read(lambda c: items.get(c, "w", work=False)) is None
    assert await database.read(lambda c: items.get(c, "w", work=True)) == work
    assert await database.read(lambda c: list(items.skus(c, work=True))) == [["w"]]
    parts = await database.read(lambda c: list(items.skus(c, work=False)))
    assert [sku for part in parts for sku in part] == [item.sku for item in goods]


def first_answer(connection: Connection, body: bytes) -> bool:
    return outbox.insert(
        connection,
        outbox.Outgoing(EnvelopeId(some_id(1)), body, {"aa": "waiting", "bb": "waiting"}, UnixSeconds(NOW + 10)),
    )


def test_an_rfp_has_one_offer_also_after_a_restart(path: Path) -> None:
    connection = open_store(path)
    assert first_answer(connection, b"the offer")
    connection.close()

    connection = open_store(path)
    assert not first_answer(connection, b"a second offer")
    assert outbox.has(connection, EnvelopeId(some_id(1)))
    [waiting] = outbox.in_state(connection, outbox.WAITING, NOW)
    assert waiting.note == b"the offer"
    connection.close()


async def test_the_outbox_knows_what_each_board_said(database: Database) -> None:
    rfp = EnvelopeId(some_id(1))
    await database.write(lambda c: first_answer(c, b"n"))

    await database.write(lambda c: outbox.set_board(c, rfp, "bb", "posted"))
    await database.write(lambda c: outbox.set_state(c, rfp, "posted"))

    found = await database.read(lambda c: outbox.get(c, rfp))
    assert found is not None
    assert found.boards == {"aa": "waiting", "bb": "posted"}
    assert await database.read(outbox.states) == {"posted": 1}
    assert await database.read(lambda c: outbox.in_state(c, "posted", UnixSeconds(NOW + 10))) == []
    assert await database.write(lambda c: outbox.delete_expired(c, UnixSeconds(NOW + 10))) == 1


async def test_event_numbers_grow_and_are_never_given_twice(database: Database) -> None:
    for k in range(10):
        await database.write(partial(events.append, at=NOW, name="offer", data={"k": k}))

    assert [event.n for event in await database.read(lambda c: events.since(c, 7))] == [8, 9, 10]
    assert [event.n for event in await database.read(lambda c: events.since(c, 0, 2))] == [1, 2]
    assert await database.write(lambda c: events.prune(c, keep=0)) == 10
    assert await database.read(events.last) == 10
    assert (await database.write(lambda c: events.append(c, NOW, "after", {}))).n == 11
    assert await database.read(events.first) == 11
