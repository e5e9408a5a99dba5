"""Who learned what: what the preview promised, with what relays and vendors of this demo really hold."""

from __future__ import annotations

from typing import Any

from intentcastd.demo import calls
from intentcastd.demo.calls import CallFailed
from intentcastd.demo.market import Market
from intentcastd.demo.play import Outcome


async def who_learned(market: Market, outcome: Outcome) -> list[dict[str, str]]:
    """Return pairs of who and what, the nearest to the buyer first."""
    statistics = {name: await _statistics(market, name) for name in market.relays}
    exits = [name for name, numbers in statistics.items() if numbers.get("visits")]
    notes = max((numbers.get("notes", 0) for numbers in statistics.values()), default=0)
    promised = {one["who"]: one["what"] for one in outcome.preview.get("learn", [])}
    learned = []
    for who, what in promised.items():
        named = f"{who} ({', '.join(exits)})" if who == "exit relay" and exits else who
        learned.append({"who": named, "what": what})
    boards = len(outcome.preview.get("public", {}).get("boards", []))
    held = f"{notes} sealed notes: who posted them; not what they say, nor who reads them"
    learned.append({"who": f"boards ({boards} relays)", "what": held})
    for offer in outcome.offers.values():
        asks = ", ".join(ask["field"] for ask in offer["asks"])
        more = f"; asks for {asks} if you choose it" if asks else "; asks for nothing either"
        learned.append({"who": offer["vendor"]["name"], "what": f"the RFP, and nothing more{more}"})
    if outcome.refused is not None:
        learned.append({"who": outcome.refused["vendor"], "what": "the RFP, as everybody; its note went nowhere"})
    return learned


async def _statistics(market: Market, name: str) -> dict[str, Any]:
    try:
        numbers: dict[str, Any] = (await calls.get(market.relays[name].home, "/v1/relay"))["statistics"]
    except CallFailed:
        return {}
    return numbers
