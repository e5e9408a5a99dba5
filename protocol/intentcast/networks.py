"""The networks and all in which they differ: a table, and nowhere an `if`.

Made from specs/registries/networks.json by scripts/registries.py: change it there.
"""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.ids import NetworkId


@dataclass(frozen=True, slots=True)
class Network:
    """One network: the registry says what each field means."""

    name: str
    id: NetworkId
    hold_mean_seconds: int
    """Mean of the exponential time that an exit holds an RFP; 0 hands on at once."""
    base_effort_bits: int
    """Stamp of a 1 KiB RFP that lives a week, in leading zero bits."""
    circuit_relays: int
    """Relays in a circuit: 1 exit only; 2 guard, exit; 3 guard, middle, exit."""
    pace: str
    """Default pace of visits (limits.json, paces)."""
    live_pace_allowed: bool
    """Whether one visit may be held open."""
    boards: tuple[int, int]
    """Board relays that an RFP names: at least, at most."""
    lane_a: str
    """Who may use lane A: 'domain' an attested domain, 'card' a live vendor card."""
    public_addresses_only: bool
    """Whether loopback, private and link-local addresses are refused."""
    one_relay_per_block: bool
    """Whether relays of a circuit and boards lie in different address blocks."""
    circuit_seconds: int
    """Longest life of a circuit, seconds."""
    circuit_up_bytes: int
    """Most bytes that a relay carries upwards in one circuit."""
    circuit_down_bytes: int
    """Most bytes that a relay carries downwards in one circuit."""


NETWORKS: dict[str, Network] = {
    "public": Network(
        name="public",
        id=NetworkId(bytes.fromhex("550c631f1d49589d")),
        hold_mean_seconds=60,
        base_effort_bits=20,
        circuit_relays=3,
        pace="normal",
        live_pace_allowed=False,
        boards=(3, 3),
        lane_a="domain",
        public_addresses_only=True,
        one_relay_per_block=True,
        circuit_seconds=120,
        circuit_up_bytes=65536,
        circuit_down_bytes=1048576,
    ),
    "home": Network(
        name="home",
        id=NetworkId(bytes.fromhex("df99acb97ea1b774")),
        hold_mean_seconds=0,
        base_effort_bits=12,
        circuit_relays=1,
        pace="live",
        live_pace_allowed=True,
        boards=(1, 3),
        lane_a="card",
        public_addresses_only=False,
        one_relay_per_block=False,
        circuit_seconds=3600,
        circuit_up_bytes=8388608,
        circuit_down_bytes=134217728,
    ),
    "demo": Network(
        name="demo",
        id=NetworkId(bytes.fromhex("908cfa52f2ab13bc")),
        hold_mean_seconds=1,
        base_effort_bits=12,
        circuit_relays=2,
        pace="live",
        live_pace_allowed=True,
        boards=(3, 3),
        lane_a="card",
        public_addresses_only=False,
        one_relay_per_block=False,
        circuit_seconds=3600,
        circuit_up_bytes=8388608,
        circuit_down_bytes=134217728,
    ),
    "test": Network(
        name="test",
        id=NetworkId(bytes.fromhex("5645b52d54ee69f2")),
        hold_mean_seconds=0,
        base_effort_bits=4,
        circuit_relays=2,
        pace="live",
        live_pace_allowed=True,
        boards=(1, 3),
        lane_a="card",
        public_addresses_only=False,
        one_relay_per_block=False,
        circuit_seconds=3600,
        circuit_up_bytes=8388608,
        circuit_down_bytes=134217728,
    ),
}
