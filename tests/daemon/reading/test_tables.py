"""The tables are whole: sorted where they are searched, every code and id leads somewhere, and small."""

from pathlib import Path

from intentcast.limits import MIN_AREA_POPULATION
from intentcast.records.vocabulary import is_category, is_service
from intentcastd.buyer.reading.category import phrase_index
from intentcastd.buyer.reading.classifying import classify
from intentcastd.buyer.reading.kind import RENTALS, REPAIRS
from intentcastd.data import gazetteer, registries, tables, taxonomy
from intentcastd.data.folding import fold

DATA = Path(tables.__file__).parent
MAX_TABLES_BYTES = 3_000_000


def keys(name: str) -> list[bytes]:
    lines = (DATA / name).read_bytes().splitlines()
    return [line.partition(b"\t")[0] for line in lines if not line.startswith(b"#")]


def test_searched_tables_are_sorted_by_bytes_and_every_key_is_found() -> None:
    for name in ("places.tsv", "areas.tsv"):
        found = keys(name)

        assert found == sorted(set(found))
        assert all(
            tables.sorted_file(name).find(key.decode()) is not None
            for key in [*found[:50], *found[-50:], *found[::499]]
        )
        assert tables.sorted_file(name).find("no such key") is None


def test_tables_stay_small() -> None:
    assert sum(path.stat().st_size for path in DATA.glob("*.tsv")) < MAX_TABLES_BYTES


def test_every_name_leads_to_an_area_that_may_be_published() -> None:
    for name in [*keys("places.tsv")[::997], *keys("districts.tsv"), *keys("airports.tsv")]:
        written = name.decode()
        places = gazetteer.find(written, fold(written))

        assert places, written
        assert all(place.area.population >= MIN_AREA_POPULATION for place in places)


def test_categories_are_codes_whose_parents_are_there() -> None:
    codes = taxonomy.categories()

    assert len(codes) > 400
    assert all(is_category(code) for code in codes)
    assert all(code.rpartition("-")[0] in codes for code in codes if "-" in code)
    assert taxonomy.path("bt-6-3-2") == "Baby & Toddler > Baby Transport > Baby Strollers > Double Strollers"


def test_services_and_registries_agree() -> None:
    services = registries.services()
    words = {word for word, _, _ in tables.rows("services.tsv", 3)}

    assert words == set(services)
    assert all(is_service(word) and service.category in taxonomy.categories() for word, service in services.items())
    assert {word for _, word in (*RENTALS, *REPAIRS)} <= set(services)


def test_attributes_have_units_where_they_are_measured_and_branches_that_exist() -> None:
    for attribute in registries.attributes().values():
        assert (attribute.type == "quantity") == (attribute.unit is not None)
        assert all(branch in taxonomy.categories() or branch == "na" for branch in attribute.branches)


def test_every_search_word_can_be_found() -> None:
    assert all(
        phrase.words and phrase.words[-1] == last for last, phrases in phrase_index().items() for phrase in phrases
    )


def test_the_title_of_an_item_has_a_category_only_where_that_is_sure() -> None:
    assert classify(["oak", "dining", "table"]) == "fr-24-4"
    assert classify(["qwertz"]) is None
    assert classify([]) is None
