"""The figures a plan states of itself, counted again from its matches: tiers, metrics, loads, status, certificate."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from matcher.model.objectives import lot
from matcher.plan.document import DirectorLoad, Metrics, TierRecord
from matcher.verifying.claim import Claim
from matcher.verifying.verification import Finding

_HALF = 0.5 + 1e-6


def value_of_tier(claim: Claim, name: str, *, is_tie_break: bool) -> int:
    """A tier's value of the matches, in people's terms; every tier is maximised.

    points: the points · companies_served: the matches · fewest_changes: the running engagements kept · worst_match: the
    least points of any match, of any candidate's most where there is none · even_load: minus the sum over directors of
    their squared number of companies, those elsewhere included · distance_km: minus the whole kilometres ·
    earlier_matches: the matches the earlier plan has too · a tie-break: its criterion in 1/10,000, without weight and
    priority · lot: the numbers drawn for the pairs.
    """
    chosen, candidates = list(claim.chosen), claim.candidates
    if is_tie_break:
        drawn = lot(candidates.n_pairs, claim.problem.policy.solve.seed)
        values = drawn if name == "lot" else candidates.tie_values[name]
        return sum(int(values[pair]) for pair in chosen)
    if name == "points":
        return sum(match.points for match in claim.matches)
    if name == "companies_served":
        return len(claim.matches)
    if name == "fewest_changes":
        return sum(not match.is_new for match in claim.matches)
    if name == "earlier_matches":
        earlier = set(claim.problem.earlier)
        return sum((match.director_id, match.company_id) in earlier for match in claim.matches)
    if name == "worst_match":
        highest = int(candidates.points.max(initial=0)) if candidates.n_pairs else 0
        return min((match.points for match in claim.matches), default=highest)
    if name == "even_load":
        return -sum((claim.n_companies_of[d] + claim.n_elsewhere[d]) ** 2 for d in claim.directors)
    return -sum(int(np.rint(candidates.distance_km[pair])) for pair in chosen)


def figure_findings(claim: Claim) -> Iterator[Finding]:
    """Every figure that is not what the matches come to."""
    yield from _tiers(claim)
    yield from _status(claim)
    yield from _metrics(claim)
    yield from _loads(claim)
    if claim.document.seed != claim.problem.policy.solve.seed:
        found = claim.problem.policy.solve.seed
        yield Finding("figure_wrong", "seed", {"stated": claim.document.seed, "found": found})
    if claim.document.title != claim.problem.title:
        yield Finding("figure_wrong", "title", {"stated": claim.document.title, "found": claim.problem.title})


def _tiers(claim: Claim) -> Iterator[Finding]:
    """The tiers are the policy's, in order; fewer only where one was left open; each value is the matches'."""
    document, policy = claim.document, claim.problem.policy
    wanted: list[tuple[str, bool]] = [(name, False) for name in policy.objective]
    wanted += [(name, True) for name in (*policy.tie_break, "lot")]
    stated = [(tier.name, tier.is_tie_break) for tier in document.tiers]
    if not stated or stated != wanted[: len(stated)] or (len(stated) < len(wanted) and not _may_end_early(claim)):
        names = [name for name, _ in stated], [name for name, _ in wanted]
        yield Finding("tiers_wrong", "tiers", {"stated": names[0], "found": names[1]})
        return
    for number, tier in enumerate(document.tiers):
        value = value_of_tier(claim, tier.name, is_tie_break=tier.is_tie_break) if claim.has_plan else None
        if tier.value != value:
            yield Finding("tier_value_wrong", f"tiers[{number}]", _differs(tier.value, value, tier=tier.name))
    objective = {tier.name: tier.value for tier in document.tiers if not tier.is_tie_break}
    if document.objective != objective:
        yield Finding("figure_wrong", "objective", _differs(document.objective, objective))


def _may_end_early(claim: Claim) -> bool:
    """Whether tiers may be missing: where there is no plan, behind a tier left open, and tie-breaks where one was."""
    tiers = claim.document.tiers
    if not claim.has_plan or (tiers[-1].word == "unknown" and tiers[-1].bound is None):
        return True
    n_policy_tiers = len(claim.problem.policy.objective)
    return len(tiers) >= n_policy_tiers and any(tier.word == "unknown" for tier in tiers)


def _differs(stated: object, found: object, **more: object) -> dict[str, object]:
    return {"stated": stated, "found": found, **more}


def _status(claim: Claim) -> Iterator[Finding]:
    """The status follows from the tiers, the certificate is the first tier that is not proved, else the first."""
    document = claim.document
    policy_tiers = [tier for tier in document.tiers if not tier.is_tie_break]
    if not policy_tiers:
        return
    if claim.has_plan:
        is_open = document.interrupted or any(tier.word == "unknown" for tier in policy_tiers)
        status = "feasible" if is_open else "optimal"
        if document.status != status:
            yield Finding("figure_wrong", "status", _differs(document.status, status))
    elif document.assignments:
        yield Finding("no_plan_has_matches", "assignments", {"n": len(document.assignments)})
    # A claim without a second witness leaves the plan unknown, and stands there as a conflict that names nothing.
    told = document.conflict
    is_unconfirmed = document.status == "unknown" and told is not None and told.word == "unknown" and not told.rows
    if (told is not None) != (document.status == "infeasible") and not is_unconfirmed:
        yield Finding("conflict_wrong", "conflict", {"status": document.status})
    yield from _certificate(claim, policy_tiers)


def _certificate(claim: Claim, policy_tiers: list[TierRecord]) -> Iterator[Finding]:
    stated = claim.document.certificate
    place = next((at for at, tier in enumerate(policy_tiers) if tier.word != "proved"), 0)
    tier = policy_tiers[place]
    gap = None
    if tier.value is not None and tier.bound is not None:
        gap = (tier.bound - tier.value) / max(1, abs(tier.value))
    found: dict[str, object] = {
        "value": tier.value,
        "bound": tier.bound,
        "gap": gap,
        "of": claim.candidates.of,
        "given": tuple(before.name for before in policy_tiers[:place]),
    }
    if claim.document.status != "infeasible":  # else the word is of the proof that there is no plan
        found["word"] = tier.word
    for name, value in found.items():
        if getattr(stated, name) != value:
            yield Finding("figure_wrong", f"certificate.{name}", _differs(getattr(stated, name), value))


def _metrics(claim: Claim) -> Iterator[Finding]:
    matches, candidates = claim.matches, claim.candidates
    points = [match.points for match in matches]
    fees = [claim.directors[match.director_id]["fee_jpy_per_month"] for match in matches]
    known_fees = [float(fee) for fee in fees if fee is not None]
    n_kept = sum(not match.is_new for match in matches)
    found: dict[str, float | None] = {
        "n_directors": len(claim.directors),
        "n_companies": len(claim.companies),
        "n_pairs_considered": len(claim.directors) * len(claim.companies),
        "n_pairs_eligible": candidates.n_pairs + candidates.n_cut,
        "n_served": len(matches),
        "n_directors_used": len(claim.n_companies_of),
        "n_kept_engagements": n_kept,
        "n_new": len(matches) - n_kept,
        "total_points": sum(points),
        "mean_points": math.fsum(points) / len(points) if points else None,
        "lowest_points": min(points, default=None),
        "highest_points": max(points, default=None),
        "total_distance_km": math.fsum(float(candidates.distance_km[pair]) for pair in claim.chosen),
        "fee_jpy_per_month": max(math.fsum(claim.fees_in(month)) for month in claim.months),
        "fee_jpy_total": math.fsum(fees_over_time(claim)),
        "n_unknown_fees": len(fees) - len(known_fees),
        "n_neutral": sum(len(match.neutral) for match in matches),
    }
    places = {"mean_points": 2, "total_distance_km": 1, "fee_jpy_per_month": 2, "fee_jpy_total": 2}
    for name in Metrics.model_fields:
        stated = getattr(claim.document.metrics, name)
        if not _rounds_to(found[name], stated, places.get(name, 0)):
            yield Finding("figure_wrong", f"metrics.{name}", _differs(stated, found[name]))


def _rounds_to(exact: float | None, stated: float | None, places: int) -> bool:
    """Whether a stated figure is the exact one rounded to some places, whichever way a tie went."""
    if exact is None or stated is None:
        return exact is stated
    return stated == round(stated, places) and abs(stated - exact) <= _HALF * 10.0**-places * (places > 0)


def _loads(claim: Claim) -> Iterator[Finding]:
    """One record a director, in id order, with the matches, the work elsewhere and the hours of both."""
    stated = [load.director_id for load in claim.document.directors]
    if stated != list(claim.directors):
        yield Finding("loads_wrong", "directors", {"n": len(stated), "n_found": len(claim.directors)})
        return
    hours: dict[str, float] = dict.fromkeys(claim.directors, 0.0)
    taken: dict[str, int] = dict.fromkeys(claim.directors, 0)
    for month in claim.months:
        n_elsewhere, hours_elsewhere = claim.elsewhere_in(month), claim.hours_elsewhere_in(month)
        for key in claim.directors:
            hours[key] = max(hours[key], hours_elsewhere[key] + claim.hours_used.get((key, month), 0.0))
            taken[key] = max(taken[key], n_elsewhere[key] + claim.n_used[key, month])
    for load in claim.document.directors:
        yield from _load(claim, load, hours[load.director_id], taken[load.director_id])


def fees_over_time(claim: Claim) -> Iterator[float]:
    """The fee of each match times the months of its company; one that nobody stated is none."""
    for match in claim.matches:
        fee = claim.directors[match.director_id]["fee_jpy_per_month"]
        yield float(fee or 0.0) * int(claim.companies[match.company_id]["months"])


def _load(claim: Claim, load: DirectorLoad, hours: float, taken: int) -> Iterator[Finding]:
    """`hours` and slots `taken` are those of the fullest month."""
    n, elsewhere = claim.n_companies_of[load.director_id], claim.n_elsewhere[load.director_id]
    slots_left = max(int(claim.directors[load.director_id]["max_companies"]) - taken, 0)
    for name, found in (("n_companies", n), ("n_elsewhere", elsewhere), ("slots_left", slots_left)):
        if getattr(load, name) != found:
            yield Finding("load_wrong", load.director_id, _differs(getattr(load, name), found, field=name))
    if not _rounds_to(hours, load.hours_per_month, 3):
        params = _differs(load.hours_per_month, hours, field="hours_per_month")
        yield Finding("load_wrong", load.director_id, params)
