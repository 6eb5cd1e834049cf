"""Plans for tests of what is written from a plan; all but one built by hand, without a solver or a rule."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import pandas as pd

from matcher.domain import geography
from matcher.domain.policy import CRITERIA, Limits, Policy
from matcher.domain.problem import Problem, build_problem, dtype_of
from matcher.domain.tables import columns_of
from matcher.matching import match
from matcher.pairing.candidates import build_candidates
from matcher.plan.document import (
    Assignment,
    CertificateRecord,
    Conflict,
    ConflictRow,
    DirectorLoad,
    Metrics,
    NearMissRecord,
    PlanDocument,
    SolverRecord,
    TierRecord,
    Unserved,
    UnservedDetail,
)
from matcher.plan.plan import Plan
from tests.problems import small_problem

Row = dict[str, object]

FULL = {name: round(10_000 * weight) for name, weight in Policy().weights.normalised().items()}

DIRECTORS: list[Row] = [
    {"id": "D1", "name": "北原 澪", "prefecture": 1, "max_companies": 2, "max_distance_km": 200.0},
    {"id": "D2", "name": "瀬戸 航平", "prefecture": 39, "max_companies": 2, "fee_jpy_per_month": 240_000.0},
    {"id": "D3", "name": "能登 香", "prefecture": 17, "max_companies": 1, "on_site_days_per_month": 2.0},
    {"id": "D4", "prefecture": 13, "max_companies": 1},
]
COMPANIES: list[Row] = [
    {"id": "C1", "name": "幡多うみやま食品（架空）", "prefecture": 39, "municipality_code": "392103"},
    {"id": "C2", "name": "=SUM(A1:A9)", "prefecture": 36, "municipality_code": "362085", "goal": "fill_off_season"},
    {"id": "C3", "name": "<b>𠮷髙</b> & ㈱泡盛", "prefecture": 47, "kind": "company"},
    {"id": "0004", "name": "琴平町", "prefecture": 37, "kind": "municipality", "on_site_days_per_month": 4.0},
    {"id": "C5", "name": "https://host.invalid/x", "prefecture": 2, "hours_per_month": 60.0},
    {"id": "C6", "prefecture": 20},
]


def frame(table: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a checked table: canonical columns and dtypes, defaults filled in."""
    filled = list(rows)
    columns = {}
    for column in columns_of(table):
        default = {"companies": {"goal": "raise_revenue"}}.get(table, {}).get(column.name, column.default)
        values = [row.get(column.name, default) for row in filled]
        if column.kind == "prefecture":
            values = [value or 0 for value in values]
        columns[column.name] = pd.Series(values, dtype="object").astype(dtype_of(column))
    return pd.DataFrame(columns)


def problem_of(directors: Sequence[Row], companies: Sequence[Row], policy: Policy | None = None) -> Problem:
    """A Problem of these directors and companies and nothing else."""
    tables = {"directors": frame("directors", directors), "companies": frame("companies", companies)}
    return build_problem(tables, policy=policy, title="実証 2026")


def match_of(director_id: str, company_id: str, *, lost: dict[str, int] | None = None, **more: object) -> Assignment:
    """A match with a full score but for the points in `lost`."""
    criteria = {name: FULL[name] - (lost or {}).get(name, 0) for name in CRITERIA}
    keep = int(more.pop("keep", 0))
    values = {"keep": keep, "neutral": (), "distance_km": 123.4, "pinned": False, "is_new": True, **more}
    return Assignment(
        director_id=director_id,
        company_id=company_id,
        points=sum(criteria.values()) + keep,
        criteria=criteria,
        **values,
    )


def detail_of(**more: object) -> UnservedDetail:
    """An unserved company's detail with nothing in it but what is given."""
    return UnservedDetail(**{"n_candidates": 0, "n_failed_by_rule": {}, **more})


