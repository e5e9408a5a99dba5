"""The vendor's side of the desk: the shop's profile, its catalogue, what it answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import trio

from intentcast.records.vocabulary import AreaFilter
from intentcastd.api import shapes, shapes_match, shapes_vendor
from intentcastd.api.backend import ApiProblem
from intentcastd.api.parts import Parts
from intentcastd.buyer.reading.classifying import classify
from intentcastd.paths import write_atomically
from intentcastd.store import items, outbox
from intentcastd.store.database import Connection
from intentcastd.vendor.answering import Shop
from intentcastd.vendor.catalogue.changes import Changes
from intentcastd.vendor.catalogue.column_map import ColumnMap, read_map
from intentcastd.vendor.catalogue.detect import NAMES
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport
from intentcastd.vendor.catalogue.staged import Staged
from intentcastd.vendor.catalogue.stored import from_json
from intentcastd.vendor.catalogue.taxonomy import known_categories, service_categories
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
        try:
            columns = await trio.to_thread.run_sync(_kept_map, self._map_path())
        except CatalogueRefused as error:
            raise _refused(error) from error
        options = ImportOptions(
            currency=query.currency or profile.currency,
            decimal=query.decimal,
            encoding=query.encoding,
            delimiter=query.delimiter,
            condition=profile.condition,
            classify=classify,
            find_category=known_categories().find,
            find_service=service_categories().get,
            category=query.category,
            all_or_nothing=query.all_or_nothing,
            columns=columns,
            mapped=query.mapped,
        )
        try:
            found, report = await trio.to_thread.run_sync(read_catalogue, file, options)
            # An export of goods says nothing about the price list of services beside it, and the other way round.
            with Staged(work=report.format == NAMES["services"]) as staged:
                await trio.to_thread.run_sync(staged.fill, found)
                changes = await self.parts.database.read(staged.compare)
                applied = query.apply and len(staged) > 0
                if applied:
                    await self._store(staged, changes, force=query.force)
        except CatalogueRefused as error:
            raise _refused(error) from error
        return _report(report, changes, applied=applied)

    async def _store(self, staged: Staged, changes: Changes, *, force: bool) -> None:
        if changes.needs_force and not force:
            raise ApiProblem(
                409,
                "gone.catalogue",
                f"{changes.gone} of {changes.before} items would go: the file may have been cut short.",
                "If that is meant, add --force.",
            )
        await self.parts.news.tell(IMPORTED, {"items": len(staged)}, staged.store)
        await self.parts.sell()

    def _map_path(self) -> Path:
        return self.parts.home.vendor_toml.with_name("catalogue-map.toml")

    async def save_map(self, request: shapes_match.SaveMap) -> shapes_match.SavedMap:
        """Keep a map of columns, in place of the one that is there."""
        await self._profile()
        data = request.toml.encode("utf-8")
        try:
            columns = read_map(data)
        except CatalogueRefused as error:
            raise _refused(error) from error
        await trio.to_thread.run_sync(write_atomically, self._map_path(), data)
        return shapes_match.SavedMap(columns=dict(columns.columns), path=str(self._map_path()))

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


def _kept_map(path: Path) -> ColumnMap | None:
    try:
        return read_map(path.read_bytes())
    except FileNotFoundError:
        return None


def _refused(error: CatalogueRefused) -> ApiProblem:
    return ApiProblem(422, "catalogue.refused", f"{error.what} {error.why}", error.fix)


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
        added=changes.added,
        changed=changes.changed,
        gone=changes.gone,
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
