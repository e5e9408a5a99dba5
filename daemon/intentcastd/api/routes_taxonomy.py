"""Routes of the list of categories: which is in use, and taking another."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from intentcastd.api.op import Call, Op, ask, call_of, json_response, read_body
from intentcastd.api.shapes_taxonomy import Taxonomy
from intentcastd.data import official

# An upload that takes longer is given up: it would keep its connection and its memory.
UPLOAD_SECONDS = 60.0


@ask("GET", "/v1/taxonomy", Taxonomy)
async def taxonomy(call: Call) -> Taxonomy:
    """The categories that needs are read with."""
    return await call.backend.taxonomy()


async def _import(request: Request) -> Response:
    call = call_of(request)
    content = await read_body(request, official.MAX_BYTES, UPLOAD_SECONDS)
    return json_response(await call.backend.import_taxonomy(content), 200)


import_taxonomy = Op(
    method="POST",
    path="/v1/taxonomy",
    name="import_taxonomy",
    summary="Take the official list of categories, in place of the one that was imported before",
    endpoint=_import,
    returns=Taxonomy,
    upload=True,
)

OPS = (taxonomy, import_taxonomy)
