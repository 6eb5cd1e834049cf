"""The other plans that are nearly as good, and how sure each match is, in words."""

from __future__ import annotations

from typing import Final

from matcher.explain.alternatives import AlternativesAnswer, OtherPlan
from matcher.explain.explanation import Audience
from matcher.explain.grades import MatchGrade
from matcher.explain.standing import Standing
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.explain_common import chain_lines, standing_notes
from matcher.words.facts import facts_of
from matcher.words.plan import number_text, tier_name, tier_value
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "title": ("ほかの良い計画", "Other plans nearly as good"),
        "this": ("この計画は{value}です。", "This plan: {value}."),
        "none": (
            "ここから{tolerance}点以内の計画は、ほかにありません（{word}）。",
            "There is no other plan within {tolerance:point|points} of it ({word}).",
        ),
        "exactly": (
            "ここから{tolerance}点以内の計画は、ほかにちょうど{n}件あります（{word}）。",
            "Within {tolerance:point|points} of it there {n:=is|are} exactly {n:other plan|other plans} ({word}).",
        ),
        "at_least": (
            "ここから{tolerance}点以内の計画は、ほかに{n}件より多くあります。良い順に{n}件を示します。"
            "{n}件目は{last}点です（{word}）。",
            "Within {tolerance:point|points} of it there {n:=is|are} more than {n:other plan|other plans}. The best "
            "{n} "
            "{n:=is|are} shown; the last of them has {last:point|points} ({word}).",
        ),
        "out_of_time": (
            "時間の目安に達したため、良い順に{n}件まで調べました。ほかにもあるかもしれません（{word}）。",
            "The time was used up after the best {n}; there may be more ({word}).",
        ),
        "not_known": (
            "ここから{tolerance}点以内の計画が、ほかに{n}件見つかりました。漏れがないことは未確認です。",
            "Within {tolerance:point|points} of it {n:other plan was|other plans were} found; whether there are more "
            "is "
            "unknown.",
        ),
        "proved": ("証明済み", "proved"),
        "claimed": ("ソルバーの主張", "claimed by the solver"),
        "unknown": ("未確認", "unknown"),
        "tied": (
            "同点の計画がほかに{n}件あります。この計画に決めたのは、次の同点の扱いです。",
            "{n:other plan has|other plans have} equal points. What chose this one:",
        ),
        "tie": (
            "計画{n}との違い：{name}（この計画 {own}、計画{n} {other}）",
            "Against plan {n}: {name} (this plan {own}, plan {n} {other})",
        ),
        "tie_lot": ("計画{n}との違い：記録された抽選だけ", "Against plan {n}: the recorded lot alone"),
        "tie_none": (
            "計画{n}との違い：同点の扱いでも差がありません",
            "Against plan {n}: no tie-break tells them apart",
        ),
        "plan": (
            "計画{n}：{points}点（この計画との差 {loss}点）",
            "Plan {n}: {points:point|points} ({loss} below this plan)",
        ),
        "plan_tied": ("計画{n}：{points}点（同点）", "Plan {n}: {points:point|points} (equal)"),
        "plan_above": (
            "計画{n}：{points}点（この計画より{loss}点多い）",
            "Plan {n}: {points:point|points} ({loss} above this plan)",
        ),
        "plan_no": ("計画", "Plan"),
        "below": ("この計画との差", "Below this plan"),
        "n_changes": ("変わる組合せ", "Matches that change"),
        "then": ("変わること", "What changes"),
        "tie_only": ("同点のときの違い", "Where equal"),
        "matches": ("組合せの確かさ", "How sure each match is"),
        "director": ("ディレクター", "Director"),
        "company": ("企業・自治体", "Company"),
        "kept": ("残る計画の数", "Kept in"),
        "loss": ("外すと減る点", "Points lost without it"),
        "grade": ("確かさ", "Grade"),
        "grade_tag": ("確かさ：{grade}", "Grade: {grade}"),
        "definition": (
            "A：どの組合せの点数が±{spread}点ぶれても、最も良い計画には必ず入ります。"
            "B：ぶれによっては入れ替わります。C：外しても点数が変わらず、同点の扱いだけで決まっています。"
            "面談で確かめるなら、Cから先が有効です。",
            "A: in every best plan, even if the points of any pairs are off by up to ±{spread}. B: within these "
            "spreads it may be replaced. C: leaving it out costs no points; only the tie-break decided. "
            "Spend interview time on C first.",
        ),
        "company_only": (
            "ほかの企業に関わる内容のため、この読み手には表示しません。",
            "This speaks of other companies and is not shown to this reader.",
        ),
    }
)
UNGRADED: Final = table_of(
    {
        "plan_not_proved": ("判定なし（計画が証明されていない）", "none (the plan is not proved)"),
        "points_not_first": ("判定なし（点数で決まる計画ではない）", "none (points do not decide)"),
        "not_settled": ("判定なし（計算量の上限）", "none (too hard to settle)"),
        "out_of_time": ("判定なし（時間切れ）", "none (out of time)"),
    }
)
GRADES: Final = table_of(
    {
        "pinned": ("A（固定の指定）", "A (pinned)"),
        "no_plan_without": ("A（外した計画は存在しない）", "A (no plan without it)"),
        "keeps_lead": ("A", "A"),
        "overtaken": ("B", "B"),
        "tie_break": ("C", "C"),
    }
)


