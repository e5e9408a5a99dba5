"""Connecting to a relay: the address first, then the key."""

from __future__ import annotations

import ssl
from typing import Final

import trio

from intentcast.ids import RelayKey
from intentcast.limits import HANDSHAKE_SECONDS
from intentcast.records.relay_card import is_public
from intentcastd.net import tls
from intentcastd.net.errors import Unreachable

CONNECT_SECONDS: Final = 10.0


async def dial(
    host: str,
    port: int,
    key: RelayKey,
    *,
    context: ssl.SSLContext | None = None,
    public_only: bool = False,
    connect_seconds: float = CONNECT_SECONDS,
    handshake_seconds: float = HANDSHAKE_SECONDS,
) -> tls.TlsStream:
    """Return a channel to the relay that has this key.

    A name with several addresses is tried in parallel (RFC 8305), so one that is dead does not hold up the others.

    Raises:
        Unreachable: nobody answers.
        PinMismatch: somebody else answers; nothing was sent.
        HandshakeFailed: no peer of this protocol answers.
    """
    stream = await open_tcp(host, port, connect_seconds, public_only=public_only)
    return await tls.connect_pinned(stream, key, context, handshake_seconds)


async def open_tcp(
    host: str, port: int, seconds: float = CONNECT_SECONDS, *, public_only: bool = False
) -> trio.SocketStream:
    """Return a bare connection: what a relay opens for a tunnel that goes through it.

    Args:
        public_only: go nowhere but to public addresses, whatever a name resolves to: a relay card must not be a way
            into the networks that this machine sits in (CIR-3).

    Raises:
        Unreachable: nobody answers, or the address may not be dialled.
    """
    try:
        with trio.fail_after(seconds):
            if public_only:
                host = await _public_address(host, port)
            return await trio.open_tcp_stream(host, port)
    except (OSError, trio.TooSlowError, UnicodeError, OverflowError) as error:  # the last two: no host, no port
        raise Unreachable(
            "The relay does not answer.", "Check that it runs and that this machine is online, then try again."
        ) from error


async def _public_address(host: str, port: int) -> str:
    """Resolve once, and return the first public address: what is dialled then is what was judged."""
    found = await trio.socket.getaddrinfo(host, port, type=trio.socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_, address in found]
    public = [address for address in addresses if is_public(address)]
    if not public:
        raise Unreachable("The relay's address is not public.", "Only public addresses are dialled in this network.")
    return public[0]
