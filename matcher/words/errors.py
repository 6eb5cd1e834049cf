"""What an exception says: one sentence and one hint per code, in both languages.

To add one: put its code and a `Sentence` (the hint behind “Try:” / 「対処：」) into the table of its area.
"""

from __future__ import annotations

from typing import Final

from matcher.errors import MatcherError
from matcher.words.annotating import ERRORS as ANNOTATE
from matcher.words.catalog import Lang, Sentence
from matcher.words.explaining import ERRORS as EXPLAIN
from matcher.words.generated import ERRORS as GENERATE
from matcher.words.mapping import ERRORS as MAP
from matcher.words.memory import ERRORS as MEMORY
from matcher.words.verifying import ERRORS as PLAN
from matcher.words.whatif_errors import ERRORS as WHATIF

_REPORT = Sentence(
    "対処：プログラムの誤りと思われます。MATCHER_DEBUG=1 を付けた結果を開発元にお送りください。",
    "Try: this looks like a fault of the program; send what it prints with MATCHER_DEBUG=1 to the maintainers.",
)


def _s(ja: str, en: str) -> Sentence:
    return Sentence(ja, en)


def _fault(ja: str, en: str) -> Sentence:
    return Sentence(f"{ja}\n{_REPORT.ja}", f"{en}\n{_REPORT.en}")


INPUT: Final = {
    "data_has_faults": _s(
        "データに誤りが{n}件あります。\n"
        "対処：下の説明に沿って直してください。matcher check ですべての誤りを確認できます。",
        "The data has {n:fault|faults}.\nTry: mend them as told below; matcher check shows all of them.",
    ),
    "policy_has_faults": _s(
        "方針・シナリオ・対応付けの設定に誤りが{n}件あります。\n対処：下の説明に沿って直してください。",
        "The policy, scenario or mapping has {n:fault|faults}.\nTry: mend them as told below.",
    ),
    "source_not_found": _s(
        "「{path}」というファイルもフォルダーもありません。\n"
        "対処：場所と名前を確かめてください（matcher init でひな形を作れます）。",
        "There is no file or folder {path}.\nTry: check the path and the spelling (matcher init writes a template).",
    ),
    "source_one_table": _s(
        "「{path}」は表1つだけのファイルです。\n対処：ディレクターや企業・自治体の表がまとまっているフォルダーを指定してください。",
        "{path} is a single table.\nTry: give the folder that holds it together with directors and companies.",
    ),
    "source_kind_unknown": _s(
        "「{path}」は読める種類のファイルではありません。\n"
        "対処：CSV か Parquet のフォルダー、Excel ブック（.xlsx、.xls）、または scenario.yaml を指定してください。",
        "{path} is not a kind of file that can be read.\n"
        "Try: a folder of CSV or Parquet files, an Excel workbook (.xlsx, .xls), or a scenario.yaml.",
    ),
    "source_no_file": _s(
        "「{path}」は普通のファイルではありません（装置やパイプなど）。\n"
        "対処：CSV か Parquet のフォルダー、Excel ブック（.xlsx、.xls）、または scenario.yaml を指定してください。",
        "{path} is no ordinary file, but a device or a pipe.\n"
        "Try: a folder of CSV or Parquet files, an Excel workbook (.xlsx, .xls), or a scenario.yaml.",
    ),
    "policy_not_found": _s(
        "方針のファイル「{path}」がありません。\n対処：場所と名前を確かめてください。",
        "There is no policy file {path}.\nTry: check the path and the spelling.",
    ),
    "override_shape": _s(
        "設定「{given}」に「=」がないか、キーがありません。\n対処：--set weights.network=0 の形で書いてください。",
        "The setting {given} has no “=”, or no key.\nTry: write it like --set weights.network=0.",
    ),
    "override_value": _s(
        "設定「{given}」の値を読めません。\n対処：--set weights.network=0 のように、YAML の値を書いてください。",
        "The value of the setting {given} cannot be read.\nTry: a YAML value, such as --set weights.network=0.",
    ),
    "option_not_whole": _s(
        "{name}：「{given}」は整数ではありません。\n対処：0 以上の、小数のない数を入力してください。",
        "{name}: {given} is not a whole number.\nTry: a number from 0, without decimals.",
    ),
    "option_below_zero": _s(
        "{name}：{given} は 0 より小さい値です。\n対処：0 以上の整数を入力してください。",
        "{name}: {given} is below 0.\nTry: a whole number from 0.",
    ),
    "too_little_time": _s(
        "時間内に判定できませんでした。\n対処：--time-limit を延ばしてください。",
        "This could not be told in the time allowed.\nTry: a longer --time-limit.",
    ),
    "option_out_of_range": _s(
        "{name}：{given} は範囲外です。\n対処：{low} 以上 {high} 以下の整数を入力してください。",
        "{name}: {given} is out of range.\nTry: a whole number from {low} to {high}.",
    ),
    "option_not_a_number": _s(
        "{name}：「{given}」は数値ではありません。\n対処：単位を付けずに数字だけを入力してください（例：60）。",
        "{name}: {given} is not a number.\nTry: digits only, without a unit, such as 60.",
    ),
    "option_not_above_zero": _s(
        "{name}：{given} は 0 より大きくありません。\n対処：0 より大きい数を入力してください（例：60）。",
        "{name}: {given} is not above 0.\nTry: a number above 0, such as 60.",
    ),
    "option_not_a_share": _s(
        "{name}：「{given}」は 0 以上 1 未満の数ではありません。\n対処：1% なら 0.01 と入力してください。",
        "{name}: {given} is not a number from 0, below 1.\nTry: 0.01 for 1%.",
    ),
    "unknown_schema": _s(
        "「{name}」というスキーマはありません。\n"
        "対処：{known} のいずれかを指定してください。変更を書くシナリオ（もしも）のファイルなら what-if、"
        "scenario.yaml なら scenario です。",
        "There is no schema {name}.\n"
        "Try: one of {known}. A file of changes is a what-if; scenario is the schema of scenario.yaml.",
    ),
    "unknown_format": _s(
        "「{name}」という出力はありません。指定できるのは {known} です。\n"
        "対処：--formats html,xlsx のようにコンマで区切ってください（none で plan.json だけ）。",
        "There is no output {name}. Known: {known}.\n"
        "Try: names separated by commas, such as --formats html,xlsx (none for plan.json alone).",
    ),
    "unknown_language": _s(
        "「{name}」という言語は使えません。\n対処：{known} のいずれかを指定してください。",
        "There is no language {name}.\nTry: one of {known}.",
    ),
}

