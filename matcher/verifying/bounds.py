"""The bounds, computed again from the prices and trees that the plan carries: the model is rebuilt, never solved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from matcher.errors import ModelError
from matcher.model.answer import Prices
from matcher.model.certificate import bound_of, with_objective
from matcher.model.forest import holds
from matcher.model.formulation import Formulation
from matcher.model.narrowing import closed, narrowed
from matcher.model.objectives import Tier
from matcher.model.proof import AnyProof
from matcher.modelling import Model
from matcher.plan.document import TierRecord
from matcher.plan.proof_record import (
    FloorProof,
    NoPlanProof,
    NoPlanTreeProof,
    OpenTier,
    PriceProof,
    RowPrices,
    TierProof,
    TreeProof,
)
from matcher.plan.tree_record import TreeFault, TreePart, proof_of
from matcher.verifying.claim import Claim
from matcher.verifying.verification import Finding, TierVerdict, Word


@dataclass
class Bounds:
    """What became of the tiers: a verdict each, what does not hold, whether it is proved that there is no plan."""

    verdicts: list[TierVerdict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_no_plan_proved: bool = False


class _Unreadable(Exception):
    """A record that does not fit the rebuilt model; the arguments are a rule and its params."""


def check_bounds(claim: Claim, model: Model) -> Bounds:
    """Every tier's bound from its proof, on the plans that keep the tiers before it.

    Notes
    -----
    A bound that no price proves counts for nothing here: a tier with such a bound is at best ``claimed``.
    """
    found, document = Bounds(), claim.document
    if document.solver.not_binding != model.not_binding:
        params = {"stated": document.solver.not_binding, "found": model.not_binding}
        found.findings.append(Finding("figure_wrong", "solver.not_binding", params))
    if [proof.tier for proof in document.proof] != [tier.name for tier in document.tiers]:
        found.findings.append(
            Finding("proof_missing", "proof", {"n": len(document.proof), "tiers": len(document.tiers)})
        )
        return found
    current: Formulation | None = model.formulation
    steps = zip(model.tiers, document.tiers, document.proof, strict=False)
    for number, (tier, record, proof) in enumerate(steps):
        if number > 0 and current is not None:
            current = _next(current, model.tiers[number - 1], document.proof[number - 1])
        _check_tier(found, current, tier, record, proof)
        if isinstance(proof, TreeProof) and found.verdicts[-1].bound is None:
            current = None  # what a part may lose follows from the bounds of the others, and those are not proved
    _check_no_plan(claim, found)
    return found


def _check_tier(found: Bounds, current: Formulation | None, tier: Tier, record: TierRecord, proof: TierProof) -> None:
    """One tier: its bound computed again and held against what is stated; findings carry the tier's name."""
    bound: int | None = None
    try:
        if current is None and not isinstance(proof, OpenTier):
            raise _Unreadable("proof_does_not_fit", {"part": "kept"})
        if current is not None:
            bound = _bound(current, tier, proof)
        found.is_no_plan_proved |= isinstance(proof, NoPlanProof | NoPlanTreeProof)
    except _Unreadable as unreadable:
        rule, params = unreadable.args
        found.findings.append(Finding(rule, record.name, {**params, "tier": record.name}))
    except ModelError:
        found.findings.append(Finding("proof_does_not_fit", record.name, {"part": "prices", "tier": record.name}))
    found.findings += _stated(tier, record, proof, bound)
    found.verdicts.append(TierVerdict(record.name, record.value, bound, _word(record, bound), record.is_tie_break))


def _word(record: TierRecord, bound: int | None) -> Word:
    if record.value is None:
        return "unknown"
    if record.value == bound and record.word == "proved":
        return "proved"
    return "claimed" if record.word == "claimed" else "unknown"


def _stated(tier: Tier, record: TierRecord, proof: TierProof, bound: int | None) -> Iterator[Finding]:
    """What the plan says of a tier against the bound computed again."""
    name, value = record.name, record.value
    params = {"tier": name, "stated": record.bound, "found": bound, "value": value}
    # Two solvers that refuse a higher floor give a bound that nothing here can prove; it is a claim and no more.
    is_claim = tier.kind == "least" and isinstance(proof, OpenTier) and record.word != "proved"
    if record.bound != bound and not is_claim:
        yield Finding("bound_wrong", name, params)
    if value is not None and bound is not None and value > bound:
        yield Finding("value_above_bound", name, params)
    if record.word == "proved" and (value is None or value != bound):
        yield Finding("not_proved", name, params)
    is_met = value is not None and value == bound
    if is_met and (record.word == "unknown" or (record.word == "claimed" and tier.kind == "sum")):
        yield Finding("word_too_small", name, {**params, "word": record.word})
    if (proof.kept is None) != (value is None) and proof.kind != "open":
        yield Finding("kept_wrong", name, {**params, "kept": proof.kept})
    if proof.kept is not None and value is not None and proof.kept > value:
        yield Finding("kept_wrong", name, {**params, "kept": proof.kept})


