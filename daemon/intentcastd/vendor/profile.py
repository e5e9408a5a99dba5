"""vendor.toml: who the shop is, where it works, what shipping, tax and fees it states, and which terms it accepts.

Strict: an unknown key is an error that names key and file. A typing error in "free_above" would otherwise be a promise
that nobody keeps.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from intentcast.limits import MAX_AREAS, MAX_CATEGORIES, MAX_NAME_CHARACTERS, MAX_NOTE_TEXT_CHARACTERS
from intentcast.records.fields import is_plain_text
from intentcast.records.offer import Ask, Fee
from intentcast.records.vocabulary import AreaFilter, Money, is_category
from intentcastd.data import currencies
from intentcastd.vendor.money import BadPrice, read_decimal
from intentcastd.vendor.opening import DAY_MINUTES, WEEKDAYS, Opening

Mode = Literal["deliver", "pickup", "onsite", "remote"]
Condition = Literal["new", "used", "refurbished"]


class BadProfile(Exception):
    """vendor.toml cannot be used.

    Attributes:
        what: what is wrong, with the file and the key.
        why: why it matters or how it is known.
        fix: what to do next.
    """

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(f"{what} {why} {fix}")
        self.what = what
        self.why = why
        self.fix = fix


@dataclass(frozen=True, slots=True)
class TaxRule:
    """How prices stand to tax. Not included and no percentage: the tax is not stated."""

    included: bool
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shipping:
    """One way in which goods come or work is done.

    Attributes:
        price: None: not stated.
        hours: from the order until it is there or ready; None: not stated.
        areas: where this way is offered; empty: wherever the shop works.
        free_above: from this sum of goods on it costs nothing.
    """

    name: str
    mode: Mode
    price: Money | None
    hours: int | None = None
    areas: tuple[AreaFilter, ...] = ()
    free_above: Money | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that vendor.toml says."""

    name: str
    currency: str
    areas: tuple[AreaFilter, ...]
    tax: TaxRule
    shipping: tuple[Shipping, ...]
    terms: tuple[str, ...]
    domain: str | None = None
    categories: tuple[str, ...] = ()
    opening: Opening | None = None
    asks: tuple[Ask, ...] = ()
    fees: tuple[Fee, ...] = ()
    valid_hours: int = 48
    condition: Condition | None = None
    returns_days: int | None = None
    warranty_months: int | None = None
    note: str | None = None


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_CHARACTERS)]
_Hours = Annotated[int, msgspec.Meta(ge=0, le=24 * 365)]
_TermsId = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9-]{2,32}$")]


class _Area(_Strict, frozen=True):
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    sub: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")] | None = None
    name: _Word | None = None
    id: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


class _Tax(_Strict, frozen=True):
    included: bool
    percent: str | None = None


class _Shipping(_Strict, frozen=True):
    name: _Word
    mode: Mode
    price: str | None = None
    hours: _Hours | None = None
    areas: list[_Area] = []
    free_above: str | None = None


class _Ask(_Strict, frozen=True):
    field: Literal["name", "email", "telephone", "street", "postcode", "city", "country", "birth_year"]
    purpose: Literal["delivery", "service", "payment", "legal", "marketing"]


class _Fee(_Strict, frozen=True):
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    price: str | None = None


class _Opening(_Strict, frozen=True):
    tz: str
    monday: str = ""
    tuesday: str = ""
    wednesday: str = ""
    thursday: str = ""
    friday: str = ""
    saturday: str = ""
    sunday: str = ""


