"""What is unclear in a sentence: asked with the choices there are and the flag to answer with, instead of being guessed in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from intentcast.records.vocabulary import Band
from intentcastd.buyer.need import Choice, Question
from intentcastd.buyer.profile import Profile
from intentcastd.buyer.reading.budget import possible_currencies
from intentcastd.buyer.reading.category import Kind
from intentcastd.buyer.reading.place import Where
from intentcastd.buyer.reading.tokens import Found, Sentence
from intentcastd.data import gazetteer, taxonomy
from intentcastd.data.currencies import amount_text
from intentcastd.data.gazetteer import Place

MOST_CHOICES: Final = 4
# Another place of the name is asked about if it has at least this share of the people of the one that is meant.
_LEAST_SHARE: Final = 0.125
_LEAST_PEOPLE: Final = 50_000


def questions(
    sentence: Sentence, where: Where | None, kind: Kind | None, budget: Found[Band] | None, profile: Profile
) -> tuple[Question, ...]:
    """Return what is in doubt, in the order of the fields."""
    return (*_about_category(kind), *_about_place(where, profile), *_about_money(sentence, where, budget, profile))


def _about_category(kind: Kind | None) -> Iterator[Question]:
    if kind is None:
        yield Question("category", "What kind of thing is this?", "--category", ())
    elif kind.rival is not None:
        choices = tuple(Choice(code, taxonomy.path(code) or code) for code in (kind.code, kind.rival))
        yield Question("category", "Two kinds of things are named: which one is needed?", "--category", choices)


def _about_place(where: Where | None, profile: Profile) -> Iterator[Question]:
    if where is None:
        return
    if where.place is None:
        yield Question("near", f"Where is “{where.words}”? Name the nearest larger town.", "--near", ())
        return
    people = where.place.population
    rivals = [
        place
        for place in where.others
        if place.population >= max(_LEAST_PEOPLE, _LEAST_SHARE * people) and place.area.country != profile.country
    ]
    if rivals and where.place.area.country != profile.country:
        choices = tuple(
            Choice(_said(where.words, place), _shown(place)) for place in (where.place, *rivals)[:MOST_CHOICES]
        )
        yield Question("near", f"There are several places called {where.words}.", "--near", choices)


def _said(words: str, place: Place) -> str:
    """Return how a person would say which place is meant, in a form that --near takes: "Halifax, Canada"."""
    region = gazetteer.region_name(place.sub)
    same_country = region is not None and place.area.country in {"US", "CA", "AU"}
    country = gazetteer.countries()[place.area.country].name
    return f"{words}, {region if same_country else country}"


def _shown(place: Place) -> str:
    country = gazetteer.countries()[place.area.country].name
    region = gazetteer.region_name(place.sub)
    where = f"{region}, {country}" if region else country
    return f"{place.area.name}, {where} ({place.area.population:,} people)"


def _about_money(
    sentence: Sentence, where: Where | None, budget: Found[Band] | None, profile: Profile
) -> Iterator[Question]:
    if budget is None or profile.currency or profile.country or (where is not None and where.place is not None):
        return
    currencies = possible_currencies(sentence.open[budget.start : budget.end])
    if len(currencies) > 1:
        amount = budget.value.high
        choices = tuple(
            Choice(f"{amount_text(budget.value.currency, amount)} {code}", code) for code in currencies[:MOST_CHOICES]
        )
        yield Question("budget", "In which currency is the budget?", "--budget", choices)
