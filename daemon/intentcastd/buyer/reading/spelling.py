"""Mending a slip of the fingers: "presure" is "pressure" where no other known word is as near."""

from __future__ import annotations

from functools import lru_cache

_LEAST_LETTERS = 6


def corrected(word: str, known: frozenset[str]) -> str:
    """Return the one known word that is a letter away, or the word itself."""
    if len(word) < _LEAST_LETTERS or not word.isalpha() or not word.isascii():
        return word
    return _nearest(word, known)


@lru_cache(maxsize=1024)
def _nearest(word: str, known: frozenset[str]) -> str:
    near = {other for other in _one_letter_away(word) if other in known}
    return near.pop() if len(near) == 1 else word


def _one_letter_away(word: str) -> set[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:place], word[place:]) for place in range(1, len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    added = {head + letter + tail for head, tail in cuts for letter in letters}
    return {other for other in dropped | swapped | changed | added if len(other) >= _LEAST_LETTERS - 1}
