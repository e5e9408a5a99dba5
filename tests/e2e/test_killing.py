"""kill -9 of any process at any moment: no published RFP is lost, no offer once shown is, and none comes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from town import EARLY, cast, kill, offers_of, rfp_of, town, until, vendors, wait_for_offers

from intentcastd.demo import calls
from intentcastd.demo.market import Market, Member

# One market at a time: each is ten processes.
pytestmark = pytest.mark.xdist_group("market")

NEEDS = (
    "city bike, used is fine, near 1010 Vienna, within three days",
    "I need a stroller for twins in downtown Glasgow in the next three hours",
    "wheel rims for a 1967 Peugeot 404",
    "boots in size 9E by tomorrow",
)
TITLES = sorted(character.title for character in EARLY)

Moment = Callable[[Member, str], Awaitable[Any]]


async def cast_just_now(buyer: Member, name: str) -> None:
    """The vault has the RFP; nothing else has happened for certain."""


async def taken_by_the_exit(buyer: Member, name: str) -> None:
    await until(lambda: rfp_of(buyer, name), lambda rfp: rfp["state"] in {"sent", "live"})


async def first_offer_shown(buyer: Member, name: str) -> None:
    await wait_for_offers(buyer, name, 1)


async def the_exit(market: Market) -> Member:
    """The relay at which a visit is open."""
    for relay in market.relays.values():
        if (await calls.get(relay.home, "/v1/relay"))["statistics"]["visits"]:
            return relay
    return market.relays["relay-1"]


async def check(market: Market, shown: dict[str, set[str]]) -> None:
    """All RFPs are there and open, each with one offer of each vendor, and what was shown is still the same."""
    rfps = (await calls.get(market.buyer.home, "/v1/rfps"))["rfps"]
    assert {rfp["id"] for rfp in rfps} == set(shown)
    assert {rfp["state"] for rfp in rfps} <= {"sent", "live"}
    for name, ids in shown.items():
        offers = await offers_of(market.buyer, name)
        assert vendors(offers) == TITLES, name
        assert ids <= {offer["id"] for offer in offers}, name
        for offer in offers:
            assert (await calls.get(market.buyer.home, f"/v1/offers/{offer['id']}"))["vendor"] == offer["vendor"]
        ids |= {offer["id"] for offer in offers}


# Relays are killed one after the other, so each of the parts that a relay plays (guard, exit, board) is hit.
CYCLES: tuple[tuple[str, Moment], ...] = (
    ("relay-1", cast_just_now),
    ("relay-2", taken_by_the_exit),
    ("relay-3", first_offer_shown),
    ("exit", taken_by_the_exit),
    ("buyer", cast_just_now),
    ("buyer", first_offer_shown),
    ("quiet-coop", taken_by_the_exit),
    ("bargain-barn", first_offer_shown),
)


async def test_killing_any_process_loses_nothing_and_doubles_nothing(folder: Path) -> None:
    shown: dict[str, set[str]] = {}
    killed: Counter[str] = Counter()
    async with town(folder) as market:
        members = {**market.relays, **market.people, **market.vendors}
        for number, (victim, moment) in enumerate(CYCLES):
            name = await cast(market.buyer, NEEDS[number % len(NEEDS)])
            shown[name] = set()
            await moment(market.buyer, name)
            shown[name] |= {offer["id"] for offer in await offers_of(market.buyer, name)}
            member = await the_exit(market) if victim == "exit" else members[victim]
            killed[member.name] += 1
            await kill(member)
            await wait_for_offers(market.buyer, name, len(TITLES))
            await check(market, shown)
        starts = {name: member.process.starts for name, member in members.items()}

    assert starts == {name: 1 + killed[name] for name in members}


async def test_all_relays_killed_at_once_still_have_every_sealed_offer(folder: Path) -> None:
    async with town(folder) as market:
        name = await cast(market.buyer, NEEDS[0])
        before = await wait_for_offers(market.buyer, name, len(TITLES))
        for relay in market.relays.values():
            await kill(relay)
        for relay in market.relays.values():
            await until(
                lambda relay=relay: calls.get(relay.home, "/v1/relay"),
                lambda found: found["statistics"]["notes"] == len(TITLES) and found["statistics"]["rfps"] == 1,
            )

        again = await cast(market.buyer, NEEDS[1])

        assert vendors(await wait_for_offers(market.buyer, again, len(TITLES))) == TITLES
        assert await offers_of(market.buyer, name) == before
