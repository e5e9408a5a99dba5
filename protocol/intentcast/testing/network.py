"""A network in memory: relays and clients, lines with latency and loss, a clock that only this loop moves.

What travels is what a program reads after TLS: frames as bytes, the hello included. The same seed gives the
same run, byte for byte. Every byte that a relay could read is written down in `seen`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from intentcast.crypto.keys import SigningKey
from intentcast.encoding.framing import FrameReader
from intentcast.entropy import Entropy
from intentcast.errors import Misuse, Rejected
from intentcast.ids import RelayKey
from intentcast.limits import FIRST_FRAME_BYTES, MAX_FRAME_BYTES
from intentcast.machines.effects import Close, EndReads, OpenTunnel, ReadBoard, Send
from intentcast.machines.inputs import (
    BoardLost,
    BoardSaid,
    FrameReceived,
    Input,
    LinkDown,
    LinkId,
    LinkUp,
    Now,
    Tick,
    Token,
)
from intentcast.machines.link import VERSION, greeted_untrusted, hello, welcomed_untrusted
from intentcast.networks import NETWORKS
from intentcast.networks import Network as Rules
from intentcast.testing.samples import T0
from intentcast.testing.station import Outward, Station
from intentcast.units import Instant, UnixSeconds
from intentcast.wire.codec import frame_untrusted, write
from intentcast.wire.frames import Connect, Done, Error, Frame, Notes, Welcome


@dataclass(frozen=True, slots=True)
class Line:
    """How bytes travel: seconds one way, mean of what is added at random, and the chance that a piece breaks the line.

    TCP hides lost packets; what programs see of them is delay, or a line that is gone.
    """

    latency: float = 0.02
    jitter: float = 0.0
    loss: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Bytes that one program handed to another."""

    at: Instant
    source: str
    target: str
    data: bytes


class Port:
    """One end of a line. Bytes come in, frames come out; spliced to another port it only hands bytes on."""

    def __init__(self, network: Network, name: str, line: Line) -> None:
        self.name = name
        self.is_open = True
        self.other: Port | None = None
        self.spliced: Port | None = None
        self.on_frame: Callable[[Frame, int], None] = lambda frame, request: None
        self.on_down: Callable[[], None] = lambda: None
        self._reader = FrameReader(FIRST_FRAME_BYTES)
        self._network = network
        self._line = line
        self._last = Instant(0.0)

    def send(self, frame: Frame, request: int = 0) -> None:
        self.carry(write(frame, request))

    def carry(self, data: bytes) -> None:
        """Hand bytes to the line; they arrive in order."""
        other = self.other
        if not self.is_open or other is None:
            return
        network, line = self._network, self._line
        network.seen.append(Seen(network.now.instant, self.name, other.name, data))
        if line.loss and network.entropy.below(1_000_000) < line.loss * 1_000_000:
            self.close()
            return
        delay = line.latency + network.entropy.exponential(line.jitter)
        self._last = Instant(max(self._last, network.now.instant + delay))
        network.at(self._last, lambda: other.arrived(data))

    def arrived(self, data: bytes) -> None:
        if not self.is_open:
            return
        if self.spliced is not None:
            self.spliced.carry(data)
            return
        try:
            for payload in self._reader.feed(data):
                self._reader.most = MAX_FRAME_BYTES
                self.on_frame(*frame_untrusted(payload))
        except Rejected as error:
            self.send(Error(error.code))
            self.close()

    def restart(self) -> None:
        """From now on another program is at the other end: it is greeted anew."""
        self._reader = FrameReader(FIRST_FRAME_BYTES)

    def close(self) -> None:
        """End the line; the other end learns of it after what is on its way."""
        for port in (self, self.other):
            if port is not None and port.is_open:
                port.is_open = False
                self._network.at(Instant(max(self._last, self._network.now.instant)), port._down)

    def _down(self) -> None:
        if self.spliced is not None:
            self.spliced.close()
        self.on_down()


