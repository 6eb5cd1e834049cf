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
    "whatif_twice": Sentence(
        "シナリオ「{path}」が2回指定されています。\n対処：1回だけ指定してください。",
        "The scenario {path} is given twice.\nTry: give it once.",
    ),
    "nothing_to_compare": Sentence(
        "比べる計画がありません。\n対処：計画を1つ以上渡してください。",
        "There is no plan to compare.\nTry: give at least one plan.",
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
    "objectives_not_known": Sentence(
        "--objectives に使えない目標があります（{given}）。使えるのは {known} です。\n"
        "対処：--objectives points,distance_km のように書いてください。",
        "--objectives does not know {given}. Known: {known}.\nTry: --objectives points,distance_km",
    ),
    "objectives_not_two": Sentence(
        "--objectives には目標を2つか3つ書きます（今は{n}つ）。\n"
        "対処：--objectives points,distance_km のように書いてください。",
        "--objectives takes two or three objectives; {n} given.\nTry: --objectives points,distance_km",
    ),
    "objective_twice": Sentence(
        "--objectives に「{given}」が2回あります。\n対処：それぞれ一度だけ書いてください。",
        "--objectives names {given} twice.\nTry: write every objective once.",
    ),
    "most_too_small": Sentence(
        "--most の値「{given}」は小さすぎます。2以上で指定してください。\n対処：--most 50",
        "--most is {given}; it is a number from 2.\nTry: --most 50",
    ),
    "draws_out_of_range": Sentence(
        "回数 {given} は使えません。1〜{most} で指定してください。\n対処：--draws 500",
        "{given} draws are not possible; allowed are 1 to {most}.\nTry: --draws 500",
    ),
    "spread_out_of_range": Sentence(
        "{name}：{given} は使えません。0〜{most} の数で指定してください。\n対処：{name} 0.5",
        "{name}: {given} is not a number from 0 to {most}.\nTry: {name} 0.5",
    ),
    "unknown_engine": Sentence(
        'engine に「{given}」はありません。使えるのは {known} です。\n対処：engine="threads"',
        'There is no engine {given}. Allowed: {known}.\nTry: engine="threads"',
    ),
    "ray_not_installed": Sentence(
        "--engine ray には Ray が必要ですが、入っていません。\n"
        "対処：pip install 'matcher[cluster]' で入れるか、--engine processes を使ってください。",
        "--engine ray needs Ray, which is not installed.\n"
        "Try: pip install 'matcher[cluster]', or --engine processes, which needs nothing more.",
    ),
    "worker_lost": Sentence(
        "{name}：計算していたプロセスが2回続けて落ちたため、結果がありません（{reason}）。ほかの結果には影響しません。\n"
        "対処：メモリーの空きを確かめ、--workers 1 で実行してください。",
        "{name}: the process that was solving it died twice, so there is no result ({reason}). The others are whole.\n"
        "Try: look at the free memory, and run it with --workers 1.",
    ),
    "draws_lost": Sentence(
        "計算していたプロセスが2回続けて落ちたため、{n}回分の結果が欠けています（{reason}）。ほかの回は数えてあります。\n"
        "対処：メモリーの空きを確かめ、--workers 1 で実行してください。",
        "{n:draw|draws} {n:=is|are} missing: the process that was solving died twice ({reason}). The others count.\n"
        "Try: look at the free memory, and run it with --workers 1.",
    ),
    "unknown_aim": Sentence(
        "--best-by に「{given}」はありません。使えるのは {known} です。\n対処：--best-by mean",
        "--best-by does not know {given}. Allowed: {known}.\nTry: --best-by mean",
    ),
    "best_needs_points": Sentence(
        "--best-by が使えるのは、方針の第一の目標が点数（points）のときだけです（今は {first}）。\n"
        "対処：--set 'objective=[points]' を付けてください。",
        "--best-by needs a policy that puts points first; it puts {first} first.\nTry: --set 'objective=[points]'",
    ),
    "no_plan_to_draw_for": Sentence(
        "計画が見つからないため、ぶれに対する強さは調べられません。\n"
        "対処：matcher run を行うと、両立しない条件などの理由が示されます。",
        "There is no plan whose robustness could be told.\n"
        "Try: matcher run tells the reason, such as demands in conflict.",
    ),
}
