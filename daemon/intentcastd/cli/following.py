"""Following one RFP: offers as they come, until enough of them, the end of the RFP, or the end of patience."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from intentcastd.api.shapes import Event
from intentcastd.api.shapes_buyer import Offer, Offers, Rfp
from intentcastd.cli import offer_view
from intentcastd.cli.api_client import Api, part
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import went_away
from intentcastd.cli.output import Output
from intentcastd.cli.safe_text import safe
from intentcastd.cli.waiting import Patience, TimeIsUp
from intentcastd.cli.words import plural

_ENDED = ("closed", "expired", "failed")


@dataclass
class Following:
    """What was seen of one RFP so far.

    Attributes:
        schema: of the lines that are written with --json.
        until: so many offers are enough; None: there are never enough.
    """

    api: Api
    out: Output
    rfp: str
    schema: str
    until: int | None
    seen: dict[str, Offer] = field(default_factory=dict)
    refused: int = 0

    def run(self, events: Iterator[Event], timeout: float | None) -> int:
        """Tell what is there and what comes; return the exit code.

        Args:
            events: a stream that was opened before anything was read, so that nothing falls between.
        """
        with Patience(timeout) as patience:
            try:
                for offer in self.api.get(f"/v1/rfps/{part(self.rfp)}/offers", Offers).offers:
                    self._offer(offer)
                state = self.api.get(f"/v1/rfps/{part(self.rfp)}", Rfp)
                if self._has_enough() or self._has_ended(state.state):
                    return self._end(state.state, state.reason)
                while (event := patience.next(events)) is not None:
                    ended = self._event(event)
                    if ended is not None:
                        return ended
            except TimeIsUp:
                return self._timed_out()
        raise went_away()

    def _has_enough(self) -> bool:
        return self.until is not None and len(self.seen) >= self.until

    @staticmethod
    def _has_ended(state: str) -> bool:
        return state in _ENDED

    def _event(self, event: Event) -> int | None:
        """Tell one event; return the exit code if it was the last."""
        match event.event, event.data:
            case "offer", {"rfp": self.rfp, "id": str(name)}:
                self._offer(self.api.get(f"/v1/offers/{part(name)}", Offer))
            case "offer", {"offer": {"rfp": self.rfp} as whole}:
                self._offer(msgspec.convert(whole, Offer))
            case "refused", {"rfp": self.rfp}:
                self.refused += 1
            case "rfp.state", {"id": self.rfp, "state": str(state)}:
                return self._state(state, event.data.get("reason"))
            case "daemon.ending", _:
                raise went_away()
            case _:
                pass
        return self._end("live", None) if self._has_enough() else None

    def _state(self, state: str, reason: object) -> int | None:
        why = safe(str(reason)) if reason else None
        if self.out.json:
            self.out.event(self.schema, "state", {"id": self.rfp, "state": state, "reason": reason})
        else:
            self.out.note(f"{self.rfp} is {safe(state)}" + (f": {why}" if why else ""))
        return self._end(state, why) if self._has_ended(state) else None

    def _offer(self, offer: Offer) -> None:
        if offer.id in self.seen:
            return
        self.seen[offer.id] = offer
        if self.out.json:
            self.out.event(self.schema, "offer", offer)
        else:
            self.out.line(offer_view.line(offer))

    def _end(self, state: str, reason: str | None) -> int:
        code = Exit.NETWORK if state == "failed" else Exit.DONE
        return self._summary(state, reason, code)

    def _timed_out(self) -> int:
        return self._summary("timeout", None, Exit.TIMED_OUT)

    def _summary(self, state: str, reason: str | None, code: Exit) -> int:
        if self.out.json:
            counts = {
                "id": self.rfp,
                "state": state,
                "reason": reason,
                "offers": len(self.seen),
                "refused": self.refused,
            }
            self.out.event(self.schema, "end", {**counts, "exit": int(code)})
        else:
            refused = f", {self.refused} refused" if self.refused else ""
            why = f" ({safe(reason)})" if reason else ""
            self.out.note(f"{plural(len(self.seen), 'offer')}{refused}; {state}{why}")
            if self.seen:
                self.out.note("next: intentcast offers compare")
        return code
