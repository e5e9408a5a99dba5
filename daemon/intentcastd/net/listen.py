"""Listening for peers: how many may sit at this relay, and the handshake with each.

Who is over a cap is closed before anything is read: a stranger costs a file descriptor for a blink and no more.
"""

from __future__ import annotations

import errno
import ipaddress
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import trio

from intentcast.limits import HANDSHAKE_SECONDS, MAX_ANONYMOUS_LINKS, MAX_LINKS_PER_ADDRESS
from intentcastd.net import tls
from intentcastd.net.errors import CannotListen, HandshakeFailed, PortTaken
from intentcastd.net.link import close_stream

PROVING_PLACES: Final = 64
"""Places beyond those of strangers, for as long as a hello takes: strangers must not lock relays out."""

_IPV6_SITE_BITS: Final = 64  # what one customer gets: whoever has one address of it has them all


class Seats:
    """The places at this relay."""

    def __init__(self, anonymous: int = MAX_ANONYMOUS_LINKS, per_address: int | None = MAX_LINKS_PER_ADDRESS) -> None:
        """Make empty places.

        Args:
            anonymous: most links from peers that have not proved a relay's key (LIM-37).
            per_address: most links from one source address (LIM-38); None where addresses say nothing.
        """
        self._most_anonymous = anonymous
        self._most_per_address = per_address
        self._by_address: Counter[str] = Counter()
        self.anonymous = 0
        self.refused = 0
        """Connections that were closed because a cap was reached."""

    def take(self, address: str) -> Seat | None:
        """Return a place for somebody from this address, None if there is none."""
        source = _source(address)
        full = self._most_per_address is not None and self._by_address[source] >= self._most_per_address
        if full or self.anonymous >= self._most_anonymous + PROVING_PLACES:
            self.refused += 1
            return None
        self._by_address[source] += 1
        self.anonymous += 1
        return Seat(self, source)

    @property
    def is_crowded(self) -> bool:
        """Whether strangers have taken all their places: from now on only who proves a relay's key may stay."""
        return self.anonymous > self._most_anonymous

    def _release(self, source: str, *, anonymous: bool) -> None:
        self.anonymous -= anonymous
        self._by_address[source] -= 1
        if not self._by_address[source]:
            del self._by_address[source]


class Seat:
    """One place, taken until `leave`."""

    def __init__(self, seats: Seats, source: str) -> None:
        self._seats = seats
        self._anonymous = True
        self._taken = True
        self.source = source
        """Source address, an IPv6 one as its /64: for rates, never for the log."""

    @property
    def is_crowded(self) -> bool:
        """Whether there are more strangers than places for them."""
        return self._seats.is_crowded

    def prove(self) -> None:
        """Say that the peer proved a relay's key: it no longer counts as a stranger."""
        if self._taken and self._anonymous:
            self._anonymous = False
            self._seats.anonymous -= 1

    def leave(self) -> None:
        """Give the place back; may be called twice."""
        if self._taken:
            self._taken = False
            self._seats._release(self.source, anonymous=self._anonymous)


Welcome = Callable[[tls.TlsStream, Seat], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listening:
    """Sockets that peers may connect to already; `serve` answers them."""

    sockets: list[trio.SocketListener]
    port: int


async def listen(host: str, port: int) -> Listening:
    """Listen on an address.

    Args:
        host: an address, "0.0.0.0" or "::" for all of this machine.
        port: 0 takes a free one.

    Raises:
        PortTaken: another program listens there.
        CannotListen: the address is not this machine's, or the port needs more rights.
    """
    try:
        first, *others = await trio.open_tcp_listeners(port, host=host)
    except OSError as error:
        raise _told(error, host, port) from error
    if not port:
        # A name with two addresses would get two ports, and only one can be told to others.
        for other in others:
            await other.aclose()
        others = []
    return Listening(sockets=[first, *others], port=first.socket.getsockname()[1])


async def serve(
    listening: Listening,
    context: ssl.SSLContext,
    seats: Seats,
    welcome: Welcome,
    *,
    seconds: float = HANDSHAKE_SECONDS,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Answer whoever connects: a place, the handshake, then `welcome` with the stream in a task of its own.

    The stream is closed and the place given back when `welcome` returns. Cancel this to stop.
    """
    answer = partial(_answer, context=context, seats=seats, welcome=welcome, seconds=seconds)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, answer, listening.sockets)
        task_status.started()


async def _answer(
    stream: trio.SocketStream, *, context: ssl.SSLContext, seats: Seats, welcome: Welcome, seconds: float
) -> None:
    try:
        address = stream.socket.getpeername()[0]
    except OSError:  # gone again
        await trio.aclose_forcefully(stream)
        return
    seat = seats.take(address)
    if seat is None:
        await trio.aclose_forcefully(stream)
        return
    try:
        secured = await _secured(stream, context, seconds)
        if secured is not None:
            try:
                await welcome(secured, seat)
            finally:
                await close_stream(secured)
    finally:
        seat.leave()


async def _secured(stream: trio.SocketStream, context: ssl.SSLContext, seconds: float) -> tls.TlsStream | None:
    try:
        return await tls.accept(stream, context, seconds)
    except HandshakeFailed:  # scanners and the like come by all day: nothing to tell
        return None


def _source(address: str) -> str:
    """Return what counts as one source: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))
    return str(parsed)


def _told(error: OSError, host: str, port: int) -> CannotListen:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"Port {port} is taken by another program.",
            "Stop that program, or choose another port: `port` in [relay] of config.toml (0 takes a free one).",
        )
    if error.errno == errno.EACCES:
        return CannotListen(f"Port {port} needs rights that this user does not have.", "Choose one above 1023.")
    return CannotListen(
        f"{host} port {port} cannot be listened on: {error.strerror or error}.",
        "`host` in [relay] of config.toml must be an address of this machine, such as 0.0.0.0 for all of them.",
    )
