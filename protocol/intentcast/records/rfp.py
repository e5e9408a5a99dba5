"""The RFP: a need, told to a whole market without telling who needs it.

Spec: 03 §4 (RFP-1..RFP-12)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from intentcast.encoding.canonical import Tree, Value, decode_padded_untrusted, encode
from intentcast.errors import Ignored, Rejected
from intentcast.ids import RelayKey
from intentcast.limits import (
    LONG_ROUNDING_SECONDS,
    MAX_DETAILS,
    MAX_EFFORT_BITS,
    MAX_INTEGER,
    MAX_SHARD_BITS,
    MAX_TEXT_CHARACTERS,
    SHORT_LIFE_SECONDS,
    SHORT_ROUNDING_SECONDS,
)
from intentcast.records.fields import Fields, is_plain_text
from intentcast.records.terms import Proffer, proffer_untrusted
from intentcast.records.vocabulary import (
    CONDITIONS,
    GRAINS,
    HOWS,
    RFP_KINDS,
    Area,
    Band,
    Quantity,
    When,
    area_untrusted,
    category_untrusted,
    currency_of,
    is_gtin,
    is_service,
    quantity_untrusted,
)
from intentcast.units import UnixSeconds

Detail: TypeAlias = "str | int | bool | Quantity"

MAX_BOARDS = 3
MAX_DETAIL_CHARACTERS = 64
_KNOWN = frozenset(
    [
        "area",
        "boards",
        "box",
        "budget",
        "category",
        "condition",
        "crit",
        "details",
        "gtin",
        "how",
        "kind",
        "quantity",
        "salt",
        "service",
        "shard",
        "terms",
        "text",
        "when",
        "work",
    ]
)


@dataclass(frozen=True, slots=True)
class Rfp:
    """All that an RFP's body says."""

    category: str
    kind: str
    quantity: Quantity
    boards: tuple[RelayKey, ...]
    box: bytes
    salt: bytes
    terms: Proffer
    shard: int = 0
    area: Area | None = None
    budget: Band | None = None
    condition: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    gtin: str | None = None
    how: tuple[str, ...] = ()
    service: str | None = None
    text: str | None = None
    when: When | None = None
    work: int | None = None

    def to_body(self) -> bytes:
        """Return the canonical body, not padded (RFP-1)."""
        body: dict[str, Tree] = {
            "boards": list(self.boards),
            "box": self.box,
            "category": self.category,
            "kind": self.kind,
            "quantity": self.quantity.to_map(),
            "salt": self.salt,
            "shard": self.shard,
            "terms": self.terms.to_map(),
        }
        for name, value in (("area", self.area), ("budget", self.budget), ("when", self.when)):
            if value is not None:
                body[name] = value.to_map()
        for name, word in (
            ("condition", self.condition),
            ("gtin", self.gtin),
            ("service", self.service),
            ("text", self.text),
            ("work", self.work),
        ):
            if word is not None:
                body[name] = word
        if self.details:
            body["details"] = {name: _detail_value(detail) for name, detail in self.details.items()}
        if self.how:
            body["how"] = sorted(self.how)
        return encode(body)


def _detail_value(detail: Detail) -> Tree:
    return detail.to_map() if isinstance(detail, Quantity) else detail


@dataclass(frozen=True, slots=True)
class Routing:
    """The part of an RFP's body that relays read, and all that they read (RFP-2)."""

    category: str
    area: Area | None
    boards: tuple[RelayKey, ...]
    shard: int
    work: int


def routing_untrusted(body: bytes) -> Routing:
    """Read what a relay needs to carry an RFP.

    Raises:
        Rejected: the body is not canonical, or one of the routing fields is wrong.

    Spec: 03 §4 (RFP-2)
    """
    return _routing(Fields(decode_padded_untrusted(body), "RFP-2"), plain=False)


def _routing(fields: Fields, *, plain: bool) -> Routing:
    boards = fields.binaries("boards", 1, MAX_BOARDS, 32)
    if len(set(boards)) != len(boards):
        raise Rejected("RFP-2", "a board is named twice", "body")
    return Routing(
        category=category_untrusted(fields.value("category")),
        area=fields.optional("area", lambda name: area_untrusted(fields.value(name), plain=plain)),
        boards=tuple(RelayKey(board) for board in boards),
        shard=fields.integer("shard", 0, MAX_SHARD_BITS),
        work=fields.optional("work", lambda name: fields.integer(name, 0, MAX_EFFORT_BITS)) or 0,
    )


