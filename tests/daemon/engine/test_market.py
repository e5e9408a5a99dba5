"""A need goes out through a guard and an exit, and sealed offers come back: real relays, real TLS, real stores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import trio
from market import ENTROPY, GLASGOW, open_market, shop, stroller

from intentcast.crypto.keys import BoxKey
from intentcast.errors import Ignored
from intentcast.limits import EPOCH_SECONDS
from intentcast.records.anonymity import Draft
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.message import message_untrusted
from intentcast.records.offer import offer_untrusted
from intentcast.wire.frames import Connect, Done, Notes, Ping, Pong, Read, Subscribe
from intentcastd import clock
from intentcastd.buyer.casting import CLOSED, CLOSING, FAILED, NotCastable
from intentcastd.engine.session import Refused, first, open_session
from intentcastd.net.dial import dial
from intentcastd.store import rfps

STROLLER = Draft("bt-6-3-2", area=GLASGOW)


async def test_two_vendors_answer_a_need_and_their_offers_are_read(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        await market.vendor(shop("Pram Palace", stroller(20_000)))
        await market.vendor(shop("Wheels", stroller(15_000)))
        person = await market.person()

        local_id = await person.cast(STROLLER)
        found = await person.offers(local_id, 2)

        offers = [offer_untrusted(row.body) for row in found]
        assert {offer.name for offer in offers} == {"Pram Palace", "Wheels"}
        assert {offer.options[0].items[0].price.minor for offer in offers} == {20_000, 15_000}


async def test_a_vendor_that_comes_late_answers_what_is_still_live(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        await market.vendor(shop("Pram Palace", stroller(20_000)))
        person = await market.person()
        local_id = await person.cast(STROLLER)
        await person.offers(local_id, 1)

        await market.vendor(shop("Late", stroller(10_000)))

        assert len(await person.offers(local_id, 2)) == 2


async def test_a_vendor_whose_catalogue_comes_later_answers_then(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        vendor = await market.vendor(shop("Empty shelves"))
        person = await market.person()
        local_id = await person.cast(STROLLER)
        with trio.fail_after(10):
            while vendor.counts.seen == 0:
                await trio.lowlevel.checkpoint()

        vendor.replace_shop(shop("Empty shelves", stroller(9_900)))

        assert len(await person.offers(local_id, 1)) == 1


async def test_a_relay_that_does_not_carry_a_category_refuses_it_with_policy(tmp_path: Path) -> None:
    async with open_market(tmp_path, relays=0) as market:
        for _ in range(3):
            await market.relay(refused=frozenset({"bt"}))
        person = await market.person()

        local_id = await person.cast(STROLLER)

        with trio.fail_after(20):
            n = 0
            while True:
                row = await person.database.read(lambda connection: rfps.get(connection, person.seal, local_id))
                if row is not None and row.state == FAILED:
                    break
                await person.news.after(n)
                n += 1
        assert row.reason == "the relays refused it: policy"


async def test_a_closed_rfp_takes_no_more_offers(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        await market.vendor(shop("Pram Palace", stroller(20_000)))
        person = await market.person()
        local_id = await person.cast(STROLLER)
        await person.offers(local_id, 1)

        assert await person.courier.close(local_id, "filled")

        with trio.fail_after(20):
            while any(node.statistics().rfps for node in market.nodes):
                await trio.lowlevel.checkpoint()
        row = await person.database.read(lambda connection: rfps.get(connection, person.seal, local_id))
        assert row is not None
        assert row.state in (CLOSING, CLOSED)  # the relays may have it before the exit's answer is here
        assert not any(node.statistics().notes for node in market.nodes)


async def test_relays_and_a_rival_vendor_cannot_open_an_offer_with_all_that_they_hold(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        await market.vendor(shop("Pram Palace", stroller(20_000)))
        rival = await market.vendor(shop("Rival", stroller(19_000)))
        person = await market.person()
        local_id = await person.cast(STROLLER)
        await person.offers(local_id, 2)
        row = await person.database.read(lambda connection: rfps.get(connection, person.seal, local_id))
        assert row is not None
        assert row.id is not None

        kept = [note for node in market.nodes for note in await market.notes_of(node)]
        secrets = [BoxKey(seed) for node in market.nodes for seed in await market.seeds_of(node)]
        secrets += [rival._means.box, BoxKey(rival._means.key.seed)]

        assert len(kept) == 6
        for data in kept:
            for key in secrets:
                with pytest.raises(Ignored):
                    message_untrusted(envelope_untrusted(data), row.id, key)


async def test_two_rfps_of_one_person_share_no_bytes_beyond_what_all_share(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        person, stranger = await market.person(), await market.person()
        one, two = await person.cast(STROLLER), await person.cast(STROLLER)
        other = await stranger.cast(STROLLER)

        async def bytes_of(who: object, local_id: str) -> bytes:
            with trio.fail_after(20):
                while True:
                    row = await who.database.read(lambda connection: rfps.get(connection, who.seal, local_id))  # type: ignore[attr-defined]
                    if row is not None and row.envelope:
                        return bytes(row.envelope)
                    await trio.lowlevel.checkpoint()

        mine, again, theirs = await bytes_of(person, one), await bytes_of(person, two), await bytes_of(stranger, other)

        assert len(mine) == len(again) == len(theirs)
        assert [piece.hex() for piece in _own_pieces(mine, theirs) if piece in again] == []


def _own_pieces(mine: bytes, theirs: bytes, size: int = 8, own: int = 4) -> list[bytes]:
    """Return the pieces of `mine` with at least `own` bytes unlike a stranger's: by chance none of them comes again."""
    unlike = [a != b for a, b in zip(mine, theirs, strict=True)]
    return [mine[at : at + size] for at in range(len(mine) - size + 1) if sum(unlike[at : at + size]) >= own]


