"""The sentences about faults and warnings themselves: what `issues` fills in.

ISSUES: rule code → what is wrong, what to try, and what to try where something near is known.
"""

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


def _w(text: Texts, hint: Texts, near: Texts | None = None) -> IssueWords:
    return IssueWords(Sentence(*text), Sentence(*hint), None if near is None else Sentence(*near))


_MEANT = ("「{near}」のことでしたら、そのように直してください。", "if you mean {near}, write it that way.")

CELLS: dict[str, IssueWords] = {
    "required_blank": _w(
        ("必須の項目が空欄です。", "the cell is blank, but every row needs a value here."),
        (
            "値を入力するか、不要な行であれば行ごと削除してください。",
            "enter a value, or delete the row if it is not needed.",
        ),
    ),
    "id_too_long": _w(
        ("ID が長すぎます（「{value}」）。", "the id is too long ({value})."),
        ("{high}文字以内の ID にしてください。", "use at most {high} characters."),
    ),
    "id_of_lines": _w(
        (
            "ID「{value}」に改行などの見えない文字が入っています。",
            "the id {value} holds a line break or another sign that is not shown.",
        ),
        ("セルの値を入力し直してください。", "type the cell again."),
    ),
    "not_a_number": _w(
        ("「{value}」は数値ではありません{unit}。", "{value} is not a number{unit}."),
        (
            "単位や文字を付けずに数字だけを入力してください{or_blank}。",
            "enter digits only, without a unit or words{or_blank}.",
        ),
    ),
    "not_whole": _w(
        ("「{value}」は整数ではありません{unit}。", "{value} is not a whole number{unit}."),
        ("小数のない数を入力してください{or_blank}。", "enter a number without decimals{or_blank}."),
    ),
    "not_a_flag": _w(
        ("「{value}」は○でも×でもありません。", "{value} is neither yes nor no."),
        ("○ か × を入力してください。", "enter yes or no (○ or ×)."),
    ),
    "not_a_date": _w(
        ("「{value}」は日付として読めません。", "{value} is not a date."),
        ("2026-04-01 の形で入力してください{or_blank}。", "write it like 2026-04-01{or_blank}."),
    ),
    "not_in_list": _w(
        ("「{value}」は選択肢にありません。", "{value} is not one of the words allowed here."),
        ("{allowed} のいずれかを入力してください{or_blank}。", "enter one of {allowed}{or_blank}."),
    ),
    "unknown_prefecture": _w(
        ("「{value}」という都道府県はありません。", "{value} is not a prefecture of Japan."),
        ("「高知県」「高知」「Kochi」のように入力してください。", "write it like Kochi or 高知県."),
        _MEANT,
    ),
    "unknown_industry": _w(
        ("「{value}」は日本標準産業分類の大分類にありません。", "{value} is not a major group of the JSIC."),
        (
            "A〜T の記号か、「製造業」のような大分類の名称を入力してください。",
            "enter a letter from A to T, or a label such as Manufacturing.",
        ),
        _MEANT,
    ),
    "unknown_municipality": _w(
        ("「{value}」という市区町村コードはありません。", "{value} is not a local government code."),
        (
            "6桁の全国地方公共団体コードを文字列で入力してください（例：392014）{or_blank}。",
            "enter the six-digit code as text, such as 392014{or_blank}.",
        ),
    ),
    "corporate_number_check_digit": _w(
        (
            "法人番号「{value}」の検査用数字（先頭の1桁）が合いません。",
            "the check digit of the corporate number {value} is wrong.",
        ),
        (
            "番号を書類と照らし合わせてください。残りの12桁が正しければ、先頭は {expected} です。",
            "compare it with the documents; if the other 12 digits are right, the first one is {expected}.",
        ),
    ),
    "not_a_corporate_number": _w(
        ("「{value}」は法人番号ではありません。", "{value} is not a corporate number."),
        ("13桁の数字を文字列で入力してください{or_blank}。", "enter its 13 digits as text{or_blank}."),
    ),
    "below_minimum": _w(
        ("{value} は {low} より小さい値です{unit}。", "{value} is below {low}{unit}."),
        ("{low} 以上の値を入力してください{or_blank}。", "enter {low} or more{or_blank}."),
    ),
    "above_maximum": _w(
        ("{value} は {high} より大きい値です{unit}。", "{value} is above {high}{unit}."),
        ("{high} 以下の値を入力してください{or_blank}。", "enter {high} or less{or_blank}."),
    ),
    "not_above": _w(
        ("{value} は {above} より大きくありません{unit}。", "{value} is not above {above}{unit}."),
        ("{above} より大きい値を入力してください{or_blank}。", "enter more than {above}{or_blank}."),
    ),
    "not_below": _w(
        ("{value} は {below} より小さくありません{unit}。", "{value} is not below {below}{unit}."),
        ("{below} より小さい値を入力してください。", "enter less than {below}."),
    ),
    "cell_error": _w(
        ("Excel のエラー「{value}」になっています。", "the cell holds the Excel error {value}."),
        ("数式を直すか、値を直接入力してください。", "mend the formula, or type the value itself."),
    ),
    "formula_not_calculated": _w(
        ("数式「{value}」が計算されていません。", "the formula {value} was never calculated."),
        (
            "Excel で開いて保存し直すか、値を直接入力してください。",
            "open and save the file in Excel, or type the value itself.",
        ),
    ),
}

