"""What the refusals of a what-if say, and the faults of its file."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

ERRORS: Final = {
    "whatif_not_found": Sentence(
        "シナリオのファイル「{path}」がありません。\n対処：場所と名前を確かめてください。",
        "There is no scenario file {path}.\nTry: check the path and the spelling.",
    ),
    "whatif_has_faults": Sentence(
        "シナリオ「{source}」に誤りが{n}件あります。何も適用していません。\n対処：下の説明に沿って直してください。",
        "The scenario {source} has {n:fault|faults}; nothing was applied.\nTry: mend them as told below.",
    ),
    "settings_not_applied": Sentence(
        "「{name}」は方針の設定として使えません（{faults}）。\n"
        "対処：matcher schema policy でキーと値の範囲を確かめてください。",
        "{name} is no setting of the policy ({faults}).\nTry: see keys and ranges with matcher schema policy.",
    ),
    "axis_shape": Sentence(
        "--vary の「{given}」を読めません。\n"
        "対処：--vary weights.network=0:40:5（から:まで:きざみ）か "
        "--vary limits.max_companies=3,6,9 のように書いてください。",
        "--vary {given} cannot be read.\n"
        "Try: --vary weights.network=0:40:5 (from, to, step) or --vary limits.max_companies=3,6,9.",
    ),
    "axis_too_long": Sentence(
        "--vary の「{given}」は組合せが {most} を超えます。\n対処：きざみを大きくするか、項目を減らしてください。",
        "--vary {given} makes more than {most:point|points}.\nTry: a larger step, or fewer settings.",
    ),
    "axis_twice": Sentence(
        "--vary に「{given}」が2回あります。\n対処：一つにまとめてください。",
        "--vary names {given} twice.\nTry: put its values into one.",
    ),
    "axis_value_twice": Sentence(
        "--vary の「{given}」に {value} が2回あります。\n対処：それぞれの値を一度だけ書いてください。",
        "--vary {given} names the value {value} twice.\nTry: write every value once.",
    ),
}