class _File(_Strict, frozen=True):
    name: _Word
    currency: str
    areas: Annotated[list[_Area], msgspec.Meta(min_length=1, max_length=MAX_AREAS)]
    tax: _Tax
    shipping: Annotated[list[_Shipping], msgspec.Meta(min_length=1, max_length=32)]
    terms: Annotated[list[_TermsId], msgspec.Meta(min_length=1, max_length=16)]
    domain: Annotated[str, msgspec.Meta(pattern=r"^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$", max_length=253)] | None = None
    categories: Annotated[list[str], msgspec.Meta(max_length=MAX_CATEGORIES)] = []
    opening: _Opening | None = None
    asks: Annotated[list[_Ask], msgspec.Meta(max_length=16)] = []
    fees: Annotated[list[_Fee], msgspec.Meta(max_length=8)] = []
    valid_hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 28)] = 48
    condition: Condition | None = None
    returns_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] | None = None
    warranty_months: Annotated[int, msgspec.Meta(ge=0, le=1200)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=MAX_NOTE_TEXT_CHARACTERS)] | None = None


_GUIDE: Final = "The vendors' guide lists every key with an example."
_UNKNOWN: Final = re.compile(r"Object contains unknown field `([^`]*)`(?: - at `\$\.?([^`]*)`)?")
_MISSING: Final = re.compile(r"Object missing required field `([^`]*)`(?: - at `\$\.?([^`]*)`)?")
_WRONG: Final = re.compile(r"(.*) - at `\$\.?([^`]*)`", re.S)
_HOURS: Final = re.compile(r"([0-2]\d):([0-5]\d)\s*[-–]\s*([0-2]\d):([0-5]\d)")


def load_profile(path: Path) -> Profile:
    """Read the vendor.toml at a path.

    Raises:
        BadProfile: it is not there, or cannot be used.
    """
    try:
        return read_profile(path.read_bytes(), str(path))
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise BadProfile(
            f"{path} cannot be read.", f"The system says: {reason}.", "Make one: intentcast vendor init."
        ) from None


def read_profile(data: bytes, file: str) -> Profile:
    """Read a vendor.toml.

    Args:
        data: the bytes of the file.
        file: its name, for messages.

    Raises:
        BadProfile: it cannot be used; the message names the key.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadProfile(f"{file} is not in UTF-8.", "TOML has no other encoding.", "Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadProfile(f"{file} is not TOML.", f"{str(error) or 'Too deep'}.", "Correct that line.") from None
    try:
        settings = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), file) from None
    return _profile(settings, file)


def _refusal(message: str, file: str) -> BadProfile:
    """Put msgspec's message in the words of the file."""
    if hit := _UNKNOWN.fullmatch(message):
        key = _key(hit[2], hit[1])
        return BadProfile(
            f'{file}: the key "{key}" is not known.', "A key that nobody reads would promise something in vain.", _GUIDE
        )
    if hit := _MISSING.fullmatch(message):
        return BadProfile(
            f'{file}: the key "{_key(hit[2], hit[1])}" is missing.', "No offer can be made without it.", _GUIDE
        )
    hit = _WRONG.fullmatch(message)
    key, reason = (hit[2], hit[1]) if hit else ("", message)
    return BadProfile(f'{file}: the key "{key}" has a wrong value.', f"{reason}.", _GUIDE)


def _key(place: str | None, name: str) -> str:
    return f"{place}.{name}" if place else name


def _profile(settings: _File, file: str) -> Profile:
    if settings.currency not in currencies.decimals():
        raise _wrong(file, "currency", f'"{settings.currency}" is no active code of ISO 4217', "Write it like EUR.")
    for key, text in (("name", settings.name), ("note", settings.note or "")):
        if not is_plain_text(text):
            raise _wrong(file, key, "it has control or hidden characters, or accents in parts", "Type it anew.")
    for code in settings.categories:
        if not is_category(code):
            raise _wrong(file, "categories", f'"{code}" is no category code', "Write codes like bt-6-3-2.")
    currency = settings.currency
    return Profile(
        name=settings.name,
        currency=currency,
        areas=_areas(settings.areas, file, "areas"),
        tax=TaxRule(settings.tax.included, _percent(settings.tax, file)),
        shipping=tuple(_shipping(row, currency, file, place) for place, row in enumerate(settings.shipping)),
        terms=tuple(dict.fromkeys(settings.terms)),
        domain=settings.domain,
        categories=tuple(settings.categories),
        opening=_opening(settings.opening, file) if settings.opening else None,
        asks=tuple(Ask(ask.field, ask.purpose) for ask in settings.asks),
        fees=tuple(
            Fee(fee.code, _money(fee.price, currency, file, f"fees[{place}].price"))
            for place, fee in enumerate(settings.fees)
        ),
        valid_hours=settings.valid_hours,
        condition=settings.condition,
        returns_days=settings.returns_days,
        warranty_months=settings.warranty_months,
        note=settings.note,
    )


