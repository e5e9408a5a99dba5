"""Every field can be said outright; what cannot be meant is refused in words that teach."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from intentcast.records.vocabulary import Band, Quantity
from intentcast.units import UnixSeconds
from intentcastd.buyer.need import CERTAIN, Guess, Need
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read
from intentcastd.buyer.reading.correcting import Correction, Wrong, correct

NOW = UnixSeconds(int(datetime(2026, 11, 22, 8, 0, tzinfo=UTC).timestamp()))


def need() -> Need:
    return read("a used pram in Leeds by tomorrow, max 80 quid", NOW, NOBODY)


def test_nothing_said_changes_nothing() -> None:
    assert correct(need(), Correction()) == need()


def test_every_field_can_be_said() -> None:
    said = correct(
        need(),
        Correction(
            category="bt-6-3-2",
            quantity=Decimal("2.5"),
            unit="KGM",
            near="Glasgow",
            by="in 3 hours",
            budget="150-200 EUR",
            condition="new",
            how=("pickup", "deliver"),
            code="4006381333931",
            details={"colour": "red", "power": "200 W", "seats": "six", "foldable": "yes", "width": 60},
            hide=("Ada",),
        ),
    )

    assert said.category == Guess("bt-6-3-2", CERTAIN, "bt-6-3-2")
    assert said.quantity.value == Quantity(25, "KGM", 1)
    assert said.area is not None
    assert said.area.value.name == "Glasgow"
    assert said.when is not None
    assert said.when.value.by == NOW + 3 * 3600
    assert said.budget is not None
    assert said.budget.value == Band("EUR", 15000, 20000)
    assert said.condition is not None
    assert said.condition.value == "new"
    assert said.how is not None
    assert said.how.value == ("deliver", "pickup")
    assert said.gtin is not None
    assert {name: guess.value for name, guess in said.details.items()} == {
        "colour": "red",
        "power": Quantity(200, "WTT"),
        "seats": 6,
        "foldable": True,
        "width": Quantity(60, "CMT"),
    }
    assert "Ada" in said.private


def test_a_service_word_brings_its_category_and_kind() -> None:
    said = correct(need(), Correction(service="rental.vehicle"))

    assert said.category is not None
    assert (said.category.value, said.kind.value) == ("se-4-4", "rental")


def test_a_category_may_be_a_plain_word() -> None:
    said = correct(need(), Correction(category="double stroller"))

    assert said.category is not None
    assert said.category.value == "bt-6-3-2"


def test_another_place_moves_tomorrow_to_its_zone() -> None:
    said = correct(need(), Correction(near="Auckland"))

    assert said.when is not None
    assert said.tz == "Pacific/Auckland"
    assert datetime.fromtimestamp(said.when.value.by, ZoneInfo(said.tz)).strftime("%d %H:%M") == "23 23:59"


def test_a_country_chooses_among_places_of_one_name_and_alone_is_the_area() -> None:
    there = correct(need(), Correction(near="Halifax", country="GB"))
    whole = correct(read("a pram", NOW, NOBODY), Correction(country="DE"))

    assert there.area is not None
    assert there.area.value.country == "GB"
    assert whole.area is not None
    assert (whole.area.value.name, whole.tz) == ("Germany", "Europe/Berlin")


def test_a_country_of_few_people_is_no_area() -> None:
    with pytest.raises(Wrong, match="neighbouring"):
        correct(read("a pram", NOW, NOBODY), Correction(country="MC"))


def test_fields_can_be_taken_away() -> None:
    bare = correct(need(), Correction(near="anywhere", by="none", budget="none", condition="none", how=()))

    assert (bare.area, bare.when, bare.budget, bare.condition, bare.how) == (None, None, None, None, None)


@pytest.mark.parametrize(
    ("correction", "field", "fix"),
    [
        (Correction(category="zz-1"), "category", "bt-6-3-2"),
        (Correction(category="qwertz"), "category", "bt-6-3-2"),
        (Correction(service="rental.spaceship"), "service", "rental."),
        (Correction(kind="gift"), "kind", "goods"),
        (Correction(near="Xyzzyville"), "near", "larger town"),
        (Correction(near="Leeds", country="QQ"), "country", "GB"),
        (Correction(near="Leeds", country="JP"), "near", "larger town"),
        (Correction(by="yesterday"), "by", "5 December"),
        (Correction(by=5), "by", "later"),
        (Correction(quantity=Decimal(0)), "quantity", "number"),
        (Correction(quantity=Decimal("0.00000001")), "quantity", "number"),
        (Correction(unit="kilo"), "unit", "KGM"),
        (Correction(budget="a lot"), "budget", "EUR"),
        (Correction(condition="shiny"), "condition", "used"),
        (Correction(how=("by drone",)), "how", "pickup"),
        (Correction(code="4006381333932"), "code", "barcode"),
        (Correction(details={"temper": "sweet"}), "detail", "words"),
        (Correction(details={"seats": "many"}), "detail", "digits"),
        (Correction(details={"power": "3 kg"}), "detail", "200 W"),
        (Correction(details={"foldable": "perhaps"}), "detail", "yes or no"),
        (Correction(details={"brand": "x" * 65}), "detail", "shorter"),
        (Correction(details={"brand": "ask ada@example.org"}), "detail", "Leave it out"),
    ],
)
def test_a_refusal_says_what_why_and_what_next(correction: Correction, field: str, fix: str) -> None:
    with pytest.raises(Wrong) as refused:
        correct(need(), correction)

    assert refused.value.field == field
    assert refused.value.what
    assert refused.value.why
    assert fix in refused.value.fix
