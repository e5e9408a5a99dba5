"""Routes of a shop that tries things out: a need against its catalogue, a map for its tables."""

from __future__ import annotations

from intentcastd.api import shapes_buyer, shapes_match
from intentcastd.api.op import Call, tell


@tell("POST", "/v1/vendor/match", shapes_buyer.CastRequest, shapes_match.Match)
async def match_need(call: Call, body: shapes_buyer.CastRequest) -> shapes_match.Match:
    """Say which items answer a need, and why others do not; nothing is sent."""
    return await call.backend.match_need(body)


@tell("POST", "/v1/vendor/catalogue/map", shapes_match.SaveMap, shapes_match.SavedMap)
async def save_map(call: Call, body: shapes_match.SaveMap) -> shapes_match.SavedMap:
    """Keep a map that says which column of a table holds what."""
    return await call.backend.save_map(body)


OPS = (match_need, save_map)
