"""Reading a catalogue: items out one by one, and a report that fills up beside them. Nothing is stored here.

Memory is bounded by the longest line and 16 bytes a key, not by the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from intentcastd.vendor.catalogue.detect import NAMES, detect
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.price_list import ServiceRows
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport
from intentcastd.vendor.catalogue.rows import Cells, places_of
from intentcastd.vendor.catalogue.shopify import ShopifyRows
from intentcastd.vendor.catalogue.table import Table, open_table


def read_catalogue(source: bytes | Path, options: ImportOptions) -> tuple[Iterator[Item], ImportReport]:
    """Tell what a file is and return its items, read as they are asked for.

    Args:
        source: the bytes of the export, or the path of the file.
        options: what the person and vendor.toml say about it.

    Returns:
        The items, and the report. Its counts are final once the items are used up (`done`).

    Raises:
        CatalogueRefused: the file as a whole cannot be read; also by the iterator, where that shows further down.
    """
    table = open_table(source, options.encoding, options.delimiter)
    form = detect(table.header)
    report = ImportReport(format=NAMES[form], encoding=table.encoding, delimiter=table.delimiter)
    reader = (
        ServiceRows(options, report) if form == "services" else ShopifyRows(options, report, new=form == "shopify-new")
    )
    return _items(table, reader, options, report), report


def _items(
    table: Table, reader: ServiceRows | ShopifyRows, options: ImportOptions, report: ImportReport
) -> Iterator[Item]:
    places = places_of(table.header)
    with closing(table.rows()) as rows:
        for item in reader.read(Cells(row, places, table.header) for row in rows):
            _stop_at_error(options, report)
            yield item
    _stop_at_error(options, report)
    report.done = True


def _stop_at_error(options: ImportOptions, report: ImportReport) -> None:
    if options.all_or_nothing and report.failed:
        raise CatalogueRefused(
            "A row has an error, and all or nothing was asked for.",
            str(report.errors[0]) if report.errors else "",
            "Correct it, or import without --all-or-nothing.",
        )
