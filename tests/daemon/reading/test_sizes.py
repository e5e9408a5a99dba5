"""Sizes come in the form of their system, and only where the category has it."""

import re

import pytest

from intentcast.units import UnixSeconds
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading import read
from intentcastd.data import registries, taxonomy

NOW = UnixSeconds(1_795_334_400)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("boots in size 9E", "9E"),
        ("shoes, 38 EU", "EU 38"),
        ("trainers UK 6,5", "UK 6.5"),
        ("running shoes size 11 US", "US 11"),
        ("jeans 32/34", "W32 L34"),
        ("jeans W31", "W31"),
        ("a bra, 75 b", "75B"),
        ("silver ring size N", "ring N"),
        ("a winter jacket for ages 9-10", "9-10 years"),
        ("Skijacke Gr. 128", "128 cm"),
        ("Damenschuhe Größe 39", "39"),
        ("winter tyres 205/55 R16", "205/55 R16"),
    ],
)
def test_a_size_is_written_as_its_system_writes_it(text: str, size: str) -> None:
    assert read(text, NOW, NOBODY).details["size"].value == size


@pytest.mark.parametrize("text", ["a bus ticket 75B", "a lamp for 32/34 Station Road", "a phone 5 US dollars"])
def test_what_looks_like_a_size_elsewhere_is_none(text: str) -> None:
    assert "size" not in read(text, NOW, NOBODY).details


def test_each_system_has_an_example_in_its_form_and_branches_that_exist() -> None:
    for system in registries.size_systems().values():
        assert re.fullmatch(system.form, system.example), system.id
        assert all(branch in taxonomy.categories() for branch in system.branches)
