"""What the report's template shows, ready as text: no template asks a plan, and none holds a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.domain.policy import CRITERIA
from matcher.explain.grades import MatchGrade
from matcher.explain.summary import Summary, summary_of
from matcher.explain.tables import grades_by_ids, tables_of
from matcher.io.plan_rows import goal_text, source_lines, told_interaction
from matcher.io.report_map import ReportMap, build_map
from matcher.io.report_tables import TableView, table_views, tables_left_out
from matcher.plan.document import Assignment
from matcher.plan.plan import Plan
from matcher.words import explain_interaction as interaction_words
from matcher.words.blocks import Grid
from matcher.words.catalog import Lang
from matcher.words.conflicts import Passage, conflict_passages
from matcher.words.decisions import conflict_passage
from matcher.words.explain_alternatives import grade_note, grade_tag
from matcher.words.explain_summary import left_out_lines, serving_text, without_text
from matcher.words.facts import Facts, facts_of
from matcher.words.plan import (
    certificate_tier,
    criterion_name,
    criterion_note,
    flag_names,
    gap_text,
    join_words,
    number_text,
    of_text,
    proof_line,
    status_line,
    status_name,
    tier_name,
    why_line,
    word_name,
    word_note,
)
from matcher.words.policy import policy_lines
from matcher.words.report import label
from matcher.words.unserved import reason_name, unserved_line

N_CARDS = 24
"""With more matches than this the report shows rows that open instead of cards."""
N_LISTED = 1_000
"""At most this many matches, companies and directors are listed; more make a page that no browser likes to open."""
_MAX_PIPS = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion of a match: `length` is the full score against the largest criterion, `filled` the points, in %."""

    name: str
    points: str
    possible: str
    length: float
    filled: float
    is_neutral: bool


@dataclass(frozen=True, slots=True)
class FlagView:
    """Relations between the two that need approval or disclosure; `severity` chooses the look."""

    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """One match as a card or a row."""

    number: int
    director: str
    director_id: str
    base: str
    company: str
    company_id: str
    place: str
    goal: str
    points: str
    full: str
    filled: float
    tags: tuple[str, ...]
    flags: tuple[FlagView, ...]
    distance: str
    why: str
    grade: str
    without: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class UnservedView:
    """One company without a director."""

    company: str
    company_id: str
    place: str
    reason: str
    explanation: str
    serving: str


@dataclass(frozen=True, slots=True)
class LoadView:
    """One director's load; `pips` are ``here``, ``elsewhere``, ``left``, or none where there would be too many."""

    director: str
    director_id: str
    base: str
    text: str
    pips: tuple[str, ...]
    hours: str
    companies: str


@dataclass(frozen=True, slots=True)
class TierView:
    """One objective tier or tie-break with what is proved of it."""

    kind: str
    name: str
    value: str
    bound: str
    word: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion with its share of the points."""

    name: str
    note: str
    share: str


@dataclass(frozen=True, slots=True)
class InteractionView:
    """What of the points the pairing decides: sentences and a table."""

    sentences: tuple[str, ...]
    grid: Grid


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report."""

    title: str
    status: str
    status_name: str
    status_line: str
    figures: tuple[Pair, ...]
    word: str
    word_name: str
    word_note: str
    proof_line: str
    proof: tuple[Pair, ...]
    tiers: tuple[TierView, ...]
    conflict: tuple[Passage, ...]
    map: ReportMap
    matches: tuple[MatchView, ...]
    matches_cut: str
    has_cards: bool
    n_matches: str
    unserved: tuple[UnservedView, ...]
    unserved_cut: str
    n_unserved: str
    reasons: tuple[str, ...]
    loads: tuple[LoadView, ...]
    loads_cut: str
    n_loads: str
    criteria: tuple[CriterionView, ...]
    interaction: InteractionView | None
    grade_note: str
    tables: tuple[TableView, ...]
    left_out: tuple[str, ...]
    policy: tuple[Pair, ...]
    source: tuple[Pair, ...]
    digest: str


