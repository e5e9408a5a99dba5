"""What the options of `cast` mean, as the API takes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

import click

from intentcastd.cli.barcode import code_of
from intentcastd.cli.failures import CommandFailed

if TYPE_CHECKING:
    from intentcastd.api.shapes_buyer import CastRequest

_SPAN = re.compile(r"([0-9]{1,6})\s*(s|m|h|d)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, None: 1}
_MEASURED = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,6}))?\s+([A-Z0-9]{2,3})")
# What the shape of the request says about a value that does not fit, in words for people.
_FORMS = {
    "code": "a GTIN has 8, 12, 13 or 14 digits",
    "unit": "a unit is a code of two or three capitals or digits, such as KGM, LTR, DAY or HUR",
    "country": "a country is two letters, such as AT",
    "category": "a category is a code such as bt-6-3-2",
}
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


F = TypeVar("F", bound=Callable[..., Any])
_WAYS = ("deliver", "pickup", "onsite", "remote")


def span(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Return the seconds of a length of time, such as 45m (a callback of options)."""
    if value is None:
        return None
    match = _SPAN.fullmatch(value.strip().lower())
    if match is None:
        raise click.BadParameter(f"{value!r} is no length of time: say it like 45m, 24h or 3d.")
    return int(match[1]) * _SECONDS[match[2]]


def attributes(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    """Return attributes with their values, given as ID=VALUE (a callback of options)."""
    found = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip() or not text.strip():
            raise click.BadParameter(f'{value!r}: say it like seats=2 or "weight=2.5 KGM".')
        found[name.strip()] = detail(text.strip())
    return found


def detail(text: str) -> str | int | bool | dict[str, Any]:
    """Return a value as the wire has it: yes and no, whole numbers, measures with their unit, else words."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return int(text)
    match = _MEASURED.fullmatch(text)
    if match is None:
        return text
    decimals = match[2] or ""
    return {"value": int(match[1] + decimals), "unit": match[3], "scale": len(decimals)}


_NEED_OPTIONS = (
    click.option("--code", metavar="GTIN|FILE", help="The very product, by its number or a picture of its bar code."),
    click.option("--category", metavar="CODE", help="Category, such as bt-6-3-2, over what the words say."),
    click.option("--service", metavar="WORD", help="Service, such as repair.plumbing."),
    click.option("--near", metavar="PLACE", help="Where; only a large area around it leaves."),
    click.option("--country", metavar="CC", help="Country of the place, two letters."),
    click.option("--by", metavar="WHEN", help='Needed by: "Saturday", 2026-12-24, or UNIX seconds.'),
    click.option("--quantity", metavar="N", help="How many or how much."),
    click.option("--unit", metavar="CODE", help="Unit of the quantity: KGM, LTR, DAY, HUR …"),
    click.option(
        "--condition", type=click.Choice(["new", "used", "refurbished", "any"]), help="Condition of the goods."
    ),
    click.option("--how", multiple=True, type=click.Choice(_WAYS), help="How it may come; may be given twice."),
    click.option(
        "--detail",
        "details",
        multiple=True,
        callback=attributes,
        metavar="ID=VALUE",
        help='An attribute: seats=2, "weight=2.5 KGM".',
    ),
)


def need_options(function: F) -> F:
    """Give a command the options that correct what was read from a need; `request_of` takes what they say."""
    for option in reversed(_NEED_OPTIONS):
        function = option(function)
    return function


def request_of(need: str | None, **given: Any) -> CastRequest:
    """Return the request that the options mean."""
    import msgspec

    from intentcastd.api.shapes_buyer import CastRequest

    if not any((need, given["code"], given["category"], given["service"])):
        raise click.UsageError('Say what you need: intentcast cast "twin pram, Leeds, today"')
    by = given["by"]
    fields = {
        "text": need,
        "code": code_of(given["code"]),
        "category": given["category"],
        "service": given["service"],
        "near": given["near"],
        "country": given["country"] and given["country"].upper(),
        "by": int(by) if by and by.isdigit() and len(by) > 8 else by,
        "quantity": _number(given["quantity"]),
        "unit": given["unit"] and given["unit"].upper(),
        "condition": given["condition"],
        "how": sorted(set(given["how"])) or None,
        "details": given["details"] or None,
        "budget": given["budget"],
        "publish_budget": given["publish_budget"],
        "words": given["words"],
        "terms": list(given["terms"]) or None,
        "ttl_seconds": given["ttl"],
    }
    try:
        return msgspec.convert(fields, CastRequest)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$.")
        name = place.rstrip("`").replace("_seconds", "").replace("_", "-") or "need"
        told = _FORMS.get(name) or f"{reason[0].lower()}{reason[1:]}"
        if "regex" in told:
            told = "it does not have the form that is needed"
        raise CommandFailed("usage.value", f"--{name}: {told}.", "See: intentcast cast --help", 2) from error


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise click.UsageError(f"--quantity: {text!r} is no number.")
    return number
