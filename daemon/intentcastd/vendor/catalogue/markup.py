"""Text out of the HTML of a product's description, in one pass over it."""

from __future__ import annotations

import html
import re
from typing import Final

_OPENS: Final = re.compile(r"[a-zA-Z/!?]")
# Elements whose content no reader sees.
_UNSEEN: Final = re.compile(r"<(?:script|style)\b", re.I)
_UNSEEN_ENDS: Final = re.compile(r"</(?:script|style)\b[^>]*>", re.I)


def text_of(markup: str) -> str:
    """Return the words that a reader of the page would see; each tag becomes a gap.

    The scan only goes forward, and what has no end swallows the rest. Looking anew at each sign for an end that is
    not there would take time with the square of the length, and catalogues come from strangers' exports.
    """
    parts: list[str] = []
    at = 0
    while (start := markup.find("<", at)) >= 0:
        parts.append(markup[at:start])
        if not _OPENS.match(markup, start + 1):
            parts.append("<")
            at = start + 1
            continue
        parts.append(" ")
        at = _end(markup, start)
    parts.append(markup[at:])
    return " ".join(html.unescape("".join(parts)).split())


def _end(markup: str, start: int) -> int:
    """Return where the tag, comment or unseen element that begins at `start` ends."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return len(markup) if end < 0 else end + 3
    if _UNSEEN.match(markup, start):
        close = _UNSEEN_ENDS.search(markup, start)
        return len(markup) if close is None else close.end()
    end = markup.find(">", start)
    return len(markup) if end < 0 else end + 1