def build_view(plan: Plan, lang: Lang) -> ReportView:
    """Everything the report shows, in `lang`."""
    document, certificate, facts = plan.document, plan.certificate, facts_of(plan.problem)
    listed, summary = _most_points(document.assignments), summary_of(plan)
    tables = tables_of(plan)
    grades = grades_by_ids(plan) or {}
    counts = Counter(company.reason for company in document.unserved)
    return ReportView(
        title=document.title,
        status=document.status,
        status_name=status_name(document, lang),
        status_line=status_line(document, lang),
        figures=_figures(plan, lang),
        word=certificate.word,
        word_name=word_name(certificate.word, lang),
        word_note=word_note(certificate.word, lang),
        proof_line=proof_line(certificate, lang, tier=certificate_tier(document)),
        proof=_proof(plan, lang),
        tiers=_tiers(plan, lang),
        conflict=(*conflict_passages(document.conflict, facts, lang), *conflict_passage(document, facts, lang)),
        map=build_map(listed, facts, lang),
        matches=tuple(
            _match(number, match, summary, grades.get((match.director_id, match.company_id)), facts, lang)
            for number, match in enumerate(listed, start=1)
        ),
        matches_cut=_cut_note(len(document.assignments), lang),
        has_cards=len(document.assignments) <= N_CARDS,
        n_matches=number_text(len(document.assignments)),
        left_out=(*left_out_lines(plan, summary, lang), *tables_left_out(plan, lang)),
        grade_note="" if tables is None or tables.grades is None else grade_note(tables.grades.spread_points, lang),
        tables=table_views(plan, lang),
        unserved=_unserved(plan, summary, facts, lang),
        unserved_cut=_cut_note(len(document.unserved), lang),
        n_unserved=number_text(len(document.unserved)),
        reasons=tuple(
            label("reason_count", lang, reason=reason_name(reason, lang), n=number_text(n))
            for reason, n in counts.most_common()
        ),
        loads=_loads(plan, facts, lang),
        loads_cut=_cut_note(len(document.directors), lang),
        n_loads=number_text(len(document.directors)),
        criteria=_criteria(facts, lang),
        interaction=_interaction(plan, lang),
        policy=tuple(Pair(*line) for line in policy_lines(plan.problem.policy, lang)),
        source=tuple(Pair(line.item, line.content) for line in source_lines(plan, lang)),
        digest=document.digests.get("plan", "")[:12],
    )


def _most_points(matches: Sequence[Assignment]) -> list[Assignment]:
    """The matches that are listed: all of them, or those with the most points, in the order of the plan."""
    if len(matches) <= N_LISTED:
        return list(matches)
    best = sorted(range(len(matches)), key=lambda place: -matches[place].points)[:N_LISTED]
    return [matches[place] for place in sorted(best)]


def _cut_note(n_all: int, lang: Lang) -> str:
    """What is not listed is said aloud."""
    if n_all <= N_LISTED:
        return ""
    return label("cut_note", lang, shown=number_text(N_LISTED), n=number_text(n_all))


def _figures(plan: Plan, lang: Lang) -> tuple[Pair, ...]:
    metrics = plan.document.metrics
    fee = number_text(metrics.fee_jpy_per_month)
    if metrics.n_unknown_fees:
        fee += f"\n{label('unknown_fees', lang, n=number_text(metrics.n_unknown_fees))}"
    n_of = {
        "served": (metrics.n_served, metrics.n_companies),
        "directors_used": (metrics.n_directors_used, metrics.n_directors),
    }
    return (
        *(
            Pair(label(code, lang), label("n_of", lang, n=number_text(n), total=number_text(total)))
            for code, (n, total) in n_of.items()
        ),
        Pair(label("total_points", lang), number_text(metrics.total_points)),
        Pair(label("total_distance", lang), number_text(round(metrics.total_distance_km))),
        Pair(label("total_fee", lang), fee),
    )


def _proof(plan: Plan, lang: Lang) -> tuple[Pair, ...]:
    certificate = plan.certificate
    among = Pair(label("of", lang), of_text(certificate, lang))
    if certificate.value is None:
        return (among,)
    return (
        Pair(label("value", lang), number_text(certificate.value)),
        Pair(label("bound", lang), number_text(certificate.bound)),
        Pair(label("gap", lang), gap_text(certificate.gap, lang)),
        among,
    )


def _tiers(plan: Plan, lang: Lang) -> tuple[TierView, ...]:
    return tuple(
        TierView(
            kind=label("tie_break" if tier.is_tie_break else "tier", lang),
            name=tier_name(tier.name, lang),
            value=number_text(tier.value),
            bound=number_text(tier.bound),
            word=word_name(tier.word, lang),
        )
        for tier in plan.document.tiers
    )


