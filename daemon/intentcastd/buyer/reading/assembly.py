"""Reading a sentence whole: each reader in its turn, from what must be hidden to what is left over.

The order is the rule: private words are blanked before anything is read; times and amounts are claimed before places and
things, so that "in March" is no town and "200 euro" no quantity. Only this machine reads: no model, no network, no chance.
"""

from __future__ import annotations

from typing import Final, TypeVar

from intentcast.records.rfp import Detail
from intentcast.records.vocabulary import Area, Quantity
from intentcast.units import UnixSeconds
from intentcastd.buyer.need import Guess, Need
from intentcastd.buyer.profile import Profile
from intentcastd.buyer.reading.budget import read_budget
from intentcastd.buyer.reading.calendar import Calendar
from intentcastd.buyer.reading.category import Kind, read_kind
from intentcastd.buyer.reading.condition import read_condition
from intentcastd.buyer.reading.deadline import read_deadline
from intentcastd.buyer.reading.details import read_details
from intentcastd.buyer.reading.gtin import read_gtin, speaks_of_code
from intentcastd.buyer.reading.how import read_how
from intentcastd.buyer.reading.kind import Deed, find_deed
from intentcastd.buyer.reading.measures import find_measures
from intentcastd.buyer.reading.place import Where, read_place
from intentcastd.buyer.reading.private import find_private, hidden
from intentcastd.buyer.reading.quantity import ONE, read_quantity
from intentcastd.buyer.reading.questions import questions
from intentcastd.buyer.reading.tokens import Found, Sentence
from intentcastd.buyer.reading.vehicle import read_vehicle
from intentcastd.data import gazetteer

T = TypeVar("T")

# A sentence, not a book: what comes after is not read. It also bounds the time that a reading takes.
MAX_TEXT_CHARACTERS: Final = 2000
_NO_ZONE: Final = "UTC"


def read(text: str, now: UnixSeconds, profile: Profile) -> Need:
    """Read what a person wrote, in any of the ways in which people write it.

    Args:
        text: one or a few sentences; what lies beyond 2,000 characters is not read.
        now: wall clock; "in three hours" counts from it.
        profile: where the person is at home.

    Returns:
        A need in which every field is a guess; it never fails, and what it could not read is left open.
    """
    text = text[:MAX_TEXT_CHARACTERS]
    hide, keep = find_private(text)
    sentence = Sentence(text, hidden(text, hide))
    gtin = _claimed(sentence, read_gtin(sentence))
    where = read_place(sentence, profile)
    tz = _zone(where, profile)
    country = _country(where, profile)
    when = _claimed(sentence, read_deadline(sentence, Calendar(now, tz), country))
    budget = _claimed(sentence, read_budget(sentence, country, profile.currency))
    if where is not None:
        sentence.claim(where.start, where.end)
    deed = find_deed(sentence.lower)
    vehicle = read_vehicle(sentence)
    kind = read_kind(sentence, deed, vehicle)
    measures = list(find_measures(sentence.open))
    quantity = _claimed(sentence, read_quantity(sentence, kind, measures))
    details = read_details(sentence, kind, vehicle, measures)
    condition = read_condition(sentence)
    how = read_how(sentence, kind.kind if kind else "goods")
    for found in (*details.values(), condition, how):
        if found is not None:
            sentence.claim(found.start, found.end)
    _claim_kind(sentence, kind, deed)
    return Need(
        text=text,
        read_at=now,
        tz=tz,
        kind=_kind(sentence, kind, deed),
        quantity=Guess(ONE, 0.0) if quantity is None else quantity.guess(sentence),
        category=_category(sentence, kind),
        service=_service(sentence, kind),
        details={name: _detail(sentence, found) for name, found in sorted(details.items())},
        area=_area(where, profile),
        place=where.words if where else None,
        when=when.guess(sentence) if when else None,
        budget=budget.guess(sentence) if budget else None,
        condition=condition.guess(sentence) if condition else None,
        how=how.guess(sentence) if how else None,
        gtin=gtin.guess(sentence) if gtin else None,
        private=tuple(dict.fromkeys(text[start:end] for start, end in sorted([*hide, *keep]))),
        leftover=sentence.leftover(sentence.small_words),
        notes=tuple(_notes(sentence, where, kind, quantity, gtin)),
        questions=questions(sentence, where, kind, budget, profile),
        profile=profile,
    )


def _claimed(sentence: Sentence, found: Found[T] | None) -> Found[T] | None:
    if found is not None:
        sentence.claim(found.start, found.end)
    return found


def _detail(sentence: Sentence, found: Found[Detail]) -> Guess[Detail]:
    return found.guess(sentence)


def _zone(where: Where | None, profile: Profile) -> str:
    if where is not None and where.place is not None and where.place.tz:
        return where.place.tz
    if profile.tz:
        return profile.tz
    if profile.area is not None and profile.area.id is not None:
        home = gazetteer.by_id(profile.area.id)
        if home is not None:
            return home.tz
    country = gazetteer.countries().get(profile.country or "")
    return country.tz if country and country.tz else _NO_ZONE


def _country(where: Where | None, profile: Profile) -> str | None:
    if where is not None and where.place is not None:
        return where.place.area.country
    return profile.country


def _area(where: Where | None, profile: Profile) -> Guess[Area] | None:
    if where is not None and where.place is not None:
        return Guess(where.place.area, where.confidence, where.words)
    if where is None and profile.area is not None:
        return Guess(profile.area, 0.4, "")
    return None


def _claim_kind(sentence: Sentence, kind: Kind | None, deed: Deed | None) -> None:
    if kind is not None:
        sentence.claim(sentence.tokens[kind.first].start, sentence.tokens[kind.last].end)
    if deed is not None:
        sentence.claim(deed.start, deed.end)


def _words(sentence: Sentence, kind: Kind) -> str:
    return sentence.text[sentence.tokens[kind.first].start : sentence.tokens[kind.last].end]


def _category(sentence: Sentence, kind: Kind | None) -> Guess[str] | None:
    return None if kind is None else Guess(kind.code, kind.confidence, _words(sentence, kind))


def _service(sentence: Sentence, kind: Kind | None) -> Guess[str] | None:
    return (
        None if kind is None or kind.service is None else Guess(kind.service, kind.confidence, _words(sentence, kind))
    )


def _kind(sentence: Sentence, kind: Kind | None, deed: Deed | None) -> Guess[str]:
    if deed is not None and (kind is None or kind.kind != "goods"):
        value = kind.kind if kind else "rental" if deed.name == "rental" else "service"
        return Guess(value, 0.9, sentence.text[deed.start : deed.end])
    return Guess("goods", 0.3) if kind is None else Guess(kind.kind, kind.confidence, _words(sentence, kind))


def _notes(
    sentence: Sentence,
    where: Where | None,
    kind: Kind | None,
    quantity: Found[Quantity] | None,
    gtin: Found[str] | None,
) -> list[str]:
    notes = []
    if kind is None:
        notes.append("It is not clear what kind of thing this is. Choose a category with --category.")
    if where is not None and where.place is None:
        notes.append(f"“{where.words}” is not in the table of places. Name the nearest larger town with --near.")
    if quantity is None:
        notes.append("How many is not said; one is a guess. Change it with --quantity.")
    if gtin is None and speaks_of_code(sentence):
        notes.append(
            "A code or a picture is mentioned, but no code is in the text. Give the digits under the barcode with --code."
        )
    return notes
