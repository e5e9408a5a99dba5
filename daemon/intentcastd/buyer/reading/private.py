"""What must never leave: contact data, names of people, and what is said of their health.

Contact data and names are hidden from all other readers. What is said of health is only kept from leaving as words: a
place or a time beside it may still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from intentcastd.buyer.reading.contacts import Span, find_contacts
from intentcastd.data.folding import fold
from intentcastd.data.tables import rows

_NAME: Final = r"[A-ZÀ-ÖØ-ÞŠŽŁĐİĆČŚŻ][^\W\d_]+(?:[-’'][A-Z][^\W\d_]+)?"
_KIN: Final = (
    r"(?:son|daughter|wife|husband|partner|boyfriend|girlfriend|fianc[eé]e?|mother|father|mum|mom|dad|brother|sister|"
    r"grandma|grandpa|granny|grandmother|grandfather|nan|nana|aunt|auntie|uncle|niece|nephew|cousin|friend|mate|neighbou?r|"
    r"boss|colleague|roommate|flatmate|tochter|töchter|sohn|söhne|frau|mann|mutter|vater|mama|papa|oma|opa|bruder|schwester|freundin|freund|chefin?|nachbarin?|enkelin|enkel|neffen?|nichte|tante|onkel|kollegin|kollege|child|kid|boy|girl|baby|toddler|grandson|granddaughter|stepson|stepdaughter|twins?|"
    r"son-in-law|mother-in-law|landlord|teacher|goddaughter|godson)"
)
_TITLE: Final = r"(?:Father|Fr\.?|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?|Prof\.?|Professor|Sister|Rabbi|Imam|Pastor|Reverend|Rev\.?|Uncle|Auntie|Aunt|Herr|Frau|Signora?|Madame|Monsieur|Pan[i]?)"
_AGE: Final = r"(?:\s*\(\d{1,3}\)|,?\s+(?:aged?\s+)?\d{1,2}(?=\s*(?:,|\.|and\b|years?\b|yo\b|y/o\b)))"

# The group `who` is what is private.
_NAMED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?i:my|our|his|her|their|the|mein(?:e[mnrs]?)?|unser(?:e[mnrs]?)?|sein(?:e[mnrs]?)?|ihr(?:e[mnrs]?)?)\s+(?:[a-zäöüß]+\s+)?(?i:{_KIN})s?,?\s+(?P<who>{_NAME}(?:\s+{_NAME})?{_AGE}?)",
        rf"\b(?i:i['’]?m|i\s+am|my\s+name\s+is|my\s+name['’]s|this\s+is|it['’]s)\s+(?P<who>{_NAME}(?:\s+{_NAME})?{_AGE})",
        rf"\b(?i:ich\s+hei(?:ß|ss)e|mein\s+name\s+ist|name\s+ist|melden\s+bei|my\s+name\s+is|my\s+name['’]s|name\s+(?:on\s+(?:it|them)\s+)?is|called|named|ask\s+for|contact|c/o|attn\.?|signed)\s+(?P<who>{_NAME}(?:\s+{_NAME})?)",
        rf"\b(?P<who>{_TITLE}\s+{_NAME}(?:\s+{_NAME})?)",
        rf"(?P<who>\b{_NAME}\s*\(\d{{1,2}}\))",
        rf"(?P<who>\b{_NAME}\s+(?:turns|is\s+turning|will\s+be|is)\s+\d{{1,2}}\b(?:\s+years?\s+old)?)",
        rf"\bfor\s+(?P<who>{_NAME})(?=\s+(?:who|whose|she|he)\b|['’]s\s+(?:[\w-]+\s+)?(?:birthday|wedding|party|christening|baptism|funeral|graduation|anniversary|room|bar|bat|communion|quincea))",
        rf"(?i:\bgrüße|\bgruß|\bdanke|\bregards|\bthanks|\bthank you|\bcheers|\bbest|\bsincerely|\byours)[,.!]?\s*[-–—]?\s+(?P<who>{_NAME}(?:\s+{_NAME})?)\s*[.!]?\s*$",
        rf"[.!?]\s+[-–—]\s*(?P<who>{_NAME}(?:\s+{_NAME})?)\s*[.!]?\s*$",
        rf"\b(?P<who>{_NAME})\s+here\b",
    )
)  # fmt: skip
_GIVEN: Final = re.compile(
    rf"(?<![\w])(?:for|with|from|to|and|,)\s+(?P<who>{_NAME}(?:\s+{_NAME})?)(?=\s*(?:[.,;!?)]|$|['’]s\b|and\b|who\b|is\b|has\b|turns\b))"
)
# Capitalised words that are no names: they follow titles and kin in greetings and at the start of sentences.
_NO_NAMES: Final = frozenset(
    "madam sir all everyone team christmas easter hello hi dear looking need wanted please monday tuesday wednesday thursday "
    "friday saturday sunday january february march april may june july august september october november december the a "
    "an we i it he she they my our is in on at and or but so if".split()
)

_ILLNESS: Final = (
    r"(?:strokes?|cancer|chemo(?:therapy)?|diabet(?:es|ic)|(?:peanut |nut |food |severe )*allerg(?:y|ies|ic)|dialysis|depress(?:ion|ed)|"
    r"anxiety|panic attacks?|pregnan(?:t|cy)|surgery|operation|hospice|hospital|maternity ward|broken (?:leg|arm|hip|ankle|"
    r"wrist|foot|nose|rib)s?|arthritis|dementia|alzheimer['’]?s?|autis(?:m|tic)|adhd|rosacea|eczema|psoriasis|asthma|epilep(?:sy|tic)|"
    r"disab(?:led|ility)|miscarriage|hiv|insulin|(?:the|my|in) pain|injur(?:y|ed)|accident|therapy|rehab|parkinson['’]?s?|"
    r"incontinen(?:t|ce)|overweight|divorc(?:e|ed)|funeral|passed away|died|ill|sick|fever|infection|migraines?|insomnia|ptsd|"
    r"coeliac|celiac|ivf|blind|deaf|sober|schlaganfall\w*|krebs(?:krank)?|chemotherapie|allergi(?:e|en|sch|ker(?:in)?)|\w+allergie|diabetiker(?:in)?|dialyse|schwanger\w*|krankenhaus|operiert|gebrochen\w*|arthrose|demenz\w*|neurodermitis|rosazea|schuppenflechte|bandscheib\w+|inkontinen\w+|schmerzen|scheidung|gestorben|verstorben\w*|beerdigung|trauerfeier|arbeitslos|reha|krank|depressionen|depressiv|panikattacken|autismus|autistisch|behinder\w+|addict(?:ion|ed)?|bankrupt(?:cy)?|unemployed|lost my job|burn-?out|heart attack|copd|ms)"
)
_ILL: Final = re.compile(rf"\b{_ILLNESS}(?!\w)", re.IGNORECASE)
_SOMEBODY: Final = re.compile(
    rf"\b(?:i|i['’]m|me|my|we|we['’]re|our|us|he|his|she|her|him|they|their|mine|ich|mich|mir|wir|uns|mein\w{{0,2}}|unser\w{{0,2}}|ihr\w{{0,2}}|sein\w{{0,2}}|{_KIN}s?|husband['’]s|wife['’]s|who)\b",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(
    r"\b(?:need|want|looking|look|search(?:ing)?|buy|rent|hire|wanted|get|find|recommend|order|['’]m after|suche|brauche|benötige|möchte|kaufe|miete)\b",
    re.IGNORECASE,
)
_CONNECTOR: Final = re.compile(
    r"\b(?:after|because|since|as|for|who|due to|following|during|while|when|nach|wegen|weil|seit|für)\b", re.IGNORECASE
)
_CLAUSE_MARK: Final = re.compile(r"[.,;:!?()\n]|\s[-–—]\s")
_TAIL: Final = re.compile(
    r"\s+(?:in|at|by|before|near|on|around|from|until|tomorrow|today|tonight|so|please|within|bei|vor|bis|am|heute|morgen)\b",
    re.IGNORECASE,
)


def find_private(text: str) -> tuple[list[Span], list[Span]]:
    """Return where private words stand: those to hide from all readers, and those only to be kept from leaving."""
    hide = _merged([*find_contacts(text), *_names(text)])
    return hide, _merged(list(_health(text, hide)))


def _names(text: str) -> Iterator[Span]:
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            if _is_name(match["who"]):
                yield match.span("who")
    for match in _GIVEN.finditer(text):
        if fold(match["who"].split()[0]) in given_names():
            yield match.span("who")


def _is_name(words: str) -> bool:
    plain = [fold(word) for word in re.findall(r"[^\W\d_]+", words)]
    # A title does not make its own name: "Sir Madam".
    return bool(plain) and plain[-1] not in _NO_NAMES and plain[0] not in _NO_NAMES


@cache
def given_names() -> frozenset[str]:
    """Return names of people that are no common words."""
    return frozenset(name for (line,) in rows("given_names.tsv", 1) for name in line.split(" "))


def _health(text: str, names: list[Span]) -> Iterator[Span]:
    for match in _ILL.finditer(text):
        start, end = _clause(text, match.start(), match.end())
        clause = text[start:end]
        if not _SOMEBODY.search(clause) and not any(start <= name[0] < end for name in names):
            continue
        if _ASKING.search(text[start : match.start()]):
            connectors = [found.start() for found in _CONNECTOR.finditer(text, start, match.start())]
            if not connectors:
                continue
            start = connectors[-1]
        tail = _TAIL.search(text, match.end(), end)
        stop = tail.start() if tail else end
        yield start, stop


def _clause(text: str, start: int, end: int) -> Span:
    marks = list(_CLAUSE_MARK.finditer(text))
    before = [mark.end() for mark in marks if mark.end() <= start]
    after = [mark.start() for mark in marks if mark.start() >= end]
    first = before[-1] if before else 0
    while first < start and text[first].isspace():
        first += 1
    return first, after[0] if after else len(text.rstrip())


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def hidden(text: str, spans: list[Span]) -> str:
    """Return the text with blanks for the spans: same length, so that places in it still fit."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)
