"""What a person says about a file before it is read, and what the import asks others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from intentcastd.vendor.money import Mark

if TYPE_CHECKING:
    from intentcastd.vendor.catalogue.column_map import ColumnMap

# Words of an item to a category code, or None: the reading room's classifier.
Classify: TypeAlias = Callable[[Sequence[str]], "str | None"]
# A category as an export names it (path, name, or taxonomy id) to a code, or None: the category table.
FindCategory: TypeAlias = Callable[[str], "str | None"]
# A service word to its category code, or None if the registry does not list it.
FindService: TypeAlias = Callable[[str], "str | None"]


def nothing_known(_: object) -> None:
    """Stand in where a table or a classifier is not given: nothing is known."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """All that decides how a file is read besides its bytes.

    Attributes:
        currency: ISO 4217 code of all prices, from vendor.toml.
        decimal: which mark parts decimals, if the person said so (--decimal).
        encoding: codec (--encoding); None: byte order mark, else UTF-8.
        delimiter: one character (--delimiter); None: the one that parts the header best.
        condition: of all goods whose row states none (vendor.toml).
        category: of all items for which none is found (--category).
        all_or_nothing: stop at the first row with an error.
        columns: which column holds what; used where the headings belong to no known export, or always if `mapped`.
        mapped: whether the map was named for this file.
    """

    currency: str
    decimal: Mark | None = None
    encoding: str | None = None
    delimiter: str | None = None
    condition: str | None = None
    category: str | None = None
    all_or_nothing: bool = False
    columns: ColumnMap | None = None
    mapped: bool = False
    classify: Classify = nothing_known
    find_category: FindCategory = nothing_known
    find_service: FindService = nothing_known
