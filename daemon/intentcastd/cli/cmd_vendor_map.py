"""`intentcast vendor catalogue map`: a proposal of which column of a table holds what. It needs no daemon."""

from __future__ import annotations

from pathlib import Path

import click

from intentcastd.cli.cmd_vendor import catalogue
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.session import Session, pass_session


@catalogue.command("map", epilog="\b\nExamples:\n  intentcast vendor catalogue map prices.csv --output map.toml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="MAP",
    help="File to write; else FILE.map.toml.",
)
@click.option("--encoding", metavar="NAME", help="Encoding of the file, if it is not UTF-8.")
@click.option("--delimiter", metavar="CHAR", help="What parts the columns, if it cannot be seen.")
@click.option("--force", is_flag=True, help="Write over a map that is there.")
@pass_session
def propose_map(
    session: Session, file: Path, output: Path | None, encoding: str | None, delimiter: str | None, force: bool
) -> int:
    """Propose a map for a table that is not known, and write it.

    Look it over, then: intentcast vendor catalogue import FILE --map MAP
    """
    from intentcastd.cli.safe_text import safe
    from intentcastd.vendor.catalogue.proposal import propose
    from intentcastd.vendor.catalogue.report import CatalogueRefused

    try:
        found = propose(file, encoding, delimiter)
    except CatalogueRefused as error:
        raise CommandFailed("catalogue.refused", f"{error.what} {error.why}", error.fix, Exit.FAILED) from error
    target = output or file.with_name(f"{file.name}.map.toml")
    try:
        with target.open("w" if force else "x", encoding="utf-8") as written:
            written.write(found.text())
    except FileExistsError as error:
        what = f"{target} is there already."
        raise CommandFailed(
            "file.exists", what, "Name another file with --output, or add --force.", Exit.FAILED
        ) from error
    except OSError as error:
        what = f"{target} cannot be written: {error.strerror}."
        raise CommandFailed("file.unwritable", what, "Name another file with --output.", Exit.FAILED) from error
    out = session.out
    if out.json:
        columns = [{"heading": one.heading, "field": one.field, "sample": one.sample} for one in found.columns]
        out.document("map", {"path": str(target), "columns": columns, "lacking": found.lacking})
        return Exit.DONE
    for column in found.columns:
        out.line(f"  {safe(column.heading, 30):<30} {column.field or '-':<18} {safe(column.sample, 40)}")
    for name in found.lacking:
        out.note(f"No column was found for the {name}: say in the map which one holds it.")
    out.note(f"Written: {target}. Look it over, then: intentcast vendor catalogue import {file} --map {target}")
    return Exit.DONE
