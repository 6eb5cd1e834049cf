"""How a plan stands noise, in words: what was drawn, what stays, who comes in, what the plan loses."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from matcher.whatif.best_over_draws import Aim
from matcher.whatif.under_noise import Robustness
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.facts import facts_of
from matcher.words.headings import cell_text
from matcher.words.plan import number_text, word_name
from matcher.words.plan_data import table_of

ROBUSTNESS: Final = table_of(
    {
        "title": ("評価と重みのぶれに対する強さ：{title}", "How the plan stands noise: {title}"),
        "drawn": (
            "面談評価と重みを{n}回引き直し、そのたびに解きました（乱数の種 {seed}）。引く範囲：評価者1人の標準偏差 "
            "{sds}、"
            "重みは e の±{weight}乗倍（3回に2回はこの中）。空欄は引かず、"
            "基準を下回った企業はその回には担当できません。",
            "Interview ratings and weights were drawn {n:time|times} and solved each time (seed {seed}). Spread: one "
            "rater's "
            "standard deviation {sds}; weights times e to the ±{weight} in two of three draws. Blanks stay blank, "
            "and a "
            "company that falls below a threshold cannot be served in that draw.",
        ),
        "sd": ("{field} {sd}（{origin}）", "{field} {sd} ({origin})"),
        "given": ("指定", "stated"),
        "raters": ("評価者の間の差から", "from its raters"),
        "all_fields": ("全項目の評価者の差から", "from the raters of all fields"),
        "default": ("既定", "default"),
        "part": ("{of}回のうち{n}回で中断しました。", "Interrupted after {n} of {of} draws."),
        "unchanged": (
            "{n}回のうち{same}回では、計画がまったく変わりません。割合の標本誤差は最大で±{error}ポイントです（95%）。",
            "In {same} of {n} draws the whole plan stays. Shares of draws are within ±{error} percentage points (95%).",
        ),
        "regret": (
            "今の計画が、その回の最良の計画に及ばない点数：平均{mean}、10回に9回は{p90}以下、最大{max}。",
            "Points this plan lacks to the best plan of a draw: {mean} on average, at most {p90} in nine of ten, at "
            "worst {max}.",
        ),
        "interval": ("{low}〜{high}", "{low} to {high}"),
        "no_regret": (
            "方針が点数を第一の目標としていないか、比べられる回がないため、失う点数は示しません。",
            "Lost points are not told: the policy does not put points first, or no draw can be compared.",
        ),
        "refused": (
            "{n}回では、今の計画のどれかの組合せが条件を満たさなくなります。失う点数には含めていません。",
            "In {n} draws a match of this plan is no longer eligible; these do not count among the lost points.",
        ),
        "without": ("{n}回では計画が見つかりませんでした。", "In {n} draws no plan was found."),
        "bonus": (
            "方針の gap の範囲にある計画は、どれも同じくらい良いものとします。今の計画がその範囲にあれば替えず、"
            "なければ、"
            "替えることに1件{points}点を超える値打ちがある組合せだけを替える計画を探しました。失う点数は、"
            "証明できた範囲で示します。",
            "Plans within the policy's gap count as equally good: this plan stays while it is within, else a plan "
            "near it "
            "was looked for, in which a match leaves only where that is worth more than {points:point|points}. Lost "
            "points are "
            "given as far as they are proved.",
        ),
        "kept": (
            "絞り込みで残した候補の中での結果です。",
            "This is of the candidates kept, not of all eligible pairs.",
        ),
        "matches": ("今の組合せ", "Matches of this plan"),
        "director": ("ディレクター", "Director"),
        "company": ("企業・自治体", "Company"),
        "points": ("点数", "Points"),
        "stays": ("残る", "Stays"),
        "other": ("別の担当", "Other director"),
        "unserved": ("支援なし", "Not served"),
        "next": ("次に多い担当", "Next most often"),
        "entering": ("代わりに入る組合せ", "Pairs that come in"),
        "draws": ("回数", "Draws"),
        "more": ("ほか{n}件", "and {n} more"),
        "mean": (
            "平均点が最も高い計画：平均{value}（今の計画{base}、上界{bound}、{word}）。"
            "今の計画と同じ組合せ{same}/{n}件。",
            "Plan of the best mean: {value:point|points} (this plan {base}, bound {bound}, {word}); {same} of "
            "{n:match|matches} are those of this plan.",
        ),
        "tail": (
            "悪い方から1割の回の平均が最も高い計画：平均{value}（今の計画{base}、上界{bound}、{word}）。"
            "今の計画と同じ組合せ{same}/{n}件。",
            "Plan of the best worst tenth of draws: {value:point|points} (this plan {base}, bound {bound}, {word}); "
            "{same} of "
            "{n:match|matches} are those of this plan.",
        ),
        "files": ("書き出しました：{files}", "Written: {files}"),
        "nothing": ("ありません。", "None."),
        "director_id": ("ディレクターID", "Director ID"),
        "company_id": ("企業ID", "Company ID"),
        "sheet_summary": ("まとめ", "Summary"),
        "sheet_matches": ("今の組合せ", "Matches"),
        "sheet_entering": ("代わりに入る組合せ", "Pairs that come in"),
        "sheet_draws": ("各回", "Draws"),
        "of_draw": ("回", "Draw"),
        "of_n_stays": ("残る組合せ", "Matches that stay"),
        "of_base_points": ("今の計画の点", "Points of this plan"),
        "of_best_points": ("最良の計画の点", "Points of the best plan"),
        "of_bound_points": ("点の上限", "Upper bound"),
        "of_regret_low": ("及ばない点：少なくとも", "Points lacking, at least"),
        "of_regret_high": ("及ばない点：多くても", "Points lacking, at most"),
        "page": ("評価と重みのぶれに対する強さ", "How the plan stands noise"),
        "chart_cut": ("ほか{n}件は下の表にあります。", "{n} more are in the table below."),
        "chart": ("各組合せが残る割合", "Share of draws in which each match stays"),
    }
)

ERRORS_SHOWN = 20


def title_of(found: Robustness, lang: Lang) -> str:
    """The heading of it all."""
    return ROBUSTNESS["title"].fill(lang, title=found.plan.problem.title)


def robustness_blocks(found: Robustness, lang: Lang, *, most: int | None = ERRORS_SHOWN) -> list[Block]:
    """All of it; `most` rows a table, None for every row."""
    standing, tables = robustness_parts(found, lang, most=most)
    below = [block for heading, blocks in tables for block in (Line("heading", heading), *blocks)]
    return [Line("title", title_of(found, lang)), *standing, *below]


def robustness_parts(
    found: Robustness, lang: Lang, *, most: int | None
) -> tuple[list[Block], list[tuple[str, list[Block]]]]:
    """What was drawn and what came of it in sentences; then each table with its heading."""
    standing: list[Block] = [
        *_standing(found, lang),
        *(Line("text", _best_text(found, aim, lang)) for aim in found.best),
    ]
    facts = facts_of(found.plan.problem)
    matches = found.matches.sort_values(["n_stays", "director_id", "company_id"], kind="stable")
    names = ("director", "company", "points", "stays", "other", "unserved", "next")
    rows = tuple(
        (
            facts.labelled_director(str(row.director_id), lang),
            facts.labelled_company(str(row.company_id), lang),
            *(int(str(value)) for value in (row.points, row.n_stays, row.n_other_director, row.n_unserved)),
            facts.labelled_director(str(row.next_director_id), lang) if int(str(row.n_next)) else None,
        )
        for row in matches.head(most or len(matches)).itertuples()
    )
    tables = [_table("matches", names, rows, len(matches), lang)]
    entering = found.entering
    new = tuple(
        (
            facts.labelled_director(str(row.director_id), lang),
            facts.labelled_company(str(row.company_id), lang),
            int(str(row.points)),
            int(str(row.n_draws)),
        )
        for row in entering.head(most or len(entering)).itertuples()
    )
    if new:
        tables.append(_table("entering", ("director", "company", "points", "draws"), new, len(entering), lang))
    return standing, tables


def _table(
    heading: str, names: tuple[str, ...], rows: tuple[tuple[str | int | None, ...], ...], n_all: int, lang: Lang
) -> tuple[str, list[Block]]:
    out: list[Block] = [Grid(tuple(ROBUSTNESS[name].fill(lang) for name in names), rows)]
    if n_all > len(rows):
        out.append(Line("note", ROBUSTNESS["more"].fill(lang, n=n_all - len(rows))))
    return ROBUSTNESS[heading].fill(lang), out


def _standing(found: Robustness, lang: Lang) -> list[Block]:
    n_draws = found.n_draws
    sds = [
        ROBUSTNESS["sd"].fill(
            lang, field=cell_text("ratings", "field", name, lang), sd=f"{sd:.2f}", origin=ROBUSTNESS[origin].fill(lang)
        )
        for name, (sd, origin) in found.spread.rating_sd.items()
    ]
    weight = f"{found.spread.weight_sd:g}"
    out = [("text", ROBUSTNESS["drawn"].fill(lang, n=n_draws, seed=found.seed, sds=sds, weight=weight))]
    if n_draws < found.n_asked:
        out.append(("note", ROBUSTNESS["part"].fill(lang, n=n_draws, of=found.n_asked)))
    if not n_draws:
        return [Line("note" if kind == "note" else "text", text) for kind, text in out]
    error = f"{98 / n_draws**0.5:.1f}"
    out.append(("text", ROBUSTNESS["unchanged"].fill(lang, n=n_draws, same=found.n_unchanged, error=error)))
    regret = found.regret
    if regret is None:
        out.append(("text", ROBUSTNESS["no_regret"].fill(lang)))
    else:
        shown = {name: _interval(getattr(regret, name), lang) for name in ("mean", "p90", "max")}
        out.append(("text", ROBUSTNESS["regret"].fill(lang, **shown)))
    if found.n_base_refused:
        out.append(("note", ROBUSTNESS["refused"].fill(lang, n=found.n_base_refused)))
    if found.n_without_plan:
        out.append(("note", ROBUSTNESS["without"].fill(lang, n=found.n_without_plan)))
    if found.keep_bonus_points:
        out.append(("note", ROBUSTNESS["bonus"].fill(lang, points=found.keep_bonus_points)))
    if found.drawable.candidates.of == "kept":
        out.append(("note", ROBUSTNESS["kept"].fill(lang)))
    return [Line("note" if kind == "note" else "text", text) for kind, text in out]


def _interval(both: tuple[float, float], lang: Lang) -> str:
    low, high = (number_text(round(value)) for value in both)
    return low if low == high else ROBUSTNESS["interval"].fill(lang, low=low, high=high)


def _best_text(found: Robustness, aim: Aim, lang: Lang) -> str:
    one = found.best[aim]
    return ROBUSTNESS[aim].fill(
        lang,
        value=_rounded(one.value),
        base=_rounded(one.base_value),
        bound=_rounded(one.bound),
        word=word_name(one.word, lang),
        same=int(found.best_plan(aim)["is_in_base"].sum()),
        n=one.chosen.size,
    )


def _rounded(value: Fraction | None) -> str:
    return "–" if value is None else number_text(round(value))
