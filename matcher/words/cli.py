"""What the command line says: help, steps, and the lines around a plan. Every sentence in both languages, once."""

from __future__ import annotations

from typing import Final

from matcher.words.annotating import HELP as ANNOTATE
from matcher.words.catalog import Lang, Sentence
from matcher.words.generated import HELP as GENERATE
from matcher.words.mapping import HELP as MAP

HELP: Final = {
    "app": Sentence(
        ja="ディレクターと企業の組合せを決め、その理由と最適性の証明を示します。",
        en="Decides which director works with which company, and explains and proves the decision.",
    ),
    "init": Sentence(
        ja="入力用のひな形(CSV のフォルダー、または Excel ブック)を作ります。",
        en="Write a template to fill in: a folder of CSV files, or one Excel workbook.",
    ),
    "check": Sentence(
        ja="データの誤りをすべてまとめて示します。誤りがなければ終了コード 0、あれば 1 です。",
        en="Show every fault of the data at once. Exit code 0 without faults, 1 with.",
    ),
    "run": Sentence(
        ja="データを読み、検査・採点・割当・証明を行い、計画のファイルを書き出します。",
        en="Read, check, score, solve and certify, then write the plan's files.",
    ),
    "verify": Sentence(
        ja="計画を元のデータから数え直し、証明も計算し直します。正しければ終了コード 0、なければ 1 です。",
        en="Count a plan again from its data, and its proof too, without a solver. Exit code 0 if it holds, 1 if not.",
    ),
    "plan": Sentence(ja="plan.json、またはそれが入ったフォルダー", en="A plan.json, or the folder that holds it"),
    "letters": Sentence(
        ja="企業・自治体への連絡文を1社1通ずつ書き出します。他社の情報は入りません。",
        en="Write a letter to each company, served or not, with no other company's data in it.",
    ),
    "letters_template": Sentence(
        ja="文のひな形(.txt、.md、.docx)。項目: programme、company、company_id、is_served、director、message、"
        "reasons(それぞれ criterion と lines)。",
        en="A template (.txt, .md, .docx). Fields: programme, company, company_id, is_served, director, message, "
        "reasons (each with criterion and lines).",
    ),
    "letters_out": Sentence(
        ja="書き出し先のフォルダー。文書と index.csv が入ります。",
        en="The folder to write into: the letters, and index.csv.",
    ),
    "verify_source": Sentence(
        ja="元のデータ。指定がなければ、計画に記録された場所(今のフォルダーから)。",
        en="The data. Default: where the plan says, from the current folder.",
    ),
    "explain": Sentence(
        ja="計画の理由を答えます。例: explain out/pilot pair D001 C012",
        en="Answer why, why not, and what would change it. Example: matcher explain out/pilot pair D001 C012",
    ),
    "explain_out": Sentence(
        ja="matcher run の出力フォルダー(または plan.json)", en="A run's output folder, or its plan.json"
    ),
    "question": Sentence(
        ja="質問: pair・company・director(なぜ、なぜでない、何で変わるか)、overrides(手で変えた場合の損失)、"
        "refusals(辞退された場合)、alternatives(ほかの良い計画と評価)、bottlenecks(足りないところ)、"
        "fairness(偏り)、interaction(組合せで決まる割合)、"
        "tables(plan.xlsx と report.html に載る表をすべて計算し、書き直す)、ask-next(空欄のうち結果を変えるもの)",
        en="pair, company, director: why, why not, what would change it; overrides: the cost of each; "
        "refusals: if one declines; alternatives: other good plans, and grades; bottlenecks: where directors are too "
        "few; fairness; interaction: what the pairing decides; tables: all tables of plan.xlsx and report.html, which "
        "are written again; ask-next: blanks that could change the plan",
    ),
    "ids": Sentence(
        ja="質問する相手の ID。ディレクター、企業の順", en="Ids of what is asked about: director, then company"
    ),
    "for": Sentence(
        ja="読み手。company では、他社の名前とディレクターの内部の数値を出しません。",
        en="Who reads it; company leaves out other companies' names and directors' private figures.",
    ),
    "within": Sentence(
        ja="alternatives: 何点低い計画まで挙げるか。1% のような割合か点数。既定は 1%。",
        en="alternatives: how far below the plan others may be, a share such as 1% or points. Default 1%.",
    ),
    "best": Sentence(
        ja="alternatives: 挙げる計画の数。既定は 10。", en="alternatives: how many plans are listed. Default 10."
    ),
    "spread": Sentence(
        ja="alternatives: 各組合せの点数のぶれ(±点)。確かさ A・B の判定に使います。既定は 100。",
        en="alternatives: by how many points each pair's may be off, for the grades A and B. Default 100.",
    ),
    "budget": Sentence(
        ja="overrides, refusals, alternatives, ask-next: 質問全体にかける時間の目安(秒)。"
        "tables では質問ごと。既定は 60。",
        en="overrides, refusals, alternatives, ask-next: seconds for the whole question; tables: for each. Default 60.",
    ),
    "explain_weights": Sentence(
        ja="pair: 候補が多くても、項目ごとに必要な重みの変更と、残す候補を増やした場合とを調べます。",
        en="pair: try every weight, and more candidates a company, also where that takes long.",
    ),
    "explain_time": Sentence(
        ja="一度の再計算にかける時間の上限(秒)。指定がなければ方針のとおり。",
        en="Seconds one solving again may take. Default: the policy's.",
    ),
    "what_if": Sentence(
        ja="現状とシナリオ(もしも)を計算し、違いを一つの表に並べます。",
        en="Run the base and every what-if, and show in one table what changes.",
    ),
    "scenarios": Sentence(ja="シナリオのファイル(what-if の .yaml)", en="What-if files (.yaml)"),
    "workers": Sentence(
        ja="同時に計算する数。既定は使える CPU の数、--engine ray では全体の CPU の数。",
        en="How many are solved at once. Default: one a core, with --engine ray one a core of the cluster.",
    ),
    "engine": Sentence(
        ja="何で同時に計算するか(threads、processes、ray)。既定の auto は threads で始め、"
        "小さな計算が多ければ processes に移ります。結果は同じです。",
        en="What solves them at once: threads, processes or ray. Default auto: threads, then processes where many "
        "small ones are left. The result is the same.",
    ),
    "robustness": Sentence(
        ja="面談評価と重みのぶれを引き直して解き、どの組合せがどれだけ残るかを示します。",
        en="Draw noisy ratings and weights, solve again, and tell how often each match stays.",
    ),
    "draws": Sentence(ja="引く回数(1〜100000、既定は 500)", en="How many draws (1 to 100000, default 500)"),
    "rating_sd": Sentence(
        ja="評価者1人の標準偏差(0〜4)。指定しなければ評価者の間の差から、それもなければ 0.7",
        en="One rater's standard deviation (0 to 4); else from table ratings, else 0.7",
    ),
    "weight_sd": Sentence(
        ja="重みの対数の標準偏差(0〜3、既定は 0.1)",
        en="Standard deviation of a weight's logarithm (0 to 3, default 0.1)",
    ),
    "draw_seed": Sentence(ja="乱数の種(既定は方針のもの)", en="Seed of the draws (default: the policy's)"),
    "best_by": Sentence(
        ja="すべての回を通して最良の計画も示す(mean は平均、tail は悪い方から1割の平均)",
        en="Also the plan that is best over all draws: by its mean, or by its worst tenth",
    ),
    "robustness_out": Sentence(
        ja="図のある HTML、Excel の表、Parquet と JSON を書き出すフォルダー",
        en="The folder for a page with a chart, a workbook, Parquet tables and JSON",
    ),
    "bench": Sentence(
        ja="このデータの計算が、今のコンピューターで何秒かかり、どれだけメモリーを使うかを測ります。10倍の規模の推定も示します。",
        en="Measure what these data take on this machine, in seconds and memory, and estimate ten times as much.",
    ),
    "bench_out": Sentence(
        ja="測った結果を JSON で書き出すファイル。指定がなければ、何も書き出しません。",
        en="A file for what was measured, as JSON. Default: nothing is written.",
    ),
    "sweep": Sentence(
        ja="方針の設定を少しずつ変えて計算し、結果を一つの表に並べます。",
        en="Solve a grid of settings and show all results in one table.",
    ),
    "vary": Sentence(
        ja="変える設定。例: weights.network=0:40:5(から:まで:きざみ)、limits.max_companies=3,6,9。繰り返せます。",
        en="A setting and its values: weights.network=0:40:5 (from, to, step) or limits.max_companies=3,6. Repeatable.",
    ),
    "sweep_out": Sentence(
        ja="図のある HTML、Excel の表、Parquet と JSON を書き出すフォルダー。指定がなければ書き出しません。",
        en="A folder for a page with charts, a workbook, Parquet and JSON. Default: nothing is written.",
    ),
    "most_solves": Sentence(
        ja="重みを一つだけ変えるとき、切り替わり点を調べる計算の上限。既定は 400、0 で調べません。",
        en="Of one weight alone: how many solves may go into its break points. Default 400; 0 looks for none.",
    ),
    "frontier": Sentence(
        ja="2つの目標の両立を調べ、どちらかを譲らなければ改善できない計画をすべて示します。",
        en="Show every plan that gives more of one objective only for less of another.",
    ),
    "objectives": Sentence(
        ja="比べる目標を2つ(3つなら標本)。例: points,distance_km。使えるのは points、companies_served、worst_match、"
        "even_load、fewest_changes、distance_km。",
        en="Two objectives (three: a sample), such as points,distance_km. Known: points, companies_served, "
        "worst_match, even_load, fewest_changes, distance_km.",
    ),
    "most_points": Sentence(
        ja="示す計画の数の上限。既定は 50。超える場合は、全体に散らして選びます。",
        en="How many plans at most; of more, some spread along. Default 50.",
    ),
    "frontier_out": Sentence(
        ja="frontier.html(図)、frontier.json、CSV を書き出すフォルダー。指定がなければ書き出しません。",
        en="A folder for frontier.html (a chart), frontier.json and CSV files. Default: nothing is written.",
    ),
    "compare": Sentence(
        ja="二つの計画の違いを示します。データや方針が違っていても比べられます。",
        en="Show what two finished runs differ in, also where their data or policy do.",
    ),
    "compare_before": Sentence(
        ja="前の計画(出力フォルダー、または plan.json)", en="The earlier run's folder or plan.json"
    ),
    "compare_after": Sentence(
        ja="後の計画(出力フォルダー、または plan.json)", en="The later run's folder or plan.json"
    ),
    "schema": Sentence(
        ja="policy・scenario・what-if・plan の JSON Schema を表示します(エディターの入力補完に使えます)。",
        en="Print the JSON Schema of policy, scenario, what-if or plan (editors complete from it).",
    ),
    "source": Sentence(
        ja="CSV/Parquet のフォルダー、Excel ブック、または scenario.yaml",
        en="A folder of CSV/Parquet files, an Excel workbook, or a scenario.yaml",
    ),
    "folder": Sentence(
        ja="作成先のフォルダー(--workbook のときは .xlsx ファイル。拡張子は省けます)",
        en="The folder to write (with --workbook: the .xlsx file; its extension may be left out)",
    ),
    "workbook": Sentence(ja="1 つの Excel ブックとして作ります。", en="Write one Excel workbook instead."),
    "lang": Sentence(
        ja="表示とファイルの言語(ja または en)。既定は環境の言語です。",
        en="Language of messages and files: ja or en. Default: that of the environment.",
    ),
    "policy": Sentence(
        ja="方針ファイル(policy.yaml)。指定がなければデータに付属のもの、それもなければ既定値。",
        en="A policy.yaml. Default: the one that comes with the data, else the defaults.",
    ),
    "set": Sentence(
        ja="方針の 1 項目を変えます。例: --set weights.network=0(繰り返し指定できます)",
        en="Change one policy key, such as --set weights.network=0. May be repeated.",
    ),
    "out": Sentence(
        ja="書き出し先のフォルダー。既定は out/<データの名前>。",
        en="The folder to write. Default: out/<name of the source>.",
    ),
    "comparison_out": Sentence(
        ja="比較の報告(HTML)、Excel の表、Parquet と JSON を、このフォルダーに書き出します。",
        en="Write the comparison to this folder: HTML, workbook, Parquet and JSON.",
    ),
    "comparison_force": Sentence(
        ja="書き出し先に別の比較があっても置き換えます。",
        en="Replace the folder even if it holds another comparison.",
    ),
    "force": Sentence(
        ja="書き出し先に別の実行結果があっても置き換えます。",
        en="Replace the output folder even if it holds another run.",
    ),
    "formats": Sentence(
        ja="plan.json のほかに書き出すもの(コンマ区切り)。none で plan.json だけにします。",
        en="What to write beside plan.json, separated by commas; none for plan.json alone.",
    ),
    "seed": Sentence(ja="同点を決める抽選の番号(乱数の種)", en="Seed of the recorded lot that settles ties"),
    "time_limit": Sentence(ja="求解にかける時間の上限(秒)", en="Seconds the solver may take"),
    "gap": Sentence(
        ja="この割合の差までで求解を終えます(0.01 なら 1%。既定の 0 は最適まで)",
        en="Stop within this relative gap: 0.01 is 1%, 0 (the default) the optimum",
    ),
    "threads": Sentence(ja="求解に使うスレッドの数", en="Threads the solver may use"),
    "start": Sentence(
        ja="以前の計画(plan.json、またはそのフォルダー)から求解を始めます。結果の良さは変わりません。",
        en="Start solving from an earlier plan (a plan.json or its folder). What is best does not change.",
    ),
    "decisions": Sentence(
        ja="以前の計画の plan.xlsx に書いた決定(固定・除外)を読み、ほかの変更はできるだけ少なくして決め直します。",
        en="Read the decisions (pin, forbid) typed into an earlier plan.xlsx, and match again with as few other "
        "changes as can be.",
    ),
    "resume": Sentence(
        ja="中断した計算の続きから解きます(1分を超える計算の途中結果は「出力フォルダー.unfinished」にあります)。",
        en="Go on from an interrupted run: one of more than a minute keeps its steps in DIR.unfinished.",
    ),
    "json": Sentence(
        ja="結果を JSON で標準出力に出します(画面表示は標準エラーに出ます)。",
        en="Print the result as JSON on standard output; all else goes to standard error.",
    ),
    "log_solver": Sentence(
        ja="ソルバー自身のログを標準エラーに出します。", en="Print the solver's own log on standard error."
    ),
    "faults": Sentence(
        ja="すべての誤り・注意・読み替えを、この CSV ファイルに書き出します。",
        en="Write all faults, warnings and repairs to this CSV file.",
    ),
    "encoding": Sentence(
        ja="UTF-8 でない CSV の文字コード(cp932、euc-jp、iso-2022-jp、utf-16-le、utf-16-be)。"
        "要るときは check がそう言います。",
        en="Encoding of CSV files that are no UTF-8: cp932, euc-jp, iso-2022-jp, utf-16-le or utf-16-be. "
        "check says when it is needed.",
    ),
    "headers": Sentence(
        ja="どの見出しをどの項目と読んだか、どの見出しなら読めるかも示します。",
        en="Also show which heading was read as which column, and which headings are recognised.",
    ),
    "strict": Sentence(
        ja="書き方を読み替えた値(1200万円、▲5、令和8年4月1日など)も誤りとして扱います。",
        en="Cells read although written in another way (1200万円, ▲5, 令和8年4月1日) are faults too.",
    ),
    **GENERATE,
    **ANNOTATE,
    **MAP,
    "schema_name": Sentence(
        ja="policy(方針の policy.yaml)、scenario(題名・データ・方針を書く scenario.yaml)、what-if(変更を書くシナリオ)、"
        "plan(plan.json)のいずれか",
        en="policy (policy.yaml), scenario (scenario.yaml: title, data, policy), what-if (a file of changes) or plan "
        "(plan.json)",
    ),
    "version": Sentence(ja="版を表示して終わります。", en="Print the version and exit."),
    "help": Sentence(ja="この説明を表示して終わります。", en="Show this explanation and exit."),
    "install_completion": Sentence(
        ja="今お使いのシェルに、入力補完を組み込みます。", en="Install completion for the current shell."
    ),
    "show_completion": Sentence(
        ja="今お使いのシェル用の、入力補完の設定を表示します。", en="Show the completion for the current shell."
    ),
}