class Client:
    """A program that asks relays: a vendor, a buyer at the end of a circuit, an exit that reads a board."""

    def __init__(self, network: Network, port: Port) -> None:
        self.frames: list[tuple[Frame, int]] = []
        self.port = port
        self.welcome: Welcome | None = None
        self._network = network
        self._requests = 0

    def greet(self, server: bytes, key: SigningKey | None = None) -> None:
        """Say hello to the relay at the other end, which has this key."""
        self.welcome = None
        self.port.on_frame = self._welcomed
        self.port.send(hello(self._network.rules.id, RelayKey(server), key))

    def _welcomed(self, frame: Frame, request: int) -> None:
        self.welcome = welcomed_untrusted(frame)
        self.port.on_frame = lambda frame, request: self.frames.append((frame, request))

    def ask(self, frame: Frame) -> int:
        """Send a frame and return its request number."""
        self._requests += 1
        self.port.send(frame, self._requests)
        return self._requests

    def answers(self, request: int) -> list[Frame]:
        """What came for a request so far; for request 0 what came unasked."""
        return [frame for frame, number in self.frames if number == request]

    def through(self, key: bytes) -> None:
        """Have this link joined to another relay, and greet that one."""
        request = self.ask(Connect(key))
        self._network.run_until(lambda: bool(self.answers(request)))
        if not any(isinstance(answer, Done) for answer in self.answers(request)):
            raise Misuse("CIR-2", "the relay does not join us to that one")
        self.port.restart()
        self.greet(key)
        self._network.run_until(lambda: self.welcome is not None)


class Node:
    """A station that is on the network."""

    def __init__(self, network: Network, name: str, station: Station) -> None:
        self.name = name
        self.station = station
        self._network = network
        self._ports: dict[LinkId, Port] = {}
        self._reads: dict[LinkId, tuple[Token, int]] = {}
        self._board_ports: dict[Token, list[Port]] = {}
        self._links = 0

    def take(self, item: Input) -> None:
        """Give the relay one input, and perform what it decides."""
        for effect in self.station.receive(item, self._network.now):
            self._perform(effect)

    def accept(self, port: Port) -> None:
        """Somebody opened a line to this relay."""

        def greeted(frame: Frame, request: int) -> None:
            key = greeted_untrusted(frame, self._network.rules.id, RelayKey(self.station.key.public))
            port.send(Welcome(VERSION, (), self.station.settings.surcharge))
            self._open(port, key, chosen=False)

        port.on_frame = greeted

    def dial(self, port: Port, key: RelayKey) -> None:
        """Greet another relay as a relay."""

        def welcomed(frame: Frame, request: int) -> None:
            welcomed_untrusted(frame)
            self._open(port, key, chosen=True)

        port.on_frame = welcomed
        port.send(hello(self._network.rules.id, key, self.station.key))

    def _open(self, port: Port, key: RelayKey | None, *, chosen: bool) -> None:
        self._links += 1
        link = LinkId(self._links)
        self._ports[link] = port
        port.on_frame = lambda frame, request: self.take(FrameReceived(link, frame, request))
        port.on_down = lambda: self._closed(link)
        self.take(LinkUp(link, key, chosen))

    def _closed(self, link: LinkId) -> None:
        del self._ports[link]
        self.take(LinkDown(link))

    def _perform(self, effect: Outward) -> None:
        match effect:
            case Send() if effect.link in self._reads:
                self._local_said(*self._reads[effect.link], effect.frame)
            case Send() if effect.link in self._ports:
                self._ports[effect.link].send(effect.frame, effect.request)
            case Close() if effect.link in self._ports:
                self._ports[effect.link].close()
            case OpenTunnel() if effect.link in self._ports:
                self._splice(self._ports[effect.link], effect)
            case ReadBoard():
                self._read(effect)
            case EndReads():
                for port in self._board_ports.pop(effect.visit, []):
                    port.close()
                for link in [link for link, (visit, _) in self._reads.items() if visit == effect.visit]:
                    del self._reads[link]
            case _:
                pass  # for a link that is gone

    def _splice(self, port: Port, effect: OpenTunnel) -> None:
        inner = self._network.line_to(self.name, effect.key)
        if inner is None:
            port.send(Error("unreachable"), effect.request)
            return
        port.send(Done(), effect.request)
        port.spliced, inner.spliced = inner, port

    # ---- boards, read for visits

    def _read(self, effect: ReadBoard) -> None:
        if effect.key == self.station.key.public:
            self._links += 1
            link = LinkId(self._links)
            self._reads[link] = (effect.visit, effect.board)
            self.take(FrameReceived(link, effect.read, 1))
            return
        port = self._network.line_to(self.name, effect.key)
        if port is None:
            self._network.at(self._network.now.instant, lambda: self.take(BoardLost(effect.visit, effect.board)))
            return
        self._board_ports.setdefault(effect.visit, []).append(port)
        client = Client(self._network, port)
        client.greet(effect.key)

        def welcomed(frame: Frame, request: int) -> None:
            welcomed_untrusted(frame)
            port.on_frame = lambda frame, request: self._local_said(effect.visit, effect.board, frame)
            port.send(effect.read, 1)

        port.on_frame = welcomed
        port.on_down = lambda: self.take(BoardLost(effect.visit, effect.board))

    def _local_said(self, visit: Token, board: int, frame: Frame) -> None:
        if isinstance(frame, Notes):
            self.take(BoardSaid(visit, board, frame))
        elif isinstance(frame, Error):
            self.take(BoardLost(visit, board))


