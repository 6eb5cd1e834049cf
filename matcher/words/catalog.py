"""Each sentence once per language, and the language to show it in."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from matcher.errors import UsageError

Lang = Literal["ja", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

_LIST_SEPARATOR = {"ja": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in both languages, with ``{name}`` where something is filled in."""

    ja: str
    en: str

    def fill(self, lang: Lang, **params: object) -> str:
        """Return the sentence in `lang` with its blanks filled.

        Lists are joined with 、 or a comma; whole floats lose their “.0”; a `Sentence` is filled in `lang` too.
        ``{n:row|rows}`` is the number with the word that fits it, ``{n:=is|are}`` that word alone.

        Examples
        --------
        >>> Sentence("{n} 件", "There {n:=is|are} {n:row|rows}.").fill("en", n=3.0)
        'There are 3 rows.'
        >>> Sentence("{n} 件", "There {n:=is|are} {n:row|rows}.").fill("en", n=1)
        'There is 1 row.'
        """
        template = self.ja if lang == "ja" else self.en
        return template.format_map({name: _Filled(shown(value, lang)) for name, value in params.items()})


class _Filled(str):
    """What is filled in; of one and of many where the blank says both."""

    def __format__(self, words: str) -> str:
        if "|" not in words:
            return super().__format__(words)
        one, many = words.removeprefix("=").split("|")
        word = one if self in ("1", "-1") else many
        return word if words.startswith("=") else f"{self} {word}"


def shown(value: object, lang: Lang) -> str:
    """Return a value as people read it in `lang`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Sentence):
        return value.fill(lang)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return _LIST_SEPARATOR[lang].join(shown(item, lang) for item in value)
    return str(value)


def language(name: str) -> Lang:
    """Return `name` as a language.

    Raises
    ------
    UsageError : neither ``ja`` nor ``en``
    """
    if name == "ja" or name == "en":
        return "ja" if name == "ja" else "en"
    raise UsageError("unknown_language", name=name, known=LANGUAGES)


def default_language() -> Lang:
    """Return MATCHER_LANG where it is ``ja`` or ``en``, else ja where the locale is Japanese, else en."""
    asked = os.environ.get("MATCHER_LANG", "").strip().lower()[:2]
    if asked == "ja" or asked == "en":
        return "ja" if asked == "ja" else "en"
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not spoken:
        spoken = locale.getlocale()[0] or ""
    return "ja" if spoken.lower().startswith("ja") else "en"
