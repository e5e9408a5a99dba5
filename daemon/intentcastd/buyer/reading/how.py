"""How a thing comes to the person, or the person to it: delivered, fetched, done on site, done from afar."""

from __future__ import annotations

import re
from typing import Final

from intentcast.records.vocabulary import HOWS
from intentcastd.buyer.reading.tokens import Found, Sentence

_PATTERNS: Final = (
    ("deliver", re.compile(r"\b(?:deliver(?:y|ed|ing)?|ship(?:ped|ping)?|post(?:ed|age)?(?! code)|mail(?:ed)?(?! box)|send|sent|courier|parcel|packstation|drop(?:ped)? (?:off|at)|bring|brought|get (?:them|it) to me|liefern|lieferung|geliefert|liefert|versand|versenden|verschicken|zuschicken|zusenden)\b")),
    ("pickup", re.compile(r"\b(?:pick(?:ed|ing)?[- ]?(?:it |them )?up|pickup|collect(?:ion)?(?! box)|fetch|walk[- ]in|i(?:['’]ll| will| can) come|own trailer|abhol(?:en|ung|e)|selbstabholer)\b")),
    ("onsite", re.compile(r"\b(?:at (?:my |our )?home|at (?:my|our) (?:place|house|flat|office|hotel)|come to (?:my|our|me|us|the)|home visit|house call|on[- ]?site|mobile repair|can come|call[- ]out|in my work car park|come out|vor ort|zu (?:mir|uns) (?:nach hause|kommen)|ins haus)\b")),
    ("remote", re.compile(r"\b(?:online|zoom|skype|teams call|remote(?:ly)?|video call|over the phone|by phone|virtual(?:ly)?|by e-?mail|e-?mail a)\b")),
)  # fmt: skip
_NO: Final = re.compile(r"\b(?:no|not|without|ohne|keine?|nicht|don['’]?t|can['’]?t|cannot)\s+(?:\w+\s+)?$")


def read_how(sentence: Sentence, kind: str) -> Found[tuple[str, ...]] | None:
    """Return the ways that the sentence names, sorted as on the wire."""
    text = sentence.lower
    found: dict[str, re.Match[str]] = {}
    for how, pattern in _PATTERNS:
        match = next((match for match in pattern.finditer(text) if not _NO.search(text[: match.start()])), None)
        # Goods do not come to be done at a place; what is taught online is.
        if (
            match
            and not (how == "onsite" and kind == "goods")
            and not (how == "remote" and kind == "goods" and "e-mail" not in match.group())
        ):
            found[how] = match
    if not found:
        return None
    first = min(found.values(), key=lambda match: match.start())
    return Found(tuple(how for how in sorted(HOWS) if how in found), 0.7, *first.span())
