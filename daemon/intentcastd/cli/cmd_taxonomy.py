"""`intentcast taxonomy`: the categories that sentences are read with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes_taxonomy import Taxonomy


@group("taxonomy", "intentcast taxonomy import categories.txt")
def taxonomy() -> None:
    """The categories that sentences are read with."""


@taxonomy.command("import", epilog="\b\nExamples:\n  intentcast taxonomy import categories.txt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@pass_session
def import_list(session: Session, file: Path) -> int:
    """Take the official list of categories: FILE is categories.txt of the Shopify product taxonomy.

    It is checked whole and kept in the profile; the one that was imported before is replaced. Nothing is downloaded.
    """
    from intentcastd.api.shapes_taxonomy import Taxonomy

    with session.api() as api:
        return _say(session, api.upload("/v1/taxonomy", Taxonomy, file, {}))


@taxonomy.command("show", epilog="\b\nExamples:\n  intentcast taxonomy show")
@pass_session
def show(session: Session) -> int:
    """Show how many categories are known, and which list was imported."""
    from intentcastd.api.shapes_taxonomy import Taxonomy

    with session.api() as api:
        return _say(session, api.get("/v1/taxonomy", Taxonomy))


def _say(session: Session, found: Taxonomy) -> int:
    from intentcastd.cli.safe_text import safe

    out = session.out
    if out.json:
        out.document("taxonomy", found)
        return Exit.DONE
    out.line(f"own table   {found.ours:,} categories, with search words in English and German")
    if found.imported:
        out.line(f"imported    {found.imported:,} categories, {found.added:,} of them new: {safe(found.edition)}")
    else:
        out.line("imported    none; the official list makes rare things findable: intentcast taxonomy import FILE")
    return Exit.DONE
