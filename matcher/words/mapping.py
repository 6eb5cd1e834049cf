"""What is said of a user's own headings, and of what is wrong with a mapping."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence
from matcher.words.issue_words import IssueWords
from matcher.words.issue_words import issue_words as _w

HELP: Final = {
    "mapping": Sentence(
        ja="お使いの見出しと項目の対応付けのファイル(YAML)。",
        en="A YAML file that says which of your headings is which field.",
    ),
}

ERRORS: Final = {
    "mapping_not_found": Sentence(
        "対応付けのファイル「{path}」がありません。\n対処：場所と名前を確かめ、--mapping で指定してください。",
        "There is no mapping file {path}.\nTry: check the path and the spelling; --mapping names it.",
    ),
}

ISSUES: Final[dict[str, IssueWords]] = {
    "mapping_header_missing": _w(
        ("シート「{sheet}」に、見出し「{value}」の列がありません。", "the sheet {sheet} has no column {value}."),
        ("シートの見出し：{headings}。", "the headings there: {headings}."),
        (
            "シートにある「{near}」のことでしたら、ここをそのように直してください。",
            "if you mean {near}, which the sheet has, write that here.",
        ),
    ),
    "mapping_ignored_missing": _w(
        (
            "読み込まないとした見出し「{value}」の列は、シート「{sheet}」にありません。",
            "the sheet {sheet} has no column {value}, which should not be read.",
        ),
        ("不要であれば、この行を削除してください。", "delete this line if it is no longer needed."),
        ("「{near}」のことでしたら、そのように直してください。", "if you mean {near}, write that."),
    ),
    "mapping_fixed_and_column": _w(
        (
            "項目「{heading}」は固定の値ですが、シート「{sheet}」の列「{value}」にもあります。",
            "{heading} has a fixed value here, but the sheet {sheet} has it too, in the column {value}.",
        ),
        (
            "固定の値を削除するか、列を ignore に書いてください。",
            "delete the fixed value, or list the column under ignore.",
        ),
    ),
    "mapping_columns_alike": _w(
        (
            "見出し「{column}」と「{first}」が、どちらも項目「{heading}」に当たります。",
            "the headings {column} and {first} both stand for {heading}.",
        ),
        (
            "使わないほうの見出しを、対応付けのファイルの ignore に書いてください。",
            "list the one that is not used under ignore in the mapping file.",
        ),
    ),
    "mapping_sheet_missing": _w(
        ("「{value}」というシートもファイルもありません。", "there is no sheet or file {value}."),
        ("あるもの：{names}。", "there are: {names}."),
        ("「{near}」のことでしたら、ここをそのように直してください。", "if you mean {near}, write that here."),
    ),
    "mapping_table_unknown": _w(
        ("「{value}」という表はありません。", "there is no table {value}."),
        ("使える表：{known_tables}。", "use one of {known_tables}."),
        (
            "「{near}」のことでしたら、そのように直してください。使える表：{known_tables}。",
            "did you mean {near}? Tables: {known_tables}.",
        ),
    ),
    "mapping_table_twice": _w(
        (
            "表「{table_name}」は、シート「{first}」にも対応付けられています。",
            "the sheet {first} is {table_name} already.",
        ),
        ("どちらか一方を ignore に移してください。", "move one of the two to ignore."),
    ),
    "mapping_field_unknown": _w(
        ("表「{table_name}」に「{value}」という項目はありません。", "the table {table_name} has no field {value}."),
        ("使える項目：{known_fields}。", "use one of {known_fields}."),
        (
            "「{near}」のことでしたら、そのように直してください。使える項目：{known_fields}。",
            "did you mean {near}? Fields: {known_fields}.",
        ),
    ),
    "mapping_field_twice": _w(
        (
            "項目「{heading}」は「{first}」にも対応付けられています。",
            "the field {heading} is given by {first} already.",
        ),
        (
            "1つの項目には1つの列だけを書き、使わない列は ignore に移してください。",
            "give a field one column only, and move the other to ignore.",
        ),
    ),
    "mapping_header_twice": _w(
        ("見出し「{value}」が2回書かれています。", "the heading {value} stands twice."),
        ("どちらか一方を削除してください。", "delete one of the two."),
    ),
    "mapping_header_ignored": _w(
        (
            "見出し「{value}」は ignore にも書かれています。",
            "the heading {value} stands under ignore as well.",
        ),
        ("読み込む場合は ignore から削除してください。", "delete it from ignore if it is to be read."),
    ),
    "mapping_values_of_unknown": _w(
        (
            "見出し「{value}」がどの項目に当たるか分からないため、値を読み替えられません。",
            "it is not said which field {value} is, so its values cannot be put into ours.",
        ),
        ("columns に「{value}: 項目名」を書いてください。", "write “{value}: a field” under columns."),
        ("「{near}」のことでしたら、そのように直してください。", "if you mean {near}, write that."),
    ),
    "mapping_not_a_value": _w(
        ("ここには値を1つだけ書きます。", "a single value belongs here."),
        ('「項目: "値"」の形で書いてください。', "write it as “key: value”."),
    ),
    "scenario_mapping_missing": _w(
        ("対応付けのファイル「{value}」がありません（{place}）。", "there is no mapping file {value} ({place})."),
        ("このファイルから見た場所を書いてください。", "name it relative to this file."),
    ),
}
