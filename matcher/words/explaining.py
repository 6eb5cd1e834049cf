"""Every explanation as blocks of words, and as plain text; what an explanation's refusals say."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final, cast

from matcher.explain.explanation import Explanation
from matcher.words.blocks import Block, Grid
from matcher.words.catalog import Lang, Sentence

WORDS: Mapping[str, str] = {
    "pair": "matcher.words.explain_pair",
    "company": "matcher.words.explain_company",
    "director": "matcher.words.explain_director",
    "bottlenecks": "matcher.words.explain_bottlenecks",
    "fairness": "matcher.words.explain_fairness",
    "interaction": "matcher.words.explain_interaction",
    "alternatives": "matcher.words.explain_alternatives",
    "tables": "matcher.words.explain_tables",
    "ask-next": "matcher.words.explain_ask_next",
    "overrides": "matcher.words.explain_overrides",
    "refusals": "matcher.words.explain_refusals",
}
"""Question → the module whose ``blocks`` (standing, answer, lang, audience) puts its answer into words."""

ERRORS: Final = {
    "no_plan_to_explain": Sentence(
        "この計画には組合せがありません。説明できるのは、組合せのある計画だけです。\n"
        "対処：matcher run が示す理由（両立しない条件など）を確かめ、条件を緩めてやり直してください。",
        "This plan has no matches; only a plan with matches can be explained.\n"
        "Try: read what matcher run says of it (such as demands in conflict), relax the demands and run again.",
    ),
    "unknown_question": Sentence(
        "「{name}」という質問はありません。使えるのは {known} です。\n対処：似ている質問：{near}",
        "There is no question {name}. Allowed: {known}.\nTry: {near}",
    ),
    "ids_director_company": Sentence(
        "「{question}」には ID を2つ（ディレクター、企業の順）書きます（今は{n}個）。\n"
        "対処：{question} D001 C001 のように書いてください。",
        "{question} takes two ids, a director's and a company's; {n} {n:=was|were} given.\nTry: {question} D001 C001",
    ),
    "ids_company": Sentence(
        "「{question}」には企業・自治体の ID を1つ書きます（今は{n}個）。\n"
        "対処：{question} C001 のように書いてください。",
        "{question} takes one id of a company; {n} {n:=was|were} given.\nTry: {question} C001",
    ),
    "ids_director": Sentence(
        "「{question}」にはディレクターの ID を1つ書きます（今は{n}個）。\n"
        "対処：{question} D001 のように書いてください。",
        "{question} takes one id of a director; {n} {n:=was|were} given.\nTry: {question} D001",
    ),
    "ids_none": Sentence(
        "「{question}」に ID は書きません（今は{n}個）。\n対処：ID を外してください。",
        "{question} takes no id; {n} {n:=was|were} given.\nTry: leave the ids out.",
    ),
    "unknown_director": Sentence(
        "「{id}」という ID のディレクターはいません。\n対処：ID を確かめてください。似ている ID：{near}",
        "There is no director with the id {id}.\nTry: check the id. The nearest: {near}",
    ),
    "unknown_company": Sentence(
        "「{id}」という ID の企業・自治体はありません。\n対処：ID を確かめてください。似ている ID：{near}",
        "There is no company with the id {id}.\nTry: check the id. The nearest: {near}",
    ),
    "id_is_company": Sentence(
        "「{id}」は企業・自治体の ID です。ここにはディレクターの ID を書きます。\n"
        "対処：ディレクター、企業の順に書いてください。",
        "{id} is the id of a company; a director's id belongs here.\nTry: write the director first, then the company.",
    ),
    "id_is_director": Sentence(
        "「{id}」はディレクターの ID です。ここには企業・自治体の ID を書きます。\n"
        "対処：ディレクター、企業の順に書いてください。",
        "{id} is the id of a director; a company's id belongs here.\nTry: write the director first, then the company.",
    ),
    "id_is_company_alone": Sentence(
        "「{id}」は企業・自治体の ID です。この質問にはディレクターの ID を書きます。\n"
        "対処：company {id} と書くと、この企業について答えます。",
        "{id} is the id of a company; this question takes a director's id.\nTry: company {id} answers about this "
        "company.",
    ),
    "id_is_director_alone": Sentence(
        "「{id}」はディレクターの ID です。この質問には企業・自治体の ID を書きます。\n"
        "対処：director {id} と書くと、このディレクターについて答えます。",
        "{id} is the id of a director; this question takes a company's id.\nTry: director {id} answers about this "
        "director.",
    ),
    "id_is_empty": Sentence(
        "ID が空です。\n対処：D001 や C001 のように、データにある ID を書いてください。",
        "An id is empty.\nTry: an id of the data, such as D001 or C001.",
    ),
    "option_not_known": Sentence(
        "{name} の値「{given}」は使えません。\n対処：{known} のいずれかを指定してください。",
        "{name} does not know {given}.\nTry: one of {known}.",
    ),
    "unknown_option": Sentence(
        "質問「{question}」に {option} は使えません。\n対処：matcher explain --help を見てください。",
        "{option} says nothing to the question {question}.\nTry: see matcher explain --help.",
    ),
    "tables_for_staff": Sentence(
        "報告書とブックは社内用です。tables に --for company は使えません。\n対処：--for を外してください。",
        "The report and the workbook are for staff: tables does not take --for company.\nTry: leave --for out.",
    ),
    "tables_were_edited": Sentence(
        "「{path}」の {files} は、書き出した後で編集されています。上書きしません。\n"
        "対処：編集したファイルを別の名前で保存してから、やり直してください。",
        "{files} in {path} was edited after it was written, and is not replaced.\n"
        "Try: keep the edited file under another name, then ask again.",
    ),
    "within_not_read": Sentence(
        "--within の「{given}」は読めません。使えるのは、1% のような割合か、120 のような点数です（0以上）。\n"
        "対処：--within 1% のように指定してください。",
        "--within does not know {given}: it is a share such as 1%, or points such as 120, from 0.\nTry: --within 1%",
    ),
    "best_too_small": Sentence(
        "--best の値「{given}」は小さすぎます。1以上で指定してください。\n対処：--best 10",
        "--best is {given}; it is a number from 1.\nTry: --best 10",
    ),
    "spread_below_zero": Sentence(
        "--spread の値「{given}」は0より小さい数です。0以上で指定してください。\n対処：--spread 100",
        "--spread is {given}; it is a number of points from 0.\nTry: --spread 100",
    ),
    "no_value_to_compare": Sentence(
        "この計画は途中で求解を終えており、比べる点数が記録されていません。\n"
        "対処：時間の上限を延ばして matcher run をやり直してください。",
        "The plan was not solved as far as its points, so there is nothing to compare with.\n"
        "Try: run again with a longer time limit.",
    ),
    "plan_does_not_hold": Sentence(
        "「{path}」の計画は検証に通りません（問題{n}件）。正しくない計画は説明しません。\n"
        "対処：matcher verify で問題を確かめ、matcher run をやり直してください。",
        "The plan in {path} fails its verification ({n:problem|problems}); what does not hold is not explained.\n"
        "Try: see the problems with matcher verify, then run again.",
    ),
    "plan_of_other_data": Sentence(
        "「{path}」の計画は、「{source}」の今のデータから作られたものではありません（内容が変わっています）。\n"
        "対処：matcher run をやり直すか、作成時のデータを --source で指定してください。",
        "The plan in {path} was not made from the data now in {source}: their content has changed.\n"
        "Try: run again, or give the data it was made from with --source.",
    ),
}


def blocks_of(explanation: Explanation, lang: Lang) -> list[Block]:
    """The explanation in words."""
    module = import_module(WORDS[explanation.question])
    found = module.blocks(explanation.standing, explanation.answer, lang, explanation.audience)
    return cast("list[Block]", found)


def text_of(blocks: Sequence[Block]) -> str:
    """Blocks as plain text for a terminal, without colour."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Grid):
            lines += ["", *_grid_lines(block)]
        elif block.kind in ("title", "heading"):
            lines += ["", block.text] if lines else [block.text]
        else:
            lines.append({"item": "  - ", "note": "  * ", "text": "  "}[block.kind] + block.text)
    return "\n".join(lines)


def _grid_lines(grid: Grid) -> list[str]:
    cells = [tuple(_cell(value) for value in row) for row in grid.rows]
    widths = [max(_width(text) for text in column) for column in zip(grid.headings, *cells, strict=True)]
    is_number = [
        all(isinstance(row[at], int) or row[at] is None for row in grid.rows) for at in range(len(grid.headings))
    ]

    def line(texts: Sequence[str]) -> str:
        padded = (
            " " * (width - _width(text)) + text if right else text + " " * (width - _width(text))
            for text, width, right in zip(texts, widths, is_number, strict=True)
        )
        return "  " + "  ".join(padded).rstrip()

    return [*([f"  {grid.title}"] if grid.title else []), line(grid.headings), *(line(row) for row in cells)]


def _cell(value: str | int | None) -> str:
    return "–" if value is None else value if isinstance(value, str) else f"{value:,}"


def _width(text: str) -> int:
    """Columns a text takes in a terminal: full-width letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


__all__ = ["ERRORS", "blocks_of", "text_of"]
