"""What the end-to-end tests share: an open market, casts and offers through the local API, and one way to wait."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import trio

from intentcastd.demo import calls
from intentcastd.demo.calls import CallFailed
from intentcastd.demo.characters import CHARACTERS, Character
from intentcastd.demo.market import Market, Member, open_market

T = TypeVar("T")

EARLY = tuple(character for character in CHARACTERS if not character.is_late)
PATIENCE_SECONDS = 40.0
STROLLER = "I need a stroller for twins in downtown Glasgow in the next three hours"


async def until(ask: Callable[[], Awaitable[T]], fits: Callable[[T], bool], seconds: float = PATIENCE_SECONDS) -> T:
    """Ask until the answer fits; a daemon that is being started again may be silent meanwhile."""
    last: object = None
    with trio.move_on_after(seconds):
        while True:
            try:
                answer = await ask()
                if fits(answer):
                    return answer
                last = answer
            except (CallFailed, OSError) as error:
                last = error
            await trio.sleep(0.03)
    raise AssertionError(f"not so after {seconds} s; the last answer was {last!r}")


@asynccontextmanager
async def town(folder: Path, characters: tuple[Character, ...] = EARLY) -> AsyncIterator[Market]:
    """Run a market until the block ends; no daemon in it may have said anything on standard error."""
    async with open_market(folder, characters, lambda what: None) as market:
        yield market
    assert complaints(folder) == {}


def complaints(folder: Path) -> dict[str, str]:
    """Return what daemons wrote on standard error: tracebacks, and why they ended."""
    return {file.name: file.read_text("utf-8") for file in folder.glob("*.stderr") if file.stat().st_size}


async def cast(buyer: Member, need: str) -> str:
    """Preview a need and say yes; return the RFP's name."""
    preview = await calls.post(buyer.home, "/v1/previews", {"text": need})
    rfp = await calls.post(buyer.home, "/v1/rfps", {"preview": preview["id"]})
    return str(rfp["id"])


async def rfp_of(buyer: Member, name: str) -> dict[str, Any]:
    rfp: dict[str, Any] = await calls.get(buyer.home, f"/v1/rfps/{name}")
    return rfp


async def offers_of(buyer: Member, name: str) -> list[dict[str, Any]]:
    offers: list[dict[str, Any]] = (await calls.get(buyer.home, f"/v1/rfps/{name}/offers"))["offers"]
    return offers


async def wait_for_offers(buyer: Member, name: str, count: int) -> list[dict[str, Any]]:
    return await until(lambda: offers_of(buyer, name), lambda offers: len(offers) >= count)


def vendors(offers: list[dict[str, Any]]) -> list[str]:
    return sorted(offer["vendor"]["name"] for offer in offers)


def fits(offer: dict[str, Any]) -> bool:
    """Whether one of an offer's options says no to nothing that was asked but, at worst, the time of day."""
    return any(
        all(said != "no" for name, said in option["meets"].items() if name != "when") for option in offer["options"]
    )


async def kill(member: Member) -> None:
    """Kill a daemon's process outright; the supervisor starts it again."""
    before = member.process.starts
    assert member.process.pid is not None
    os.kill(member.process.pid, signal.SIGKILL)

    async def starts() -> int:
        return member.process.starts

    await until(starts, lambda count: count > before)
