"""Sentences as people write them, field by field. None of them is from a collection."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from intentcast.units import UnixSeconds
from intentcastd.buyer.need import Need, Unclear
from intentcastd.buyer.profile import NOBODY, Profile
from intentcastd.buyer.reading import read
from intentcastd.data import currencies

# Sunday, 08:00 UTC.
NOW = UnixSeconds(int(datetime(2026, 11, 22, 8, 0, tzinfo=UTC).timestamp()))


def reading(text: str, profile: Profile = NOBODY) -> Need:
    return read(text, NOW, profile)


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("Looking for a used baby grand piano, Manchester", "ae-2-8-6"),
        ("anyone selling a second hand pram?", "bt-6-3"),
        ("phone case for an old Fairphone", "el-4-8-4-2"),
        ("need a phone, the old one is dead", "el-4-8-5"),
        ("a proper cast iron skillet, 12 inch", "hg-11-2-3-13"),
        ("still no rucksack for the hike", "lb-1"),
        ("12 wine glasses for a dinner", "hg-11-10-5"),
        ("60 presure treated fence posts", "ha-3-4"),
        ("Used Toyota Hilux diesel", "vp-2-2-1"),
        ("tow bar for 2016 Skoda Octavia", "vp-1-4-18"),
        ("new strings for my guitar", "ae-2-7-13"),
    ],
)
def test_the_category_is_the_thing_and_not_what_it_is_for(text: str, branch: str) -> None:
    category = reading(text).category

    assert category is not None
    assert category.value.startswith(branch)


@pytest.mark.parametrize(
    ("text", "kind", "service"),
    [
        ("Who can fix my dripping kitchen tap?", "service", "repair.plumbing"),
        ("my bike has a flat tyre, who repairs it", "service", "repair.bicycle"),
        ("six folding chairs to borrow for Sunday", "rental", "rental.furniture"),
        ("rent a camper van for ten days", "rental", "rental.vehicle.campervan"),
        ("hire a plumber", "service", "repair.plumbing"),
        ("babysitter for Friday night", "service", "care.child"),
        ("a folding wheelchair, to buy not hire", "goods", None),
        ("recently serviced Seiko", "goods", None),
    ],
)
def test_what_is_done_with_the_thing(text: str, kind: str, service: str | None) -> None:
    need = reading(text)

    assert need.kind.value == kind
    assert (need.service.value if need.service else None) == service


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("two olive trees in Nice", "Nice", "FR"),
        ("a bath mat in nice condition, Bath", "Bath", "GB"),
        ("a reading lamp in Reading", "Reading", "GB"),
        ("cork floor near Cork", "Cork", "IE"),
        ("used bike, Austin TX", "Austin TX", "US"),
        ("a jigsaw puzzle, Halifax, NS", "Halifax, NS", "CA"),
        ("a desk, Halifax", "Halifax", "CA"),
        ("extension lead, peckham, today", "peckham", "GB"),
        ("case for a flight out of Gatwick on Tuesday", "Gatwick", "GB"),
        ("man with van, Utrecht to The Hague", "Utrecht", "NL"),
        ("Fridge in München", "München", "DE"),
        ("rosary shipped to Margao, Goa", "Margao, Goa", "IN"),
        ("a pram for the Bronx", "the Bronx", "US"),
    ],
)
def test_a_place_is_told_from_a_word(text: str, place: str, country: str) -> None:
    need = reading(text)

    assert need.area is not None
    assert (need.place, need.area.value.country) == (place, country)
    assert need.area.value.population >= 50_000


@pytest.mark.parametrize(
    "text",
    [
        "a nice bath for reading",
        "cork board, split in two",
        "I need a mobile phone of orange colour",
        "wax for a ford in march",
        "English teacher from Argentina, online",
        "a may pole for the may feast",
    ],
)
def test_words_are_no_places(text: str) -> None:
    assert reading(text).area is None


def test_the_profile_decides_between_places_of_one_name() -> None:
    need = reading("a desk, Halifax", Profile(country="GB"))

    assert need.area is not None
    assert need.area.value.country == "GB"


def test_a_village_becomes_the_larger_place_near_it_and_its_name_stays_home() -> None:
    need = reading("used surfboard in Ericeira")

    assert need.place == "Ericeira"
    assert need.area is not None
    assert need.area.value.country == "PT"
    assert need.area.value.name != "Ericeira"


def test_a_place_that_nobody_knows_is_asked_about() -> None:
    need = reading("I want a kettle in Xyzzyville please, a small one")

    assert (need.area, need.place) == (None, "Xyzzyville")
    assert any("--near" in note for note in need.notes)


@pytest.mark.parametrize(
    ("text", "expected", "grain"),
    [
        ("a pram within 2 hrs, Leeds", "2026-11-22 10:00", "hour"),
        ("a pram by tmrw, Leeds", "2026-11-23 23:59", "day"),
        ("a pram tomorrow before noon, Leeds", "2026-11-23 12:00", "hour"),
        ("a pram today before 7pm, Leeds", "2026-11-22 19:00", "hour"),
        ("a pram on Friday, Leeds", "2026-11-27 23:59", "day"),
        ("a pram by 5 december, Leeds", "2026-12-05 23:59", "day"),
        ("a pram by Dec 20, Leeds", "2026-12-20 23:59", "day"),
        ("a pram before 31 January, Leeds", "2027-01-31 23:59", "day"),
        ("a pram from 20 to 27 January, Leeds", "2027-01-20 23:59", "day"),
        ("a pram by the 30th, Leeds", "2026-11-30 23:59", "day"),
        ("a pram on Christmas Eve, before the 24th, Leeds", "2026-12-24 23:59", "day"),
        ("a pram sometime in January, Leeds", "2027-01-31 23:59", "month"),
        ("a pram in 3 weeks, Leeds", "2026-12-13 23:59", "day"),
        ("a pram next week, Leeds", "2026-11-29 23:59", "day"),
        ("a pram by 24/12, Leeds", "2026-12-24 23:59", "day"),
        ("a pram by 12/24, Denver", "2026-12-24 23:59", "day"),
        ("a pram by 2026-12-01, Leeds", "2026-12-01 23:59", "day"),
        ("a pram by easter, Leeds", "2027-03-28 23:59", "day"),
    ],
)
def test_a_deadline_is_meant_at_the_place(text: str, expected: str, grain: str) -> None:
    need = reading(text)

    assert need.when is not None
    assert datetime.fromtimestamp(need.when.value.by, ZoneInfo(need.tz)).strftime("%Y-%m-%d %H:%M") == expected
    assert need.when.value.grain == grain


@pytest.mark.parametrize(
    "text",
    [
        "cleaner on Mon, Wed and Fri evenings",
        "walk my dog every Tuesday",
        "a tent, used for 3 days only",
        "piano lessons on Saturdays",
        "a christmas tree, asap",
        "bicycle, 10 years old",
        "it broke last Monday, need a new kettle",
        "I sat on my glasses, the sun was low",
    ],
)
def test_what_recurs_or_is_past_is_no_deadline(text: str) -> None:
    assert reading(text).when is None


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("a bed, up to 120 NZD", 120, "NZD"),
        ("a bed in Gothenburg, 3 000 kr", 3000, "SEK"),
        ("a bed in Trondheim, 400 kr at most", 400, "NOK"),
        ("a bed for 28k pesos in Manila", 28000, "PHP"),
        ("a bed in Durban. R2500", 2500, "ZAR"),
        ("a bed, ₦900k", 900_000, "NGN"),
        ("a bed, 200-250 eur", 250, "EUR"),
        ("a bed under $45 in Boulder", 45, "USD"),
        ("a bed under 60 canadian dollars", 60, "CAD"),
        ("a bed in Wellington for $300 tops", 300, "NZD"),
        ("a bed, budget 1,5k EUR", 1500, "EUR"),
        ("a bed for 12,50 €", 12.5, "EUR"),
    ],
)
def test_what_may_be_spent(text: str, amount: float, currency: str) -> None:
    budget = reading(text).budget

    assert budget is not None
    assert budget.value.currency == currency
    assert budget.value.high == amount * 10 ** currencies.decimals()[currency]


@pytest.mark.parametrize(
    "text",
    [
        "boots in size 9E",
        "winter tyres 205/55 R16",
        "My landlord kept my 1,800 euro deposit",
        "16 GB RAM at least",
        "up to 24 kg each",
    ],
)
def test_other_numbers_are_no_budget(text: str) -> None:
    assert reading(text).budget is None


def test_a_bare_number_is_a_price_only_in_the_persons_own_currency() -> None:
    assert reading("a bed, max 300").budget is None
    budget = reading("a bed, max 300", Profile(currency="CHF")).budget
    assert budget is not None
    assert (budget.value.currency, budget.value.high) == ("CHF", 30000)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("sixty pressure treated fence posts", 60, "C62"),
        ("5 kg of unroasted coffee beans", 5, "KGM"),
        ("Two litres of olive oil", 2, "LTR"),
        ("10 boxes of 100 nitrile gloves", 10, "XBX"),
        ("half a dozen eggs", 6, "C62"),
        ("dumbbells x2", 2, "C62"),
        ("a 15kg bag of dog food", 1, "C62"),
        ("an iphone 13 case", 1, "C62"),
        ("Windows 11 licence", 1, "C62"),
        ("dining table for 8 people", 1, "C62"),
        ("2000 piece jigsaw puzzle", 1, "C62"),
        ("Rent 80 plastic chairs", 80, "C62"),
        ("a photographer for 2 hours", 2, "HUR"),
    ],
)
def test_how_much_is_wanted(text: str, value: int, unit: str) -> None:
    quantity = reading(text).quantity.value

    assert (quantity.value, quantity.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a used bike", "used"),
        ("a bike, used is fine", "any"),
        ("a bike, 2nd hand", "used"),
        ("a refurbished laptop", "refurbished"),
        ("refurb is ok too", "any"),
        ("brand new only", "new"),
        ("sealed box only", "new"),
        ("no used ones please", "new"),
        ("I used to have a bike", None),
    ],
)
def test_the_condition(text: str, condition: str | None) -> None:
    guess = reading(text).condition

    assert (guess.value if guess else None) == condition


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("a desk, delivery to Leeds", ("deliver",)),
        ("a desk, I can collect", ("pickup",)),
        ("maths tutor on zoom or at my home", ("onsite", "remote")),
        ("a desk, no delivery", None),
    ],
)
def test_how_it_comes(text: str, how: tuple[str, ...] | None) -> None:
    guess = reading(text).how

    assert (guess.value if guess else None) == how


def test_a_code_counts_with_its_check_digit_only() -> None:
    good, bad = reading("the one with EAN 4006381333931"), reading("the one with EAN 4006381333932")

    assert good.gtin is not None
    assert good.gtin.value == "4006381333931"
    assert bad.gtin is None


def test_nothing_understood_is_said_and_not_made_up() -> None:
    need = reading("qwrt zxcv")

    assert need.category is None
    assert need.leftover == ("qwrt", "zxcv")
    with pytest.raises(Unclear, match="kind of thing"):
        need.draft()


def test_the_same_words_are_read_the_same_way() -> None:
    text = "Two used bar stools, walnut, Montréal, 80 dollars, by Friday"

    assert reading(text) == reading(text)
