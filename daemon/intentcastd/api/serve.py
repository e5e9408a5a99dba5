"""The serve loop: Hypercorn's connection under listeners and bounds of our own.

Hypercorn writes under a shield without end, so one client that stops reading (a sleeping browser tab) would keep the
daemon from ever ending. Here a write is bounded and can be cancelled, and so is the end.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import trio
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.trio.tcp_server import MAX_RECV, TCPServer
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import AppWrapper, ConnectionState
from hypercorn.utils import wrap_app
from starlette.types import ASGIApp

from intentcastd import log
from intentcastd.api.app import build
from intentcastd.api.auth import tcp_door, unix_door
from intentcastd.api.backend import Backend
from intentcastd.errors import IntentcastdError

LOOPBACK = "127.0.0.1"
# A local user who opens connection after connection: each listener counts its own, so the socket stays free.
MAX_CONNECTIONS = 64
# A reader that takes nothing for so long loses its connection.
WRITE_SECONDS = 20.0
# What a call may take to come to its end once the daemon is ending.
GRACE_SECONDS = 1.0
# What the head of a call may take, from its first byte or from the beginning of the connection.
HEAD_SECONDS = 5.0
# What a connection may rest between two calls.
KEEP_ALIVE_SECONDS = 15.0
BACKLOG = 64
logger = log.get("api")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


class CannotServe(IntentcastdError):
    """The local API cannot listen where it should."""

    code = "api_cannot_listen"
    exit = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where the local API listens.

    Attributes:
        socket: path of the unix socket; its folder is 0700 and ours.
        port: on the loopback; 0 takes a free one.
        token: what calls on the loopback port must bring.
    """

    socket: Path
    port: int
    token: str


@dataclass(frozen=True, slots=True)
class Bound:
    """Where it really listens."""

    socket: Path
    port: int


