"""A preview in two columns: what stays home, and what the network sees, the latter as it was read from the very bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from intentcastd.api.shapes import Money, Quantity
from intentcastd.api.shapes_buyer import Preview
from intentcastd.cli.safe_text import safe
from intentcastd.cli.words import amount, moment, plural, quantity, span

if TYPE_CHECKING:
    from rich.console import RenderableType

HOME, SEEN = "STAYS HOME", "THE NETWORK SEES"
# In this order; what else there is comes after, as it is.
_ORDER = "category kind service text details gtin quantity condition area when how budget terms boards".split()
_QUIET = frozenset({"box", "salt", "shard", "category_label"})


def columns(preview: Preview) -> RenderableType:
    """Return the two columns."""
    from rich.table import Table
    from rich.text import Text

    table = Table(expand=True, show_edge=True)
    table.add_column(HOME, ratio=1)
    table.add_column(SEEN, ratio=1)
    left = "\n".join(f"{safe(home.field)}: {safe(home.value)}\n  {safe(home.why)}" for home in preview.home)
    right = "\n".join(f"{name}: {value}" for name, value in seen(preview))
    table.add_row(Text(left or "nothing"), Text(right))
    return table


def seen(preview: Preview) -> Iterator[tuple[str, str]]:
    """Yield each public field with its value in words."""
    public = preview.public
    rest = sorted(name for name in public if name not in _ORDER and name not in _QUIET)
    for name in (*_ORDER, *rest):
        if name in public:
            yield safe(name), _public_value(name, public[name], preview)
    yield "keys", "new ones, used for this RFP alone"
    yield "lives until", moment(preview.expires)
    yield "size", f"{preview.size} bytes, padded"


def _public_value(name: str, value: Any, preview: Preview) -> str:
    match name, value:
        case "category", str():
            label = preview.need.category.label if preview.need.category else ""
            label = str(preview.public.get("category_label") or label)
            return f"{safe(value)} ({safe(label)})" if label and label != value else safe(value)
        case "area", {"country": country, "name": place, "population": people}:
            return f"{safe(str(place))}, {safe(str(country))} ({people:,} people live there)"
        case "when", {"by": by, "grain": grain}:
            return f"by {moment(by)}, to the {safe(str(grain))}"
        case "budget", {"currency": currency, "low": low, "high": high}:
            return f"{amount(Money(currency, low))} to {amount(Money(currency, high))}"
        case "details", dict():
            return ", ".join(f"{safe(key)}={_plain(item)}" for key, item in value.items())
        case "terms", {"all": everyone, "chosen": chosen}:
            return f"{_term(everyone)} for all; {' or '.join(_term(one) for one in chosen)} for the chosen one"
        case "boards", list():
            return plural(len(value), "relay keeps the offers", "relays keep the offers")
        case "how", list():
            return ", ".join(safe(str(item)) for item in value)
        case _:
            return _plain(value)


def _term(entry: Any) -> str:
    return safe(str(entry["id"] if isinstance(entry, dict) else entry))


def _plain(value: Any) -> str:
    match value:
        case {"unit": _, "value": _}:
            return quantity(msgspec.convert(value, Quantity))
        case bool():
            return "yes" if value else "no"
        case str():
            return safe(value)
        case int() | float():
            return str(value)
        case _:
            return safe(msgspec.json.encode(value).decode("utf-8"))


def _times(text: str) -> str:
    """Return a text in which UNIX seconds are times."""
    return re.sub(r"\b[0-9]{10}\b", lambda match: moment(int(match[0])), safe(text))


def below(preview: Preview) -> Iterator[str]:
    """Yield what is said under the columns: what changed, the cost, the way, who learns what."""
    for change in preview.changes:
        yield f"changed   {safe(change.field)}: {_times(change.before)} -> {_times(change.after)}  ({safe(change.rule)})"
    crowd = "not measured" if preview.crowd is None else f"about {preview.crowd:,} people could ask the same"
    yield f"crowd     {crowd}"
    path = ", then ".join(safe(word) for word in preview.path) or "straight to a relay"
    hold = f", held {preview.hold_mean_seconds} s in the mean" if preview.hold_mean_seconds else ""
    yield f"way       {path}{hold}  (network: {safe(preview.network)})"
    yield f"stamp     {preview.effort} bits, about {span(preview.stamp_seconds_estimate)} of work"
    for learn in preview.learn:
        yield f"learns    {safe(learn.who)}: {safe(learn.what)}"
    for question in preview.need.questions:
        yield f"question  {safe(question.what)}"
        for choice in question.choices:
            yield f"          {safe(question.flag)} {json.dumps(safe(choice.value), ensure_ascii=False)}  {safe(choice.label)}"
        if not question.choices:
            yield f"          answer with {safe(question.flag)}"
    for warning in preview.warnings:
        yield f"warning   {safe(warning)}"
