"""Routes of the node: how it stands, its network, its relay, its end."""

from __future__ import annotations

from intentcastd.api import shapes
from intentcastd.api.op import Call, ask, tell


@ask("GET", "/v1/status", shapes.Status)
async def status(call: Call) -> shapes.Status:
    """How the daemon stands."""
    return await call.backend.status()


@ask("POST", "/v1/stop", shapes.Stopping, 202)
async def stop(call: Call) -> shapes.Stopping:
    """End the daemon."""
    await call.backend.stop()
    return shapes.Stopping()


@tell("POST", "/v1/network", shapes.ChooseNetwork, shapes.Status)
async def choose_network(call: Call, body: shapes.ChooseNetwork) -> shapes.Status:
    """Choose a network."""
    return await call.backend.choose_network(body)


@ask("GET", "/v1/relay", shapes.Relay)
async def relay(call: Call) -> shapes.Relay:
    """All about the own relay."""
    return await call.backend.relay()


OPS = (status, stop, choose_network, relay)