FRAME: Final = {
    "usage": Sentence(ja="使い方: {words}", en="Usage: {words}"),
    "options_word": Sentence(ja="オプション", en="OPTIONS"),
    "command_word": Sentence(ja="コマンド ...", en="COMMAND ..."),
    "arguments": Sentence(ja="引数", en="Arguments"),
    "options": Sentence(ja="オプション", en="Options"),
    "commands": Sentence(ja="コマンド", en="Commands"),
    "required": Sentence(ja="[必須]", en="[required]"),
    "default": Sentence(ja="[既定: {value}]", en="[default: {value}]"),
}
"""The frame around the help of a command."""

STEPS: Final = {
    "read": Sentence(ja="データを読み、検査しています", en="Reading and checking the data"),
    "score": Sentence(ja="候補を採点しています", en="Scoring the candidates"),
    "solve": Sentence(ja="割当を求めています", en="Solving the assignment"),
    "solve_tier": Sentence(ja="割当を求めています: {tier}", en="Solving the assignment: {tier}"),
    "solve_bounds": Sentence(
        ja="割当を求めています: {tier}(現在 {value}、上限 {bound})",
        en="Solving the assignment: {tier} (so far {value}, at most {bound})",
    ),
    "write": Sentence(ja="ファイルを書き出しています", en="Writing the files"),
}

