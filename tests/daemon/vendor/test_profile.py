"""vendor.toml: read strictly, refused with key, file and what to do; written ready to use."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.records.offer import Ask, Fee
from intentcast.records.vocabulary import AreaFilter, Money
from intentcastd.vendor.profile import BadProfile, Profile, load_profile, read_profile
from intentcastd.vendor.profile_template import profile_text, write_profile

FULL = """
name = "Pedal & Co"
currency = "EUR"
domain = "pedal.example"
categories = ["sg-4-4"]
terms = ["PDC-INTENT", "SD-BASE"]
valid_hours = 24
note = "Open since 1987."

[[areas]]
country = "AT"
sub = "AT-9"

[tax]
included = false
percent = "20"

[[shipping]]
name = "Parcel"
mode = "deliver"
price = "4.90"
hours = 48
free_above = "80"
areas = [{ country = "AT" }, { country = "DE", name = "München" }]

[opening]
tz = "Europe/Vienna"
monday = "09:00-12:30, 14:00-18:00"

[[fees]]
code = "packaging"

[[asks]]
field = "email"
purpose = "delivery"
"""


def test_every_key_is_read() -> None:
    profile = read_profile(FULL.encode(), "vendor.toml")

    assert profile.name == "Pedal & Co"
    assert profile.areas == (AreaFilter("AT", "AT-9"),)
    assert (profile.tax.included, profile.tax.percent) == (False, Decimal(20))
    (row,) = profile.shipping
    assert (row.mode, row.price, row.hours, row.free_above) == ("deliver", Money("EUR", 490), 48, Money("EUR", 8000))
    assert row.areas == (AreaFilter("AT"), AreaFilter("DE", name="München"))
    assert profile.opening is not None
    assert profile.opening.hours == {0: ((540, 750), (840, 1080))}
    assert profile.fees == (Fee("packaging", None),)
    assert profile.asks == (Ask("email", "delivery"),)
    assert profile.valid_hours == 24


def test_what_is_left_out_has_its_documented_value(shop: Callable[..., Profile]) -> None:
    profile = shop()

    assert (profile.asks, profile.fees, profile.opening, profile.valid_hours) == ((), (), None, 48)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("valid_hours = 24", "valid_hour = 24", "valid_hour"),
        ("free_above", "free_over", "shipping[0].free_over"),
        ('price = "4.90"', 'price = "4,90"', "shipping[0].price"),
        ('price = "4.90"', "price = 4.90", "shipping[0].price"),
        ('mode = "deliver"', 'mode = "drone"', "shipping[0].mode"),
        ('currency = "EUR"', 'currency = "EURO"', "currency"),
        ('"AT-9"', '"DE-BY"', "areas"),
        ('percent = "20"', 'percent = "twenty"', "tax.percent"),
        ('percent = "20"', 'percent = "101"', "tax.percent"),
        ("Europe/Vienna", "Europe/Wien", "opening.tz"),
        ("Europe/Vienna", "../../etc/passwd", "opening.tz"),
        ("14:00-18:00", "11:00-18:00", "opening.monday"),
        ("14:00-18:00", "14:00-25:00", "opening.monday"),
        ('field = "email"', 'field = "passport"', "asks[0].field"),
        ('["sg-4-4"]', '["bikes"]', "categories"),
        ("included = false", "", "tax.included"),
        ('"pedal.example"', '"https://pedal.example"', "domain"),
        ('"Open since 1987."', '"Open\\u202esince"', "note"),
    ],
)
def test_a_wrong_key_is_refused_with_its_name_and_the_file(before: str, after: str, key: str) -> None:
    assert before in FULL

    with pytest.raises(BadProfile) as refused:
        read_profile(FULL.replace(before, after, 1).encode(), "shop/vendor.toml")

    assert refused.value.what.startswith("shop/vendor.toml: ")
    assert f'"{key}"' in refused.value.what
    assert refused.value.why
    assert refused.value.fix


def test_what_is_no_toml_is_refused_with_the_line() -> None:
    with pytest.raises(BadProfile, match="line 2"):
        read_profile(b"name = [\nname", "vendor.toml")
    with pytest.raises(BadProfile, match="UTF-8"):
        read_profile(b"name = '\xff'", "vendor.toml")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_profile_or_refused(data: bytes) -> None:
    with pytest.raises(BadProfile):
        read_profile(data, "vendor.toml")


def test_init_writes_a_file_that_is_ready_to_use(tmp_path: Path) -> None:
    path = tmp_path / "vendor.toml"

    write_profile(path, 'Ana\'s "Best" Bikes', "EUR", (AreaFilter("AT", "AT-9"), AreaFilter("DE", name="München")))

    profile = load_profile(path)
    assert profile.name == 'Ana\'s "Best" Bikes'
    assert profile.areas == (AreaFilter("AT", "AT-9"), AreaFilter("DE", name="München"))
    assert path.read_text("utf-8").count("#") > 10


def test_every_commented_example_of_the_template_is_valid() -> None:
    text = profile_text("Shop", "EUR", (AreaFilter("AT"),), domain="shop.example")
    examples = [
        line[2:] if line.startswith("# ") and (" = " in line or line.startswith("# [")) else line
        for line in text.splitlines()
    ]

    profile = read_profile("\n".join(examples).encode(), "vendor.toml")

    assert profile.fees
    assert profile.asks
    assert profile.opening
    assert len(profile.shipping) == 2


def test_init_overwrites_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "vendor.toml"
    path.write_text("mine")

    with pytest.raises(BadProfile, match="already"):
        write_profile(path, "Shop", "EUR", (AreaFilter("AT"),))
    assert path.read_text() == "mine"

    write_profile(path, "Shop", "EUR", (AreaFilter("AT"),), force=True)
    assert load_profile(path).name == "Shop"
    assert [each.name for each in tmp_path.iterdir()] == ["vendor.toml"]


def test_init_with_wrong_answers_writes_nothing(tmp_path: Path) -> None:
    for currency, areas in (("EURO", (AreaFilter("AT"),)), ("EUR", ())):
        with pytest.raises(BadProfile):
            write_profile(tmp_path / "vendor.toml", "Shop", currency, areas)
    assert list(tmp_path.iterdir()) == []


def test_a_profile_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match="vendor init"):
        load_profile(tmp_path / "vendor.toml")
