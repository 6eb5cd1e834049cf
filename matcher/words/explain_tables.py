"""The tables of a run's files, in words: sections of the report, sheets of the workbook, and what is left out."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final

from matcher.explain.explanation import Audience
from matcher.explain.standing import Standing
from matcher.explain.tables import TABLES, Tables
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.plan import join_words
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "shortened": (
            "ここに載せたのは、すぐに計算できる分です。次のコマンドで、すべてを加えられます："
            "matcher explain FOLDER tables",
            "Shown is what can be computed at once. This command adds all of it: matcher explain FOLDER tables",
        ),
        "more": (
            "一覧は plan.xlsx のシート「{sheet}」にあります。次のコマンドでも確かめられます："
            "matcher explain FOLDER {question}",
            "The sheet {sheet} of plan.xlsx lists all of it; so does: matcher explain FOLDER {question}",
        ),
        "left_out": (
            "{names}は、計算に時間がかかるため、ここには載せていません。次のコマンドで加えられます："
            "matcher explain FOLDER tables",
            "{names}: this takes longer to compute and is left out here. This command adds it: "
            "matcher explain FOLDER tables",
        ),
    }
)
SHEETS: Final = table_of(
    {
        "alternatives": ("ほかの計画", "Other plans"),
        "refusals": ("辞退のとき", "Refusals"),
        "overrides": ("手動の変更", "Overrides"),
        "bottlenecks": ("不足", "Bottlenecks"),
        "fairness": ("偏り", "Fairness"),
    }
)


def blocks(standing: Standing, answer: Tables, lang: Lang, audience: Audience) -> list[Block]:
    """All answers, one after the other, as their own questions tell them."""
    out: list[Block] = []
    for name in TABLES:
        if name in answer.answers:
            out += _words(name).blocks(standing, answer.answers[name], lang, audience)
    return out


def section(tables: Tables, name: str, lang: Lang) -> tuple[str, list[Block]]:
    """A question's title, and its answer with where the rest of it is."""
    title, *rest = _words(name).blocks(tables.standing, tables.answers[name], lang, "staff")
    return title.text, [*rest, *_closing(tables, name, lang), Line("note", _more(name, lang))]


def sheet(tables: Tables, name: str, lang: Lang) -> tuple[Grid, list[Block]]:
    """An answer as one table, and what stands below it."""
    words, answer = _words(name), tables.answers[name]
    below: list[Block] = list(words.notes(tables.standing, answer, lang))
    if name == "fairness":
        below += words.below(tables.standing, answer, lang)
    if name == "overrides":
        below += words.more(answer, lang)
    if name == "bottlenecks":
        below += words.assumptions(answer, lang)
    return words.table(tables.standing, answer, lang), [*below, *_closing(tables, name, lang)]


def sheet_name(name: str, lang: Lang) -> str:
    """What the sheet of a question is called."""
    return SHEETS[name].fill(lang)


def left_out_line(tables: Tables | None, lang: Lang) -> str:
    """What is not shown, and the command that adds it; empty where all is shown, and where there is nothing."""
    if tables is None or not tables.left_out:
        return ""
    names = [_words(name).TEXTS["title"].fill(lang) for name in tables.left_out]
    return TEXTS["left_out"].fill(lang, names=join_words(names, lang))


def _closing(tables: Tables, name: str, lang: Lang) -> list[Line]:
    return [Line("note", TEXTS["shortened"].fill(lang))] if name in tables.shortened else []


def _more(name: str, lang: Lang) -> str:
    return TEXTS["more"].fill(lang, sheet=sheet_name(name, lang), question=name)


def _words(name: str) -> ModuleType:
    return import_module(f"matcher.words.explain_{name}")
