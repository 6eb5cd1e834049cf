"""The rows of the workbook's sheets, as values: what stands in each cell, in the order of its columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from statistics import mean
from typing import cast

from matcher.domain.policy import CRITERIA
from matcher.explain.interaction import InteractionAnswer, interaction_of
from matcher.explain.summary import Losses, summary_of
from matcher.explain.tables import grades_by_ids, tables_of
from matcher.plan.plan import Plan
from matcher.words import explain_interaction as interaction_words
from matcher.words.catalog import Lang
from matcher.words.decisions import run_items
from matcher.words.explain_alternatives import grade_text
from matcher.words.explain_summary import left_out_lines, serving_text, without_text
from matcher.words.explain_tables import left_out_line as tables_left_out
from matcher.words.facts import Facts
from matcher.words.headings import cell_text
from matcher.words.letters import letter_line
from matcher.words.plan import (
    certificate_tier,
    criterion_name,
    flag_names,
    gap_text,
    join_words,
    number_text,
    of_text,
    proof_line,
    solver_line,
    status_line,
    status_name,
    tier_name,
    why_line,
    word_name,
    word_note,
)
from matcher.words.policy import policy_lines
from matcher.words.report import digest_name, label, second_name
from matcher.words.unserved import reason_name, unserved_line

Cell = str | int | float | dt.date | None

PAIRS_TOLD = 1_000_000
"""Pairs up to which what is written says what of the points the pairing decides."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line of what the run was made from; a heading has no content."""

    item: str
    content: str = ""
    is_heading: bool = False


def match_rows(plan: Plan, facts: Facts, lang: Lang) -> list[list[Cell]]:
    """One row a match: people, places, points, full score, distance, fee, start, state, relations, why.

    Behind the full score its grade, where the plan's matches are graded.
    """
    grades = grades_by_ids(plan)
    return [
        [
            match.director_id,
            facts.director_name(match.director_id),
            facts.director_place(match.director_id, lang),
            match.company_id,
            facts.company_name(match.company_id),
            facts.company_place(match.company_id, lang),
            goal_text(facts, match.company_id, lang),
            match.points,
            sum(facts.possible_points(match.company_id).values()),
            *([] if grades is None else [grade_text(grades[match.director_id, match.company_id], lang)]),
            match.distance_km,
            facts.directors.get(match.director_id, {}).get("fee_jpy_per_month"),
            _day(facts.companies.get(match.company_id, {}).get("start")),
            label("new" if match.is_new else "kept", lang),
            label("yes", lang) if match.pinned else "",
            "\n".join(text for _, text in flag_names(match, lang)),
            why_line(match, facts, lang),
        ]
        for match in plan.document.assignments
    ]


def unserved_rows(plan: Plan, facts: Facts, lang: Lang) -> list[list[Cell]]:
    """One row a company that nobody serves, with the reason for staff and a draft for a letter."""
    return [
        [
            company.company_id,
            facts.company_name(company.company_id),
            facts.company_place(company.company_id, lang),
            goal_text(facts, company.company_id, lang),
            reason_name(company.reason, lang),
            unserved_line(company, facts, lang),
            company.detail.n_candidates,
            facts.director_name(company.detail.best_director_id) if company.detail.best_director_id else "",
            company.detail.best_points,
            letter_line(company, lang),
        ]
        for company in plan.document.unserved
    ]


def director_rows(plan: Plan, facts: Facts, lang: Lang) -> list[list[Cell]]:
    """One row a director: what they carry, what is left, and whom they serve."""
    served: dict[str, list[str]] = defaultdict(list)
    points: dict[str, list[int]] = defaultdict(list)
    for match in plan.document.assignments:
        served[match.director_id].append(facts.company_name(match.company_id))
        points[match.director_id].append(match.points)
    return [
        [
            load.director_id,
            facts.director_name(load.director_id),
            facts.director_place(load.director_id, lang),
            load.n_companies,
            load.n_elsewhere,
            load.slots_left,
            load.hours_per_month,
            mean(points[load.director_id]) if load.director_id in points else None,
            join_words(served[load.director_id], lang),
        ]
        for load in plan.document.directors
    ]


def score_rows(plan: Plan, facts: Facts, lang: Lang) -> list[list[Cell]]:
    """One row a match: points by criterion, points for keeping, total, full score, what had no information."""
    return [
        [
            match.director_id,
            facts.director_name(match.director_id),
            match.company_id,
            facts.company_name(match.company_id),
            *(match.criteria.get(name) for name in CRITERIA),
            match.keep,
            match.points,
            sum(facts.possible_points(match.company_id).values()),
            join_words([criterion_name(name, lang) for name in match.neutral], lang),
        ]
        for match in plan.document.assignments
    ]


def run_lines(plan: Plan, lang: Lang) -> list[RunLine]:
    """What came of the run, what is proved of it, under which policy, and how to repeat it."""
    policy = [RunLine(item, content) for item, content in policy_lines(plan.problem.policy, lang)]
    return [
        RunLine(label("result", lang), is_heading=True),
        *_result_lines(plan, lang),
        *_interaction_lines(plan, lang),
        RunLine(label("policy", lang), is_heading=True),
        *policy,
        RunLine(label("made_from", lang), is_heading=True),
        *source_lines(plan, lang),
    ]


