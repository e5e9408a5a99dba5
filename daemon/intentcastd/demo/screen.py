"""The demo for people: calm, short lines, in the order in which things happen."""

from __future__ import annotations

import importlib.metadata
import sys
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intentcastd.data.currencies import amount_text

NOT_STATED: Final = "not stated"
_SHOWN: Final = ("kind", "text", "condition", "how")
_STATES: Final = {
    "sent": "through a guard to an exit relay, which holds it for a moment",
    "live": "a board that is read shows it",
    "failed": "the relays refused it",
}
_PASSED: Final = {
    "no_match": "has nothing that fits",
    "area": "does not work there",
    "how": "has no way to bring it there",
    "terms": "does not accept your terms",
    "amount": "cannot price that amount",
}


class _Plain(Console):
    def on_broken_pipe(self) -> None:
        # The inherited one ends the process at once; the market is to be ended in order first.
        raise BrokenPipeError


class Screen:
    """Draws each event as it comes."""

    def __init__(self) -> None:
        self._has_started = False
        self._console = _Plain(file=sys.stdout, highlight=False, markup=False, emoji=False)

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Draw one event."""
        draw = getattr(self, f"_{event}", None)
        if draw is not None:
            draw(data)

    def _line(self, left: str, what: str = "", rest: str = "", style: str = "") -> None:
        self._console.print(Text(f"  {left:<8} {what:<8} {rest}".rstrip(), style=style), soft_wrap=True)

    def _starting(self, data: dict[str, Any]) -> None:
        version = importlib.metadata.version("intentcast")
        self._console.print(
            Text(f"intentcast {version} demo   everything runs on this machine; nothing leaves it", style="bold")
        )
        self._line(
            "", "starting", f"{data['relays']} relays, {data['vendors']} vendors and a buyer, each its own process"
        )

    def _progress(self, data: dict[str, Any]) -> None:
        # Behind the cast, times are counted from the cast.
        when = "" if self._has_started else f"{data['seconds']:.1f} s"
        self._line(when, "", str(data["what"]), style="dim")

    def _started(self, data: dict[str, Any]) -> None:
        self._has_started = True
        self._line(f"{data['seconds']:.1f} s", "ready", f"offline for now: {', '.join(data['offline'])}")
        self._line("", "folder", data["folder"])

    # ---- the need

    def _cast(self, data: dict[str, Any]) -> None:
        preview = data["preview"]
        self._console.print()
        self._console.print(Text(f'  $ intentcast cast "{data["need"]}" --yes', style="bold"), soft_wrap=True)
        self._line("read as", "", "; ".join(_read_as(preview["need"])))
        table = Table(show_edge=False, pad_edge=False, box=None, padding=(0, 3, 0, 2))
        table.add_column("STAYS HOME", ratio=1)
        table.add_column("THE NETWORK SEES", ratio=1)
        home = "\n".join(f"{one['field']}: {one['value']}" for one in preview["home"])
        table.add_row(Text(home), Text("\n".join(_public(preview))))
        self._console.print(table)
        self._line(
            "stamp",
            "",
            f"{preview['effort']} bits of work, about {preview['stamp_seconds_estimate']:.2f} s; "
            f"{preview['size']} bytes, padded; lives until {_moment(preview['expires'])}",
        )

    def _state(self, data: dict[str, Any]) -> None:
        if data["state"] == "failed":
            self._line(_after(data), "failed", str(data.get("reason") or _STATES["failed"]), style="red")
        elif data["state"] == "sent":
            self._line(_after(data), "sent", _STATES["sent"])

    # ---- what comes back

    def _offer(self, data: dict[str, Any]) -> None:
        offer = data["offer"]
        option = next(one for one in offer["options"] if one["id"] == offer["best_option"])
        asks = ", ".join(ask["field"] for ask in offer["asks"]) or "nothing"
        over = "   over your budget" if offer["over_budget"] else ""
        late = "   was offline; came through the boards" if data["late"] else ""
        self._line(_after(data), "offer", f"{offer['vendor']['name']:<17}{_cost(option['landed'])}   {option['title']}")
        self._line("", "", f"{'':<17}{_way(option)}   asks to know: {asks}   terms: {_terms(offer)}{over}{late}")

    def _refused(self, data: dict[str, Any]) -> None:
        why = f"stamp of {data['stamped']} bits, {data['bits']} needed" if data["code"] == "stamp" else data["code"]
        self._line(_after(data), "refused", f"{data['vendor']:<17}{why}; the board said no, you never see it")

    def _passed(self, data: dict[str, Any]) -> None:
        reason = _PASSED.get(data["reason"], data["reason"])
        self._line(_after(data), "passed", f"{data['vendor']:<17}{reason}", style="dim")

    def _opening(self, data: dict[str, Any]) -> None:
        self._line(_after(data), "opens", f"{data['vendor']:<17}was offline when you cast", style="dim")

    # ---- the end

    def _summary(self, data: dict[str, Any]) -> None:
        self._console.print()
        first = data["seconds_to_first_offer"]
        after = f", the first after {first:.1f} s" if first is not None else ""
        self._line(f"{data['offers']} offers{after}. Who learned what:")
        for one in data["who_learned"]:
            self._console.print(Text(f"    {one['who']:<26} {one['what']}"), soft_wrap=True)
        if not data["ok"]:
            self._line("failed", "", str(data["reason"]), style="red")
        if data["next"]:
            self._console.print()
            self._line("next, in another terminal:")
            for command in data["next"]:
                self._console.print(Text(f"    {command}", style="bold"), soft_wrap=True)
            self._line("Ctrl-C ends the demo" + ("." if data["kept"] else " and deletes it."))


def _after(data: dict[str, Any]) -> str:
    return f"+{data['seconds']:.1f} s"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%a %d %b %H:%M %Z")


def _amount(money: dict[str, Any]) -> str:
    return f"{amount_text(money['currency'], money['minor'])} {money['currency']}"


def _cost(landed: dict[str, Any]) -> str:
    """Return the total, or what is known of it and what is not stated; never as if that were 0."""
    if landed["total"] is not None:
        return f"{_amount(landed['total'])} all in"
    return f"{_amount(landed['known'])} + {', '.join(landed['missing'])} {NOT_STATED}"


def _way(option: dict[str, Any]) -> str:
    hours = option["ship"]["hours"]
    return f"{option['ship']['mode']}, " + (f"time {NOT_STATED}" if hours is None else f"ready in {hours} h")


def _terms(offer: dict[str, Any]) -> str:
    accepted = offer["terms"].get("accept")
    if accepted:
        return f"yours ({accepted})" if not offer["terms_distance"] else f"yours, second choice ({accepted})"
    return f"theirs ({offer['terms'].get('alternative')})"


def _read_as(need: dict[str, Any]) -> list[str]:
    """Return each field that was read, in words."""
    fields = [need[name] for name in ("category", "service", "area", "when", "condition", "budget") if need.get(name)]
    details = [f"{name} {guess['label']}" for name, guess in need["details"].items()]
    return [*(str(guess["label"]) for guess in fields), *details]


def _public(preview: dict[str, Any]) -> list[str]:
    public = preview["public"]
    lines = [f"category: {public['category_label']}"]
    lines += [f"{name}: {public[name]}" for name in _SHOWN if name in public]
    if "details" in public:
        lines.append("details: " + ", ".join(f"{name} {_detail(value)}" for name, value in public["details"].items()))
    if "area" in public:
        lines.append(f"area: {public['area']['name']}, {public['area']['population']:,} people")
    if "when" in public:
        lines.append(f"by: {_moment(public['when']['by'])} ({public['when']['grain']})")
    lines.append(f"terms: {' or '.join(public['terms']['chosen'])}")
    lines.append(f"offers go to: {len(public['boards'])} boards")
    return lines


def _detail(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['value'] / 10 ** value.get('scale', 0):g} {value['unit']}"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
