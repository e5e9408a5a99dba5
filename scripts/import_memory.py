"""Measure an import: make a catalogue of many rows, read it, compare it with a store, put it there; print time and memory.

usage: import_memory.py [ROWS] [google|xml|woocommerce] [--again]

--again imports a second time with each price changed, which is the worst case for the store.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from intentcastd.buyer.reading.classifying import classify
from intentcastd.store.database import close_store, open_store
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.staged import Staged
from intentcastd.vendor.catalogue.taxonomy import known_categories

NAMES = "Rain boots,Kettle,Wheel rim,City bike,Desk lamp,Wool jumper,Garden hose,Phone case,Sofa,Paint brush".split(",")
COLOURS = "red blue green black white grey".split()
NAMESPACE = "http://base.google.com/ns/1.0"


def gtin(number: int) -> str:
    """Return a GTIN-13 with its check digit."""
    body = f"40{number % 10**10:010d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def google(rows: int, more: int) -> Iterator[str]:
    yield "id\ttitle\tdescription\tavailability\tprice\titem_group_id\tgtin\tbrand\tcondition\tproduct_type\tcolor\tsize\n"
    for at in range(rows):
        name = NAMES[at % 10]
        yield (
            f"S{at}\t{name} model {at // 6}\tA good {name.lower()} for every day, number {at}\tin_stock\t"
            f"{10 + at % 90 + more}.99 EUR\tG{at // 6}\t{gtin(at)}\tBrand{at % 300}\tnew\tHome > {name}\t"
            f"{COLOURS[at % 6]}\t{36 + at % 10}\n"
        )


def xml(rows: int, more: int) -> Iterator[str]:
    yield f'<rss version="2.0" xmlns:g="{NAMESPACE}"><channel>\n'
    for at in range(rows):
        yield (
            f"<item><g:id>S{at}</g:id><title>{NAMES[at % 10]} model {at // 6}</title>"
            f"<g:price>{10 + at % 90 + more}.99 EUR</g:price><g:gtin>{gtin(at)}</g:gtin></item>\n"
        )
    yield "</channel></rss>"


def woocommerce(rows: int, more: int) -> Iterator[str]:
    yield "ID,Type,SKU,Name,Stock,Regular price,Categories,Parent,Attribute 1 name,Attribute 1 value(s)\n"
    for at in range(rows):
        name = NAMES[at // 5 % 10]
        if at % 5 == 0:
            yield f'{at},variable,P{at},{name} model {at},,,Home > {name},,Color,"red, blue, green, black"\n'
        else:
            yield f"{at},variation,V{at},,5,{10 + at % 90 + more}.99,,id:{at - at % 5},Color,{COLOURS[at % 5]}\n"


FORMATS: dict[str, Callable[[int, int], Iterator[str]]] = {"google": google, "xml": xml, "woocommerce": woocommerce}


def peak() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"


def measure(file: Path, store: Path) -> None:
    options = ImportOptions("EUR", classify=classify, find_category=known_categories().find)
    begin = time.monotonic()
    found, report = read_catalogue(file, options)
    with Staged(work=False) as staged:
        staged.fill(found)
        print(
            f"read      {time.monotonic() - begin:6.1f} s  {peak()}  {report.rows:,} rows, {report.ok:,} ok", flush=True
        )
        connection = open_store(store)
        begin = time.monotonic()
        changes = staged.compare(connection)
        print(f"compared  {time.monotonic() - begin:6.1f} s  {peak()}  {changes}", flush=True)
        begin = time.monotonic()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SAVEPOINT job")  # as the daemon's writer does it
        staged.store(connection)
        connection.execute("RELEASE job")
        connection.execute("COMMIT")
        print(f"stored    {time.monotonic() - begin:6.1f} s  {peak()}", flush=True)
        close_store(connection)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the time and memory of an import.")
    parser.add_argument("rows", nargs="?", type=int, default=100_000, help="rows of the catalogue")
    parser.add_argument("format", nargs="?", choices=FORMATS, default="google", help="what the file is")
    parser.add_argument("--again", action="store_true", help="import a second time, with each price changed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="intentcast-import-") as folder:
        file, store = Path(folder) / "catalogue", Path(folder) / "store.db"
        for more in range(1 + given.again):
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(FORMATS[given.format](given.rows, more))
            print(
                f"{given.rows:,} rows of {given.format}, {file.stat().st_size // 1024**2} MiB; start: {peak()}",
                flush=True,
            )
            measure(file, store)


if __name__ == "__main__":
    main()