def rfp_untrusted(body: bytes) -> Rfp:
    """Read the whole body of an RFP: what vendors and buyers do.

    Raises:
        Rejected: the body breaks the layout.
        Ignored: it holds a critical key that this version does not know.

    Spec: 03 §4 (RFP-1..RFP-12)
    """
    fields = Fields(decode_padded_untrusted(body), "RFP-1")
    routing = _routing(fields, plain=True)
    if fields.has("crit") and not set(fields.strings("crit", 1, 16, 32)) <= _KNOWN:
        raise Ignored("RFP-11", "the RFP needs something that this version does not know")
    return Rfp(
        category=routing.category,
        kind=_one_of(fields, "kind", RFP_KINDS),
        quantity=_quantity(fields),
        boards=routing.boards,
        box=fields.binary("box", 32),
        salt=fields.binary("salt", 16),
        terms=proffer_untrusted(fields.value("terms")),
        shard=routing.shard,
        area=routing.area,
        budget=fields.optional("budget", lambda name: _band(fields.fields(name))),
        condition=fields.optional("condition", lambda name: _one_of(fields, name, CONDITIONS)),
        details=_details(fields),
        gtin=fields.optional("gtin", lambda name: _gtin(fields, name)),
        how=_hows(fields),
        service=fields.optional("service", lambda name: _service(fields, name)),
        text=fields.optional("text", lambda name: fields.text(name, MAX_TEXT_CHARACTERS)),
        when=fields.optional("when", lambda name: _when(fields.fields(name))),
        work=routing.work or None,
    )


def _quantity(fields: Fields) -> Quantity:
    quantity = quantity_untrusted(fields.value("quantity"))
    if quantity.value == 0:
        raise fields.fail("quantity", "more than 0")
    return quantity


def _one_of(fields: Fields, name: str, words: tuple[str, ...]) -> str:
    word = fields.string(name, 16)
    if word not in words:
        raise fields.fail(name, "one of " + ", ".join(words))
    return word


def _hows(fields: Fields) -> tuple[str, ...]:
    if not fields.has("how"):
        return ()
    hows = fields.strings("how", 1, len(HOWS), 16)
    if not set(hows) <= set(HOWS) or list(hows) != sorted(set(hows)):
        raise Rejected("RFP-7", "how is not a sorted choice of deliver, onsite, pickup, remote", "body")
    return hows


def _gtin(fields: Fields, name: str) -> str:
    code = fields.string(name, 14)
    if not is_gtin(code):
        raise Rejected("VOC-4", "gtin is no GTIN, or its check digit is wrong", "body")
    return code


def _service(fields: Fields, name: str) -> str:
    word = fields.string(name, 64)
    if not is_service(word):
        raise Rejected("VOC-3", "service is not a dotted word", "body")
    return word


def _band(fields: Fields) -> Band:
    band = Band(currency_of(fields), fields.integer("low", 0, MAX_INTEGER), fields.integer("high", 1, MAX_INTEGER))
    if band.low >= band.high:
        raise Rejected("RFP-10", "a budget is a band: low below high", "body")
    return band


def _when(fields: Fields) -> When:
    return When(fields.integer("by", 0, 2**32 - 1), _one_of(fields, "grain", GRAINS))


def _details(fields: Fields) -> dict[str, Detail]:
    if not fields.has("details"):
        return {}
    details = fields.fields("details")
    names = details.keys()
    if not 1 <= len(names) <= MAX_DETAILS:
        raise Rejected("RFP-8", "details has no entry, or too many", "body")
    return {name: _detail_untrusted(details.value(name)) for name in sorted(names)}


def _detail_untrusted(value: Value) -> Detail:
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, str) and 1 <= len(value) <= MAX_DETAIL_CHARACTERS and is_plain_text(value):
        return value
    if isinstance(value, dict):
        return quantity_untrusted(value)
    raise Rejected("RFP-8", "a detail is neither a short text, an integer, a bool nor a quantity", "body")


def rounded_expiry(now: UnixSeconds, life: int) -> UnixSeconds:
    """Return when an RFP that should live `life` seconds expires: rounded up, so that it tells no second (RFP-3).

    Args:
        life: seconds; under a day it is rounded up to 10 minutes, else to a day.
    """
    step = SHORT_ROUNDING_SECONDS if life < SHORT_LIFE_SECONDS else LONG_ROUNDING_SECONDS
    return UnixSeconds(-(-(now + life) // step) * step)
