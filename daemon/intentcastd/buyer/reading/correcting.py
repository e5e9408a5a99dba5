"""Corrections: every field of a need can be said outright, and then counts for certain.

An empty value or "none" takes a field away. A value that cannot be meant is refused with what is wrong, why, and what to
write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from intentcast.limits import MIN_AREA_POPULATION
from intentcast.records.vocabulary import CONDITIONS, HOWS, RFP_KINDS, Area, Quantity, When, is_category, is_gtin
from intentcastd.buyer.need import CERTAIN, Guess, Need
from intentcastd.buyer.profile import Profile
from intentcastd.buyer.reading.budget import read_budget
from intentcastd.buyer.reading.calendar import Calendar
from intentcastd.buyer.reading.category import read_kind
from intentcastd.buyer.reading.deadline import read_deadline
from intentcastd.buyer.reading.measures import to_quantity
from intentcastd.buyer.reading.place import read_place
from intentcastd.buyer.reading.stated import Given, read_given
from intentcastd.buyer.reading.tokens import Sentence
from intentcastd.buyer.reading.wrong import Wrong
from intentcastd.data import gazetteer, registries, taxonomy

__all__ = ["Correction", "Wrong", "correct"]

_AWAY: Final = frozenset({"", "none", "any", "anywhere", "never", "whenever"})
_EXAMPLE: Final = "Write a code such as bt-6-3-2, or a plain word such as “stroller”."
# Pieces, and what else an amount may be counted in, is any unit of Rec 20 in its form.
_UNIT: Final = re.compile(r"[A-Z0-9]{2,3}")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says outright; None leaves a field as it was read.

    Attributes:
        details: attribute id to value; an empty string takes a detail away.
        near: a place, or "anywhere".
        country: ISO 3166-1; alone it is the area, beside `near` it says which of several places.
        by: UNIX seconds, or words: "in 3 hours", "5 December".
        quantity: how many or how much, in `unit` (UN/CEFACT Rec 20).
        budget: such as "400 EUR" or "300-400 EUR".
        code: a GTIN.
        hide: further words that must never leave.
    """

    category: str | None = None
    service: str | None = None
    kind: str | None = None
    details: Mapping[str, Given] = field(default_factory=dict)
    near: str | None = None
    country: str | None = None
    by: str | int | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    budget: str | None = None
    condition: str | None = None
    how: tuple[str, ...] | None = None
    code: str | None = None
    hide: tuple[str, ...] = ()


def correct(need: Need, correction: Correction) -> Need:
    """Return a need with some fields said outright.

    The category comes before the details and the place before the time, because one is meant in terms of the other.

    Raises:
        Wrong: a value cannot be meant.
    """
    said = correction
    if said.category is not None:
        need = _category(need, said.category.strip())
    if said.service is not None:
        need = _service(need, said.service.strip())
    if said.kind is not None:
        need = replace(need, kind=_sure(_choice("kind", said.kind, RFP_KINDS)))
    if said.near is not None or said.country is not None:
        need = _area(need, said.near, said.country)
    if said.by is not None:
        need = _by(need, said.by)
    if said.quantity is not None or said.unit is not None:
        need = _quantity(need, said.quantity, said.unit)
    if said.budget is not None:
        need = _budget(need, said.budget.strip())
    if said.condition is not None:
        need = _condition(need, said.condition.strip())
    if said.how is not None:
        need = _how(need, said.how)
    if said.code is not None:
        need = _code(need, said.code.strip())
    for name, value in said.details.items():
        need = _detail(need, name, value)
    answered = {
        "category": said.category is not None or said.service is not None,
        "near": said.near is not None or said.country is not None,
        "budget": said.budget is not None,
    }
    need = replace(need, questions=tuple(one for one in need.questions if not answered.get(one.field, False)))
    hidden = (*need.private, *(words for words in said.hide if words.strip()))
    return replace(need, private=tuple(dict.fromkeys(hidden)))


