"""The six needs with which intentcasting was first explained, each answered by real shops in one market."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import STROLLER, cast, fits, town, vendors, wait_for_offers

# One market at a time: each is ten processes.
pytestmark = pytest.mark.xdist_group("market")

SENTENCES = {
    STROLLER: 4,
    "a power supply for my laptop near SFO this afternoon": 4,
    "rent a minivan that seats six with a roof rack in Salt Lake City next week": 3,
    "wheel rims for a 1967 Peugeot 404": 4,
    "a 200 watt 220-110 V power converter in Copenhagen this afternoon": 4,
    "boots in size 9E by tomorrow": 4,
}


async def test_each_of_the_six_sentences_draws_fitting_offers(folder: Path) -> None:
    async with town(folder) as market:
        names = {sentence: await cast(market.buyer, sentence) for sentence in SENTENCES}
        drawn = {
            sentence: await wait_for_offers(market.buyer, name, SENTENCES[sentence]) for sentence, name in names.items()
        }

    assert {sentence: len(offers) for sentence, offers in drawn.items()} == SENTENCES
    assert {
        sentence: vendors([offer for offer in offers if not fits(offer)]) for sentence, offers in drawn.items()
    } == {sentence: [] for sentence in SENTENCES}
    rims = drawn["wheel rims for a 1967 Peugeot 404"]
    assert all("404" in option["title"] for offer in rims for option in offer["options"])
    boots = drawn["boots in size 9E by tomorrow"]
    assert all(option["title"].endswith("9E") for offer in boots for option in offer["options"])
