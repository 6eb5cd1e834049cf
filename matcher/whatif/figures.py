"""The figures of a plan as they are compared: a figure of matches is missing, not 0, where there is no plan."""

from __future__ import annotations

from typing import Final

from matcher.plan.document import Metrics, PlanDocument

OF_THE_DATA: Final = frozenset({"n_directors", "n_companies", "n_pairs_considered", "n_pairs_eligible"})
"""Figures that are known without a plan."""

FIGURES: Final = tuple(Metrics.model_fields)


def has_plan(document: PlanDocument) -> bool:
    """Whether there are matches to speak of, be they none."""
    return document.status in ("optimal", "feasible")


def figures_of(document: PlanDocument) -> dict[str, float | None]:
    """Every figure of `Metrics` by name, in its order."""
    figures = document.metrics.model_dump()
    if has_plan(document):
        return dict(figures)
    return {name: value if name in OF_THE_DATA else None for name, value in figures.items()}