LINES: Final = {
    "robustness_so_far": Sentence(ja="{n}/{of} 回（残り{left}）", en="{n} of {of} draws ({left} left)"),
    "done": Sentence(ja="{n}/{of} 完了：{name}", en="{n} of {of} done: {name}"),
    "done_and_left": Sentence(ja="{n}/{of} 完了：{name}（残り{left}）", en="{n} of {of} done: {name} ({left} left)"),
    "nothing_finished": Sentence(
        ja="終わっていた計算がないため、ファイルは書き出しませんでした。",
        en="Nothing had been finished, so no files were written.",
    ),
    "breaks_begun": Sentence(
        ja="切り替わり点を調べています（計算は最大{most}回。Ctrl-C でここまでを示します）",
        en="Looking for break points, with at most {most:solve|solves}; Ctrl-C shows what was found",
    ),
    "breaks_so_far": Sentence(ja="切り替わり点：ここまで{n}回計算しました", en="Break points: {n:solve|solves} so far"),
    "frontier_so_far": Sentence(ja="ここまで{n}回計算しました", en="{n:solve|solves} so far"),
    "match": Sentence(ja="{director} → {company}  {points}点", en="{director} → {company}  {points} points"),
    "unserved": Sentence(
        ja="割り当てなかった企業・自治体は {n} 件です。理由は report.html と plan.xlsx にあります。",
        en="Companies not served: {n}. report.html and plan.xlsx give the reason for each.",
    ),
    "more_matches": Sentence(ja="ほか {n} 件は report.html にあります。", en="The other {n} are in report.html."),
    "files": Sentence(ja="ファイル", en="Files"),
    "tables_begun": Sentence(
        ja="表を計算しています。数分かかることがあります。Ctrl-C で中止すると、ファイルは今のまま残ります。",
        en="The tables are being computed, which may take minutes. Ctrl-C stops it and leaves the files as they are.",
    ),
    "tables_written": Sentence(ja="書き直したファイル", en="Files written again"),
    "check_ok": Sentence(
        ja="誤りはありません(ディレクター {n_directors} 名、企業・自治体 {n_companies} 件)。",
        en="No faults ({n_directors:director|directors}, {n_companies:company|companies}).",
    ),
    "check_faults": Sentence(ja="誤りが {n} 件あります。", en="Faults: {n}."),
    "unread": Sentence(
        ja="読み込まなかったものが {n} 件あります。計画には反映されません。",
        en="Not read: {n}. The plan does not know of it.",
    ),
    "unread_more": Sentence(
        ja="ほか {n} 件。すべてを見るには: matcher check {source} --faults faults.csv",
        en="Not shown: {n}. To see all of them: matcher check {source} --faults faults.csv",
    ),
    "check_warnings": Sentence(ja="注意が {n} 件あります。", en="Warnings: {n}."),
    "more": Sentence(
        ja="ほか {n} 件。すべてをファイルに出すには: matcher check {source} --faults faults.csv",
        en="Not shown: {n}. All of them in a file: matcher check {source} --faults faults.csv",
    ),
    "headings_of": Sentence(ja="表「{table}」({place})の見出し", en="Headings of {table} ({place})"),
    "heading_read": Sentence(ja="{column} ← 「{typed}」", en="{column} ← {typed}"),
    "heading_absent": Sentence(ja="{column} ← なし", en="{column} ← none"),
    "heading_fixed": Sentence(
        ja="{column} ＝「{typed}」（対応付けの固定の値）", en="{column} = {typed}, the same in every row by the mapping"
    ),
    "headings_known": Sentence(ja="読める見出し: {known}", en="recognised: {known}"),
    "repairs": Sentence(
        ja="書き方を読み替えた値が {n} 件あります(--strict で誤りとして扱います)。",
        en="Read although written in another way: {n} (--strict makes them faults).",
    ),
    "repairs_alike": Sentence(ja="  同様にほか {n} 件: {cells}", en="  and {n} more: {cells}"),
    "repair_cell": Sentence(ja="{row}行目「{value}」→ {read}", en="row {row}: {value} → {read}"),
    "repairs_more": Sentence(
        ja="すべてをファイルに出すには: matcher check {source} --faults faults.csv",
        en="All of them in a file: matcher check {source} --faults faults.csv",
    ),
    "faults_written": Sentence(ja="すべてを {path} に書き出しました。", en="All of them are in {path}."),
    "faults_none_written": Sentence(
        ja="書き出す誤りも注意も読み替えもないため、{path} は見出しの行だけです。",
        en="There were no faults, warnings or repairs to write: {path} holds the header row alone.",
    ),
    "faults_only_warnings_written": Sentence(
        ja="誤りはなく、注意と読み替え {n} 件を {path} に書き出しました。",
        en="There were no faults; {path} holds the warnings and repairs ({n}).",
    ),
    "template_written": Sentence(
        ja="{path} にひな形を作りました。例の行を書き換えてから: matcher check {path}",
        en="A template is in {path}. Replace the example rows, then: matcher check {path}",
    ),
    "workbook_written": Sentence(
        ja="{path} にひな形を、{policy} に方針の設定を作りました。"
        "例の行を書き換えてから: matcher check {path} --policy {policy}",
        en="A template is in {path}, its policy in {policy}. "
        "Replace the example rows, then: matcher check {path} --policy {policy}",
    ),
    "interrupted": Sentence(ja="中断しました。何も書き出していません。", en="Interrupted. Nothing was written."),
    "interrupted_partly": Sentence(
        ja="中断しました。終わっていた分だけを示します。同じコマンドで、もう一度計算できます。",
        en="Interrupted: shown is what had been finished. The same command starts again.",
    ),
    "interrupted_solving": Sentence(
        ja="中断します。ここまでで最良の計画を書き出します(もう一度 Ctrl-C を押すと、書き出さずに終わります)。",
        en="Interrupted: writing the best plan so far. Press Ctrl-C again to give up.",
    ),
    "interrupted_without_plan": Sentence(
        ja="計画はまだ見つかっていませんでした。", en="No plan had been found by then."
    ),
    "start": Sentence(
        ja="以前の計画 {path} の {n_all} 件のうち、{n_used} 件から始めました。"
        "今の候補にないもの {n_gone} 件、条件に収まらないもの {n_unfit} 件は外しました。",
        en="Started from {n_used} of the {n_all:match|matches} of {path}. "
        "Left out: {n_gone} that are no candidates here, {n_unfit} that no longer fit.",
    ),
    "start_other_data": Sentence(
        ja="以前の計画 {path} は、今のデータから作られたものではありません(データの digest が違います)。",
        en="The plan {path} was made from other data than these (their digests differ).",
    ),
    "start_lacks": Sentence(
        ja="以前の計画 {path} の {n_all} 件は、今の条件の計画になりません。最初から求めました。"
        "今の候補にないものは {n_gone} 件です。",
        en="The {n_all:match|matches} of {path} {n_all:=makes|make} no plan under these demands; the solver started "
        "afresh. "
        "No candidates here: {n_gone}.",
    ),
    "completion_installed": Sentence(
        ja="{shell} の入力補完を {path} に組み込みました。ターミナルを開き直すと使えます。",
        en="Completion for {shell} is installed in {path}. It takes effect in the next terminal.",
    ),
    "completion_failed": Sentence(
        ja="入力補完を組み込めませんでした。\n"
        "対処: bash、zsh、fish、PowerShell のいずれかで、設定ファイルに書き込める状態で実行してください。",
        en="Completion could not be installed.\n"
        "Try: bash, zsh, fish or PowerShell, with a start-up file that may be written.",
    ),
    "unexpected": Sentence(
        ja="プログラムの誤りで止まりました({kind})。何も書き出していません。\n"
        "対処: MATCHER_DEBUG=1 を付けて同じ操作を行い、表示された内容を開発元にお送りください。",
        en="The program stopped because of a fault of its own ({kind}). Nothing was written.\n"
        "Try: run it again with MATCHER_DEBUG=1 and send what it prints to the maintainers.",
    ),
    "out_of_memory": Sentence(
        ja="メモリーが足りません。何も書き出していません。\n"
        "対処: --set candidates.keep_per_company=20 で候補を絞ってください。",
        en="Not enough memory. Nothing was written.\n"
        "Try: keep fewer candidates with --set candidates.keep_per_company=20.",
    ),
    "no_output": Sentence(
        ja="書き込みの途中で止まりました({reason})。書きかけのファイルは残していません。\n"
        "対処: 空き容量と、出力先(画面への表示を含みます)を確かめてください。",
        en="Writing stopped half-way ({reason}). No half-written file is left.\n"
        "Try: check the free space and where the output goes, standard output included.",
    ),
    "os_error": Sentence(
        ja="{path}: 読み書きできません({reason})。何も書き出していません。\n"
        "対処: 空き容量と書き込みの権限を確かめてください。",
        en="{path}: cannot be read or written ({reason}). Nothing was written.\n"
        "Try: check the free space and the permissions.",
    ),
}

