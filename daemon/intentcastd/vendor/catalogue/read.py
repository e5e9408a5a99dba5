"""Reading a catalogue: items out one by one, and a report that fills up beside them. Nothing is stored here.

Memory is bounded by the longest line and 48 bytes a key, not by the size of the file. A document of JSON is the exception:
it lies in memory whole, and is refused beyond 64 MiB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from intentcastd.vendor.catalogue.column_map import ColumnMap
from intentcastd.vendor.catalogue.detect import NAMES, Format, detect
from intentcastd.vendor.catalogue.feed_xml import FeedXml
from intentcastd.vendor.catalogue.google import GoogleRows
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.jsonld import JsonLdProducts
from intentcastd.vendor.catalogue.mapped import MappedRows
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.price_list import ServiceRows
from intentcastd.vendor.catalogue.report import CatalogueRefused, ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Cells, places_of
from intentcastd.vendor.catalogue.shape import shape_of
from intentcastd.vendor.catalogue.shopify import ShopifyRows
from intentcastd.vendor.catalogue.table import Row, Table, open_table
from intentcastd.vendor.catalogue.text import codec_of
from intentcastd.vendor.catalogue.woocommerce import WooRows


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
    shape = shape_of(source)
    if shape == "xml":
        feed = FeedXml(source, options.encoding)
        report = ImportReport(NAMES["google-xml"], feed.encoding, "")
        return _checked(_feed_items(feed, options, report), options, report), report
    if shape in {"json", "page"}:
        is_page = shape == "page"
        report = ImportReport(NAMES["page" if is_page else "json-ld"], codec_of(source, options.encoding), "")
        items = JsonLdProducts(options, report).read(source, is_page=is_page)
        return _checked(items, options, report), report
    if options.mapped:
        return _mapped(source, options)
    try:
        table = open_table(source, options.encoding, options.delimiter)
        form = detect(table.header)
    except CatalogueRefused:
        # A map that was saved once is used again for the table that it was made for, and for no other.
        if options.columns is None or _lacks(source, options.columns, options):
            raise
        return _mapped(source, options)
    report = ImportReport(NAMES[form], table.encoding, table.delimiter)
    return _checked(_table_items(table, form, options, report), options, report), report


def _lacks(source: bytes | Path, columns: ColumnMap, options: ImportOptions) -> bool:
    options = columns.applied(options)
    try:
        return bool(columns.missing(open_table(source, options.encoding, options.delimiter).header))
    except CatalogueRefused:
        return True


def _mapped(source: bytes | Path, options: ImportOptions) -> tuple[Iterator[Item], ImportReport]:
    columns = options.columns
    if columns is None:
        raise CatalogueRefused(
            "There is no map of the columns.", "None was saved.", "Name one: --map FILE, made by vendor catalogue map."
        )
    options = columns.applied(options)
    table = open_table(source, options.encoding, options.delimiter)
    missing = columns.missing(table.header)
    if missing:
        raise CatalogueRefused(
            "The map does not fit this file.",
            f"It names columns that are not there: {', '.join(map(quoted, missing[:5]))}.",
            "Correct the map, or make one for this file: intentcast vendor catalogue map FILE",
        )
    report = ImportReport(NAMES["mapped"], table.encoding, table.delimiter)
    return _checked(_mapped_items(table, columns, options, report), options, report), report


def _mapped_items(table: Table, columns: ColumnMap, options: ImportOptions, report: ImportReport) -> Iterator[Item]:
    with closing(table.rows()) as rows:
        yield from MappedRows(columns, options, report).read(_cells(table, rows))


def _feed_items(feed: FeedXml, options: ImportOptions, report: ImportReport) -> Iterator[Item]:
    with closing(feed.rows()) as rows:
        yield from GoogleRows(options, report).read(rows)


def _table_items(table: Table, form: Format, options: ImportOptions, report: ImportReport) -> Iterator[Item]:
    if form == "woocommerce":
        with WooRows(options, report) as reader:
            with closing(table.rows()) as rows:
                reader.look_up(_cells(table, rows))
            with closing(table.rows()) as rows:
                yield from reader.read(_cells(table, rows))
        return
    with closing(table.rows()) as rows:
        yield from _reader(form, options, report).read(_cells(table, rows, blanks="_" if form == "google" else " "))


def _reader(form: Format, options: ImportOptions, report: ImportReport) -> ServiceRows | GoogleRows | ShopifyRows:
    if form == "services":
        return ServiceRows(options, report)
    if form == "google":
        return GoogleRows(options, report)
    return ShopifyRows(options, report, new=form == "shopify-new")


def _cells(table: Table, rows: Iterable[Row], blanks: str = " ") -> Iterator[Cells]:
    """Yield the rows with their headings; `blanks` stands for the blanks in them."""
    places = places_of([heading.replace(" ", blanks) for heading in table.header])
    return (Cells(row, places, table.header) for row in rows)


def _checked(items: Iterator[Item], options: ImportOptions, report: ImportReport) -> Iterator[Item]:
    for item in items:
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
