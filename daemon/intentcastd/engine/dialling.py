"""Dialling a relay that is known by its card: as its network allows."""

from __future__ import annotations

from intentcast.machines.circuit import KnownRelay
from intentcast.networks import Network
from intentcastd.net.dial import dial
from intentcastd.net.tls import TlsStream


async def dial_relay(relay: KnownRelay, network: Network) -> TlsStream:
    """Return a pinned channel to a relay; in a network of public addresses to no other address (ADM-8, CIR-3).

    Raises:
        Unreachable: nobody answers, or the address is not public where it should be.
        PinMismatch: somebody else answers; nothing was sent.
        HandshakeFailed: no peer of this protocol answers.
    """
    address = relay.address
    return await dial(address.host, address.port, relay.key, public_only=network.public_addresses_only)