async def serve(
    backend: Backend,
    place: Place,
    stop: trio.Event,
    *,
    grace_seconds: float = GRACE_SECONDS,
    task_status: trio.TaskStatus[Bound] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until `stop` is set, then end within `grace_seconds`. Starts with where it listens.

    Raises:
        CannotServe: the port is taken, or another daemon listens on the socket.
    """
    app = build(backend, stop)
    async with _listen_on_socket(place.socket) as on_unix, await _listen_on_loopback(place.port) as on_tcp:
        port = int(on_tcp.socket.getsockname()[1])
        entrances = (_Entrance(on_unix, unix_door(app)), _Entrance(on_tcp, tcp_door(app, place.token, port)))
        try:
            async with trio.open_nursery() as connections:
                async with trio.open_nursery() as accepting:
                    for entrance in entrances:
                        accepting.start_soon(entrance.accept, connections)
                    task_status.started(Bound(place.socket, port))
                    await stop.wait()
                    accepting.cancel_scope.cancel()
                for entrance in entrances:
                    await entrance.close_idle()
                connections.cancel_scope.deadline = trio.current_time() + grace_seconds
        finally:
            # The lock of the profile says that no other daemon runs: nobody else's socket can lie here.
            _remove(place.socket)


class _Entrance:
    """One listener and what it does with connections."""

    def __init__(self, listener: trio.SocketListener, app: ASGIApp) -> None:
        self.listener = listener
        self.config = Config()
        self.config.accesslog = self.config.errorlog = None
        self.config.include_server_header = False
        self.app: AppWrapper = wrap_app(cast(Any, app), self.config.wsgi_max_body_size, "asgi")
        self.context = WorkerContext(None)
        self.open = 0

    async def accept(self, connections: trio.Nursery) -> None:
        """Take connections until cancelled; they live on in another nursery."""
        await trio.serve_listeners(self._admit, [self.listener], handler_nursery=connections)

    async def close_idle(self) -> None:
        """Close the connections that no call is running on."""
        await self.context.terminated.set()

    async def _admit(self, stream: trio.SocketStream) -> None:
        if self.open >= MAX_CONNECTIONS or not _is_ours(stream):
            await trio.aclose_forcefully(stream)
            return
        self.open += 1
        try:
            await _BoundedServer(self.app, self.config, self.context, ConnectionState({}), cast(Any, stream))
        except* Exception as broken:  # whatever a client makes the server stumble over ends its own connection alone
            logger.exception("a connection ended badly", exc_info=broken)
        finally:
            self.open -= 1


class _BoundedServer(TCPServer):
    """One connection, with an end to each write and to each wait for a head."""

    # A new connection is there for a call; only after its answer may it rest.
    _is_resting = False

    async def _read_data(self) -> None:
        data = b"\0"
        while data:
            try:
                data = bytes(await self.stream.receive_some(MAX_RECV))
            except (trio.ClosedResourceError, trio.BrokenResourceError):
                break
            await self.protocol.handle(RawData(data))
            if self._is_resting and self._has_half_a_head():
                self._is_resting = False
                await self.idle_task.restart(self._task_group, self._idle_timeout)
        await self.protocol.handle(Closed())

    def _has_half_a_head(self) -> bool:
        """Tell whether bytes of a next call lie there, also such as came before the last answer was out."""
        spoken = self.protocol.protocol
        return isinstance(spoken, H11Protocol) and bool(spoken.connection.trailing_data[0])

    async def _idle_timeout(self) -> None:
        """Close the connection unless a whole head comes in time: Hypercorn stops this task when it does."""
        with trio.move_on_after(KEEP_ALIVE_SECONDS if self._is_resting else HEAD_SECONDS):
            await self.context.terminated.wait()
        with trio.CancelScope(shield=True):
            await self._initiate_server_close()

    async def protocol_send(self, event: Event) -> None:
        if isinstance(event, Updated):
            self._is_resting = event.idle
        if not isinstance(event, RawData):
            await super().protocol_send(event)
            return
        async with self.send_lock:
            try:
                with trio.move_on_after(WRITE_SECONDS) as scope:
                    await self.stream.send_all(event.data)
                gone = scope.cancelled_caught
            except (trio.BrokenResourceError, trio.ClosedResourceError, trio.BusyResourceError):
                gone = True  # busy: another task is closing it
        if gone:
            await trio.aclose_forcefully(self.stream)
            await self.protocol.handle(Closed())


def _is_ours(stream: trio.SocketStream) -> bool:
    """Tell whether a connection on the unix socket comes from our own user; on TCP the token decides."""
    if stream.socket.family != socket.AF_UNIX:
        return True
    credentials = stream.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid = _CREDENTIALS.unpack(credentials)[1]
    if uid != os.getuid():
        logger.warning("a connection of another user was refused", uid=uid)
    return bool(uid == os.getuid())


async def _listen_on_loopback(port: int) -> trio.SocketListener:
    try:
        (listener,) = await trio.open_tcp_listeners(port, host=LOOPBACK, backlog=BACKLOG)
    except OSError as error:
        raise CannotServe(
            f"The page cannot be served on port {port}: {error.strerror}.",
            "Set page_port = 0 in config.toml to take a free one.",
        ) from error
    return listener


def _listen_on_socket(path: Path) -> trio.SocketListener:
    """Listen on the unix socket, mode 0600; a file that a crashed daemon left behind is taken away first."""
    _clear(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # The folder is 0700, so nobody else can connect in the moment before the mode is set.
        listening.bind(os.fspath(path))
        path.chmod(0o600)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise CannotServe(
            f"The daemon cannot listen on {path}: {error.strerror}.", "Name another profile: --home DIR"
        ) from error
    return trio.SocketListener(trio.socket.from_stdlib_socket(listening))


def _clear(path: Path) -> None:
    """Take away a socket on which nobody listens.

    Raises:
        CannotServe: somebody does, or it is no socket.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise CannotServe(f"{path} is there and is no socket.", "Move it away.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        if knock.connect_ex(os.fspath(path)) == 0:
            raise CannotServe(f"Another daemon listens on {path}.", "Stop it first: intentcast down")
    _remove(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
