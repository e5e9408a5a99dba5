"""The vendor card: a shop says who it is, where and what it sells. Vendors are named; buyers are not.

Spec: 03 §7 (VEN-1..VEN-4)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from intentcast.encoding.canonical import Tree, decode_padded_untrusted, encode
from intentcast.limits import MAX_AREAS, MAX_CATEGORIES, MAX_NAME_CHARACTERS
from intentcast.records.fields import Fields
from intentcast.records.terms import MAX_ID_CHARACTERS
from intentcast.records.vocabulary import AreaFilter, area_filter_untrusted, category_untrusted, currency_of

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class VendorCard:
    """All that a vendor card's body says; the vendor's key is the envelope's author."""

    name: str
    box: bytes
    areas: tuple[AreaFilter, ...]
    categories: tuple[str, ...]
    currency: str
    terms: tuple[str, ...]
    salt: bytes
    domain: str | None = None

    def to_body(self) -> bytes:
        """Return the canonical body, not padded (VEN-1)."""
        body: dict[str, Tree] = {
            "areas": [area.to_map() for area in self.areas],
            "box": self.box,
            "categories": sorted(self.categories),
            "currency": self.currency,
            "name": self.name,
            "salt": self.salt,
            "terms": sorted(self.terms),
        }
        if self.domain is not None:
            body["domain"] = self.domain
        return encode(body)


def vendor_card_untrusted(body: bytes, *, plain: bool = True) -> VendorCard:
    """Read the body of a vendor card.

    Raises:
        Rejected: the body breaks the layout.

    Spec: 03 §7 (VEN-1..VEN-3)
    """
    fields = Fields(decode_padded_untrusted(body), "VEN-1", plain=plain)
    domain = fields.optional("domain", lambda name: fields.string(name, 253))
    if domain is not None and not _DOMAIN.fullmatch(domain):
        raise fields.fail("domain", "a lower-case DNS name in its ASCII form")
    return VendorCard(
        name=fields.text("name", MAX_NAME_CHARACTERS),
        box=fields.binary("box", 32),
        areas=fields.each("areas", 0, MAX_AREAS, partial(area_filter_untrusted, plain=plain)),
        categories=fields.each("categories", 0, MAX_CATEGORIES, category_untrusted),
        currency=currency_of(fields),
        terms=fields.strings("terms", 1, 16, MAX_ID_CHARACTERS),
        salt=fields.binary("salt", 16),
        domain=domain,
    )
