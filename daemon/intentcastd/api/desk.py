"""The desk: what the API's routes ask for, done with the parts that run. Shapes out of values, no rules of its own."""

from __future__ import annotations

import dataclasses
import importlib.metadata
from collections.abc import Sequence

from intentcast.machines.relay import Statistics
from intentcastd.api import shapes
from intentcastd.api.backend import ApiProblem
from intentcastd.api.desk_match import MatchDesk
from intentcastd.api.desk_taxonomy import TaxonomyDesk
from intentcastd.engine.links import Port
from intentcastd.engine.node import Node
from intentcastd.store import events, offers
from intentcastd.store.database import Connection


class Desk(MatchDesk, TaxonomyDesk):
    """The whole Backend of one daemon."""

    # ---- the node

    async def status(self) -> shapes.Status:
        """How the daemon stands."""
        parts = self.parts
        roles = [
            name for name, part in (("relay", parts.node), ("buyer", parts.buying), ("vendor", parts.responder)) if part
        ]
        ports = list(parts.node.links) if parts.node else []
        return shapes.Status(
            version=importlib.metadata.version("intentcast"),
            network=parts.network.name if parts.network else "",
            roles=roles,
            verdict=self._verdict()
            + (" The shop is closed: vendor.toml cannot be used." if parts.shop_problem else ""),
            home=str(parts.home.root),
            api_port=parts.api_port,
            peers=[_peer(port) for port in ports],
            store=shapes.StoreState(bytes=parts.home.database.stat().st_size),
            relay=_relay_state(parts.node) if parts.node else None,
            buyer=await self._buyer_state(),
            vendor=self._vendor_state(),
        )

    def _verdict(self) -> str:
        parts = self.parts
        if parts.network is None:
            return "No network is chosen: nobody has been contacted."
        if parts.buying is not None and not len(parts.buying.directory):
            why = parts.buying.directory.last_problem or "no relay has answered yet"
            return f"In the {parts.network.name} network, but {why}."
        known = len(parts.buying.directory) if parts.buying else 0
        relays = "1 relay is" if known == 1 else f"{known} relays are"
        return f"In the {parts.network.name} network; {relays} known."

    async def _buyer_state(self) -> shapes.BuyerState | None:
        buying = self.parts.buying
        if buying is None:
            return None
        counts = await self.parts.database.read(offers.counts)
        lives = list(buying.courier.lives.values())
        visit_open = any(life.visit_open for life in lives)
        return shapes.BuyerState(
            guard_ok=None if not lives else visit_open,
            relays_known=len(buying.directory),
            problem=buying.directory.last_problem,
            rfps_live=len(lives),
            offers=sum(counts.values()),
            visit="open" if visit_open else "waiting" if lives else "none",
        )

    def _vendor_state(self) -> shapes.VendorState | None:
        responder = self.parts.responder
        if responder is None:
            return None
        return shapes.VendorState(
            name=responder.shop.profile.name,
            items=len(responder.shop.items),
            offers_sent=responder.counts.offered,
            rfps_seen=responder.counts.seen,
        )

    async def stop(self) -> None:
        """Begin to end."""
        self.parts.end()

    async def choose_network(self, choice: shapes.ChooseNetwork) -> shapes.Status:
        """Join a network: from now on relays may be contacted."""
        await self.parts.join(choice.network, tuple(choice.relays))
        return await self.status()

    async def relay(self) -> shapes.Relay:
        """All about the own relay."""
        node = self.parts.node
        if node is None:
            raise ApiProblem(
                404,
                "not_found.relay",
                "This daemon is no relay.",
                "Start one: intentcast up --serve-relay --listen HOST:PORT",
            )
        proven = [port for port in node.links if port.key is not None]
        return shapes.Relay(
            line=node.line,
            card=None,
            statistics=_plain(node.statistics()),
            peers=[
                shapes.RelayPeer(
                    key8=port.key.hex()[:8] if port.key else "",
                    direction="out" if "we connected" in port.why else "in",
                    since_at=port.since,
                )
                for port in proven
            ],
            policy=shapes.RelayPolicy(refused_categories=sorted(node.settings.refused)),
        )

    # ---- events

    async def last_event(self) -> int:
        """Return the highest event number."""
        return await self.parts.database.read(events.last)

    async def events(self, since: int, most: int) -> Sequence[shapes.Event]:
        """Return events after a number."""

        def read(connection: Connection) -> list[events.Event]:
            return events.since(connection, since, most)

        found = await self.parts.database.read(read)
        return [shapes.Event(n=event.n, at=event.at, event=event.name, data=dict(event.data)) for event in found]

    async def wait_for_event(self, since: int) -> None:
        """Return when there is an event after a number."""
        await self.parts.news.after(since)


def _peer(port: Port) -> shapes.Peer:
    address = port.key.hex()[:8] if port.key else "not known"
    return shapes.Peer(address=address, why=port.why, since_at=port.since)


def _relay_state(node: Node) -> shapes.RelayState:
    statistics = node.statistics()
    return shapes.RelayState(
        line=node.line,
        listening=f"{node.address.host}:{node.address.port}",
        links=statistics.links,
        relays=statistics.relays,
        rfps=statistics.rfps,
        notes=statistics.notes,
        held=statistics.held,
        visits=statistics.visits,
        refused=statistics.refused,
    )


def _plain(statistics: Statistics) -> dict[str, object]:
    return dataclasses.asdict(statistics)
