"""What a check of a plan says: one sentence a rule, and the lines around them, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matcher.errors import ModelError
from matcher.verifying.verification import Finding, TierVerdict, Verification
from matcher.words.catalog import Lang, Sentence, shown
from matcher.words.part_data import part_text
from matcher.words.plan import number_text, word_name
from matcher.words.plan_data import CRITERION_NAMES, TIER_NAMES, table_of

RULES: Final = table_of(
    {
        "not_as_schema": (
            "plan.json の形式に合いません（{reason}）。",
            "this part does not fit the schema of plan.json ({reason}).",
        ),
        "source_has_faults": (
            "元のデータに誤りが{n}件あり、この計画の基になったデータではありません。",
            "the source has {n:fault|faults}, so it is not the data this plan was made from.",
        ),
        "problem_digest": (
            "元のデータが、この計画を作ったときと違います。",
            "the source is not the data this plan was made from: its digest differs.",
        ),
        "policy_digest": (
            "計画に書かれた方針が、要約値（digest）と合いません。",
            "the policy in the plan is not the one its digest was taken of.",
        ),
        "plan_digest": (
            "計画の内容が、要約値（digest）と合いません。書き出した後に変えられています。",
            "the plan is not the one its digest was taken of: it was changed after it was written.",
        ),
        "policy_wrong": ("方針として読めません（{reason}）。", "this is no valid policy ({reason})."),
        "policy_incomplete": (
            "方針に足りない項目か、書き方の違う項目があります。",
            "the policy lacks keys, or holds values that are not as a run writes them.",
        ),
        "unknown_director": ("「{id}」というディレクターはいません。", "there is no director {id}."),
        "unknown_company": ("「{id}」という企業・自治体はありません。", "there is no company {id}."),
        "company_twice": ("{n}人のディレクターが割り当てられています。", "this company is matched {n:time|times}."),
        "not_eligible": (
            "{director}は{company}の候補ではありません（条件を満たさないか、候補から外れています）。",
            "{director} is no candidate for {company}: not eligible, or cut.",
        ),
        "match_wrong": (
            "{field}が{stated}となっていますが、計算し直すと{found}です。",
            "{field} is stated as {stated}; computed again it is {found}.",
        ),
        "points_do_not_add_up": (
            "点が{stated}となっていますが、内訳の合計は{found}です。",
            "the points are stated as {stated}; their parts add up to {found}.",
        ),
        "order_wrong": (
            "割当が、ディレクター、企業・自治体の順に並んでいません。",
            "the matches are not in the order of directors, then companies.",
        ),
        "pin_not_obeyed": (
            "{director}と{company}の組合せは固定されていますが、計画にありません。",
            "{director} is pinned to {company}, and the plan does not have it.",
        ),
        "pin_against_rule": (
            "固定された組合せが、必ず守る条件に反しています（{failed}）。",
            "this pin breaks a hard rule ({failed}), so no plan can be made of these data.",
        ),
        "forbidden_pair": (
            "{director}と{company}の組合せは除外されています。",
            "{director} is forbidden for {company}.",
        ),
        "slots_exceeded": (
            "今回{n}社、対象外で{elsewhere}社を担当し、担当可能社数{most}社を超えます。",
            "{n:company|companies} here and {elsewhere} elsewhere are more than the {most} this director takes.",
        ),
        "hours_exceeded": (
            "月{hours}時間が必要ですが、使えるのは{most}時間です。",
            "{hours:hour|hours} a month {hours:=is|are} needed; {most} {most:=is|are} left.",
        ),
        "on_site_days_exceeded": (
            "月{days}日の訪問が必要ですが、行けるのは{most}日です。",
            "{days:day|days} a month on site {days:=is|are} needed; this director has {most}.",
        ),
        "too_many_new_companies": (
            "新しく担当するのが{n}社で、上限の{most}社を超えます。",
            "{n:new company is|new companies are} more than the limit of {most} for a director.",
        ),
        "engagement_not_kept": (
            "続いている{company_id}の担当が、計画にありません。方針では続けることになっています。",
            "the running engagement with {company_id} is to be kept, and the plan does not have it.",
        ),
        "too_many_companies": (
            "企業・自治体{n}件は、上限の{most}件を超えます。",
            "{n:company is|companies are} more than the limit of {most}.",
        ),
        "too_many_directors": (
            "ディレクター{n}名は、上限の{most}名を超えます。",
            "{n:director is|directors are} more than the limit of {most}.",
        ),
        "too_few_companies": (
            "担当が{n}社で、最低担当社数{least}社に足りません。",
            "{n:company is|companies are} fewer than the {least} each director must have.",
        ),
        "over_budget": (
            "月額報酬の合計{jpy}円は、予算{most}円を超えます。",
            "fees of {jpy} yen a month are over the budget of {most}.",
        ),
        "quota_missed": (
            "{by}が「{value}」の企業・自治体が{n}件です（下限{least}、上限{most}）。",
            "{n:company|companies} with {by} {value}; the quota is from {least} to {most}.",
        ),
        "rivals_together": (
            "競合する{one}と{other}の両方を担当しています。",
            "this director has both {one} and {other}, which are rivals.",
        ),
        "tiers_wrong": (
            "目的と同点の決め方が方針と合いません（計画：{stated}、方針：{found}）。",
            "the tiers are not the policy's (in the plan: {stated}; in the policy: {found}).",
        ),
        "tier_value_wrong": (
            "{tier}が{stated}となっていますが、割当から数えると{found}です。",
            "{tier} is stated as {stated}; counted from the matches it is {found}.",
        ),
        "figure_wrong": (
            "{stated}となっていますが、計算し直すと{found}です。",
            "this is stated as {stated}; computed again it is {found}.",
        ),
        "no_plan_has_matches": (
            "計画がないとしながら、割当が{n}件あります。",
            "there {n:=is|are} {n:match|matches}, though the status says that there is no plan.",
        ),
        "conflict_wrong": (
            "両立しない条件があるのは、状態が infeasible のときだけです（状態：{status}）。",
            "demands in conflict belong to an infeasible plan and to no other (status: {status}).",
        ),
        "loads_wrong": (
            "ディレクターの一覧が合いません（計画に{n}名、データに{n_found}名）。",
            "the list of directors is not that of the data ({n} in the plan, {n_found} in the data).",
        ),
        "load_wrong": (
            "{field}が{stated}となっていますが、数え直すと{found}です。",
            "{field} is stated as {stated}; counted again it is {found}.",
        ),
        "unserved_wrong": (
            "割り当てなかった企業・自治体の一覧が合いません（足りない：{missing}、余計：{more}）。",
            "the list of companies not served is wrong (missing: {missing}; too many: {more}).",
        ),
        "reason_wrong": (
            "理由が{stated}となっていますが、調べ直すと{found}です。",
            "the reason is stated as {stated}; decided again it is {found}.",
        ),
        "detail_wrong": (
            "理由の内訳（{field}）が、調べ直した結果と合いません。",
            "the detail {field} of the reason is not what the data give.",
        ),
        "proof_missing": (
            "証明が、目的と1対1に対応していません（証明{n}件、目的{tiers}件）。",
            "there is not one proof a tier ({n:proof|proofs}, {tiers:tier|tiers}).",
        ),
        "proof_does_not_fit": (
            "証明（{part}）が、データから作り直したモデルに合いません。",
            "the proof does not fit the model built from the data (at {part}).",
        ),
        "refutes_nothing": (
            "証明の価格は、計画がないことを示していません。",
            "the prices of the proof do not show that there is no such plan.",
        ),
        "tree_open": (
            "証明の分岐に閉じていない場合があり、上限{bound}を示していません。",
            "a case of the tree is left open, so it does not prove the bound of {bound}.",
        ),
        "tree_missing": (
            "証明の木がplan.jsonにも、隣のファイル{file}にもないか、読めません。",
            "the tree of the proof is neither in plan.json nor to be read from {file} beside it.",
        ),
        "tree_digest": (
            "証明の木が、要約値（digest）と合いません。書き出した後に変えられています。",
            "the tree of the proof is not the one its digest was taken of: it was changed after it was written.",
        ),
        "bound_wrong": (
            "上限が{stated}となっていますが、証明から計算し直すと{found}です。",
            "the bound is stated as {stated}; the proof gives {found}.",
        ),
        "value_above_bound": (
            "値{value}が、証明された上限{found}を超えます。",
            "the value {value} is above the bound of {found} that the proof gives.",
        ),
        "not_proved": (
            "「証明済み」とありますが、値{value}と上限{found}が一致せず、証明されていません。",
            "the word is “proved”, but the value {value} and the bound {found} do not meet.",
        ),
        "word_too_small": (
            "値と上限が{value}で一致していますが、「{word}」とあります。",
            "value and bound meet at {value}, but the word is “{word}”.",
        ),
        "kept_wrong": (
            "後の目的で保つ値{kept}が、この目的の値{value}と合いません。",
            "what later tiers keep, {kept}, does not go with the value {value}.",
        ),
        "model_not_built": ("モデルを作り直せません（{reason}）。", "the model cannot be built again ({reason})."),
    }
)

LINES: Final = table_of(
    {
        "holds": (
            "この計画は正しいと確認しました。割当{n}件、すべての条件と数値を元のデータから数え直しました。",
            "The plan holds: {n:match|matches}, every limit and every figure counted again from the source.",
        ),
        "try": (
            "対処：matcher run が書き出したままの plan.json を確認してください。"
            "データや方針を後から変えた場合は、matcher run で計画を作り直してください。",
            "Try: the plan.json as matcher run wrote it; where the data or the policy have changed since, "
            "make a new plan with matcher run.",
        ),
        "fails": ("この計画は正しくありません。問題：{n}件", "The plan does not hold. Problems: {n}."),
        "no_plan_proved": (
            "条件をすべて満たす計画がないことを、証明から確認しました。",
            "That no plan meets every demand was proved again.",
        ),
        "no_plan_claimed": (
            "条件をすべて満たす計画がないというのはソルバーの主張で、ここでは確認していません。",
            "That no plan meets every demand is what solvers claim; it was not proved here.",
        ),
        "no_plan_unknown": ("時間内に計画が見つからなかった記録です。", "The run ended without a plan."),
        "tier": (
            "{word}：{tier} 値{value}、上限{bound}（ソルバーを使わず計算し直したもの）",
            "{word}: {tier}, value {value}, bound {bound}, computed again without a solver",
        ),
        "holds_one": (
            "この計画は正しいと確認しました。割当1件、すべての条件と数値を元のデータから数え直しました。",
            "The plan holds: 1 match, every limit and every figure counted again from the source.",
        ),
        "tie_break": (
            "{word}：同点のとき「{tier}」（ソルバーを使わず計算し直したもの）",
            "{word}: tie-break by {tier}, computed again without a solver",
        ),
        "tie_break_open": (
            "{word}：同点のとき「{tier}」（上限は証明されていません）",
            "{word}: tie-break by {tier}, no bound proved",
        ),
        "tier_open": (
            "{word}：{tier} 値{value}（上限は証明されていません）",
            "{word}: {tier}, value {value}, no bound proved",
        ),
    }
)

ERRORS: Final[Mapping[str, Sentence]] = table_of(
    {
        "plan_not_found": (
            "「{path}」に計画がありません。\n対処：plan.json か、それが入っているフォルダーを指定してください。",
            "There is no plan at {path}.\nTry: plan.json, or the folder that holds it.",
        ),
        "plan_not_in_folder": (
            "フォルダー「{path}」に plan.json がありません。\n"
            "対処：matcher run --out で指定したフォルダーか、その中の plan.json を指定してください。",
            "The folder {path} holds no plan.json.\nTry: the folder that matcher run wrote, or the plan.json in it.",
        ),
        "plan_no_file": (
            "「{path}」は普通のファイルではありません（装置やパイプなど）。\n"
            "対処：plan.json か、それが入っているフォルダーを指定してください。",
            "{path} is no ordinary file, but a device or a pipe.\nTry: plan.json, or the folder that holds it.",
        ),
        "plan_not_json": (
            "「{path}」は計画のファイルではありません（{reason}）。\n"
            "対処：matcher run が書き出した plan.json を指定してください。",
            "{path} is no plan ({reason}).\nTry: a plan.json that matcher run wrote.",
        ),
        "plan_other_schema": (
            "「{path}」の形式は「{schema}」で、この版が読めるのは「{known}」です。\n"
            "対処：その計画を書き出した版の matcher で確認してください。",
            "{path} has the schema {schema}; this version reads {known}.\n"
            "Try: the version of matcher that wrote the plan.",
        ),
        "plan_source_not_found": (
            "計画に記録された元のデータ「{path}」が、今のフォルダーからは見つかりません。\n"
            "対処：--source で元のデータの場所を指定してください。",
            "The plan says its data are at {path}, which is not to be found from the current folder.\n"
            "Try: --source with the place of the data.",
        ),
    }
)


_NOTHING: Final = Sentence(ja="（なし）", en="(nothing)")


def finding_text(finding: Finding, lang: Lang) -> str:
    """One thing that does not hold: where, and what is wrong there."""
    sentence = RULES[finding.rule]
    params = {name: _value_text(value, lang) for name, value in finding.params.items()}
    if finding.rule in ("not_as_schema", "policy_wrong"):
        params["reason"] = part_text(finding.params, lang)
    if finding.rule == "model_not_built":
        from matcher.words.errors import error_text  # which holds this module's sentences

        carried = {name: value for name, value in finding.params.items() if name != "reason"}
        error = ModelError(str(finding.params["reason"]), **carried)
        params["reason"] = error_text(error, lang).partition("\n")[0].rstrip("。.")
    if "tier" in finding.params and finding.rule == "tier_value_wrong":
        params["tier"] = tier_label(str(finding.params["tier"]), lang)
    return f"{finding.where}{'：' if lang == 'ja' else ': '}{sentence.fill(lang, **params)}"


def tier_label(name: str, lang: Lang) -> str:
    """A tier's name, or the word a plan uses for it where it is none of ours."""
    names = {**CRITERION_NAMES, **TIER_NAMES}
    return names[name].fill(lang) if name in names else name