def _sure(value: str) -> Guess[str]:
    return Guess(value, CERTAIN, value)


def _category(need: Need, value: str) -> Need:
    if value in taxonomy.categories() or ("-" in value and is_category(value)):
        # Our table is a part of the taxonomy; a code that it lacks is believed if its branch exists.
        if value.partition("-")[0] not in taxonomy.categories():
            why = "Codes begin as those of the Shopify taxonomy do."
            raise Wrong("category", f"There is no category {value}.", why, _EXAMPLE)
        is_service = value.startswith("se")
        kind = need.kind if is_service == (need.kind.value != "goods") else _sure("service" if is_service else "goods")
        return replace(need, category=_sure(value), kind=kind, service=need.service if is_service else None)
    read = read_kind(Sentence(value), None, None) if value else None
    if read is None:
        why = "An RFP reaches vendors by its category."
        raise Wrong("category", f"“{value[:40]}” is no category that we know.", why, _EXAMPLE)
    service = _sure(read.service) if read.service else None
    return replace(need, category=Guess(read.code, CERTAIN, value), kind=_sure(read.kind), service=service)


def _service(need: Need, value: str) -> Need:
    if value.lower() in _AWAY:
        return replace(need, service=None)
    known = registries.services()
    if value not in known:
        first, _, last = value.partition(".")
        near = [word for word in known if word.startswith(f"{first}.") or (last and last in word)][:4]
        fix = f"Try one of: {', '.join(near or list(known)[:4])}."
        raise Wrong("service", f"“{value[:40]}” is no service word.", "Vendors listen for registered words.", fix)
    kind = "rental" if value.startswith("rental.") else "service"
    return replace(need, service=_sure(value), kind=_sure(kind), category=Guess(known[value].category, CERTAIN, value))


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    plain = value.strip().lower()
    if plain not in choices:
        fix = f"Use {', '.join(choices)}."
        raise Wrong(name, f"“{value[:40]}” is not one of the choices.", "Vendors match these words only.", fix)
    return plain


def _condition(need: Need, value: str) -> Need:
    if value.lower() in {"", "none"}:
        return replace(need, condition=None)
    return replace(need, condition=_sure(_choice("condition", value, CONDITIONS)))


def _how(need: Need, values: tuple[str, ...]) -> Need:
    words = tuple(sorted({_choice("how", value, HOWS) for value in values}))
    return replace(need, how=Guess(words, CERTAIN, ", ".join(words)) if words else None)


def _quantity(need: Need, number: Decimal | None, unit: str | None) -> Need:
    present = need.quantity.value
    code = unit if unit is not None else Quantity(0).unit if number is not None else present.unit
    if not _UNIT.fullmatch(code):
        why = "Units are codes of UN/CEFACT Recommendation 20."
        raise Wrong("unit", f"“{code[:40]}” is no unit.", why, "Use C62 for pieces, KGM for kilograms, DAY for days.")
    read = replace(present, unit=code) if number is None else to_quantity(number, code) if number > 0 else None
    if read is None:
        why = "It must be above zero and have at most six decimals."
        raise Wrong("quantity", f"{number} is no quantity.", why, "Write a number such as 3 or 2.5.")
    return replace(need, quantity=Guess(read, CERTAIN, str(number or "")))


def _area(need: Need, near: str | None, country: str | None) -> Need:
    if near is not None and near.strip().lower() in _AWAY:
        return replace(need, area=None, place=None)
    if country is not None and country not in gazetteer.countries():
        why = "Countries are named by two letters (ISO 3166-1)."
        raise Wrong("country", f"There is no country {country[:8]}.", why, "Write GB, DE or US, for example.")
    words = near.strip() if near is not None else need.place
    if words is None:
        return _whole_country(need, country or "")
    profile = need.profile if country is None else Profile(country, need.profile.currency, need.profile.tz)
    where = read_place(Sentence(f"in {words}"), profile, country)
    if where is None or where.place is None:
        why = f"An RFP names an area of at least {MIN_AREA_POPULATION:,} people" + (
            f" in {country}." if country else "."
        )
        fix = "Name the nearest larger town, or write “anywhere”."
        raise Wrong("near", f"“{words[:40]}” is not in the table of places.", why, fix)
    return _moved(need, where.place.area, words, where.place.tz)


