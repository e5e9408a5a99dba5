"""`intentcast watch` and `intentcast rfps`: what became of what was cast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intentcastd.cli.commands import command, group
from intentcastd.cli.exits import Exit
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes_buyer import Rfp

LATEST = "latest"


@command("watch", "intentcast watch", "intentcast watch r2 --until 3 --timeout 60")
@click.argument("rfp", default=LATEST, metavar="[RFP]")
@click.option("--until", type=click.IntRange(min=1), metavar="N", help="Wait for so many offers.")
@click.option("--timeout", type=click.FloatRange(min=0), metavar="S", help="Wait so many seconds; then exit code 7.")
@pass_session
def watch(session: Session, rfp: str, until: int | None, timeout: float | None) -> int:
    """Follow an RFP: offers that are here, and offers as they come."""
    from intentcastd.api.shapes_buyer import Rfp
    from intentcastd.cli.api_client import part
    from intentcastd.cli.following import Following

    with session.api() as api, api.events() as events:
        found = api.get(f"/v1/rfps/{part(rfp)}", Rfp)
        if rfp == LATEST:
            session.out.note(f"Watching {found.id}, the latest.")
        return Following(api, session.out, found.id, "watch", until).run(events, timeout)


@group("rfps", "intentcast rfps", "intentcast rfps close r2 --reason filled", runs_alone=True)
@click.pass_context
def rfps(context: click.Context) -> int:
    """Your RFPs: what you asked the market for."""
    return int(context.invoke(list_rfps)) if context.invoked_subcommand is None else Exit.DONE


@rfps.command("list", epilog="\b\nExamples:\n  intentcast rfps list")
@pass_session
def list_rfps(session: Session) -> int:
    """List all RFPs, newest first."""
    from intentcastd.api.shapes_buyer import Rfps

    with session.api() as api:
        found = api.get("/v1/rfps", Rfps)
    if session.out.json:
        session.out.document("rfps", found)
    elif not found.rfps:
        session.out.note('There is no RFP yet. Cast one: intentcast cast "twin pram, Leeds, today"')
    for rfp in [] if session.out.json else found.rfps:
        session.out.line(_line(rfp))
    return Exit.DONE


@rfps.command("show", epilog="\b\nExamples:\n  intentcast rfps show r1")
@click.argument("rfp", default=LATEST, metavar="[RFP]")
@pass_session
def show_rfp(session: Session, rfp: str) -> int:
    """Show one RFP: its state, its boards, what happened."""
    from intentcastd.api.shapes_buyer import Rfp
    from intentcastd.cli.api_client import part

    with session.api() as api:
        found = api.get(f"/v1/rfps/{part(rfp)}", Rfp)
    if session.out.json:
        session.out.document("rfp", found)
    else:
        _page(session, found)
    return Exit.DONE


@rfps.command("close", epilog="\b\nExamples:\n  intentcast rfps close r1 --reason filled")
@click.argument("rfp", metavar="RFP")
@click.option(
    "--reason",
    type=click.Choice(["filled", "withdrawn", "replaced", "no_fit"]),
    default="withdrawn",
    show_default=True,
    help="Why; everybody will read it.",
)
@pass_session
def close_rfp(session: Session, rfp: str, reason: str) -> int:
    """End an RFP, so that no more offers come."""
    from intentcastd.api.shapes_buyer import Rfp
    from intentcastd.cli.api_client import part

    with session.api() as api:
        closed = api.post(f"/v1/rfps/{part(rfp)}/close", Rfp, {"reason": reason})
    if session.out.json:
        session.out.document("rfp", closed)
    else:
        session.out.line(f"{closed.id} is {closed.state}")
    return Exit.DONE


def _line(rfp: Rfp) -> str:
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import moment, plural

    what = safe(rfp.text or rfp.category_label or rfp.category, 48)
    offers = plural(rfp.offers, "offer")
    return f"{safe(rfp.id):<5} {rfp.state:<8} {offers:<10} until {moment(rfp.expires)}  {what}"


def _page(session: Session, rfp: Rfp) -> None:
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import moment, plural

    out = session.out
    reason = f" ({safe(rfp.reason)})" if rfp.reason else ""
    out.line(f"{safe(rfp.id)}  {rfp.state}{reason}   {plural(rfp.offers, 'offer')}")
    out.line(f"  asked        {safe(rfp.text)}")
    out.line(f"  category     {safe(rfp.category_label)} ({safe(rfp.category)})")
    out.line(f"  area         {safe(rfp.area) if rfp.area else 'anywhere'}")
    out.line(f"  id           {rfp.rfp or 'not signed yet'}")
    out.line(f"  lives until  {moment(rfp.expires)}")
    if rfp.state == "stamping" and rfp.progress is not None:
        out.line(f"  stamp        {rfp.progress.done:,} tries; {rfp.progress.of:,} on average")
    for board in rfp.boards:
        said = {None: "not read yet", True: "complete", False: "something is missing"}[board.complete]
        out.line(f"  board        {safe(board.board, 16)}: {said}")
    for why, count in sorted(rfp.refused.items()):
        out.line(f"  refused      {count}: {safe(why)}")
    for step in rfp.timeline:
        out.line(f"  {moment(step.at):<12} {safe(step.what)}")
