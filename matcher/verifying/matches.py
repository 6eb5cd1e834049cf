"""Every match by itself: it names a pair that exists, is eligible, and is scored as stated; pins and forbids hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from matcher.plan.document import Assignment
from matcher.verifying.claim import Claim, rows_of
from matcher.verifying.verification import Finding


def match_findings(claim: Claim) -> Iterator[Finding]:
    """What does not hold of single matches."""
    yield from _unknown_and_repeated(claim)
    for match, pair in zip(claim.matches, claim.pair_idx, strict=True):
        if pair < 0:
            yield Finding("not_eligible", _where(match), {"director": match.director_id, "company": match.company_id})
        else:
            yield from _wrong_fields(claim, match, pair)
    if list(claim.pair_idx) != sorted(claim.pair_idx) and min(claim.pair_idx) >= 0:
        yield Finding("order_wrong", "assignments")
    if claim.has_plan:
        yield from _broken_pins(claim)
    yield from _forbidden(claim)


def _where(match: Assignment) -> str:
    return f"{match.director_id} / {match.company_id}"


def _unknown_and_repeated(claim: Claim) -> Iterator[Finding]:
    for match in claim.document.assignments:
        if match.director_id not in claim.directors:
            yield Finding("unknown_director", _where(match), {"id": match.director_id})
        if match.company_id not in claim.companies:
            yield Finding("unknown_company", _where(match), {"id": match.company_id})
    n_of = Counter(match.company_id for match in claim.document.assignments)
    for company_id, n in n_of.items():
        if n > 1:
            yield Finding("company_twice", company_id, {"n": n})


def _wrong_fields(claim: Claim, match: Assignment, pair: int) -> Iterator[Finding]:
    """Each field of the match against the candidate, scored again."""
    candidates = claim.candidates
    director, company = int(candidates.director_idx[pair]), int(candidates.company_idx[pair])
    criteria = {name: int(points[pair]) for name, points in candidates.criteria.items()}
    for name in {**criteria, **match.criteria}:
        if match.criteria.get(name) != criteria.get(name):
            params = {"field": f"criteria.{name}", "stated": match.criteria.get(name), "found": criteria.get(name)}
            yield Finding("match_wrong", _where(match), params)
    found: dict[str, object] = {
        "points": int(candidates.points[pair]),
        "keep": int(candidates.keep[pair]),
        "neutral": tuple(name for name, flags in candidates.is_neutral.items() if flags[pair]),
        "distance_km": round(float(candidates.distance_km[pair]), 1),
        "pinned": bool(candidates.is_pinned[pair]),
        "is_new": not candidates.is_running[pair],
        "flags": candidates.flags.get((director, company), ()),
    }
    for name, value in found.items():
        stated = getattr(match, name)
        if stated != value:
            yield Finding("match_wrong", _where(match), {"field": name, "stated": stated, "found": value})
    total = sum(match.criteria.values()) + match.keep
    if total != match.points:
        yield Finding("points_do_not_add_up", _where(match), {"stated": match.points, "found": total})


def _broken_pins(claim: Claim) -> Iterator[Finding]:
    pairs = claim.problem.tables["pairs"]
    made = {(match.director_id, match.company_id) for match in claim.matches}
    for row in rows_of(pairs[pairs["rule"] == "pin"]):
        pin = (row["director_id"], row["company_id"])
        if pin not in made:
            yield Finding("pin_not_obeyed", f"{pin[0]} / {pin[1]}", {"director": pin[0], "company": pin[1]})


def _forbidden(claim: Claim) -> Iterator[Finding]:
    """A forbidding row holds unless it asks for approval or disclosure only, or ended before the company's start."""
    made = {(match.director_id, match.company_id) for match in claim.matches}
    pairs = claim.problem.tables["pairs"]
    for row in rows_of(pairs[pairs["rule"] == "forbid"]):
        pair = (row["director_id"], row["company_id"])
        if pair not in made or row["severity"] in ("needs_approval", "disclose"):
            continue
        start = claim.companies[pair[1]]["start"]
        if row["until"] is None or start is None or row["until"] >= start:
            yield Finding("forbidden_pair", f"{pair[0]} / {pair[1]}", {"director": pair[0], "company": pair[1]})
