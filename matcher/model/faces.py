"""What the tiers so far left: the formulation whole, and a network also without the columns that its faces fixed.

After a tier of 200 k columns 9 k are free. Later tiers look at these alone: what is fixed adds the same points to every
plan, and a row without free columns has no price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from matcher.model.answer import Answer
from matcher.model.certificate import is_tight, optimal_face
from matcher.model.evidence import Evidence
from matcher.model.formulation import Formulation, Int64, RowFamily, refuse_large_sum, with_objective
from matcher.model.narrowing import narrowed
from matcher.model.near import Kept, Near
from matcher.model.objectives import Tier
from matcher.model.shrinking import Shrunk, shrink
from matcher.model.solvers import is_for_flow


@dataclass(frozen=True)
class View:
    """What one tier is solved on, and the way back to all columns.

    Attributes
    ----------
    model : under the tier's objective, with all columns where `small` is None
    small : the model out of all columns; its `constant` is what those fixed add to the tier
    families : the rows of all columns
    """

    model: Formulation
    families: tuple[RowFamily, ...]
    small: Shrunk | None = None

    @property
    def constant(self) -> int:
        """The points of the columns that the model lacks."""
        return 0 if self.small is None else self.small.constant

    def of(self, x: Int64 | None) -> Int64 | None:
        """(n_model_cols,) of an x of all columns."""
        return x if x is None or self.small is None else x[self.small.free_idx]

    def near(self, known: Near | Kept | None) -> Near | Kept | None:
        """What is known of a model that differs a little, of the model's rows and columns."""
        return known if known is None or self.small is None else known.some(self.small.row_idx, self.small.free_idx)

    def answer(self, found: Answer) -> Answer:
        """The answer with the x of all columns; what proves it stays with the model."""
        if self.small is None or found.x is None:
            return found
        return replace(found, x=self.small.widen_x(found.x))

    def evidence(self, found: Evidence) -> Evidence:
        """The evidence on all rows and columns."""
        if self.small is None:
            return found
        n_rows = max((family.stop for family in self.families), default=0)
        prices, proof = self.small.widen_prices(found.prices, n_rows), self.small.widen_proof(found.proof, n_rows)
        return replace(found, prices=prices, proof=proof, families=self.families)


@dataclass(frozen=True)
class Left:
    """The plans that are best for the tiers so far.

    Attributes
    ----------
    find : their formulation with all columns
    families : its rows; they count only where there is a face, which adds none
    face : the same without the columns fixed; None where some tier left no face, or there was none yet
    """

    find: Callable[[], Formulation]
    families: tuple[RowFamily, ...] = ()
    face: Shrunk | None = None

    @cached_property
    def whole(self) -> Formulation:
        """All columns and rows, built when somebody asks.

        Raises
        ------
        ModelError : ``sum_too_large`` when a row that keeps points could leave int64
        """
        return self.find()

    def under(self, tier: Tier, backend: str | None) -> View:
        """What to solve a tier on; anything but a network with all columns, as the checker sees it.

        Raises
        ------
        ModelError : as `whole`; ``sum_too_large`` of the objective
        """
        face = self.face
        if face is None or not is_for_flow(face.formulation, backend):
            return View(with_objective(self.whole, tier.objective), self.whole.families)
        refuse_large_sum("objective", tier.objective, face.widen_x(face.formulation.column_upper))
        model = with_objective(face.formulation, tier.objective[face.free_idx])
        constant = int(np.dot(tier.objective, face.fixed))
        return View(model, self.families, replace(face, formulation=model, constant=constant))

    def after(self, tier: Tier, view: View, value: int, found: Evidence, backend: str | None) -> Left:
        """What a tier leaves of these plans.

        Parameters
        ----------
        view : what the tier was solved on; value : points kept of its model; found : evidence on its rows
        """
        find = partial(self._narrowed, tier, view, value, found)
        model, prices = view.model, found.prices
        if tier.tolerance or prices is None or not is_for_flow(model, backend) or not is_tight(model, prices, value):
            return Left(find)
        face = shrink(optimal_face(model, prices, value))
        return Left(find, view.families, face if view.small is None else face.within(view.small))

    def _narrowed(self, tier: Tier, view: View, value: int, found: Evidence) -> Formulation:
        evidence, model = view.evidence(found), with_objective(self.whole, tier.objective)
        return narrowed(model, tier, value + view.constant, prices=evidence.prices, proof=evidence.proof)
