"""What somebody would pay: an amount with a currency, or one that a word such as "max" makes a price.

"$" and "kr" and "pesos" are many currencies; the country of the place decides, then the person's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from intentcast.limits import MAX_INTEGER
from intentcast.records.vocabulary import Band
from intentcastd.buyer.reading import numerals
from intentcastd.buyer.reading.tokens import Found, Sentence
from intentcastd.data import currencies, gazetteer

# Signs and words of one currency.
_ONE: Final[dict[str, str]] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "e": "EUR", "£": "GBP", "quid": "GBP", "gbp": "GBP", "₹": "INR",
    "₦": "NGN", "naira": "NGN", "₱": "PHP", "₩": "KRW", "won": "KRW", "₺": "TRY", "lira": "TRY", "tl": "TRY", "₽": "RUB",
    "₪": "ILS", "nis": "ILS", "shekel": "ILS", "shekels": "ILS", "₫": "VND", "dong": "VND", "฿": "THB", "baht": "THB", "₴": "UAH",
    "hryvnia": "UAH", "₾": "GEL", "lari": "GEL", "₵": "GHS", "ghs": "GHS", "cedi": "GHS", "cedis": "GHS", "zł": "PLN", "zl": "PLN",
    "zloty": "PLN", "zlotys": "PLN", "zlotych": "PLN", "kč": "CZK", "kc": "CZK", "korun": "CZK", "ft": "HUF", "forint": "HUF",
    "forints": "HUF", "lei": "RON", "ron": "RON", "lev": "BGN", "leva": "BGN", "rm": "MYR", "ringgit": "MYR", "rand": "ZAR",
    "rands": "ZAR", "yuan": "CNY", "rmb": "CNY", "kuai": "CNY", "yen": "JPY", "sol": "PEN", "soles": "PEN", "s/": "PEN",
    "reais": "BRL", "real": "BRL", "r$": "BRL", "us$": "USD", "usd": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD",
    "cad": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "nt$": "TWD", "mx$": "MXN", "fj$": "FJD", "n$": "NAD", "t$": "TOP", "j$": "JMD",
    "ksh": "KES", "kes": "KES", "ush": "UGX", "ugx": "UGX", "tsh": "TZS", "birr": "ETB", "taka": "BDT", "৳": "BDT", "chf": "CHF", "franken": "CHF",
    "kip": "LAK", "riel": "KHR", "kyat": "MMK", "kwacha": "ZMW", "pula": "BWP", "dram": "AMD", "som": "KGS", "tenge": "KZT", "₸": "KZT",
    "rupiah": "IDR", "idr": "IDR", "rp": "IDR", "aed": "AED", "dhs": "AED", "sar": "SAR", "riyal": "SAR", "riyals": "SAR", "qar": "QAR",
    "fcfa": "XOF", "cfa": "XOF", "guarani": "PYG", "guaranies": "PYG", "quetzal": "GTQ", "quetzales": "GTQ", "kuna": "EUR",
    "lempiras": "HNL", "colones": "CRC", "bolivianos": "BOB", "denar": "MKD", "isk": "ISK", "nok": "NOK", "sek": "SEK", "dkk": "DKK",
}  # fmt: skip
# Signs and words of several; the first fits where no country says another.
_MANY: Final[dict[str, tuple[str, ...]]] = {
    "$": (
        "USD",
        "CAD",
        "AUD",
        "NZD",
        "SGD",
        "HKD",
        "MXN",
        "CLP",
        "COP",
        "ARS",
        "FJD",
        "JMD",
        "TWD",
        "BBD",
        "TTD",
        "NAD",
    ),
    **dict.fromkeys(
        ("dollar", "dollars", "bucks", "buck"), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "FJD", "JMD", "TWD")
    ),
    "¥": ("JPY", "CNY"),
    **dict.fromkeys(("pound", "pounds"), ("GBP", "EGP", "LBP", "SDG")),
    **dict.fromkeys(("kr", "kr.", "kroner", "kronor", "krona", "krone", "kronur"), ("SEK", "NOK", "DKK", "ISK")),
    **dict.fromkeys(("peso", "pesos"), ("MXN", "PHP", "ARS", "CLP", "COP", "UYU", "DOP", "CUP")),
    **dict.fromkeys(("rs", "rs.", "rupee", "rupees"), ("INR", "PKR", "LKR", "NPR", "MUR", "SCR")),
    **dict.fromkeys(("dinar", "dinars"), ("RSD", "KWD", "TND", "DZD", "JOD", "BHD", "IQD", "LYD")),
    **dict.fromkeys(("dirham", "dirhams", "dh"), ("AED", "MAD")),
    **dict.fromkeys(("shilling", "shillings", "sh"), ("KES", "TZS", "UGX", "SOS")),
    **dict.fromkeys(("franc", "francs", "fr.", "sfr"), ("CHF", "XOF", "XAF", "RWF")),
    **dict.fromkeys(("manat",), ("AZN", "TMT")),
    "r": ("ZAR",),
    "k": ("PGK",),
    "p": ("BWP",),
}
_DOLLARS: Final = (
    ("canadian", "CAD"), ("australian", "AUD"), ("aussie", "AUD"), ("us", "USD"), ("american", "USD"), ("new zealand", "NZD"),
    ("kiwi", "NZD"), ("singapore", "SGD"), ("hong kong", "HKD"),
)  # fmt: skip
_CURRENCY_WORDS: Final = sorted(
    {*_ONE, *_MANY} - {"e", "r", "k", "p", "ft", "real", "sol", "som", "won", "sh"}, key=len, reverse=True
)
_CODE: Final = r"(?:" + "|".join(sorted(currencies.decimals())) + r")"
_AFTER_ONLY: Final = r"(?:(?<=\d )(?-i:e)|sol|won|real|ft|sh)"
_WORD: Final = "|".join(map(re.escape, _CURRENCY_WORDS))
_NUM: Final = numerals.DIGITS
_SCALE: Final = r"(?:\s?(?P<scale>k|m|mio|million|lakhs?))?(?![a-z]*\d)"
_RANGE: Final = rf"(?:(?P<low>{_NUM})\s*(?:k\s*)?(?:-|–|to|and|bis|und)\s*)?"
_NATION: Final = r"(?:(?P<nation>canadian|australian|aussie|us|american|new zealand|kiwi|singapore|hong kong)\s+)?"

_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE if small else 0)
    for pattern, small in (
        (rf"(?<![\w])(?P<cur>{_WORD})\s?{_RANGE}(?P<high>{_NUM}){_SCALE}(?:ish)?(?!\w)", True),
        (
            rf"(?<![\w.,]){_RANGE}(?P<high>{_NUM}){_SCALE}\s?{_NATION}(?P<cur>{_WORD}|{_AFTER_ONLY}(?=\s*(?:[.,;!?)]|$)))(?![\w$])",
            True,
        ),
        (rf"(?<!\w)(?P<cur>{_CODE})\s?{_RANGE}(?P<high>{_NUM}){_SCALE}(?!\w)", False),
        (rf"(?<![\w.,]){_RANGE}(?P<high>{_NUM}){_SCALE}\s?(?P<cur>{_CODE})(?!\w)", False),
        # "R2500" is rand, "R16" is the rim of a tyre.
        (rf"(?<![\w/])(?P<cur>R)\s?(?P<high>\d{{3,}}|\d{{1,3}}(?:[ ,]\d{{3}})+){_SCALE}(?!\w)", False),
    )
)
_CUE: Final = (
    r"(?:budget(?:\s+(?:is|of|about|around|max))?|max(?:imum|\.)?|up to|under|below|less than|no(?:t)? (?:more|over) than|not over|at most|"
    r"can (?:pay|spend)|pay up to|spend|offering|willing to pay|limit(?: is)?|for around|price|höchstens|maximal|bis(?: zu)?|unter|nicht mehr als|nicht über|weniger als|obergrenze)"
)
_BARE: Final = (
    re.compile(
        rf"\b{_CUE}[:\s]+(?:about |around |~)?{_RANGE}(?P<high>{_NUM}){_SCALE}(?!\s?(?:-|–)?\s?[\w%°\"']|[.,]?\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w.,])(?P<high>\d{{2,7}}){_SCALE}\s+(?:max|tops|at most|maximum|budget|or less)\b", re.IGNORECASE
    ),
)
_BUDGET_CUE: Final = re.compile(
    r"budget|max\b|maximum|up to|under\b|below|less than|no more|not more|not over|at most|tops|ish\b|pay|spend|around|about|limit|hopefully|what i have|for both|each|all in|"
    r"höchstens|maximal|\bbis\b|\bunter\b|nicht mehr|nicht über|zahle|ausgeben|zusammen|\bpro\b|or less|per\b|say\b|realistic|thinking of",
    re.IGNORECASE,
)
_NOT_MINE: Final = re.compile(
    r"\b(?:deposit|paid|cost me|worth|insured|fine|income|salary|earn|bought (?:it|them) for|kept my|owe[sd]?|refund|debt|rrp|retail|lost|stole|kaution|gekostet|bezahlt|neupreis|wert)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Amount:
    low: Decimal | None
    high: Decimal
    currency: str
    start: int
    end: int
    score: float


def read_budget(sentence: Sentence, country: str | None, own: str | None) -> Found[Band] | None:
    """Return what may be spent: from 0 to the limit, or the range that was named.

    Args:
        sentence: what is read.
        country: of the place where it is needed.
        own: the person's currency, where the sentence and the place name none.
    """
    local = gazetteer.countries()[country].currency if country in gazetteer.countries() else None
    amounts = list(_amounts(sentence.open, local, own))
    if not amounts:
        return None
    best = max(amounts, key=lambda amount: (amount.score, -amount.start))
    if best.score < 0.5:
        return None
    band = _band(best)
    return None if band is None else Found(band, round(min(0.95, 0.4 + 0.25 * best.score), 2), best.start, best.end)


def possible_currencies(words: str) -> tuple[str, ...]:
    """Return the currencies that the sign or word in an amount may mean, the likeliest first; none where it is clear."""
    plain = words.lower()
    signs = (sign for sign in _MANY if len(sign) > 1 or not sign.isalpha())
    present = [
        sign
        for sign in signs
        if re.search(
            rf"(?<![\w$]){re.escape(sign)}(?![\w$])|(?<=\d){re.escape(sign)}(?!\w)|{re.escape(sign)}(?=\d)", plain
        )
    ]
    return _MANY[max(present, key=len)] if present else ()


def _amounts(text: str, local: str | None, own: str | None) -> Iterator[_Amount]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            currency = _currency(match, local, own)
            if currency is not None:
                yield from _amount(match, currency, text, 1.0)
    fallback = own or local
    for pattern in _BARE if fallback in currencies.decimals() else ():
        for match in pattern.finditer(text):
            if fallback is not None:
                yield from _amount(match, fallback, text, 0.1)


def _currency(match: re.Match[str], local: str | None, own: str | None) -> str | None:
    sign = match["cur"]
    nation = (match.groupdict().get("nation") or "").lower()
    for word, code in _DOLLARS:
        if nation == word:
            return code
    if sign in currencies.decimals():
        return sign
    plain = sign.lower()
    if plain in _ONE:
        return _ONE[plain]
    choices = _MANY.get(plain, ())
    return next((code for code in (local, own) if code in choices), choices[0] if choices else None)


def _amount(match: re.Match[str], currency: str, text: str, score: float) -> Iterator[_Amount]:
    groups = match.groupdict()
    high = numerals.value_of(groups["high"], groups.get("scale") or "")
    if high is None or high <= 0:
        return
    low = numerals.value_of(groups["low"], groups.get("scale") or "") if groups.get("low") else None
    around = text[max(0, match.start() - 30) : match.end() + 22]
    before = text[max(0, match.start() - 24) : match.start()]
    score += 0.6 if _BUDGET_CUE.search(around) else 0.0
    score -= 1.0 if _NOT_MINE.search(before) or _NOT_MINE.match(text[match.end() :].lstrip()) else 0.0
    yield _Amount(low if low is not None and low < high else None, high, currency, match.start(), match.end(), score)


def _band(amount: _Amount) -> Band | None:
    factor = Decimal(10) ** currencies.decimals().get(amount.currency, 2)
    high = int(amount.high * factor)
    if not 0 < high <= MAX_INTEGER:
        return None
    return Band(amount.currency, int((amount.low or Decimal(0)) * factor), high)
