"""The official list: taken whole or not at all, kept in the profile, and a help to the reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.units import UnixSeconds
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read
from intentcastd.data import imported, official, taxonomy
from intentcastd.data.imported import BadTaxonomy, DamagedTaxonomy
from intentcastd.data.official import NotTheList

NOW = UnixSeconds(1_795_334_400)
HEAD = "# Shopify Product Taxonomy - Categories: 2025-08\n"


def line(code: str, path: str) -> str:
    return f"gid://shopify/TaxonomyCategory/{code} : {path}\n"


def whole(*more: str) -> str:
    """A list that is long enough, with a branch that our own table does not have."""
    things = "".join(line(f"xx-1-{number}", f"Things > Odd Things > Gizmo {number}") for number in range(1, 1001))
    return HEAD + line("xx", "Things") + line("xx-1", "Things > Odd Things") + things + "".join(more)


RARE = line("xx-1-2000", "Things > Odd Things > Brass Astrolabes")


@pytest.fixture(autouse=True)
def no_list_stays_in_use() -> Iterator[None]:
    yield
    taxonomy.use({})


def test_a_whole_list_is_read() -> None:
    found = official.parse(whole(RARE))

    assert found.edition == "2025-08"
    assert len(found.names) == 1003
    assert found.names["xx-1-2000"] == "Brass Astrolabes"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "0 categories"),
        (HEAD + line("xx", "Things"), "1 categories"),
        (whole("<html>\n"), "another form"),
        (whole(line("xx-1", "Things > Odd Things")), "twice"),
        (whole(line("yy-1", "Others > One")), "before its parent"),
        (whole(line("xx-1-9999", "Things > Nine")), "2 parts"),
        (whole(line("XX", "Things")), "another form"),
        (whole(line("xx-1-3000", "Things > Odd Things > Gizmo\u202e")), "plain text"),
        (whole(line("xx-1-3000", f"Things > Odd Things > {'x' * 200}")), "plain text"),
    ],
)
def test_what_is_no_whole_list_is_refused(text: str, what: str) -> None:
    with pytest.raises(NotTheList, match=what):
        official.parse(text)


@given(st.text(max_size=300))
def test_any_text_is_a_list_or_is_refused(text: str) -> None:
    with pytest.raises(NotTheList):
        official.parse(text)


def test_an_imported_list_makes_a_rare_thing_findable() -> None:
    assert read("I need a brass astrolabe", NOW, NOBODY).category is None

    taxonomy.use(official.parse(whole(RARE)).names)
    found = read("I need a brass astrolabe", NOW, NOBODY)

    assert found.category is not None
    assert found.category.value == "xx-1-2000"
    assert taxonomy.path("xx-1-2000") == "Things > Odd Things > Brass Astrolabes"


def test_our_own_words_go_before_those_of_the_list() -> None:
    taxonomy.use({"xx": "Things", "xx-1": "Odd Things", "xx-1-1": "Strollers"})
    found = read("I need a stroller", NOW, NOBODY)

    assert found.category is not None
    assert found.category.value == "bt-6-3"


def test_names_that_many_have_say_nothing() -> None:
    taxonomy.use({f"xx-1-{number}": "Whatsits" for number in range(9)})

    assert read("I need a whatsit", NOW, NOBODY).category is None


def test_a_list_is_kept_and_loaded_again(tmp_path: Path) -> None:
    imported.keep(tmp_path, whole(RARE).encode())
    taxonomy.use({})

    found = imported.load(tmp_path)

    assert found is not None
    assert taxonomy.imported()["xx-1-2000"] == "Brass Astrolabes"
    assert taxonomy.imported_name() == "2025-08"
    assert (tmp_path / imported.FILE).stat().st_mode & 0o077 == 0


def test_a_bad_list_changes_nothing(tmp_path: Path) -> None:
    imported.keep(tmp_path, whole(RARE).encode())
    before = (tmp_path / imported.FILE).read_bytes()

    for bad in (b"\xff\xfe", b"", whole("broken\n").encode()):
        with pytest.raises(BadTaxonomy):
            imported.keep(tmp_path, bad)

    assert (tmp_path / imported.FILE).read_bytes() == before
    assert "xx-1-2000" in taxonomy.imported()


def test_a_list_that_was_changed_in_the_profile_is_not_taken(tmp_path: Path) -> None:
    assert imported.load(tmp_path) is None

    (tmp_path / imported.FILE).write_text("something else")
    with pytest.raises(DamagedTaxonomy):
        imported.load(tmp_path)


def test_a_list_can_be_forgotten(tmp_path: Path) -> None:
    imported.keep(tmp_path, whole(RARE).encode())

    assert imported.forget(tmp_path)
    assert not imported.forget(tmp_path)
    assert taxonomy.imported() == {}
