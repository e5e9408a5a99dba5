"""Amounts, times and lengths of time in words for people."""

from __future__ import annotations

from datetime import UTC, datetime

from intentcastd.api.shapes import Money, Quantity

NOT_STATED = "not stated"
_PIECES = "C62"
_UNIT_NAMES = {
    "KGM": "kg",
    "GRM": "g",
    "LTR": "l",
    "MTR": "m",
    "CMT": "cm",
    "HUR": "hours",
    "DAY": "days",
    "MON": "months",
}


def amount(money: Money | None) -> str:
    """Return an amount; what nobody stated is never 0."""
    if money is None:
        return NOT_STATED
    from intentcastd.data.currencies import amount_text

    try:
        return f"{amount_text(money.currency, money.minor)} {money.currency}"
    except KeyError:
        return f"{money.minor} minor units of {money.currency}"


def difference(currency: str, minor: int) -> str:
    """Return how much more something costs."""
    text = amount(Money(currency, abs(minor)))
    return "0" if minor == 0 else f"{'+' if minor > 0 else '-'}{text}"


def quantity(value: Quantity) -> str:
    """Return a quantity such as "2" or "2.5 kg"."""
    digits = str(value.value)
    if value.scale:
        digits = digits.rjust(value.scale + 1, "0")
        digits = f"{digits[: -value.scale]}.{digits[-value.scale :]}"
    return digits if value.unit == _PIECES else f"{digits} {_UNIT_NAMES.get(value.unit, value.unit)}"


def hours(count: int | None) -> str:
    """Return a length of time that is stated in hours."""
    if count is None:
        return NOT_STATED
    if count < 48:
        return f"{count} h"
    return f"{count // 24} days" if count % 24 == 0 else f"{count // 24} d {count % 24} h"


def moment(seconds: int) -> str:
    """Return a time where the person is."""
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%a %d %b %H:%M %Z")
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def span(seconds: float) -> str:
    """Return a length of time, roughly."""
    for least, unit in ((86_400 * 2, 86_400), (3_600 * 2, 3_600), (60 * 2, 60)):
        if seconds >= least:
            word = {86_400: "days", 3_600: "hours", 60: "minutes"}[unit]
            return f"{seconds / unit:.0f} {word}"
    if 0 < seconds < 0.1:
        return "under 0.1 s"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def size(count: int) -> str:
    """Return a number of bytes."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def nearest_relay(network: str) -> str:
    """Return what the relay that this machine talks to is called: a guard only where others stand behind it."""
    from intentcast.networks import NETWORKS

    return "relay" if network in NETWORKS and NETWORKS[network].circuit_relays == 1 else "guard"
