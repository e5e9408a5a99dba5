"""The client of the local API: httpx over the unix socket, and what its errors mean to a person."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from intentcastd.api.shapes import Event, Problem
from intentcastd.cli.exits import Exit, exit_of
from intentcastd.cli.failures import CommandFailed, not_running, went_away
from intentcastd.paths import Home

ANSWER_SECONDS = 60.0
IMPORT_SECONDS = 1800.0
# Three heartbeats: after so long the stream is dead.
SILENCE_SECONDS = 45.0
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid

T = TypeVar("T", bound=msgspec.Struct)


def socket_of(home: Home) -> Path:
    """Return the socket of a profile's daemon.

    Raises:
        UnsafePlace: others could listen there.
    """
    try:
        ready = json.loads(home.ready_json.read_bytes())
        path = Path(ready["socket"])
    except (OSError, ValueError, KeyError, TypeError):
        path = home.socket
    if path == home.socket:
        home.check_socket()
    return path


def listener(path: Path) -> int | None:
    """Return the process that listens on a socket, None if nobody does.

    Raises:
        CommandFailed: it belongs to another user.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        try:
            if knock.connect_ex(os.fspath(path)) != 0:
                return None
        except OSError:
            return None
        pid, uid, _ = _CREDENTIALS.unpack(knock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    if uid != os.getuid():
        raise CommandFailed(
            "daemon.foreign",
            f"Another user listens on {path}.",
            "Use a profile of your own: --home DIR",
            Exit.NOT_ALLOWED,
        )
    return int(pid)


class Api:
    """All calls of one command."""

    def __init__(self, path: Path) -> None:
        if listener(path) is None:
            raise not_running()
        # verify=False: nothing is encrypted here, and the default would load all certificates of the system.
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(uds=os.fspath(path), verify=False),
            base_url="http://intentcastd",
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=5.0),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def get(self, path: str, kind: type[T]) -> T:
        """Ask for something."""
        return self._call("GET", path, kind)

    def post(self, path: str, kind: type[T], body: object = None) -> T:
        """Have something done."""
        content = b"" if body is None else msgspec.json.encode(body)
        return self._call("POST", path, kind, content=content)

    def upload(self, path: str, kind: type[T], file: Path, query: dict[str, str]) -> T:
        """Hand over a file, piece by piece."""
        try:
            with file.open("rb") as stream:
                return self._call("POST", path, kind, content=_pieces(stream), params=query, timeout=IMPORT_SECONDS)
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            raise CommandFailed(
                "file.unreadable", f"{file} cannot be read: {reason}.", "Name another file.", Exit.NOT_FOUND
            ) from error

    def _call(self, method: str, path: str, kind: type[T], **how: Any) -> T:
        with _translated():
            answer = self._client.request(method, path, **how)
        _check(answer)
        return msgspec.json.decode(answer.content, type=kind)

    @contextmanager
    def events(self, since: int | None = None) -> Iterator[Iterator[Event]]:
        """Follow what happens: first comes a heartbeat, then each event after number `since`, or from now on."""
        query = {"follow": "true"} | ({} if since is None else {"since": str(since)})
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=5.0, read=SILENCE_SECONDS)
        with _translated(), self._client.stream("GET", "/v1/events", params=query, timeout=timeout) as answer:
            if answer.status_code != 200:
                answer.read()
                _check(answer)
            yield _events(answer)


def part(name: str) -> str:
    """Return a word as one part of a path."""
    return quote(name, safe="")


def _events(answer: httpx.Response) -> Iterator[Event]:
    for line in answer.iter_lines():
        yield msgspec.json.decode(line, type=Event)


def _pieces(stream: Any) -> Iterator[bytes]:
    while piece := stream.read(1 << 16):
        yield piece


def _check(answer: httpx.Response) -> None:
    if answer.status_code < 400:
        return
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.DecodeError:
        problem = Problem(answer.status_code, "daemon.unclear", "The daemon gave no clear answer.", "intentcast doctor")
    exit_code = exit_of(problem.status, problem.code, problem.exit)
    raise CommandFailed(problem.code, problem.message, problem.hint, exit_code)


@contextmanager
def _translated() -> Iterator[None]:
    """Say in our words what httpx says in its own."""
    try:
        yield
    except httpx.ConnectError as error:
        raise not_running() from error
    except httpx.TimeoutException as error:
        raise CommandFailed(
            "daemon.silent", "The daemon did not answer in time.", "Look at it: intentcast doctor", Exit.TIMED_OUT
        ) from error
    except httpx.TransportError as error:
        raise went_away() from error
