"""The shape of a sentence about a fault or warning."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.words.catalog import Sentence


@dataclass(frozen=True, slots=True)
class IssueWords:
    """What is wrong, and what to do about it; `hint_near` stands in for `hint` where `near` names something."""

    text: Sentence
    hint: Sentence
    hint_near: Sentence | None = None


Texts = tuple[str, str]


def issue_words(text: Texts, hint: Texts, near: Texts | None = None) -> IssueWords:
    """Return what is wrong and what to try, each as (Japanese, English)."""
    return IssueWords(Sentence(*text), Sentence(*hint), None if near is None else Sentence(*near))


MEANT = ("「{near}」のことでしたら、そのように直してください。", "if you mean {near}, write it that way.")