def blocks(standing: Standing, answer: AlternativesAnswer, lang: Lang, audience: Audience) -> list[Block]:
    """Headings, sentences and tables, in reading order."""
    out: list[Block] = [Line("title", TEXTS["title"].fill(lang))]
    if audience == "company":
        return [*out, Line("note", TEXTS["company_only"].fill(lang))]
    out += notes(standing, answer, lang)
    out += _tie_lines(answer, lang)
    out += _match_grid(standing, answer, lang)
    for n, plan in enumerate(answer.plans, start=1):
        loss = answer.points - plan.points
        code = "plan" if loss > 0 else "plan_tied" if loss == 0 else "plan_above"
        text = TEXTS[code].fill(lang, n=n, points=number_text(plan.points), loss=number_text(abs(loss)))
        out += [Line("heading", text), *chain_lines(standing, plan.chain, lang)]
    return out


def notes(standing: Standing, answer: AlternativesAnswer, lang: Lang) -> list[Line]:
    """How many plans there are, and what has to be known before the figures are read."""
    value = tier_value(answer.tier, answer.points, lang)
    about = [TEXTS["this"].fill(lang, value=value), _how_many(answer, lang)]
    return [*(Line("text", text) for text in about), *standing_notes(standing, lang)]


def table(standing: Standing, answer: AlternativesAnswer, lang: Lang) -> Grid:
    """The other plans, a row each, with all that changes."""
    has_ties = bool(answer.tied)
    names = ("plan_no", "below", "n_changes", "then", *(("tie_only",) if has_ties else ()))
    headings = [TEXTS[name].fill(lang) for name in names]
    headings.insert(1, tier_name(answer.tier, lang))
    rows = []
    for n, plan in enumerate(answer.plans, start=1):
        then = "\n".join(line.text for line in chain_lines(standing, plan.chain, lang))
        tie = _tie_text(answer, n, plan, lang) if plan.points == answer.points else ""
        row = (n, plan.points, answer.points - plan.points, len(plan.chain), then, tie)
        rows.append(row[: len(headings)])
    return Grid(tuple(headings), tuple(rows))


def grade_note(spread_points: int, lang: Lang) -> str:
    """What the grades mean."""
    return TEXTS["definition"].fill(lang, spread=number_text(spread_points))


def _how_many(answer: AlternativesAnswer, lang: Lang) -> str:
    n = len(answer.plans)
    if answer.is_out_of_time:
        code = "out_of_time"
    elif answer.word == "unknown":
        code = "not_known"
    else:
        code = "at_least" if not answer.is_all else "exactly" if n else "none"
    last = number_text(answer.plans[-1].points) if answer.plans else "–"
    tolerance, word = number_text(answer.tolerance_points), TEXTS[answer.word].fill(lang)
    return TEXTS[code].fill(lang, tolerance=tolerance, n=n, last=last, word=word)


def _tie_lines(answer: AlternativesAnswer, lang: Lang) -> list[Block]:
    tied = [(n, plan) for n, plan in enumerate(answer.plans, start=1) if plan.points == answer.points]
    if not tied:
        return []
    lines: list[Block] = [Line("text", TEXTS["tied"].fill(lang, n=len(tied)))]
    return lines + [Line("item", _tie_text(answer, n, plan, lang)) for n, plan in tied]


def _tie_text(answer: AlternativesAnswer, n: int, plan: OtherPlan, lang: Lang) -> str:
    """The first thing after the points that tells two plans apart."""
    for name, own in answer.ranked.items():
        other = plan.ranked.get(name, own)
        if other == own:
            continue
        short = name.removeprefix("tie_break:")
        if short == "lot":
            return TEXTS["tie_lot"].fill(lang, n=n)
        return TEXTS["tie"].fill(lang, n=n, name=tier_name(short, lang), own=number_text(own), other=number_text(other))
    return TEXTS["tie_none"].fill(lang, n=n)


def _match_grid(standing: Standing, answer: AlternativesAnswer, lang: Lang) -> list[Block]:
    facts, problem = facts_of(standing.problem), standing.problem
    headings = tuple(TEXTS[name].fill(lang) for name in ("director", "company", "kept", "loss", "grade"))
    rows = []
    for match in answer.grades.matches:
        director, company = problem.director_ids[match.pair[0]], problem.company_ids[match.pair[1]]
        rows.append(
            (
                facts.labelled_director(director, lang),
                facts.labelled_company(company, lang),
                f"{answer.n_kept[match.pair]}/{len(answer.plans)}",
                None if match.loss is None else match.loss.points,
                grade_text(match, lang),
            )
        )
    if not rows:
        return []
    return [
        Grid(headings, tuple(rows), TEXTS["matches"].fill(lang)),
        Line("note", grade_note(answer.grades.spread_points, lang)),
    ]


def grade_tag(match: MatchGrade, lang: Lang) -> str:
    """A grade beside a match: which it is of what."""
    return TEXTS["grade_tag"].fill(lang, grade=grade_text(match, lang))


def grade_text(match: MatchGrade, lang: Lang) -> str:
    """A grade in a cell: the letter, and why there is none."""
    if match.grade is None:
        return UNGRADED[match.reason].fill(lang)
    text = GRADES[match.reason].fill(lang)
    return text if match.word == "proved" else f"{text} [{TEXTS[match.word].fill(lang)}]"
