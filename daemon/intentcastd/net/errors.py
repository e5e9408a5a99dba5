"""What can go wrong between two peers. No message names an address: logs and screens are read by others."""

from __future__ import annotations

from intentcastd.errors import IntentcastdError


class NetError(IntentcastdError):
    """Any error of a connection."""

    code = "network"
    exit = 6


class Unreachable(NetError):
    """Nobody answers there."""

    code = "unreachable"


class HandshakeFailed(NetError):
    """Somebody answers, but not as a peer of this protocol, or not in time."""

    code = "handshake"


class PinMismatch(NetError):
    """A relay answers, but it has another key than the one that was asked for."""

    code = "pin_mismatch"


class LinkClosed(NetError):
    """The other side closed the link, or it broke."""

    code = "link_closed"


class CannotListen(NetError):
    """The address cannot be listened on."""

    code = "cannot_listen"
    exit = 9


class PortTaken(CannotListen):
    """Another program listens on this port."""

    code = "port_taken"
