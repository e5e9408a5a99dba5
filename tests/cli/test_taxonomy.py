"""`intentcast taxonomy`, against a daemon that only pretends."""

from pathlib import Path

from program import Program


def test_a_list_is_handed_over_whole(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "categories.txt"
    file.write_text("one\ntwo\n")

    run = program("taxonomy", "import", str(file), "--json")

    assert run.code == 0, run.err
    assert run.json["data"] == {"ours": 1691, "imported": 2, "edition": "2025-08", "added": 1}


def test_show_says_what_is_known_and_what_would_help(program: Program) -> None:
    run = program("taxonomy", "show")

    assert run.code == 0, run.err
    assert "1,691 categories" in run.out
    assert "intentcast taxonomy import FILE" in run.out


def test_a_file_that_is_not_there_is_a_usage_error(program: Program) -> None:
    assert program("taxonomy", "import", "/nowhere/categories.txt").code == 2
