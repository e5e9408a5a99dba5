"""The official list of categories, as its publisher offers it for download: read and checked, whole or not at all.

A line is "gid://shopify/TaxonomyCategory/bt-6 : Baby & Toddler > Baby Transport"; remarks stand behind a number sign.
The list comes from outside: nothing of it is taken before all of it is sound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from intentcast.records.fields import is_plain_text
from intentcast.records.vocabulary import is_category

# What one publishes today has 11,000 lines in 1.5 MB; a file beyond this is something else, and would fill the memory.
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_CATEGORIES: Final = 60_000
# A download that was cut short must not take the place of a whole one.
MIN_CATEGORIES: Final = 1_000
_MAX_NAME_CHARACTERS: Final = 160
_LINE: Final = re.compile(r"gid://shopify/TaxonomyCategory/(?P<code>[a-z0-9-]+)\s*:\s*(?P<path>\S.*)")
_EDITION: Final = re.compile(r"#.*?Categories:\s*(?P<edition>[\w.-]{1,40})")


class NotTheList(ValueError):
    """The file is not a whole list of categories.

    Attributes:
        what: what is wrong, in whole sentences.
        line: number of the line, or 0 where no single one is at fault.
    """

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(f"Line {line}: {what}" if line else what)
        self.what = what
        self.line = line


@dataclass(frozen=True, slots=True)
class Official:
    """A list of categories: names by code, and what its publisher calls this edition."""

    names: Mapping[str, str]
    edition: str


def parse(text: str) -> Official:
    """Read a whole list.

    Raises:
        NotTheList: a line has another form, a parent is missing, or there are far too few or too many.
    """
    names: dict[str, str] = {}
    edition = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            found = _EDITION.match(line)
            edition = edition or (found["edition"] if found else "")
        elif line.strip():
            code, name = _read(line.rstrip(), number)
            parent = code.rpartition("-")[0]
            if code in names:
                raise NotTheList(f"the category {code} is there twice", number)
            if parent and parent not in names:
                raise NotTheList(f"the category {code} comes before its parent {parent}", number)
            names[code] = name
            if len(names) > MAX_CATEGORIES:
                raise NotTheList(f"there are more than {MAX_CATEGORIES:,} categories", number)
    if len(names) < MIN_CATEGORIES:
        raise NotTheList(f"there are {len(names):,} categories, and a whole list has more than {MIN_CATEGORIES:,}")
    return Official(MappingProxyType(names), edition or "unnamed")


def _read(line: str, number: int) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise NotTheList("it has another form than “gid://shopify/TaxonomyCategory/code : path”", number)
    code, parts = found["code"], found["path"].split(" > ")
    name = parts[-1].strip()
    if not is_category(code):
        raise NotTheList("it has no code of a category", number)
    if len(parts) != code.count("-") + 1:
        raise NotTheList(f"its path has {len(parts)} parts, but its code {code.count('-') + 1}", number)
    if not 1 <= len(name) <= _MAX_NAME_CHARACTERS or not is_plain_text(name):
        raise NotTheList("its name is no plain text", number)
    return code, name
