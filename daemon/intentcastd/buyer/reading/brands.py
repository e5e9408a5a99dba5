"""Brands that people name, and the model that stands behind one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from intentcast.records.rfp import Detail
from intentcastd.buyer.reading.tokens import Found, Sentence
from intentcastd.data.folding import fold
from intentcastd.data.tables import rows

_MODEL: Final = re.compile(
    r"\s+(?P<model>(?:[A-Z][\w-]*\s+){0,2}[A-Za-z]{0,5}-?\d[\w/-]*(?:\s(?:Pro|Max|Plus|Mini|Ultra|OLED))?)(?![\w.]|\s?(?:cm|mm|kg|inch|\"|x\s?\d))"
)


@cache
def _brands() -> dict[str, str]:
    return {fold(name): name for (line,) in rows("brands.tsv", 1) for name in line.split("|")}


def read_brand(sentence: Sentence) -> Iterator[tuple[str, Found[Detail]]]:
    """Return the first brand of the sentence, and its model if that has a number in it."""
    names = _brands()
    tokens = sentence.tokens
    for index, token in enumerate(tokens):
        if not token.is_word:
            continue
        for last in (index + 1, index):
            if last >= len(tokens) or not tokens[last].is_word:
                continue
            written = sentence.open[token.start : tokens[last].end]
            brand = names.get(fold(written))
            # In a text with capitals a brand has one: "apple" is a fruit.
            if brand is None or (not token.is_capital and (sentence.has_capitals or token.word in _WORDS)):
                continue
            yield "brand", Found(brand, 0.8, token.start, tokens[last].end)
            model = _MODEL.match(sentence.open, tokens[last].end)
            if model and not sentence.is_claimed(*model.span("model")):
                yield "model", Found(model["model"].strip(), 0.6, *model.span("model"))
            return


_WORDS: Final = frozenset(
    "apple shell dove boss gap guess next puma oral target vans diesel fossil marshall brother canon".split()
)
