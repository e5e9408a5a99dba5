"""What the local API takes and gives for a shop, and for the wire inspector."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from intentcastd.api.shapes import Given, Money, Taken, Verdict

MAX_CATALOGUE_BYTES = 256 * 1024 * 1024
MAX_WIRE_HEX = 2 * 65_540


class VendorArea(Taken, frozen=True):
    """Where a shop works: a country, or a part of it."""

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    sub: Annotated[str, Meta(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")] | None = None
    name: Annotated[str, Meta(max_length=80)] | None = None


class OpenShop(Taken, frozen=True):
    """What a vendor.toml is made from; `force` writes over one that is there."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    areas: Annotated[list[VendorArea], Meta(min_length=1, max_length=64)]
    tax_included: bool = True
    domain: Annotated[str, Meta(max_length=253)] | None = None
    force: bool = False


class VendorDecision(Given, frozen=True):
    """What became of one RFP that the shop saw, by the first 8 digits of its id."""

    rfp8: str
    category: str
    outcome: str
    reason: str


class Vendor(Given, frozen=True):
    """The shop: what it says of itself, and what it did."""

    profile: dict[str, Any]
    card: str | None
    items: int
    imported_at: int | None
    rfps_seen: int
    matched: int
    offers_sent: int
    waiting: int
    recent: list[VendorDecision]


class ImportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How a catalogue file is read; without `apply` nothing is changed.

    Attributes:
        category: of items for which none is found.
        all_or_nothing: refuse the file where one row has an error.
        mapped: read it by the map that is kept, whatever its headings look like.
    """

    apply: bool = False
    force: bool = False
    decimal: Literal["comma", "point"] | None = None
    encoding: Annotated[str, Meta(max_length=40)] | None = None
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    category: Annotated[str, Meta(max_length=64)] | None = None
    all_or_nothing: bool = False
    mapped: bool = False


class ImportIssue(Given, frozen=True):
    """One thing that is wrong in one place of a file."""

    line: int
    column: str
    what: str
    fix: str
    severity: Literal["error", "warning"]


class ImportReport(Given, frozen=True):
    """What an import did, or would do: ok, skipped and failed rows add up to all rows."""

    applied: bool
    format: str
    encoding: str
    delimiter: str
    rows: int
    products: int
    variants: int
    ok: int
    failed: int
    warnings: int
    skipped: dict[str, int]
    added: int
    changed: int
    gone: int
    same: int
    needs_force: bool
    issues: list[ImportIssue]


class CatalogueItem(Given, frozen=True):
    """One item of the catalogue."""

    sku: str
    title: str
    price: Money
    category: str | None
    stock: str


class Catalogue(Given, frozen=True):
    """How many items there are, and some of them."""

    items: int
    sample: list[CatalogueItem]


class DecodeWire(Taken, frozen=True):
    """Bytes to take apart: in hexadecimal or in base64."""

    hex: Annotated[str, Meta(max_length=MAX_WIRE_HEX)] | None = None
    base64: Annotated[str, Meta(max_length=MAX_WIRE_HEX)] | None = None
    kind: Literal["auto", "envelope", "frame", "message", "head", "offer"] = "auto"


class WirePart(Given, frozen=True):
    """One value: bytes `start` up to `end` of what was sent, or of the opened box where `sealed`."""

    name: str
    kind: str
    start: int
    end: int
    value: str
    note: str
    rules: list[str]
    sealed: bool
    parts: list[WirePart]


class Decoded(Given, frozen=True):
    """What the bytes are, and whether a relay or reader would take them."""

    kind: str
    tree: WirePart | None
    rules: list[str]
    verdict: Verdict
    rule: str | None
    reason: str