OUTPUT: Final = {
    "faults_in_source": _s(
        "誤りの一覧の書き出し先「{path}」は、元のデータの中にあります。\n"
        "対処：--faults で、データのフォルダーの外を指定してください。",
        "The list of faults, {path}, would stand within the source.\nTry: a place outside the data with --faults.",
    ),
    "faults_not_usable": _s(
        "誤りの一覧の書き出し先「{path}」をたどれません（リンクが循環しています）。\n"
        "対処：--faults で別の名前を指定してください。",
        "The list of faults, {path}, cannot be followed (its links go in a circle).\nTry: another name with --faults.",
    ),
    "faults_is_folder": _s(
        "誤りの一覧の書き出し先「{path}」はフォルダーです。\n"
        "対処：--faults でファイルの名前を指定してください（例：faults.csv）。",
        "The list of faults, {path}, is a folder.\nTry: name a file with --faults, such as faults.csv.",
    ),
    "faults_not_ours": _s(
        "「{path}」は既にあり、誤りの一覧ではないため、上書きしません。\n対処：--faults で別の名前を指定してください。",
        "{path} exists and is no list of faults, so it is never overwritten.\nTry: another name with --faults.",
    ),
    "bench_not_ours": _s(
        "「{path}」は既にあり、測定の結果ではないため、上書きしません。\n対処：--out で別の名前を指定してください。",
        "{path} exists and is no record of a measurement, so it is never overwritten.\nTry: another name with --out.",
    ),
    "target_not_empty": _s(
        "「{path}」には既にファイルがあります。上書きはしません。\n対処：別の名前か、空のフォルダーを指定してください。",
        "{path} already holds something, and is never overwritten.\nTry: another name, or an empty folder.",
    ),
    "target_without_name": _s(
        "「{path}」は、新しいひな形の名前になりません。\n対処：my-programme のような名前を付けてください。",
        "{path} is no name for a new template.\nTry: a name such as my-programme.",
    ),
    "target_not_xlsx": _s(
        "ブックの名前「{path}」が .xlsx で終わっていません。\n対処：「{path}.xlsx」のように指定してください。",
        "The workbook's name {path} does not end in .xlsx.\nTry: {path}.xlsx.",
    ),
    "out_holds_source": _s(
        "書き出し先「{path}」に元のデータがあります。\n対処：--out で別のフォルダーを指定してください。",
        "The output folder {path} holds the source.\nTry: another folder with --out.",
    ),
    "letters_there": _s(
        "「{path}」には、すでに連絡文があります。\n"
        "対処：--out で別のフォルダーを指定するか、置き換えてよい場合は --force を付けてください。",
        "{path} holds letters already.\nTry: another folder with --out, or --force to replace them.",
    ),
    "letter_template_not_found": _s(
        "ひな形「{path}」がありません。\n対処：場所と名前を確かめてください。",
        "There is no template {path}.\nTry: check the path and the spelling.",
    ),
    "letter_template_kind": _s(
        "「{path}」はひな形に使えるファイルではありません（使えるもの：{known}）。\n対処：その形式で保存してください。",
        "{path} is not a kind of template; allowed are {known}.\nTry: save it as one of these.",
    ),
    "letter_template_wrong": _s(
        "ひな形「{path}」{line}行目の書き方に誤りがあります：{reason}。\n"
        "対処：差し込みは {{{{ company }}}} のように書きます（matcher letters --help）。",
        "The template {path} is wrong in line {line}: {reason}.\n"
        "Try: a field is written like {{{{ company }}}} (see matcher letters --help).",
    ),
    "letter_field_unknown": _s(
        "ひな形「{path}」{line}行目：「{given}」という項目はありません。\n"
        "対処：使える項目：{known}。最も近いもの：{near}。",
        "The template {path}, line {line}: there is no field {given}.\nTry: one of {known}; the nearest is {near}.",
    ),
    "out_holds_decisions": _s(
        "書き出し先「{path}」には、読み込む決定のブックが入っています。\n"
        "対処：前回の計画を残すため、--out {near} のように別のフォルダーを指定してください。",
        "The output folder {path} holds the workbook whose decisions are read.\n"
        "Try: keep the earlier plan, and write to another folder, such as --out {near}.",
    ),
    "decisions_no_file": _s(
        "「{path}」というファイルはありません。\n対処：決定を書いた plan.xlsx の場所を確かめてください。",
        "There is no file {path}.\nTry: check where the plan.xlsx with the decisions is.",
    ),
    "decisions_kind_unknown": _s(
        "「{path}」は決定を読めるファイルではありません（使えるもの：{known}）。\n"
        "対処：matcher run が書き出した plan.xlsx を指定してください。",
        "Decisions are not read from {path}; allowed are {known}.\n"
        "Try: give the plan.xlsx that matcher run has written.",
    ),
    "decisions_have_faults": _s(
        "「{path}」の決定に誤りが{n}件あります。\n対処：下の説明に沿って直し、保存してからやり直してください。",
        "The decisions in {path} have {n:fault|faults}.\nTry: mend them as told below, save, and run again.",
    ),
    "out_is_current_folder": _s(
        "書き出し先が今いるフォルダー「{path}」です。\n対処：--out で別のフォルダーを指定してください。",
        "The output folder is the current folder, {path}.\nTry: another folder with --out.",
    ),
    "out_is_file": _s(
        "書き出し先「{path}」はファイルです。\n対処：--out でフォルダーを指定してください。",
        "The output folder {path} is a file.\nTry: name a folder with --out.",
    ),
    "out_holds_other_files": _s(
        "書き出し先「{path}」にほかのファイルがあります（{files}）。\n"
        "対処：--out で空のフォルダーか新しい名前を指定してください。",
        "The output folder {path} holds other files ({files}).\nTry: an empty folder or a new name with --out.",
    ),
    "out_holds_other_run": _s(
        "書き出し先「{path}」に別の実行結果があります。\n"
        "対処：--out で別のフォルダーを指定するか、置き換える場合は --force を付けてください。",
        "The output folder {path} holds another run.\nTry: another folder with --out, or --force to replace it.",
    ),
    "out_holds_whole_run": _s(
        "書き出し先「{path}」には、同じ計算を最後まで終えた結果があります。途中で止めた結果では置き換えません。\n"
        "対処：--out で別のフォルダーを指定するか、置き換える場合は --force を付けてください。",
        "The output folder {path} holds the same, finished; what was interrupted does not replace it.\n"
        "Try: another folder with --out, or --force to replace it.",
    ),
    "out_not_usable": _s(
        "書き出し先「{path}」をたどれません（リンクが循環しています）。\n"
        "対処：--out で別のフォルダーを指定してください。",
        "The output folder {path} cannot be followed (its links go in a circle).\nTry: another folder with --out.",
    ),
    "out_was_edited": _s(
        "書き出し先「{path}」の実行結果は、書き出した後で編集されています（{files}）。\n"
        "対処：--out で別のフォルダーを指定するか、編集を捨ててよい場合は --force を付けてください。",
        "The run in the output folder {path} was edited after it was written ({files}).\n"
        "Try: another folder with --out, or --force to give the edits up.",
    ),
    "out_not_writable": _s(
        "「{path}」に書き出せません（{reason}）。\n対処：書き込みの権限、空き容量、ファイルが開かれていないかを確かめてください。",
        "{path} cannot be written ({reason}).\n"
        "Try: check the permissions, the free space, and that no file of it is open.",
    ),
}

