"""Where the specs lie: inside the installed wheel, or beside the code in a checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).resolve().parent

# A wheel carries the folder inside this package. In a checkout it stands two levels up, and is never copied: an edit counts at once.
_PLACES: Final = (_HERE / "_specs", _HERE.parent.parent / "specs")


def folder() -> Path:
    """Return the folder with the chapters, registries and vectors.

    Raises:
        FileNotFoundError: this copy of the program was installed without them.
    """
    for place in _PLACES:
        if (place / "registries").is_dir():
            return place
    raise FileNotFoundError(
        "intentcast was installed without its specs folder. Install it again from a wheel or a checkout."
    )


def registry(name: str) -> dict[str, Any]:
    """Return one registry as it stands in its file, for example `frames`."""
    content: dict[str, Any] = json.loads((folder() / "registries" / f"{name}.json").read_bytes())
    return content
