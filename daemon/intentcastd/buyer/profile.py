"""What a person has told the program about where they are. It stays home; it settles what a sentence leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.records.vocabulary import Area


@dataclass(frozen=True, slots=True)
class Profile:
    """Defaults of one person.

    Attributes:
        country: ISO 3166-1 alpha-2; decides between Halifax and Halifax, and what a dollar is.
        currency: ISO 4217, where it is not that of the country.
        tz: IANA name of the zone in which "tomorrow" is meant when the sentence names no place.
        area: where things are wanted when the sentence names no place.
    """

    country: str | None = None
    currency: str | None = None
    tz: str | None = None
    area: Area | None = None


NOBODY = Profile()
