"""What the local API takes and gives for the list of categories."""

from __future__ import annotations

from intentcastd.api.shapes import Given


class Taxonomy(Given, frozen=True):
    """The categories that sentences are read with.

    Attributes:
        ours: how many categories the program's own table has, with search words in English and German.
        imported: how many the imported list has; 0 where none was imported.
        edition: what its publisher calls it.
        added: how many of them our own table does not have.
    """

    ours: int
    imported: int
    edition: str
    added: int