ROWS: dict[str, IssueWords] = {
    "duplicate_id": _w(
        ("ID「{value}」は{first_row}行目にもあります。", "the id {value} is already used in row {first_row}."),
        (
            "どちらかの行に別の ID を付けるか、重複した行を削除してください。",
            "give one of the two rows another id, or delete one.",
        ),
    ),
    "duplicate_row": _w(
        (
            "{fields}の組（{ids}）は{first_row}行目にもあります。",
            "the same {fields} ({ids}) already stand in row {first_row}.",
        ),
        ("どちらか一方の行を削除してください。", "delete one of the two rows."),
    ),
    "duplicate_row_alike": _w(
        (
            "{fields}の組（{ids}）は、{first_row}行目の（{first_ids}）と同じです。"
            "全角と半角、大文字と小文字、空白の違いは区別しません。",
            "the {fields} ({ids}) are the same as in row {first_row} ({first_ids}): "
            "width, case and blanks make no difference.",
        ),
        (
            "どちらか一方の行を削除してください。別のものであれば、違いが分かる名前にしてください。",
            "delete one of the two rows, or, if they are two things, give them names that tell them apart.",
        ),
    ),
    "unknown_id": _w(
        ("「{value}」という ID は{refers}にありません。", "there is no id {value} in {refers}."),
        ("{refers}に行を追加するか、ID を直してください。", "add the row to {refers}, or correct the id."),
        ("「{near}」のことでしたら、ID を直してください。", "if you mean {near}, correct the id."),
    ),
    "end_before_start": _w(
        ("終了日 {value} が開始日 {start} より前です。", "the end {value} is before the start {start}."),
        ("どちらかの日付を直してください。", "correct one of the two dates."),
    ),
    "wish_without_value": _w(
        ("希望の行に「希望の強さ」がありません。", "a wish needs a value, and the cell is blank."),
        ("−1（避けたい）〜1（ぜひ）の値を入力してください。", "enter a number from -1 (rather not) to 1 (very much)."),
    ),
    "pin_and_forbid": _w(
        (
            "{ids} の組合せは{first_row}行目で固定されていますが、この行では除外されています。",
            "the pair {ids} is forbidden here, but pinned in row {first_row}.",
        ),
        ("どちらか一方の行を削除してください。", "delete one of the two rows."),
    ),
    "rival_of_itself": _w(
        ("企業「{value}」が自分自身の競合になっています。", "{value} is listed as a rival of itself."),
        ("競合先の ID を直すか、行を削除してください。", "correct the rival's id, or delete the row."),
    ),
    "tie_to_itself": _w(
        ("「{value}」が自分自身とつながっています。", "{value} is tied to itself."),
        ("つながり先の ID を直すか、行を削除してください。", "correct the other id, or delete the row."),
    ),
    "rating_of_other_table": _w(
        (
            "「{value}」は{owner_name}の評価項目ですが、対象は{subject_name}です。",
            "{value} is a column of {owner_name}, but the subject is one of {subject_name}.",
        ),
        ("評価項目か対象の ID を直してください。", "correct the field, or the subject's id."),
    ),
    "pin_breaks_hard_rule": _w(
        (
            "ディレクター「{director_id}」と企業「{company_id}」の組合せは固定されていますが、必要な条件を満たしません：{failures}。",
            "director {director_id} is pinned to company {company_id}, but "
            "the pair breaks a rule that a pin cannot override: {failures}.",
        ),
        (
            "固定をやめるか、条件に関わる値を直してください。",
            "remove the pin, or correct the values that the rule looks at.",
        ),
    ),
}

