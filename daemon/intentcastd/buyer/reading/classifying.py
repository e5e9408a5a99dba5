"""The category of a few words without a sentence around them: the title of an item in a shop's catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from intentcastd.buyer.reading.category import read_kind
from intentcastd.buyer.reading.tokens import Sentence

# A shop's item in a wrong category is offered to the wrong people; one without a category is still found by its words.
_LEAST_CONFIDENCE: Final = 0.6
_MAX_WORDS: Final = 48


def classify(words: Sequence[str]) -> str | None:
    """Return the category that words stand for, or None where that is not sure enough."""
    kind = read_kind(Sentence(" ".join(words[:_MAX_WORDS])), None, None)
    if kind is None or kind.service is not None or kind.confidence < _LEAST_CONFIDENCE:
        return None
    return kind.code
