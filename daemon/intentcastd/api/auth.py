"""Who may ask: two doors in front of one app.

The unix socket is trusted: its folder and its mode let only the owner in, and serve.py asks the kernel who is there. The
loopback port is open to every local user and, by rebinding a name, to every web page: so the Host must be ours, no other
site may have sent the request, and a token goes with each call.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intentcastd.api.backend import ApiProblem
from intentcastd.api.op import problem_response

API_PREFIX = "/v1/"

_ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Judge = Callable[[Scope], None]


def unix_door(app: ASGIApp) -> ASGIApp:
    """Return the app as it is served on the unix socket."""
    return _door(app, lambda scope: None)


def tcp_door(app: ASGIApp, token: str, port: int) -> ASGIApp:
    """Return the app as it is served on a loopback port.

    Args:
        token: what a call to /v1/ must bring.
        port: the port that it is served on: a part of the names that a Host may have.
    """
    hosts = tuple(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
    origins = tuple(f"http://{host}" for host in hosts)

    def judge(scope: Scope) -> None:
        headers = Headers(scope=scope)
        _check_host(headers.getlist("host"), hosts)
        _check_site(headers, origins)
        if str(scope["path"]).startswith(API_PREFIX):
            _check_token(headers.getlist("authorization"), token)

    return _door(app, judge)


def _door(app: ASGIApp, judge: Judge) -> ASGIApp:
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        guarded = _with_headers(send)
        try:
            judge(scope)
        except ApiProblem as problem:
            await problem_response(problem)(scope, receive, guarded)
        else:
            await app(scope, receive, guarded)

    return door


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers[name] = value
        await send(message)

    return guarded


def _check_host(given: list[str], hosts: tuple[str, ...]) -> None:
    """Refuse a request that was sent to another name: a page that lets its own name point to us sends that name."""
    if len(given) != 1 or given[0] not in hosts:
        raise ApiProblem(
            421,
            "host.unknown",
            "This port answers only under its own names, so that no web page can reach it through a name of its own.",
            f"Open http://{hosts[0]}/ instead. Through a proxy: let it send the header Host: {hosts[0]}",
        )


def _check_site(headers: Headers, origins: tuple[str, ...]) -> None:
    """Refuse what another site had a browser send."""
    origin, site = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    if any(one not in origins for one in origin) or any(one not in ("same-origin", "none") for one in site):
        raise ApiProblem(
            403,
            "origin.foreign",
            "A page of another site sent this request; only the page that the daemon itself serves may.",
            f"Open {origins[0]}/ in its own tab.",
        )


def _check_token(given: list[str], token: str) -> None:
    scheme, _, value = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not hmac.compare_digest(value.strip().encode(), token.encode()):
        raise ApiProblem(
            401,
            "auth.token",
            "This call needs the token of the running daemon, and it brought none or another one.",
            "Send it as Authorization: Bearer …, or use the unix socket, which needs none.",
        )
