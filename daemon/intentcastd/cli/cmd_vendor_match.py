"""`intentcast vendor match`: a need put before the own catalogue, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from intentcastd.cli.cast_request import need_options, request_of
from intentcastd.cli.cmd_vendor import vendor
from intentcastd.cli.exits import Exit
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes_match import Match, MatchedItem

_MOST_PASSED = 8
# What `cast` takes besides, and a trial does not need.
_UNUSED: dict[str, Any] = {"budget": None, "publish_budget": False, "words": None, "terms": (), "ttl": None}


@vendor.command(
    "match",
    epilog="\b\nExamples:\n  intentcast vendor match 'rim for a 1967 Peugeot 404'\n"
    "  intentcast vendor match 'converter' --detail 'power=200 WTT' --json",
)
@click.argument("need", required=False, metavar="[NEED]")
@need_options
@pass_session
def match(session: Session, /, **given: Any) -> int:
    """Show what the shop would offer for a need, and why not more.

    The need is read as a buyer's daemon would read it. Nothing is sent.
    """
    from intentcastd.api.shapes_match import Match

    request = request_of(**given, **_UNUSED)
    with session.api() as api:
        found = api.post("/v1/vendor/match", Match, request)
    if session.out.json:
        session.out.document("match", found)
    else:
        for line in _lines(found):
            session.out.line(line)
    return Exit.DONE


def _lines(found: Match) -> Iterator[str]:
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import plural

    yield from _asked(found)
    yield ""
    yield f"{plural(len(found.matches), 'item')} of {found.items:,} would fit; {found.judged:,} were looked at"
    if found.no_offer:
        yield f"  no offer: {safe(found.no_offer, 200)}"
    for item in found.matches:
        yield from _matched(item)
    if found.passed:
        yield "the nearest of the others"
    for passed in found.passed[:_MOST_PASSED]:
        yield f"  {safe(passed.sku, 20):<20} {safe(passed.title, 54)}"
        yield f"    not offered: {safe(passed.why, 200)}"
    if len(found.passed) > _MOST_PASSED:
        yield f"  and {len(found.passed) - _MOST_PASSED} more (--json has them)"


def _asked(found: Match) -> Iterator[str]:
    """Yield what a buyer would publish."""
    from intentcastd.cli.safe_text import safe

    public = found.public
    label = public.get("category_label")
    yield "the need, as a buyer would publish it"
    yield f"  category   {safe(str(public.get('category')))}" + (f"  {safe(str(label), 60)}" if label else "")
    fields = ("service", "kind", "gtin", "condition", "how", "area", "when", "quantity", "details", "text")
    for name in fields:
        value = public.get(name)
        if value is not None:
            yield f"  {name:<10} {safe(_text(value), 200)}"


def _text(value: object) -> str:
    from intentcastd.api.shapes import Quantity
    from intentcastd.cli.words import moment, quantity

    match value:
        case {"name": name, "country": country}:
            return f"{name}, {country}"
        case {"by": int(by), "grain": grain}:
            return f"by {moment(by)} (to the {grain})"
        case {"unit": str(unit), "value": int(number), "scale": int(scale)}:
            return quantity(Quantity(unit, number, scale))
        case {"unit": str(unit), "value": int(number)}:
            return quantity(Quantity(unit, number))
        case dict():
            return ", ".join(f"{name} {_text(part)}" for name, part in value.items() if part is not None)
        case list():
            return ", ".join(map(_text, value))
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _matched(item: MatchedItem) -> Iterator[str]:
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import amount

    mark = "offered" if item.offered else "fits"
    yield f"  {safe(item.sku, 20):<20} {amount(item.price):>14}  {safe(item.title, 40)}  ({mark})"
    met = [name for name, said in item.meets.items() if said == "yes"]
    missed = [name for name, said in item.meets.items() if said == "no"]
    yield f"    meets: {safe(', '.join(met), 200) or 'nothing that was asked'}"
    if missed:
        yield f"    does not meet: {safe(', '.join(missed), 200)}"
    if item.not_stated:
        yield f"    not stated: {safe(', '.join(item.not_stated), 200)}"
    if item.option is None:
        yield f"    no offer: {safe(item.why_not, 200)}"
        return
    landed = item.option.landed
    total = amount(landed.total) if landed.total else f"not stated (at least {amount(landed.known)})"
    yield f"    landed cost: {total}, {item.option.ship.mode}"