MODEL: Final = {
    "no_tier": _s(
        "目的が指定されていません。\n対処：policy.yaml の objective に少なくとも1つ書いてください。",
        "No objective is given.\nTry: name at least one tier under objective in policy.yaml.",
    ),
    "unknown_backend": _s(
        "「{name}」という計算方法はありません。\n対処：{known} のいずれかを指定してください。",
        "There is no backend {name}.\nTry: one of {known}.",
    ),
    "backend_cannot_hold": _s(
        "計算方法「{name}」ではこの条件を扱えません（{reason}）。\n対処：solve.backend の指定を外してください。",
        "The backend {name} cannot hold these demands ({reason}).\nTry: leave solve.backend out.",
    ),
    "no_deterministic_limit": _s(
        "計算方法「{name}」は計算量を数えないため、solve.deterministic_limit に従えません。\n"
        "対処：solve.backend に {known} のいずれかを指定するか、solve.time_limit_s を使ってください。",
        "The backend {name} does not count its work, so it cannot keep solve.deterministic_limit.\n"
        "Try: one of {known} as solve.backend, or solve.time_limit_s.",
    ),
    "priority_too_high": _s(
        "優先度 {priority} は大きすぎます（上限 {allowed}）。\n対処：優先度の値を小さくしてください。",
        "The priority {priority} is too high (at most {allowed}).\nTry: lower the priorities.",
    ),
    "sum_too_large": _s(
        "数値の合計（{name}）が扱える範囲（{limit}）を超えます。\n"
        "対処：優先度や keep_points、金額の値を小さくしてください。",
        "The numbers of {name} sum to more than can be held exactly ({limit}).\n"
        "Try: lower the priorities, keep_points or amounts.",
    ),
    "row_out_of_range": _fault("行 {row} は範囲（{n_rows}行）の外です。", "Row {row} is out of range ({n_rows} rows)."),
    "column_bounds_wrong": _fault(
        "変数の上下限の数が {n_cols} と合いません。", "Column bounds do not fit {n_cols} columns."
    ),
    "pairs_out_of_range": _fault(
        "組合せ {n_pairs} が変数 {n_cols} を超えます。", "{n_pairs:pair|pairs}, but {n_cols} columns."
    ),
    "objective_shape_wrong": _fault(
        "目的の係数は {size} 個、変数は {n_cols} 個です。", "{size} costs for {n_cols} columns."
    ),
    "block_shape_wrong": _fault(
        "条件「{family}」の形が正しくありません。", "The row family {family} has a wrong shape."
    ),
    "row_bounds_cross": _fault(
        "条件「{family}」の行 {row} の下限が上限を超えます。", "Row {row} of {family}: lower bound above upper."
    ),
    "entry_out_of_range": _fault("条件「{family}」の要素が範囲の外です。", "An entry of {family} is out of range."),
    "entry_repeated": _fault("条件「{family}」に同じ要素が2回あります。", "An entry of {family} stands twice."),
    "not_integer": _fault("整数ではない数値です（{dtype}）。", "The numbers are not integers ({dtype})."),
    "reduced_cost_too_large": _fault("被約費用が上限 {limit} を超えます。", "A reduced cost exceeds {limit}."),
    "prices_not_tight": _fault(
        "価格による上界 {scaled_bound} が値 {value} と合いません。", "The bound {scaled_bound} does not meet {value}."
    ),
    "answer_shape_wrong": _fault(
        "解の形 {shape} が変数 {n_cols} と合いません。", "An answer of shape {shape} for {n_cols} columns."
    ),
    "prices_shape_wrong": _fault(
        "価格の形 {shape} が行数 {n_rows} と合いません。", "Prices of shape {shape} for {n_rows} rows."
    ),
    "price_scale_wrong": _fault("価格の倍率 {scale} が正しくありません。", "The price scale {scale} is wrong."),
    "not_a_network": _fault("流れの問題として表せません（{reason}）。", "The rows are not a network ({reason})."),
    "cost_too_large_for_flow": _fault(
        "点 {largest} が上限 {limit} を超えます。", "The cost {largest} exceeds {limit}."
    ),
    "cost_too_large_for_mip": _fault(
        "点または条件の合計が、混合整数計画（mip）で正確に扱える上限 {limit} を超えます。\n"
        "対処：solve.backend の指定を外してください。",
        "Points or the sum of a row may exceed {limit}, the most that the backend mip holds exactly.\n"
        "Try: leave solve.backend out.",
    ),
    "flow_failed": _fault("最小費用流の計算に失敗しました（{status}）。", "The flow solver failed ({status})."),
    "negative_cycle": _fault("残余グラフに負の閉路があります。", "The residual graph has a negative cycle."),
}

