"""The vendor.toml that `vendor init` writes: ready to use, with a comment at each key that a shop may want."""

from __future__ import annotations

import json
from pathlib import Path

from intentcast.records.vocabulary import AreaFilter
from intentcastd.errors import refused_by_disk
from intentcastd.paths import write_atomically
from intentcastd.vendor.profile import BadProfile, read_profile

_TEMPLATE = """\
# Your shop on intentcast. Every key is explained in the vendors' guide; one that is not known is refused.
# Amounts are decimal strings in your currency: "4.90". What you leave out is shown to buyers as "not stated", never as 0.

name = {name}
currency = "{currency}"
{domain}
# Roster ids of the terms that you accept. PDC-INTENT binds everyone who answers a need: without it you cannot answer.
# The others are terms of the customer for the one vendor that is chosen; each that you add lets you answer more needs.
terms = ["PDC-INTENT", "SD-BASE"]

# How long your offers hold.
valid_hours = 48

# Condition of all goods whose catalogue row does not say it: "new", "used" or "refurbished".
condition = "new"

# returns_days = 30
# warranty_months = 24
# note = "Family shop since 1987. We answer questions within the hour."

# Categories to hear of besides those in your catalogue.
# categories = ["sg-4-4"]

# Where you sell or work: a country, or parts of it (ISO 3166).
{areas}
# Do your prices hold the tax? If not, say the percentage; without it the tax is "not stated".
[tax]
included = true
# percent = "20"

# How goods come, or where work is done. mode: deliver, pickup, onsite, remote. hours: until it is there or ready.
[[shipping]]
name = "Collect in the shop"
mode = "pickup"
price = "0.00"
hours = 2

# [[shipping]]
# name = "Parcel"
# mode = "deliver"
# price = "4.90"
# hours = 48
# free_above = "80.00"
# areas = [{{ country = "{country}" }}]

# When the shop is open. Hours of shipping begin to count when it opens.
# [opening]
# tz = "Europe/Vienna"
# monday = "09:00-12:30, 14:00-18:00"
# saturday = "09:00-13:00"

# Fees on top. One without a price is named to the buyer as "not stated".
# [[fees]]
# code = "packaging"
# price = "1.00"

# Personal data that you need from the buyer you deal with, and what for. Buyers see this beside the price.
# [[asks]]
# field = "email"
# purpose = "delivery"
"""


def profile_text(name: str, currency: str, areas: tuple[AreaFilter, ...], domain: str | None = None) -> str:
    """Return a vendor.toml for these answers.

    Raises:
        BadProfile: one of the answers cannot be used.
    """
    if not areas:
        raise BadProfile("No area is given.", "A shop works somewhere.", "Add --area AT or --area AT-9.")
    text = _TEMPLATE.format(
        name=_quoted(name),
        currency=currency,
        domain=f"domain = {_quoted(domain)}\n" if domain else '# domain = "shop.example"\n',
        areas="\n".join(_area(area) for area in areas),
        country=areas[0].country,
    )
    read_profile(text.encode(), "vendor.toml")
    return text


def write_profile(
    path: Path,
    name: str,
    currency: str,
    areas: tuple[AreaFilter, ...],
    *,
    domain: str | None = None,
    force: bool = False,
) -> None:
    """Write a vendor.toml with comments, ready to be edited.

    Raises:
        BadProfile: an answer cannot be used, there is a file already and `force` is not given, or it cannot be written.
        DiskFull: there is no room; what was there before is whole.
    """
    data = profile_text(name, currency, areas, domain).encode()
    # An empty one was never a shop: a full disk may have left it.
    if not force and path.exists() and path.stat().st_size:
        raise BadProfile(f"{path} is there already.", "It may hold your prices and terms.", "Edit it, or add --force.")
    try:
        # In one step, so that a full disk leaves the old file whole.
        write_atomically(path, data)
    except OSError as error:
        if full := refused_by_disk(error):
            raise full from error
        raise BadProfile(f"{path} cannot be written.", f"The system says: {error.strerror}.", "Check it.") from error


def _quoted(text: str) -> str:
    """Return a TOML string: JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _area(area: AreaFilter) -> str:
    lines = ["[[areas]]", f"country = {_quoted(area.country)}"]
    lines += [f"sub = {_quoted(area.sub)}"] if area.sub else []
    lines += [f"name = {_quoted(area.name)}"] if area.name else []
    return "\n".join(lines) + "\n"