TIMES: Final = {
    "seconds": Sentence(ja="約{n}秒", en="about {n} s"),
    "minutes": Sentence(ja="約{n}分", en="about {n} min"),
}

FILES: Final = {
    "report.html": Sentence(ja="報告書(ブラウザーで開けます)", en="the report, for any browser"),
    "plan.xlsx": Sentence(ja="Excel の結果一覧", en="the workbook"),
    "plan.json": Sentence(ja="計画の全内容", en="the whole plan as data"),
    "candidates.csv": Sentence(ja="候補の組合せと採点", en="every candidate pair and its points"),
    "candidates.parquet": Sentence(ja="候補の組合せと採点", en="every candidate pair and its points"),
    "comparison.html": Sentence(ja="比較の報告(ブラウザーで開けます)", en="the comparison, for any browser"),
    "comparison.xlsx": Sentence(ja="Excel の比較表", en="the comparison as a workbook"),
    "comparison.parquet": Sentence(
        ja="すべての数値(シナリオと項目ごとに1行)", en="every figure, one row a scenario and measure"
    ),
    "moves.parquet": Sentence(ja="変わる組合せ(1件1行)", en="every change of director, one row each"),
    "sweep.html": Sentence(ja="図のある報告(ブラウザーで開けます)", en="the sweep with charts, for any browser"),
    "sweep.xlsx": Sentence(ja="Excel の表", en="the sweep as a workbook"),
    "sweep.parquet": Sentence(
        ja="すべての数値(設定と項目ごとに1行)", en="every figure, one row a combination and measure"
    ),
    "matches.parquet": Sentence(
        ja="すべての組合せ(設定と組合せごとに1行)", en="every match, one row a combination and match"
    ),
    "sweep.json": Sentence(ja="全内容", en="the whole sweep as data"),
    "comparison.json": Sentence(ja="比較の全内容", en="the whole comparison as data"),
}


def time_text(seconds: float, lang: Lang) -> str:
    """A time to come as people say it: seconds up to two minutes, then minutes."""
    if seconds < 120:
        return TIMES["seconds"].fill(lang, n=max(1, round(seconds)))
    return TIMES["minutes"].fill(lang, n=round(seconds / 60))
