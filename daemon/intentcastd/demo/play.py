"""What happens in the demo once its market is open: a cast from the command line, offers, a refusal, a latecomer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import trio

from intentcast.units import Instant
from intentcastd import clock
from intentcastd.demo import calls
from intentcastd.demo.calls import CallFailed
from intentcastd.demo.characters import CHARACTERS, SPAMMER
from intentcastd.demo.market import Market
from intentcastd.errors import IntentcastdError

LATE_SECONDS: Final = 3.0
"""How long after the cast the late vendor starts."""

PATIENCE_SECONDS: Final = 40.0
"""How long after the cast the demo waits for all vendors to have answered or passed."""

LEAST_OFFERS: Final = 3
_LOOK_SECONDS: Final = 0.1

Tell = Callable[[str, dict[str, Any]], None]


class CastFailed(IntentcastdError):
    """The command line did not cast."""

    code = "demo.cast_failed"


@dataclass
class Outcome:
    """What came of one cast."""

    rfp: dict[str, Any] = field(default_factory=dict)
    preview: dict[str, Any] = field(default_factory=dict)
    offers: dict[str, dict[str, Any]] = field(default_factory=dict)
    passed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Any] | None = None
    first_offer_seconds: float | None = None

    @property
    def reason(self) -> str | None:
        """Why the demo did not show what it is for; None if it did."""
        if len(self.offers) < LEAST_OFFERS:
            passed = "; ".join(f"{name}: {why}" for name, why in self.passed.items())
            return f"only {len(self.offers)} offers came" + (f" ({passed})" if passed else "")
        return None if self.refused is not None else "the spammer was not refused"


class Play:
    """One cast in an open market."""

    def __init__(self, market: Market, need: str, tell: Tell) -> None:
        self.outcome = Outcome()
        self._market = market
        self._need = need
        self._tell = tell
        self._cast_at = Instant(0.0)

    async def run(self) -> Outcome:
        """Cast, and tell what comes until everybody has answered, passed or been refused."""
        async with trio.open_nursery() as nursery:
            spammer = self._market.start_process(
                "spammer", "intentcastd.demo.spammer", ["--relay", self._market.lines[0]]
            )
            nursery.start_soon(spammer.keep, self._refused)
            await self._cast()
            nursery.start_soon(self._follow)
            nursery.start_soon(self._open_late)
            with trio.move_on_after(PATIENCE_SECONDS):
                await self._until_all_said()
            await spammer.end()
            nursery.cancel_scope.cancel()
        return self.outcome

    # ---- the cast

    async def _cast(self) -> None:
        """Run the real command, as a person would.

        Raises:
            CastFailed: it ended with an error; the message is the command's.
        """
        home = str(self._market.buyer.home.root)
        command = [sys.executable, "-m", "intentcastd.cli.main", "--home", home, "--json", "cast", self._need]
        done = await trio.run_process(
            [*command, "--yes", "--no-watch"], stdin=subprocess.DEVNULL, capture_stdout=True, capture_stderr=True,
            check=False,
        )  # fmt: skip
        self._cast_at = clock.instant()
        if done.returncode != 0:
            raise _failure(done.stderr)
        preview, rfp = (json.loads(line)["data"] for line in done.stdout.splitlines())
        self.outcome.rfp, self.outcome.preview = rfp, preview
        self._tell("cast", {"need": self._need, "rfp": rfp["id"], "preview": preview})
        if self.outcome.refused is not None:
            self._tell_refused()

    @property
    def _seconds(self) -> float:
        """Seconds since the cast."""
        return round(max(0.0, clock.instant() - self._cast_at), 2)

    # ---- what comes back

    async def _follow(self) -> None:
        """Follow the buyer's events across its restarts."""
        seen = 0
        while True:
            try:
                async with calls.follow(self._market.buyer.home, f"/v1/events?since={seen}&follow=true") as events:
                    async for event in events:
                        await self._event(event)
                        seen = event.get("n") or seen
            except CallFailed:
                pass
            await trio.sleep(_LOOK_SECONDS)

    async def _event(self, event: dict[str, Any]) -> None:
        match event:
            case {"event": "rfp.state", "data": {"state": "sent" | "live" | "failed" as state, **rest}}:
                self._tell("state", {"state": state, "seconds": self._seconds, "reason": rest.get("reason")})
            case {"event": "offer", "data": {"id": str(name)}} if name not in self.outcome.offers:
                self._offer(await calls.get(self._market.buyer.home, f"/v1/offers/{name}"))
            case _:
                pass

    def _offer(self, offer: dict[str, Any]) -> None:
        seconds = self._seconds
        if not self.outcome.offers:
            self.outcome.first_offer_seconds = seconds
        self.outcome.offers[offer["id"]] = offer
        late = {character.title for character in CHARACTERS if character.is_late}
        self._tell("offer", {"seconds": seconds, "late": offer["vendor"]["name"] in late, "offer": offer})

    def _refused(self, line: bytes) -> None:
        """Hear what the board said to the spammer."""
        try:
            said = json.loads(line)
        except ValueError:
            return
        if said["code"] == "done":
            return
        self.outcome.refused = {"vendor": SPAMMER, **said}
        if self.outcome.rfp:
            self._tell_refused()

    def _tell_refused(self) -> None:
        self._tell("refused", {"seconds": self._seconds, **(self.outcome.refused or {})})

    async def _open_late(self) -> None:
        await trio.sleep(LATE_SECONDS)
        for character in CHARACTERS:
            if character.is_late:
                self._tell("opening", {"vendor": character.title, "seconds": self._seconds})
                await self._market.open_shop(character)

    # ---- the end

    async def _until_all_said(self) -> None:
        while True:
            said = {offer["vendor"]["name"] for offer in self.outcome.offers.values()}
            for character in CHARACTERS:
                if character.title not in said and character.title not in self.outcome.passed:
                    await self._ask_why(character.name, character.title)
            if self.outcome.refused and len(said | self.outcome.passed.keys()) == len(CHARACTERS):
                return
            await trio.sleep(_LOOK_SECONDS)

    async def _ask_why(self, name: str, title: str) -> None:
        """Ask a vendor's daemon whether it has passed over the need, and why."""
        member = self._market.vendors.get(name)
        rfp = await self._wire_id()
        if member is None or rfp is None:
            return
        try:
            recent = (await calls.get(member.home, "/v1/vendor"))["recent"]
        except CallFailed:
            return
        for decision in recent:
            if decision["rfp8"] == rfp[:8] and decision["outcome"] == "passed":
                self.outcome.passed[title] = decision["reason"]
                self._tell("passed", {"vendor": title, "seconds": self._seconds, "reason": decision["reason"]})

    async def _wire_id(self) -> str | None:
        """Return the RFP's id on the wire, once it is signed."""
        if self.outcome.rfp.get("rfp") is None:
            try:
                self.outcome.rfp = await calls.get(self._market.buyer.home, f"/v1/rfps/{self.outcome.rfp['id']}")
            except CallFailed:
                return None
        found = self.outcome.rfp.get("rfp")
        return str(found) if found else None


def _failure(said: bytes) -> CastFailed:
    """Return what the command said on standard error as an error of ours."""
    try:
        error = json.loads(said.splitlines()[-1])["error"]
        return CastFailed(error["message"], error["hint"])
    except (ValueError, KeyError, IndexError):
        words = said.decode("utf-8", "replace").strip().splitlines()
        return CastFailed(words[-1] if words else "The command ended with an error.", "Try: intentcast doctor")