def _result_lines(plan: Plan, lang: Lang) -> list[RunLine]:
    document, certificate = plan.document, plan.certificate
    tier = certificate_tier(document)
    tiers = [
        RunLine(
            label("tie_break_of" if row.is_tie_break else "tier_of", lang, name=tier_name(row.name, lang)),
            label(
                "tier_values",
                lang,
                value=number_text(row.value),
                bound=number_text(row.bound),
                word=word_name(row.word, lang),
            ),
        )
        for row in document.tiers
    ]
    return [
        RunLine(status_name(document, lang), status_line(document, lang)),
        RunLine(word_name(certificate.word, lang), proof_line(certificate, lang, tier=tier)),
        RunLine(label("word", lang), word_note(certificate.word, lang)),
        RunLine(label("value", lang), number_text(certificate.value)),
        RunLine(label("bound", lang), number_text(certificate.bound)),
        RunLine(label("gap", lang), gap_text(certificate.gap, lang)),
        RunLine(label("of", lang), of_text(certificate, lang)),
        *([RunLine(label("tiers", lang), label("tiers_note", lang))] if len(tiers) > 1 else []),
        *tiers,
    ]


def _interaction_lines(plan: Plan, lang: Lang) -> list[RunLine]:
    """What of the points the pairing decides: the sentences, then a line a criterion."""
    answer = told_interaction(plan)
    if answer is None:
        return []
    first, *more = interaction_words.sentences(answer, lang)
    return [
        RunLine(label("interaction", lang), is_heading=True),
        RunLine(label("of_points", lang), "\n".join([first, *more])),
        *(RunLine(name, content) for name, content in interaction_words.lines(answer, lang)),
    ]


def told_interaction(plan: Plan) -> InteractionAnswer | None:
    """The parts of the points, where there are matches and pairs enough to tell them.

    None also beyond `PAIRS_TOLD` pairs: there it takes as long as everything else that is written.
    """
    if not plan.document.assignments or not 0 < plan.candidates.n_asked <= PAIRS_TOLD:
        return None
    if "interaction" not in plan.found:
        plan.found["interaction"] = interaction_of(plan.problem, plan.candidates)
    answer = cast("InteractionAnswer", plan.found["interaction"])
    return answer if interaction_words.is_told(answer) else None


def source_lines(plan: Plan, lang: Lang) -> list[RunLine]:
    """Pairs, solver, digests, versions, command and seconds: what the result was made from."""
    document = plan.document
    digests = [
        RunLine(label("digest_of", lang, name=digest_name(name, lang)), digest)
        for name, digest in document.digests.items()
    ]
    versions = ", ".join(f"{name} {number}" for name, number in document.versions.items())
    seconds = ", ".join(f"{second_name(step, lang)} {value:.2f}" for step, value in document.seconds.items())
    return [
        *(RunLine(item, content) for item, content in run_items(document, lang)),
        RunLine(label("pairs_considered", lang), number_text(document.metrics.n_pairs_considered)),
        RunLine(label("pairs_eligible", lang), number_text(document.metrics.n_pairs_eligible)),
        RunLine(label("solver", lang), solver_line(document.solver, lang)),
        RunLine(label("command", lang), document.command or label("no_command", lang)),
        RunLine(label("seed", lang), str(document.seed)),
        RunLine(label("versions", lang), versions),
        *digests,
        RunLine(label("seconds", lang), seconds),
    ]


def goal_text(facts: Facts, company_id: str, lang: Lang) -> str:
    """The company's goal in the words of its table."""
    row = facts.companies.get(company_id)
    text = cell_text("companies", "goal", row["goal"], lang) if row else ""
    return text.replace("_", " ").capitalize() if lang == "en" else text


def _day(value: object) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else None


def explanation_rows(plan: Plan, facts: Facts, lang: Lang) -> list[list[Cell]]:
    """One row a match with what the plan loses without it, one an unserved company with what serving it costs.

    What was left out stands last, with the command that answers it.
    """
    summary = summary_of(plan)
    rows: list[list[Cell]] = []
    for match in plan.document.assignments:
        text = without_text(summary, match.director_id, match.company_id, lang)
        if text and summary.without is not None:
            losses = summary.without[match.director_id, match.company_id]
            rows.append([*_pair_cells(match.director_id, match.company_id, facts), _points_lost(losses), text])
    for company in plan.document.unserved:
        text = serving_text(summary, company.company_id, facts, lang)
        if text and summary.serving is not None:
            one = summary.serving[company.company_id]
            rows.append([*_pair_cells(one.director_id, company.company_id, facts), _points_lost(one.losses), text])
    missing = [*left_out_lines(plan, summary, lang), tables_left_out(tables_of(plan), lang)]
    return rows + [["", "", "", "", None, line] for line in missing if line]


def _pair_cells(director_id: str | None, company_id: str, facts: Facts) -> list[Cell]:
    director: list[Cell] = [None, None] if director_id is None else [director_id, facts.director_name(director_id)]
    return [*director, company_id, facts.company_name(company_id)]


def _points_lost(losses: Losses) -> int | None:
    loss = losses.get("points")
    return None if loss is None or loss.word != "proved" else loss.points
