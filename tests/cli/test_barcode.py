"""A product code on the command line: digits as people type them, or a picture of a bar code."""

from __future__ import annotations

import importlib.util
import struct
import zlib
from pathlib import Path

import pytest

from intentcastd.cli.barcode import EXTRA, code_of
from intentcastd.cli.failures import CommandFailed

HAS_READER = all(importlib.util.find_spec(name) for name in ("zxingcpp", "PIL"))
CODE = "4006381333931"

_LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
_PARITY = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL".split()


def bars(code: str) -> str:
    """Return the modules of an EAN-13, 1 for black (GS1 General Specifications, 5.2)."""
    right = ["".join("10"[int(module)] for module in each) for each in _LEFT]
    left = (
        (_LEFT if parity == "L" else [each[::-1] for each in right])[int(digit)]
        for digit, parity in zip(code[1:7], _PARITY[int(code[0])], strict=True)
    )
    return "101" + "".join(left) + "01010" + "".join(right[int(digit)] for digit in code[7:]) + "101"


def png(path: Path, *codes: str) -> Path:
    """Write a picture with bar codes below each other."""
    scale, height, margin = 3, 60, 12
    width = (95 + 2 * margin) * scale
    white = b"\0" + b"\xff" * width
    lines = [white] * 40
    for code in codes:
        modules = "0" * margin + bars(code) + "0" * margin
        row = b"\0" + b"".join((b"\0" if module == "1" else b"\xff") * scale for module in modules)
        lines += [row] * height + [white] * 40
    header = struct.pack(">IIBBBBB", width, len(lines), 8, 0, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines))), (b"IEND", b"")
    data = b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
    return path


def test_digits_are_taken_as_people_type_them() -> None:
    assert code_of(None) is None
    assert code_of(CODE) == CODE
    assert code_of("4 006381-333931") == CODE


def test_what_is_neither_number_nor_file_is_said() -> None:
    with pytest.raises(CommandFailed, match="neither a number nor a file"):
        code_of("nowhere.png")


@pytest.mark.skipif(HAS_READER, reason="the extra is installed")
def test_a_picture_without_the_extra_is_answered_with_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed) as failed:
        code_of(str(png(tmp_path / "code.png", CODE)))

    assert f"intentcast[{EXTRA}]" in failed.value.hint


@pytest.mark.skipif(not HAS_READER, reason=f"needs the extra {EXTRA}")
@pytest.mark.parametrize(("codes", "told"), [((), "no product code"), ((CODE, "9780306406157"), "several")])
def test_a_picture_with_none_or_several_is_refused(tmp_path: Path, codes: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandFailed, match=told):
        code_of(str(png(tmp_path / "code.png", *codes)))


@pytest.mark.skipif(not HAS_READER, reason=f"needs the extra {EXTRA}")
def test_a_picture_of_a_bar_code_is_read(tmp_path: Path) -> None:
    assert code_of(str(png(tmp_path / "code.png", CODE))) == CODE


@pytest.mark.skipif(not HAS_READER, reason=f"needs the extra {EXTRA}")
def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "code.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")

    with pytest.raises(CommandFailed, match="no picture"):
        code_of(str(tmp_path / "code.png"))
