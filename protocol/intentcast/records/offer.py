"""The offer: what a vendor says in a sealed note, and what it comes to.

Spec: 03 §9 (OFF-1..OFF-9)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intentcast.encoding.canonical import Tree, Value, decode_untrusted, encode
from intentcast.errors import Rejected
from intentcast.ids import HASH_BYTES
from intentcast.limits import (
    MAX_DETAILS,
    MAX_NAME_CHARACTERS,
    MAX_NOTE_TEXT_CHARACTERS,
    MAX_OFFER_OPTIONS,
    MAX_OPTION_ITEMS,
)
from intentcast.records.fields import Fields
from intentcast.records.terms import MAX_ID_CHARACTERS
from intentcast.records.vocabulary import (
    CONDITIONS,
    HOWS,
    Money,
    Quantity,
    is_gtin,
    money_untrusted,
    quantity_untrusted,
)

ANSWERS = ("yes", "no", "unstated")
MAX_FEES = 8
MAX_ASKS = 16


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an option: `price` is for one unit of `quantity`."""

    name: str
    price: Money
    quantity: Quantity
    gtin: str | None = None
    sku: str | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """A charge on top; without a price it is known to exist but not how much it is."""

    code: str
    price: Money | None


@dataclass(frozen=True, slots=True)
class Ship:
    """How it comes. Without a price the cost is not stated; `hours` until it is there, or ready."""

    mode: str
    price: Money | None
    hours: int | None


