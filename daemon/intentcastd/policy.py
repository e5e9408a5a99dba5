"""The policy file of a relay: branches of categories that it does not carry, one code a line, `#` for comments."""

from __future__ import annotations

from pathlib import Path

from intentcast.records.vocabulary import is_category
from intentcastd.errors import IntentcastdError
from intentcastd.paths import Home


class BadPolicy(IntentcastdError):
    """The policy file cannot be used."""

    code = "policy"
    exit = 2


def load_policy(home: Home, file: str) -> frozenset[str]:
    """Return the categories whose branches this relay refuses; none where no file is named.

    Raises:
        BadPolicy: the file cannot be read, or a line of it is no category code.
    """
    if not file:
        return frozenset()
    path = Path(file) if Path(file).is_absolute() else home.config_toml.parent / file
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadPolicy(f"{path} cannot be read: {error}.", "Mend it, or empty `policy_file` in [relay].") from error
    refused: set[str] = set()
    for number, line in enumerate(lines, start=1):
        code = line.split("#", maxsplit=1)[0].strip()
        if not code:
            continue
        if not is_category(code):
            raise BadPolicy(
                f"{path} line {number}: {code!r} is no category code.", 'Write codes like "bt-6-3", one a line.'
            )
        refused.add(code)
    return frozenset(refused)
