"""A relay node: listens, peers, keeps and spreads; all of its tasks in one nursery."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import trio

from intentcast.crypto.keys import SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import Rejected
from intentcast.ids import NoteId, RelayKey
from intentcast.limits import CLOCK_SKEW_SECONDS
from intentcast.machines.circuit import KnownRelay
from intentcast.machines.inputs import Input, Loaded, LoadedNote
from intentcast.machines.relay import Relay, Statistics
from intentcast.machines.spreading import Settings
from intentcast.networks import Network
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.relay_card import Address, RelayCard, relay_card_untrusted, relay_line
from intentcast.units import UnixSeconds
from intentcastd import clock
from intentcastd.engine.boards import BoardReads
from intentcastd.engine.links import Links
from intentcastd.engine.peering import Peering, Self
from intentcastd.engine.perform import LANES, Performer
from intentcastd.engine.pump import INBOX_ITEMS, now, pump
from intentcastd.engine.queue import Queue
from intentcastd.engine.serving import Serving
from intentcastd.net.listen import Listening, Seats, listen, serve
from intentcastd.net.tls import Identity, server_context
from intentcastd.store import envelopes, notes
from intentcastd.store.database import Database
from intentcastd.store.envelopes import HELD

SWEEP_SECONDS = 60.0
"""How often what has expired is deleted from the disk."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a relay listens and what it says of itself."""

    host: str
    port: int
    advertise_host: str
    name: str | None
    features: tuple[str, ...]


class Node:
    """One running relay, for those who show it to people."""

    def __init__(self, relay: Relay, links: Links, key: RelayKey, address: Address) -> None:
        self.links = links
        self.key = key
        self.address = address
        self._relay = relay

    @property
    def line(self) -> str:
        """The line that people copy."""
        return relay_line(self.key, self.address)

    @property
    def settings(self) -> Settings:
        return self._relay.spreading.settings

    def statistics(self) -> Statistics:
        return self._relay.statistics()

    def cards(self) -> list[bytes]:
        """Relay cards that are live here."""
        return self._relay.spreading.market.relay_cards()


@dataclass(frozen=True, slots=True)
class Setup:
    """What a relay is made of."""

    network: Network
    key: SigningKey
    place: Place
    seeds: Sequence[KnownRelay]
    refused: frozenset[str]
    entropy: Entropy
    database: Database


@asynccontextmanager
async def run_node(setup: Setup) -> AsyncIterator[Node]:
    """Run a relay until the block ends. When the block begins, its port listens.

    Raises:
        PortTaken, CannotListen: the address cannot be had.
    """
    listening = await listen(setup.place.host, setup.place.port)
    async with trio.open_nursery() as nursery:
        node = await _start(setup, listening, nursery)
        yield node
        nursery.cancel_scope.cancel()


async def _start(setup: Setup, listening: Listening, nursery: trio.Nursery) -> Node:
    network, key, database = setup.network, setup.key, setup.database
    own = RelayKey(key.public)
    links, inbox = Links(), Queue[Input](INBOX_ITEMS)
    relay = Relay(Settings(network, own, setup.refused), key, setup.entropy)
    await _load(relay, database)

    def look_up(wanted: RelayKey) -> KnownRelay | None:
        card = relay.card_of(wanted)
        return _known(card) if card else next((seed for seed in setup.seeds if seed.key == wanted), None)

    performer = Performer(database, links, inbox, nursery)
    boards = BoardReads(network, own, links, look_up, inbox)
    performer.attach(relay, boards, look_up, await database.read(notes.last_seq))
    nursery.start_soon(pump, relay, inbox, performer, performer.settle)

    address = Address(setup.place.advertise_host or setup.place.host, listening.port)
    serving = Serving(network, key, links, inbox)
    serving.features = setup.place.features
    per_address = None if not network.public_addresses_only else 64
    await nursery.start(
        serve, listening, server_context(Identity(key.seed)), Seats(per_address=per_address), serving.accept
    )

    card = RelayCard((address,), tuple(sorted(setup.place.features)), setup.place.name)
    first = [seed.key for seed in setup.seeds]
    peering = Peering(Self(network, key, card), links, serving, setup.entropy, first)
    local = links.add_local(lambda frame, request: None)

    def known() -> list[KnownRelay]:
        cards = [_known(card) for card in relay.spreading.market.relay_cards()]
        keys = {found.key for found in cards}
        return [*cards, *(seed for seed in setup.seeds if seed.key not in keys)]

    nursery.start_soon(peering.keep_links, known)
    nursery.start_soon(peering.announce, inbox.post, local)
    nursery.start_soon(_sweep, database)
    return Node(relay, links, own, address)


def _known(card: bytes) -> KnownRelay:
    """Read a card that was admitted: its signature was checked then."""
    envelope = envelope_untrusted(card)
    body = relay_card_untrusted(envelope.body, plain=False)
    return KnownRelay(RelayKey(envelope.author), body.addresses[0], body.features)


async def _load(relay: Relay, database: Database) -> None:
    """Take back from disk what is still live: envelopes first, then the notes for their RFPs."""
    moment = now()
    since = UnixSeconds(moment.wall - CLOCK_SKEW_SECONDS)
    async for chunk in envelopes.load_live(database, since):
        for row in chunk:
            held = row.release_at if row.state == HELD else None
            try:
                relay.receive(Loaded(envelope_untrusted(row.body), held), moment)
            except Rejected:  # kept by an older version with other rules
                continue
    async for notes_chunk in notes.load_live(database, since):
        for note in notes_chunk:
            relay.receive(
                LoadedNote(
                    NoteId(note.id), note.tag, note.author, note.epoch, LANES[note.lane], note.effort, note.expires
                ),
                moment,
            )


async def _sweep(database: Database) -> None:
    """Delete what expired so long ago that no honest clock holds it for live; in slices, so that others get in between."""
    while True:
        before = UnixSeconds(clock.unix_seconds() - CLOCK_SKEW_SECONDS)
        for delete in (envelopes.delete_expired, notes.delete_expired):
            while await database.write(partial(delete, before=before)):
                pass
        await trio.sleep(SWEEP_SECONDS)
