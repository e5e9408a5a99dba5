"""services.csv: the price list of a plumber, a teacher or a van rental, one row a service.

Headings: service, title, area, price, unit, lead_hours; also sku, category, details. Only service and price must be
there. The vendors' guide has the table with examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from intentcast.records.vocabulary import AreaFilter, is_category, is_service
from intentcastd.vendor import units
from intentcastd.vendor.catalogue.item import Item, plain
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.registered import registered
from intentcastd.vendor.catalogue.report import ImportReport, quoted
from intentcastd.vendor.catalogue.rows import Cells, Keys, is_shifted, price_of
from intentcastd.vendor.catalogue.search_words import search_words
from intentcastd.vendor.catalogue.traits import read_traits, read_value
from intentcastd.vendor.stated import Stated

_AREA: Final = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?(?::(.{1,80}))?")
_MAX_LEAD_HOURS: Final = 24 * 3650
_DETAIL: Final = re.compile(r"\s*([a-z_]{2,32})\s*=\s*(.{1,64}?)\s*")


class ServiceRows:
    """Reads one price list; feed it the rows in order."""

    def __init__(self, options: ImportOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._keys = Keys()
        self._words = Keys()

    def read(self, rows: Iterable[Cells]) -> Iterator[Item]:
        """Yield the items; every row ends in one count of the report."""
        for cells in rows:
            self._report.rows += 1
            item = None if is_shifted(cells, self._report) else self._row(cells)
            if item is not None:
                self._report.ok += 1
                self._words.add(item.handle, item.line)
                self._report.products = len(self._words)
                yield item

    def _row(self, cells: Cells) -> Item | None:
        word = cells.get("service").casefold()
        if not is_service(word):
            what = f"{quoted(word)} is no service word" if word else "the service is missing"
            self._report.fail(cells.line, "service", what, "write words joined by dots, such as repair.plumbing")
            return None
        price = price_of(cells, self._report, self._options.currency, self._options.decimal, "price")
        if price is None:
            return None
        unit = self._unit(cells)
        areas = self._areas(cells) if unit is not None else None
        if unit is None or areas is None:
            return None
        title = plain(cells.get("title") or word.replace(".", ", "))
        sku = self._key(cells, word, title)
        if sku is None:
            return None
        kind = "rental" if word.startswith("rental.") else "service"
        category = self._category(cells, word)
        return Item(
            sku=sku,
            handle=word,
            title=title,
            price=price,
            line=cells.line,
            kind=kind,
            unit=unit,
            category=category,
            attributes=read_traits(title, category=category, kind=kind) | self._details(cells),
            words=search_words([title, word.replace(".", " ")]),
            service=word,
            areas=areas,
            lead_hours=self._lead(cells),
        )

    def _unit(self, cells: Cells) -> str | None:
        """Return the code of the unit, or count the row as failed."""
        raw = cells.get("unit")
        code = units.price_unit(raw)
        if code is None:
            self._report.fail(
                cells.line,
                "unit",
                f"{quoted(raw)} is no unit that is known",
                "write hour, day, job, each, km or the like",
            )
        return code

    def _areas(self, cells: Cells) -> tuple[AreaFilter, ...] | None:
        areas: list[AreaFilter] = []
        for part in re.split(r"[;|]", cells.get("area")):
            if not part.strip():
                continue
            area = read_area(part.strip())
            if area is None:
                fix = "write a country (AT), a part of it (AT-9) or a place in it (AT:Graz); part several by ;"
                self._report.fail(cells.line, "area", f"{quoted(part.strip())} is no area", fix)
                return None
            areas.append(area)
        return tuple(areas)

    def _key(self, cells: Cells, word: str, title: str) -> str | None:
        key = plain(cells.get("sku") or f"{word}/{title}/{cells.get('area')}", 64)
        first = self._keys.line_of(key)
        if first is None:
            self._keys.add(key, cells.line)
            return key
        column = "sku" if cells.get("sku") else "title"
        fix = "give each row its own title or sku"
        self._report.fail(cells.line, column, f"line {first} is the same service", fix)
        return None

    def _category(self, cells: Cells, word: str) -> str | None:
        """Return the code of a service: stated, or that of its word, or of the nearest general word."""
        stated = cells.get("category")
        if stated and is_category(stated):
            return stated
        parts = word.split(".")
        for length in range(len(parts), 1, -1):
            found = self._options.find_service(".".join(parts[:length]))
            if found is not None:
                return found
        self._report.warn(
            cells.line,
            "service",
            f"{quoted(word)} is not in the list of services",
            "it is kept, and answers only needs that state the same word; compare specs/registries/services.json",
        )
        return self._options.category or "se"

    def _lead(self, cells: Cells) -> int | None:
        raw = cells.get("lead_hours")
        if not raw:
            return None
        if raw.isascii() and raw.isdigit() and len(raw) < 6 and int(raw) <= _MAX_LEAD_HOURS:
            return int(raw)
        self._report.warn(cells.line, "lead_hours", f"{quoted(raw)} is no number of hours", "write it like 4 or 48")
        return None

    def _details(self, cells: Cells) -> dict[str, Stated]:
        """Read `details`: "seats=7; roof_rack=yes". They say more than the title."""
        stated: dict[str, Stated] = {}
        for part in cells.get("details").split(";"):
            if not part.strip():
                continue
            hit = _DETAIL.fullmatch(part)
            value = read_value(hit[1], hit[2]) if hit and hit[1] in registered() else None
            if hit is None or value is None:
                fix = "write id=value, several parted by ; such as seats=7; roof_rack=yes, with registered ids"
                self._report.warn(cells.line, "details", f"{quoted(part.strip())} does not read as a detail", fix)
                continue
            stated[hit[1]] = value
        return stated


def read_area(text: str) -> AreaFilter | None:
    """Read an area as shops write it: "AT", "AT-9", "AT:Graz" or "AT-6:Graz"."""
    hit = _AREA.fullmatch(text)
    if hit is None:
        return None
    country, sub, name = hit[1], hit[2], hit[3]
    return AreaFilter(country, sub=country + sub if sub else None, name=plain(name) if name else None)
