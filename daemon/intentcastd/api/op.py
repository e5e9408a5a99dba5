"""One operation of the API: a strict body in, a Struct out, a problem where it fails, and a line in the OpenAPI text.

Routes are written as functions from a Call (and its body) to a Struct; everything else about HTTP is here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar, cast

import msgspec
import trio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from intentcastd.api.backend import ApiProblem, Backend
from intentcastd.api.shapes import Problem

# A client that opens many requests with large bodies would fill the memory.
MAX_BODY_BYTES = 256 * 1024
# A client that sends one byte a minute would keep its connection, and there are few of them.
BODY_SECONDS = 20.0
# The same for a body of which nothing comes at all.
STALL_SECONDS = 10.0

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
NDJSON = "application/x-ndjson"

Body = TypeVar("Body", bound=msgspec.Struct)
Query = TypeVar("Query", bound=msgspec.Struct)
Answer = TypeVar("Answer", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as a route sees it."""

    backend: Backend
    request: Request

    def path(self, name: str) -> str:
        """Return one part of the path."""
        return str(self.request.path_params[name])

    def query(self, kind: type[Query]) -> Query:
        """Return the query string as a Struct; an unknown or repeated name is an error."""
        pairs = self.request.query_params.multi_items()
        names = [name for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise invalid(f"the query has {twice!r} twice")
        try:
            return msgspec.convert(dict(pairs), kind, strict=False)
        except msgspec.ValidationError as error:
            raise invalid(str(error)) from error


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: what app.py makes a route of and openapi.py describes."""

    method: str
    path: str
    name: str
    summary: str
    endpoint: Callable[[Request], Awaitable[Response]]
    returns: type[msgspec.Struct] | None
    media: str = JSON
    status: int = 200
    body: type[msgspec.Struct] | None = None
    upload: bool = False
    query: type[msgspec.Struct] | None = None


def ask(
    method: str, path: str, returns: type[Answer], status: int = 200
) -> Callable[[Callable[[Call], Awaitable[Answer]]], Op]:
    """Make an operation of a function that needs no body; its docstring is the summary."""

    def made(answer: Callable[[Call], Awaitable[Answer]]) -> Op:
        async def endpoint(request: Request) -> Response:
            return json_response(await answer(call_of(request)), status)

        return Op(method, path, answer.__name__, _summary(answer), endpoint, returns, status=status)

    return made


def tell(
    method: str, path: str, body: type[Body], returns: type[Answer], status: int = 200
) -> Callable[[Callable[[Call, Body], Awaitable[Answer]]], Op]:
    """Make an operation of a function that takes a JSON body of one exact shape."""

    def made(answer: Callable[[Call, Body], Awaitable[Answer]]) -> Op:
        async def endpoint(request: Request) -> Response:
            content = decode_body(await read_body(request), body)
            return json_response(await answer(call_of(request), content), status)

        return Op(method, path, answer.__name__, _summary(answer), endpoint, returns, status=status, body=body)

    return made


def _summary(answer: Callable[..., object]) -> str:
    """Return the first line of a route's docstring: said once, read in the code and in the OpenAPI text."""
    return (answer.__doc__ or answer.__name__).split("\n", maxsplit=1)[0].rstrip(".")


def call_of(request: Request) -> Call:
    """Return the Call of a request."""
    return Call(cast(Backend, request.app.state.backend), request)


async def read_body(request: Request, most: int | None = None, seconds: float | None = None) -> bytes:
    """Return the whole body of a request, of at most so many bytes and within so many seconds.

    Raises:
        ApiProblem: it is too large, comes too slowly, or its sender went away.
    """
    limits = (MAX_BODY_BYTES if most is None else most, BODY_SECONDS if seconds is None else seconds)
    body = bytearray()
    async with aclosing(pieces(request, *limits)) as chunks:
        async for chunk in chunks:
            body += chunk
    return bytes(body)


async def pieces(request: Request, most: int, seconds: float) -> AsyncGenerator[bytes]:
    """Return a body piece by piece, as it comes.

    Raises:
        ApiProblem: it is too large, comes too slowly or stands still, or its sender went away.
    """
    size = 0
    end = trio.current_time() + seconds
    async with aclosing(request.stream()) as chunks:
        while True:
            try:
                with trio.fail_at(min(end, trio.current_time() + STALL_SECONDS)):
                    chunk = await anext(chunks, None)
            except trio.TooSlowError:
                raise too_slow() from None
            except ClientDisconnect:
                raise ApiProblem(400, "body.cut", "The body ended before it was complete.", "Send it again.") from None
            if chunk is None:
                return
            size += len(chunk)
            if size > most:
                raise too_large(most)
            yield chunk


def decode_body(data: bytes, kind: type[Body]) -> Body:
    """Return a body as a Struct: strict, so that a misspelt key is never silently ignored."""
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid(str(error) or "nested too deeply") from error


def invalid(reason: str) -> ApiProblem:
    """Return the problem of a request that has the wrong shape."""
    return ApiProblem(
        422,
        "request.invalid",
        f"The request does not have the expected shape: {reason}.",
        "Compare it with /openapi.json.",
    )


def too_large(most: int) -> ApiProblem:
    """Return the problem of a body over its limit."""
    return ApiProblem(413, "body.too_large", f"The body has more than {most:,} bytes.", "Send less at once.")


def too_slow() -> ApiProblem:
    """Return the problem of a body that does not come."""
    return ApiProblem(408, "body.slow", "The body did not come in time.", "Send it again, without pauses.")


def problem_response(problem: ApiProblem) -> Response:
    """Return a problem as an HTTP response."""
    content = Problem(problem.status, problem.code, problem.message, problem.hint, problem.exit)
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    # Whoever is refused before its body was read keeps sending it: the connection is of no more use.
    if problem.status in (400, 408, 413):
        headers["Connection"] = "close"
    return Response(msgspec.json.encode(content), problem.status, headers, PROBLEM_JSON)


def json_response(answer: msgspec.Struct, status: int) -> Response:
    """Return a Struct as an HTTP response."""
    return Response(msgspec.json.encode(answer), status, media_type=JSON)
