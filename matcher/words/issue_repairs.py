"""The sentences about cells that were read although they are not written as their column asks."""

from __future__ import annotations

from matcher.words.issue_words import IssueWords, Texts
from matcher.words.issue_words import issue_words as _w

_RIGHT: Texts = (
    "読み方が合っていれば、そのままで構いません。違う場合は、セルの値を直してください。",
    "leave it if that is right; if not, correct the cell.",
)


def _read(how_ja: str, how_en: str, hint: Texts = _RIGHT) -> IssueWords:
    return _w(
        (f"「{{value}}」を {{read}} と読みました（{how_ja}）。", f"{{value}} was read as {{read}} ({how_en})."), hint
    )


REPAIRS: dict[str, IssueWords] = {
    "read_width": _read("全角・半角や記号の違い", "full or half width, other signs"),
    "read_thousands": _read("桁区切りのコンマ", "commas between thousands"),
    "read_unit": _read("単位付きの数", "a number with its unit"),
    "read_negative": _read("▲・△は負の数", "▲ and △ mean minus"),
    "read_era": _read("和暦", "a year of a Japanese era"),
    "read_era_over": _read("和暦。元号の期間の外", "a year of a Japanese era, outside of that era"),
    "read_serial": _read("Excel の日付の連番", "a day's serial number in a spreadsheet"),
    "read_weekday": _read("曜日付きの日付。曜日は合っています", "a day with its weekday, which is right"),
    "read_compact": _read("8桁の日付", "a day in eight digits"),
    "read_time": _read("時刻は使いません", "the time of day is not used"),
    "read_zero": _read(
        "先頭の0が落ちたコード。検査用数字を確かめました", "a code without its leading zero; its check digit fits"
    ),
    "read_check_digit": _read("検査用数字を補いました", "the check digit was added"),
    "read_heading_unit": _w(
        (
            "見出しの単位が「{unit_typed}」のため、この列の数を {read} して読みました（単位付きの値を除く）。",
            "the heading says {unit_typed}, so the numbers of this column were read {read} "
            "(except those with a unit of their own).",
        ),
        _RIGHT,
    ),
    "read_two_headers": _w(
        (
            "2行の見出しを合わせた「{value}」を、項目「{heading}」と読みました。",
            "the headings of two rows, {value}, were read as {heading}.",
        ),
        (
            "違う場合は、見出しを1行にまとめ、項目名を書いてください。",
            "leave it if that is right; if not, write one row of headings.",
        ),
    ),
    "read_list": _w(
        ("「{value}」を {read} の複数のスキルと読みました。", "{value} was read as several skills: {read}."),
        (
            "1つのスキルの名前であれば、区切りの記号を使わない書き方にしてください。",
            "leave it if that is right; if it is one skill, write it without that sign.",
        ),
    ),
    "row_total": _w(
        (
            "「{value}」の行は、合計などの行とみなして読んでいません。",
            "the row {value} was taken for a row of sums and not read.",
        ),
        (
            "データの行であれば、最初の列に ID などを入れてください。",
            "leave it if that is right; if it is data, put its id into the first column.",
        ),
    ),
    "row_unread": _w(
        (
            "この行には項目の列に値がないため、読んでいません（「{value}」）。",
            "the row has nothing in a column that is read, so it was left out ({value}).",
        ),
        ("覚え書きなどの行であれば、そのままで構いません。", "leave it if it is only a remark."),
    ),
    "era_over": _w(
        (
            "「{value}」は元号の期間の外の日付です。{read} と読みました。",
            "{value} is a day outside of that era; it was read as {read}.",
        ),
        (
            "年の書き間違いでないか確かめ、西暦か今の元号に直してください。",
            "check that the year is not mistyped, and write it in the common era or the era of that day.",
        ),
    ),
}
