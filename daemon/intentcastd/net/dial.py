"""Connecting to a relay: the address first, then the key."""

from __future__ import annotations

import ssl
from typing import Final

import trio

from intentcast.ids import RelayKey
from intentcast.limits import HANDSHAKE_SECONDS
from intentcastd.net import tls
from intentcastd.net.errors import Unreachable

CONNECT_SECONDS: Final = 10.0


async def dial(
    host: str,
    port: int,
    key: RelayKey,
    *,
    context: ssl.SSLContext | None = None,
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
    stream = await open_tcp(host, port, connect_seconds)
    return await tls.connect_pinned(stream, key, context, handshake_seconds)


async def open_tcp(host: str, port: int, seconds: float = CONNECT_SECONDS) -> trio.SocketStream:
    """Return a bare connection: what a relay opens for a tunnel that goes through it.

    Raises:
        Unreachable: nobody answers.
    """
    try:
        with trio.fail_after(seconds):
            return await trio.open_tcp_stream(host, port)
    except (OSError, trio.TooSlowError, UnicodeError, OverflowError) as error:  # the last two: no host, no port
        raise Unreachable(
            "The relay does not answer.", "Check that it runs and that this machine is online, then try again."
        ) from error
