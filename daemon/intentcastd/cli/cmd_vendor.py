"""`intentcast vendor`: a shop, its catalogue, and how it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes_vendor import ImportReport, Vendor
    from intentcastd.cli.api_client import Api

_AREA = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?(?::(.{1,80}))?")
_MOST_ISSUES = 10


def area_filters(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> list[dict[str, str]]:
    """Return where a shop works: from AT, AT-9 or GB:Leeds (a callback of options)."""
    found = []
    for value in values:
        match = _AREA.fullmatch(value.strip())
        if match is None:
            raise click.BadParameter(f"{value!r} is no area: say it like AT, AT-9 or GB:Leeds.")
        area = {"country": match[1]}
        area |= {"sub": match[1] + match[2]} if match[2] else {}
        found.append(area | ({"name": match[3].strip()} if match[3] else {}))
    return found


def currency_code(text: str) -> str:
    """Return the code of a currency."""
    if re.fullmatch(r"[A-Za-z]{3}", text) is None:
        raise click.UsageError(f"--currency: {text!r} is no code of three letters, such as EUR.")
    return text.upper()


@group("vendor", "intentcast vendor init --name 'Pedal & Co' --currency EUR --area AT-9")
def vendor() -> None:
    """A shop: it hears what people need and answers with offers."""


@vendor.command("init", epilog="\b\nExamples:\n  intentcast vendor init --name 'Pedal & Co' --currency EUR --area AT-9")
@click.option("--name", required=True, help="Name of the shop; buyers see it.")
@click.option("--currency", required=True, metavar="CODE", help="Currency of your prices, such as EUR.")
@click.option(
    "--area", "areas", required=True, multiple=True, callback=area_filters, metavar="AREA", help="AT, AT-9, GB:Leeds."
)
@click.option("--domain", metavar="NAME", help="The shop's own DNS name.")
@click.option("--tax-included/--tax-on-top", default=True, show_default=True, help="Whether your prices hold the tax.")
@click.option("--force", is_flag=True, help="Write over a vendor.toml that is there.")
@pass_session
def init(
    session: Session,
    name: str,
    currency: str,
    areas: list[dict[str, str]],
    domain: str | None,
    tax_included: bool,
    force: bool,
) -> int:
    """Write a vendor.toml, ready to be edited."""
    from intentcastd.api.shapes_vendor import Vendor

    shop = {
        "name": name,
        "currency": currency_code(currency),
        "areas": areas,
        "tax_included": tax_included,
        "force": force,
    }
    with session.api() as api:
        made = api.post("/v1/vendor", Vendor, shop | ({"domain": domain} if domain else {}))
    session.out.note(f"Written: {session.home.vendor_toml}. Edit it, then: intentcast vendor catalogue import FILE")
    return _say(session, made)


@vendor.command("status", epilog="\b\nExamples:\n  intentcast vendor status")
@pass_session
def status(session: Session) -> int:
    """Show what the shop has heard, matched and offered, and why not more."""
    from intentcastd.api.shapes_vendor import Vendor

    with session.api() as api:
        return _say(session, api.get("/v1/vendor", Vendor))


def _say(session: Session, found: Vendor) -> int:
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import moment, plural

    out = session.out
    if out.json:
        out.document("vendor", found)
        return Exit.DONE
    when = f", imported {moment(found.imported_at)}" if found.imported_at else ""
    out.line(f"{safe(str(found.profile.get('name', 'the shop')))}: {plural(found.items, 'item')}{when}")
    out.line(f"  RFPs seen    {found.rfps_seen}, of which {found.matched} fit")
    out.line(f"  offers sent  {found.offers_sent}, {found.waiting} waiting")
    for one in found.recent:
        out.line(f"  {safe(one.rfp8)}  {safe(one.category):<12} {safe(one.outcome)}: {safe(one.reason)}")
    return Exit.DONE


@vendor.group("catalogue", epilog="\b\nExamples:\n  intentcast vendor catalogue import products.csv")
def catalogue() -> None:
    """What the shop sells."""


@catalogue.command(
    "import", epilog="\b\nExamples:\n  intentcast vendor catalogue import products.csv --decimal comma --apply"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--apply", is_flag=True, help="Do it; without it the import only says what it would do.")
@click.option("--decimal", type=click.Choice(["comma", "point"]), help="Which mark parts decimals in prices.")
@click.option("--encoding", metavar="NAME", help="Encoding of the file, if it is not UTF-8.")
@click.option("--delimiter", metavar="CHAR", help="What parts the columns, if it cannot be seen.")
@click.option("--currency", metavar="CODE", help="Currency of the prices, if it is not the shop's.")
@click.option("--category", metavar="CODE", help="Category of items for which none is found, such as bt-6.")
@click.option(
    "--map",
    "column_map",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="MAP",
    help="Which column holds what; kept and used again.",
)
@click.option("--all-or-nothing", is_flag=True, help="Refuse the whole file where one row has an error.")
@click.option("--force", is_flag=True, help="Import also where a large part of the items would go.")
@pass_session
def import_file(
    session: Session,
    /,
    file: Path,
    column_map: Path | None,
    apply: bool,
    all_or_nothing: bool,
    force: bool,
    **how: str | None,
) -> int:
    """Import a catalogue: a shop system's product export, or a price list of services.

    Known are Shopify, WooCommerce, Google Merchant feeds, schema.org products, services.csv, and any table with a map.

    Rows with errors are left out and named; then the exit code is 12.
    """
    from intentcastd.api.shapes_vendor import ImportReport

    delimiter, currency = how["delimiter"], how["currency"]
    if delimiter is not None and len(delimiter) != 1:
        raise click.UsageError(f"--delimiter: {delimiter!r} is not one character, such as ';'.")
    if currency is not None:
        how["currency"] = currency_code(currency)
    query = {name: value for name, value in how.items() if value is not None}
    query |= {"apply": "true"} if apply else {}
    query |= {"force": "true"} if force else {}
    query |= {"all_or_nothing": "true"} if all_or_nothing else {}
    session.out.note(f"Reading {file} …")
    with session.api() as api:
        if column_map is not None:
            _save_map(api, column_map)
            query["mapped"] = "true"
        report = api.upload("/v1/vendor/catalogue", ImportReport, file, query)
    if session.out.json:
        session.out.document("import", report)
    else:
        _report(session, report, apply=apply)
    if apply and not report.applied:
        raise CommandFailed(
            "catalogue.empty",
            "Nothing was stored: no row of this file can be used.",
            "Mend what is named above, and import it again.",
            Exit.PARTLY,
        )
    return Exit.PARTLY if report.failed else Exit.DONE


def _save_map(api: Api, path: Path) -> None:
    from intentcastd.api.shapes_match import SavedMap

    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(
            "file.unreadable", f"{path} cannot be read as text in UTF-8.", "Name another file.", Exit.NOT_FOUND
        ) from error
    api.post("/v1/vendor/catalogue/map", SavedMap, {"toml": text})


def _report(session: Session, report: ImportReport, *, apply: bool) -> None:
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import plural

    out = session.out
    delimiter = f", {report.delimiter!r}" if report.delimiter else ""
    out.line(f"{safe(report.format)}, {safe(report.encoding)}{delimiter}")
    out.line(
        f"  {plural(report.rows, 'row')} -> {plural(report.products, 'product')}, {plural(report.variants, 'variant')}"
    )
    skipped = ", ".join(f"{count} {safe(why)}" for why, count in sorted(report.skipped.items()))
    out.line(f"  ok {report.ok}   skipped {sum(report.skipped.values())}{f' ({skipped})' if skipped else ''}")
    out.line(f"  errors {report.failed}   warnings {report.warnings}")
    for issue in report.issues[:_MOST_ISSUES]:
        column = f' column "{safe(issue.column)}"' if issue.column else ""
        out.line(f"    {issue.severity}: line {issue.line}{column}: {safe(issue.what)}. {safe(issue.fix)}")
    if len(report.issues) > _MOST_ISSUES:
        out.line(f"    and {len(report.issues) - _MOST_ISSUES} more (--json has all)")
    out.line(f"  new {report.added}   changed {report.changed}   gone {report.gone}   as before {report.same}")
    if report.applied:
        out.note(f"Stored {plural(report.added + report.changed + report.same, 'item')}.")
        return
    if not apply:
        force = " --force (so many items would go)" if report.needs_force else ""
        out.note(f"Nothing was changed: this was a dry run. Do it with --apply{force}")


@catalogue.command("show", epilog="\b\nExamples:\n  intentcast vendor catalogue show")
@pass_session
def show(session: Session) -> int:
    """Show how many items there are, and some of them."""
    from intentcastd.api.shapes_vendor import Catalogue
    from intentcastd.cli.safe_text import safe
    from intentcastd.cli.words import amount, plural

    with session.api() as api:
        found = api.get("/v1/vendor/catalogue", Catalogue)
    if session.out.json:
        session.out.document("catalogue", found)
        return Exit.DONE
    session.out.line(plural(found.items, "item"))
    for item in found.sample:
        category = safe(item.category or "no category")
        session.out.line(f"  {safe(item.sku, 20):<20} {amount(item.price):>14}  {category:<12} {safe(item.title, 60)}")
    return Exit.DONE
