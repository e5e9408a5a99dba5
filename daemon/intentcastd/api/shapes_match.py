"""What the local API gives where a vendor tries a need against the own catalogue."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from intentcastd.api.shapes import Given, Money, Taken
from intentcastd.api.shapes_buyer import Need, OfferOption


class MatchedItem(Given, frozen=True):
    """An item that answers the need.

    Attributes:
        meets: what was asked, by id: yes, no or unstated.
        not_stated: what the buyer will read as not stated: details, then parts of the price.
        option: how it would be offered, with its landed cost; null where it cannot be offered.
        why_not: why it cannot be offered; empty if it can.
        offered: whether it is among the options of the offer that would go out.
    """

    sku: str
    title: str
    price: Money
    category: str | None
    stock: str
    meets: dict[str, str]
    not_stated: list[str]
    option: OfferOption | None
    why_not: str
    offered: bool


class PassedItem(Given, frozen=True):
    """An item that is not offered: the reason as a word, what was wanted and what the item states, and all as a clause."""

    sku: str
    title: str
    reason: str
    attribute: str
    wanted: str
    stated: str
    why: str


class Match(Given, frozen=True):
    """What the shop would do with a need: `public` is what a buyer would publish. Nothing was sent.

    Attributes:
        no_offer: why nothing would be offered; null if something would.
        judged: how many items were looked at one by one.
        items: how many items there are.
    """

    need: Need
    public: dict[str, Any]
    matches: list[MatchedItem]
    passed: list[PassedItem]
    no_offer: str | None
    judged: int
    items: int


class SaveMap(Taken, frozen=True):
    """A map of columns, as TOML; it is kept, and used by each import of a table that it fits."""

    toml: Annotated[str, Meta(max_length=64 * 1024)]


class SavedMap(Given, frozen=True):
    """The map that is kept: heading to field, and where the file lies."""

    columns: dict[str, str]
    path: str
