"""The twenty major groups (大分類) of the Japan Standard Industrial Classification, and how people write them."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["INDUSTRIES", "Industry", "industry_letter", "nearest_industries"]


@dataclass(frozen=True, slots=True)
class Industry:
    """One major group: its letter A–T and its official labels."""

    letter: str
    ja: str
    en: str


@cache
def _rows() -> dict[str, Industry]:
    text = (files("matcher.domain") / "data" / "industries.json").read_text(encoding="utf-8")
    return {row["letter"]: Industry(**row) for row in json.loads(text)["industries"]}


class _Industries(Mapping[str, Industry]):
    """Letter → `Industry`, A to T in order; read-only, and read from its file on first use."""

    def __getitem__(self, letter: str) -> Industry:
        return _rows()[letter]

    def __iter__(self) -> Iterator[str]:
        return iter(_rows())

    def __len__(self) -> int:
        return len(_rows())


INDUSTRIES: Mapping[str, Industry] = _Industries()


def _match_key(text: str) -> str:
    """Return `text` as it is compared: NFKC, lower case, letters and digits only (so ， 、 ・ and blanks vanish)."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", "and")
    return re.sub(r"[\W_]", "", folded)


def _names(row: Industry) -> Iterator[str]:
    """Yield the labels of a major group and the shorter ones in use: without （…） or ", n.e.c.", and its parts."""
    yield row.ja
    yield row.en
    bare = row.ja.split("（")[0]
    yield bare
    yield from bare.split("，")
    yield re.split(r", n\.e\.c\.|, except", row.en)[0]


@cache
def _keys() -> dict[str, str]:
    return {_match_key(name): row.letter for row in INDUSTRIES.values() for name in _names(row)}


def industry_letter(text: str) -> str | None:
    """Return the letter A–T of the JSIC major group that `text` names, or None if it names none.

    Parameters
    ----------
    text : str
        A letter in any width or case, the Japanese or English label with any separators, one part of a label
        (小売業 → I), or the letter followed by such a name (E 製造業). A letter and a name that disagree name nothing.

    Examples
    --------
    >>> industry_letter("ｅ"), industry_letter("農業、林業"), industry_letter("E 製造業"), industry_letter("IT業")
    ('E', 'A', 'E', None)
    """
    key = _match_key(text)
    if len(key) == 1:
        return key.upper() if key.upper() in INDUSTRIES else None
    if key in _keys():
        return _keys()[key]
    letter = _keys().get(key[1:])
    return letter if letter is not None and letter == key[:1].upper() else None


def nearest_industries(text: str) -> tuple[str, ...]:
    """Return up to three labels close to `text`, nearest first, in the script of `text` (for hints).

    Examples
    --------
    >>> nearest_industries("製造")[0], nearest_industries("manufacture")[0]
    ('E 製造業', 'E Manufacturing')
    """
    key = _match_key(text)
    letters = [_keys()[k] for k in difflib.get_close_matches(key, _keys(), n=9, cutoff=0.5)]
    rows = [INDUSTRIES[letter] for letter in list(dict.fromkeys(letters))[:3]]
    return tuple(f"{row.letter} {row.en if key.isascii() else row.ja}" for row in rows)
