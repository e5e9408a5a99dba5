"""What lets somebody be called, written to, paid or visited: telephone, e-mail, links, accounts, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from intentcast.records.vocabulary import is_gtin

Span = tuple[int, int]

_CAP: Final = r"[A-ZÀ-ÖØ-ÞŠŽŁĐİ][\w’'.-]*"
_LETTERS: Final = r"[^\W\d_]"
_UNIT: Final = r"(?:(?:unit|flat|apt\.?|apartment|suite|room|block|house|villa|floor)\s*#?\s*\d+\s?[a-z]?\s*,?\s+)"
_STREET: Final = (
    r"(?:street|str\.?|st\.?|road|rd\.?|avenue|ave\.?|lane|ln\.?|drive|dr\.?|close|way|court|ct\.?|boulevard|blvd\.?|"
    r"square|sq\.?|terrace|crescent|place|pl\.?|gardens|grove|mews|row|hill|highway|hwy)"
)
_STREET_END: Final = (
    r"(?:stra(?:ss|ß)e|str\.|straat|gasse|gade|gata|gatan|gaten|vej|vei|veien|vägen|weg|platz|plein|laan|allee|allé|"
    r"kade|gracht|dijk|katu|tie|utca|ulica|ring|damm|ufer)"
)
_STREET_START: Final = (
    r"(?:rue|avenue|boulevard|place|chemin|impasse|via|viale|piazza|corso|calle|avenida|av\.|paseo|plaza|carrer|rua|"
    r"travessa|praça|largo|ulica|ul\.|aleja|al\.|strada|jalan|jl\.|jln|soi|calea|bulevardul|prospekt)"
)

_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE if small else 0)
    for pattern, small in (
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", True),
        (r"\b(?:https?://|www\.)\S+", True),
        (r"(?<![\w@])@[A-Za-z_]\w{2,}", False),
        (r"\b(?:t\.me|wa\.me|instagram\.com|facebook\.com|fb\.com)/\S+", True),
        (r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b", False),
        # A whole British or Irish postcode points at a dozen doors; the outward half alone does not.
        (r"\b(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]\d[\dW][ ]?[A-Z\d]{4})\b", False),
        (r"\b[A-Z]\d[A-Z][ ]\d[A-Z]\d\b", False),
        (rf"\b{_UNIT}?\d{{1,5}}\s?[a-z]?,?\s+(?:{_LETTERS}[\w’'.-]*\s+){{1,4}}?{_STREET}(?![\w’'])", True),
        (rf"\b{_LETTERS}+{_STREET_END}\s+\d{{1,4}}\s?[a-z]?\b", True),
        (rf"\b{_CAP}\s+(?i:{_STREET})\s+(?:No\.?\s*)?\d{{1,4}}\b(?!\s*(?:pm|am|:))", False),
        (rf"\b(?i:{_STREET_START})\s+(?:(?i:de|du|des|della|del|di|da|do|dos|la|le|les|l'|d')\s*)*{_CAP}(?:\s+{_CAP})*,?\s+(?:n[º°o]?\.?\s*)?\d{{1,5}}\b", False),
        (rf"\b{_UNIT}", True),
    )
)  # fmt: skip
_PHONE: Final = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w/]|[.,]\d)")
_PHONE_CUE: Final = re.compile(
    r"\b(?:call|ring|phone|tel|text|whatsapp|sms|mobile|cell|number|reach me|signal|viber|telegram)\b"
)
_NO_PHONE: Final = re.compile(
    r"^\d{4}-\d\d-\d\d|^\d{1,3}(?:[ ,.]\d{3})+$|^\d{1,4}-\d{1,4}$|^\d{1,2}[./-]\d{1,2}[./-]\d{4}$"
)


def find_contacts(text: str) -> Iterator[Span]:
    """Return where contact data stands."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.start(), match.end() - (len(match.group()) - len(match.group().rstrip(" ,.")))
    for match in _PHONE.finditer(text):
        if _is_phone(text, match):
            yield match.span()


def _is_phone(text: str, match: re.Match[str]) -> bool:
    written = match.group()
    digits = re.sub(r"\D", "", written)
    if is_gtin(digits) and digits == written and not written.startswith("0"):
        return False
    if _NO_PHONE.search(written):
        return False
    if written.startswith(("+", "00", "(")):
        return len(digits) >= 7
    cued = _PHONE_CUE.search(text[max(0, match.start() - 30) : match.start()].lower()) is not None
    return (
        len(digits) >= 7
        if cued
        else len(digits) >= 9 and (written.startswith("0") or re.search(r"[\s().-]", written) is not None)
    )
