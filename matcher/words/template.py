"""The words of the template: its explaining sheet, and a policy file with a comment on every part."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

EXPLANATION: Final = Sentence("説明", "Explanation")
LISTS: Final = Sentence("選択肢", "Lists")
INTRODUCTION: Final = Sentence(
    "各シートの例の行を書き換えてお使いください。使わないシートと必須でない列は削除しても構いません。",
    "Replace the example rows of each sheet. Sheets you do not use and columns that are not required may be deleted.",
)
EXPLANATION_COLUMNS: Final = {
    "sheet": Sentence("シート", "Sheet"),
    "column": Sentence("列", "Column"),
    "required": Sentence("必須", "Required"),
    "about": Sentence("説明", "Meaning"),
    "unit": Sentence("単位", "Unit"),
    "allowed": Sentence("選択肢", "Allowed"),
    "example": Sentence("例", "Example"),
}
REQUIRED: Final = Sentence("必須", "required")
OPTIONAL: Final = Sentence("任意", "optional")
NOT_IN_LIST_TITLE: Final = Sentence("選択肢にありません", "Not in the list")
NOT_IN_LIST: Final = Sentence("一覧から選んでください。", "Please choose one from the list.")
OUT_OF_RANGE_TITLE: Final = Sentence("範囲外です", "Out of range")
OUT_OF_RANGE: Final = Sentence("{low}〜{high} の数を入力してください。", "Please enter a number from {low} to {high}.")

_JA = """\
# 方針：何を重視し、何を条件とし、何を上限とするか。
# 行頭の # を外すと有効になります。書かなかった項目は既定値のままです。

roster: engaged            # 対象のディレクター：engaged（登録のみ）／ with_applicants（応募者も含める）

weights:                   # 配点。比率だけが意味を持ちます
  experience: 20           # 実務経験
  hands_on: 15             # 自ら手を動かせる
  local_culture: 15        # 地方文化の理解
  network: 10              # 全国ネットワーク
  own_business: 10         # 自らも経営者
  goal_fit: 12             # 目的に合う実績
  readiness: 10            # 企業の準備度
  style_fit: 3             # 支援スタイルの一致
  nearness: 3              # 近さ
  wishes: 2                # 双方の希望

thresholds:                # これに届かない組合せは候補にしません（固定した組合せは除く）
  neutral: 0.5             # 情報がないときの値（0〜1）
  # min_score_points: 3000
  # min_readiness: 0.4
  # min_by_criterion: {local_culture: 0.4}

limits:                    # 計画全体の上限。書かなければ制限なし
  # max_companies: 3
  # max_directors: 6
  # budget_jpy_per_month: 2000000     # どの月も、月額報酬の合計はこの額まで
  # budget_jpy_total: 8000000         # 月額×支援月数の合計
  # min_companies_per_director: 1
  # max_new_companies_per_director: 2 # 新しく担当する企業数（現在の担当は数えません）
  # quotas:
  #   - {by: kind, value: 自治体, min: 1}
  quotas: []

objective: [points]        # 優先順の目的：points, companies_served, fewest_changes, worst_match, even_load, distance_km
tie_break: [goal_fit, local_culture, experience]   # 同点のときに比べる項目
keep_points: 0             # 現在の担当を続ける組合せへの加点
engagements:               # 現在の担当
  fixed: false             # true はすべて続けます
  move_price_points: 0     # 担当を替える組合せからの減点

conflict_of_interest:
  area: neighbouring       # 同業の自社がある場合に外す範囲：off, same_prefecture, neighbouring, same_region, anywhere

solve:
  gap: 0                   # 0 は最適解を求めます
  seed: 0
  # time_limit_s: 60
"""
_EN = """\
# The policy: what counts, what is demanded, what is limited.
# Take the # off to switch a line on. What is left out keeps its default.

roster: engaged            # directors in scope: engaged, or with_applicants

weights:                   # only the ratios matter
  experience: 20           # practical experience
  hands_on: 15             # works with their own hands
  local_culture: 15        # knows the local culture
  network: 10              # whom they can bring in
  own_business: 10         # runs a business of their own
  goal_fit: 12             # results for the company's goal
  readiness: 10            # how ready the company is
  style_fit: 3             # style as the company wishes
  nearness: 3              # close by
  wishes: 2                # wishes of both sides

thresholds:                # a pair below these is no candidate (a pinned pair is)
  neutral: 0.5             # stands in for missing information (0 to 1)
  # min_score_points: 3000
  # min_readiness: 0.4
  # min_by_criterion: {local_culture: 0.4}

limits:                    # over the whole plan; left out means no limit
  # max_companies: 3
  # max_directors: 6
  # budget_jpy_per_month: 2000000     # fees of every month add up to this at most
  # budget_jpy_total: 8000000         # fee × months, added up
  # min_companies_per_director: 1
  # max_new_companies_per_director: 2 # running engagements are not counted
  # quotas:
  #   - {by: kind, value: municipality, min: 1}
  quotas: []

objective: [points]        # in order: points, companies_served, fewest_changes, worst_match, even_load, distance_km
tie_break: [goal_fit, local_culture, experience]   # compared where all of these tie
keep_points: 0             # bonus for a pair that is a running engagement
engagements:               # running engagements with companies of this batch
  fixed: false             # true keeps all of them
  move_price_points: 0     # points off a pair that moves one to another director

conflict_of_interest:
  area: neighbouring       # own business in that industry: off, same_prefecture, neighbouring, same_region, anywhere

solve:
  gap: 0                   # 0 asks for the optimum
  seed: 0
  # time_limit_s: 60
"""
POLICY: Final = {"ja": _JA, "en": _EN}
"""The template's policy.yaml; it says what the defaults say."""
