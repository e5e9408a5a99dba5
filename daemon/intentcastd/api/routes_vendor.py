"""Routes of the shop: its profile and its catalogue."""

from __future__ import annotations

import os
import tempfile
from contextlib import aclosing
from pathlib import Path

import trio
from starlette.requests import Request
from starlette.responses import Response

from intentcastd.api import shapes_vendor
from intentcastd.api.op import Call, Op, ask, call_of, json_response, pieces, tell

# An upload that takes longer is given up: it would keep its connection and its file.
UPLOAD_SECONDS = 600.0


@tell("POST", "/v1/vendor", shapes_vendor.OpenShop, shapes_vendor.Vendor)
async def open_shop(call: Call, body: shapes_vendor.OpenShop) -> shapes_vendor.Vendor:
    """Write vendor.toml."""
    return await call.backend.open_shop(body)


@ask("GET", "/v1/vendor", shapes_vendor.Vendor)
async def vendor(call: Call) -> shapes_vendor.Vendor:
    """The shop and what it did."""
    return await call.backend.vendor()


@ask("GET", "/v1/vendor/catalogue", shapes_vendor.Catalogue)
async def catalogue(call: Call) -> shapes_vendor.Catalogue:
    """The catalogue, in part."""
    return await call.backend.catalogue()


async def _import(request: Request) -> Response:
    call = call_of(request)
    query = call.query(shapes_vendor.ImportQuery)
    # A folder of its own, for its owner alone, gone with all that is in it whatever happens.
    with tempfile.TemporaryDirectory(prefix="intentcast-import-") as folder:
        file = Path(folder) / "catalogue"
        await _keep(request, file)
        return json_response(await call.backend.import_catalogue(file, query), 200)


async def _keep(request: Request, file: Path) -> None:
    """Write the body to a file as it comes: a catalogue of 256 MiB never lies in memory."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    body = pieces(request, shapes_vendor.MAX_CATALOGUE_BYTES, UPLOAD_SECONDS)
    async with await trio.open_file(descriptor, "wb") as target, aclosing(body) as chunks:
        async for chunk in chunks:
            await target.write(chunk)


import_catalogue = Op(
    method="POST",
    path="/v1/vendor/catalogue",
    name="import_catalogue",
    summary="Import a catalogue file, or with apply=false say what it would do",
    endpoint=_import,
    returns=shapes_vendor.ImportReport,
    upload=True,
    query=shapes_vendor.ImportQuery,
)

OPS = (open_shop, vendor, catalogue, import_catalogue)