def _next(current: Formulation, tier: Tier, proof: TierProof) -> Formulation | None:
    """The formulation of the tier behind; None where the numbers are too large or nothing says what is kept."""
    if proof.kept is None:
        return None
    if tier.kind == "least":
        return closed(current, tier.objective, proof.kept) or current
    model = with_objective(current, tier.objective)
    value = proof.kept + tier.tolerance - tier.constant
    try:
        if isinstance(proof, PriceProof):
            return narrowed(model, tier, value, prices=_prices(model, proof.prices, proof.scale))
        if isinstance(proof, TreeProof):
            return narrowed(model, tier, value, proof=_tree(model, proof.tree))
        return narrowed(model, tier, value)
    except (_Unreadable, ModelError):
        return None


def _bound(current: Formulation, tier: Tier, proof: TierProof) -> int | None:
    """The bound that a proof gives, None without one."""
    if isinstance(proof, OpenTier):
        return None
    if isinstance(proof, NoPlanProof):
        _refuse_unproved(current, proof.prices, proof.scale)
        return None
    if isinstance(proof, NoPlanTreeProof):
        _refuse_open_tree(current, proof.tree)
        return None
    if isinstance(proof, PriceProof) and tier.kind == "sum":
        model = with_objective(current, tier.objective)
        return bound_of(model, _prices(model, proof.prices, proof.scale)) + tier.constant
    if isinstance(proof, TreeProof) and tier.kind == "sum":
        return _bound_of_tree(with_objective(current, tier.objective), proof.tree) + tier.constant
    if isinstance(proof, FloorProof) and tier.kind == "least":
        return _bound_of_floor(current, tier, proof)
    raise _Unreadable("proof_does_not_fit", {"part": "kind"})


def _bound_of_floor(current: Formulation, tier: Tier, proof: FloorProof) -> int:
    """The highest points below a refuted floor; a pinned pair below it refutes a floor without any price."""
    points = np.unique(tier.objective[: current.n_pairs])
    if proof.floor is None:
        return int(points.max(initial=0)) if points.size else 0
    below = points[points < proof.floor]
    if not below.size or proof.floor not in points:
        raise _Unreadable("proof_does_not_fit", {"part": "floor"})
    model = closed(current, tier.objective, proof.floor)
    if model is not None and proof.tree is not None:
        _refuse_open_tree(model, proof.tree)
    elif model is not None:
        _refuse_unproved(model, proof.prices, proof.scale)
    return int(below.max())


def _refuse_unproved(model: Formulation, prices: RowPrices, scale: int) -> None:
    """Raise unless the prices prove that the model has no plan: nothing at all is worth less than 0."""
    nothing = with_objective(model, np.zeros(model.n_cols, np.int64))
    if bound_of(nothing, _prices(nothing, prices, scale)) >= 0:
        raise _Unreadable("refutes_nothing", {})


def _refuse_open_tree(model: Formulation, part: TreePart) -> None:
    """Raise unless the tree proves that the model has no plan, in the same way."""
    nothing = with_objective(model, np.zeros(model.n_cols, np.int64))
    if _bound_of_tree(nothing, part) >= 0:
        raise _Unreadable("refutes_nothing", {})


def _bound_of_tree(model: Formulation, part: TreePart) -> int:
    """The bound that a tree states, if it proves it."""
    proof = _tree(model, part)
    try:
        is_proved = holds(model, proof)
    except MemoryError:
        raise _Unreadable("proof_does_not_fit", {"part": "size"}) from None
    if not is_proved:
        raise _Unreadable("tree_open", {"bound": proof.bound})
    return proof.bound


def _tree(model: Formulation, part: TreePart) -> AnyProof:
    """The recorded tree on the model's rows."""
    if part.tree is None:
        raise _Unreadable("tree_missing", {"file": part.file})
    if part.tree.digest() != part.sha256:
        raise _Unreadable("tree_digest", {})
    try:
        return proof_of(part.tree, model)
    except TreeFault as fault:
        raise _Unreadable("proof_does_not_fit", {"part": fault.args[0]}) from None


def _prices(model: Formulation, recorded: RowPrices, scale: int) -> Prices:
    """The recorded prices on the model's rows."""
    row = np.zeros(model.n_rows, np.int64)
    families = {family.name: family for family in model.families}
    for name, entries in recorded.items():
        family = families.get(name)
        if family is None:
            raise _Unreadable("proof_does_not_fit", {"part": name})
        at = [place for place, _ in entries]
        if len(set(at)) < len(at) or max(at, default=0) >= family.stop - family.start:
            raise _Unreadable("proof_does_not_fit", {"part": name})
        row[[family.start + place for place in at]] = [price for _, price in entries]
    return Prices(row, scale)


def _check_no_plan(claim: Claim, found: Bounds) -> None:
    """Whether the word of a plan that says there is none is the one its proof earns."""
    document = claim.document
    if document.status == "infeasible":
        word = "proved" if found.is_no_plan_proved and not found.findings else "claimed"
        if document.certificate.word != word:
            params = {"stated": document.certificate.word, "found": word}
            found.findings.append(Finding("figure_wrong", "certificate.word", params))
    elif found.is_no_plan_proved:
        found.findings.append(Finding("figure_wrong", "status", {"stated": document.status, "found": "infeasible"}))
