"""What the published plan's own proof says of every pair at once: forcing or forbidding it loses at least so much."""

from __future__ import annotations

import numpy as np

from matcher.errors import ModelError
from matcher.explain.standing import Standing
from matcher.model.answer import Prices
from matcher.model.certificate import bound_of, reduced_costs, with_objective
from matcher.model.formulation import Formulation, Int64
from matcher.model.proof import Domain, Forest, relaxed
from matcher.plan.proof_record import PriceProof, TreeProof
from matcher.plan.tree_record import TreeFault, proof_of

_UNBOUNDED = -(2**61)
_REACH_SHARE = 4
"""Losses up to this part of the best pair's points are told apart; what loses more loses at least that much."""


def least_losses(standing: Standing, bound: int | None = None) -> Int64 | None:
    """(n_pairs,) points lost at least by forcing a pair that is not chosen or forbidding one that is.

    Of the plan's points, or of a `bound` that no plan passes, where one is given: then ≥ 0. A plan that is not proved
    may be bettered by a change, by no more than its bound leaves.

    None where the policy asks for another tier before points, or the plan carries no proof that can be used.

    Notes
    -----
    The bound of the proof's first prices with the column at its other value. Any prices give a valid bound, so what
    is read from the plan has not to be believed.
    """
    value, recorded = standing.base.values[0] if bound is None else bound, standing.plan.document.proof
    if standing.tiers[0] != "points" or value is None or not recorded:
        return None
    known = standing.base.bounds[0] if bound is None else bound
    floor = _UNBOUNDED if known is None else min(0, value - known)
    model = with_objective(standing.model.formulation, standing.model.tiers[0].objective)
    first = recorded[0]
    least: Int64 | None = None
    try:
        if isinstance(first, PriceProof):
            least = _by_prices(standing, model, first, value)
        elif isinstance(first, TreeProof):
            least = _by_tree(standing, model, first, value)
    except (ModelError, TreeFault, OverflowError, ValueError, KeyError, IndexError):
        # A proof that does not fit proves nothing; every pair is then solved again without a hint.
        return None
    return None if least is None else np.maximum(floor, least)


def _by_prices(standing: Standing, model: Formulation, proof: PriceProof, value: int) -> Int64:
    row = np.zeros(model.n_rows, np.int64)
    start = {family.name: family.start for family in model.families}
    for name, entries in proof.prices.items():
        for place, price in entries:
            row[start[name] + place] = price
    prices = Prices(row, proof.scale)
    reduced = reduced_costs(model, prices)[: model.n_pairs]
    excess = np.where(standing.is_chosen, np.maximum(reduced, 0), np.maximum(-reduced, 0))
    # The bound is rounded down after the scaled loss is taken off, so what is lost is rounded up from below.
    least: Int64 = value - bound_of(model, prices) + excess // proof.scale
    return least


def _by_tree(standing: Standing, model: Formulation, record: TreeProof, value: int) -> Int64 | None:
    part = record.tree
    if part.tree is None:
        return None
    proof = proof_of(part.tree, model)
    if isinstance(proof, Forest):  # its trees speak of a part each, and none of the whole
        return None
    kept = relaxed(model, proof.kept, scale=proof.scale, unit=proof.unit)
    reach = int(np.abs(model.objective).max(initial=0)) * proof.scale // _REACH_SHARE
    best: Int64 | None = None
    for price in proof.nodes[0].prices:
        valued = kept.value_of(price, Domain(model.column_lower, model.column_upper), reach=reach)
        if valued is None or valued.loss_in is None or valued.loss_out is None:
            continue
        excess = np.where(standing.is_chosen, valued.loss_out[: model.n_pairs], valued.loss_in[: model.n_pairs])
        least = value - (valued.value - excess) // proof.scale
        best = least if best is None else np.maximum(best, least)
    return best
