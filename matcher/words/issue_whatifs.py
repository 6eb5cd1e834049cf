"""The sentences about what-if files."""

from __future__ import annotations

from matcher.words.issue_words import IssueWords
from matcher.words.issue_words import issue_words as _w

WHATIFS: dict[str, IssueWords] = {
    "one_kind": _w(
        (
            "変更の種類がないか、2つ以上あります。",
            "a change is of no kind, or of more than one.",
        ),
        (
            "set・add・remove・policy・pin・forbid・adopt のどれか1つを書いてください。",
            "write exactly one of set, add, remove, policy, pin, forbid, adopt.",
        ),
    ),
    "ids_or_where": _w(
        (
            "どの行かを示す ids と where は、どちらか一方だけ書けます。",
            "rows are named by ids or by where, one of the two.",
        ),
        (
            "ids か where のどちらかを書いてください（全行なら空の where）。",
            "write ids or where (all rows: an empty where).",
        ),
    ),
    "add_or_times": _w(
        ("add と times は、どちらか一方だけ書けます。", "write add or times, one of the two."),
        ("増減は add、倍率は times で書いてください。", "add changes by an amount, times by a factor."),
    ),
    "not_a_cell": _w(
        ("「{value}」は1つの値ではありません。", "{value} is no single value."),
        ("文字、数、true か false を1つ書いてください。", "write one text, one number, or true or false."),
    ),
    "between_without_end": _w(
        ("範囲に min も max もありません。", "the range has neither min nor max."),
        ("min か max、または両方を書いてください。", "give it a min, a max, or both."),
    ),
    "key_field_fixed": _w(
        ("「{value}」は行を見分ける項目なので、変更できません。", "{value} tells rows apart and cannot be changed."),
        ("remove で行を外し、add で新しい行を加えてください。", "remove the row and add a new one."),
    ),
    "no_row_fits": _w(
        ("条件に合う行が表「{value}」にありません。", "no row of {value} fits."),
        ("条件の値を確かめてください。", "check the values of the filter."),
    ),
    "table_without_ids": _w(
        ("表「{value}」の行には ID がありません。", "the rows of {value} have no id of their own."),
        ("where で行を示してください。", "name the rows with where."),
    ),
    "step_not_number": _w(
        ("「{value}」は数の項目ではありません。", "{value} is no number."),
        ("値をそのまま書いてください。", "write the value itself."),
    ),
    "unknown_region": _w(
        ("「{value}」という地方はありません。", "there is no region {value}."),
        (
            "北海道・東北・関東・中部・近畿・中国・四国・九州のように書いてください。",
            "write it as 東北 or Tohoku.",
        ),
    ),
    "key_taken": _w(
        ("「{value}」の行はすでにあります。", "there is a row {value} already."),
        ("別の ID にするか、set で値を変えてください。", "take another id, or change the row with set."),
    ),
    "base_in_circle": _w(
        ("もとになるシナリオ（base）が一巡しています。", "the bases lead in a circle."),
        ("base をたどった先がデータになるようにしてください。", "let the bases end at the data set."),
    ),
    "base_is_other_data": _w(
        (
            "もとになるデータ「{value}」が、指定されたデータ（{source}）と違います。",
            "the base {value} is not the data set that was given ({source}).",
        ),
        ("同じデータを指定するか、base を外してください。", "give the same data set, or leave base out."),
    ),
    "base_missing": _w(
        ("もとになるシナリオ「{value}」がありません。", "there is no base {value}."),
        ("このファイルから見た場所で書いてください。", "name it relative to this file."),
    ),
    "plan_not_adopted": _w(
        ("計画「{value}」を読めません（{reason}）。", "the plan {value} cannot be read ({reason})."),
        (
            "plan.json かそのフォルダーを、このファイルから見た場所で書いてください。",
            "name a plan.json or its folder, relative to this file.",
        ),
    ),
}
