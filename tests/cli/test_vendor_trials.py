"""What a vendor tries out on the command line: a need, and a map for a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import Program

from intentcastd.cli.exits import Exit

INIT = ("vendor", "init", "--name", "Pedal & Co", "--currency", "EUR", "--area", "AT-9")
TABLE = "Artikelnr;Bezeichnung;Preis\n1;Topf;5,00\n2;Pfanne;12,50\n"


def test_a_trial_says_what_fits_what_it_costs_and_why_others_do_not(program: Program) -> None:
    program(*INIT)

    said = program("vendor", "match", "twin pram, Leeds, today")

    assert said.code == 0
    assert "as a buyer would publish it" in said.out
    assert "landed cost: 194.00 GBP, deliver" in said.out
    assert "not stated: colour" in said.out
    assert "not offered: seats: wanted 2, this states 1" in said.out


def test_a_trial_in_json_is_one_object(program: Program) -> None:
    program(*INIT)

    said = program("vendor", "match", "twin pram", "--detail", "seats=2", "--json")

    assert said.json["schema"] == "intentcast.match/1"
    assert said.json["data"]["matches"][0]["option"]["landed"]["total"] == {"currency": "GBP", "minor": 19_400}
    assert said.json["data"]["passed"][0]["wanted"] == "2"
    assert said.err == ""


def test_a_trial_needs_a_need_and_a_shop(program: Program) -> None:
    assert program("vendor", "match").code == Exit.USAGE
    assert program("vendor", "match", "pram").code == Exit.NOT_FOUND


def test_a_map_is_proposed_and_then_used(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(TABLE)
    program(*INIT)

    proposed = program("vendor", "catalogue", "map", str(file))
    again = program("vendor", "catalogue", "map", str(file), "--json")
    forced = program("vendor", "catalogue", "map", str(file), "--force", "--json")
    imported = program("vendor", "catalogue", "import", str(file), "--map", f"{file}.map.toml", "--json")

    assert proposed.code == 0
    assert "title" in proposed.out
    assert 'decimal = "comma"' in (tmp_path / "prices.csv.map.toml").read_text()
    assert (again.code, again.out) == (Exit.FAILED, "")
    assert [one["field"] for one in forced.json["data"]["columns"]] == ["sku", "title", "price"]
    assert imported.code == 0


@pytest.mark.parametrize(("text", "told"), [("", "empty"), ("Bezeichnung;Preis\n", "no rows")])
def test_what_is_no_table_is_refused(program: Program, tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(text)

    said = program("vendor", "catalogue", "map", str(file))

    assert said.code == Exit.FAILED
    assert told in said.err
    assert list(tmp_path.glob("*.toml")) == []


def test_a_map_that_is_no_text_is_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(TABLE)
    (tmp_path / "map.toml").write_bytes(b"\xff\xfe\x00")
    program(*INIT)

    said = program("vendor", "catalogue", "import", str(file), "--map", str(tmp_path / "map.toml"))

    assert said.code == Exit.NOT_FOUND
    assert "UTF-8" in said.err
