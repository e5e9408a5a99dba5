"""What a reader sees of a description in HTML."""

from __future__ import annotations

import pytest

from intentcastd.vendor.catalogue.markup import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Clay<br/>pot</p>", "Clay pot"),
        ("3 < 5 &amp; 7 > 6", "3 < 5 & 7 > 6"),
        ("a<!-- hidden -->b", "a b"),
        ("a<SCRIPT>var x = '<p>'</SCRIPT >b", "a b"),
        ("a<style>p {}</style>b<stylish>c", "a b c"),
        ("seen<a href=never closed", "seen"),
        ("seen<!-- never closed <p>", "seen"),
        ("seen<script>never closed", "seen"),
        ("&lt;p&gt; is no tag", "<p> is no tag"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_tags_become_gaps_and_what_is_hidden_goes(markup: str, text: str) -> None:
    assert text_of(markup) == text
