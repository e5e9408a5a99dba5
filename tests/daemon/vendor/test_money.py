"""Prices as shops write them: read for certain, or refused with the flag that settles it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.records.vocabulary import Money
from intentcastd.data import currencies
from intentcastd.vendor.money import BadPrice, Mark, read_decimal, read_price


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("12.50", None, 1250),
        ("12.5", None, 1250),
        ("50", None, 5000),
        (" 0.99 ", None, 99),
        ("1 299.50", None, 129_950),
        ("1\u202f299", None, 129_900),
        ("1'299.50", None, 129_950),
        ("1299.000", None, 129_900),
        ("12.50 EUR", None, 1250),
        ("1.299,00", "comma", 129_900),
        ("1.299", "comma", 129_900),
        ("12,5", "comma", 1250),
        ("1,299.00", "point", 129_900),
        ("1,299", "point", 129_900),
        ("12,34,567.50", "point", 123_456_750),
    ],
)
def test_a_price_that_has_one_meaning_is_read(text: str, mark: Mark | None, minor: int) -> None:
    assert read_price(text, "EUR", mark) == Money("EUR", minor)


@pytest.mark.parametrize("text", ["1.299", "1,299", "1.299,00", "1,299.00", "12,50", "1.299.000"])
def test_a_price_with_two_readings_is_refused_with_the_flag_to_add(text: str) -> None:
    with pytest.raises(BadPrice) as refused:
        read_price(text, "EUR")

    assert "--decimal comma" in refused.value.fix
    assert "--decimal point" in refused.value.fix
    assert text in refused.value.what


@pytest.mark.parametrize("mark", [None, "comma", "point"])
def test_a_number_that_no_notation_has_is_refused_whatever_the_flag(mark: Mark | None) -> None:
    with pytest.raises(BadPrice) as refused:
        read_price("1,299,00", "EUR", mark)

    assert "could" not in refused.value.what


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "missing"),
        ("0.00", "price is 0"),
        ("0", "price is 0"),
        ("-3.00", "below zero"),
        ("free", "not a number"),
        ("€5", "not a number"),
        ("5.", "decimal mark"),
        ("1.2345", "decimals"),
        ("99999999999999999.00", "too large"),
        ("9" * 60, "too long"),
        ("12 50", "gaps"),
        ("٥", "not a number"),
    ],
)
def test_what_is_no_price_is_refused_with_a_reason(text: str, word: str) -> None:
    with pytest.raises(BadPrice, match=word):
        read_price(text, "EUR")


@pytest.mark.parametrize(
    ("currency", "minor"), [("JPY", 1200), ("EUR", 120_000), ("KWD", 1_200_000), ("CLF", 12_000_000)]
)
def test_minor_units_follow_the_decimals_of_the_currency(currency: str, minor: int) -> None:
    assert read_price("1200", currency) == Money(currency, minor)


def test_three_decimals_of_a_dinar_need_the_flag_too() -> None:
    with pytest.raises(BadPrice, match="not certain"):
        read_price("1.250", "KWD")

    assert read_price("1.250", "KWD", "point") == Money("KWD", 1250)
    # No thousand is grouped behind a nought, nor behind four digits.
    assert read_price("0.250", "KWD") == Money("KWD", 250)
    assert read_price("1234.250", "KWD") == Money("KWD", 1_234_250)


def test_yen_have_no_decimals_but_may_be_written_with_noughts() -> None:
    assert read_price("1200.00", "JPY") == Money("JPY", 1200)
    with pytest.raises(BadPrice, match="0 decimals"):
        read_price("1200.50", "JPY")


def test_an_unknown_currency_has_no_amounts() -> None:
    with pytest.raises(BadPrice, match="ISO 4217"):
        read_price("5", "XAU")


def test_settings_take_nothing_but_digits_and_a_point() -> None:
    assert read_decimal("0.00", "EUR") == Money("EUR", 0)
    assert read_decimal("1.299", "KWD") == Money("KWD", 1299)
    for text in ("4,90", "4.90 EUR", "-1", "", "1e3", "1_000"):
        with pytest.raises(BadPrice):
            read_decimal(text, "EUR")


@given(st.integers(1, 2**53 - 1), st.sampled_from(sorted(currencies.decimals())))
def test_an_amount_written_in_full_is_read_back(minor: int, currency: str) -> None:
    text = currencies.amount_text(currency, minor)

    assert read_decimal(text, currency) == Money(currency, minor)
    assert read_price(text, currency, "point") == Money(currency, minor)


@given(st.text(max_size=50), st.sampled_from([None, "comma", "point"]))
def test_any_text_is_a_positive_price_or_refused(text: str, mark: Mark | None) -> None:
    try:
        price = read_price(text, "EUR", mark)
    except BadPrice:
        return
    assert price.minor > 0


def test_every_active_currency_has_its_decimals() -> None:
    places = currencies.decimals()

    assert {code for code, count in places.items() if count == 3} == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert {code for code, count in places.items() if count == 4} == {"CLF", "UYW"}
    assert {"JPY", "KRW", "VND", "XOF", "XPF", "ISK"} <= {code for code, count in places.items() if count == 0}
    assert not {"XAU", "XDR", "XTS", "XUA"} & set(places)