@dataclass(frozen=True, slots=True)
class Tax:
    """Whether the prices hold the tax, and if not, how much comes on top, if stated."""

    included: bool
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One way to meet the need. `meets` says yes, no or unstated for what was asked."""

    id: str
    title: str
    items: tuple[Item, ...]
    ship: Ship
    tax: Tax
    fees: tuple[Fee, ...] = ()
    total: Money | None = None
    condition: str | None = None
    meets: Mapping[str, str] = field(default_factory=dict)
    returns_days: int | None = None
    warranty_months: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A personal field that the vendor wants to know at acceptance, and what for."""

    field: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The body of an offer message.

    Attributes:
        card: id of the vendor's card, 32 bytes.
        terms_choice: ("accept" or "alternative", roster id) for the vendor that is chosen.
        valid_until: UNIX seconds.
    """

    name: str
    card: bytes
    options: tuple[Option, ...]
    salt: bytes
    terms_choice: tuple[str, str]
    valid_until: int
    asks: tuple[Ask, ...] = ()
    note: str | None = None

    def to_body(self) -> bytes:
        """Return the canonical body (OFF-1)."""
        body: dict[str, Tree] = {
            "card": self.card,
            "name": self.name,
            "options": [_option_map(option) for option in self.options],
            "salt": self.salt,
            "terms": {self.terms_choice[0]: self.terms_choice[1]},
            "valid_until": self.valid_until,
        }
        if self.asks:
            body["asks"] = [{"field": ask.field, "purpose": ask.purpose} for ask in self.asks]
        if self.note is not None:
            body["note"] = self.note
        return encode(body)


def _present(**values: Tree | None) -> dict[str, Tree]:
    return {name: value for name, value in values.items() if value is not None}


def _money(money: Money | None) -> dict[str, Tree] | None:
    return None if money is None else money.to_map()


def _option_map(option: Option) -> dict[str, Tree]:
    body: dict[str, Tree] = {
        "id": option.id,
        "items": [_item_map(item) for item in option.items],
        "meets": dict(option.meets),
        "ship": _present(mode=option.ship.mode, price=_money(option.ship.price), hours=option.ship.hours),
        "tax": _present(included=option.tax.included, price=_money(option.tax.price)),
        "title": option.title,
    }
    if option.fees:
        body["fees"] = [_present(code=fee.code, price=_money(fee.price)) for fee in option.fees]
    return body | _present(
        total=_money(option.total),
        condition=option.condition,
        returns_days=option.returns_days,
        warranty_months=option.warranty_months,
    )


def _item_map(item: Item) -> dict[str, Tree]:
    return _present(
        name=item.name,
        price=item.price.to_map(),
        quantity=item.quantity.to_map(),
        gtin=item.gtin,
        sku=item.sku,
        brand=item.brand,
    )


def offer_untrusted(body: bytes) -> Offer:
    """Read an offer.

    Raises:
        Rejected: the body breaks the layout, or its options are in more than one currency.

    Spec: 03 §9 (OFF-1..OFF-7)
    """
    fields = Fields(decode_untrusted(body), "OFF-1")
    options = fields.each("options", 1, MAX_OFFER_OPTIONS, _option)
    if len({option.id for option in options}) != len(options):
        raise Rejected("OFF-3", "two options have one id", "body")
    return Offer(
        name=fields.text("name", MAX_NAME_CHARACTERS),
        card=fields.binary("card", HASH_BYTES),
        options=options,
        salt=fields.binary("salt", 16),
        terms_choice=_terms_choice(fields.fields("terms")),
        valid_until=fields.integer("valid_until", 0, 2**32 - 1),
        asks=fields.each("asks", 1, MAX_ASKS, _ask) if fields.has("asks") else (),
        note=fields.optional("note", lambda name: fields.text(name, MAX_NOTE_TEXT_CHARACTERS)),
    )


def _terms_choice(terms: Fields) -> tuple[str, str]:
    names = terms.keys() & {"accept", "alternative"}
    if len(names) != 1:
        raise Rejected("OFF-2", "terms is neither one acceptance nor one alternative", "body")
    (name,) = names
    return name, terms.string(name, MAX_ID_CHARACTERS)


def _ask(value: Value) -> Ask:
    fields = Fields(value, "OFF-6")
    return Ask(fields.string("field", 32), fields.string("purpose", 32))


def _option(value: Value) -> Option:
    fields = Fields(value, "OFF-3")
    option = Option(
        id=fields.string("id", 8),
        title=fields.text("title", MAX_NAME_CHARACTERS),
        items=fields.each("items", 1, MAX_OPTION_ITEMS, _item),
        ship=_ship(fields.fields("ship")),
        tax=_tax(fields.fields("tax")),
        fees=fields.each("fees", 1, MAX_FEES, _fee) if fields.has("fees") else (),
        total=fields.optional("total", lambda name: money_untrusted(fields.value(name))),
        condition=_condition(fields),
        meets=_meets(fields.fields("meets")) if fields.has("meets") else {},
        returns_days=fields.optional("returns_days", lambda name: fields.integer(name, 0, 3650)),
        warranty_months=fields.optional("warranty_months", lambda name: fields.integer(name, 0, 1200)),
    )
    if len({money.currency for money in _moneys(option)}) > 1:
        raise Rejected("OFF-4", "an option has more than one currency", "body")
    return option


def _condition(fields: Fields) -> str | None:
    condition = fields.optional("condition", lambda name: fields.string(name, 16))
    if condition is not None and condition not in CONDITIONS:
        raise fields.fail("condition", "one of " + ", ".join(CONDITIONS))
    return condition


def _meets(fields: Fields) -> dict[str, str]:
    names = sorted(fields.keys())
    if len(names) > MAX_DETAILS + 8:
        raise fields.fail("meets", "that short")
    answers = {name: fields.string(name, 8) for name in names}
    if not set(answers.values()) <= set(ANSWERS):
        raise fields.fail("meets", "yes, no or unstated for each")
    return answers


def _item(value: Value) -> Item:
    fields = Fields(value, "OFF-3")
    gtin = fields.optional("gtin", lambda name: fields.string(name, 14))
    if gtin is not None and not is_gtin(gtin):
        raise Rejected("VOC-4", "gtin is no GTIN, or its check digit is wrong", "body")
    quantity = quantity_untrusted(fields.value("quantity"))
    if quantity.value == 0:
        raise fields.fail("quantity", "more than 0: an option of nothing would cost nothing")
    return Item(
        name=fields.text("name", MAX_NAME_CHARACTERS),
        price=money_untrusted(fields.value("price")),
        quantity=quantity,
        gtin=gtin,
        sku=fields.optional("sku", lambda name: fields.text(name, 64)),
        brand=fields.optional("brand", lambda name: fields.text(name, MAX_NAME_CHARACTERS)),
    )


def _price(fields: Fields) -> Money | None:
    return fields.optional("price", lambda name: money_untrusted(fields.value(name)))


def _ship(fields: Fields) -> Ship:
    mode = fields.string("mode", 16)
    if mode not in HOWS:
        raise fields.fail("mode", "one of " + ", ".join(HOWS))
    return Ship(mode, _price(fields), fields.optional("hours", lambda name: fields.integer(name, 0, 24 * 3650)))


def _tax(fields: Fields) -> Tax:
    return Tax(fields.flag("included"), _price(fields))


def _fee(value: Value) -> Fee:
    fields = Fields(value, "OFF-3")
    return Fee(fields.text("code", 32), _price(fields))


def _moneys(option: Option) -> list[Money]:
    parts = [item.price for item in option.items] + [fee.price for fee in option.fees]
    parts += [option.ship.price, option.tax.price, option.total]
    return [money for money in parts if money is not None]


@dataclass(frozen=True, slots=True)
class Landed:
    """What an option costs when it has arrived, from what it states.

    Attributes:
        known: sum of all stated parts.
        total: the whole, or None where a part is not stated.
        missing: names of the parts that are not stated.
        contradicts: the vendor's own total differs from the sum of its parts.
    """

    items: Money
    ship: Money | None
    tax: Money | None
    fees: Money | None
    known: Money
    total: Money | None
    missing: tuple[str, ...]
    contradicts: bool


def landed(option: Option) -> Landed:
    """Return the total landed cost: items, shipping, tax, fees; what is not stated is never 0 (OFF-8, OFF-9)."""
    currency = option.items[0].price.currency
    items = sum(_line(item) for item in option.items)
    missing: list[str] = []
    if option.ship.price is None and option.ship.mode in ("deliver", "onsite"):
        missing.append("ship")
    if not option.tax.included and option.tax.price is None:
        missing.append("tax")
    missing += [f"fee {fee.code}" for fee in option.fees if fee.price is None]
    ship = option.ship.price.minor if option.ship.price else 0
    tax = option.tax.price.minor if option.tax.price and not option.tax.included else 0
    fees = sum(fee.price.minor for fee in option.fees if fee.price)
    known = Money(currency, items + ship + tax + fees)
    return Landed(
        items=Money(currency, items),
        ship=None if "ship" in missing else Money(currency, ship),
        tax=None if "tax" in missing else Money(currency, tax),
        fees=None if any(fee.price is None for fee in option.fees) else Money(currency, fees),
        known=known,
        total=None if missing else known,
        missing=tuple(missing),
        contradicts=option.total is not None and not missing and option.total != known,
    )


def _line(item: Item) -> int:
    """Price times quantity in minor units, half a unit rounded up (OFF-8)."""
    denominator: int = 10**item.quantity.scale
    return (2 * item.price.minor * item.quantity.value + denominator) // (2 * denominator)