def verification_lines(verification: Verification, lang: Lang) -> list[str]:
    """A check as a person reads it: whether the plan holds, everything that does not, what is proved."""
    if not verification.ok:
        head = LINES["fails"].fill(lang, n=len(verification.problems))
        problems = [f"  - {finding_text(finding, lang)}" for finding in verification.problems]
        return [head, *problems, LINES["try"].fill(lang)]
    if verification.value is None:
        return [LINES[f"no_plan_{verification.word}"].fill(lang)]
    return [
        LINES["holds_one" if verification.n_matches == 1 else "holds"].fill(lang, n=verification.n_matches),
        *(f"  {_tier_line(tier, lang)}" for tier in verification.tiers),
    ]


def _tier_line(tier: TierVerdict, lang: Lang) -> str:
    """A tier in people's units. The values of tie-breaks and of the lot are sums of inner units that mean nothing."""
    is_open = tier.bound is None
    word, name = word_name(tier.word, lang), tier_label(tier.name, lang)
    if tier.is_tie_break:
        in_text = name if lang == "ja" else name[:1].lower() + name[1:]
        return LINES["tie_break_open" if is_open else "tie_break"].fill(lang, word=word, tier=in_text)
    return LINES["tier_open" if is_open else "tier"].fill(
        lang,
        word=word,
        tier=name,
        value=number_text(tier.value),
        bound=number_text(tier.bound),
    )


def _value_text(value: object, lang: Lang) -> str:
    if value is None or value in ((), [], ""):
        return _NOTHING.fill(lang)
    if isinstance(value, bool):
        return shown(value, lang)
    if isinstance(value, int | float):
        return number_text(value) if isinstance(value, int) else shown(value, lang)
    if isinstance(value, Mapping):
        return shown([f"{name}: {_value_text(part, lang)}" for name, part in value.items()], lang)
    return shown(value, lang)
