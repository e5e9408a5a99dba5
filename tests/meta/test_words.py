"""The project speaks of itself alone: no word of the machine it was written on, no address of a package index."""

import re
from pathlib import Path

# Written in pieces, so that this file does not hold what it looks for.
ALIEN = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.~])/" + r"(work|workspace|root|Users)/",
        r"(?<![\w.~])/" + r"home/[a-z]",
        r"[A-Z]:\\" + r"Users\\",
        r"pypi\." + r"org",
        r"pythonhosted\." + r"org",
        r"registry\.npmjs\." + r"org",
        r"deb\.debian\." + r"org",
        r"--(extra-)?index-" + r"url",
        r"co-authored" + r"-by",
        r"as an ai " + r"(language )?model",
    )
]
# scripts/lock tells its tool to leave the address out; to say so it must name the option.
SAID_ON_PURPOSE = {("scripts/lock", "--no-emit-index-" + "url")}


def text_of(path: Path) -> str:
    data = path.read_bytes()
    return "" if b"\0" in data[:8192] else data.decode("utf-8", "replace")


def test_no_file_names_a_machine_a_package_index_or_a_tool_of_the_trade(root: Path, project_files: list[Path]) -> None:
    found = []
    for path in project_files:
        name = path.relative_to(root).as_posix()
        text = text_of(path)
        for file, words in SAID_ON_PURPOSE:
            if file == name:
                text = text.replace(words, "")
        found += [f"{name}: {match.group()}" for pattern in ALIEN for match in pattern.finditer(text)]

    assert found == []


def test_the_patterns_see_what_they_are_for() -> None:
    samples = ["see /" + "work/notes", "cd /" + "home/ada", "https://pypi." + "org/simple", "Co-Authored" + "-By: x"]

    assert all(any(pattern.search(sample) for pattern in ALIEN) for sample in samples)
    assert not any(pattern.search("the network/root/path and work/life") for pattern in ALIEN)


def test_no_sentence_is_left_for_later(root: Path, project_files: list[Path]) -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [
        f"{path.relative_to(root).as_posix()}: {match.group()}"
        for path in project_files
        if path.suffix in {".py", ".js", ".mjs", ".css", ".html", ".md", ".toml", ""} and "locks" not in path.parts
        for match in marks.finditer(text_of(path))
    ]

    assert found == []
