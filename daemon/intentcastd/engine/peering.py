"""Peering: a relay keeps links to the relays that it knows, and tells everybody where it is itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import trio

from intentcast.crypto.keys import SigningKey
from intentcast.entropy import Entropy
from intentcast.ids import RelayKey
from intentcast.limits import MAX_RELAY_LIFE_SECONDS
from intentcast.machines.circuit import KnownRelay
from intentcast.machines.efforts import price_of_kind
from intentcast.machines.inputs import FrameReceived, Input, LinkId
from intentcast.networks import Network
from intentcast.records.envelope import RELAY, Header, prepare, total_size
from intentcast.records.relay_card import RelayCard
from intentcast.units import Instant, UnixSeconds
from intentcast.wire.frames import Submit
from intentcastd import clock, log
from intentcastd.engine.dialling import dial_relay
from intentcastd.engine.links import Links
from intentcastd.engine.serving import Serving
from intentcastd.engine.stamping import find_nonce
from intentcastd.errors import IntentcastdError

MOST_PEERS = 8
"""Links that a relay opens by itself; it takes more from others."""

LOOK_SECONDS = 5.0
"""Mean time between two looks at which relay is not linked yet; drawn afresh each time."""

REST_SECONDS = 0.5
MOST_REST_SECONDS = 120.0
"""Mean time for which a relay that does not answer is left alone, at most."""

LASTING_SECONDS = 10.0
"""A link that held so long was a good one."""

_ROUND = 3600
_log = log.get("peering")

Known = Callable[[], Sequence[KnownRelay]]


@dataclass(frozen=True, slots=True)
class Self:
    """What this relay announces."""

    network: Network
    key: SigningKey
    card: RelayCard


class Peering:
    """Dials relays and renews our own card."""

    def __init__(
        self, myself: Self, links: Links, serving: Serving, entropy: Entropy, first: Iterable[RelayKey] = ()
    ) -> None:
        self._self = myself
        self._links = links
        self._serving = serving
        self._entropy = entropy
        self._first = frozenset(first)
        self._dialling: set[RelayKey] = set()
        self._rests: dict[RelayKey, tuple[float, Instant]] = {}

    async def keep_links(self, known: Known) -> None:
        """Dial relays that are known and not linked, for ever."""
        async with trio.open_nursery() as nursery:
            while True:
                for relay in self._missing(known()):
                    self._dialling.add(relay.key)
                    nursery.start_soon(self._hold, relay)
                await trio.sleep(0.1 + min(self._entropy.exponential(LOOK_SECONDS / 5), LOOK_SECONDS))

    def _missing(self, known: Sequence[KnownRelay]) -> list[KnownRelay]:
        own = self._self.key.public
        now = clock.instant()
        missing = [
            relay
            for relay in known
            if relay.key != own
            and relay.key not in self._dialling
            and not self._links.knows(relay.key)
            and self._rests.get(relay.key, (0.0, now))[1] <= now
        ]
        room = max(0, MOST_PEERS - len(self._dialling))
        # The operator's own choice first; of the others any, so that whoever announced himself first gains nothing.
        chosen = [relay for relay in missing if relay.key in self._first]
        rest = [relay for relay in missing if relay.key not in self._first]
        while rest and len(chosen) < room:
            chosen.append(rest.pop(self._entropy.below(len(rest))))
        return chosen

    async def _hold(self, relay: KnownRelay) -> None:
        """Keep one link open until it ends."""
        began = clock.instant()
        try:
            with suppress(IntentcastdError):
                stream = await dial_relay(relay, self._self.network)
                await self._serving.connect(stream, relay.key)
        finally:
            self._dialling.discard(relay.key)
            self._rest(relay.key, clock.instant() - began)

    def _rest(self, key: RelayKey, lasted: float) -> None:
        """Leave a relay alone for a while: longer each time it did not answer, and shortly where a link had lasted."""
        before = self._rests.get(key, (0.0, Instant(0.0)))[0]
        mean = REST_SECONDS if lasted > LASTING_SECONDS else min(MOST_REST_SECONDS, max(REST_SECONDS, 2 * before))
        self._rests[key] = (mean, Instant(clock.instant() + self._entropy.exponential(mean)))

    async def announce(self, inbox_put: Callable[[Input], None], local: LinkId) -> None:
        """Put our own card into our own market, and again at half of its life."""
        life = MAX_RELAY_LIFE_SECONDS - 2 * _ROUND
        while True:
            now = clock.unix_seconds()
            body = self._self.card.to_body()
            # Rounded up, so that all cards of one hour expire together and none tells when its relay was started.
            expires = UnixSeconds(-(-(now + life) // _ROUND) * _ROUND)
            bits = price_of_kind(self._self.network, RELAY, total_size(RELAY, body), expires - now)
            header = Header(RELAY, self._self.network.id, expires, bits)
            unstamped = prepare(header, body, self._self.key.public)
            nonce = await find_nonce(unstamped, self._entropy)
            inbox_put(FrameReceived(local, Submit(unstamped.sealed_by(self._self.key, nonce)), 1))
            await trio.sleep(life / 2)