def _whole_country(need: Need, code: str) -> Need:
    country = gazetteer.countries()[code]
    if country.population < MIN_AREA_POPULATION:
        why = f"{country.name} has fewer than {MIN_AREA_POPULATION:,} people: naming it would point at you."
        raise Wrong(
            "country", "This area is too small.", why, "Name a neighbouring country, or write “anywhere” as the place."
        )
    area = Area(code, country.name, country.population, None, country.id)
    return _moved(need, area, country.name, country.tz)


def _moved(need: Need, area: Area, words: str, tz: str) -> Need:
    moved = replace(need, area=Guess(area, CERTAIN, words), place=words, tz=tz or need.tz)
    # "Tomorrow" was read in the zone of another place.
    return _by(moved, need.when.words) if need.when is not None and need.when.words else moved


def _by(need: Need, value: str | int) -> Need:
    if isinstance(value, int):
        if value <= need.read_at:
            raise Wrong("by", "This time has passed.", "Nothing can be delivered then.", "Give a later one.")
        return replace(need, when=Guess(When(value, "hour"), CERTAIN, ""))
    if value.strip().lower() in _AWAY:
        return replace(need, when=None)
    calendar = Calendar(need.read_at, need.tz)
    country = need.area.value.country if need.area else need.profile.country
    for lead in ("", "by "):
        found = read_deadline(Sentence(lead + value.strip()), calendar, country)
        if found is not None:
            return replace(need, when=Guess(found.value, CERTAIN, value))
    why = "It must be a time that is still to come."
    fix = "Write “in 3 hours”, “Friday 18:00”, “5 December” or 2026-12-05."
    raise Wrong("by", f"“{value[:40]}” is no such time.", why, fix)


def _budget(need: Need, value: str) -> Need:
    if value.lower() in _AWAY:
        return replace(need, budget=None)
    country = need.area.value.country if need.area else need.profile.country
    for lead in ("", "max "):
        found = read_budget(Sentence(lead + value), country, need.profile.currency)
        if found is not None:
            return replace(need, budget=Guess(found.value, CERTAIN, value))
    why = "An amount needs its currency where neither your profile nor the place names one."
    raise Wrong("budget", f"“{value[:40]}” is no amount of money.", why, "Write 200 EUR, or 150-200 EUR.")


def _code(need: Need, value: str) -> Need:
    if value.lower() in _AWAY:
        return replace(need, gtin=None)
    digits = re.sub(r"[\s-]", "", value)
    if not is_gtin(digits):
        why = "A product code has 8, 12, 13 or 14 digits, and its last digit checks the others."
        raise Wrong("code", f"“{value[:40]}” is no such code.", why, "Type the digits under the barcode again.")
    return replace(need, gtin=Guess(digits, CERTAIN, value))


def _detail(need: Need, name: str, value: Given) -> Need:
    attribute = registries.attributes().get(name)
    if attribute is None:
        near = [known for known in registries.attributes() if known[:3] == name[:3]]
        fix = f"Try {', '.join(near)}." if near else "Add it to the words that you publish, if it matters."
        raise Wrong("detail", f"There is no detail “{name[:40]}”.", "Vendors compare registered details only.", fix)
    details = dict(need.details)
    if isinstance(value, str) and not value.strip():
        details.pop(name, None)
    else:
        details[name] = Guess(read_given(attribute, value), CERTAIN, value if isinstance(value, str) else "")
    return replace(need, details=details)
