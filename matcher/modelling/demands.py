"""A tier as a demand: the plans that have at least so much of it."""

from __future__ import annotations

from dataclasses import replace

from matcher.model.formulation import NO_LIMIT, Formulation, RowFamily, with_objective
from matcher.model.narrowing import closed, keep_points
from matcher.model.objectives import Tier


def with_at_least(formulation: Formulation, tier: Tier, least: int) -> Formulation | None:
    """The formulation with one demand more; None where a pinned pair alone breaks it.

    Parameters
    ----------
    least : of the tier's value, its constant included

    Raises
    ------
    ModelError : ``sum_too_large`` when the rows could leave int64

    Notes
    -----
    A weakest match closes pairs, and a number of companies is a row over all pairs: a network stays one. Anything else
    is a row with coefficients.
    """
    if tier.kind == "least":
        return closed(formulation, tier.objective, least)
    row = keep_points(with_objective(formulation, tier.objective), tier.name, least - tier.constant)
    own = row.families[-1]
    counts_all = bool((tier.objective[: formulation.n_pairs] == 1).all())
    family = RowFamily(f"at_least:{tier.name}", own.start, own.stop, "right" if counts_all else "")
    row = replace(row, objective=formulation.objective, families=(*row.families[:-1], family))
    return _turned(row) if (tier.objective <= 0).all() else row


def _turned(formulation: Formulation) -> Formulation:
    """The same with the last row turned round: kilometres at most, as searches know knapsacks by that."""
    coef, lower, upper = formulation.coef.copy(), formulation.row_lower.copy(), formulation.row_upper.copy()
    coef[formulation.row_ptr[-2] :] *= -1
    lower[-1], upper[-1] = -NO_LIMIT, -formulation.row_lower[-1]
    return replace(formulation, coef=coef, row_lower=lower, row_upper=upper)
