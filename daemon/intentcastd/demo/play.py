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

QUIET_SECONDS: Final = 3.0
"""Once all shops are open and so long nothing has happened, nothing more is waited for: a vendor whose trade is another
never hears of the need."""

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
        self._tell_on = tell
        self._cast_at = self._last_news = Instant(0.0)
        self._all_open = False

    async def run(self) -> Outcome:
        """Cast, and tell what comes until everybody has answered, passed or been refused."""
        async with trio.open_nursery() as nursery:
            spammer = self._market.start_process(
                "spammer", ["intentcastd.demo.spammer", "--relay", self._market.lines[0]]
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

    def _tell(self, event: str, data: dict[str, Any]) -> None:
        self._last_news = clock.instant()
        self._tell_on(event, data)

    # ---- the cast

    async def _cast(self) -> None:
        """Run the real command, as a person would.

        Raises:
            CastFailed: it ended with an error; the message is the command's.
        """
        home = str(self._market.buyer.home.root)
        preview, rfp = await _run_cast(["--home", home, "--json", "cast", self._need, "--yes"])
        self._cast_at = clock.instant()
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
        self._all_open, self._last_news = True, clock.instant()

    # ---- the end

    async def _until_all_said(self) -> None:
        while True:
            said = {offer["vendor"]["name"] for offer in self.outcome.offers.values()}
            for character in CHARACTERS:
                if character.title not in said and character.title not in self.outcome.passed:
                    await self._ask_why(character.name, character.title)
            is_quiet = self._all_open and clock.instant() - self._last_news > QUIET_SECONDS
            if self.outcome.refused and (is_quiet or len(said | self.outcome.passed.keys()) == len(CHARACTERS)):
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


async def _run_cast(arguments: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run `intentcast … cast …`; return what it said of the preview and of the RFP.

    It would go on to wait for offers. The demo follows them itself, and lets it go.
    """
    process = await trio.lowlevel.open_process(
        [sys.executable, "-m", "intentcastd.cli.main", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = b""
    try:
        async for chunk in process.stdout:
            said += chunk
            if said.count(b"\n") >= 2:
                preview, rfp = (json.loads(line)["data"] for line in said.split(b"\n")[:2])
                return preview, rfp
        words = b"".join([chunk async for chunk in process.stderr])
    finally:
        with trio.CancelScope(shield=True):
            process.terminate()
            await process.wait()
            await process.stdout.aclose()
            await process.stderr.aclose()
    raise _failure(words)


def _failure(said: bytes) -> CastFailed:
    """Return what the command said on standard error as an error of ours."""
    try:
        error = json.loads(said.splitlines()[-1])["error"]
        return CastFailed(error["message"], error["hint"])
    except (ValueError, KeyError, IndexError):
        words = said.decode("utf-8", "replace").strip().splitlines()
        return CastFailed(words[-1] if words else "The command ended with an error.", "Try: intentcast doctor")
