"""Circuits from this side: TLS inside TLS through guard, middle and exit, and a session with the exit.

One relay knows who, one knows nothing, one knows what. There is no way around: where the network says so a
circuit has its relays or is not opened.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import trio

from intentcast.machines.circuit import KnownRelay
from intentcast.networks import Network
from intentcast.wire.frames import Connect
from intentcastd.engine.dialling import dial_relay
from intentcastd.engine.session import Session, open_session
from intentcastd.net.tls import connect_pinned


@asynccontextmanager
async def open_circuit(path: Sequence[KnownRelay], network: Network) -> AsyncIterator[Session]:
    """Open a circuit through these relays and speak with the last one.

    Args:
        path: guard first, exit last; one relay is a direct link.

    Raises:
        NetError: a relay of the path cannot be reached, or has another key.
        Refused: a relay refuses to join the circuit.
        SessionLost: a relay does not answer.

    Spec: 09 §3 (CIR-1..CIR-3)
    """
    first, *rest = path
    stream = await dial_relay(first, network)
    async with _through(stream, first, rest, network) as session:
        yield session


@asynccontextmanager
async def _through(
    stream: trio.abc.Stream, relay: KnownRelay, rest: Sequence[KnownRelay], network: Network
) -> AsyncIterator[Session]:
    async with open_session(stream, network, relay.key) as session:
        if not rest:
            yield session
            return
        following = rest[0]
        inner = await session.becomes_stream(Connect(following.key))
        secured = await connect_pinned(inner, following.key)
        async with _through(secured, following, rest[1:], network) as last:
            yield last
