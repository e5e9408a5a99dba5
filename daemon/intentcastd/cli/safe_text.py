"""Strangers' words, made safe to print: nothing in them moves the cursor, changes colours, or turns the order of letters."""

from __future__ import annotations

import re
import unicodedata

# Escape sequences whole (so that no "[2J" stays behind), with the 8-bit forms of their beginning.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS and their kin
    r"|\x1b[ -/]*[0-~]"
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})
# More marks than any language stacks on one letter would run over the lines above and below.
_MOST_MARKS = 3
# Scripts with letters that look alike; a name that mixes them may pose as another one.
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def safe(text: str, most: int = 200) -> str:
    """Return text on one line without anything that a terminal obeys or hides.

    Args:
        most: characters that may stay; what is longer ends in "…".
    """
    shown: list[str] = []
    marks = 0
    for letter in _SEQUENCES.sub("", text):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind == "Mn" else 0
        if kind in _SPACES or letter in "\t\n\r":
            shown.append(" ")
        elif kind not in _HIDDEN and marks <= _MOST_MARKS:
            shown.append(letter)
    line = " ".join("".join(shown).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def safe_name(text: str, most: int = 40) -> str:
    """Return a name, with a word behind it where its letters come from scripts that look alike."""
    name = safe(text, most)
    return f"{name} (mixed scripts)" if len(_scripts(name)) > 1 else name


def _scripts(name: str) -> set[str]:
    found = set()
    for letter in name:
        if letter.isalpha():
            script = unicodedata.name(letter, "").split(" ", maxsplit=1)[0]
            found |= {script} & set(_ALIKE)
    return found


# What JSON may hold and a terminal would still obey or hide: written as an escape, so that programs read the same.
_IN_JSON = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def safe_json(text: str) -> str:
    """Return JSON that says the same and holds nothing that a terminal obeys."""
    return _IN_JSON.sub(lambda match: _escaped(match[0]), text)


def _escaped(letter: str) -> str:
    data = letter.encode("utf-16-be")
    return "".join(f"\\u{data[at]:02x}{data[at + 1]:02x}" for at in range(0, len(data), 2))
