"""Routes of the buyer: from a sentence to offers."""

from __future__ import annotations

from intentcastd.api import shapes_buyer
from intentcastd.api.op import Call, ask, tell


@tell("POST", "/v1/needs/read", shapes_buyer.ReadNeed, shapes_buyer.Need)
async def read_need(call: Call, body: shapes_buyer.ReadNeed) -> shapes_buyer.Need:
    """Read a sentence; nothing leaves."""
    return await call.backend.read_need(body.text)


@tell("POST", "/v1/previews", shapes_buyer.CastRequest, shapes_buyer.Preview)
async def preview(call: Call, body: shapes_buyer.CastRequest) -> shapes_buyer.Preview:
    """Make an RFP and show it; nothing leaves."""
    return await call.backend.preview(body)


@tell("POST", "/v1/rfps", shapes_buyer.Cast, shapes_buyer.Rfp, 202)
async def cast(call: Call, body: shapes_buyer.Cast) -> shapes_buyer.Rfp:
    """Cast what was previewed."""
    return await call.backend.cast(body.preview)


@ask("GET", "/v1/rfps", shapes_buyer.Rfps)
async def rfps(call: Call) -> shapes_buyer.Rfps:
    """All RFPs, newest first."""
    return shapes_buyer.Rfps(rfps=list(await call.backend.rfps()))


@ask("GET", "/v1/rfps/{name}", shapes_buyer.Rfp)
async def rfp(call: Call) -> shapes_buyer.Rfp:
    """One RFP: r1, its id, or latest."""
    return await call.backend.rfp(call.path("name"))


@tell("POST", "/v1/rfps/{name}/close", shapes_buyer.CloseRfp, shapes_buyer.Rfp)
async def close_rfp(call: Call, body: shapes_buyer.CloseRfp) -> shapes_buyer.Rfp:
    """End an RFP."""
    return await call.backend.close_rfp(call.path("name"), body.reason)


@ask("GET", "/v1/rfps/{name}/offers", shapes_buyer.Offers)
async def offers(call: Call) -> shapes_buyer.Offers:
    """The offers for one RFP, by rank."""
    return await call.backend.offers(call.path("name"))


@ask("GET", "/v1/offers/{id}", shapes_buyer.Offer)
async def offer(call: Call) -> shapes_buyer.Offer:
    """One offer."""
    return await call.backend.offer(call.path("id"))


OPS = (read_need, preview, cast, rfps, rfp, close_rfp, offers, offer)
