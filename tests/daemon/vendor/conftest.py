"""A need, a shop and a catalogue, each in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import AreaFilter, Quantity
from intentcast.testing.samples import sample_proffer
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.report import ImportReport
from intentcastd.vendor.profile import Profile, read_profile
from intentcastd.vendor.profile_template import profile_text


def make_need(category: str, kind: str = "goods", **rest: Any) -> Rfp:
    rest.setdefault("quantity", Quantity(1))
    return Rfp(category, kind, boards=(), box=bytes(32), salt=bytes(16), terms=sample_proffer(), **rest)


@pytest.fixture(scope="session")
def need() -> Callable[..., Rfp]:
    """Makes an RFP: need("bt-6", details={...})."""
    return make_need


@pytest.fixture(scope="session")
def shop() -> Callable[..., Profile]:
    """Makes a profile from the template; `more` is TOML that is put in front, `instead` replaces the shipping."""

    def make(more: str = "", instead: str | None = None, area: str = "DK", tax: str = "included = true") -> Profile:
        text = profile_text("Testshop", "EUR", (AreaFilter(area),)).replace("included = true", tax)
        if instead is not None:
            head, _, rest = text.partition("[[shipping]]")
            text = head + instead + rest[rest.index("# [[shipping]]") :]
        return read_profile((more + "\n" + text).encode(), "vendor.toml")

    return make


@pytest.fixture(scope="session")
def read() -> Callable[..., tuple[list[Item], ImportReport]]:
    """Reads a catalogue to its end; a category column that holds a code is taken as it is."""

    def make(data: bytes | str, **options: Any) -> tuple[list[Item], ImportReport]:
        options.setdefault("currency", "EUR")
        options.setdefault("find_category", lambda named: named)
        items, report = read_catalogue(data.encode() if isinstance(data, str) else data, ImportOptions(**options))
        return list(items), report

    return make
