"""Sample exports of real shops. They are not part of the project: INTENTCAST_FEEDS names the folder that has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from intentcastd.vendor.catalogue.options import ImportOptions
from intentcastd.vendor.catalogue.read import read_catalogue
from intentcastd.vendor.catalogue.taxonomy import known_categories

# INTENTCAST_FEEDS, or a folder `shared` beside the checkout.
FOLDER = Path(os.environ.get("INTENTCAST_FEEDS") or Path(__file__).parents[4] / "shared/data/feeds")
FEEDS = sorted(FOLDER.glob("shopify-*.csv"))

pytestmark = pytest.mark.skipif(
    not FEEDS, reason="no sample exports: set INTENTCAST_FEEDS to a folder with shopify-*.csv to read them"
)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_a_real_export_is_read_whole(path: Path) -> None:
    items, report = read_catalogue(path, ImportOptions("USD", find_category=known_categories().find))
    kept = list(items)

    assert report.format == "Shopify product CSV (old headers)"
    assert report.done
    assert report.adds_up()
    assert report.errors == []
    assert report.products == 20
    assert len(kept) == report.ok >= report.products
    assert all(item.price.minor >= 999 for item in kept)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_path_and_bytes_give_the_same_items(path: Path) -> None:
    options = ImportOptions("USD")

    assert list(read_catalogue(path, options)[0]) == list(read_catalogue(path.read_bytes(), options)[0])


def test_most_real_products_get_a_category_from_their_titles() -> None:
    from intentcastd.buyer.reading.classifying import classify

    found = {}
    for path in FEEDS:
        options = ImportOptions("USD", classify=classify, find_category=known_categories().find)
        found |= {item.handle: item.category for item in read_catalogue(path, options)[0]}

    # Measured: 52 of 60. What is left has words that mean too much by themselves: top, bag, light.
    assert sum(category is not None for category in found.values()) >= 0.8 * len(found)
    assert found.get("black-beanbag") is None, "a tag (leather) must not make it motorcycle clothing"
