"""Strangers' words, made safe."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcastd.cli.safe_text import safe, safe_json, safe_name


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("Pedal & Co", "Pedal & Co"),
        ("  two\n\tlines  ", "two lines"),
        ("red \x1b[31mshop\x1b[0m", "red shop"),
        ("clear\x1b[2J\x1b[H", "clear"),
        ("8-bit \x9b31mred", "8-bit red"),
        ("title \x1b]0;owned\x07done", "title done"),
        ("link \x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\", "link here"),
        ("bell\x07 back\x08 null\x00", "bell back null"),
        ("turned \u202egpj.exe", "turned gpj.exe"),
        ("isolate \u2066x\u2069", "isolate x"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("[bold red]markup[/]", "[bold red]markup[/]"),
        ("Müller Straße 東京 שלום", "Müller Straße 東京 שלום"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 3),
        ("private \ue000 use", "private use"),
    ],
)
def test_what_a_terminal_obeys_is_gone_and_the_rest_stays(given_text: str, shown: str) -> None:
    assert safe(given_text) == shown


def test_long_words_are_cut() -> None:
    assert safe("x" * 300, 10) == "x" * 9 + "…"


def test_a_name_of_letters_that_look_alike_is_marked() -> None:
    assert safe_name("Аpple") == "Аpple (mixed scripts)"
    assert safe_name("Apple") == "Apple"
    assert safe_name("Яндекс") == "Яндекс"


@given(st.text(max_size=200))
def test_nothing_that_is_left_is_a_control(text: str) -> None:
    shown = safe(text)

    assert all(unicodedata.category(letter)[0] != "C" for letter in shown)
    assert safe(shown) == shown


@given(st.text(max_size=200))
def test_json_says_the_same_and_holds_no_control(text: str) -> None:
    written = safe_json(json.dumps({"x": text}, ensure_ascii=False))

    assert json.loads(written) == {"x": text}
    assert not any(letter in written for letter in "\x1b\x9b\x7f\u202e\u200b\u2066")
