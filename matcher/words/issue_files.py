"""The sentences about files, sheets and headings."""

from __future__ import annotations

from matcher.words.issue_words import IssueWords
from matcher.words.issue_words import issue_words as _w

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
    "heading_unit": _w(
        (
            "見出しの単位「{unit_typed}」は、項目「{heading}」の単位{unit}と違います。",
            "the heading says {unit_typed}, which is not the unit of {heading}{unit}.",
        ),
        (
            "値をこの項目の単位に直し、見出しの括弧も直してください。",
            "give the values in the column's own unit, and correct the brackets of the heading.",
        ),
    ),
    "title_unit": _w(
        (
            "見出しの上に「単位：{unit_typed}」とありますが、どの列のことかが見出しにありません（{fields}）。",
            "a row above the header gives the unit {unit_typed}, but no heading says so ({fields}).",
        ),
        (
            "金額の列の見出しに単位を書いてください（例：売上高（{unit_typed}）。円の列なら、売上高（円））。",
            "write the unit into the headings of the amounts, such as 売上高（{unit_typed}）, or 売上高（円） for yen.",
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
            "Excel で開き、「CSV UTF-8（コンマ区切り）」として保存してください。",
            "open it in Excel and save it as CSV UTF-8.",
        ),
    ),
    "encoding_to_name": _w(
        (
            "文字コードが UTF-8 でも Shift_JIS（cp932）でもありません。{encoding} であれば読めます。",
            "the text is neither UTF-8 nor cp932 (Shift_JIS); as {encoding} it can be read.",
        ),
        (
            "{encoding} で正しければ、--encoding {encoding} を付けて実行してください"
            "（どのコマンドでも使うには、scenario.yaml に encoding: {encoding} と書くか、"
            "CSV UTF-8 で保存し直します）。",
            "if that is right, add --encoding {encoding} "
            "(for every command: write encoding: {encoding} in scenario.yaml, or save the file as CSV UTF-8).",
        ),
    ),
    "encoding_of_two": _w(
        (
            "文字コードが Shift_JIS（{first}）とも {encoding} とも読めます。",
            "the text can be read as {first} (Shift_JIS) and as {encoding}.",
        ),
        (
            "Windows で作ったファイルなら --encoding {first}、"
            "UNIX で作ったファイルなら --encoding {encoding} を付けて実行してください"
            "（どのコマンドでも使うには、CSV UTF-8 で保存し直します）。",
            "add --encoding {first} for a file made on Windows, --encoding {encoding} for one made on UNIX "
            "(for every command: save it as CSV UTF-8).",
        ),
    ),
    "encoding_damaged": _w(
        (
            "UTF-8 のようですが、{line}行目に壊れた文字があります（ファイルの行で数えます）。",
            "the text looks like UTF-8, but has a broken character in line {line} of the file.",
        ),
        (
            "元のファイルを書き出し直してください。"
            "UTF-8 でなければ、--encoding cp932 のように文字コードを指定してください。",
            "export the file again; if it is not UTF-8, name the encoding, such as --encoding cp932.",
        ),
    ),
    "encoding_not_that": _w(
        (
            "指定された文字コード {encoding} では読めません。",
            "the text is not {encoding}, which was asked for.",
        ),
        (
            "--encoding（または scenario.yaml の encoding）を外すか、正しい文字コードを指定してください。",
            "leave out --encoding (or encoding in scenario.yaml), or name the right one.",
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
    "workbook_bulky": _w(
        (
            "展開すると {n_megabytes} MB になり、大きすぎて読めません。",
            "the workbook unpacks to {n_megabytes} MB, which is too large to be read.",
        ),
        (
            "見覚えのあるファイルなら、Excel で開いて不要なシートと書式を削除し、保存し直してください。"
            "行が多い場合は CSV で保存してください。",
            "if you know the file, open it in Excel, delete sheets and formats that are not needed and save it again, "
            "or save each sheet as CSV.",
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
    "rows_hidden": _w(
        (
            "非表示の行が {n} 行ありますが、読み込みました（{rows}行目）。",
            "rows are hidden ({n}); they were read all the same (rows {rows}).",
        ),
        (
            "フィルターや非表示を解除して確かめ、使わない行は削除してください。",
            "unhide them or clear the filter to check, and delete rows that should not be used.",
        ),
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