PILOT_MATCHES = (
    match_of("D2", "C1", lost={"network": 400, "readiness": 500}, neutral=("readiness",), distance_km=108.0),
    match_of("D2", "C2", lost={"own_business": 350, "wishes": 100}, keep=250, is_new=False),
    match_of("D1", "C3", lost={"local_culture": 900, "nearness": 290}, pinned=True, distance_km=2693.0),
)
PILOT_UNSERVED = (
    Unserved(
        company_id="0004",
        reason="nobody_eligible",
        detail=detail_of(
            n_failed_by_rule={"in_reach": 4},
            nearest=NearMissRecord(director_id="D1", failed=("in_reach",), amounts={"in_reach": (200.0, 240.0)}),
        ),
    ),
    Unserved(
        company_id="C5",
        reason="outcompeted",
        detail=detail_of(n_candidates=2, best_director_id="D2", best_points=7200, lowest_chosen_points=8810),
    ),
    Unserved(
        company_id="C6",
        reason="limit_reached",
        detail=detail_of(n_candidates=1, best_director_id="D4", best_points=6100, lowest_chosen_points=8810),
    ),
)


def document_of(problem: Problem, matches: Sequence[Assignment], unserved: Sequence[Unserved], **more: object) -> Row:
    """The parts of a document that follow from its matches; `more` replaces parts."""
    total = sum(match.points for match in matches)
    points = [match.points for match in matches]
    n_by_director = {key: sum(m.director_id == key for m in matches) for key in problem.directors["id"]}
    slots = dict(zip(problem.directors["id"], problem.directors["max_companies"].tolist(), strict=True))
    proof = CertificateRecord(value=total, bound=total, gap=0.0, word="proved", of="all")
    parts: Row = {
        "schema": "matcher.plan/1",
        "title": problem.title,
        "status": "optimal",
        "objective": {"points": total},
        "certificate": proof,
        "tiers": (
            TierRecord(name="points", is_tie_break=False, value=total, bound=total, word="proved"),
            TierRecord(name="goal_fit", is_tie_break=True, value=3600, bound=3600, word="proved"),
        ),
        "assignments": tuple(matches),
        "unserved": tuple(unserved),
        "directors": tuple(
            DirectorLoad(
                director_id=key, n_companies=n, n_elsewhere=0, hours_per_month=20.0 * n, slots_left=slots[key] - n
            )
            for key, n in n_by_director.items()
        ),
        "conflict": None,
        "metrics": Metrics(
            n_directors=len(problem.directors),
            n_companies=len(problem.companies),
            n_pairs_considered=len(problem.directors) * len(problem.companies),
            n_pairs_eligible=len(problem.companies),
            n_served=len(matches),
            n_directors_used=sum(n > 0 for n in n_by_director.values()),
            n_kept_engagements=sum(not match.is_new for match in matches),
            n_new=sum(match.is_new for match in matches),
            total_points=total,
            mean_points=round(total / len(points), 2) if points else None,
            lowest_points=min(points, default=None),
            highest_points=max(points, default=None),
            total_distance_km=round(sum(match.distance_km or 0 for match in matches), 1),
            fee_jpy_per_month=480_000.0,
            n_unknown_fees=1,
            n_neutral=sum(len(match.neutral) for match in matches),
        ),
        "solver": SolverRecord(backend="flow", reason="rows_are_network", not_binding=("hours",)),
        "policy": problem.policy.model_dump(mode="json"),
        "seed": 0,
        "digests": {"problem": problem.digest, "policy": problem.policy.digest(), "plan": "0" * 64},
        "versions": {"matcher": "0.1.0", "ortools": "9.15.6755", "python": "3.11.7"},
        "command": "matcher run pilot --out out --lang ja",
        "source": "pilot",
        "proof": (),
        "seconds": {"read": 0.01, "score": 0.02, "solve": 0.03},
    }
    return parts | more


def plan_of(problem: Problem, parts: Row) -> Plan:
    """A Plan with the candidates of its problem, which need not be those that its matches say."""
    return Plan(PlanDocument.model_validate(parts), problem, build_candidates(problem))


def pilot_plan(**more: object) -> Plan:
    """Three matches (one kept, one pinned, one with missing information) and three unserved companies."""
    problem = problem_of(DIRECTORS, COMPANIES, Policy(limits=Limits(max_companies=3)))
    return plan_of(problem, document_of(problem, PILOT_MATCHES, PILOT_UNSERVED, **more))


