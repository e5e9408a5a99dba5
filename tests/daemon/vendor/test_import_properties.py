"""Whatever the bytes: every row is in one count, or the file is refused in words. Never anything else."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import CatalogueRefused
from intentcastd.vendor.catalogue.stored import from_json, to_json

OLD = "Handle,Title,Body (HTML),Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Image Src"
NEW = "Title,URL handle,Description,Product category,Status,SKU,Barcode,Option1 name,Option1 value,Price,Inventory quantity"
SERVICES = "service,title,area,price,unit,lead_hours,details"

TELLING = (
    "a|b|Pot|5.00|0|1.299|-1|true|false|draft|4006381333931|repair.roof|hour|AT-9|Size|S/M|seats=7|<b|'|<!--|"
    "Rim for Peugeot 404 1960-75|220-110 V converter 200 W"
).split("|")
CELLS = st.one_of(st.just(""), st.sampled_from(TELLING), st.text(max_size=12))


def check(data: bytes, delimiter: str | None = None) -> None:
    options = ImportOptions("EUR", delimiter=delimiter, find_category=lambda named: named)
    try:
        items, report = read_catalogue(data, options)
        kept = []
        for item in items:
            assert report.ok + report.skipped + report.failed <= report.rows
            kept.append(item)
    except CatalogueRefused:
        return
    assert report.done
    assert report.adds_up()
    assert len(kept) == report.ok
    assert len({item.sku for item in kept}) == len(kept)
    assert all(item.price.minor > 0 and 0 < len(item.title) <= 80 for item in kept)
    assert all(from_json(to_json(item)) == item for item in kept)


@given(st.sampled_from([OLD, NEW, SERVICES]), st.lists(st.lists(CELLS, max_size=12), max_size=20))
def test_rows_of_any_cells_add_up(header: str, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)

    check((header + "\r\n").encode() + text.getvalue().encode("utf-8", "replace"))


@given(st.sampled_from([OLD, NEW, SERVICES]), st.binary(max_size=400))
def test_any_bytes_below_a_header_add_up_or_are_refused(header: str, rest: bytes) -> None:
    check(header.encode() + b"\n" + rest)


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=2)))
def test_any_bytes_are_a_catalogue_or_refused(data: bytes, delimiter: str | None) -> None:
    check(data, delimiter)


@settings(max_examples=20)
@given(st.sampled_from(["<", "<!--", "<script>", "<a", "&#", "&lt;"]), st.integers(1, 20_000))
def test_hostile_html_is_read_at_once(piece: str, times: int) -> None:
    # The deadline of an example is 200 ms.
    check((NEW + f"\nPot,pot,{piece * times},,,,,,,5,\n").encode())
