"""New, used or refurbished: what is asked for, and what would do."""

from __future__ import annotations

import re
from typing import Final

from intentcastd.buyer.reading.tokens import Found, Sentence

_USED: Final = (
    r"(?:second[- ]?hand|2nd[- ]?hand|pre[- ]?owned|pre[- ]?loved|used(?! to\b)|nearly new|vintage|antique|wrecker['’]?s?(?: part)?|breaker['’]?s?|"
    r"gebraucht(?:e[nrms]?)?|aus zweiter hand|generalüberholt|one owner|single owner|ex[- ]display|open[- ]box|refurb(?:ished)?s?|reconditioned)"
)
_FINE: Final = r"(?:\s+(?:ist|wäre|geht|gerne?|auch|part|one|item|is|are|would|will|be|also|totally|perfectly|absolutely|too|or|can|it|s))*\s+(?:fine|ok|okay|good|welcome|accepted|acceptable|no problem|works|great|alright|cool|in ordnung|möglich|kein problem)\b"
_ANY: Final = re.compile(
    rf"\b{_USED}{_FINE}|\bany condition\b|\b(?:new|used|second[- ]?hand|refurb\w*) or (?:lightly |gently )?(?:new|used|second[- ]?hand|refurb\w*)\b|"
    rf"\bif (?:it['’]?s |its |they['’]?re |it is )?{_USED}|\b(?:don['’]?t|do not|doesn['’]?t) (?:mind|matter)\b[^.;]{{0,16}}{_USED}|\bcan be (?:{_USED})|"
    rf"\b(?:ok|okay|fine|happy) with (?:a )?{_USED}|\bcondition (?:does ?n['’]?o?t|not) (?:matter|important)"
)
_REFURBISHED: Final = re.compile(
    r"\b(?:generalüberholt\w*|aufbereitet\w*|überholt\w*|refurb(?:ished|ed)?|reconditioned|renewed|remanufactured)\b"
)
_SECOND: Final = re.compile(
    r"\b(?:(?<!un)gebraucht(?:e[nrms]?)?|aus zweiter hand|wenig getragen|second[- ]?hand|2nd[- ]?hand|pre[- ]?owned|pre[- ]?loved|used(?! to\b)(?! by\b)(?! for\b)(?! as\b)|vintage|antique|single owner|one owner|nearly new)\b"
)
_NOT_USED: Final = re.compile(
    r"\b(?:no|not|never|nothing|isn['’]?t|without) (?:any )?(?:second[- ]?hand|2nd[- ]?hand|pre[- ]?owned|used|refurb\w*)\b"
)
_NEW: Final = re.compile(
    r"\b(?:nagelneu\w*|fabrikneu\w*|originalverpackt\w*|ovp|ungebraucht\w*|nur neu|brand[- ]?new|factory sealed|sealed|unopened|unused|new only|only new|must be new|new in box|bnib|nib|new condition|never used|in original packaging|new, not used|"
    r"new one|new with tags|bnwt|boxed new|still boxed|unworn|new please)\b|(?<=[.,;] )new(?=[.,;!]|$)"
)


def read_condition(sentence: Sentence) -> Found[str] | None:
    """Return new, used, refurbished or any, where the sentence says it."""
    text = sentence.lower
    for pattern, value, sure in ((_ANY, "any", 0.85), (_NOT_USED, "new", 0.8), (_NEW, "new", 0.8)):
        match = pattern.search(text)
        if match:
            return Found(value, sure, *match.span())
    for pattern, value in ((_REFURBISHED, "refurbished"), (_SECOND, "used")):
        match = pattern.search(text)
        if match:
            return Found(value, 0.85, *match.span())
    return None
