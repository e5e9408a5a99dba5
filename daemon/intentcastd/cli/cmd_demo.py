"""`intentcast demo`: a whole market on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from intentcastd.cli.commands import command
from intentcastd.cli.session import Session, pass_session


@command("demo", "intentcast demo", 'intentcast demo "city bike, used is fine, Vienna" --headless')
@click.argument("need", required=False, metavar="[NEED]")
@click.option("--headless", is_flag=True, help="Open no page, ask nothing, end by itself.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Keep all profiles there."
)
@pass_session
def demo(session: Session, need: str | None, headless: bool, keep: Path | None) -> int:
    """Run a buyer, relays and vendors on this machine; nothing leaves it, and at the end all is deleted."""
    from intentcastd.demo.supervisor import run_demo

    return run_demo(need, headless=headless, json=session.out.json, keep=keep)
