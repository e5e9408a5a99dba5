"""The official list of categories that a person imported: one file in the profile, replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from intentcastd.data import official, taxonomy
from intentcastd.data.official import NotTheList, Official
from intentcastd.errors import IntentcastdError
from intentcastd.paths import write_atomically

FILE: Final = "taxonomy.txt"


class BadTaxonomy(IntentcastdError):
    """The file is no whole list of categories; the one that was in use stays."""

    code = "taxonomy.refused"
    exit = 2


class DamagedTaxonomy(IntentcastdError):
    """The list in the profile is not the one that was imported."""

    code = "taxonomy.damaged"
    exit = 9


def keep(root: Path, content: bytes) -> Official:
    """Check a list, store it in a profile, and read with it from now on.

    Raises:
        BadTaxonomy: it is not a whole list; nothing has changed.
    """
    try:
        found = official.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadTaxonomy("The file is not UTF-8 text.", _FIX) from error
    except NotTheList as error:
        where = f"In line {error.line}, " if error.line else ""
        raise BadTaxonomy(f"This is no whole list of categories. {where}{error.what}.", _FIX) from error
    write_atomically(root / FILE, content)
    taxonomy.use(found.names, found.edition)
    return found


_FIX: Final = "Take categories.txt of the Shopify product taxonomy, as it is published."


def load(root: Path) -> Official | None:
    """Read with the list of a profile from now on, if it has one.

    Raises:
        DamagedTaxonomy: somebody else changed the file.
    """
    path = root / FILE
    try:
        found = official.parse(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, NotTheList) as error:
        raise DamagedTaxonomy(
            f"{path} is not the list of categories that was imported.",
            "Remove the file, or import the list again after that: intentcast taxonomy import FILE",
        ) from error
    taxonomy.use(found.names, found.edition)
    return found


def forget(root: Path) -> bool:
    """Remove the list of a profile; return whether there was one."""
    path = root / FILE
    there = path.exists()
    path.unlink(missing_ok=True)
    taxonomy.use({})
    return there