TABLES_AND_FILES: dict[str, IssueWords] = {
    "sheet_empty": _w(
        ("何も入力されていません。", "there is nothing in it."),
        (
            "1行目に見出しを入れるか、不要であれば削除してください（matcher init でひな形を作れます）。",
            "put headings in row 1, or remove it if it is not needed (matcher init writes a template).",
        ),
    ),
    "header_twice": _w(
        ("見出し「{column}」と「{first}」は同じ項目です。", "the headings {column} and {first} mean the same column."),
        ("どちらか一方の列を削除してください。", "delete one of the two columns."),
    ),
    "column_missing": _w(
        ("必須の列「{heading}」がありません。", "the required column {heading} is missing."),
        ("見出し「{heading}」の列を追加してください。", "add a column with the heading {heading}."),
        (
            "列「{near}」がこれに当たる場合は、見出しを「{heading}」に直してください。",
            "did you mean your column {near}? If so, rename it to {heading}.",
        ),
    ),
    "header_unknown": _w(
        (
            "見出し「{column}」は項目名ではないため、この列は読み込んでいません。",
            "{column} is not a known heading, so this column was not read.",
        ),
        (
            "「{near_fields}」のことでしたら、見出しを直してください。この表でまだ使われていない項目：{known_fields}。",
            "if you mean {near_fields}, correct the heading; headings not used in this table so far: {known_fields}.",
        ),
    ),
    "column_ignored": _w(
        (
            "見出し「{column}」は項目名ではないため、この列は読み込んでいません。",
            "{column} is not a known heading, so this column was not read.",
        ),
        (
            "覚え書きなどの列であれば、そのままで差し支えありません。"
            "次の項目のいずれかであれば、見出しを直してください：{known_fields}。",
            "leave it if it is only for yourselves; if it is one of these, correct the heading: {known_fields}.",
        ),
    ),
    "column_extra": _w(
        (
            "この表の項目はほかの列ですべて揃っているため、列「{column}」は読み込んでいません。",
            "the column {column} was not read: other columns give everything that this table can hold.",
        ),
        ("そのままで差し支えありません。", "nothing; it may stay."),
    ),
    "column_unnamed": _w(
        (
            "見出しのない列に値があります（{n}件、最初は「{value}」）。この列は読み込んでいません。",
            "a column without a heading holds values ({n}, the first is {value}); this column was not read.",
        ),
        (
            "項目の列であれば、見出しを入れてください。不要な値であれば、削除してください。",
            "put a heading above it if it belongs to the table, or delete the values.",
        ),
    ),
    "too_many_cells": _w(
        (
            "見出しは{n_columns}列ですが、この行には{n_cells}個のセルがあります（「{value}」）。",
            "the header has {n_columns} columns, but this row has {n_cells} cells ({value}).",
        ),
        (
            'カンマを含む値を " " で囲むか、余分なセルを削除してください。',
            "put values that hold a comma in double quotes, or delete the extra cells.",
        ),
    ),
    "broken_quotes": _w(
        (
            '引用符（"）の対応が取れていないため、この行から先を読めません。',
            "the double quotes do not match, so nothing can be read from here on.",
        ),
        (
            'この行の " を確かめるか、Excel で「CSV UTF-8」として保存し直してください。',
            "check the quotes of this row, or save the file again as CSV UTF-8 in Excel.",
        ),
    ),
    "file_locked": _w(
        (
            "ほかのプログラムで開かれているか、読む権限がありません。",
            "the file is open in another program, or you may not read it.",
        ),
        (
            "Excel などで開いている場合は閉じてから、もう一度お試しください。",
            "close it in Excel or elsewhere, then run this again.",
        ),
    ),
    "file_unreadable": _w(
        ("ファイルを読めません（{reason}）。", "the file cannot be read ({reason})."),
        (
            "ファイルの場所と、ディスクやネットワークの接続を確かめてください。",
            "check where the file is, and that the disk or network is there.",
        ),
    ),
    "file_empty": _w(
        ("ファイルが空です。", "the file is empty."),
        (
            "データを入れて保存し直すか、不要であれば削除してください。",
            "save it again with its data, or delete it if it is not needed.",
        ),
    ),
    "not_text": _w(
        ("CSV などの文字のファイルではありません{kind_note}。", "this is not a text file such as CSV{kind_note}."),
        (
            "Excel で開き、「CSV UTF-8（コンマ区切り）」として保存してください。",
            "open it in Excel and save it as CSV UTF-8.",
        ),
    ),
    "encoding_unknown": _w(
        (
            "文字コードが UTF-8 でも Shift_JIS（cp932）でも UTF-16 でもありません。",
            "the text is neither UTF-8, nor cp932 (Shift_JIS), nor UTF-16.",
        ),
        (
            "Excel で開き、「CSV UTF-8（コンマ区切り）」として保存してください（"
            "EUC-JP の場合：iconv -f EUC-JP -t UTF-8 元のファイル > 新しいファイル）。",
            "open it in Excel and save it as CSV UTF-8 (if it is EUC-JP: iconv -f EUC-JP -t UTF-8 old.csv > new.csv).",
        ),
    ),
    "lock_file": _w(
        (
            "Excel がブックを開いている間だけ置く印のファイルで、データではありません。",
            "this is the mark that Excel leaves while a workbook is open, and holds no data.",
        ),
        ("「{name}」を指定してください。", "give {name} instead."),
    ),
    "file_encrypted": _w(
        ("パスワードで保護されているため読めません。", "the workbook is protected by a password."),
        ("Excel で開き、パスワードを外して保存してください。", "open it in Excel, remove the password and save it."),
    ),
    "not_what_it_says": _w(
        (
            "名前は「{suffix}」ですが、中身は{kind_name}です。",
            "the name ends in {suffix}, but the content is {kind_name}.",
        ),
        (
            "Excel で開き、「Excel ブック（.xlsx）」として保存し直してください。",
            "open it in Excel and save it as an Excel workbook (.xlsx).",
        ),
    ),
    "sheet_stretched": _w(
        (
            "データから遠く離れたセル（{cells}）に値があるため、シートが大きすぎて読めません"
            "（値のあるセル：{n_values}個）。",
            "a cell far away from the data ({cells}) makes the sheet too large to be read "
            "(cells that hold anything: {n_values}).",
        ),
        (
            "Excel でデータより下の行と右の列をすべて選び、右クリックの「削除」で取り除いて保存してください。",
            "in Excel, select all rows below and all columns right of the data, "
            "choose Delete from the right-click menu, and save.",
        ),
    ),
    "sheet_too_large": _w(
        (
            "シートの範囲（{n_rows}行 × {n_columns}列）が大きすぎて読めません。",
            "the sheet is too large to be read ({n_rows} rows, {n_columns} columns).",
        ),
        (
            "データより下の行と右の列をすべて選び、「削除」で取り除いてから、"
            "「Excel ブック（.xlsx）」として保存してください。",
            "delete all rows below and all columns right of the data, and save as an Excel workbook (.xlsx).",
        ),
    ),
    "workbook_damaged": _w(
        (
            "Excel ブックとして読めません（途中で切れているか、壊れています）。",
            "the workbook cannot be read; it is cut short or damaged.",
        ),
        (
            "元のファイルをもう一度コピーするか、Excel で開いて修復し、保存し直してください。",
            "copy the file again, or let Excel open, repair and save it.",
        ),
    ),
    "parquet_damaged": _w(
        (
            "Parquet ファイルとして読めません（途中で切れているか、壊れています）。",
            "the Parquet file cannot be read; it is cut short or damaged.",
        ),
        ("ファイルを書き出し直してください。", "write the file again."),
    ),
    "parquet_type": _w(
        (
            "列「{column}」の型 {kind} は表のセルとして読めません。",
            "the column {column} has the type {kind}, which is no table cell.",
        ),
        ("文字列・数値・日付・真偽値の列に直してください。", "make it a column of texts, numbers, dates or booleans."),
    ),
    "table_twice": _w(
        ("表「{table_name}」が「{first}」にもあります。", "the table {table_name} is also given by {first}."),
        ("どちらか一方を残してください。", "keep one of the two."),
    ),
    "table_missing": _w(
        ("必須の表「{table_name}」がありません。", "the required table {table_name} is missing."),
        (
            "「{table_name}」を追加してください（matcher init でひな形を作れます）。",
            "add {table_name} (matcher init writes a template).",
        ),
        (
            "「{near}」がこれに当たる場合は、名前を「{table_name}」に直してください。",
            "did you mean {near}? If so, rename it to {table_name}.",
        ),
    ),
    "table_empty": _w(
        ("必須の表「{table_name}」に行がありません。", "the required table {table_name} has no rows."),
        ("少なくとも1行を入力してください。", "enter at least one row."),
    ),
    "not_a_data_set": _w(
        ("データの表が1つも見つかりません。", "there is no table of a data set here."),
        (
            "directors.csv（ディレクター.csv）と companies.csv（企業・自治体.csv）のあるフォルダーか、"
            "同じ名前のシートを持つ Excel ブックを指定してください（matcher init でひな形を作れます）。",
            "give a folder with directors.csv and companies.csv, or a workbook with sheets of these names "
            "(matcher init writes a template).",
        ),
        (
            "「{near}」がデータであれば、それを直接指定するか、名前を「ディレクター」「企業・自治体」などに直してください"
            "（matcher init でひな形を作れます）。",
            "if {near} is the data, give its path, or rename it to directors, companies and so on "
            "(matcher init writes a template).",
        ),
    ),
    "sheet_unknown": _w(
        (
            "この名前の表はないため、このシートは読み込んでいません。",
            "there is no table of this name, so this sheet was not read.",
        ),
        (
            "{near_tables}のことでしたら、シート名を直してください。表の名前の一覧：{known_tables}。",
            "if you mean {near_tables}, rename the sheet; the names of tables are: {known_tables}.",
        ),
    ),
    "sheet_ignored": _w(
        (
            "この名前の表はないため、このシートは読み込んでいません。",
            "there is no table of this name, so this sheet was not read.",
        ),
        (
            "表でなければ、そのままで差し支えありません。"
            "次の表のいずれかであれば、シート名を直してください：{known_tables}。",
            "leave it if it is no table; if it is one of these, rename the sheet: {known_tables}.",
        ),
    ),
    "sheet_copy": _w(
        (
            "表「{table_name}」は「{first}」から読んだため、このシートは読み込んでいません。",
            "the table {table_name} was read from {first}, so this sheet was not read.",
        ),
        (
            "こちらが正しい場合は、内容を「{first}」に移してください。控えであれば、別の場所に移すと確実です。",
            "if this one is right, move its content to {first}; if it is a copy, keep it elsewhere.",
        ),
    ),
    "sheet_hidden": _w(
        ("非表示のシートですが、読み込みました。", "the sheet is hidden; it was read all the same."),
        ("使わない場合はシートを削除してください。", "delete the sheet if it should not be used."),
    ),
    "file_unknown": _w(
        (
            "この名前の表はないため、このファイルは読み込んでいません。",
            "there is no table of this name, so this file was not read.",
        ),
        (
            "{near_tables}のことでしたら、ファイル名を直してください。表の名前の一覧：{known_tables}。",
            "if you mean {near_tables}, rename the file; the names of tables are: {known_tables}.",
        ),
    ),
    "file_ignored": _w(
        (
            "この名前の表はないため、このファイルは読み込んでいません。",
            "there is no table of this name, so this file was not read.",
        ),
        (
            "表でなければ、そのままで差し支えありません。"
            "次の表のいずれかであれば、ファイル名を直してください：{known_tables}。",
            "leave it if it is no table; if it is one of these, rename the file: {known_tables}.",
        ),
    ),
    "file_copy": _w(
        (
            "表「{table_name}」は「{first}」から読んだため、このファイルは読み込んでいません。",
            "the table {table_name} was read from {first}, so this file was not read.",
        ),
        (
            "こちらが正しい場合は、内容を「{first}」に移してください。控えであれば、別の場所に移すと確実です。",
            "if this one is right, move its content to {first}; if it is a copy, keep it elsewhere.",
        ),
    ),
    "file_kind": _w(
        (
            "この種類（{suffix}）のファイルは、フォルダーの表としては読みません。",
            "a file of this kind ({suffix}) is not read as a table of a folder.",
        ),
        (
            "{near_tables}の表であれば、Excel で開き、その名前の「CSV UTF-8」として保存してください。",
            "if it is the table {near_tables}, open it in Excel and save it under that name as CSV UTF-8.",
        ),
    ),
    "not_a_file": _w(
        (
            "表や設定のファイルの名前ですが、フォルダーか、切れたリンクか、ファイルではないものです。",
            "this has the name of a table or of settings, but is a folder, a broken link, or otherwise no file.",
        ),
        (
            "ファイルに置き換えるか、別の名前にしてください。",
            "put the file in its place, or give it another name.",
        ),
    ),
}

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