def _match(
    number: int, match: Assignment, summary: Summary, grade: MatchGrade | None, facts: Facts, lang: Lang
) -> MatchView:
    possible = facts.possible_points(match.company_id)
    full = sum(possible.values())
    tags = [label("new" if match.is_new else "kept", lang)]
    if match.pinned:
        tags.append(label("pinned", lang))
    return MatchView(
        number=number,
        director=facts.director_name(match.director_id),
        director_id=match.director_id,
        base=facts.director_place(match.director_id, lang),
        company=facts.company_name(match.company_id),
        company_id=match.company_id,
        place=facts.company_place(match.company_id, lang),
        goal=goal_text(facts, match.company_id, lang),
        points=number_text(match.points),
        full=number_text(full),
        filled=_percent(match.points, full),
        tags=tuple(tags),
        flags=tuple(FlagView(*flag) for flag in flag_names(match, lang)),
        distance=""
        if match.distance_km is None
        else label("distance_short", lang, km=number_text(round(match.distance_km))),
        why=why_line(match, facts, lang),
        grade="" if grade is None else grade_tag(grade, lang),
        without=without_text(summary, match.director_id, match.company_id, lang),
        bars=_bars(match, possible, lang),
    )


def _bars(match: Assignment, possible: Mapping[str, int], lang: Lang) -> tuple[Bar, ...]:
    largest = max(possible.values(), default=0)
    rows = [(name, match.criteria[name], possible[name]) for name in match.criteria]
    bars = [
        Bar(
            name=criterion_name(name, lang),
            points=number_text(points),
            possible=number_text(full),
            length=_percent(full, largest),
            filled=_percent(points, full),
            is_neutral=name in match.neutral,
        )
        for name, points, full in rows
    ]
    if match.keep:
        keep = number_text(match.keep)
        bars.append(Bar(criterion_name("keep", lang), keep, "", _percent(match.keep, largest), 100.0, False))
    return tuple(bars)


def _percent(part: float, whole: float) -> float:
    return round(min(max(100 * part / whole, 0.0), 100.0), 1) if whole else 0.0


def _unserved(plan: Plan, summary: Summary, facts: Facts, lang: Lang) -> tuple[UnservedView, ...]:
    return tuple(
        UnservedView(
            company=facts.company_name(company.company_id),
            company_id=company.company_id,
            place=facts.company_place(company.company_id, lang),
            reason=reason_name(company.reason, lang),
            explanation=unserved_line(company, facts, lang),
            serving=serving_text(summary, company.company_id, facts, lang),
        )
        for company in plan.document.unserved[:N_LISTED]
    )


def _loads(plan: Plan, facts: Facts, lang: Lang) -> tuple[LoadView, ...]:
    served: dict[str, list[str]] = {}
    for match in plan.document.assignments:
        served.setdefault(match.director_id, []).append(facts.company_name(match.company_id))
    views = []
    for load in plan.document.directors[:N_LISTED]:
        pips = ["here"] * load.n_companies + ["elsewhere"] * load.n_elsewhere + ["left"] * load.slots_left
        views.append(
            LoadView(
                director=facts.director_name(load.director_id),
                director_id=load.director_id,
                base=facts.director_place(load.director_id, lang),
                text=label("load_text", lang, n=load.n_companies, elsewhere=load.n_elsewhere, left=load.slots_left),
                pips=tuple(pips) if len(pips) <= _MAX_PIPS else (),
                hours=number_text(load.hours_per_month),
                companies=join_words(served.get(load.director_id, []), lang),
            )
        )
    return tuple(views)


def _criteria(facts: Facts, lang: Lang) -> tuple[CriterionView, ...]:
    shares = facts.policy.weights.normalised()
    return tuple(
        CriterionView(criterion_name(name, lang), criterion_note(name, lang), f"{shares[name]:.1%}")
        for name in CRITERIA
    )


def _interaction(plan: Plan, lang: Lang) -> InteractionView | None:
    answer = told_interaction(plan)
    if answer is None:
        return None
    return InteractionView(tuple(interaction_words.sentences(answer, lang)), interaction_words.table(answer, lang))
