"""Calls to a daemon's local API over its unix socket: enough of HTTP/1.0 to ask, to hand over a file and to follow events.

With HTTP/1.0 an answer ends where the connection ends, so nothing has to be parsed but the first line and the headers.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import trio

from intentcastd.errors import IntentcastdError
from intentcastd.paths import Home

CALL_SECONDS: Final = 30.0
JSON: Final = "application/json"
BYTES: Final = "application/octet-stream"
_HEAD_END: Final = b"\r\n\r\n"
_CHUNK: Final = 65_536


class CallFailed(IntentcastdError):
    """A daemon of the demo said no, or said nothing."""

    code = "demo.call_failed"


class Silent(CallFailed):
    """Nobody answered: the daemon is starting, or was killed in the middle."""

    code = "demo.silent"


async def get(home: Home, path: str) -> Any:
    """Ask for something and return it."""
    return await call(home, "GET", path)


async def post(home: Home, path: str, value: object) -> Any:
    """Hand over JSON and return the answer."""
    return await call(home, "POST", path, json.dumps(value).encode("utf-8"), JSON)


async def call(home: Home, method: str, path: str, body: bytes = b"", media: str = BYTES) -> Any:
    """Make one call and return the JSON of its answer.

    Raises:
        Silent: nobody listens, or the daemon ended before it had answered.
        CallFailed: it answered with a problem.
    """
    with trio.move_on_after(CALL_SECONDS) as scope:
        try:
            async with await trio.open_unix_socket(str(home.socket)) as stream:
                await stream.send_all(_request(method, path, body, media))
                status, rest = await _head(stream)
                async for chunk in stream:
                    rest += chunk
        except (OSError, trio.BrokenResourceError, ValueError) as error:
            raise Silent(f"{home.root.name} does not answer.", "It is asked again.") from error
        return _answer(home, status, bytes(rest))
    assert scope.cancelled_caught
    raise Silent(f"{home.root.name} gave no answer within {CALL_SECONDS:.0f} s.", "The machine may be very busy.")


def _answer(home: Home, status: int, body: bytes) -> Any:
    try:
        value = json.loads(body) if body else None
    except ValueError as error:
        raise Silent(f"{home.root.name} ended in the middle of its answer.", "It is asked again.") from error
    if status >= 400:
        problem = value if isinstance(value, dict) else {}
        raise CallFailed(str(problem.get("message", f"status {status}")), str(problem.get("hint", "")))
    return value


@asynccontextmanager
async def follow(home: Home, path: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """Open a stream of JSON lines; it ends when the daemon ends.

    Raises:
        Silent: nobody listens.
    """
    try:
        stream = await trio.open_unix_socket(str(home.socket))
    except OSError as error:
        raise Silent(f"{home.root.name} does not answer.", "It is asked again.") from error
    async with stream:
        yield _lines(stream, path)


async def _lines(stream: trio.SocketStream, path: str) -> AsyncIterator[dict[str, Any]]:
    try:
        await stream.send_all(_request("GET", path, b"", ""))
        _, rest = await _head(stream)
        while True:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                yield json.loads(line)
            chunk = await stream.receive_some(_CHUNK)
            if not chunk:
                return
            rest += chunk
    except (trio.BrokenResourceError, OSError, ValueError):
        return


def _request(method: str, path: str, body: bytes, media: str) -> bytes:
    head = [f"{method} {path} HTTP/1.0", "Host: localhost"]
    if body:
        head += [f"Content-Type: {media}", f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode("ascii") + _HEAD_END + body


async def _head(stream: trio.SocketStream) -> tuple[int, bytearray]:
    """Read up to the body; return the status and what came of the body already."""
    data = bytearray()
    while _HEAD_END not in data:
        chunk = await stream.receive_some(_CHUNK)
        if not chunk:
            raise ValueError("the answer has no end of its head")
        data += chunk
    head, _, rest = bytes(data).partition(_HEAD_END)
    return int(head.split(b" ", 2)[1]), bytearray(rest)
