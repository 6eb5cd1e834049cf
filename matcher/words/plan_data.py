"""The sentences about a plan themselves: code → both languages. `plan` fills them in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from matcher.words.catalog import Sentence


def table_of(rows: dict[str, tuple[str, str]]) -> Mapping[str, Sentence]:
    return MappingProxyType({code: Sentence(ja=ja, en=en) for code, (ja, en) in rows.items()})


CRITERION_NAMES: Final = table_of(
    {
        "experience": ("実務経験", "Practical experience"),
        "hands_on": ("実行力", "Hands-on work"),
        "local_culture": ("地方文化の理解", "Local culture"),
        "network": ("全国ネットワーク", "Nationwide network"),
        "own_business": ("自らも経営者", "Own business"),
        "goal_fit": ("目的との適合", "Fit with the goal"),
        "readiness": ("企業の準備度", "Company readiness"),
        "style_fit": ("支援スタイルの一致", "Style of support"),
        "nearness": ("近さ", "Nearness"),
        "wishes": ("双方の希望", "Wishes of both"),
        "keep": ("継続加点", "Continuity"),
    }
)

CRITERION_NOTES: Final = table_of(
    {
        "experience": (
            "必要なスキルを、求める水準でどこまで満たすか",
            "How far the skills meet the needs at their level",
        ),
        "hands_on": (
            "手を動かしてほしい仕事に、自分の手で応えられるか",
            "Whether the director does the work",
        ),
        "local_culture": ("企業のある地域の文化や商習慣への理解", "Knowledge of the company's part of the country"),
        "network": ("必要なスキルを持つ人材へのつながり", "Ties to people who have the needed skills"),
        "own_business": (
            "自社の経営年数と、業種・規模の近さ",
            "Years of running a business, and its likeness to the company",
        ),
        "goal_fit": ("企業の目的と同じ目的での実績", "Results with the goal that the company has"),
        "readiness": ("本気度・投資姿勢・独自性・柔軟さの平均", "Mean of commitment, investment, uniqueness, openness"),
        "style_fit": ("希望する支援スタイルとの一致", "Whether the style is the one the company wants"),
        "nearness": ("訪問が必要な場合の拠点からの距離", "Distance from the base where visits are wanted"),
        "wishes": ("ディレクターと企業それぞれの希望", "What the director and the company wish for"),
        "keep": (
            "現在の担当を続ける組合せへの加点、替える組合せへの減点",
            "Extra points for a running engagement, or points off for moving one",
        ),
    }
)

TIER_NAMES: Final = table_of(
    {
        "points": ("合計点", "Total points"),
        "companies_served": ("支援する企業数", "Companies served"),
        "fewest_changes": ("変更の少なさ", "Fewest changes"),
        "earlier_matches": ("前回と同じ組合せ", "Matches of the earlier plan kept"),
        "worst_match": ("最も低い組合せの点", "Points of the weakest match"),
        "even_load": ("負担の均等さ", "Even load"),
        "distance_km": ("移動距離の合計", "Total distance"),
        "lot": ("記録された抽選", "Recorded lot"),
    }
)

TIER_VALUES: Final = table_of(
    {
        "points": ("合計点 {value}点", "total of {value:point|points}"),
        "companies_served": ("支援する企業数 {value}社", "number of companies served, {value},"),
        "worst_match": ("最も低い組合せの点 {value}点", "weakest match of {value:point|points}"),
        "": ("{name} {value}", "{name} of {value}"),
    }
)

WORDS: Final = table_of(
    {
        "proved": ("証明済み", "Proved"),
        "claimed": ("ソルバーの申告", "Claimed"),
        "unknown": ("未確認", "Unknown"),
    }
)

WORD_NOTES: Final = table_of(
    {
        "proved": (
            "求解に使ったソルバーとは別に、整数の厳密な計算で確かめています。",
            "Checked in exact integers, apart from the solver that was used.",
        ),
        "claimed": (
            "ソルバーはそう報告していますが、別の計算ではまだ確かめられていません。",
            "The solver says so; an independent calculation has not confirmed it.",
        ),
        "unknown": (
            "最良かどうかは分かっていません。時間をかけると、より良い計画が見つかることがあります。",
            "Whether this is the best is not known. More time may find a better plan.",
        ),
    }
)

OF: Final = table_of(
    {
        "all": ("条件を満たすすべての組合せ", "all eligible pairs"),
        "kept": ("絞り込みで残した候補の組合せ", "the kept candidates"),
    }
)

STATUS_NAMES: Final = table_of(
    {
        "optimal": ("最良の計画", "Best plan"),
        "reported": ("最良と報告された計画", "Plan reported as best"),
        "feasible": ("実行できる計画", "Workable plan"),
        "infeasible": ("条件が両立しません", "The demands contradict each other"),
        "unknown": ("計画は見つかっていません", "No plan found yet"),
    }
)

STATUS: Final = table_of(
    {
        "optimal": (
            "{n_companies}件のうち{n_served}件に、{n_directors}名のディレクターが決まりました。",
            "Companies with a director: {n_served} of {n_companies}. Directors at work: {n_directors}.",
        ),
        "feasible": (
            "{n_companies}件のうち{n_served}件に、{n_directors}名のディレクターが決まりました。最良の計画とは限りません。",
            "Companies with a director: {n_served} of {n_companies}. Directors at work: {n_directors}. "
            "It may not be the best plan.",
        ),
        "empty": (
            "{n_companies}件のうち、ディレクターが決まった企業はありません。",
            "None of the companies ({n_companies}) has a director in this plan.",
        ),
        "infeasible": (
            "すべての条件を同時に満たす計画はありません。両立しない条件を下に示します。",
            "No plan meets all demands at once. The demands that contradict each other are listed below.",
        ),
        "unknown": (
            "与えられた時間のうちに計画は見つかりませんでした。計画がないと決まったわけではありません。",
            "No plan was found in the time given. That does not mean that there is none.",
        ),
        "unconfirmed": (
            "ソルバーは「計画はない」と報告しましたが、別の計算では裏づけられませんでした。計画があるかどうかは未確認です。"
            "制限時間（solve.time_limit_s）や求解方法（solve.backend）を変えて、もう一度お試しください。",
            "The solver reports that there is no plan, but no second check confirms it. Whether there is a plan is "
            "unknown. Try again with another time limit (solve.time_limit_s) or backend (solve.backend).",
        ),
    }
)

INTERRUPTED: Final = Sentence(
    ja="途中で中断された計算の、その時点で最良の計画です。",
    en="Interrupted: this is the best that was found until then.",
)

PROOF: Final = table_of(
    {
        "proved": (
            "証明済み：{what}は、{of}で到達できる上限 {bound}{unit}と一致します（差 0%）。"
            "これを上回る計画はありません。",
            "Proved: the {what} meets the upper bound of {bound} over {of} (gap 0%). No plan is better.",
        ),
        "proved_within": (
            "証明済み：{what}に対し、{of}で到達できる上限は {bound}{unit}です。最良の計画との差は最大 {gap}です。",
            "Proved: against the {what}, the upper bound over {of} is {bound}. "
            "The gap to the best plan is at most {gap}.",
        ),
        "claimed": (
            "ソルバーの申告：{what}が{of}の中で最良と報告されていますが、証明はされていません。"
            "確かめられた上限は {bound}{unit}、差は最大 {gap}です。",
            "Claimed: the solver reports the {what} as the best over {of}; this is not proved. "
            "The checked upper bound is {bound}, the gap at most {gap}.",
        ),
        "unknown": (
            "未確認：{what}が{of}の中で最良かどうかは分かりません。"
            "確かめられた上限は {bound}{unit}、差は最大 {gap}です。",
            "Unknown: whether the {what} is the best over {of} is open. "
            "The checked upper bound is {bound}, the gap at most {gap}.",
        ),
        "claimed_unbounded": (
            "ソルバーの申告：{what}が{of}の中で最良と報告されていますが、証明はされていません。確かめられた上限はありません。",
            "Claimed: the solver reports the {what} as the best over {of}; this is not proved, "
            "and no bound was checked.",
        ),
        "unknown_unbounded": (
            "未確認：{what}が{of}の中で最良かどうかは分かりません。確かめられた上限はありません。",
            "Unknown: whether the {what} is the best over {of} is open, and no bound was checked.",
        ),
        "proved_none": (
            "証明済み：{of}の中に、すべての条件を同時に満たす計画は存在しません。",
            "Proved: over {of}, no plan meets all demands at once.",
        ),
        "claimed_none": (
            "ソルバーの申告：{of}の中に計画は存在しないと報告されていますが、証明はされていません。",
            "Claimed: the solver reports that no plan exists over {of}; this is not proved.",
        ),
        "unknown_none": (
            "未確認：計画は見つかっていませんが、{of}の中に存在しないと確かめられたわけではありません。",
            "Unknown: no plan was found, but that none exists over {of} was not confirmed.",
        ),
    }
)

PROOF_GIVEN: Final = table_of(
    {
        "proved": (
            "証明済み：{given}の中で（対象は{of}）、{what}は到達できる上限 {bound}{unit}と一致します（差 0%）。"
            "その中にこれを上回る計画はありません。",
            "Proved: among {given} (over {of}), the {what} meets the upper bound of {bound} (gap 0%). "
            "None of those plans is better.",
        ),
        "proved_within": (
            "証明済み：{given}の中で（対象は{of}）、{what}に対し、到達できる上限は {bound}{unit}です。"
            "その中で最良の計画との差は最大 {gap}です。",
            "Proved: among {given} (over {of}), against the {what}, the upper bound is {bound}. "
            "The gap to the best of those plans is at most {gap}.",
        ),
        "claimed": (
            "ソルバーの申告：{given}の中で（対象は{of}）、{what}が最良と報告されていますが、証明はされていません。"
            "その中で確かめられた上限は {bound}{unit}、差は最大 {gap}です。",
            "Claimed: among {given} (over {of}), the solver reports the {what} as the best; this is not proved. "
            "The checked upper bound among them is {bound}, the gap at most {gap}.",
        ),
        "unknown": (
            "未確認：{given}の中で（対象は{of}）、{what}が最良かどうかは分かりません。"
            "その中で確かめられた上限は {bound}{unit}、差は最大 {gap}です。",
            "Unknown: among {given} (over {of}), whether the {what} is the best is open. "
            "The checked upper bound among them is {bound}, the gap at most {gap}.",
        ),
        "claimed_unbounded": (
            "ソルバーの申告：{given}の中で（対象は{of}）、{what}が最良と報告されていますが、証明はされていません。"
            "確かめられた上限はありません。",
            "Claimed: among {given} (over {of}), the solver reports the {what} as the best; this is not proved, "
            "and no bound was checked.",
        ),
        "unknown_unbounded": (
            "未確認：{given}の中で（対象は{of}）、{what}が最良かどうかは分かりません。確かめられた上限はありません。",
            "Unknown: among {given} (over {of}), whether the {what} is the best is open, and no bound was checked.",
        ),
        "proved_none": (
            "証明済み：{given}の中に（対象は{of}）、すべての条件を同時に満たす計画は存在しません。",
            "Proved: among {given} (over {of}), no plan meets all demands at once.",
        ),
        "claimed_none": (
            "ソルバーの申告：{given}の中に（対象は{of}）計画は存在しないと報告されていますが、証明はされていません。",
            "Claimed: the solver reports that no plan exists among {given} (over {of}); this is not proved.",
        ),
        "unknown_none": (
            "未確認：{given}の中に（対象は{of}）計画は見つかっていませんが、存在しないと確かめられたわけではありません。",
            "Unknown: no plan was found among {given} (over {of}), but that none exists was not confirmed.",
        ),
    }
)
"""The same where the bound holds only among the plans that are best for the tiers before."""

GIVEN: Final = table_of(
    {
        "one": ("「{tiers}」が最良となる計画", "the plans that are best for {tiers}"),
        "more": ("「{tiers}」の順に最良となる計画", "the plans that are best for {tiers}, in this order"),
        "of": ("{of}（{given}の中で）", "{of}, among {given}"),
    }
)

OPEN_TIERS: Final = table_of(
    {
        "all": (
            "後の目的と同点の決め方のうち、証明されていないもの：{names}",
            "Of the later tiers and tie-breaks, not proved: {names}.",
        ),
        "one": ("{name}（{word}）", "{name} ({word})"),
    }
)
"""What of a plan is left open where its first tier is proved."""

FLAGS: Final = table_of(
    {
        "needs_approval": ("承認が必要な関係があります：{kinds}。", "A relation needs approval: {kinds}."),
        "disclose": ("開示が必要な関係があります：{kinds}。", "A relation has to be disclosed: {kinds}."),
        "needs_approval_unnamed": ("承認が必要な関係があります。", "A relation needs approval."),
        "disclose_unnamed": ("開示が必要な関係があります。", "A relation has to be disclosed."),
    }
)
"""Relations between a director and a company that ask for something: severity → sentence."""

FLAG_NAMES: Final = table_of(
    {
        "needs_approval": ("要承認：{kinds}", "Needs approval: {kinds}"),
        "disclose": ("要開示：{kinds}", "To be disclosed: {kinds}"),
        "needs_approval_unnamed": ("要承認", "Needs approval"),
        "disclose_unnamed": ("要開示", "To be disclosed"),
    }
)

FLAG_KINDS: Final = table_of(
    {
        "rival": ("競合", "rival"),
        "kin": ("親族", "family"),
        "advisory_contract": ("顧問契約", "advisory contract"),
        "investment": ("出資", "investment"),
        "trade": ("取引", "trade"),
        "former_employer": ("前職", "former employer"),
        "past_support": ("過去支援", "past support"),
        "": ("種類の記載なし", "kind not stated"),
    }
)

WHY: Final = table_of(
    {
        "part": ("{name} {points}/{possible}点", "{name} {points}/{possible}"),
        "strong": ("{parts}が主な理由です。", "Mainly for {parts}."),
        "full": ("満点（{full}点）です。", "A full score ({full:point|points})."),
        "gap": (
            "満点{full}点まで{gap}点で、最も差が大きいのは{name}（あと{loss}点）です。",
            "{gap:point|points} short of the full {full}, the largest part in {name} ({loss}).",
        ),
        "rounded": (
            "満点は、項目ごとに整数にした点の合計です。",
            "The full score is the sum of its parts, each rounded to a whole point.",
        ),
        "keep": (
            "現在の担当の継続として{keep}点を加えています。",
            "{keep:point is|points are} added for the running engagement.",
        ),
        "moved": (
            "現在の担当を替えるため{keep}点を減じています。",
            "{keep:point is|points are} taken off for moving a running engagement.",
        ),
        "neutral": (
            "{names}は情報なしのため中立値です。",
            "No information on {names}: the neutral value stands in.",
        ),
        "pinned": ("この組合せは指定（固定）によるものです。", "This pair was pinned."),
    }
)

SOLVER_REASONS: Final = table_of(
    {
        "backend_requested": ("条件設定で指定された方法です。", "The policy asks for this backend."),
        "rows_are_network": (
            "すべての条件を最も速い方法で扱えるため、これを使いました。",
            "The fastest method can handle all the demands, so it was taken.",
        ),
        "rows_are_no_network": (
            "最も速い方法では扱えない条件（{reason}）があるため、汎用の方法を使いました。",
            "The fastest method cannot handle some of the demands ({reason}), so a general one was taken.",
        ),
        "costs_too_large_for_flow": (
            "点が大きく最も速い方法では扱えないため、汎用の方法を使いました。",
            "The points are too large for the fastest method, so a general one was taken.",
        ),
        "rows_fall_apart": (
            "互いに関わりのない{n_parts}個の部分に分かれるため、部分ごとに解いて合わせました。",
            "The programme falls into {n_parts:part|parts} that no demand joins, each solved on its own.",
        ),
    }
)
"""Why a backend was taken: reason code → sentence, filled with the record's params and `{backend}`."""

