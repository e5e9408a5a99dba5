"""A relay on the bench: give it frames, look at what it says. Time stands still unless it is moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from intentcast.crypto.keys import SigningKey
from intentcast.ids import RelayKey
from intentcast.machines.effects import Close, Send
from intentcast.machines.inputs import Now, Tick
from intentcast.networks import NETWORKS
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, Buyer, Samples
from intentcast.testing.station import Outward, Station
from intentcast.units import Instant, UnixSeconds
from intentcast.wire.frames import Frame


def moment(seconds: float) -> Now:
    """Return the moment so many seconds after the samples' own."""
    return Now(UnixSeconds(T0 + int(seconds)), Instant(float(seconds)))


@dataclass
class Bench:
    """One relay of one network, what it keeps, and all that it has said."""

    samples: Samples
    station: Station
    seconds: float = 0.0
    said: list[Outward] = field(default_factory=list)

    @property
    def now(self) -> Now:
        return moment(self.seconds)

    @property
    def key(self) -> RelayKey:
        return RelayKey(self.station.key.public)

    def link(self, link: int, key: bytes | None = None, *, chosen: bool = False) -> list[Outward]:
        return self._note(self.station.link(link, key, self.now, chosen=chosen))

    def relay_link(self, link: int) -> SigningKey:
        """A link to another relay that has subscribed to nothing yet; what we ask of it is put aside."""
        key = self.samples.key()
        self.link(link, key.public)
        return key

    def take(self, link: int, frame: Frame, request: int = 1) -> list[Outward]:
        return self._note(self.station.frame(link, frame, self.now, request))

    def wait(self, seconds: float) -> list[Outward]:
        self.seconds += seconds
        return self._note(self.station.receive(Tick(), self.now))

    def _note(self, effects: list[Outward]) -> list[Outward]:
        self.said += effects
        return effects

    def buyer(self) -> Buyer:
        return self.samples.buyer((self.key,))


def frames_to(effects: Sequence[Outward], link: int) -> list[Frame]:
    """Return the frames among effects that go to a link."""
    return [effect.frame for effect in effects if isinstance(effect, Send) and effect.link == link]


def closed(effects: Sequence[Outward]) -> list[tuple[int, str | None]]:
    """Return the links that effects end, with the rule that was broken."""
    return [(effect.link, effect.fault) for effect in effects if isinstance(effect, Close)]


def make_bench(
    network: str = "test", seed: str = "bench", refused: frozenset[str] = frozenset(), surcharge: int = 0
) -> Bench:
    """Return a new relay of a network; the same seed gives the same keys and draws."""
    samples = Samples(NETWORKS[network], SeededEntropy(seed))
    return Bench(samples, Station(samples.network, samples.key(), samples.entropy, refused, surcharge))
