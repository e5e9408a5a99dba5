"""The relays that a person's daemon knows: seeds that the person gave, cards that came through them, one pinned guard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intentcast.entropy import Entropy
from intentcast.errors import Ignored, Misuse, Rejected
from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay, choose_guard, known_relay_untrusted
from intentcast.networks import Network
from intentcast.records.envelope import envelope_untrusted
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Cards, Done, Give
from intentcastd import clock
from intentcastd.engine.session import open_session
from intentcastd.errors import IntentcastdError
from intentcastd.net.dial import dial
from intentcastd.store import keys
from intentcastd.store.database import Connection, Database
from intentcastd.store.sealed import Seal

WANTED_CARDS = 32
GUARD_FAILURES = 8
"""Times in a row that the guard may not be reached before another is drawn: with the pauses between, some minutes."""

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
        self._cards: dict[RelayKey, tuple[KnownRelay, UnixSeconds]] = {}
        self._failures = 0

    def __len__(self) -> int:
        return len(self.relays())

    def relays(self) -> tuple[KnownRelay, ...]:
        """All relays whose cards are held and have not expired."""
        now = clock.unix_seconds()
        return tuple(relay for relay, expires in self._cards.values() if expires > now)

    def get(self, key: RelayKey) -> KnownRelay | None:
        return next((relay for relay in self.relays() if relay.key == key), None)

    def take(self, cards: Iterable[bytes]) -> None:
        """Take cards that a relay passed on; one that does not hold is left out."""
        for card in cards:
            try:
                relay = known_relay_untrusted(card, self._network.id)
            except (Rejected, Ignored):
                continue
            self._cards[relay.key] = (relay, envelope_untrusted(card).expires)

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
        guard = self.get(RelayKey(pinned)) if pinned is not None else None
        if guard is not None and self._failures < GUARD_FAILURES:
            return guard
        self._failures = 0
        try:
            drawn = choose_guard(self.relays(), self._entropy)
        except Misuse as error:
            raise NoRelay(f"{error.reason.capitalize()}.", "Wait for relay cards, or name another relay.") from error

        def pin(connection: Connection) -> None:
            keys.put(connection, seal, name, drawn.key)

        await database.write(pin)
        return drawn

    def guard_was(self, *, reached: bool) -> None:
        """Note whether the guard was reached. What happens behind it never counts: else an exit could choose guards."""
        self._failures = 0 if reached else self._failures + 1
