"""A correction that cannot be meant: what was written, why it cannot be, and what to write instead."""

from __future__ import annotations


class Wrong(Exception):
    """A value that no field can take.

    Attributes:
        field: the field, as its flag is called.
        what: what was written and is wrong.
        why: why it cannot be meant.
        fix: what to write instead.
    """

    def __init__(self, field: str, what: str, why: str, fix: str) -> None:
        super().__init__(f"{field}: {what} {why} {fix}")
        self.field = field
        self.what = what
        self.why = why
        self.fix = fix
