"""Bodies: what is written is read back, altered ones are a record or a fault, and costs never hide what is not stated."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.encoding.canonical import decode_untrusted, encode
from intentcast.errors import Ignored, Rejected
from intentcast.ids import EnvelopeId, RelayKey
from intentcast.records.close import REASONS, Close, close_untrusted
from intentcast.records.envelope import RFP, envelope_untrusted
from intentcast.records.fields import is_plain_text
from intentcast.records.offer import Fee, Item, Offer, Option, Ship, Tax, landed, offer_untrusted
from intentcast.records.relay_card import Address, RelayCard, relay_card_untrusted
from intentcast.records.rfp import Rfp, rfp_untrusted, rounded_expiry, routing_untrusted
from intentcast.records.terms import Proffer, TermsRef, proffer_untrusted
from intentcast.records.vendor_card import VendorCard, vendor_card_untrusted
from intentcast.records.vocabulary import CONDITIONS, GRAINS, HOWS, Area, AreaFilter, Band, Money, Quantity, When
from intentcast.testing.samples import T0, Samples
from intentcast.units import UnixSeconds

keys = st.binary(min_size=32, max_size=32)
salts = st.binary(min_size=16, max_size=16)
texts = st.text(min_size=1, max_size=60).filter(is_plain_text)
words = st.text("abcdefgh.", min_size=1, max_size=20)
moneys = st.builds(Money, st.just("GBP"), st.integers(0, 10**9))
quantities = st.builds(Quantity, st.integers(1, 10**6), st.sampled_from(["C62", "KGM"]), st.integers(0, 3))
refs = st.builds(TermsRef, st.sampled_from(["PDC-INTENT", "SD-BASE"]), keys)
proffers = st.builds(Proffer, refs, st.lists(refs, min_size=1, max_size=4).map(tuple))
details = st.dictionaries(words, st.booleans() | st.integers(-(10**9), 10**9) | texts | quantities, max_size=6)
rfps = st.builds(
    Rfp,
    category=st.sampled_from(["bt", "bt-6-3-2"]),
    kind=st.sampled_from(["goods", "service", "rental"]),
    quantity=quantities,
    boards=st.sets(keys, min_size=1, max_size=3).map(lambda found: tuple(map(RelayKey, sorted(found)))),
    box=keys,
    salt=salts,
    terms=proffers,
    shard=st.integers(0, 32),
    area=st.none() | st.builds(Area, st.just("GB"), texts, st.integers(50_000, 10**7), st.none() | st.just("GB-GLG")),
    budget=st.none()
    | st.builds(lambda low, more: Band("GBP", low, low + more), st.integers(0, 10**6), st.integers(1, 10**6)),
    condition=st.none() | st.sampled_from(CONDITIONS),
    details=details,
    gtin=st.none() | st.just("4006381333931"),
    how=st.sets(st.sampled_from(HOWS)).map(lambda found: tuple(sorted(found))),
    service=st.none() | st.just("repair.plumbing"),
    text=st.none() | texts,
    when=st.none() | st.builds(When, st.integers(0, 2**32 - 1), st.sampled_from(GRAINS)),
    work=st.none() | st.integers(1, 40),
)
fees = st.builds(Fee, texts.map(lambda text: text[:32]), st.none() | moneys)
options = st.builds(
    Option,
    id=st.just("1"),
    title=texts,
    items=st.lists(st.builds(Item, texts, moneys, quantities), min_size=1, max_size=4).map(tuple),
    ship=st.builds(Ship, st.sampled_from(HOWS), st.none() | moneys, st.none() | st.integers(0, 500)),
    tax=st.builds(Tax, st.booleans(), st.none() | moneys),
    fees=st.lists(fees, max_size=3).map(tuple),
    total=st.none() | moneys,
    meets=st.dictionaries(words, st.sampled_from(["yes", "no", "unstated"]), max_size=5),
)
offers = st.builds(
    Offer,
    texts,
    keys,
    st.lists(options, min_size=1, max_size=1).map(tuple),
    salts,
    st.just(("accept", "SD-BASE")),
    st.integers(0, 2**32 - 1),
)
areas = st.builds(
    AreaFilter, st.just("GB"), st.none() | st.just("GB-GLG"), st.none() | texts, st.none() | st.integers(1, 9)
)


@given(rfps, st.integers(0, 50))
def test_an_rfp_is_read_as_it_was_written(rfp: Rfp, padding: int) -> None:
    body = rfp.to_body() + bytes(padding)

    assert rfp_untrusted(body) == rfp
    assert routing_untrusted(body).category == rfp.category
    assert routing_untrusted(body).boards == rfp.boards


@given(offers)
def test_an_offer_is_read_as_it_was_written(offer: Offer) -> None:
    assert offer_untrusted(offer.to_body()) == offer


@given(keys, st.sampled_from(REASONS))
def test_a_close_is_read_as_it_was_written(rfp: bytes, reason: str) -> None:
    close = Close(EnvelopeId(rfp), reason)

    assert close_untrusted(close.to_body() + bytes(9)) == close


@given(st.sets(st.sampled_from(["board", "circuit", "exit", "later"])), st.integers(1, 65535), st.none() | texts)
def test_a_relay_card_is_read_as_it_was_written(features: set[str], port: int, name: str | None) -> None:
    card = RelayCard((Address("relay.example", port),), tuple(sorted(features)), name)

    assert relay_card_untrusted(card.to_body()) == card


@given(texts, keys, st.lists(areas, max_size=4), salts, st.none() | st.just("pram.example"))
def test_a_vendor_card_is_read_as_it_was_written(
    name: str, box: bytes, where: list[AreaFilter], salt: bytes, domain: str | None
) -> None:
    card = VendorCard(name, box, tuple(where), ("bt-6", "se"), "GBP", ("PDC-INTENT", "SD-BASE"), salt, domain)

    assert vendor_card_untrusted(card.to_body()) == card


@given(proffers)
def test_terms_are_read_as_they_were_written_and_their_hash_says_which(proffer: Proffer) -> None:
    """TRM-3."""
    again = proffer_untrusted(decode_untrusted(encode(proffer.to_map())))

    assert again == proffer
    assert again.hash == proffer.hash
    assert Proffer(proffer.everyone, proffer.chosen[::-1]).hash == proffer.hash or len(proffer.chosen) > 1


def test_a_writer_orders_what_a_card_lists() -> None:
    """VEN-3, REL-3."""
    card = VendorCard("Pram Palace", bytes(32), (), ("se", "bt-6"), "GBP", ("SD-BASE", "PDC-INTENT"), bytes(16))
    relay = RelayCard((Address("relay.example", 1),), ("exit", "board"))

    assert vendor_card_untrusted(card.to_body()).categories == ("bt-6", "se")
    assert vendor_card_untrusted(card.to_body()).terms == ("PDC-INTENT", "SD-BASE")
    assert relay_card_untrusted(relay.to_body()).features == ("board", "exit")


def test_a_writer_leaves_out_what_has_no_value() -> None:
    """REC-2."""
    rfp = Samples().buyer((RelayKey(bytes(32)),)).rfp
    bare = Rfp(rfp.category, rfp.kind, Quantity(1), rfp.boards, rfp.box, rfp.salt, rfp.terms)
    fields = decode_untrusted(bare.to_body())

    assert isinstance(fields, dict)
    assert sorted(fields) == ["boards", "box", "category", "kind", "quantity", "salt", "shard", "terms"]
    assert fields["quantity"] == {"unit": "C62", "value": 1}


READERS: list[Callable[[bytes], object]] = [
    rfp_untrusted,
    routing_untrusted,
    close_untrusted,
    relay_card_untrusted,
    vendor_card_untrusted,
    offer_untrusted,
]


def outcome(read: Callable[[bytes], object], body: bytes) -> str:
    """Return what becomes of a body; anything but a verdict goes through to the test."""
    try:
        read(body)
    except (Rejected, Ignored) as error:
        return error.rule
    return "read"


@pytest.mark.parametrize("read", READERS)
@given(data=st.data())
def test_an_altered_body_is_a_record_or_a_verdict(read: Callable[[bytes], object], data: st.DataObject) -> None:
    body = bytearray(data.draw(st.one_of(rfps.map(Rfp.to_body), offers.map(Offer.to_body))))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))

    assert outcome(read, bytes(body))


trees = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.binary(max_size=33) | st.text("ab", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["category", "boards", "area", "id"]), inner)
    ),
    max_leaves=8,
)
FIELDS = (
    sorted(Rfp.__dataclass_fields__)
    + sorted(Offer.__dataclass_fields__)
    + ["addresses", "features", "reason", "rfp", "crit"]
)


@pytest.mark.parametrize("read", READERS)
@given(change=st.dictionaries(st.sampled_from(FIELDS), trees, min_size=1, max_size=3))
def test_a_field_of_any_type_is_taken_or_refused(read: Callable[[bytes], object], change: dict[str, object]) -> None:
    """Canonical bodies with wrong types get past the encoding, so each reader has to judge them."""
    samples = Samples()
    for body in (samples.buyer((RelayKey(bytes(32)),)).rfp.to_body(), samples.offer(bytes(32)).to_body()):
        fields = decode_untrusted(body)
        assert isinstance(fields, dict)
        assert outcome(read, encode({**fields, **change}))  # type: ignore[dict-item]


@given(options)
def test_a_total_is_known_exactly_if_nothing_is_missing(option: Option) -> None:
    """OFF-9: what is not stated is never 0."""
    cost = landed(option)

    assert (cost.total is None) == bool(cost.missing)
    assert (cost.tax is None) == (not option.tax.included and option.tax.price is None)
    assert (cost.fees is None) == any(fee.price is None for fee in option.fees)
    assert (cost.ship is None) == (option.ship.price is None and option.ship.mode in ("deliver", "onsite"))
    stated = [part.minor for part in (cost.items, cost.ship, cost.tax, cost.fees) if part is not None]
    if cost.total is not None:
        assert cost.total == cost.known == Money("GBP", sum(stated))
    assert cost.contradicts == (option.total is not None and cost.total is not None and option.total != cost.total)


@given(options, moneys)
def test_stating_a_price_never_makes_an_option_cheaper(option: Option, price: Money) -> None:
    before = landed(option).known.minor
    dearer = Option(
        **{**{name: getattr(option, name) for name in Option.__slots__}, "fees": (*option.fees, Fee("more", price))}
    )

    assert landed(dearer).known.minor == before + price.minor


@given(st.integers(0, 10**9), st.integers(1, 14 * 86_400))
def test_an_expiry_is_rounded_up_by_less_than_a_step(now: int, life: int) -> None:
    """RFP-3."""
    step = 600 if life < 86_400 else 86_400
    expires = rounded_expiry(UnixSeconds(now), life)

    assert expires % step == 0
    assert 0 <= expires - (now + life) < step


def test_a_vendor_may_keep_unknown_keys_of_an_rfp_by_keeping_its_bytes() -> None:
    """REC-1: the bytes that travel are those that were signed, whatever a reader understands of them."""
    samples = Samples()
    key = samples.key()
    buyer = samples.buyer((RelayKey(key.public),))
    fields = decode_untrusted(buyer.rfp.to_body())
    assert isinstance(fields, dict)
    data = samples.public(RFP, encode({**fields, "later": {"a": 1}}), buyer.key, UnixSeconds(T0 + 86_400))

    envelope = envelope_untrusted(data)

    assert rfp_untrusted(envelope.body) == buyer.rfp
    assert envelope.data == data
    assert b"later" in envelope.body
