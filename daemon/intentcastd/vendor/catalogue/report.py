"""What an import did, row by row: nothing is lost without a line in here.

Each data row of the source ends in one of three counts, so ok + skipped + failed == rows once the import is done.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]

# Issues beyond this are counted and not kept: a file with a wrong column has as many as rows.
MAX_ISSUES = 1_000
_MAX_VALUE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class RowIssue:
    """One thing that is wrong in one place of a file.

    Attributes:
        line: line of the file, from 1 with the header.
        column: heading as the file has it; empty if the whole row is meant.
        what: what is wrong, with the value.
        fix: what to do.
        severity: an error leaves the row out, a warning does not.
    """

    line: int
    column: str
    what: str
    fix: str
    severity: Severity

    def __str__(self) -> str:
        place = f'line {self.line} column "{self.column}"' if self.column else f"line {self.line}"
        return f"{place}: {self.what}. {self.fix[:1].upper()}{self.fix[1:]}."


class CatalogueRefused(Exception):
    """The file as a whole cannot be read.

    Attributes:
        what: what is wrong.
        why: how it is known.
        fix: what to do next, with the flag if there is one.
    """

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(f"{what} {why} {fix}")
        self.what = what
        self.why = why
        self.fix = fix


@dataclass(slots=True)
class ImportReport:
    """Counts and issues of one import. It grows while the items are read; `done` says that all were.

    Attributes:
        rows: data rows that were read; blank lines are none.
        products: different handles among the items.
        ok: rows that became an item.
        skipped: rows left out on purpose, by reason: draft, unpublished, image, empty.
        failed: rows left out because of an error.
    """

    format: str
    encoding: str
    delimiter: str
    rows: int = 0
    products: int = 0
    ok: int = 0
    failed: int = 0
    warnings: int = 0
    skipped_by_reason: Counter[str] = field(default_factory=Counter)
    issues: list[RowIssue] = field(default_factory=list)
    done: bool = False

    @property
    def skipped(self) -> int:
        return self.skipped_by_reason.total()

    @property
    def variants(self) -> int:
        return self.ok

    @property
    def errors(self) -> list[RowIssue]:
        return [issue for issue in self.issues if issue.severity == "error"]

    def adds_up(self) -> bool:
        """Tell whether every row that was read is in exactly one count."""
        return self.ok + self.skipped + self.failed == self.rows

    def skip(self, reason: str) -> None:
        self.skipped_by_reason[reason] += 1

    def fail(self, line: int, column: str, what: str, fix: str) -> None:
        """Count a row as failed and say why."""
        self.failed += 1
        self._keep(RowIssue(line, column, what, fix, "error"))

    def warn(self, line: int, column: str, what: str, fix: str) -> None:
        """Note something about a row that stays."""
        self.warnings += 1
        self._keep(RowIssue(line, column, what, fix, "warning"))

    def _keep(self, issue: RowIssue) -> None:
        if len(self.issues) < MAX_ISSUES:
            self.issues.append(issue)


def quoted(value: str) -> str:
    """Return a value of the file as it may stand in a message: short, on one line, without control characters."""
    shown = "".join(letter if letter.isprintable() else "·" for letter in value[: _MAX_VALUE_CHARACTERS + 1])
    return f'"{shown[:_MAX_VALUE_CHARACTERS]}…"' if len(shown) > _MAX_VALUE_CHARACTERS else f'"{shown}"'
