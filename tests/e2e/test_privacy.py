"""What the folders of relays and rival vendors really hold: nothing that opens an offer, nothing of the buyer's secrets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from town import STROLLER, cast, town, until, wait_for_offers

from intentcast.crypto.keys import BoxKey
from intentcast.errors import Ignored, Rejected
from intentcast.records.envelope import RFP, Envelope, envelope_untrusted
from intentcast.records.message import message_untrusted
from intentcastd.demo import calls
from intentcastd.demo.characters import CHARACTERS
from intentcastd.entropy import SystemEntropy
from intentcastd.paths import Home
from intentcastd.store import keys, rfps
from intentcastd.store.database import Connection, Database
from intentcastd.store.rfps import KEY_BYTES
from intentcastd.store.sealed import Seal

# One market at a time: each is ten processes.
pytestmark = pytest.mark.xdist_group("market")

NEED = "city bike, used is fine, near 1010 Vienna, within three days, up to 437 EUR"
RELAYS = ("relay-1", "relay-2", "relay-3")
RIVAL = "nosy-and-sons"
SHOPS = tuple(character for character in CHARACTERS if character.name in {"quiet-coop", "bargain-barn", RIVAL})


@dataclass(frozen=True)
class Folder:
    """One profile after its daemon ended, as whoever steals it has it: with the key of its vault."""

    database: Database
    seal: Seal

    async def secrets(self) -> dict[str, bytes]:
        def read(connection: Connection) -> dict[str, bytes]:
            names = [row[0] for row in connection.execute("SELECT name FROM keys")]
            return {name: keys.get(connection, self.seal, name) or b"" for name in names}

        return await self.database.read(read)

    async def notes(self) -> list[Envelope]:
        return await self._envelopes("SELECT body FROM notes")

    async def rfps(self) -> list[Envelope]:
        return await self._envelopes(f"SELECT body FROM envelopes WHERE kind = {RFP} ORDER BY row")

    async def _envelopes(self, query: str) -> list[Envelope]:
        return await self.database.read(
            lambda connection: [envelope_untrusted(row[0]) for row in connection.execute(query)]
        )


@asynccontextmanager
async def stolen(folder: Path, name: str) -> AsyncIterator[Folder]:
    home, entropy = Home.at(folder / name), SystemEntropy()
    async with Database.open(home.database) as database:
        yield Folder(database, Seal(home.vault_key(entropy), entropy))


def bytes_of(folder: Path, name: str) -> bytes:
    """All that a profile has on disk, one file behind the other."""
    return b"\n".join(path.read_bytes() for path in sorted((folder / name).rglob("*")) if path.is_file())


def opens(note: Envelope, rfp: bytes, secret: bytes) -> bool:
    try:
        message_untrusted(note, rfp, BoxKey(secret))
    except (Ignored, Rejected):
        return False
    return True


async def test_neither_relays_nor_a_rival_hold_anything_of_offers_or_of_the_buyer(folder: Path) -> None:
    async with town(folder, SHOPS) as market:
        name = await cast(market.buyer, NEED)
        await wait_for_offers(market.buyer, name, len(SHOPS))
        for relay in market.relays.values():
            await until(
                lambda relay=relay: calls.get(relay.home, "/v1/relay"),
                lambda found: found["statistics"]["notes"] == len(SHOPS),
            )

    strangers = (*RELAYS, RIVAL)
    found: dict[str, bytes] = {}
    for stranger in strangers:
        async with stolen(folder, stranger) as theirs:
            kept = await theirs.secrets()
            # A vendor keeps its public card beside its keys; only what has the length of a key can be one.
            found |= {f"{stranger} {label}": secret for label, secret in kept.items() if len(secret) == KEY_BYTES}
    assert {"relay-1 relay", f"{RIVAL} vendor", f"{RIVAL} vendor.box"} <= set(found)
    async with stolen(folder, "buyer") as own:
        row = await own.database.read(lambda connection: rfps.get(connection, own.seal, name))
        secrets = await own.database.read(lambda connection: rfps.secrets_of(connection, own.seal, name))
    assert row is not None
    assert row.id is not None
    assert secrets is not None
    for relay_name in RELAYS:
        async with stolen(folder, relay_name) as board:
            notes = await board.notes()
        assert len(notes) == len(SHOPS)
        assert all(opens(note, row.id, secrets.box) for note in notes), "the buyer's own key opens each"
        assert [label for note in notes for label, secret in found.items() if opens(note, row.id, secret)] == []

    budget = json.loads(row.need)["budget"]
    assert budget["high"] == 43_700
    private = {
        "signing seed": secrets.seed,
        "box key": secrets.box,
        "sentence": b"used is fine",
        "postcode": b"near 1010",
        "budget": b"437 EUR",
    }
    of_others = {"the co-op's goods": b"step-through", "the barn's goods": b"28 inch, 7 gears", "a note": b"no name"}
    own_words = bytes_of(folder, "quiet-coop") + bytes_of(folder, "bargain-barn")
    assert [what for what, words in of_others.items() if words not in own_words] == [], "they would be seen"
    for stranger in strangers:
        held = bytes_of(folder, stranger)
        assert [what for what, secret in {**private, **of_others}.items() if secret in held] == [], stranger
        assert secrets.box.hex().encode() not in held
    assert b"used is fine" not in bytes_of(folder, "buyer"), "the vault seals the sentence too"


def own_pieces(mine: bytes, theirs: bytes, size: int = 8, own: int = 4) -> list[bytes]:
    """Return the pieces of `mine` with at least `own` bytes unlike a stranger's: by chance none of them comes again."""
    unlike = [a != b for a, b in zip(mine, theirs, strict=True)]
    return [mine[at : at + size] for at in range(len(mine) - size + 1) if sum(unlike[at : at + size]) >= own]


async def test_two_rfps_of_one_buyer_share_no_byte_that_those_of_two_buyers_do_not(folder: Path) -> None:
    async with town(folder, ()) as market:
        other = await market.open_person("other")
        wire = []
        for buyer in (market.buyer, market.buyer, other):
            name = await cast(buyer, STROLLER)
            rfp = await until(
                lambda buyer=buyer, name=name: calls.get(buyer.home, f"/v1/rfps/{name}"),
                lambda found: found["state"] in {"sent", "live"},
            )
            wire.append(str(rfp["rfp"]))
        await until(
            lambda: calls.get(market.relays["relay-1"].home, "/v1/relay"),
            lambda found: found["statistics"]["rfps"] == len(wire),
        )

    async with stolen(folder, "relay-1") as relay:
        by_id = {envelope.id.hex(): envelope for envelope in await relay.rfps()}
    first, second, stranger = (by_id[name] for name in wire)
    assert len({envelope.author for envelope in (first, second, stranger)}) == 3
    assert len({len(envelope.data) for envelope in (first, second, stranger)}) == 1
    own = own_pieces(first.data, stranger.data)
    assert own, "keys and signatures are each RFP's own"
    assert [piece.hex() for piece in own if piece in second.data] == []