def _wrong(file: str, key: str, why: str, fix: str) -> BadProfile:
    return BadProfile(f'{file}: the key "{key}" has a wrong value.', f"{why[:1].upper()}{why[1:]}.", fix)


def _money(text: str | None, currency: str, file: str, key: str) -> Money | None:
    if text is None:
        return None
    try:
        return read_decimal(text, currency)
    except BadPrice as bad:
        raise _wrong(file, key, f'"{text}": {bad.what}', f"{bad.fix[:1].upper()}{bad.fix[1:]}.") from None


def _percent(tax: _Tax, file: str) -> Decimal | None:
    if tax.percent is None:
        return None
    try:
        percent = Decimal(tax.percent) if re.fullmatch(r"\d{1,3}(\.\d{1,4})?", tax.percent, re.ASCII) else Decimal(-1)
    except InvalidOperation:
        percent = Decimal(-1)
    if not 0 <= percent <= 100:
        raise _wrong(file, "tax.percent", f'"{tax.percent}" is no percentage', 'Write it like "20" or "8.875".')
    return percent


def _areas(areas: list[_Area], file: str, key: str) -> tuple[AreaFilter, ...]:
    for area in areas:
        if area.sub is not None and not area.sub.startswith(area.country + "-"):
            raise _wrong(file, key, f"{area.sub} is no part of {area.country}", "Write sub like AT-9 for country AT.")
    return tuple(AreaFilter(area.country, area.sub, area.name, area.id) for area in areas)


def _shipping(row: _Shipping, currency: str, file: str, place: int) -> Shipping:
    key = f"shipping[{place}]"
    return Shipping(
        name=row.name,
        mode=row.mode,
        price=_money(row.price, currency, file, f"{key}.price"),
        hours=row.hours,
        areas=_areas(row.areas, file, f"{key}.areas"),
        free_above=_money(row.free_above, currency, file, f"{key}.free_above"),
    )


def _opening(opening: _Opening, file: str) -> Opening:
    try:
        zone = ZoneInfo(opening.tz)
    except (KeyError, ValueError, OSError):
        raise _wrong(
            file, "opening.tz", f'"{opening.tz}" is no time zone of this system', "Write it like Europe/Vienna."
        ) from None
    days = (getattr(opening, day) for day in WEEKDAYS)
    hours = {place: _hours(text, file, f"opening.{WEEKDAYS[place]}") for place, text in enumerate(days) if text}
    if not hours:
        raise _wrong(file, "opening", "the shop is never open", 'Write a day, such as monday = "09:00-18:00".')
    return Opening(zone, hours)


def _hours(text: str, file: str, key: str) -> tuple[tuple[int, int], ...]:
    """Read "09:00-12:30, 14:00-18:00"."""
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        hit = _HOURS.fullmatch(part.strip())
        span = (int(hit[1]) * 60 + int(hit[2]), int(hit[3]) * 60 + int(hit[4])) if hit else (0, 0)
        last = spans[-1][1] if spans else 0
        if not last <= span[0] < span[1] <= DAY_MINUTES:
            fix = 'Write it like "09:00-18:00" or "09:00-12:30, 14:00-18:00", closing at 24:00 at the latest.'
            raise _wrong(file, key, f'"{text}" are no hours of one day in order', fix)
        spans.append(span)
    return tuple(spans)
