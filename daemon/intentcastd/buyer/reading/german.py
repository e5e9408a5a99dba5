"""German: which sentences are in it, its small words, and one form for all forms of a word.

A sentence is read as German as a whole: "die", "am", "gift" and "not" are words of two languages, and places besides.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from intentcastd.buyer.reading.lexicon import FUNCTION_WORDS
from intentcastd.data.folding import fold
from intentcastd.data.tables import rows

FILLERS: Final = frozenset(
    "der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner unser unsere unseren unserem "
    "unserer dein deine sein seine seinen seinem seiner ihr ihre ihren dieser diese dieses diesen kein keine keinen neu neue "
    "neuen neues neuer alt alte alten altes alter gebraucht gebrauchte gebrauchten gebrauchtes gebrauchter gut gute guten gutes "
    "guter bitte noch sehr ganz gern gerne mal".split()
)
SMALL_WORDS: Final = FILLERS | frozenset(
    "ich du er sie es wir uns mich mir dich man wer wo was wann wie warum welche welcher welches und oder aber denn weil dass "
    "ob wenn als ist sind war waren bin bist wird werden wurde wurden hat habe haben hatte hatten kann konnen konnte konnten soll sollte "
    "muss mussen darf mag mochte mochten will wollen wurde in im an am auf aus bei mit nach von vom vor fur zu zum zur bis um ab "
    "uber unter ohne gegen durch zwischen seit wahrend nicht nichts nur auch schon da dann hier dort her hin heute morgen "
    "ubermorgen jetzt sofort dringend asap abend nachmittag vormittag mittag fruh nacht uhr tag tage tagen woche wochen "
    "monat monate stunde stunden minuten jahr jahre jahren montag dienstag mittwoch donnerstag freitag samstag sonnabend "
    "sonntag suche such sucht suchen gesucht brauche brauchen braucht benotige benotigen kaufe kaufen kauft verkauft "
    "verkaufen gibt jemand wer hallo guten danke dank liebe lieben grusse zwei drei vier funf sechs sieben acht neun zehn "
    "euro euros franken cent hochstens maximal max budget preis billig gunstig gunstige gunstigen lieferung liefern geliefert abholung "
    "abholen versand stuck paar mehrere viele wenig etwas alles alle jeder jede jedes jeden andere anderen furs ins "
    "ungefahr etwa circa ca raum nahe umgebung kg cm mm liter meter gern ok moglich moglichst egal wichtig bekomme "
    "bekommen finde finden sollte".split()
)
# Words that only German has. Words of both languages ("die", "was", "am", "in", "also") tell nothing.
_TELLING: Final = (SMALL_WORDS - FUNCTION_WORDS) - frozenset(
    "die das man mag war waren was bin am an in im da ob her hin bitte not sehr tag tage will alter alte mal gift dank max budget "
    "euro euros cent ok mir er es du um zu ab uns warm hat bis acht vier neun egal alle liter meter cm mm kg asap ca circa kaufen raum "
    "kann mit von vom vor zum mittag hallo danke muss fur den dem des der dein".split()
)
# Words of both that still lean to German where nothing else speaks.
_LEANING: Final = frozenset(
    "der den dem des mit von vom zum bis fur kann muss vor zu kaufen hallo uns danke bitte ab das im hat".split()
)
_SHARED: Final = frozenset("in an am so was hat die man war will also max min euro euros budget".split())
_UMLAUTS: Final = frozenset("äöüß")
_ENDINGS: Final = ("ern", "en", "er", "es", "em", "e", "n", "s")
_LEAST_STEM: Final = 4


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return one form for all forms of a folded word: "stuhle" and "stuhl". It need not be a word."""
    if len(word) > _LEAST_STEM and word.isalpha():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
                return word[: -len(ending)]
    return word


def is_german(words: Iterable[str]) -> bool:
    """Tell whether a sentence is in German by its words as written."""
    spoken = [(word.lower(), fold(word)) for word in words]
    german = sum(folded in _TELLING for _, folded in spoken)
    german += sum(1 for lower, folded in spoken if folded in _LEANING and lower != "an")
    english = sum(folded in FUNCTION_WORDS and folded not in _SHARED for _, folded in spoken)
    if german != english:
        return german > english
    # Few words and none that tells: "Waschmaschine Leipzig 150 Euro".
    stems = [stem(folded) for _, folded in spoken]
    only_german, english_ones = _search_words()
    return sum(word in only_german for word in stems) > sum(word in english_ones for word in stems)


@cache
def _search_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of German search words that are no English ones, and those of the English ones."""
    german = {stem(word) for _, listed in rows("german.tsv", 2) for word in fold(listed).split()}
    tables = (*(row[2] for row in rows("categories.tsv", 3)), *(row[2] for row in rows("services.tsv", 3)))
    english = {stem(word) for listed in tables for word in fold(listed).split()} | {
        stem(w) for w in FUNCTION_WORDS - _SHARED
    }
    # Money and measures stand in both.
    return frozenset(german - english), frozenset(english - _SHARED)
