"""Every code of a plan has its words in both languages, and the sentences say what the numbers say."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import get_args

import pytest

from matcher.cli.show import plan_lines
from matcher.domain.policy import CRITERIA, TIERS, Limits, Policy, Quota
from matcher.domain.values import CHOICES
from matcher.model.solvers import ReasonCode
from matcher.pairing.candidates import RULES
from matcher.plan.demands import PINS, demand_family
from matcher.plan.document import (
    CertificateRecord,
    Conflict,
    ConflictRow,
    NearMissRecord,
    PlanStatus,
    SolverRecord,
    Unserved,
    UnservedReason,
    Word,
)
from matcher.words import plan_data, report
from matcher.words.catalog import Lang
from matcher.words.facts import facts_of
from matcher.words.families import FAMILY_NAMES, conflict_lines, family_name
from matcher.words.letters import letter_line
from matcher.words.plan import (
    certificate_tier,
    criterion_name,
    criterion_note,
    flag_names,
    gap_text,
    of_text,
    proof_line,
    solver_line,
    tier_name,
    why_line,
    word_name,
)
from matcher.words.policy import policy_lines
from matcher.words.unserved import (
    REASON_NAMES,
    failure_line,
    reason_name,
    rule_name,
    unserved_line,
)
from tests.plans import (
    COMPANIES,
    DIRECTORS,
    PILOT_MATCHES,
    PILOT_UNSERVED,
    detail_of,
    flagged_plan,
    infeasible_plan,
    match_of,
    pilot_plan,
    problem_of,
    same_ids_plan,
)

FACTS = facts_of(pilot_plan().problem)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_code_has_its_words(lang: str) -> None:
    shown = [criterion_name(name, lang) for name in (*CRITERIA, "keep")]
    shown += [criterion_note(name, lang) for name in (*CRITERIA, "keep")]
    shown += [tier_name(name, lang) for name in (*TIERS, *CRITERIA)]
    shown += [rule_name(rule, lang) for rule in RULES] + [failure_line(rule, lang) for rule in RULES]
    shown += [reason_name(reason, lang) for reason in get_args(UnservedReason)]
    shown += [word_name(word, lang) for word in get_args(Word)]
    shown += [plan_data.STATUS_NAMES[status].fill(lang) for status in get_args(PlanStatus)]
    assert all(shown)


def test_both_languages_fill_the_same_blanks() -> None:
    tables = [value for module in (plan_data, report) for value in vars(module).values() if isinstance(value, Mapping)]
    sentences = [item for table in tables for item in table.values() if isinstance(item, plan_data.Sentence)]
    assert len(sentences) > 100

    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for sentence in sentences:
        if "{unit}" in sentence.ja:  # English leaves the unit of a bound to the value before it
            assert blanks(sentence.ja) - {"unit"} >= blanks(sentence.en)
        else:
            assert blanks(sentence.ja) - {"gap"} == blanks(sentence.en) - {"gap"}, sentence


def test_why_line_names_the_strongest_criteria_and_the_gap() -> None:
    assert why_line(PILOT_MATCHES[0], FACTS, "ja") == (
        "実務経験 2,000/2,000点、実行力 1,500/1,500点、地方文化の理解 1,500/1,500点が主な理由です。"
        "満点10,000点まで900点で、最も差が大きいのは企業の準備度（あと500点）です。"
        "企業の準備度は情報なしのため中立値です。"
    )
    assert why_line(PILOT_MATCHES[1], FACTS, "en") == (
        "Mainly for practical experience 2,000/2,000, hands-on work 1,500/1,500 and local culture 1,500/1,500. "
        "450 points short of the full 10,000, the largest part in own business (350). "
        "250 points are added for the running engagement."
    )


def test_why_line_never_counts_missing_information_as_a_reason() -> None:
    line = why_line(match_of("D2", "C1", neutral=("experience",)), FACTS, "ja")
    assert line.startswith("実行力 1,500/1,500点、")
    assert "満点（10,000点）です。" in line
    assert line.endswith("実務経験は情報なしのため中立値です。")


def test_full_score_that_rounding_moved_is_said_to_be_a_sum() -> None:
    weights = {**dict.fromkeys(CRITERIA, 0), **dict.fromkeys(CRITERIA[:7], 1)}
    facts = facts_of(problem_of(DIRECTORS, COMPANIES, Policy(weights=weights)))
    possible = facts.possible_points("C1")
    assert sum(possible.values()) == 7 * 1_429 == 10_003
    whole = match_of("D2", "C1").model_copy(update={"criteria": dict(possible), "points": 10_003})
    assert "満点（10,003点）です。満点は、項目ごとに整数にした点の合計です。" in why_line(whole, facts, "ja")
    assert "The full score is the sum of its parts" in why_line(whole, facts, "en")
    assert "sum of its parts" not in why_line(PILOT_MATCHES[1], facts_of(pilot_plan().problem), "en")


def test_terminal_names_what_is_not_proved_behind_a_proved_first_tier() -> None:
    tier = pilot_plan().document.tiers[0]

    def lines(*words: str, lang: Lang = "en") -> str:
        names = ("points", "even_load", "goal_fit", "lot")
        tiers = [
            tier.model_copy(update={"name": name, "word": word, "is_tie_break": at > 1})
            for at, (name, word) in enumerate(zip(names, words, strict=True))
        ]
        return "\n".join(plan_lines(pilot_plan(tiers=tuple(tiers)), [], lang))

    said = "Of the later tiers and tie-breaks, not proved: fit with the goal (claimed), recorded lot (unknown)."
    assert said in lines("proved", "proved", "claimed", "unknown")
    assert "証明されていないもの：目的との適合（ソルバーの申告）" in lines(
        "proved", "proved", "claimed", "proved", lang="ja"
    )
    assert "not proved: recorded lot (claimed)" in lines("proved", "claimed", "proved", "claimed")
    assert "not proved: " not in lines("proved", "proved", "proved", "proved")
    assert "tie-breaks, not proved" not in lines("claimed", "claimed", "claimed", "claimed")


def test_solver_line_counts_the_pairs_a_search_kept() -> None:
    params: dict[str, str | int | float] = {"search": "bounded", "n_kept": 1_930_000, "n_rounds": 2}
    solver = SolverRecord(backend="flow", reason="rows_are_network", params=params)
    assert "1,930,000 pairs were" in solver_line(solver, "en") and "1,930,000組" in solver_line(solver, "ja")
    assert "1 pair was" in solver_line(solver.model_copy(update={"params": {**params, "n_kept": 1}}), "en")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_solver_line_speaks_plainly(lang: str) -> None:
    for code in get_args(ReasonCode):
        params = {"reason": "coefficients", "n_parts": "3"}
        line = solver_line(SolverRecord(backend="pricing", reason=code, params=params), lang)
        for jargon in ("core", "tree", "network", "prices", "ネットワーク", "分枝", "価格"):
            assert jargon not in line


def test_why_line_ends_with_the_relations_that_ask_for_something() -> None:
    match = flagged_plan().document.assignments[0]
    assert why_line(match, FACTS, "ja").endswith("承認が必要な関係があります：親族。開示が必要な関係があります：取引。")
    assert why_line(match, FACTS, "en").endswith(
        "A relation needs approval: family. A relation has to be disclosed: trade."
    )
    assert "関係があります" not in why_line(PILOT_MATCHES[0], FACTS, "ja")


def test_relations_of_a_match_stand_in_the_terminal() -> None:
    text = "\n".join(plan_lines(flagged_plan(), [], "ja"))
    assert "承認が必要な関係があります：親族。" in text


def test_relation_without_a_kind_names_none() -> None:
    only, both = (("disclose", ""),), (("needs_approval", ""), ("needs_approval", "kin"))
    assert flag_names(match_of("D1", "C1", flags=only), "ja") == [("disclose", "要開示")]
    assert flag_names(match_of("D1", "C1", flags=both), "ja") == [("needs_approval", "要承認：親族、種類の記載なし")]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("severity", [severity for severity in CHOICES["severity"] if severity != "forbid"])
@pytest.mark.parametrize("kind", [*CHOICES["conflict_kind"], ""])
def test_every_relation_has_its_words(kind: str, severity: str, lang: str) -> None:
    match = match_of("D1", "C1", flags=((severity, kind),))
    ((found, name),) = flag_names(match, lang)
    assert (found, bool(name)) == (severity, True)
    assert why_line(match, FACTS, lang) != why_line(match_of("D1", "C1"), FACTS, lang)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "証明済み：合計点 100点は、条件を満たすすべての組合せで到達できる上限 100点と一致します（差 0%）。"),
        ({"of": "kept"}, "証明済み：合計点 100点は、絞り込みで残した候補の組合せで到達できる上限 100点"),
        ({"bound": 101, "gap": 0.01}, "上限は 101点です。最良の計画との差は最大 1.00%です。"),
        ({"word": "claimed", "bound": 101, "gap": 0.01}, "ソルバーの申告：合計点 100点が"),
        ({"word": "unknown", "bound": 101, "gap": 0.01}, "未確認：合計点 100点が"),
        ({"word": "unknown", "bound": None, "gap": None}, "確かめられた上限はありません。"),
        ({"value": None, "bound": None, "gap": None}, "すべての条件を同時に満たす計画は存在しません。"),
        ({"word": "unknown", "value": None, "bound": None, "gap": None}, "未確認：計画は見つかっていませんが"),
    ],
)
def test_proof_line_says_word_value_bound_and_of_what(changes: dict[str, object], said: str) -> None:
    record = {"value": 100, "bound": 100, "gap": 0.0, "word": "proved", "of": "all", **changes}
    assert said in proof_line(CertificateRecord(**record), "ja")
    assert proof_line(CertificateRecord(**record), "en")


@pytest.mark.parametrize("value", [100, None])
@pytest.mark.parametrize("bound", [100, 101, None])
@pytest.mark.parametrize("word", get_args(Word))
def test_proof_line_claims_nothing_beyond_the_tiers_it_presumes(
    word: str, bound: int | None, value: int | None
) -> None:
    record = CertificateRecord(value=value, bound=bound, gap=0.01, word=word, of="all", given=("fewest_changes",))
    shown = proof_line(record, "en")
    assert "among the plans that are best for fewest changes (over all eligible pairs)" in shown
    assert "best over all eligible pairs" not in shown
    assert "No plan is better" not in shown
    shown = proof_line(record, "ja")
    assert "「変更の少なさ」が最良となる計画の中" in shown
    assert "組合せの中で最良" not in shown
    assert "これを上回る計画はありません" not in shown or "その中にこれを上回る" in shown


def test_proof_line_names_every_tier_it_presumes_in_order() -> None:
    given = ("companies_served", "fewest_changes")
    record = CertificateRecord(value=100, bound=101, gap=0.01, word="claimed", of="kept", given=given)
    assert proof_line(record, "ja") == (
        "ソルバーの申告：「支援する企業数」「変更の少なさ」の順に最良となる計画の中で"
        "（対象は絞り込みで残した候補の組合せ）、合計点 100点が最良と報告されていますが、証明はされていません。"
        "その中で確かめられた上限は 101点、差は最大 1.00%です。"
    )
    assert of_text(record, "en") == (
        "the kept candidates, among the plans that are best for companies served, fewest changes, in this order"
    )


def test_gap_is_never_rounded_down_to_nothing() -> None:
    assert [gap_text(gap, "ja") for gap in (0.0, 0.00001, 0.0091, None)] == ["0%", "0.01%未満", "0.91%", "–"]


def test_certificate_tier_is_the_first_not_proved() -> None:
    document = pilot_plan().document
    assert certificate_tier(document) == "points"
    open_tier = document.tiers[0].model_copy(update={"name": "companies_served", "word": "unknown"})
    assert certificate_tier(document.model_copy(update={"tiers": (document.tiers[0], open_tier)})) == "companies_served"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_solver_reason_has_a_sentence(lang: str) -> None:
    for code in get_args(ReasonCode):
        for reason in ("no_side:hours", "rows_overlap:quota:kind", "coefficients", "not_nested:right"):
            params = {"reason": reason, "n_parts": "3"}
            assert solver_line(SolverRecord(backend="cpsat", reason=code, params=params), lang)


def test_unknown_codes_fail_and_list_the_known_ones() -> None:
    with pytest.raises(LookupError, match="rows_are_network"):
        solver_line(SolverRecord(backend="flow", reason="because"), "ja")
    with pytest.raises(LookupError, match="max_directors"):
        family_name("tea", "ja")
    with pytest.raises(LookupError, match="in_reach"):
        rule_name("tea", "ja")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("reason", REASON_NAMES)
def test_every_reason_has_a_line_and_a_letter(reason: str, lang: str) -> None:
    company = Unserved(company_id="C1", reason=reason, detail=detail_of(n_candidates=2))
    assert unserved_line(company, FACTS, lang)
    assert letter_line(company, lang)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("reason", REASON_NAMES)
def test_letter_names_nobody_and_no_rival(reason: str, lang: str) -> None:
    detail = detail_of(n_candidates=2, best_director_id="D2", best_points=7200, lowest_chosen_points=8810)
    letter = letter_line(Unserved(company_id="C1", reason=reason, detail=detail), lang)
    assert not any(word in letter for word in ("競合", "rival", "瀬戸", "D2", "7,200", "8,810", "他社", "他の企業"))


@pytest.mark.parametrize(
    ("reason", "ja", "en"),
    [
        (
            "busy_elsewhere",
            "担当枠がすべて今回の対象外の支援で埋まっています",
            "outside this batch take all their slots",
        ),
        ("hours_used_up", "残りの稼働時間ではこの企業に必要な時間に足りません", "their hours left are too few"),
        ("rival_served", "この企業と競合する企業を担当しています", "serve a rival of this company"),
    ],
)
def test_staff_learn_what_kept_the_candidates(reason: str, ja: str, en: str) -> None:
    company = Unserved(company_id="C1", reason=reason, detail=detail_of(n_candidates=2))
    assert ja in unserved_line(company, FACTS, "ja")
    assert en in unserved_line(company, FACTS, "en")


def test_unserved_line_says_how_far_off() -> None:
    assert unserved_line(PILOT_UNSERVED[0], FACTS, "ja") == (
        "条件をすべて満たすディレクターがいませんでした。最も近い候補は北原 澪ですが、"
        "次の点で条件に合いません：訪問可能距離を超える（40km超過：200kmに対し240km）。"
    )


@pytest.mark.parametrize(
    ("offered", "wanted", "said"),
    [
        (900, 938.57, "39km超過：900kmに対し939km"),
        (60, 61.5, "1.5km超過：60kmに対し61.5km"),
        (900, 900.4, "0.4km超過：900kmに対し900.4km"),
        (1500, 1606.7, "107km超過：1,500kmに対し1,607km"),
    ],
)
def test_what_is_missing_is_the_difference_of_the_figures_told(offered: float, wanted: float, said: str) -> None:
    assert said in failure_line("in_reach", "ja", amount=(offered, wanted), measure="distance_km")


def test_limit_reached_names_limits_over_the_whole_plan_only() -> None:
    assert "計画全体の条件（支援する企業数の上限など）" in unserved_line(PILOT_UNSERVED[2], FACTS, "ja")
    unlimited = facts_of(infeasible_plan().problem)
    assert unserved_line(PILOT_UNSERVED[2], unlimited, "ja").startswith(
        "候補となるディレクターは1名おり、枠も残っていますが、計画全体の兼ね合いで選ばれませんでした。"
    )


def test_reach_by_days_is_told_from_reach_by_distance() -> None:
    near = NearMissRecord(
        director_id="D3",
        failed=("in_reach",),
        amounts={"in_reach": (2.0, 4.0)},
        measures={"in_reach": "on_site_days_per_month"},
    )
    company = Unserved(company_id="0004", reason="nobody_eligible", detail=detail_of(nearest=near))
    assert "現地訪問日数が月2日足りない" in unserved_line(company, FACTS, "ja")


def test_failures_count_in_the_rules_own_unit() -> None:
    assert failure_line("has_must_skills", "ja", amount=(1.0, 3.0)) == "必須スキル3件のうち満たすのは1件"
    named = failure_line("has_must_skills", "ja", amount=(1.0, 3.0), missing_skills=("EC", "写真"))
    assert named == "必須スキル（EC、写真）を、求められる水準で（指定があれば自らの手で）満たさない"
    floor = failure_line("criterion_floor", "en", amount=(0.2, 0.4), measure="local_culture")
    assert floor == "Local culture 0.2 below its floor (0.2, floor 0.4)"
    assert failure_line("in_period", "en", amount=(90.0, 120.0)) == "available 30 days too few (90 of 120)"
    assert failure_line("in_budget", "ja", amount=(200_000.0, 240_000.0)) == (
        "報酬が予算を月40,000円超える（予算200,000円に対し240,000円）"
    )


def test_letter_keeps_private_rules_to_itself() -> None:
    near = NearMissRecord(director_id="D3", failed=("no_conflict_of_interest",), amounts={})
    company = Unserved(company_id="C1", reason="nobody_eligible", detail=detail_of(nearest=near))
    assert "利益相反" in unserved_line(company, FACTS, "ja")
    assert letter_line(company, "ja") == "ご希望の条件をすべて満たすディレクターを、今回はご紹介できませんでした。"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_family_has_a_conflict_sentence(lang: str) -> None:
    # What only follows from a supply, or only counts, is said as that supply or not at all; pairs have no row.
    families = [name for name in FAMILY_NAMES if name not in ("quota", *PINS, "engagements_fixed")]
    families = [name for name in families if demand_family(name) == name and name != "of_used_director"]
    families += ["quota:kind", "quota:prefecture", "quota:region", "quota:industry", "quota:goal"]
    values = {"kind": "municipality", "prefecture": "高知", "region": "四国", "industry": "E", "goal": "other"}
    for family in families:
        subject = values.get(family.partition(":")[2], "C1 / C2" if family == "rivals" else "D2")
        kind = "rivals" if family == "rivals" else "quota" if family.startswith("quota") else "director"
        row = ConflictRow(
            family=family,
            subject=subject,
            subject_kind=kind,
            lower=2,
            upper=60_000,
            members=("C1",),
            n_members=30,
        )
        (line,) = conflict_lines(Conflict(rows=(row,), pins=(), is_irreducible=False, word="proved"), FACTS, lang)
        assert "幡多うみやま食品" in line
        assert "{" not in line


def test_hours_are_told_in_hours_not_in_the_models_unit() -> None:
    row = ConflictRow(
        family="hours", subject="D2", subject_kind="director", lower=None, upper=40_500, members=(), n_members=0
    )
    (line,) = conflict_lines(Conflict(rows=(row,), pins=(), is_irreducible=True, word="proved"), FACTS, "ja")
    assert line == "瀬戸 航平（D2）が今回使える時間は月40.5時間までです。候補となる組合せは1件もありません。"


@pytest.mark.parametrize(
    ("family", "subject", "subject_kind", "members_kind", "said"),
    [
        ("slots", "1", "director", "company", ("北原 澪（1）が今回", "港町水産（1）、山里製茶（2）")),
        ("one_director", "1", "company", "director", ("港町水産（1）を担当", "北原 澪（1）、瀬戸 航平（2）")),
        ("rivals", "1 / 2", "rivals", "company", ("（港町水産（1） / 山里製茶（2））", "港町水産（1）、山里製茶（2）")),
    ],
)
def test_conflict_lines_tell_a_director_from_a_company_of_the_same_id(
    family: str, subject: str, subject_kind: str, members_kind: str, said: tuple[str, str]
) -> None:
    row = ConflictRow(
        family=family,
        subject=subject,
        subject_kind=subject_kind,
        members_kind=members_kind,
        lower=None,
        upper=1,
        members=("1", "2"),
        n_members=2,
    )
    conflict = Conflict(rows=(row,), pins=(("2", "1"),), is_irreducible=True, word="proved")
    line, pin = conflict_lines(conflict, facts_of(same_ids_plan().problem), "ja")
    assert all(part in line for part in said)
    assert pin == "瀬戸 航平（2）と港町水産（1）の組合せが固定されています。"


def test_terminal_tells_a_director_from_a_company_of_the_same_id() -> None:
    assert "  北原 澪（1） → 港町水産（1）  10,000点" in plan_lines(same_ids_plan(), [], "ja")


def test_conflict_lines_end_with_the_pins() -> None:
    conflict = infeasible_plan().document.conflict
    assert conflict_lines(conflict, FACTS, "en")[-1] == "瀬戸 航平 (D2) is pinned to 幡多うみやま食品（架空） (C1)."


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_policy_is_told_in_full(lang: str) -> None:
    quota = Quota(by="region", value="四国", min=1, max=2)
    lines = dict(policy_lines(Policy(limits=Limits(max_companies=3, quotas=(quota,))), lang))
    told = {
        "ja": ("地方ごとの枠：四国", "1社以上、2社以下"),
        "en": ("quotas by region: Shikoku", "at least 1 and at most 2"),
    }
    key, said = told[lang]
    assert lines[key] == said
    assert all(lines.values())
