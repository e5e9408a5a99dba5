"""Whatever is written, reading gives a need, and a need whose fields are of the vocabulary."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from intentcast.limits import MIN_AREA_POPULATION
from intentcast.records.anonymity import generalize
from intentcast.records.vocabulary import CONDITIONS, GRAINS, HOWS, RFP_KINDS, is_category, is_gtin, is_service
from intentcast.units import UnixSeconds
from intentcastd.buyer.profile import NOBODY, Profile
from intentcastd.buyer.reading import read
from intentcastd.buyer.reading.assembly import MAX_TEXT_CHARACTERS
from intentcastd.data import currencies, registries

WORDS = st.sampled_from(
    "need a the pram 200 0 31 february 99:99 $ € kr in Nice SFO by next 1e9 ½ 9E x2 -5 1,5 1.000.000.000.000 kg watt 220-110 volt rent "
    "Peugeot 404 1967 the 31st in 0 days in 999 weeks may 31.02. +49 @ # ( ) ' ’ “ — … \u200f \x00 ÅSE İstanbul ß ﬁ 北京 🚲 "
    "size XL for my son used is fine zoom 4006381333931 christmas 24:00 noon tomorrow 2100-01-01 £1-£2 max 5k".split(
        " "
    )
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join)
)
MOMENTS = st.integers(0, 4_000_000_000).map(UnixSeconds)
PROFILES = st.sampled_from(
    [NOBODY, Profile(country="US"), Profile(country="XX", currency="XTS", tz="No/Where"), Profile(country="IS")]
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, MOMENTS, PROFILES)
def test_every_text_is_read_into_the_vocabulary(text: str, now: UnixSeconds, profile: Profile) -> None:
    need = read(text, now, profile)

    assert need.kind.value in RFP_KINDS
    assert need.quantity.value.value > 0
    assert need.category is None or is_category(need.category.value)
    assert need.service is None or is_service(need.service.value)
    assert need.area is None or need.area.value.population >= MIN_AREA_POPULATION
    assert need.when is None or (need.when.value.by > now and need.when.value.grain in GRAINS)
    assert need.budget is None or need.budget.value.low < need.budget.value.high
    assert need.budget is None or need.budget.value.currency in currencies.decimals()
    assert need.condition is None or need.condition.value in CONDITIONS
    assert need.how is None or set(need.how.value) <= set(HOWS)
    assert need.gtin is None or is_gtin(need.gtin.value)
    assert set(need.details) <= set(registries.attributes())
    for guess in (need.category, need.area, need.when, need.budget, need.condition, *need.details.values()):
        assert guess is None or (0 <= guess.confidence <= 1 and guess.words in text)


@settings(max_examples=100, deadline=None)
@given(TEXTS, MOMENTS)
@example("PEUGEOT0000000", UnixSeconds(0))
def test_what_was_read_can_be_generalized(text: str, now: UnixSeconds) -> None:
    need = read(f"a pram {text}", now, NOBODY)

    if need.category is not None and len(need.details) <= 4:
        assert generalize(need.draft(), now).text is None


def test_a_book_is_read_as_its_first_page() -> None:
    need = read("a pram " + "x" * 10_000, UnixSeconds(0), NOBODY)

    assert len(need.text) == MAX_TEXT_CHARACTERS
    assert need.category is not None
