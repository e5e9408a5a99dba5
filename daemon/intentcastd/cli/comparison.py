"""Offers side by side. What is best in a row says so in a word; what is not stated is never 0 and never best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intentcastd.api.shapes import Money
from intentcastd.api.shapes_buyer import Offer, OfferOption
from intentcastd.cli.offer_view import asks, best_option, fees, returns, tax, terms, warranty, when
from intentcastd.cli.safe_text import safe_name
from intentcastd.cli.words import NOT_STATED, amount, difference, moment

if TYPE_CHECKING:
    from rich.console import RenderableType

BEST = "(best)"
_NAME_COLUMNS = 12
_LEAST_COLUMNS = 20

Better = Callable[[Offer, OfferOption], "float | None"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison.

    Attributes:
        text: what is shown of an offer.
        rank: smaller is better; None: nothing to compare. Without it the row has no best.
    """

    name: str
    text: Callable[[Offer, OfferOption], str]
    rank: Better | None = None


def _cost(money: Money | None) -> float | None:
    return None if money is None else float(money.minor)


def _total(offer: Offer, option: OfferOption) -> str:
    landed = option.landed
    if landed.total is None:
        return f"{NOT_STATED} (at least {amount(landed.known)})"
    warning = ", vendor's own total differs" if landed.contradicts else ""
    return amount(landed.total) + warning + (", over your budget" if offer.over_budget else "")


def _above_best(offer: Offer, option: OfferOption) -> str:
    known = offer.difference_minor
    return NOT_STATED if known is None else difference(option.landed.known.currency, known)


def _met(option: OfferOption) -> int:
    return sum(answer == "yes" for answer in option.meets.values())


def _meets(offer: Offer, option: OfferOption) -> str:
    if not option.meets:
        return NOT_STATED
    not_met = ", ".join(
        f"{'not ' if answer == 'no' else ''}{safe_name(name)}{'' if answer == 'no' else '?'}"
        for name, answer in sorted(option.meets.items())
        if answer != "yes"
    )
    return f"{_met(option)} of {len(option.meets)}" + (f" ({not_met})" if not_met else "")


def _negative(value: int | None) -> float | None:
    return None if value is None else -float(value)


ROWS: tuple[Row, ...] = (
    Row("total", _total, lambda offer, option: _cost(option.landed.total)),
    Row("items", lambda offer, option: amount(option.landed.items), lambda offer, option: _cost(option.landed.items)),
    Row("shipping", lambda offer, option: amount(option.landed.ship), lambda offer, option: _cost(option.landed.ship)),
    Row("tax", lambda offer, option: tax(option)),
    Row("fees", lambda offer, option: fees(option.fees)),
    Row("above best", _above_best),
    Row("when, how", lambda offer, option: when(option), lambda offer, option: option.ship.hours),
    Row("condition", lambda offer, option: option.condition or NOT_STATED),
    Row("meets", _meets, lambda offer, option: -float(_met(option)) if option.meets else None),
    Row("returns", lambda offer, option: returns(option), lambda offer, option: _negative(option.returns_days)),
    Row("warranty", lambda offer, option: warranty(option), lambda offer, option: _negative(option.warranty_months)),
    Row("terms", lambda offer, option: terms(offer), lambda offer, option: offer.terms_distance),
    Row("asks to know", lambda offer, option: asks(offer), lambda offer, option: float(len(offer.asks))),
    Row("valid until", lambda offer, option: moment(offer.valid_until)),
)
_MONEY_ROWS = frozenset({"total", "items", "shipping"})


def compare(offers: Sequence[Offer], width: int) -> Iterator[RenderableType]:
    """Yield tables with all offers, so many side by side as the width holds."""
    from rich.table import Table
    from rich.text import Text

    marks = {row.name: _best(row, offers) for row in ROWS}
    beside = max(1, (width - _NAME_COLUMNS - 4) // (_LEAST_COLUMNS + 3))
    for at in range(0, len(offers), beside):
        shown = offers[at : at + beside]
        table = Table(expand=False, show_lines=False)
        table.add_column("", width=_NAME_COLUMNS)
        for offer in shown:
            table.add_column(Text(f"{offer.number} {safe_name(offer.vendor.name, 30)}"), overflow="fold")
        for row in ROWS:
            cells = [_cell(row, offer, offer.id in marks[row.name]) for offer in shown]
            table.add_row(Text(row.name), *map(Text, cells))
        yield table


def _cell(row: Row, offer: Offer, is_best: bool) -> str:
    text = row.text(offer, best_option(offer))
    return f"{text} {BEST}" if is_best else text


def _best(row: Row, offers: Sequence[Offer]) -> set[str]:
    """Return the ids of the offers that are best in a row; none where all are alike or there is one alone."""
    if row.rank is None:
        return set()
    ranks = {offer.id: row.rank(offer, best_option(offer)) for offer in offers}
    stated = {name: rank for name, rank in ranks.items() if rank is not None}
    currencies = {best_option(offer).landed.known.currency for offer in offers}
    # Amounts of different currencies do not compare.
    if len(offers) < 2 or not stated or (row.name in _MONEY_ROWS and len(currencies) > 1):
        return set()
    least = min(stated.values())
    best = {name for name, rank in stated.items() if rank == least}
    return set() if len(best) == len(offers) else best
