"""How the daemon stands, in lines."""

from __future__ import annotations

from collections.abc import Iterator

from intentcastd.api.shapes import Status
from intentcastd.cli.safe_text import safe
from intentcastd.cli.words import moment, nearest_relay, plural, size

_MOST_PEERS = 12


def lines(status: Status) -> Iterator[str]:
    """Yield the lines, the verdict first."""
    yield safe(status.verdict)
    network = safe(status.network) or "none chosen; nobody is contacted"
    yield f"  network   {network}"
    yield f"  roles     {', '.join(safe(role) for role in status.roles) or 'none'}"
    if status.relay is not None:
        relay = status.relay
        yield f"  relay     {relay.line or 'not listening'}"
        yield (
            f"            {plural(relay.links, 'link')}, {plural(relay.relays, 'relay')}, {plural(relay.rfps, 'RFP')}, "
            f"{plural(relay.notes, 'note')}, {relay.held} held, {plural(relay.visits, 'visit')}"
        )
    if status.buyer is not None:
        buyer = status.buyer
        guard = {None: "not measured", True: "answers", False: "does not answer"}[buyer.guard_ok]
        yield (
            f"  buyer     {nearest_relay(status.network)} {guard}, {plural(buyer.relays_known, 'relay')} known, "
            f"{plural(buyer.rfps_live, 'RFP')} live, {plural(buyer.offers, 'offer')}, visit: {buyer.visit}"
        )
    if status.vendor is not None:
        vendor = status.vendor
        yield (
            f"  vendor    {safe(vendor.name)}: {plural(vendor.items, 'item')}, "
            f"{plural(vendor.rfps_seen, 'RFP')} seen, {plural(vendor.offers_sent, 'offer')} sent"
        )
    skew = "not measured" if status.clock_skew is None else f"{status.clock_skew:+d} s"
    yield f"  clock     {skew}"
    yield f"  api       http://127.0.0.1:{status.api_port}/"
    yield f"  home      {safe(status.home)} ({size(status.store.bytes)})"
    for peer in status.peers[:_MOST_PEERS]:
        yield f"  peer      {safe(peer.address)}: {safe(peer.why)}, since {moment(peer.since_at)}"
    if len(status.peers) > _MOST_PEERS:
        yield f"            and {len(status.peers) - _MOST_PEERS} more (--json has all)"
    yield f"  version   {safe(status.version)}"
