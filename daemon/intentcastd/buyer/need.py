"""A need: what a person has in mind, as read from a sentence. It stays home; what leaves is made from its Draft
(records/anonymity.py).

Every field that was read is a Guess: it says how sure the reader is and which words led to it, so that a person can see
why and correct it (reading/correcting.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from intentcast.records.anonymity import Draft
from intentcast.records.rfp import Detail
from intentcast.records.vocabulary import Area, Band, Quantity, When
from intentcast.units import UnixSeconds
from intentcastd.buyer.profile import NOBODY, Profile

T = TypeVar("T")

CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class Guess(Generic[T]):
    """One field as it was understood.

    Attributes:
        value: what it means.
        confidence: from 0 (a default, nothing was said) to 1 (the person said so).
        words: the part of the sentence that led to it, or an empty string.
    """

    value: T
    confidence: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: what to write behind the flag, and what it means."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a sentence leaves open. Until it is answered, the first choice is what was read.

    Attributes:
        field: the field that it is about, as its flag is called.
        what: the question, in a whole sentence.
        flag: what to answer with.
        choices: the answers that there are; none where any word will do.
    """

    field: str
    what: str
    flag: str
    choices: tuple[Choice, ...]


class Unclear(Exception):
    """A need that cannot become an RFP yet.

    Attributes:
        what: what is missing.
        fix: what to do about it.
    """

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Need:
    """A sentence, and what it means.

    Attributes:
        text: the sentence as written.
        place: the place as written: a street corner or a village. Only `area` may leave.
        when: the exact time, in the precision of the words. It stays home: generalizing makes it coarser.
        tz: the zone in which the sentence's times are meant.
        budget: an upper limit (low is 0) or a range. It stays home unless the person chooses to publish a band.
        private: parts of the text that must never leave: names, addresses, numbers, health.
        leftover: words that nothing was made of.
        notes: what a person should know about this reading, in whole sentences.
        questions: what is unclear, with the choices.
    """

    text: str
    read_at: UnixSeconds
    tz: str
    kind: Guess[str]
    quantity: Guess[Quantity]
    category: Guess[str] | None = None
    service: Guess[str] | None = None
    details: Mapping[str, Guess[Detail]] = field(default_factory=dict)
    area: Guess[Area] | None = None
    place: str | None = None
    when: Guess[When] | None = None
    budget: Guess[Band] | None = None
    condition: Guess[str] | None = None
    how: Guess[tuple[str, ...]] | None = None
    gtin: Guess[str] | None = None
    private: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    profile: Profile = NOBODY

    def draft(self, text: str | None = None, publish_budget: bool = False) -> Draft:
        """Return the typed fields, exact, for generalizing.

        Args:
            text: free words that the person chose to add; nothing of the sentence itself is ever added.
            publish_budget: whether the person chose to publish a band.

        Raises:
            Unclear: no category is known.
        """
        if self.category is None:
            raise Unclear(
                "It is not clear what kind of thing is needed.", "Choose a category, for example --category bt-6-3."
            )
        when = _value(self.when)
        return Draft(
            category=self.category.value,
            kind=self.kind.value,
            quantity=self.quantity.value,
            service=_value(self.service),
            details={name: guess.value for name, guess in self.details.items()},
            area=_value(self.area),
            by=None if when is None else when.by,
            grain=None if when is None else when.grain,
            budget=_value(self.budget),
            publish_budget=publish_budget,
            condition=_value(self.condition),
            how=_value(self.how) or (),
            gtin=_value(self.gtin),
            text=text,
            private=self.private,
        )


def _value(guess: Guess[T] | None) -> T | None:
    return None if guess is None else guess.value