WARNINGS: dict[str, IssueWords] = {
    "duplicate_name": _w(
        ("「{value}」という名前は{first_row}行目にもあります。", "the name {value} also stands in row {first_row}."),
        (
            "同じ方（企業）を2回登録していないか確かめてください。別であればそのままで構いません。",
            "check that it is not the same one entered twice; if not, leave it.",
        ),
    ),
    "person_is_director": _w(
        (
            "人材「{value}」と同じ ID のディレクターがいます。つながりでは同じ人とみなします。",
            "a director has the same id {value}; ties take both for the same.",
        ),
        ("別の人であれば、どちらかの ID を変えてください。", "if they are two people, change one of the ids."),
    ),
    "skill_nobody_has": _w(
        (
            "スキル「{value}」を持つディレクターも人材もいません（必要とする企業：{n_companies}社）。",
            "no director and no person has the skill {value} (companies that need it: {n_companies}).",
        ),
        (
            "スキルの書き方を確かめるか、このスキルを持つ人を探してください。",
            "check how it is written, or look for someone who has it.",
        ),
        ("スキル「{near}」のことでしたら、書き方を揃えてください。", "if it is the skill {near}, write both alike."),
    ),
    "skill_perhaps_misspelt": _w(
        (
            "スキル「{value}」は1人にしかなく、必要とする企業もありません。",
            "only one person has the skill {value}, and no company needs it.",
        ),
        (
            "スキル「{near}」のことでしたら、書き方を揃えてください。別のスキルであれば、そのままで構いません。",
            "if it is the skill {near}, write both alike; if it is another skill, leave it.",
        ),
    ),
    "ratings_all_equal": _w(
        (
            "{rated}{n}件すべてが {value} で、差がつきません。",
            "all {n} values{rated} are {value}, so this rating decides nothing.",
        ),
        (
            "評価を見直すか、この評価を使う項目の重みを下げてください。",
            "rate again, or lower the weight of the criterion that uses it.",
        ),
    ),
    "rater_all_equal": _w(
        (
            "評価者「{value}」は、{n}件の対象すべてに同じ評価を付けています。",
            "{value} gave all {n} subjects the same rating.",
        ),
        (
            "意図した評価かどうか、評価者に確かめてください。",
            "ask the rater whether the ratings are meant that way.",
        ),
    ),
    "company_nobody_can_serve": _w(
        ("企業「{value}」を担当できるディレクターがいません。", "no director can serve company {value}."),
        ("条件（{failed}）を見直してください。", "look at what rules them out: {failed}."),
        (
            "最も近いのはディレクター「{near}」です。次の点を見直してください：{failures}。",
            "director {near} comes nearest; look at: {failures}.",
        ),
    ),
    "director_nobody_needs": _w(
        ("ディレクター「{value}」が担当できる企業がありません。", "director {value} can serve no company."),
        ("候補から外れる主な理由（{failed}）を確かめてください。", "look at what rules most pairs out: {failed}."),
    ),
    "engagement_breaks_rule": _w(
        (
            "ディレクター「{director_id}」は企業「{value}」を担当中ですが、"
            "必要な条件を満たさないため、継続の候補になりません：{failures}。",
            "director {director_id} works with company {value} now, but "
            "the pair breaks a rule, so it cannot be kept: {failures}.",
        ),
        (
            "担当を続ける場合は、条件に関わる値を直してください。続けない場合は、この行を削除してください。",
            "if they go on, correct the values that the rule looks at; if not, delete this row.",
        ),
    ),
    "engagement_over": _w(
        (
            "終了予定日 {value} が支援の開始日（{start}）より前のため、終わった担当として扱います。",
            "the engagement ends on {value}, before the start {start}, so it is treated as over.",
        ),
        (
            "続いている担当であれば、終了予定日を直すか空欄にしてください。終わっていれば、そのままで構いません。",
            "if it goes on, correct the day or leave it blank; if it is over, leave it.",
        ),
    ),
    "forbid_only_marks": _w(
        (
            "扱いが「{value}」のため、この行では組合せは除外されません。割り当てた場合は、計画に印が付きます。",
            "this row says {value}, so it does not forbid the pair: the two can be matched, and the plan marks it.",
        ),
        (
            "割り当ててはならない場合は、扱いを「禁止」にするか空欄にしてください。",
            "if the two must not be matched, write forbid or leave the cell blank.",
        ),
    ),
    "quota_nobody": _w(
        (
            "枠の対象（{by}：{value}）に当てはまる企業がありません。",
            "no company has {by} = {value}, which the quota is about.",
        ),
        ("枠の値の書き方を確かめるか、枠を削除してください。", "check how the value is written, or delete the quota."),
    ),
    "quota_short": _w(
        (
            "枠は{min}社以上ですが、当てはまる企業は{n_companies}社です（{by}：{value}）。",
            "the quota asks for at least {min}, but only {n_companies} companies have {by} = {value}.",
        ),
        ("min を小さくしてください。", "lower its min."),
    ),
}

ISSUES: dict[str, IssueWords] = {**CELLS, **ROWS, **TABLES_AND_FILES, **SETTINGS, **WARNINGS}
