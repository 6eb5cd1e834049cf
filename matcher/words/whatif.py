"""What-ifs in words: one table of all scenarios, then who moves, enters and leaves in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matcher.domain.problem import Problem
from matcher.plan.document import PlanDocument
from matcher.whatif.comparing import Comparison, Move
from matcher.whatif.running import Outcome
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.errors import error_text
from matcher.words.facts import facts_of
from matcher.words.issues import issue_text
from matcher.words.plan import number_text, status_name, tier_name, tier_value, word_name
from matcher.words.plan_data import table_of

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
        "moved": (
            "{company}：{before}から{after}へ（{points}）",
            "{company}: from {before} to {after} ({points})",
        ),
        "entered": ("{company}：{after}が新たに担当（{points}）", "{company}: served by {after} now ({points})"),
        "left": (
            "{company}：{before}の担当がなくなる（{points}）",
            "{company}: no longer served by {before} ({points})",
        ),
        "no_plan": (
            "条件がすべては両立しないか、時間内に計画が見つからなかったため、計画がありません。"
            "同じ変更を方針に書いて matcher run を行うと、理由が示されます。",
            "There is no plan: the demands conflict, or none was found in time. "
            "With the same changes in the policy, matcher run tells the reason.",
        ),
        "same": ("組合せは変わりません。", "No match changes."),
        "failed": ("計算できませんでした：{reason}", "Not solved: {reason}"),
        "not_run": ("中断したため計算していません。", "Not run: interrupted before."),
        "rows": ("データの違い：{n}行", "Rows of the data that differ: {n}"),
        "row": ("{table} {key}：{fields}", "{table} {key}: {fields}"),
        "more": ("ほか{n}行", "and {n} more"),
        "before": ("前だけにある", "only before"),
        "after": ("後だけにある", "only after"),
        "policy": ("方針の違い：{keys}", "Settings that differ: {keys}"),
        "compared": ("{before} と {after} の比較", "{before} compared with {after}"),
    }
)

_ROWS_SHOWN = 6


def table_of_outcomes(base: Outcome, outcomes: Sequence[tuple[Outcome, Comparison | None]], lang: Lang) -> Grid:
    """One row a scenario: status, every tier with its difference, how sure, and the figures people ask for first."""
    tiers = [] if base.plan is None else list(base.plan.document.objective)
    headings = [TEXTS["scenario"].fill(lang), TEXTS["status"].fill(lang)]
    for tier in tiers:
        headings += [tier_name(tier, lang), TEXTS["change"].fill(lang)]
    headings += [TEXTS[name].fill(lang) for name in ("proof", "served", "used", "distance", "fees", "moves")]
    rows = [_row(base, None, tiers, lang, TEXTS["base"].fill(lang))]
    rows += [_row(outcome, comparison, tiers, lang, outcome.title) for outcome, comparison in outcomes]
    return Grid(tuple(headings), tuple(rows))


def outcome_blocks(
    outcome: Outcome, comparison: Comparison | None, question: str, before: Problem, lang: Lang
) -> list[Block]:
    """One scenario: its question, and who moves, enters and leaves."""
    out: list[Block] = [Line("heading", outcome.title)]
    if question:
        out.append(Line("text", TEXTS["question"].fill(lang, question=question)))
    if outcome.error is not None:
        out.append(Line("text", TEXTS["failed"].fill(lang, reason=error_text(outcome.error, lang))))
        issues = getattr(outcome.error, "issues", ())
        return out + [Line("item", issue_text(issue, lang)) for issue in issues[:_ROWS_SHOWN]]
    if outcome.plan is None or comparison is None:
        return [*out, Line("text", TEXTS["not_run"].fill(lang))]
    is_planned = _has_plan(outcome.plan.document)
    return out + comparison_lines(comparison, before, outcome.plan.problem, lang, is_planned=is_planned)


def comparison_lines(
    comparison: Comparison, before: Problem, after: Problem, lang: Lang, *, is_planned: bool = True
) -> list[Block]:
    """Who moves, enters and leaves; and what differs in policy and data. `is_planned`: both sides have a plan."""
    out: list[Block] = []
    if not is_planned:
        out.append(Line("text", TEXTS["no_plan"].fill(lang)))
    for kind in () if not is_planned else ("moved", "entered", "left"):
        moves: Sequence[Move] = getattr(comparison, kind)
        out += [Line("item", _move_line(kind, move, before, after, lang)) for move in moves]
    if not out:
        out.append(Line("text", TEXTS["same"].fill(lang)))
    if comparison.policy:
        out.append(Line("note", TEXTS["policy"].fill(lang, keys=comparison.policy)))
    if comparison.n_rows:
        out.append(Line("note", TEXTS["rows"].fill(lang, n=comparison.n_rows)))
        out += [
            Line(
                "item",
                TEXTS["row"].fill(
                    lang,
                    table=row.table,
                    key=" ".join(row.key),
                    fields=row.fields if row.side == "both" else TEXTS[row.side],
                ),
            )
            for row in comparison.rows[:_ROWS_SHOWN]
        ]
        if comparison.n_rows > _ROWS_SHOWN:
            out.append(Line("item", TEXTS["more"].fill(lang, n=number_text(comparison.n_rows - _ROWS_SHOWN))))
    return out


def _move_line(kind: str, move: Move, before: Problem, after: Problem, lang: Lang) -> str:
    one, other = facts_of(before), facts_of(after)
    facts = other if move.company_id in other.companies else one
    points = " → ".join(number_text(value) for value in (move.before_points, move.after_points) if value is not None)
    return TEXTS[kind].fill(
        lang,
        company=facts.labelled_company(move.company_id, lang),
        before="" if move.before_id is None else one.labelled_director(move.before_id, lang),
        after="" if move.after_id is None else other.labelled_director(move.after_id, lang),
        points=points + ("点" if lang == "ja" else " points"),
    )


def _row(
    outcome: Outcome, comparison: Comparison | None, tiers: Sequence[str], lang: Lang, title: str
) -> tuple[str | int | None, ...]:
    if outcome.plan is None:
        shown = TEXTS["not_run"].fill(lang) if outcome.error is None else error_text(outcome.error, lang)
        return (title, shown.split("\n", 1)[0], *(None,) * (2 * len(tiers) + 6))
    document = outcome.plan.document
    cells: list[str | int | None] = [title, status_name(document, lang)]
    for tier in tiers:
        value = document.objective.get(tier)
        was = None if comparison is None else comparison.tiers.get(tier, (None, None))[0]
        cells.append(value if value is None or tier == "points" else tier_value(tier, value, lang))
        cells.append(None if value is None or was is None else f"{value - was:+,}")
    metrics = document.metrics
    if not _has_plan(document):
        return (*cells, sure_text(document, lang), *(None,) * 5)
    cells += [
        sure_text(document, lang),
        metrics.n_served,
        metrics.n_directors_used,
        round(metrics.total_distance_km),
        round(metrics.fee_jpy_per_month),
        None if comparison is None else _counts(comparison),
    ]
    return tuple(cells)


def _has_plan(document: PlanDocument) -> bool:
    return document.status in ("optimal", "feasible")


def _counts(comparison: Comparison) -> str:
    return f"{len(comparison.moved)} / {len(comparison.entered)} / {len(comparison.left)}"


def sure_text(document: PlanDocument, lang: Lang) -> str:
    """The word of a plan, with its gap."""
    certificate = document.certificate
    shown = word_name(certificate.word, lang)
    if certificate.gap:
        shown += f" ({certificate.gap:.2%})"
    return shown
