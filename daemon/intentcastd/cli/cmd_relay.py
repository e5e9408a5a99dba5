"""`intentcast relay`: what this daemon does for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes import Relay


@group("relay", "intentcast relay", "intentcast relay line", runs_alone=True)
@click.pass_context
def relay(context: click.Context) -> int:
    """Your own relay: its line to give to others, and its numbers."""
    return int(context.invoke(show)) if context.invoked_subcommand is None else Exit.DONE


@relay.command("show", epilog="\b\nExamples:\n  intentcast relay show")
@pass_session
def show(session: Session) -> int:
    """Show the relay: its line, its links, what it keeps and what it refuses."""
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import moment

    found = _relay(session)
    if session.out.json:
        session.out.document("relay", found)
        return Exit.DONE
    session.out.line(found.line)
    for name, value in sorted(found.statistics.items()):
        if isinstance(value, (int, str)):
            session.out.line(f"  {safe(name):<16} {safe(str(value))}")
    for peer in found.peers:
        way = "came to us" if peer.direction == "in" else "we went to it"
        session.out.line(f"  relay {safe(peer.key8)}   {way}, since {moment(peer.since_at)}")
    refused = ", ".join(safe(code) for code in found.policy.refused_categories) or "none"
    session.out.line(f"  categories that it does not carry: {refused}")
    return Exit.DONE


@relay.command("line", epilog="\b\nExamples:\n  intentcast relay line")
@pass_session
def line(session: Session) -> int:
    """Print the one line by which others find this relay."""
    found = _relay(session)
    if session.out.json:
        session.out.document("relay_line", {"line": found.line})
    else:
        session.out.line(found.line)
    return Exit.DONE


def _relay(session: Session) -> Relay:
    from intentcastd.api.shapes import Relay

    with session.api() as api:
        return api.get("/v1/relay", Relay)
