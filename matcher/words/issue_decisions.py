"""The sentences about decisions that a plan's workbook brings back."""

from __future__ import annotations

from typing import Final

from matcher.words.issue_words import IssueWords
from matcher.words.issue_words import issue_words as _w

DECISIONS: Final[dict[str, IssueWords]] = {
    "decisions_not_found": _w(
        ("決定を書くシートが見つかりません。", "no sheet for decisions was found."),
        (
            "matcher run が書き出した plan.xlsx（シート「割当」「決定」「条件」のあるもの）を指定してください。",
            "give a plan.xlsx that matcher run has written, with its sheets Matches, Decisions and Run.",
        ),
    ),
    "decisions_heading_missing": _w(
        (
            "見出し {headings} がないため、このシートの決定を読めません。",
            "it lacks the headings {headings}, so its decisions cannot be read.",
        ),
        (
            "見出しを書き出されたときのとおりに戻してください。",
            "put the headings back as they were written.",
        ),
    ),
    "decisions_not_read": _w(
        ("Excel ブックとして読めません。", "it cannot be read as a workbook."),
        (
            ".xlsx、.xls、.ods のいずれかで、パスワードを付けずに保存し直してください。",
            "save it again as .xlsx, .xls or .ods, without a password.",
        ),
    ),
    "decisions_without_record": _w(
        (
            "シート「条件」の「割当の控え」の行がないため、どの計画への決定か分かりません。",
            "sheet Run has no line with the record of the matches, so the plan it belongs to is not known.",
        ),
        (
            "plan.xlsx のシート「条件」「割当」を残したまま、決定を書いてください。",
            "write decisions into the plan.xlsx that has its sheets Run and Matches still.",
        ),
    ),
    "decisions_matches_edited": _w(
        (
            "シートの組合せが、書き出されたときと違います（書き出し {n}件、今 {found}件。"
            "行の削除や、ID・点の書き換えがあります）。",
            "the matches in it are not those that were written (written {n}, now {found}): "
            "rows were deleted, or ids or points changed.",
        ),
        (
            "行と ID を元に戻してください。やめる組合せは「確定」に除外と書き、"
            "別の組合せはシート「決定」に固定と書きます。",
            "put rows and ids back. To end a match choose forbid in column Decision; "
            "for another match write a row with pin on sheet Decisions.",
        ),
    ),
    "decisions_of_other_run": _w(
        (
            "この計画のディレクターや企業の ID が、データに一つもありません（最初は「{value}」）。"
            "別のデータの計画のようです。",
            "none of the plan's directors and companies is in the data (the first is {value}): "
            "it seems to be of another run.",
        ),
        ("このデータから作った plan.xlsx を指定してください。", "give the plan.xlsx that was made from these data."),
    ),
    "decision_word_unknown": _w(
        ("「{value}」は決定の言葉ではありません。", "{value} is no decision."),
        ("使えるのは 固定、除外、空欄 です。", "allowed are pin, forbid and blank."),
    ),
    "decision_incomplete": _w(
        ("この行の決定に必要な値が空欄です。", "a value that this decision needs is blank."),
        (
            "ディレクターID・企業ID・確定の3つを入力するか、行を空にしてください。",
            "fill in director, company and decision, or clear the row.",
        ),
    ),
    "decision_id_unknown": _w(
        ("「{value}」という ID はデータにありません。", "there is no id {value} in the data."),
        ("データにある ID にするか、決定を消してください。", "use an id of the data, or clear the decision."),
        ("「{near}」のことでしたら、そのように直してください。", "if you mean {near}, write it that way."),
    ),
    "decision_name_differs": _w(
        (
            "この行では「{id}」の名前が「{value}」ですが、データでは「{known}」です。",
            "{id} is called {value} here, but {known} in the data.",
        ),
        (
            "ID を確かめてください。名前が変わっただけであれば、この行の名前を直すか空欄にしてください。",
            "check the id; if only the name has changed, correct it in this row, or leave it blank.",
        ),
    ),
    "decision_twice": _w(
        (
            "同じ組合せに、別の決定があります（{first}）。",
            "the same pair is decided otherwise in {first}.",
        ),
        ("どちらか一方にしてください。", "keep one of the two."),
    ),
    "decision_two_directors": _w(
        (
            "企業「{company_id}」には、別のディレクター「{other}」も固定されています（{first}）。1社の担当は1名です。",
            "company {company_id} is pinned to director {other} as well, in {first}; a company has one director.",
        ),
        ("どちらか一方の固定を消してください。", "clear one of the two pins."),
    ),
    "decision_date_wrong": _w(
        ("「{value}」は日付ではありません。", "{value} is not a date."),
        ("2026/4/1 のように入力するか、空欄にしてください。", "write it as 2026-04-01, or leave it blank."),
    ),
    "decision_breaks_hard_rule": _w(
        (
            "ディレクター「{director_id}」と企業「{company_id}」の組合せは固定と決められていますが、"
            "必要な条件を満たしません：{failures}。条件のもと：{places}。",
            "director {director_id} with company {company_id} is decided to be pinned, but the pair breaks a rule "
            "that a pin cannot override: {failures}. The rule looks at {places}.",
        ),
        (
            "この決定を消すか、条件のもとになった値を直してください。",
            "clear this decision, or correct the values that the rule looks at.",
        ),
    ),
    "decision_forbids_pin": _w(
        (
            "ディレクター「{director_id}」と企業「{company_id}」の組合せは除外と決められていますが、"
            "データでは固定されています（{places}）。",
            "director {director_id} with company {company_id} is decided to be forbidden, but the data pin the pair: "
            "{places}.",
        ),
        ("どちらか一方を消してください。", "clear one of the two."),
    ),
}
