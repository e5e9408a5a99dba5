"""What must never leave is found, hidden from all readers, and in no field of the draft."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intentcast.units import UnixSeconds
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read
from intentcastd.buyer.reading.private import find_private

NOW = UnixSeconds(1_795_334_400)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("a desk, ring me on 07700 900 341", "07700 900 341"),
        ("a desk, +36 1 555 0148", "+36 1 555 0148"),
        ("a desk, write to finance@himalhelp.example", "finance@himalhelp.example"),
        ("a desk like https://example.org/desk?id=7", "https://example.org/desk?id=7"),
        ("a desk, message @desk_lover", "@desk_lover"),
        ("refund to DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("a desk for 14 Station Road, Norwich", "14 Station Road"),
        ("a desk, Lindenstraat 44 in Ghent", "Lindenstraat 44"),
        ("a desk, Unit 7B, 1420 Mabini Street", "Unit 7B, 1420 Mabini Street"),
        ("a desk, Rue de la Paix 12, Paris", "Rue de la Paix 12"),
        ("a desk to Reading, RG2 0QX", "RG2 0QX"),
        ("lessons for our daughter Noor (7), at home", "Noor (7)"),
        ("I'm Kasia, 29, and need a room", "Kasia, 29"),
        ("balloons for Aisha's birthday", "Aisha"),
        ("a farewell present for Father Anselm", "Father Anselm"),
        ("the name on it is Zofia Wiśniewska", "Zofia Wiśniewska"),
        ("Mila turns 6 and wants a bike", "Mila turns 6"),
        ("a desk. Thanks, Peter", "Peter"),
        ("My rosacea hates everything else", "My rosacea hates everything else"),
        ("a wheelchair. It's for mum after her stroke, in Cork", "It's for mum after her stroke"),
        ("a taxi for my husband's dialysis", "my husband's dialysis"),
    ],
)
def test_it_is_found(text: str, secret: str) -> None:
    assert any(secret in words for words in read(text, NOW, NOBODY).private)


@pytest.mark.parametrize(
    "text",
    [
        "I need wheel rims for a 1967 Peugeot 404.",
        "a 200 watt 220-110 volt converter",
        "winter tyres 205/55 R16, 6 mm",
        "Lego Technic 42143 by 2026-12-05",
        "Rear bumper for Suzuki Swift 2014",
        "a bed for 28 000 kr, 140x200",
        "the one with EAN 4006381333931",
        "Dear Sir or Madam, a desk please",
        "two tickets for Friday",
        "an autographed book, 1,234,567 forint",
    ],
)
def test_what_is_not_private_is_left_alone(text: str) -> None:
    assert read(text, NOW, NOBODY).private == ()


def test_a_person_who_is_called_like_a_town_is_no_place() -> None:
    need = read("a desk for my daughter Florence", NOW, NOBODY)

    assert need.area is None
    assert "Florence" in need.private


def test_a_place_beside_an_address_is_still_read() -> None:
    need = read("a desk to Lindenstraat 44 in Ghent", NOW, NOBODY)

    assert need.area is not None
    assert need.area.value.name == "Gent"


PARTS = st.sampled_from(
    [
        "a used desk", "in Leeds", "by Friday", "max 200 EUR", "5 kg of flour", "size 9E", "for my son Tobias", "ring 07700 900 341",
        "I'm Kasia, 29,", "a@b.example", "14 Station Road", "my asthma is bad", "Lego", "Noor (7)", "in Florence", "red", "220-110 volt",
        "for Dr. Berger", "Peugeot 404", "RG2 0QX", "@handle_it", "www.example.org/x",
    ]
)  # fmt: skip


@given(st.lists(PARTS, min_size=1, max_size=8).map(" ".join))
def test_no_field_of_a_draft_holds_what_is_private(text: str) -> None:
    need = read(f"a lamp {text}", NOW, NOBODY)
    draft = need.draft()
    public = [str(value) for value in draft.details.values()]
    public += [draft.category, draft.service or "", draft.gtin or "", draft.area.name if draft.area else ""]

    assert draft.text is None
    assert not [words for words in need.private if any(words.casefold() in field.casefold() for field in public)]


@settings(max_examples=200)
@given(st.text(max_size=400))
def test_private_parts_lie_in_the_text(text: str) -> None:
    for spans in find_private(text):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
