"""What an annotated copy of a user's workbook says, and what is said around it."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

SHEET: Final = Sentence("誤りと注意", "Faults found")
"""The name of the sheet of faults."""

HEADINGS: Final = (
    Sentence("シート", "Sheet"),
    Sentence("セル", "Cell"),
    Sentence("値", "Value"),
    Sentence("理由", "Reason"),
    Sentence("直し方", "How to mend"),
    Sentence("種類", "Kind"),
)
KINDS: Final = {
    "fault": Sentence("誤り", "Fault"),
    "warning": Sentence("注意", "Warning"),
    "repair": Sentence("読み替え", "Read as"),
}
SUMMARY: Final = Sentence(
    "{file} の確認：誤り {n_faults} 件（赤）、注意 {n_warnings} 件（黄）、読み替え {n_repairs} 件（水色）。"
    "セルの番地を選ぶと、そのセルに移ります。",
    "{file}: faults {n_faults} (red), warnings {n_warnings} (yellow), read although written in another way "
    "{n_repairs} (pale blue). Choose a cell's address to go there.",
)
LACKS: Final = Sentence(
    "この写しには、元のブックにある次のものが入っていないか、形が変わっています：{parts}。"
    "元のブックを残し、元のブックのほうを直してください。",
    "This copy lacks, or has changed, what your workbook has of these: {parts}. Keep your own workbook, and mend that.",
)
ROW: Final = Sentence("{row}行目", "row {row}")
LINE: Final = Sentence("{row}行目{at}文字目", "line {row}, column {at}")
MORE: Final = Sentence(
    "ほか {n} 件は、多すぎるため印も行もありません。すべては --faults で書き出せます。",
    "{n} more have neither mark nor row: they are too many. --faults writes all of them.",
)
NOTHING: Final = Sentence("誤り・注意・読み替えはありません。", "There is nothing to mend.")
MARK: Final = Sentence("【matcher】", "[matcher]")
"""Stands before what a comment of ours says; what stands above it is the user's own."""

HELP: Final = {
    "annotate": Sentence(
        ja="ブック(.xlsx)の写しに、セルの色・コメント・誤りの一覧のシートを付けて書き出します。",
        en="Write a copy of your workbook (.xlsx) with coloured cells, comments and a sheet of faults.",
    ),
    "annotate_force": Sentence(
        ja="--annotate の書き出し先にあるファイルを置き換えます。", en="Replace the file that --annotate names."
    ),
}

LINES: Final = {
    "annotated": Sentence(
        ja="印を付けた写しを {path} に書き出しました。元のブックはそのままです。",
        en="A copy with marks is in {path}. Your own workbook is as it was.",
    ),
    "annotated_lacks": Sentence(
        ja="注意：写しには、元のブックにある次のものが入っていないか、形が変わっています：{parts}。"
        "元のブックを残してください。",
        en="Note: the copy lacks, or has changed, what your workbook has of these: {parts}. Keep your own workbook.",
    ),
}

PARTS: Final = {
    "charts": Sentence("グラフ（形が変わることがあります）", "charts (they may change their looks)"),
    "images": Sentence("画像", "images"),
    "shapes": Sentence("図形・テキストボックス", "shapes and text boxes"),
    "pivots": Sentence("ピボットテーブル（形が変わることがあります）", "pivot tables (they may change their looks)"),
    "slicers": Sentence("スライサー・タイムライン", "slicers and timelines"),
    "threads": Sentence("スレッド形式のコメント（返信）", "threaded comments and replies"),
    "controls": Sentence("ボタンなどのフォーム部品", "buttons and other form controls"),
    "connections": Sentence("外部データへの接続・クエリ", "connections to other data, and queries"),
    "phonetics": Sentence(
        "ふりがなの表示（読みの情報は残ります）", "furigana shown above cells (the readings themselves stay)"
    ),
    "readings": Sentence("ふりがなの情報", "phonetic readings (furigana)"),
    "extended_rules": Sentence(
        "新しい形式の入力規則・条件付き書式・スパークライン",
        "validations, conditional formats and sparklines of the newer kind",
    ),
    "comment_looks": Sentence("コメントの書式と枠の大きさ", "the looks and sizes of comments"),
    "views": Sentence(
        "ユーザー設定のビュー・編集を許可する範囲・シナリオ", "custom views, ranges open for editing, and scenarios"
    ),
    "signatures": Sentence("電子署名", "digital signatures"),
    "printers": Sentence("プリンターごとの設定", "settings kept for a printer"),
    "spilling": Sentence("スピルする数式（配列数式になります）", "formulas that spill (they become array formulas)"),
    "custom_xml": Sentence("文書に埋め込まれた XML データ", "XML data kept inside the workbook"),
}
"""What the library that writes the copy leaves out."""

