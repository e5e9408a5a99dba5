"""Needs in German: which sentences are, and what they say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from intentcast.records.vocabulary import Quantity
from intentcast.units import UnixSeconds
from intentcastd.buyer.need import Need
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read
from intentcastd.buyer.reading.german import stem
from intentcastd.buyer.reading.tokens import Sentence
from intentcastd.data import registries, taxonomy
from intentcastd.data.tables import rows

# A Sunday.
NOW = UnixSeconds(int(datetime(2026, 11, 22, 8, tzinfo=UTC).timestamp()))


def need(text: str) -> Need:
    return read(text, NOW, NOBODY)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich suche ein Sofa in Ulm", "de"),
        ("Waschmaschine Leipzig 150 Euro", "de"),
        ("brauche bis freitag einen laptop", "de"),
        ("a sofa in Ulm by Friday", "en"),
        ("Laptop Leeds 150 GBP", "en"),
        ("Hallo, I need a dentist in Stuttgart who speaks English", "en"),
        ("die cast model of a Golf", "en"),
        ("", "en"),
    ],
)
def test_a_sentence_is_read_in_one_language(text: str, language: str) -> None:
    assert Sentence(text).language == language


@pytest.mark.parametrize(
    ("one", "other"), [("stuhl", "stuhle"), ("lampe", "lampen"), ("fahrrad", "fahrrader"), ("buch", "bucher"), ("bett", "betten")]
)  # fmt: skip
def test_all_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("text", "category", "service"),
    [
        ("Suche gebrauchte Spülmaschine", "hg-11-7-9", None),
        ("Wer repariert meine Spülmaschine?", "se-5-4", "repair.appliance"),
        ("Ich möchte ein Auto mieten", "se-4-4", "rental.vehicle"),
        ("zwei Stühle für die Küche", "fr-7-9", None),
        ("eine Hülle für mein Handy", "el-4-8-5", None),
        ("Klavierstimmer gesucht", "se-6-4", "repair.instrument.piano"),
        ("ein Gartentisch aus Teak", "fr-15-6", None),
        ("kein Sofa, einen Sessel suche ich", "fr-7-1", None),
    ],
)
def test_what_is_needed(text: str, category: str, service: str | None) -> None:
    found = need(text)

    assert found.category is not None
    assert (found.category.value, found.service and found.service.value) == (category, service)


def test_the_head_of_an_unknown_compound_says_what_it_is() -> None:
    found = need("Ich suche einen Jugendstilschrank")

    assert found.category is not None
    assert found.category.value == "fr-4-1"


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("heute", "2026-11-22 23:59"),
        ("heute Abend", "2026-11-22 22:00"),
        ("heute bis 18 Uhr", "2026-11-22 18:00"),
        ("morgen", "2026-11-23 23:59"),
        ("morgen um 10:30 Uhr", "2026-11-23 10:30"),
        ("übermorgen", "2026-11-24 23:59"),
        ("bis Freitag", "2026-11-27 23:59"),
        ("am Samstag um 15 Uhr", "2026-11-28 15:00"),
        ("bis zum 5. Dezember", "2026-12-05 23:59"),
        ("bis 5.12.", "2026-12-05 23:59"),
        ("vom 27. Dezember bis 2. Januar", "2026-12-27 23:59"),
        ("vom 3. bis 5. Dezember", "2026-12-03 23:59"),
        ("in drei Stunden", "2026-11-22 12:00"),
        ("innerhalb von 2 Tagen", "2026-11-24 23:59"),
        ("in den nächsten zwei Wochen", "2026-12-06 23:59"),
        ("nächste Woche", "2026-11-29 23:59"),
        ("am Wochenende", "2026-11-28 23:59"),
        ("Ende Januar", "2027-01-31 23:59"),
        ("Anfang Februar", "2027-02-10 23:59"),
        ("bis Weihnachten", "2026-12-24 23:59"),
    ],
)
def test_when_it_is_needed(words: str, moment: str) -> None:
    found = need(f"Ich brauche eine Lampe in Ulm {words}")

    assert found.when is not None
    assert datetime.fromtimestamp(found.when.value.by, ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M") == moment


@pytest.mark.parametrize("words", ["seit Montag", "jeden Freitag", "montags", "Guten Morgen", "einmal pro Woche"])
def test_what_recurs_or_is_past_is_no_deadline(words: str) -> None:
    assert need(f"Ich suche Nachhilfe in Ulm, {words}").when is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ein Sofa in Frankfurt", "Frankfurt am Main"),
        ("Sofa, Raum Würzburg", "Würzburg"),
        ("ein Sofa nach Wien liefern", "Vienna"),
        ("Sofa bei Zürich", "Zürich"),
        ("Waschmaschine Leipzig 100 Euro", "Leipzig"),
    ],
)
def test_where_it_is_needed(text: str, place: str) -> None:
    found = need(text)

    assert found.area is not None
    assert found.area.value.name == place


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("ein Sofa, höchstens 250 Euro", 0, 25_000, "EUR"),
        ("ein Sofa bis zu 1.500 €", 0, 150_000, "EUR"),
        ("ein Sofa für 200 bis 300 Euro", 20_000, 30_000, "EUR"),
        ("ein Sofa in Bern, nicht mehr als 80 Franken", 0, 8_000, "CHF"),
    ],
)
def test_what_it_may_cost(text: str, low: int, high: int, currency: str) -> None:
    found = need(text)

    assert found.budget is not None
    assert (found.budget.value.low, found.budget.value.high, found.budget.value.currency) == (low, high, currency)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("sechs Stühle für den Esstisch", Quantity(6)),
        ("20 Flaschen Rotwein", Quantity(20, "XBO")),
        ("drei Kisten Bier", Quantity(3, "XBX")),
        ("ein Dutzend Eier", Quantity(12)),
        ("10 kg Kartoffeln", Quantity(10, "KGM")),
        ("eine Lampe", Quantity(1)),
    ],
)
def test_how_much_is_needed(text: str, quantity: Quantity) -> None:
    assert need(f"Ich brauche {text}").quantity.value == quantity


def test_details_condition_and_how_are_read_too() -> None:
    found = need("Suche einen gebrauchten schwarzen Tisch aus Holz, Lieferung nach Ulm")

    assert {name: guess.value for name, guess in found.details.items()} == {"colour": "black", "material": "wood"}
    assert found.condition is not None
    assert found.condition.value == "used"
    assert found.how is not None
    assert found.how.value == ("deliver",)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Nachhilfe für meine Tochter Lena (14) in Ulm", "Lena (14)"),
        ("ein Rollstuhl für meinen Vater nach dem Schlaganfall, Ulm", "nach dem Schlaganfall"),
        ("eine Lampe, bitte an 0171 2345678 melden", "0171 2345678"),
        ("eine Lampe in die Hauptstraße 5 liefern", "Hauptstraße 5"),
        ("Ich heiße Paul Weber und suche eine Lampe", "Paul Weber"),
    ],
)
def test_what_is_private_is_found(text: str, secret: str) -> None:
    assert any(secret in words for words in need(text).private)


def test_the_german_table_names_what_the_others_have() -> None:
    keys = [key for key, _ in rows("german.tsv", 2)]

    assert len(keys) == len(set(keys)) > 1_000
    assert all(key in taxonomy.categories() or key in registries.services() for key in keys)
    assert all(word == word.strip() for _, listed in rows("german.tsv", 2) for word in listed.split(", "))
