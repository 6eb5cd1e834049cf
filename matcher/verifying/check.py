"""The check itself: a document and the problem it was made from, in; everything that does not hold, out."""

from __future__ import annotations

from pydantic import ValidationError

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem
from matcher.errors import ModelError
from matcher.modelling import build_model
from matcher.pairing.candidates import build_candidates
from matcher.plan.document import PlanDocument
from matcher.verifying.bounds import Bounds, check_bounds
from matcher.verifying.claim import Claim
from matcher.verifying.figures import figure_findings
from matcher.verifying.limits import limit_findings
from matcher.verifying.matches import match_findings
from matcher.verifying.unserved import unserved_findings
from matcher.verifying.verification import Finding, TierVerdict, Verification, Word, schema_fault


def check_plan(document: PlanDocument, problem: Problem) -> Verification:
    """Everything that does not hold of a plan, and what of it is proved.

    Parameters
    ----------
    document : the plan; its own policy counts, whatever the problem's is
    problem : the data it was made from, read again

    Notes
    -----
    Everything is scored again: as long as a run takes without solving. The model that the bounds are of is built by the
    same code as for the solvers; that it says what the tables say is checked for this plan only.
    """
    return check_claim(document, problem)[0]


def check_claim(document: PlanDocument, problem: Problem) -> tuple[Verification, Claim | None]:
    """The same, and what it was checked on: the data under the plan's own policy, and all candidates.

    The claim is None where the document's policy is none.
    """
    policy = _policy(document)
    if isinstance(policy, Finding):
        return Verification((policy,), None, None, "unknown"), None
    if problem.policy != policy:
        problem = problem.with_policy(policy)
    findings = _digests(document, problem)
    candidates = build_candidates(problem)
    claim = Claim(document, problem, candidates)
    findings += [
        Finding(
            "pin_against_rule",
            f"{problem.director_ids[pin.director_idx]} / {problem.company_ids[pin.company_idx]}",
            {"failed": pin.failed},
        )
        for pin in candidates.contradictions
    ]
    for part in (match_findings, limit_findings, figure_findings, unserved_findings):
        findings += part(claim)
    bounds = _bounds(claim)
    return _verification(claim, [*findings, *bounds.findings], bounds), claim


def _policy(document: PlanDocument) -> Policy | Finding:
    try:
        return Policy.model_validate(document.policy)
    except ValidationError as error:
        first = error.errors()[0]
        return Finding("policy_wrong", ".".join(["policy", *map(str, first["loc"])]), schema_fault(first))


def _digests(document: PlanDocument, problem: Problem) -> list[Finding]:
    """The source, the policy and the plan itself against their digests; the policy is complete, as a run writes it."""
    found = {"problem": problem.digest, "policy": problem.policy.digest(), "plan": document.plan_digest()}
    findings = [
        Finding(f"{name}_digest", "digests", {})
        for name, digest in found.items()
        if document.digests.get(name) != digest
    ]
    if set(document.digests) != set(found):
        findings.append(
            Finding("figure_wrong", "digests", {"stated": sorted(document.digests), "found": sorted(found)})
        )
    if document.policy != problem.policy.model_dump(mode="json"):
        findings.append(Finding("policy_incomplete", "policy", {}))
    return findings


def _bounds(claim: Claim) -> Bounds:
    try:
        return check_bounds(claim, build_model(claim.problem, claim.candidates))
    except ModelError as error:
        return Bounds(findings=[Finding("model_not_built", "proof", {**error.params, "reason": error.code})])


def _verification(claim: Claim, findings: list[Finding], bounds: Bounds) -> Verification:
    policy_tiers = [
        tier for tier, record in zip(bounds.verdicts, claim.document.tiers, strict=False) if not record.is_tie_break
    ]
    verdict = next((tier for tier in policy_tiers if tier.word != "proved"), policy_tiers[0] if policy_tiers else None)
    none = TierVerdict("", None, None, "unknown")
    verdict = verdict or none
    word: Word = "unknown"
    if not findings:
        word = _word(claim, policy_tiers, bounds)
    n_matches = len(claim.document.assignments)
    return Verification(tuple(findings), verdict.value, verdict.bound, word, tuple(bounds.verdicts), n_matches)


def _word(claim: Claim, policy_tiers: list[TierVerdict], bounds: Bounds) -> Word:
    if claim.document.status == "infeasible":
        return "proved" if bounds.is_no_plan_proved else "claimed"
    words = {tier.word for tier in policy_tiers}
    if words == {"proved"}:
        return "proved"
    return "unknown" if "unknown" in words or not words else "claimed"
