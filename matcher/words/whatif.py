"""What-ifs in words: one table of all scenarios, then who moves, enters and leaves in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matcher.plan.document import PlanDocument
from matcher.whatif.comparing import Comparison
from matcher.whatif.figures import has_plan
from matcher.whatif.frames import sides_of
from matcher.whatif.running import Outcome
from matcher.whatif.study import Case, Study
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.conflicts import Passage, conflict_passages
from matcher.words.errors import error_text
from matcher.words.facts import facts_of
from matcher.words.issues import issue_text
from matcher.words.plan import status_name, tier_name, tier_value, word_name
from matcher.words.plan_data import table_of
from matcher.words.whatif_chains import comparison_lines, names_of, signed

TEXTS: Final = table_of(
    {
        "title": ("もしも：{title}", "What if: {title}"),
        "base": ("現状", "As it is"),
        "scenario": ("シナリオ", "Scenario"),
        "status": ("状態", "Status"),
        "proof": ("確かさ", "How sure"),
        "change": ("差", "Change"),
        "served": ("支援数", "Served"),
        "used": ("稼働ディレクター", "Directors at work"),
        "distance": ("距離の合計（km）", "Distance (km)"),
        "fees": ("月額報酬（円）", "Fees a month (yen)"),
        "plan": ("計画", "Plan"),
        "moves": ("変更・新規・終了", "Moved, entered, left"),
        "question": ("問い：{question}", "Question: {question}"),
        "no_plan": (
            "時間内に計画が見つからなかったため、計画がありません。"
            "solve.time_limit_s を延ばして、もう一度計算してください。",
            "There is no plan: none was found in time. Allow more of it with solve.time_limit_s.",
        ),
        "failed_short": ("計算できませんでした", "Not solved"),
        "not_run_short": ("計算していません", "Not run"),
        "failed": ("計算できませんでした：{reason}", "Not solved: {reason}"),
        "more_faults": ("ほか{n}件", "and {n} more"),
        "not_run": ("中断したため計算していません。", "Not run: interrupted before."),
        "against": ("「{title}」と比べて", "Against {title}"),
        "only_base": ("{title}（ほかのシナリオのもと）", "{title} (base of another)"),
        "base_failed": ("もとの計画を計算できませんでした：{reason}", "The base was not solved: {reason}"),
        "compared": ("{before} と {after} の比較", "{before} compared with {after}"),
    }
)

_ISSUES_SHOWN = 50


def table_of_study(study: Study, lang: Lang) -> Grid:
    """One row a case: status, every tier with its difference, how sure, and the figures people ask for first."""
    tiers = tiers_of(study)
    headings = [TEXTS["scenario"].fill(lang), TEXTS["status"].fill(lang)]
    for tier in tiers:
        headings += [tier_name(tier, lang), TEXTS["change"].fill(lang)]
    headings += [TEXTS[name].fill(lang) for name in ("proof", "served", "used", "distance", "fees", "moves")]
    return Grid(
        tuple(headings), tuple(_row(case, tiers, lang, case_title(study, case, lang)) for case in study.all_cases)
    )


def tiers_of(study: Study) -> list[str]:
    """The objective tiers of every case, in order of the first that has them."""
    documents = [case.document for case in study.all_cases if case.document is not None]
    return list(dict.fromkeys(tier for document in documents for tier in document.objective))


def case_title(study: Study, case: Case, lang: Lang) -> str:
    """What a case is called: the common base of scenarios is how things are, any other goes by its title."""
    if case is study.base and study.kind == "what-if":
        return TEXTS["base"].fill(lang)
    return case.title if case.is_asked else TEXTS["only_base"].fill(lang, title=case.title)


def case_blocks(study: Study, case: Case, lang: Lang) -> list[Block]:
    """One case: its question, and who moves, enters and leaves; against the common base, then against its own."""
    out: list[Block] = [Line("heading", case_title(study, case, lang))]
    if case.question:
        out.append(Line("text", TEXTS["question"].fill(lang, question=case.question)))
    reason = reason_lines(case, lang)
    if reason:
        return [*out, *reason]
    sides = sides_of(study, case)
    for base, comparison in sides:
        if len(sides) > 1 or (base is not study.base):
            out.append(Line("text", TEXTS["against"].fill(lang, title=case_title(study, base, lang))))
        if not base.is_planned:
            out += reason_lines(base, lang)
        elif base.plan is not None and case.plan is not None:
            out += comparison_lines(comparison, names_of(base.plan.problem, case.plan.problem), lang, of=case.name)
    return out


def reason_lines(case: Case, lang: Lang) -> list[Line]:
    """Why a case has no plan, with the faults of its file; nothing where it has one."""
    return outcome_reasons(case.outcome, lang)


def outcome_reasons(outcome: Outcome, lang: Lang) -> list[Line]:
    """Why an outcome has no plan, demand by demand where they conflict; nothing where it has one."""
    if outcome.error is not None:
        told = [Line("text", TEXTS["failed"].fill(lang, reason=error_text(outcome.error, lang)))]
        issues = getattr(outcome.error, "issues", ())
        told += [Line("item", issue_text(issue, lang)) for issue in issues[:_ISSUES_SHOWN]]
        n_more = len(issues) - _ISSUES_SHOWN
        return told + ([Line("item", TEXTS["more_faults"].fill(lang, n=n_more))] if n_more > 0 else [])
    if outcome.plan is None:
        return [Line("text", TEXTS["not_run"].fill(lang))]
    document = outcome.plan.document
    if has_plan(document):
        return []
    passages = conflict_passages(document.conflict, facts_of(outcome.plan.problem), lang)
    if not passages:
        return [Line("text", TEXTS["no_plan"].fill(lang))]
    return [line for passage in passages for line in _passage_lines(passage)]


def _passage_lines(passage: Passage) -> list[Line]:
    return [Line("text", passage.heading), *(Line("item", line) for line in passage.lines)]


def reason_line(case: Case, lang: Lang) -> str:
    """Why a case has no plan, in the first line of what there is to say; empty where it has one."""
    lines = reason_lines(case, lang)
    return lines[0].text.split("\n", 1)[0] if lines else ""


def _row(case: Case, tiers: Sequence[str], lang: Lang, title: str) -> tuple[str | int | None, ...]:
    document, comparison = case.document, case.against_base
    if document is None:
        return (title, state_text(case, lang), *(None,) * (2 * len(tiers) + 6))
    cells: list[str | int | None] = [title, state_text(case, lang)]
    for tier in tiers:
        value = document.objective.get(tier)
        was = None if comparison is None else comparison.tiers.get(tier, (None, None))[0]
        cells.append(value if value is None or tier == "points" else tier_value(tier, value, lang))
        cells.append(None if value is None or was is None else signed(value - was))
    metrics = document.metrics
    if not case.is_planned:
        return (*cells, sure_text(document, lang), *(None,) * 5)
    cells += [
        sure_text(document, lang),
        metrics.n_served,
        metrics.n_directors_used,
        round(metrics.total_distance_km),
        round(metrics.fee_jpy_per_month),
        counts_text(comparison),
    ]
    return tuple(cells)


def state_text(case: Case, lang: Lang) -> str:
    """The status of its plan, or that it was not solved, in a few words."""
    if case.document is not None:
        return status_name(case.document, lang)
    return TEXTS["not_run_short" if case.outcome.error is None else "failed_short"].fill(lang)


def counts_text(comparison: Comparison | None) -> str | None:
    """How many move, enter and leave."""
    if comparison is None:
        return None
    return f"{len(comparison.moved)} / {len(comparison.entered)} / {len(comparison.left)}"


def sure_text(document: PlanDocument, lang: Lang) -> str:
    """Proved, claimed or unknown, with the gap where there is one."""
    certificate = document.certificate
    shown = word_name(certificate.word, lang)
    if certificate.gap:
        shown += f" ({certificate.gap:.2%})"
    return shown
