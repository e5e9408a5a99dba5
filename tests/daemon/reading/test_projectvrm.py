"""The six example sentences of ProjectVRM's page on intentcasting, read whole."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from intentcast.records.vocabulary import Quantity
from intentcast.units import UnixSeconds
from intentcastd.buyer.need import Need
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read

# A Tuesday, 17:00 in London, 09:00 in San Francisco.
NOW = UnixSeconds(int(datetime(2026, 11, 24, 17, 0, tzinfo=UTC).timestamp()))


def details(need: Need) -> dict[str, object]:
    return {name: guess.value for name, guess in need.details.items()}


def local(need: Need) -> str:
    assert need.when is not None
    return datetime.fromtimestamp(need.when.value.by, ZoneInfo(need.tz)).strftime("%Y-%m-%d %H:%M")


def test_a_stroller_for_twins() -> None:
    need = read("I need a stroller for twins in Glasgow in the next three hours.", NOW, NOBODY)

    assert need.category is not None
    assert need.category.value == "bt-6-3-2"
    assert need.kind.value == "goods"
    assert need.area is not None
    assert (need.area.value.name, need.area.value.country) == ("Glasgow", "GB")
    assert need.when is not None
    assert (need.when.value.by, need.when.value.grain) == (NOW + 3 * 3600, "hour")
    assert need.when.words == "in the next three hours"
    assert need.quantity.value == Quantity(1)


def test_a_laptop_power_supply_at_an_airport() -> None:
    need = read("I need a laptop power supply near SFO this afternoon.", NOW, NOBODY)

    assert need.category is not None
    assert need.category.value == "el-7-15-5"
    assert need.place == "SFO"
    assert need.area is not None
    assert need.area.value.name == "San Francisco"
    assert local(need) == "2026-11-24 18:00"


def test_a_minivan_to_rent() -> None:
    need = read("I need to rent a minivan that seats six and has a roof rack in Salt Lake City next week.", NOW, NOBODY)

    assert need.kind.value == "rental"
    assert need.service is not None
    assert need.service.value == "rental.vehicle"
    assert need.category is not None
    assert need.category.value == "se-4-4"
    assert details(need) == {"seats": 6, "roof_rack": True}
    assert need.area is not None
    assert need.area.value.sub == "US-UT"
    assert need.when is not None
    assert need.when.value.grain == "day"
    assert local(need) == "2026-12-06 23:59"


def test_wheel_rims_for_an_old_car() -> None:
    need = read("I need wheel rims for a 1967 Peugeot 404.", NOW, NOBODY)

    assert need.category is not None
    assert need.category.value == "vp-1-4-20-1"
    assert details(need) == {"vehicle_brand": "Peugeot", "vehicle_model": "404", "vehicle_year": 1967}
    assert (need.quantity.value, need.quantity.confidence) == (Quantity(1), 0.0)
    assert any("How many is not said" in note for note in need.notes)
    assert need.area is None
    assert need.when is None


def test_a_power_converter() -> None:
    need = read("I need a 200 watt 220-110 volt power converter in Copenhagen this afternoon.", NOW, NOBODY)

    assert need.category is not None
    assert need.category.value == "ha-11-18"
    assert details(need) == {
        "power": Quantity(200, "WTT"),
        "voltage_in": Quantity(220, "VLT"),
        "voltage_out": Quantity(110, "VLT"),
    }
    assert need.area is not None
    assert need.area.value.name == "Copenhagen"
    # It is 18:00 there already: the afternoon is over, the day is not.
    assert local(need) == "2026-11-24 23:59"


def test_boots_of_a_code_that_is_not_in_the_text() -> None:
    need = read(
        "Here's a QR/barcode/photo of the boots I want in size 9E. Who can get them to me by tomorrow — without knowing "
        "yet who I am, while also knowing that I'm for real?",
        NOW,
        NOBODY,
    )

    assert need.category is not None
    assert need.category.value == "aa-8-3"
    assert details(need) == {"size": "9E"}
    assert need.budget is None
    assert need.gtin is None
    assert any("--code" in note for note in need.notes)
    assert need.private == ()
    assert local(need) == "2026-11-25 23:59"
