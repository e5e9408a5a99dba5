"""A small market for tests: real relays over real TLS, a buyer and vendors, all in one process, each with its own store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay
from intentcast.networks import NETWORKS, Network
from intentcast.records.anonymity import Draft
from intentcast.records.message import seal_message
from intentcast.records.relay_card import FEATURES
from intentcast.records.vocabulary import Area, AreaFilter, Money
from intentcast.testing.samples import Samples
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Post, Submit
from intentcastd import clock
from intentcastd.buyer import courier as couriers
from intentcastd.buyer.casting import Casting
from intentcastd.buyer.courier import Courier
from intentcastd.buyer.directory import Directory
from intentcastd.data import roster
from intentcastd.engine.news import News
from intentcastd.engine.node import Node, Place, Setup, run_node
from intentcastd.engine.session import open_session
from intentcastd.entropy import SystemEntropy
from intentcastd.net.dial import dial
from intentcastd.store import keys, notes, offers
from intentcastd.store.database import Database
from intentcastd.store.offers import StoredOffer
from intentcastd.store.sealed import Seal
from intentcastd.vendor import responder as responders
from intentcastd.vendor.answering import Shop
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.index import CatalogueIndex
from intentcastd.vendor.profile import Profile, Shipping, TaxRule
from intentcastd.vendor.responder import Responder

ENTROPY = SystemEntropy()
GLASGOW = Area("GB", "Glasgow", 626_410)


def stroller(price: int, sku: str = "TS-2") -> Item:
    return Item(sku=sku, handle=sku, title="Twin stroller", price=Money("GBP", price), line=2, category="bt-6-3-2")


def shop(name: str, *items: Item) -> Shop:
    profile = Profile(
        name=name,
        currency="GBP",
        areas=(AreaFilter("GB"),),
        tax=TaxRule(included=True),
        shipping=(Shipping("Courier", "deliver", Money("GBP", 500), hours=2),),
        terms=("PDC-INTENT", "SD-BASE", "SD-BASE-DP"),
    )
    return Shop(profile, CatalogueIndex(items))


@dataclass
class Person:
    """A buyer at work."""

    casting: Casting
    courier: Courier
    directory: Directory
    news: News
    database: Database
    seal: Seal

    async def cast(self, draft: Draft) -> str:
        with trio.fail_after(20):
            while len(self.directory) < 3:
                await self.directory.refresh()
        preview = await self.casting.preview(draft, roster.proffer(), {"text": "a need"})
        local_id = await self.casting.cast(preview.id, self.news)
        self.courier.carry(local_id)
        return local_id

    async def offers(self, local_id: str, count: int) -> list[StoredOffer]:
        """Wait for so many offers."""
        with trio.fail_after(20):
            n = 0
            while True:
                found = await self.database.read(lambda connection: offers.list_for(connection, self.seal, local_id))
                if len(found) >= count:
                    return found
                await self.news.after(n)
                n += 1


class Market:
    """Relays, buyers and vendors in one nursery."""

    def __init__(self, network: Network, folder: Path, nursery: trio.Nursery, stack: AsyncExitStack) -> None:
        self.network = network
        self.nodes: list[Node] = []
        self._folder = folder
        self._nursery = nursery
        self._stack = stack
        self._count = 0
        self._stores: dict[RelayKey, Database] = {}

    @property
    def seeds(self) -> list[KnownRelay]:
        return [KnownRelay(node.key, node.address, FEATURES) for node in self.nodes]

    async def store(self, name: str) -> tuple[Database, Seal]:
        database = await self._stack.enter_async_context(Database.open(self._folder / f"{name}.db"))
        return database, Seal(bytes(32), ENTROPY)

    async def relay(self, refused: frozenset[str] = frozenset()) -> Node:
        self._count += 1
        database, seal = await self.store(f"relay{self._count}")
        seed = await database.write(lambda connection: keys.get_or_create(connection, seal, "relay"))
        place = Place("127.0.0.1", 0, "", None, FEATURES)
        setup = Setup(self.network, SigningKey(seed), place, self.seeds, refused, ENTROPY, database)
        node = await self._stack.enter_async_context(run_node(setup))
        self.nodes.append(node)
        self._stores[node.key] = database
        return node

    async def notes_of(self, node: Node) -> list[bytes]:
        """All notes on a relay's disk."""
        chunks = notes.load_live(self._stores[node.key], UnixSeconds(0))
        return [note.body async for chunk in chunks for note in chunk]

    async def seeds_of(self, node: Node) -> list[bytes]:
        """All secrets of a relay."""
        seal = Seal(bytes(32), ENTROPY)
        seed = await self._stores[node.key].read(lambda connection: keys.get(connection, seal, "relay"))
        assert seed is not None
        return [seed]

    async def fill_board(self, node: Node, rfps: int, notes: int) -> set[bytes]:
        """Submit RFPs that name one relay, and post so many of the largest notes for each."""
        samples = Samples(self.network, ENTROPY)
        now = clock.unix_seconds()
        posted: set[bytes] = set()
        stream = await dial(node.address.host, node.address.port, node.key)
        async with open_session(stream, self.network, node.key) as session:
            for _ in range(rfps):
                buyer = samples.buyer((node.key,), UnixSeconds(now + 7200))
                await session.ask(Submit(buyer.data))
                sealed = seal_message(bytes(7_900), buyer.box.public, BoxKey(ENTROPY.bytes(32)))
                for _ in range(notes):
                    note = samples.posted(sealed, samples.key(), buyer.key.public, buyer.envelope.expires, "note_b")
                    await session.ask(Post(note))
                    posted.add(note)
        return posted

    async def person(self) -> Person:
        self._count += 1
        database, seal = await self.store(f"person{self._count}")
        news = News(database)
        directory = Directory(self.network, self.seeds, ENTROPY)
        casting = Casting(self.network, directory, ENTROPY, database, seal)
        means = couriers.Means(self.network, "live", directory, ENTROPY, database, seal, news)
        return Person(casting, Courier(means, self._nursery), directory, news, database, seal)

    async def vendor(self, what: Shop) -> Responder:
        self._count += 1
        database, seal = await self.store(f"vendor{self._count}")
        key, box = SigningKey(ENTROPY.bytes(32)), BoxKey(ENTROPY.bytes(32))
        means = responders.Means(self.network, key, box, self.seeds, ENTROPY, database, seal, News(database))
        responder = Responder(means, what)
        self._nursery.start_soon(responder.run)
        return responder


@asynccontextmanager
async def open_market(folder: Path, network: str = "test", relays: int = 3) -> AsyncIterator[Market]:
    async with trio.open_nursery() as nursery, AsyncExitStack() as stack:
        market = Market(NETWORKS[network], folder, nursery, stack)
        for _ in range(relays):
            await market.relay()
        try:
            yield market
        finally:
            nursery.cancel_scope.cancel()
