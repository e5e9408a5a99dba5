"""The links of this process by number, and how frames get onto them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import trio

from intentcast.errors import Misuse
from intentcast.ids import RelayKey
from intentcast.machines.inputs import LinkId
from intentcast.units import UnixSeconds
from intentcast.wire.codec import payload_of
from intentcast.wire.frames import Frame
from intentcastd import log
from intentcastd.net.link import Link

_log = log.get("links")


@dataclass(slots=True)
class Port:
    """One link: where it goes, why it is there, and what ends it."""

    id: LinkId
    link: Link
    key: RelayKey | None
    why: str
    since: UnixSeconds
    tunnel: trio.Event = field(default_factory=trio.Event)
    """Set once it is decided whether a connect on this link becomes a tunnel."""
    upstream: trio.SocketStream | None = None
    """Where the tunnel leads, if it was opened."""
    replay: trio.CancelScope = field(default_factory=trio.CancelScope)
    """The replay that goes on for this link, if any."""


class Links:
    """All open links to and from this relay."""

    def __init__(self) -> None:
        self._ports: dict[LinkId, Port] = {}
        self._locals: dict[LinkId, Callable[[Frame, int], None]] = {}
        self._last = 0
        self._written: tuple[Frame | None, int, bytes] = (None, 0, b"")

    def __iter__(self) -> Iterator[Port]:
        return iter(list(self._ports.values()))

    def next_id(self) -> LinkId:
        self._last += 1
        return LinkId(self._last)

    def add(self, port: Port) -> None:
        self._ports[port.id] = port

    def add_local(self, take: Callable[[Frame, int], None]) -> LinkId:
        """Return a link that ends inside this process: what is sent to it is given to `take`."""
        link = self.next_id()
        self._locals[link] = take
        return link

    def remove(self, link: LinkId) -> None:
        self._ports.pop(link, None)

    def get(self, link: LinkId) -> Port | None:
        return self._ports.get(link)

    def knows(self, key: RelayKey) -> bool:
        """Tell whether there is a link to or from this relay."""
        return any(port.key == key for port in self._ports.values())

    def send(self, link: LinkId, frame: Frame, request: int) -> None:
        """Put a frame into a link's outbox. A peer that does not read loses its link and catches up later (LNK-9)."""
        if link in self._locals:
            self._locals[link](frame, request)
            return
        port = self._ports.get(link)
        if port is None:
            return
        # One frame often goes to many links, one after another: it is written once.
        if self._written[0] is not frame or self._written[1] != request:
            try:
                self._written = (frame, request, payload_of(frame, request))
            except Misuse as error:
                # Our own fault, but no reason to end more than this link.
                _log.error("frame.unwritable", rule=error.rule)
                port.link.abort()
                return
        if not port.link.send(self._written[2]):
            port.link.abort()

    def close(self, link: LinkId) -> None:
        """End a link once what was sent to it is written."""
        port = self._ports.get(link)
        if port is not None:
            port.link.close()
