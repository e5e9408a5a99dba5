"""The vendor's side of the desk: the shop's profile, its catalogue, what it answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import trio

from intentcast.records.vocabulary import AreaFilter
from intentcastd.api import shapes, shapes_vendor
from intentcastd.api.backend import ApiProblem
from intentcastd.api.parts import Parts
from intentcastd.buyer.reading.classifying import classify
from intentcastd.store import items, outbox
from intentcastd.store.database import Connection
from intentcastd.store.items import StoredItem
from intentcastd.vendor.answering import Shop
from intentcastd.vendor.catalogue.changes import Changes, diff
from intentcastd.vendor.catalogue.detect import NAMES
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport
from intentcastd.vendor.catalogue.stored import from_json, to_json
from intentcastd.vendor.catalogue.taxonomy import everyday_categories, service_categories
from intentcastd.vendor.index import CatalogueIndex
from intentcastd.vendor.posting import PARTLY, POSTED, WAITING
from intentcastd.vendor.profile import BadProfile, Profile, load_profile
from intentcastd.vendor.profile_template import write_profile

SAMPLE = 10
MOST_ISSUES = 200
IMPORTED = "catalogue.imported"


class VendorDesk:
    """The part of the Backend that is a shop's."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def open_shop(self, shop: shapes_vendor.OpenShop) -> shapes_vendor.Vendor:
        """Write vendor.toml, and sell from now on."""
        areas = tuple(AreaFilter(area.country, area.sub, area.name) for area in shop.areas)
        path = self.parts.home.vendor_toml
        try:
            await trio.to_thread.run_sync(
                partial(
                    write_profile, path, shop.name, shop.currency, areas, domain=shop.domain or None, force=shop.force
                )
            )
        except BadProfile as error:
            raise _bad_profile(error) from error
        await self.parts.sell()
        return await self.vendor()

    async def vendor(self) -> shapes_vendor.Vendor:
        """The shop, and what it did."""
        profile = await self._profile()
        responder = self.parts.responder
        counts = responder.counts if responder else None
        waiting = await self.parts.database.read(outbox.states)
        return shapes_vendor.Vendor(
            profile=_profile_map(profile),
            card=responder.card.id.hex() if responder and responder.card else None,
            items=await self.parts.database.read(items.count),
            imported_at=await self.parts.database.read(_imported_at),
            rfps_seen=counts.seen if counts else 0,
            matched=counts.offered if counts else 0,
            offers_sent=sum(count for state, count in waiting.items() if state in (POSTED, PARTLY)),
            waiting=waiting.get(WAITING, 0),
            recent=[
                shapes_vendor.VendorDecision(
                    rfp8=one.rfp, category=one.category, outcome=one.outcome, reason=one.reason
                )
                for one in (counts.recent if counts else ())
            ],
        )

    async def _profile(self) -> Profile:
        path = self.parts.home.vendor_toml
        if not path.exists():
            raise ApiProblem(
                404,
                "not_found.vendor",
                "This profile is no vendor yet.",
                'Make it one: intentcast vendor init --name "…" --currency EUR --area AT',
            )
        try:
            return await trio.to_thread.run_sync(load_profile, path)
        except BadProfile as error:
            raise _bad_profile(error) from error

    async def import_catalogue(self, file: Path, query: shapes_vendor.ImportQuery) -> shapes_vendor.ImportReport:
        """Read a catalogue file; put its items in place of the present ones if that is asked for."""
        profile = await self._profile()
        options = ImportOptions(
            currency=query.currency or profile.currency,
            decimal=query.decimal,
            encoding=query.encoding,
            delimiter=query.delimiter,
            condition=profile.condition,
            classify=classify,
            find_category=everyday_categories().find,
            find_service=service_categories().get,
        )
        try:
            found, report = await trio.to_thread.run_sync(_read, file, options)
        except CatalogueRefused as error:
            raise ApiProblem(422, "catalogue.refused", f"{error.what} {error.why}", error.fix) from error
        here = await self.parts.database.read(lambda connection: list(_items(connection)))
        # An export of goods says nothing about the price list of services beside it, and the other way round.
        is_work = report.format == NAMES["services"]
        other = [item for item in here if _is_work(item) != is_work]
        changes = diff({item.sku: item for item in here if _is_work(item) == is_work}, found)
        apply = query.apply and bool(found)
        if apply and changes.needs_force and not query.force:
            raise ApiProblem(
                409,
                "gone.catalogue",
                f"{len(changes.gone)} of {changes.before} items would go: the file may have been cut short.",
                "If that is meant, add --force.",
            )
        if apply:
            taken = {item.sku for item in found}
            await self._replace([*found, *(item for item in other if item.sku not in taken)])
        return _report(report, changes, applied=apply)

    async def _replace(self, found: list[Item]) -> None:
        rows = [StoredItem(item.sku, to_json(item).decode("utf-8")) for item in found]
        await self.parts.news.tell(
            IMPORTED, {"items": len(rows)}, lambda connection: items.replace_all(connection, rows) is not None
        )
        await self.parts.sell()

    async def catalogue(self) -> shapes_vendor.Catalogue:
        """How many items there are, and some of them."""

        def read(connection: Connection) -> tuple[int, list[Item]]:
            return items.count(connection), list(islice(_items(connection), SAMPLE))

        count, sample = await self.parts.database.read(read)
        return shapes_vendor.Catalogue(
            items=count,
            sample=[
                shapes_vendor.CatalogueItem(
                    sku=item.sku,
                    title=item.title,
                    price=shapes.Money(currency=item.price.currency, minor=item.price.minor),
                    category=item.category,
                    stock=str(item.stock),
                )
                for item in sample
            ],
        )


