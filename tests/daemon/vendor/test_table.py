"""How a file is written: encodings, byte order marks, delimiters, line ends inside quotes."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from intentcastd.vendor.catalogue import text
from intentcastd.vendor.catalogue.report import CatalogueRefused
from intentcastd.vendor.catalogue.table import open_table

HEADER = "Title,URL handle,Price,SKU\n"


def test_a_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    for codec, mark in (
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ):
        table = open_table(mark + (HEADER + "Schuh,ä,5,1\n").encode(codec), None, None)

        assert table.header[0] == "Title"
        assert [row.cells[1] for row in table.rows()] == ["ä"]


def test_a_file_in_latin_1_is_refused_with_the_line_and_the_flag() -> None:
    data = (HEADER + "Schuh,a,5,1\nGürtel für Kühe,b,5,2\n").encode("latin-1")
    with pytest.raises(CatalogueRefused) as refused:
        list(open_table(data, None, None).rows())

    assert "Line 3" in refused.value.why
    assert "Gürtel für Kühe" in refused.value.why
    assert "--encoding cp1252" in refused.value.fix


def test_with_the_flag_the_same_file_is_read() -> None:
    data = (HEADER + "Gürtel,b,5,2\n").encode("cp1252")

    assert [row.cells[0] for row in open_table(data, "cp1252", None).rows()] == ["Gürtel"]


def test_the_line_of_a_wrong_byte_is_right_far_down_the_file() -> None:
    data = HEADER.encode() + b"Schuh,a,5,1\n" * 5000 + b"G\xfcrtel,a,5,1\n"

    with pytest.raises(CatalogueRefused, match="Line 5002,"):
        list(open_table(data, None, None).rows())


@pytest.mark.parametrize("encoding", ["klingon", "hex", "", "rot13"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    with pytest.raises(CatalogueRefused, match="encoding"):
        open_table(HEADER.encode(), encoding, None)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_header(sign: str) -> None:
    table = open_table((HEADER + "a,b,5,1\n").replace(",", sign).encode(), None, None)

    assert table.delimiter == sign
    assert [row.cells for row in table.rows()] == [("a", "b", "5", "1")]


def test_line_ends_inside_quotes_keep_the_line_numbers_right() -> None:
    data = b'Title,Price\r\n"one\r\ntwo\r\nthree",5\r\n\r\nfour,6\r\n'

    rows = list(open_table(data, None, None).rows())

    assert [(row.line, row.cells[0]) for row in rows] == [(2, "one\r\ntwo\r\nthree"), (6, "four")]


def test_old_mac_line_ends_are_lines_too() -> None:
    assert [row.line for row in open_table(b"Title,Price\ra,5\rb,6\r", None, None).rows()] == [2, 3]


def test_an_empty_file_is_refused() -> None:
    for data in (b"", b"\n\n", codecs.BOM_UTF8):
        with pytest.raises(CatalogueRefused, match="empty"):
            open_table(data, None, None)


def test_a_quote_that_is_never_closed_is_refused_with_its_line() -> None:
    data = b"Title,Price\na,5\n" + b'"b,6\n' + b"c,7\n" * 60_000

    with pytest.raises(CatalogueRefused, match="begins on line 3 "):
        list(open_table(data, None, None).rows())


def test_a_line_without_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_LINE_CHARACTERS", 1000)

    with pytest.raises(CatalogueRefused, match="has no end"):
        open_table(b"Title," * 500, None, None)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueRefused, match="cannot be read"):
        open_table(tmp_path / "none.csv", None, None)


def test_a_file_on_disk_is_read_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(HEADER + "Shoe,a,5,1\n")
    table = open_table(path, None, None)

    assert len(list(table.rows())) == 1
    # A reader that stops halfway leaves no open file behind: a ResourceWarning is an error in these tests.
    next(table.rows())
