"""The currencies that money is paid in, and how many decimals each has (ISO 4217).

The table is data/currencies.tsv. A currency that is not in it has no amount: nobody guesses its decimals.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from intentcastd.data import tables

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def decimals() -> Mapping[str, int]:
    """Return the number of decimals of each currency by its code: EUR 2, JPY 0, KWD 3."""
    return MappingProxyType({code: int(places) for code, places, _ in tables.rows("currencies.tsv", 3)})


@cache
def names() -> Mapping[str, str]:
    """Return the English name of each currency by its code."""
    return MappingProxyType({code: name for code, _, name in tables.rows("currencies.tsv", 3)})


def amount_text(currency: str, minor: int) -> str:
    """Return an amount in digits with a point: ("EUR", 490) becomes "4.90", ("JPY", 490) "490".

    Raises:
        KeyError: ISO 4217 has no such currency.
    """
    places = decimals()[currency]
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