ERRORS: Final[dict[str, Sentence]] = {
    **INPUT,
    **OUTPUT,
    **MODEL,
    **PLAN,
    **EXPLAIN,
    **WHATIF,
    **GENERATE,
    **MEMORY,
    **ANNOTATE,
    **MAP,
}


def error_text(error: MatcherError, lang: Lang) -> str:
    """Return what an exception says; a code without a sentence is shown with what it carries."""
    sentence = ERRORS.get(error.code)
    if sentence is None:
        carried = ", ".join(f"{name}={value!r}" for name, value in error.params.items())
        return f"{error.code}({carried})"
    return sentence.fill(lang, **{**_defaults(sentence), **error.params, **_reason(error, lang)})


def _reason(error: MatcherError, lang: Lang) -> dict[str, str]:
    """The reason that an exception carries as a code, in words."""
    if error.code == "plan_not_json":
        from matcher.words.part_data import reason_text

        return {"reason": reason_text(error.params, lang)}
    if error.code in ("backend_cannot_hold", "not_a_network"):
        from matcher.words.plan import network_reason

        return {"reason": network_reason(str(error.params.get("reason", "")), lang)}
    return {}


def _defaults(sentence: Sentence) -> dict[str, object]:
    """Blanks that an exception forgot are shown as “?”, never as a second exception."""
    from string import Formatter

    return {name: "?" for _, name, _, _ in Formatter().parse(sentence.ja + sentence.en) if name}