def infeasible_plan() -> Plan:
    """Two demands that contradict each other, and a pin."""
    conflict = Conflict(
        rows=(
            ConflictRow(
                family="slots",
                subject="D2",
                subject_kind="director",
                lower=None,
                upper=2,
                members=("C1", "C2"),
                n_members=2,
            ),
            ConflictRow(
                family="quota:kind",
                subject="municipality",
                subject_kind="quota",
                lower=2,
                upper=None,
                members=("0004",),
                n_members=1,
            ),
        ),
        pins=(("D2", "C1"),),
        is_irreducible=True,
        word="proved",
    )
    nothing = [Unserved(company_id=str(c["id"]), reason="no_plan", detail=detail_of()) for c in COMPANIES]
    problem = problem_of(DIRECTORS, COMPANIES)
    none = CertificateRecord(value=None, bound=None, gap=None, word="proved", of="all")
    tier = TierRecord(name="points", is_tie_break=False, value=None, bound=None, word="proved")
    more = {"status": "infeasible", "certificate": none, "conflict": conflict, "objective": {"points": None}}
    return plan_of(problem, document_of(problem, (), nothing, **more, tiers=(tier,)))


def short_of_slots_plan() -> Plan:
    """Three companies wanted, two slots: solved, with what would be enough."""
    quota = {"by": "kind", "value": "municipality", "min": 3}
    return match(
        small_problem(directors=2, companies=[{"kind": "municipality"}] * 3, policy={"limits": {"quotas": [quota]}})
    )


def same_ids_plan(**more: object) -> Plan:
    """A director and two companies with ids that both tables use, and the match of the two called 1."""
    directors: list[Row] = [
        {"id": "1", "name": "北原 澪", "prefecture": 1, "max_companies": 2},
        {"id": "2", "name": "瀬戸 航平", "prefecture": 39, "max_companies": 2},
    ]
    companies: list[Row] = [
        {"id": "1", "name": "港町水産", "prefecture": 39},
        {"id": "2", "name": "山里製茶", "prefecture": 36},
    ]
    problem = problem_of(directors, companies)
    return plan_of(problem, document_of(problem, (match_of("1", "1"),), (), **more))


def flagged_plan() -> Plan:
    """A match whose two sides are kin and trade with each other, and one with a relation of no stated kind."""
    problem = problem_of(DIRECTORS, COMPANIES)
    matches = (
        match_of("D2", "C1", flags=(("disclose", "trade"), ("needs_approval", "kin"))),
        match_of("D1", "C3", flags=(("disclose", ""),)),
        match_of("D2", "C2"),
    )
    return plan_of(problem, document_of(problem, matches, ()))


def empty_plan() -> Plan:
    """A proved plan in which no company has a director."""
    problem = problem_of(DIRECTORS, COMPANIES)
    nothing = [Unserved(company_id=str(c["id"]), reason="nobody_eligible", detail=detail_of()) for c in COMPANIES]
    return plan_of(problem, document_of(problem, (), nothing))


def large_plan(n_directors: int = 60, n_companies: int = 800, n_matches: int = 150) -> Plan:
    """Many matches and very many unserved, all over Japan; the same every time."""
    draw = random.Random(7)
    codes = [code for code in geography.municipality_codes() if int(code[:2]) > 0]
    directors: list[Row] = [
        {"id": f"D{i:04}", "name": f"担当 {i:04}", "prefecture": draw.randint(1, 47), "max_companies": 4}
        for i in range(n_directors)
    ]
    places = [draw.choice(codes) for _ in range(n_companies)]
    companies: list[Row] = [
        {"id": f"C{i:05}", "name": f"株式会社地域{i:05}", "prefecture": int(code[:2]), "municipality_code": code}
        for i, code in enumerate(places)
    ]
    problem = problem_of(directors, companies)
    matches = [
        match_of(
            f"D{i % n_directors:04}",
            f"C{i:05}",
            lost={name: draw.randint(0, FULL[name]) for name in CRITERIA},
            neutral=tuple(name for name in CRITERIA if draw.random() < 0.05),
        )
        for i in range(n_matches)
    ]
    unserved = [
        Unserved(
            company_id=f"C{i:05}",
            reason="outcompeted",
            detail=detail_of(n_candidates=9, best_director_id="D0003", best_points=5000 + i, lowest_chosen_points=2000),
        )
        for i in range(n_matches, n_companies)
    ]
    return plan_of(problem, document_of(problem, matches, unserved))
