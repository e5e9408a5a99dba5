"""An item as plain data that JSON can hold, and back: what the store keeps."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from intentcast.records.vocabulary import AreaFilter, Money
from intentcastd.vendor.catalogue.item import Item, Stock, TaxStatus
from intentcastd.vendor.stated import Spans, Stated, Texts


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    sku: str
    handle: str
    title: str
    currency: str
    minor: int
    line: int
    kind: str = "goods"
    unit: str = "C62"
    brand: str | None = None
    category: str | None = None
    texts: dict[str, tuple[str, ...]] = {}
    spans: dict[str, tuple[str, tuple[tuple[Decimal, Decimal], ...]]] = {}
    flags: dict[str, bool] = {}
    gtin: str | None = None
    condition: str | None = None
    stock: Stock = Stock.IN_STOCK
    words: tuple[str, ...] = ()
    service: str | None = None
    areas: tuple[tuple[str, str | None, str | None, int | None], ...] = ()
    lead_hours: int | None = None
    tax: TaxStatus = "full"


_DECODER = msgspec.json.Decoder(_Record)


def to_json(item: Item) -> bytes:
    """Return the item as one JSON object."""
    stated = item.attributes
    return msgspec.json.encode(
        _Record(
            sku=item.sku,
            handle=item.handle,
            title=item.title,
            currency=item.price.currency,
            minor=item.price.minor,
            line=item.line,
            kind=item.kind,
            unit=item.unit,
            brand=item.brand,
            category=item.category,
            texts={name: value.values for name, value in stated.items() if isinstance(value, Texts)},
            spans={name: (value.unit, value.spans) for name, value in stated.items() if isinstance(value, Spans)},
            flags={name: value for name, value in stated.items() if isinstance(value, bool)},
            gtin=item.gtin,
            condition=item.condition,
            stock=item.stock,
            words=item.words,
            service=item.service,
            areas=tuple((area.country, area.sub, area.name, area.id) for area in item.areas),
            lead_hours=item.lead_hours,
            tax=item.tax,
        )
    )


def from_json(data: bytes) -> Item:
    """Return the item that `to_json` wrote.

    Raises:
        msgspec.DecodeError: our own store holds something else.
    """
    record = _DECODER.decode(data)
    attributes: dict[str, Stated] = {name: Texts(values) for name, values in record.texts.items()}
    attributes |= {name: Spans(unit, spans) for name, (unit, spans) in record.spans.items()}
    attributes |= record.flags
    return Item(
        sku=record.sku,
        handle=record.handle,
        title=record.title,
        price=Money(record.currency, record.minor),
        line=record.line,
        kind=record.kind,
        unit=record.unit,
        brand=record.brand,
        category=record.category,
        attributes=attributes,
        gtin=record.gtin,
        condition=record.condition,
        stock=record.stock,
        words=record.words,
        service=record.service,
        areas=tuple(AreaFilter(*area) for area in record.areas),
        lead_hours=record.lead_hours,
        tax=record.tax,
    )