class Network:
    """Relays, clients, lines and the loop that moves the clock."""

    def __init__(self, entropy: Entropy, rules: Rules = NETWORKS["test"], line: Line | None = None) -> None:
        self.entropy = entropy
        self.rules = rules
        self.nodes: dict[RelayKey, Node] = {}
        self.seen: list[Seen] = []
        self.line = line or Line()
        self._time = 0.0
        self._order = 0
        self._due: list[tuple[Instant, int, Callable[[], None]]] = []

    @property
    def now(self) -> Now:
        return Now(UnixSeconds(T0 + int(self._time)), Instant(self._time))

    def at(self, moment: Instant, action: Callable[[], None]) -> None:
        """Do something at a moment of the virtual clock."""
        self._order += 1
        heapq.heappush(self._due, (moment, self._order, action))

    def relay(self, name: str) -> Node:
        """Add a relay."""
        key = SigningKey(self.entropy.bytes(32))
        node = Node(self, name, Station(self.rules, key, self.entropy))
        self.nodes[RelayKey(key.public)] = node
        return node

    def join(self, one: Node, other: Node, line: Line | None = None) -> Port:
        """Link two relays; closing the returned end parts them."""
        near, far = self._line(one.name, other.name, line or self.line)
        other.accept(far)
        one.dial(near, RelayKey(other.station.key.public))
        return near

    def client(self, name: str, to: Node, line: Line | None = None) -> Client:
        """Open a link to a relay, as anybody can, and greet it."""
        near, far = self._line(name, to.name, line or self.line)
        to.accept(far)
        client = Client(self, near)
        client.greet(to.station.key.public)
        self.run_until(lambda: client.welcome is not None)
        return client

    def line_to(self, name: str, key: RelayKey) -> Port | None:
        """Open a line to the relay with this key; None where there is none."""
        node = self.nodes.get(key)
        if node is None:
            return None
        near, far = self._line(name, node.name, self.line)
        node.accept(far)
        return near

    def _line(self, one: str, other: str, line: Line) -> tuple[Port, Port]:
        near, far = Port(self, one, line), Port(self, other, line)
        near.other, far.other = far, near
        return near, far

    def _next(self) -> Instant:
        due = [self._due[0][0]] if self._due else []
        return min([*due, *(node.station.relay.deadline() for node in self.nodes.values())], default=Instant(0.0))

    def _step(self) -> None:
        moment = self._next()
        self._time = max(self._time, moment)
        if self._due and self._due[0][0] <= self._time:
            heapq.heappop(self._due)[2]()
            return
        for node in self.nodes.values():
            if node.station.relay.deadline() <= self._time:
                node.take(Tick())

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self._time + seconds
        while self._next() <= end:
            self._step()
        self._time = end

    def run_until(self, condition: Callable[[], bool], seconds: float = 600.0) -> bool:
        """Let time pass until something holds, for at most `seconds`; tell whether it does."""
        end = self._time + seconds
        while not condition() and self._next() <= end:
            self._step()
        return condition()