NETWORK_REASONS: Final = table_of(
    {
        "coefficients": ("時間や金額のように量を数える条件", "demands that count amounts, such as hours or yen"),
        "no_side": ("{family}", "{family}"),
        "rows_overlap": ("重なり合う条件「{family}」", "overlapping demands of “{family}”"),
        "not_nested:left": ("入れ子にならないディレクター側の条件", "demands on directors that do not nest"),
        "not_nested:right": ("入れ子にならない企業側の条件", "demands on companies that do not nest"),
    }
)

BACKEND_NAMES: Final = table_of(
    {
        "flow": ("最小費用流（flow）", "minimum-cost flow (flow)"),
        "cpsat": ("制約計画（CP-SAT）", "constraint programming (CP-SAT)"),
        "mip": ("混合整数計画（HiGHS）", "mixed-integer programming (HiGHS)"),
        "pricing": (
            "最良の計画に入り得ない組合せを除き、残りを場合分けする方法（pricing）",
            "ruling out pairs that no best plan can hold, and the rest case by case (pricing)",
        ),
    }
)

SOLVER = Sentence(ja="{backend}で解きました。{reason}", en="Solved by {backend}. {reason}")
NOT_BINDING = Sentence(
    ja="次の条件はこのデータでは効かないため省きました：{names}。",
    en="Left out because they cannot bind here: {names}.",
)
SEARCHES: Final = table_of(
    {
        "bounded": (
            "組合せは1件ずつ採点せず、点の上限と価格で計画を良くし得ないものを除きました（採点して残したのは"
            "{n_kept}組）。計画について示した上限と証明は、条件を満たすすべての組合せに及びます。",
            "Pairs that the prices of the plan's limits rule out were left out by bounds, without scoring each "
            "({n_kept:pair was|pairs were} scored and kept); bound and proof cover all eligible pairs.",
        ),
        "keep_per_company": (
            "1社あたりに残す候補数の指定があるため、すべての組合せを採点しました。",
            "Every pair was scored, as the policy keeps a number of candidates per company.",
        ),
        "thresholds": (
            "点や基準ごとの最低値の指定があるため、すべての組合せを採点しました。",
            "Every pair was scored, as the policy has thresholds on points or criteria.",
        ),
        "objective": (
            "目的の順序が点を先頭としないか、最低の組合せや負担の均等を含むため、すべての組合せを採点しました。",
            "Every pair was scored, as the objective does not begin with points, or asks for the weakest match or an "
            "even load.",
        ),
        "limits": (
            "担当者の人数の上限や期間全体の予算の指定があるため、すべての組合せを採点しました。",
            "Every pair was scored, as the policy limits the number of directors or the budget of the whole plan.",
        ),
        "cut_short": (
            "組合せは1件ずつ採点せず、点の上限と価格で絞り込みましたが、途中で打ち切りました（採点して残したのは{n_kept}組）。"
            "残した組合せから計画を立てており、上限は条件を満たすすべての組合せに及びます。",
            "Pairs were ruled out by bounds and prices without scoring each, and this was cut short "
            "({n_kept:pair was|pairs were} scored and kept): the plan is made of these pairs, and its bound covers all "
            "eligible pairs.",
        ),
        "move_price": (
            "担当を替えるときに引く点の指定があるため、すべての組合せを採点しました。",
            "Every pair was scored, as the policy prices a move.",
        ),
        "named_pairs": (
            "組合せごとの記載が多いため、すべての組合せを採点しました。",
            "Every pair was scored, as rows speak of too many pairs.",
        ),
        "model": (
            "候補を絞った組合せでは条件を満たす計画がないため、すべての組合せを採点しました。",
            "Every pair was scored, as no plan was found among the pairs that a search would keep.",
        ),
    }
)
"""How candidates of a large input were looked for, or why every pair was scored."""

GAP_TINY = Sentence(ja="0.01%未満", en="less than 0.01%")
UNITS: Final = MappingProxyType({"points": "点", "worst_match": "点", "companies_served": "社", "distance_km": "km"})


def sentence_of(table: Mapping[str, Sentence], code: str, what: str) -> Sentence:
    """The sentence of a code.

    Raises
    ------
    LookupError
        If the code has no sentence; the known ones are listed.
    """
    if code not in table:
        known = ", ".join(sorted(name for name in table if name)) or "(none yet)"
        raise LookupError(f"{what} {code!r} has no sentence in matcher.words.\nTry: one of {known}.")
    return table[code]
