"""The measuring script, on sentences that were written before the reader's tables grew and that nobody tunes them to.

Each file was measured as a whole; the floors are well below, so that they tell of breakage and tempt nobody to look.
"""

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
KEYS = [
    "category", "category_branch", "place", "deadline", "quantity", "budget", "private_leaks", "rows", "milliseconds",
]  # fmt: skip


@pytest.fixture(scope="module")
def needs() -> Iterator[ModuleType]:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("needs_script", HERE.parents[2] / "scripts" / "needs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["needs_script"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["needs_script"]


def measured(needs: ModuleType, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    was, sys.argv = sys.argv, ["needs", *arguments, "--json"]
    try:
        assert needs.main() == 0
    finally:
        sys.argv = was
    figures: dict[str, object] = json.loads(capsys.readouterr().out)
    return figures


@pytest.mark.parametrize(
    ("file", "rows", "floors"),
    [
        (
            "held_back.tsv",
            66,
            {"category": 0.7, "category_branch": 0.78, "place": 0.85, "deadline": 0.88, "budget": 0.9},
        ),
        ("held_back_german.tsv", 32, {"category": 0.8, "category_branch": 0.85, "place": 0.88, "deadline": 0.88}),
    ],
)
def test_held_back_sentences_are_read_and_nothing_private_leaks(
    needs: ModuleType, capsys: pytest.CaptureFixture[str], file: str, rows: int, floors: dict[str, float]
) -> None:
    figures = measured(needs, capsys, str(HERE / file))

    assert list(figures) == KEYS
    assert figures["rows"] == rows
    assert figures["private_leaks"] == 0
    assert {name: figures[name] for name, floor in floors.items() if float(str(figures[name])) < floor} == {}


def row(**fields: str) -> dict[str, str]:
    names = "id sentence category category_ok place country deadline quantity unit budget currency private".split()
    return {**dict.fromkeys(names, ""), "id": "t1", **fields}


@pytest.mark.parametrize(
    ("fields", "right"),
    [
        (row(sentence="a used sofa in Leeds, max 80 GBP", category="fr-22", place="Leeds", country="GB", budget="80", currency="GBP"), 1.0),
        (row(sentence="a sofa in Leeds tomorrow", category="fr-22", place="Leeds", country="GB", deadline="P1D"), 1.0),
        (row(sentence="6 sofas in Leeds by friday 5pm", category="fr", category_ok="fr-22", place="Leeds", country="GB", deadline="FRI", quantity="6", unit="each"), 1.0),
        (row(sentence="a sofa in 2 hours", category="fr-22", deadline="PT2H"), 1.0),
        (row(sentence="a sofa before 2pm", category="fr-22", deadline="T14:00"), 1.0),
        (row(sentence="a sofa in january", category="fr-22", deadline="2027-01"), 1.0),
        (row(sentence="a sofa in Leeds by Friday for 80 GBP, 5 kg of flour", category="aa-1"), 0.0),
    ],
)  # fmt: skip
def test_a_figure_counts_what_the_gold_or_the_answer_has(
    needs: ModuleType, fields: dict[str, str], right: float
) -> None:
    now = needs.moment("2026-11-22")
    figures, _ = needs.judged(needs.measure([fields], now), now)

    assert {name: figures[name] for name in KEYS[:6] if figures[name] != right and (right or name != "x")} == {}


def test_what_would_be_published_is_searched_for_what_is_private(needs: ModuleType) -> None:
    now = needs.moment("2026-11-22")
    leaking = row(sentence="a Bosch drill in Leeds", category="ha-15-14", private="Bosch|Leeds|unheard of")

    figures, _ = needs.judged(needs.measure([leaking], now), now)

    assert figures["private_leaks"] == 2
