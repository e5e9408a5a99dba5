"""The words that records share, by their laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intentcast.encoding.canonical import decode_untrusted, encode
from intentcast.ids import RelayKey
from intentcast.records.fields import is_plain_text
from intentcast.records.relay_card import Address, parse_relay_line, relay_line
from intentcast.records.vocabulary import (
    Area,
    AreaFilter,
    Money,
    Quantity,
    area_filter_untrusted,
    area_untrusted,
    gtin14,
    is_category,
    is_gtin,
    money_untrusted,
    on_branch,
    quantity_untrusted,
)

levels = st.lists(st.integers(1, 9999), max_size=8)
codes = st.builds(lambda root, rest: "-".join([root, *map(str, rest)]), st.sampled_from(["bt", "aa", "se"]), levels)
names = st.text("abcdefgh äé", min_size=1, max_size=20).filter(is_plain_text)
subs = st.none() | st.sampled_from(["GB-GLG", "GB-STG", "DE-BY"])
ids = st.none() | st.integers(1, 2**31 - 1)
areas = st.builds(Area, st.sampled_from(["GB", "DE"]), names, st.integers(50_000, 10**10), subs, ids)
filters = st.builds(AreaFilter, st.sampled_from(["GB", "DE"]), subs, st.none() | names, ids)


@given(codes, codes)
def test_two_codes_are_on_one_branch_exactly_if_one_path_begins_with_the_other(one: str, other: str) -> None:
    """VOC-2."""
    a, b = one.split("-"), other.split("-")
    shorter = min(len(a), len(b))

    assert is_category(one)
    assert on_branch(one, other) == on_branch(other, one) == (a[:shorter] == b[:shorter])


@given(codes, st.integers(1, 999))
def test_a_code_is_on_the_branch_of_what_is_below_it_and_not_of_what_only_looks_so(code: str, more: int) -> None:
    assert on_branch(code, code)
    assert on_branch(code, f"{code}-{more}")
    if code[-1].isdigit():
        assert not on_branch(code, f"{code}{more}")


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_of_ten_last_digits_exactly_one_makes_a_gtin(length: int, data: st.DataObject) -> None:
    """VOC-4."""
    digits = data.draw(st.text("0123456789", min_size=length, max_size=length))

    sound = [digits + last for last in "0123456789" if is_gtin(digits + last)]

    assert len(sound) == 1
    assert is_gtin(gtin14(sound[0]))


@given(st.sampled_from(["4006381333931", "036000291452", "40170725"]), st.data())
def test_every_wrong_digit_of_a_gtin_is_found(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    digit = data.draw(st.sampled_from([other for other in "0123456789" if other != code[at]]))

    assert not is_gtin(code[:at] + digit + code[at + 1 :])


@given(st.text(max_size=16))
def test_any_text_is_a_gtin_or_not(text: str) -> None:
    assert is_gtin(text) in (True, False)


@given(st.builds(Money, st.sampled_from(["EUR", "GBP", "JPY"]), st.integers(0, 2**53 - 1)))
def test_money_is_read_as_it_was_written(money: Money) -> None:
    assert money_untrusted(decode_untrusted(encode(money.to_map()))) == money


@given(st.builds(Quantity, st.integers(0, 2**53 - 1), st.sampled_from(["C62", "KGM", "4L"]), st.integers(0, 6)))
def test_a_quantity_is_read_as_it_was_written(quantity: Quantity) -> None:
    assert quantity_untrusted(decode_untrusted(encode(quantity.to_map()))) == quantity


@given(areas)
def test_an_area_is_read_as_it_was_written_and_covered_by_its_country(area: Area) -> None:
    assert area_untrusted(decode_untrusted(encode(area.to_map()))) == area
    assert AreaFilter(area.country).covers(area)
    assert AreaFilter(area.country, area.sub, area.name, area.id).covers(area)


@given(filters, areas)
def test_a_filter_covers_what_it_does_not_contradict(wanted: AreaFilter, area: Area) -> None:
    """VOC-8."""
    assert area_filter_untrusted(decode_untrusted(encode(wanted.to_map()))) == wanted
    assert wanted.covers(None)
    if wanted.country != area.country:
        assert not wanted.covers(area)
    elif wanted.id is not None and area.id is not None:
        assert wanted.covers(area) == (wanted.id == area.id)


hosts = st.sampled_from(["127.0.0.1", "2001:db8::1", "relay.example", "a-b.c", "xn--bcher-kva.example"])


@given(st.binary(min_size=32, max_size=32), hosts, st.integers(1, 65535))
def test_a_relay_line_is_read_as_it_was_written(key: bytes, host: str, port: int) -> None:
    """REL-4."""
    assert parse_relay_line(relay_line(RelayKey(key), Address(host, port))) == (key, Address(host, port))