def _items(connection: Connection) -> Iterator[Item]:
    return (from_json(row.data.encode("utf-8")) for row in items.each(connection))


def _is_work(item: Item) -> bool:
    """Tell whether an item is a service or a rental: those come in a file of their own."""
    return item.kind != "goods"


def _read(file: Path, options: ImportOptions) -> tuple[list[Item], ImportReport]:
    found, report = read_catalogue(file, options)
    return list(found), report


def _imported_at(connection: Connection) -> int | None:
    row = connection.execute("SELECT max(at) FROM events WHERE name = ?", (IMPORTED,)).fetchone()
    return row[0] if row else None


def _profile_map(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "currency": profile.currency,
        "areas": [area.to_map() for area in profile.areas],
        "tax_included": profile.tax.included,
        "shipping": [row.name for row in profile.shipping],
        "terms": list(profile.terms),
        "asks": [ask.field for ask in profile.asks],
    }


def _bad_profile(error: BadProfile) -> ApiProblem:
    return ApiProblem(422, "vendor.profile", f"{error.what} {error.why}", error.fix)


def _report(report: ImportReport, changes: Changes, *, applied: bool) -> shapes_vendor.ImportReport:
    return shapes_vendor.ImportReport(
        applied=applied,
        format=report.format,
        encoding=report.encoding,
        delimiter=report.delimiter,
        rows=report.rows,
        products=report.products,
        variants=report.variants,
        ok=report.ok,
        failed=report.failed,
        warnings=report.warnings,
        skipped=dict(report.skipped_by_reason),
        added=len(changes.added),
        changed=len(changes.changed),
        gone=len(changes.gone),
        same=changes.same,
        needs_force=changes.needs_force,
        issues=[
            shapes_vendor.ImportIssue(
                line=issue.line, column=issue.column, what=issue.what, fix=issue.fix, severity=issue.severity
            )
            for issue in report.issues[:MOST_ISSUES]
        ],
    )


async def load_shop(parts: Parts) -> Shop | None:
    """Return the shop that this profile holds, None if it is no vendor.

    Raises:
        BadProfile: vendor.toml cannot be used.
    """
    if not parts.home.vendor_toml.exists():
        return None
    profile = await trio.to_thread.run_sync(load_profile, parts.home.vendor_toml)
    found = await parts.database.read(lambda connection: list(_items(connection)))
    return Shop(profile, await trio.to_thread.run_sync(CatalogueIndex, found))
