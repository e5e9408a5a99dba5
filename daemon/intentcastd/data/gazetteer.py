"""Where a name leads: areas of at least 50,000 people, and the smaller places, airports and districts near them.

Areas and small places are GeoNames' (scripts/areas.py); airports, districts and regions are ours. A name may lead to
several places: which one a person means is decided where the sentence is known (buyer/reading/place.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from intentcast.limits import MIN_AREA_POPULATION
from intentcast.records.vocabulary import Area
from intentcastd.data.folding import fold
from intentcastd.data.tables import rows, sorted_file

Way = Literal["area", "other name", "small place", "airport", "district", "region", "country"]

MAX_NAME_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One meaning of a name.

    Attributes:
        area: what an RFP may say of it.
        tz: its time zone (IANA), or an empty string.
        population: of the place that was named, which may be smaller than its area.
        sub: region of the place that was named, such as "US-TX", or an empty string.
        way: how the name leads to the area.
    """

    area: Area
    tz: str
    population: int
    sub: str
    way: Way


@dataclass(frozen=True, slots=True)
class Country:
    """A country; `currency` as ISO 4217, `tz` of its largest city."""

    code: str
    name: str
    population: int
    currency: str
    id: int
    tz: str


def find(name: str, folded: str) -> tuple[Place, ...]:
    """Return all that a name may mean, the most people first.

    Args:
        name: as written: codes such as SFO and TX count in capitals only.
        folded: the same, folded.
    """
    # A country of fewer people than an area must have would point at somebody: Monaco, Liechtenstein.
    found = [place for place in (*_by_code(name), *_by_name(folded)) if place.area.population >= MIN_AREA_POPULATION]
    return tuple(sorted(found, key=lambda place: -place.population))


def _by_code(name: str) -> list[Place]:
    found: list[Place] = []
    if name in _airports() and (area := by_id(_airports()[name])):
        found.append(_as(area, "airport"))
    if name in _districts() and (area := by_id(_districts()[name])):
        found.append(_as(area, "district"))
    if name in regions() and name.isupper():
        found.append(regions()[name])
    return found


def _by_name(folded: str) -> list[Place]:
    found: list[Place] = []
    for table, way in ((_airports(), "airport"), (_districts(), "district")):
        if folded in table and (area := by_id(table[folded])):
            found.append(_as(area, "airport" if way == "airport" else "district"))
    if folded in regions():
        found.append(regions()[folded])
    refs = sorted_file("places.tsv").find(folded)
    for ref in refs[0].split(" ") if refs else ():
        if place := _from_ref(ref):
            found.append(place)
    return found


def _from_ref(ref: str) -> Place | None:
    number, *rest = ref.rstrip("*").split("/")
    area = by_id(int(number))
    if area is None:
        return None
    if not rest:
        return _as(area, "other name" if ref.endswith("*") else "area")
    thousands, region = rest
    sub = f"{region[:2]}-{region[2:]}" if len(region) > 2 else ""
    return Place(area.area, area.tz, max(1, int(thousands)) * 1000, sub, "small place")


def _as(place: Place, way: Way) -> Place:
    return Place(place.area, place.tz, place.population, place.sub, way)


@cache
def by_id(number: int) -> Place | None:
    """Return the area with a GeoNames id, or None."""
    row = sorted_file("areas.tsv").find(str(number))
    if row is None:
        return None
    name, country, sub, people, tz = row
    return Place(Area(country, name, int(people), sub or None, number), tz, int(people), sub, "area")


@cache
def _region_names() -> dict[str, str]:
    return {sub: name for name, _, _, sub, _, _ in rows("regions.tsv", 6) if sub}


def region_name(sub: str) -> str | None:
    """Return the name of a region by its code (ISO 3166-2), or None where we have none."""
    return _region_names().get(sub)


@cache
def _airports() -> dict[str, int]:
    names: dict[str, int] = {}
    for code, words, area, _ in rows("airports.tsv", 4):
        names[code] = int(area)
        names |= {fold(word): int(area) for word in words.split(",") if word}
    return names


@cache
def _districts() -> dict[str, int]:
    return {name: int(area) for name, area, _ in rows("districts.tsv", 3)}


@cache
def regions() -> dict[str, Place]:
    """Return states, provinces and countries by their folded names, and by their codes in capitals."""
    found: dict[str, Place] = {}
    for country in countries().values():
        if country.name:
            found[fold(country.name)] = _country_place(country)
    for name, others, code, sub, people, tz in rows("regions.tsv", 6):
        place = (
            Place(Area(code, name, int(people), sub), tz, int(people), sub, "region")
            if sub
            else _country_place(countries()[code])
        )
        for word in (name, *filter(None, others.split(","))):
            # "IN", "OR" and "ME" are words in small letters: short codes count in capitals only.
            is_code = word.isupper() and word.isalpha() and len(word) <= 3
            # "VIC" is Victoria, but where two share a code ("WA", "NT"), the larger keeps it.
            key = word if is_code else fold(word)
            if key not in found or found[key].population < place.population or not sub:
                found[key] = place
    return found


def _country_place(country: Country) -> Place:
    area = Area(country.code, country.name, country.population, None, country.id)
    return Place(area, country.tz, country.population, "", "country")


@cache
def countries() -> dict[str, Country]:
    """Return the countries by their ISO 3166-1 code."""
    return {
        code: Country(code, name, int(people), currency, int(number), tz)
        for code, name, people, currency, number, tz in rows("countries.tsv", 6)
    }
