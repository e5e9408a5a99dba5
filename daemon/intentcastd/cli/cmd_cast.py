"""`intentcast cast`: from a sentence to offers, with a look at what leaves before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intentcastd.cli.cast_request import need_options, request_of, span
from intentcastd.cli.commands import command
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes_buyer import Preview, Rfp
    from intentcastd.cli.api_client import Api

_POLL_SECONDS = 0.1


@command(
    "cast",
    'intentcast cast "twin pram, Leeds, today" --dry-run',
    "intentcast cast --code 4006381333931 --near Leeds --yes --until 3",
)
@click.argument("need", required=False, metavar="[NEED]")
@need_options
@click.option("--budget", metavar="AMOUNT", help='The most you would pay, "400 EUR"; it stays home.')
@click.option("--publish-budget", is_flag=True, help="Let a rough band around the budget leave.")
@click.option("--words", metavar="TEXT", help="Free words that everybody will read.")
@click.option("--terms", multiple=True, metavar="ID", help="Terms that you proffer, the best liked first.")
@click.option("--ttl", callback=span, metavar="SPAN", help="How long it lives: 45m, 24h, 3d.")
@click.option("--dry-run", is_flag=True, help="Show what would leave, and send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--watch/--no-watch", default=True, help="Wait for offers, or return once it is on its way.")
@click.option("--until", type=click.IntRange(min=1), metavar="N", help="Wait for so many offers.")
@click.option("--timeout", type=click.FloatRange(min=0), metavar="S", help="Wait so many seconds; then exit code 7.")
@pass_session
def cast(session: Session, /, **given: Any) -> int:
    """Say what you need; offers come back, sealed to you alone.

    The need is read on this machine. Before anything leaves, two columns show what stays home and what the network
    sees, the latter read from the very bytes that would go out.
    """
    dry_run, yes = given.pop("dry_run"), given.pop("yes")
    watch, until, timeout = given.pop("watch"), given.pop("until"), given.pop("timeout")
    request = request_of(**given)
    if not dry_run and not yes:
        session.require_answer("--yes, or look first with --dry-run")
    from intentcastd.api.shapes_buyer import Preview

    with session.api() as api:
        preview = api.post("/v1/previews", Preview, request)
        _show(session, preview, dry_run=dry_run, asks=not yes, watch=watch)
        if dry_run:
            session.out.note("Nothing was sent: this was a dry run.")
            return Exit.DONE
        if not yes and not session.confirm("Send this?", "--yes"):
            raise CommandFailed("cast.declined", "Nothing was sent.", "Change it and cast again.", Exit.FAILED)
        return _send(session, api, preview, watch=watch, until=until, timeout=timeout)


def _show(session: Session, preview: Preview, *, dry_run: bool, asks: bool, watch: bool) -> None:
    """Show what would leave. A person who is asked sees it always: as JSON goes to a program, on standard error."""
    import sys

    from intentcastd.cli.preview_view import below, columns

    out = session.out
    if out.json and dry_run:
        out.document("preview", preview)
    elif out.json and watch:
        out.event("cast", "preview", preview)
    if asks and not dry_run and (out.json or out.quiet):
        out.show(columns(preview), *below(preview), stream=sys.stderr)
    elif not out.json and (dry_run or not out.quiet):
        # In a dry run the columns are the answer.
        out.show(columns(preview))
        for text in below(preview):
            out.line(text)


def _send(
    session: Session, api: Api, preview: Preview, *, watch: bool, until: int | None, timeout: float | None
) -> int:
    from intentcastd.api.shapes_buyer import Cast, Rfp
    from intentcastd.cli.following import Following

    out = session.out
    # Opened before the cast, so that no offer falls between.
    with api.events() as events:
        next(events, None)
        rfp = api.post("/v1/rfps", Rfp, Cast(preview.id))
        out.note(f"{rfp.id} is saved; it goes out even if this machine loses power now.")
        if not watch:
            if out.json:
                out.document("cast", rfp)
            else:
                out.line(rfp.id)
            return Exit.DONE
        if out.json:
            out.event("cast", "rfp", rfp)
        elif out.interactive:
            _stamp(session, api, rfp)
        out.note("Waiting for offers; Ctrl-C is safe, they come all the same: intentcast watch")
        return Following(api, out, rfp.id, "cast", until).run(events, timeout)


def _stamp(session: Session, api: Api, rfp: Rfp) -> None:
    """Show how the stamp is coming on, until it is found."""
    import select
    import sys

    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from intentcastd.api.shapes_buyer import Rfp as RfpShape
    from intentcastd.cli.api_client import part

    expected = rfp.progress.of if rfp.progress else 0
    if not expected:
        return
    console = session.out.console(sys.stderr)
    with Progress(TextColumn("stamp"), BarColumn(), TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("stamp", total=expected)
        while rfp.state == "stamping":
            # The mean is no limit: luck may need more tries than expected, and the bar waits at its end.
            progress.update(task, completed=min(rfp.progress.done if rfp.progress else 0, expected))
            select.select([], [], [], _POLL_SECONDS)
            rfp = api.get(f"/v1/rfps/{part(rfp.id)}", RfpShape)
