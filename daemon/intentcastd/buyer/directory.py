"""The relays that a person's daemon knows: seeds that the person gave, cards that came through them, one pinned guard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import trio

from intentcast.entropy import Entropy
from intentcast.errors import Ignored, Misuse, Rejected
from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay, apart, choose_guard, kept_relay, known_relay_untrusted
from intentcast.networks import Network
from intentcast.records.envelope import envelope_untrusted
from intentcast.units import Instant, UnixSeconds
from intentcast.wire.frames import Cards, Done, Give
from intentcastd import clock
from intentcastd.engine.session import open_session
from intentcastd.errors import IntentcastdError
from intentcastd.net.dial import dial
from intentcastd.net.errors import PinMismatch, Unreachable
from intentcastd.store import keys, rfps
from intentcastd.store.database import Database
from intentcastd.store.sealed import Seal

WANTED_CARDS: Final = 32
MOST_RELAYS: Final = 4096
"""Cards that are held: an exit that makes up relays without end would fill the memory. Who is known already stays."""

GUARD_FAILURES: Final = 8
GUARD_FAILING_SECONDS: Final = 600
"""So often in a row, and for so long, the guard is not reached before another is drawn. Both: else whoever cuts this
line for a moment could have guards drawn until one is his."""

_GUARD = "guard"


class NoRelay(IntentcastdError):
    """No relay is known, or none can be used."""

    code = "no_relay"
    exit = 6


@dataclass(frozen=True, slots=True)
class _Held:
    relay: KnownRelay
    expires: UnixSeconds
    card: bytes


class Directory:
    """What one daemon knows of the network. Nobody is asked before the person chose the network.

    Args:
        own: the daemon's own relay: who reads or casts through it does so under the person's own address.
    """

    def __init__(
        self, network: Network, seeds: Sequence[KnownRelay], entropy: Entropy, own: RelayKey | None = None
    ) -> None:
        self._network = network
        self._seeds = tuple(seeds)
        self._entropy = entropy
        self._own = own
        self._cards: dict[RelayKey, _Held] = {}
        self._failures = 0
        self._failing_since: Instant | None = None
        self.last_problem: str | None = None
        """Why no seed answered when they were last asked, without any address; None if one did."""
        self.seeds_changed = trio.Event()

    def begin_with(self, seeds: Sequence[KnownRelay]) -> None:
        """Ask these relays from now on: the person named others."""
        self._seeds = tuple(seeds)
        self.seeds_changed.set()

    def __len__(self) -> int:
        return len(self.relays())

    def relays(self) -> tuple[KnownRelay, ...]:
        """All relays whose cards are held and have not expired."""
        now = clock.unix_seconds()
        return tuple(held.relay for held in self._cards.values() if held.expires > now)

    def others(self) -> tuple[KnownRelay, ...]:
        """All relays but our own: among these guards, middles and exits are drawn."""
        return tuple(relay for relay in self.relays() if relay.key != self._own)

    def exits(self) -> tuple[KnownRelay, ...]:
        """The relays among which exits are drawn; our own only where it is the one way out, at home."""
        found = tuple(relay for relay in self.others() if "exit" in relay.features)
        return found if found or self._network.circuit_relays > 1 else self.relays()

    def get(self, key: RelayKey) -> KnownRelay | None:
        held = self._cards.get(key)
        return held.relay if held is not None and held.expires > clock.unix_seconds() else None

    def take(self, cards: Iterable[bytes]) -> None:
        """Take cards that a relay passed on; one that does not hold is left out (REL-1, SPR-9)."""
        now = clock.unix_seconds()
        for card in cards:
            try:
                relay = known_relay_untrusted(card, self._network, now)
            except (Rejected, Ignored):
                continue
            new = _Held(relay, envelope_untrusted(card).expires, card)
            held = self._cards.get(relay.key)
            if (held is None and self._has_room(now)) or (held is not None and new.expires >= held.expires):
                self._cards[relay.key] = new

    def _has_room(self, now: UnixSeconds) -> bool:
        if len(self._cards) >= MOST_RELAYS:
            self._cards = {key: held for key, held in self._cards.items() if held.expires > now}
        return len(self._cards) < MOST_RELAYS

    async def refresh(self) -> None:
        """Ask one seed after the other for relay cards, until one answers.

        Raises:
            NoRelay: no seed is given, or none answers.
        """
        if not self._seeds:
            raise NoRelay("No relay is known to begin with.", "Name one: intentcast up --relay relay:KEY@HOST:PORT")
        problems = []
        for number, seed in enumerate(self._seeds, 1):
            try:
                await self._ask(seed)
            except IntentcastdError as error:
                problems.append(f"relay {number} of {len(self._seeds)}: {_told(error)}")
                continue
            self.last_problem = None
            return
        self.last_problem = "; ".join(problems)
        raise NoRelay(f"No relay can be used: {self.last_problem}.", "It is tried again; see: intentcast doctor")

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
        """Return the pinned guard; draw and pin one if there is none yet, or if it fails for long (CIR-5).

        Its card is kept with it: after a restart it is used before any card was heard, and whoever keeps its card back
        has no other guard drawn.

        Raises:
            NoRelay: no relay that opens circuits is known.
        """
        name = f"{_GUARD}.{self._network.name}"
        pinned = await database.read(lambda connection: keys.get(connection, seal, name))
        taken = await database.read(rfps.live_exits)
        card = self._newest(pinned) if pinned is not None and not self._is_own(pinned) else self._drawn(taken)
        if self._has_failed():
            card = self._drawn(taken, failed=card)
            self._failures, self._failing_since = 0, None
        if card != pinned:
            await database.write(lambda connection: keys.put(connection, seal, name, card))
        return kept_relay(card)

    def _newest(self, pinned: bytes) -> bytes:
        """Return the guard's card, or a later one of the same relay."""
        before = envelope_untrusted(pinned)
        held = self._cards.get(RelayKey(before.author))
        return held.card if held is not None and held.expires > before.expires else pinned

    def _is_own(self, pinned: bytes) -> bool:
        return RelayKey(envelope_untrusted(pinned).author) == self._own

    def _drawn(self, exits: set[RelayKey], failed: bytes | None = None) -> bytes:
        """Draw a guard apart from the exits of live RFPs; one that failed stays while there is no other."""
        if self._network.circuit_relays == 1:
            pool = list(self.relays())  # at home there is no guard: the exit, our own relay too, is the whole circuit
        else:
            not_this = RelayKey(envelope_untrusted(failed).author) if failed is not None else None
            there = [held.relay for key, held in self._cards.items() if key in exits]
            pool = [
                relay
                for relay in self.others()
                if relay.key not in exits and relay.key != not_this and apart(relay, there, self._network)
            ]
        try:
            return self._cards[choose_guard(pool, self._entropy).key].card
        except Misuse as error:
            if failed is not None:
                return failed
            why = self.last_problem or error.reason.capitalize()
            raise NoRelay(f"{why[0].upper()}{why[1:]}.", "Wait for relay cards, or name another relay.") from error

    def _has_failed(self) -> bool:
        since = self._failing_since
        return since is not None and (
            self._failures >= GUARD_FAILURES and clock.instant() - since >= GUARD_FAILING_SECONDS
        )

    def guard_was(self, *, reached: bool) -> None:
        """Note whether the guard was reached. What happens behind it never counts: else an exit could choose guards."""
        self._failures = 0 if reached else self._failures + 1
        if reached:
            self._failing_since = None
        elif self._failing_since is None:
            self._failing_since = clock.instant()


def _told(error: IntentcastdError) -> str:
    """Return why a relay cannot be used, in a few words."""
    match error:
        case PinMismatch():
            return "it has another key than the line says"
        case Unreachable():
            return "it does not answer"
        case _:
            return error.message.rstrip(".")
