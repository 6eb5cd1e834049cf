"""The known id or word nearest to an unknown one, for hints; quick also among many."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from matcher.domain.values import match_key

_N_DIFFLIB = 2_000  # beyond this many known words only small slips are looked for
_N_INDEXED = 200_000


class Nearest:
    """Finds the known word nearest to a text: the same but for width, case, dashes or leading zeros; one slip away; or
    alike as a whole.

    Notes
    -----
    The index of one-letter slips is made on the first question: about 10 entries a word, none beyond 200,000 words.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(dict.fromkeys(known))
        self._folded: dict[str, str] | None = None
        self._slips: dict[str, str] = {}

    def of(self, text: str) -> tuple[str, ...]:
        """Return the nearest known word in a tuple, or an empty one."""
        if self._folded is None:
            self._build()
        assert self._folded is not None
        key = _fold(text)
        if key in self._folded:
            return (self._folded[key],)
        for slip in (key, *_without_one(key)):
            if slip in self._slips:
                return (self._slips[slip],)
            if slip in self._folded:
                return (self._folded[slip],)
        if len(self._known) <= _N_DIFFLIB and len(text) <= 80:
            close = difflib.get_close_matches(key, self._folded, n=1, cutoff=0.6)
            return tuple(self._folded[name] for name in close)
        return ()

    def _build(self) -> None:
        self._folded = {}
        for word in self._known:
            self._folded.setdefault(_fold(word), word)
        if len(self._known) <= _N_INDEXED:
            for key, word in self._folded.items():
                for slip in _without_one(key):
                    self._slips.setdefault(slip, word)


def _fold(text: str) -> str:
    key = re.sub(r"[\s_\-‐‑–—―−・./]", "", match_key(text))
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", key)


def _without_one(key: str) -> list[str]:
    if not 2 <= len(key) <= 40:
        return []
    return [key[:at] + key[at + 1 :] for at in range(len(key))]
