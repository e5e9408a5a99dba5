"""Reading a price as a shop writes it, into minor units.

A number that two countries would read differently is refused with the flag that settles it. Nothing is guessed: a
sofa for 1.299 is either a bargain or not, and the buyer would hold the shop to it.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from intentcast.limits import MAX_INTEGER
from intentcast.records.vocabulary import Money
from intentcastd.data import currencies

Mark = Literal["comma", "point"]

_MARKS: Final[dict[str, str]] = {"comma": ",", "point": "."}
# What people put between thousands besides the other mark: space, no-break space, narrow no-break space, apostrophes.
_GAPS: Final = re.compile(r"[ \u00a0\u202f'’]")
_NUMBER: Final = re.compile(r"-?[0-9][0-9.,]*")
# Thousands as most of the world writes them, or as in India: 12,34,567.
_GROUPED: Final = re.compile(r"[0-9]{1,3}(G[0-9]{3})+|[0-9]{1,2}(G[0-9]{2})+G[0-9]{3}")
_MAX_CHARACTERS: Final = 40


class BadPrice(Exception):
    """A price that cannot be read for certain.

    Attributes:
        what: what is wrong with it, one clause.
        fix: what to do about it.
    """

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}: {fix}")
        self.what = what
        self.fix = fix


def read_price(text: str, currency: str, mark: Mark | None = None) -> Money:
    """Read a price.

    Args:
        text: digits with at most one decimal mark; thousands may be grouped; the currency's own code may stand beside.
        currency: ISO 4217 code.
        mark: which decimal mark the file uses, if somebody said so.

    Raises:
        BadPrice: it is no price, could mean two amounts, or does not fit the currency.
    """
    if currency not in currencies.decimals():
        raise BadPrice(f"{currency} is no currency code of ISO 4217", "write the three letters, such as EUR")
    digits = _bare(text, currency)
    if digits.startswith("-"):
        raise BadPrice("the price is below zero", "write what the buyer pays")
    whole, part = _split(digits, mark)
    money = Money(currency, _minor(whole, part, currency))
    if money.minor == 0:
        raise BadPrice("the price is 0", "write what the buyer pays, or leave the row out: nothing is offered for 0")
    return money


def read_decimal(text: str, currency: str) -> Money:
    """Read an amount from a settings file: plain digits with a decimal point; 0 is allowed ("0.00": free).

    Raises:
        BadPrice: it is not such an amount.
    """
    if currency not in currencies.decimals():
        raise BadPrice(f"{currency} is no currency code of ISO 4217", "write the three letters, such as EUR")
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,6})?", text, re.ASCII):
        raise BadPrice("it is not an amount in digits with a decimal point", 'write it like "4.90"')
    whole, _, part = text.partition(".")
    return Money(currency, _minor(whole, part, currency))


def _bare(text: str, currency: str) -> str:
    if len(text) > _MAX_CHARACTERS:
        raise BadPrice("it is too long for a price", "write digits and one decimal mark")
    bare = text.strip()
    bare = bare.removesuffix(currency).removeprefix(currency).strip()
    if not bare:
        raise BadPrice("the price is missing", "write what the buyer pays, or leave the row out")
    if _GAPS.search(bare):
        groups = _GAPS.split(bare)
        head, tail = groups[0].lstrip("-"), groups[1:]
        if not re.fullmatch(r"[0-9]{1,3}", head) or not all(re.fullmatch(r"[0-9]{3}([.,].*)?", each) for each in tail):
            raise BadPrice("the gaps in the number do not part thousands", "write digits and one decimal mark")
        bare = "".join(groups)
    if not _NUMBER.fullmatch(bare):
        raise BadPrice("it is not a number", f"write digits and one decimal mark; the currency is {currency} already")
    return bare


def _split(digits: str, mark: Mark | None) -> tuple[str, str]:
    """Return the digits before and after the decimal mark."""
    if mark is not None:
        return _split_by(digits, mark)
    if "," in digits:
        raise _ambiguous(digits)
    whole, point, part = digits.partition(".")
    # "1.299" is a thousand in half of Europe. "0.299" and "1299.000" are not: no thousand is grouped so.
    if "." in part or (point and len(part) == 3 and len(whole) < 4 and whole.strip("0")):
        raise _ambiguous(digits)
    if point and not part:
        raise BadPrice("it ends in a decimal mark", "write the decimals, or leave the mark out")
    return whole, part


def _ambiguous(digits: str) -> BadPrice:
    if not (_fits(digits, "comma") or _fits(digits, "point")):
        return BadPrice("it is not a number in any notation", "write digits and one decimal mark, such as 1299.00")
    return BadPrice(
        f'it is not certain which mark in "{digits}" parts the decimals',
        "add --decimal comma if the comma parts the decimals in this file, or --decimal point if the point does",
    )


def _fits(digits: str, mark: Mark) -> bool:
    try:
        _split_by(digits, mark)
    except BadPrice:
        return False
    return True


def _split_by(digits: str, mark: Mark) -> tuple[str, str]:
    sign = _MARKS[mark]
    group = "." if sign == "," else ","
    whole, found, part = digits.partition(sign)
    if sign in part or group in part or (found and not part):
        raise BadPrice(f"it is not a number with a decimal {mark}", "correct the number, or the flag --decimal")
    if group in whole and not _GROUPED.fullmatch(whole.replace(group, "G")):
        raise BadPrice(
            f"the thousands are not grouped as with a decimal {mark}", "correct the number, or the flag --decimal"
        )
    return whole.replace(group, ""), part


def _minor(whole: str, part: str, currency: str) -> int:
    places = currencies.decimals()[currency]
    if part[places:].strip("0"):
        raise BadPrice(f"{currency} has {places} decimals, this has more", "round it yourself")
    minor = int(whole + part[:places].ljust(places, "0"))
    if minor > MAX_INTEGER:
        raise BadPrice("the amount is too large to be told exactly", "check the number")
    return minor
