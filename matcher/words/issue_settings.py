"""The sentences about policy and scenario files."""

from __future__ import annotations

from matcher.words.issue_words import IssueWords
from matcher.words.issue_words import issue_words as _w

SETTINGS: dict[str, IssueWords] = {
    "key_twice": _w(
        ("同じキーが2回書かれています。", "the same key stands twice."),
        ("どちらか一方を削除してください。", "delete one of the two."),
    ),
    "yaml_syntax": _w(
        ("YAML として読めません。", "this is not YAML."),
        (
            "この行の字下げ・コロンの後の空白・引用符を確かめてください"
            "（タブ、「---」で区切った2つ目の文書、& のない * は使えません）。",
            "check the indentation, the blank after the colon and the quotes near this line "
            "(no tabs, no second document after “---”, no * without its &).",
        ),
    ),
    "yaml_holds_itself": _w(
        ("参照（*）が、それを含む部分自身を指しています。", "an alias (*) points at what it stands in."),
        ("参照を使わずに、値を直接書いてください。", "write the value itself instead of the alias."),
    ),
    "merge_not_mapping": _w(
        (
            "「<<」で取り込む「{value}」は「キー: 値」の組ではありません。",
            "“<<” takes in {value}, which is no section of “key: value” lines.",
        ),
        (
            "「キー: 値」の組に付けた & の名前を「<<: *名前」のように書いてください。",
            "name a section that is marked with &, as in “<<: *name”.",
        ),
    ),
    "settings_not_text": _w(
        ("設定の文字のファイルとして読めません。", "this is not a text file of settings."),
        (
            "メモ帳などのテキストエディターで開き、文字コード UTF-8 で保存してください。",
            "open it in a text editor and save it as UTF-8.",
        ),
    ),
    "settings_unread": _w(
        (
            "方針の設定のようですが、この名前のファイルは自動では読まないため、読み込んでいません。",
            "this looks like a policy, but a file of this name is not read unasked, so it was not read.",
        ),
        (
            "使う場合は --policy で指定してください（自動で読むのは、データのフォルダーの policy.yaml だけです）。",
            "give it with --policy (only one file called policy.yaml, in a folder of data, is read unasked).",
        ),
    ),
    "yaml_not_mapping": _w(
        ("「キー: 値」の形になっていません。", "the file is not made of “key: value” lines."),
        ("「weights:」のようなキーから書き始めてください。", "start with a key, such as “weights:”."),
    ),
    "yaml_too_large": _w(
        ("設定ファイルとしては大きすぎるか、深すぎます。", "the file is too large or too deep for settings."),
        ("参照（& と *）を使わずに書き直してください。", "write it without aliases (& and *)."),
    ),
    "unknown_key": _w(
        ("「{key}」というキーはありません。", "there is no key {key}."),
        ("使えるキー：{known}。", "use one of {known}."),
        (
            "「{near}」のことでしたら、そのように直してください。使えるキー：{known}。",
            "did you mean {near}? Known keys: {known}.",
        ),
    ),
    "not_a_text": _w(
        ("「{value}」は文字列ではありません。", "{value} is not a text."),
        ('引用符（" "）で囲んでください。', "put it in double quotes."),
    ),
    "not_true_or_false": _w(
        ("「{value}」は true でも false でもありません。", "{value} is neither true nor false."),
        ("true か false と書いてください。", "enter true or false."),
    ),
    "text_empty": _w(
        ("値が書かれていません。", "there is no value."),
        (
            "値を書くか、任意の項目であれば行ごと削除してください（既定値になります）。",
            "write a value, or delete the line of a key that has a default.",
        ),
    ),
    "not_a_section": _w(
        ("ここには「キー: 値」の組が必要です。", "a section of “key: value” lines belongs here."),
        ("次の行から字下げして「キー: 値」を書いてください。", "write “key: value” lines below it, indented."),
    ),
    "not_a_sequence": _w(
        ("ここには一覧が必要です。", "a list belongs here."),
        ("[a, b] の形か、「- a」の行で書いてください。", "write it as [a, b], or as lines that start with “- ”."),
    ),
    "list_empty": _w(("一覧が空です。", "the list is empty."), ("少なくとも1つ書いてください。", "name at least one.")),
    "key_missing": _w(
        ("必要なキー「{key}」がありません。", "the key {key} is missing."),
        ("「{key}: 値」を追加してください。", "add “{key}: …”."),
    ),
    "weights_sum_to_zero": _w(
        ("重みの合計が 0 です。", "the weights sum to 0."),
        ("少なくとも1つの重みを 0 より大きくしてください。", "set at least one weight above 0."),
    ),
    "quota_without_limit": _w(
        ("枠に min も max もありません。", "the quota has neither min nor max."),
        ("min か max、または両方を書いてください。", "give it a min, a max, or both."),
    ),
    "quota_crossed": _w(
        (
            "枠の min（{min}）が max（{max}）より大きくなっています。",
            "the quota's min ({min}) is above its max ({max}).",
        ),
        ("min を max 以下にしてください。", "set min to at most max."),
    ),
    "named_twice": _w(
        ("同じ名前が2回書かれています。", "the same name stands twice."),
        ("どちらか一方を削除してください。", "delete one of the two."),
    ),
    "scenario_data_missing": _w(
        (
            "データの場所「{value}」がないか、読める種類ではありません（{place}）。",
            "there is no data set at {value} ({place}).",
        ),
        (
            "データのフォルダーか Excel ブックを、このファイルから見た場所で書いてください。",
            "name a folder or an Excel workbook, relative to this file.",
        ),
    ),
    "scenario_policy_missing": _w(
        ("方針のファイル「{value}」がありません（{place}）。", "there is no policy file {value} ({place})."),
        (
            "このファイルから見た場所を書くか、方針を直接この中に書いてください。",
            "name it relative to this file, or write the policy in here.",
        ),
    ),
}