ERRORS: Final = {
    "annotate_suffix": Sentence(
        "写しの書き出し先「{path}」は {suffix} のファイルではありません。\n"
        "対処：{suffix} で終わる名前を指定してください。",
        "The copy would be written to {path}, which is no {suffix} file.\nTry: a name that ends in {suffix}.",
    ),
    "annotate_exists": Sentence(
        "「{path}」はすでにあります。\n"
        "対処：--annotate で別の名前を指定するか、置き換える場合は --force を付けてください。",
        "{path} is there already.\nTry: another name with --annotate, or --force to replace it.",
    ),
    "annotate_in_source": Sentence(
        "写しの書き出し先「{path}」は元のデータそのものです。\n対処：--annotate で別の名前を指定してください。",
        "The copy would be written over the source, {path}.\nTry: another name with --annotate.",
    ),
    "annotate_is_faults": Sentence(
        "「{path}」が --annotate と --faults の両方に指定されています。\n対処：どちらかを別の名前にしてください。",
        "{path} is named by both --annotate and --faults.\nTry: another name for one of them.",
    ),
    "annotate_force_alone": Sentence(
        "--force は --annotate と一緒に使います。\n"
        "対処：--annotate で写しの名前を指定するか、--force を外してください。",
        "--force goes with --annotate.\nTry: name the copy with --annotate, or leave --force out.",
    ),
    "annotate_is_folder": Sentence(
        "写しの書き出し先「{path}」はファイルではありません。\n"
        "対処：--annotate でファイルの名前を指定してください（例：誤り付き.xlsx）。",
        "The copy would be written to {path}, which is no file.\n"
        "Try: name a file with --annotate, such as marked.xlsx.",
    ),
    "annotate_xls": Sentence(
        "古い形式のブック「{path}」には印を付けられません。\n"
        "対処：Excel で「Excel ブック（.xlsx）」として保存してから、もう一度実行してください。",
        "{path} is a workbook of the older kind, which cannot be annotated.\n"
        "Try: save it as an .xlsx workbook in Excel, then again.",
    ),
    "annotate_no_workbook": Sentence(
        "--annotate は Excel ブック（.xlsx、.xlsm）にだけ使えます。「{path}」はブックではありません。\n"
        "対処：--faults で誤りの一覧を書き出してください。",
        "--annotate works for a workbook (.xlsx, .xlsm) only, which {path} is not.\n"
        "Try: write the list of faults with --faults.",
    ),
    "annotate_unreadable": Sentence(
        "「{path}」を読めないため、写しを作れません。\n対処：check が示した誤りを先に直してください。",
        "{path} cannot be read, so there is no copy of it.\nTry: mend first what check tells about it.",
    ),
    "annotate_not_possible": Sentence(
        "「{path}」を開いて写しを作ることができません（{reason}）。\n"
        "対処：Excel で開いて保存し直すか、--faults で誤りの一覧だけを書き出してください。",
        "{path} cannot be opened for a copy ({reason}).\n"
        "Try: open and save it in Excel, or write the list of faults alone with --faults.",
    ),
    "annotate_not_same": Sentence(
        "「{path}」の写しが元と同じ値にならないため、書き出していません。\n"
        "対処：--faults で誤りの一覧を書き出してください。",
        "A copy of {path} would not hold the same values, so none was written.\n"
        "Try: write the list of faults with --faults.",
    ),
    "annotate_too_large": Sentence(
        "「{path}」は印を付けた写しにするには大きすぎます（{n} セル、上限は {most} セル）。\n"
        "対処：--faults で誤りの一覧だけを書き出してください。",
        "{path} is too large for an annotated copy ({n} cells, at most {most}).\n"
        "Try: write the list of faults alone with --faults.",
    ),
}
