"""The relays that a person's daemon knows: seeds that the person gave, cards that came through them, one pinned guard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intentcast.entropy import Entropy
from intentcast.errors import Ignored, Misuse, Rejected
from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay, choose_guard, known_relay_untrusted
from intentcast.networks import Network
from intentcast.wire.frames import Cards, Done, Give
from intentcastd.engine.session import open_session
from intentcastd.errors import IntentcastdError
from intentcastd.net.dial import dial
from intentcastd.store import keys
from intentcastd.store.database import Connection, Database
from intentcastd.store.sealed import Seal

WANTED_CARDS = 32
_GUARD = "guard"


class NoRelay(IntentcastdError):
    """No relay is known, or none can be used."""

    code = "no_relay"
    exit = 6


class Directory:
    """What one daemon knows of the network. Nobody is asked before the person chose the network."""

    def __init__(self, network: Network, seeds: Sequence[KnownRelay], entropy: Entropy) -> None:
        self._network = network
        self._seeds = tuple(seeds)
        self._entropy = entropy
        self._known: dict[RelayKey, KnownRelay] = {}

    def __len__(self) -> int:
        return len(self._known)

    def relays(self) -> tuple[KnownRelay, ...]:
        """All relays whose cards are held."""
        return tuple(self._known.values())

    def get(self, key: RelayKey) -> KnownRelay | None:
        return self._known.get(key)

    def take(self, cards: Iterable[bytes]) -> None:
        """Take cards that a relay passed on; one that does not hold is left out."""
        for card in cards:
            try:
                relay = known_relay_untrusted(card, self._network.id)
            except (Rejected, Ignored):
                continue
            self._known[relay.key] = relay

    async def refresh(self) -> None:
        """Ask one seed after the other for relay cards, until one answers.

        Raises:
            NoRelay: no seed is given, or none answers.
        """
        if not self._seeds:
            raise NoRelay("No relay is known to begin with.", "Name one: intentcast up --relay relay:KEY@HOST:PORT")
        reason: IntentcastdError | None = None
        for seed in self._seeds:
            try:
                await self._ask(seed)
            except IntentcastdError as error:
                reason = error
                continue
            return
        told = reason.message if reason else ""
        raise NoRelay(f"None of {len(self._seeds)} relays answers. {told}", "It is tried again; see: intentcast doctor")

    async def _ask(self, seed: KnownRelay) -> None:
        stream = await dial(seed.address.host, seed.address.port, seed.key)
        async with (
            open_session(stream, self._network, seed.key) as session,
            session.listen(Cards(WANTED_CARDS), stop=False) as answers,
        ):
            async for frame in answers:
                if isinstance(frame, Give):
                    self.take(frame.envelopes)
                elif isinstance(frame, Done):
                    return

    async def guard(self, database: Database, seal: Seal) -> KnownRelay:
        """Return the pinned guard; draw and pin one if there is none yet, or if it is gone from the network (CIR-5).

        Raises:
            NoRelay: no relay that opens circuits is known.
        """
        name = f"{_GUARD}.{self._network.name}"
        pinned = await database.read(lambda connection: keys.get(connection, seal, name))
        if pinned is not None and RelayKey(pinned) in self._known:
            return self._known[RelayKey(pinned)]
        try:
            drawn = choose_guard(self.relays(), self._entropy)
        except Misuse as error:
            raise NoRelay(f"{error.reason.capitalize()}.", "Wait for relay cards, or name another relay.") from error

        def pin(connection: Connection) -> None:
            keys.put(connection, seal, name, drawn.key)

        await database.write(pin)
        return drawn
