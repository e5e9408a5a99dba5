"""The app: operations and errors put together. It knows nothing of sockets and of who may ask (auth.py, serve.py)."""

from __future__ import annotations

import trio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intentcastd import log
from intentcastd.api import events, routes_buyer, routes_match, routes_node, routes_taxonomy, routes_vendor, routes_wire
from intentcastd.api.backend import ApiProblem, Backend
from intentcastd.api.op import Op, problem_response
from intentcastd.api.openapi import describe
from intentcastd.errors import IntentcastdError

OPS: tuple[Op, ...] = (
    *routes_node.OPS,
    *routes_buyer.OPS,
    *routes_taxonomy.OPS,
    *events.OPS,
    *routes_vendor.OPS,
    *routes_match.OPS,
    *routes_wire.OPS,
)

# What errors of the rooms below are in HTTP: by their word, else by the exit code that they mean; all others are 500.
_STATUS_OF_CODE = {"store_full": 507, "store_busy": 503, "store_closed": 503}
_STATUS_OF_EXIT = {2: 422, 5: 422, 6: 503, 8: 409, 9: 409}


def build(backend: Backend, ending: trio.Event, heartbeat_seconds: float = events.HEARTBEAT_SECONDS) -> Starlette:
    """Return the app of a backend.

    Args:
        ending: set when the daemon begins to end, so that event streams end with a word.
        heartbeat_seconds: after so long without an event a stream shows that it lives.
    """
    description = describe(OPS)

    async def openapi(request: Request) -> Response:
        return JSONResponse(description)

    routes = [Route(op.path, op.endpoint, methods=[op.method], name=op.name) for op in OPS]
    app = Starlette(
        routes=[*routes, Route("/openapi.json", openapi, methods=["GET"])],
        exception_handlers={
            ApiProblem: _on_problem,
            HTTPException: _on_http,
            IntentcastdError: _on_error,
            Exception: _on_bug,
        },
    )
    app.state.backend = backend
    app.state.ending = ending
    app.state.heartbeat_seconds = heartbeat_seconds
    return app


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiProblem)
    return problem_response(error)


async def _on_http(request: Request, error: Exception) -> Response:
    """Translate what the router says."""
    assert isinstance(error, HTTPException)
    hint = "See /openapi.json for what there is."
    if error.status_code == 404:
        return problem_response(ApiProblem(404, "path.unknown", "There is nothing under this path.", hint))
    if error.status_code == 405:
        return problem_response(ApiProblem(405, "method.unknown", "This path does not take this method.", hint))
    return problem_response(ApiProblem(error.status_code, "request.refused", f"{error.detail}.", hint))


async def _on_error(request: Request, error: Exception) -> Response:
    """Translate an error of the rooms below: its words are made for people."""
    assert isinstance(error, IntentcastdError)
    status = _STATUS_OF_CODE.get(error.code) or _STATUS_OF_EXIT.get(error.exit, 500)
    return problem_response(ApiProblem(status, error.code, error.message, error.hint, error.exit))


async def _on_bug(request: Request, error: Exception) -> Response:
    """Say that it is our fault; what exactly stands in the log, never in an answer."""
    log.get("api").error("a call failed", path=request.url.path, exc_info=error)
    return problem_response(
        ApiProblem(500, "internal", "The daemon made a mistake in this call.", "The log says more: intentcast doctor")
    )
