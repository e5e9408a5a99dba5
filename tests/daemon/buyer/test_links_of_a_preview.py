"""A preview says what joins it to RFPs that the vault has (ANO-10)."""

from __future__ import annotations

from pathlib import Path

from intentcast.limits import EPOCH_SECONDS
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import NETWORKS
from intentcast.records.anonymity import Draft
from intentcast.records.envelope import RELAY, Header, prepare, total_size
from intentcast.records.relay_card import Address, RelayCard
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import Samples, stamped
from intentcast.units import UnixSeconds
from intentcastd import clock
from intentcastd.buyer.casting import FAILED, Casting
from intentcastd.buyer.directory import Directory
from intentcastd.data import roster
from intentcastd.engine.news import News
from intentcastd.entropy import SystemEntropy
from intentcastd.store import rfps
from intentcastd.store.database import Database
from intentcastd.store.sealed import Seal

BOOTS = Draft("aa-8-3", details={"size": "EU 38", "colour": "red"})


def known_relays() -> Directory:
    """Return a directory of three relays that do not exist."""
    samples = Samples(NETWORKS["demo"], SeededEntropy("relays"))
    directory = Directory(NETWORKS["demo"], [], SystemEntropy())

    def card(number: int) -> bytes:
        body = RelayCard((Address(f"192.{number}.2.1", 7117),), ("board", "circuit", "exit")).to_body()
        bits = price_of_kind(samples.network, RELAY, total_size(RELAY, body), EPOCH_SECONDS * 6)
        key = samples.key()
        expires = UnixSeconds(clock.unix_seconds() + EPOCH_SECONDS * 6)
        return stamped(prepare(Header(RELAY, samples.network.id, expires, bits), body, key.public), key)

    directory.take(card(number) for number in range(3))
    return directory


async def test_a_preview_names_the_rfp_that_it_would_be_joined_to(tmp_path: Path) -> None:
    seal = Seal(bytes(32), SystemEntropy())
    async with Database.open(tmp_path / "store.db") as database:
        casting = Casting(NETWORKS["demo"], known_relays(), SystemEntropy(), database, seal)

        async def links() -> list[tuple[str, str]]:
            preview = await casting.preview(BOOTS, roster.proffer(), {"text": "red boots"})
            return [(link.rule, link.earlier) for link in preview.links]

        assert await links() == []
        preview = await casting.preview(BOOTS, roster.proffer(), {"text": "red boots"})
        name = await casting.cast(preview.id, News(database))
        assert await links() == [("ANO-10", name)]

        # What never left joins nothing.
        await database.write(lambda connection: rfps.set_state(connection, name, FAILED, clock.unix_seconds()))
        assert await links() == []