async def test_contact_data_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        person = await market.person()

        with pytest.raises(NotCastable, match="phone number"):
            await person.cast(replace(STROLLER, text="ring me on 07700 900 341"))

        assert await person.database.read(lambda connection: rfps.list_all(connection, person.seal)) == []


async def test_a_connect_that_comes_to_nothing_leaves_the_link_alive(tmp_path: Path) -> None:
    async with open_market(tmp_path, relays=1) as market:
        node = market.nodes[0]
        stream = await dial(node.address.host, node.address.port, node.key)
        async with open_session(stream, market.network, node.key) as session:
            for key in (ENTROPY.bytes(32), node.key):
                with pytest.raises(Refused, match="unknown_relay"):
                    await session.ask(Connect(key))

            assert isinstance(await session.ask(Ping()), Pong)


async def test_a_subscriber_that_asks_again_and_never_reads_keeps_nothing_alive(tmp_path: Path) -> None:
    async with open_market(tmp_path, relays=1) as market:
        node = market.nodes[0]
        stream = await dial(node.address.host, node.address.port, node.key)
        async with open_session(stream, market.network, node.key) as session:
            for _ in range(20):
                async with session.listen(Subscribe((4,), (), (), replay=True), stop=False) as answers:
                    assert isinstance(await first(answers), Done)
        with trio.fail_after(10):
            while node.statistics().links:
                await trio.lowlevel.checkpoint()


async def test_an_epoch_of_more_notes_than_an_outbox_holds_is_read_whole(tmp_path: Path) -> None:
    async with open_market(tmp_path, relays=1) as market:
        node = market.nodes[0]
        notes = await market.fill_board(node, rfps=9, notes=32)
        stream = await dial(node.address.host, node.address.port, node.key)
        async with open_session(stream, market.network, node.key) as session:
            found: set[bytes] = set()
            epoch = clock.unix_seconds() // EPOCH_SECONDS
            for wanted in (epoch - 1, epoch):
                async with session.listen(Read(0, b"", wanted, 0, follow=False), stop=False) as answers:
                    while True:
                        frame = await first(answers)
                        assert isinstance(frame, Notes)
                        found.update(frame.notes)
                        if frame.head is not None:
                            break

        assert len(notes) * 8192 > 2 * 1024 * 1024
        assert found == notes
