"""The backends, in one registry, and which of them solves a model.

Importing this imports no solver: a backend's module is loaded when it is first asked to solve (OR-Tools costs up to a
second to import, `matcher --help` shall not pay for it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from matcher.errors import UsageError
from matcher.model.answer import Answer, Limits
from matcher.model.formulation import Formulation, largest

Feature = Literal["network", "knapsack", "auxiliary", "general_rows"]
ReasonCode = Literal[
    "backend_requested", "rows_are_network", "rows_are_no_network", "costs_too_large_for_flow", "rows_fall_apart"
]
Progress = Callable[[int, int], None]
"""Called with (value, bound) in points whenever one of them got better."""


@dataclass(frozen=True, slots=True)
class Backend:
    """One solver behind the common signature.

    Attributes
    ----------
    features : the kinds of rows it takes: ``network`` (disjoint nested sets per side), ``knapsack`` (coefficients
        other than 1), ``auxiliary`` (columns that are no pairs), ``general_rows`` (any other)
    module : where its ``solve`` lives; imported on the first call
    counts_work : whether it keeps `Limits.deterministic_limit`
    """

    name: str
    features: frozenset[Feature]
    module: str
    counts_work: bool = True

    def solve(
        self,
        formulation: Formulation,
        limits: Limits,
        *,
        hint: npt.NDArray[np.int64] | None = None,
        on_progress: Progress | None = None,
    ) -> Answer:
        """The backend's claim; `hint` is an x to start from and need not be feasible.

        Raises
        ------
        UsageError : ``no_deterministic_limit`` (name, known) for a limit that the backend cannot keep
        """
        if limits.deterministic_limit is not None and not self.counts_work:
            known = tuple(name for name, backend in BACKENDS.items() if backend.counts_work)
            raise UsageError("no_deterministic_limit", name=self.name, known=known)
        answer: Answer = import_module(self.module).solve(formulation, limits, hint=hint, on_progress=on_progress)
        return answer


@dataclass(frozen=True, slots=True)
class Choice:
    """Which backend, and why: `reason_code` names the sentence, `params` fills it in."""

    backend: Backend
    reason_code: ReasonCode
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        return self.backend.name


_EVERYTHING: frozenset[Feature] = frozenset({"network", "knapsack", "auxiliary", "general_rows"})
_BACKENDS = (
    Backend("flow", frozenset({"network"}), "matcher.model.solvers.flow"),
    Backend("cpsat", _EVERYTHING, "matcher.model.solvers.cpsat"),
    # HiGHS counts nodes, which last from a thousandth of a second to minutes.
    Backend("mip", _EVERYTHING, "matcher.model.solvers.mip", counts_work=False),
    Backend("pricing", _EVERYTHING, "matcher.model.solvers.pricing"),
)
BACKENDS: Mapping[str, Backend] = MappingProxyType({backend.name: backend for backend in _BACKENDS})


def is_for_flow(formulation: Formulation, requested: str | None = None) -> bool:
    """Whether the rows are a network, and no other backend was asked for."""
    from matcher.model.solvers.network import as_network

    return requested in (None, "flow") and not isinstance(as_network(formulation), str)


def choice_of(name: str, reason_code: str, params: Mapping[str, str]) -> Choice:
    """A choice out of what was kept of it."""
    return Choice(BACKENDS[name], cast(ReasonCode, reason_code), MappingProxyType(dict(params)))


def choose(formulation: Formulation, requested: str | None = None) -> Choice:
    """The backend for a model: the one asked for, else flow where it can hold rows and points, else pricing.

    Raises
    ------
    UsageError : ``unknown_backend`` (name, known); ``backend_cannot_hold`` (name, reason) when flow is asked for and
        the rows are no network

    Notes
    -----
    Flow first: the same optimum 150 times faster than CP-SAT on 400 × 4,000, and its prices prove it.
    """
    if requested is not None and requested not in BACKENDS:
        raise UsageError("unknown_backend", name=requested, known=tuple(BACKENDS))
    if requested is not None and "general_rows" in BACKENDS[requested].features:
        return Choice(BACKENDS[requested], "backend_requested", MappingProxyType({"name": requested}))
    from matcher.model.solvers.network import as_network

    network = as_network(formulation)
    if isinstance(network, str):
        if requested is not None:
            raise UsageError("backend_cannot_hold", name=requested, reason=network)
        return Choice(BACKENDS["pricing"], "rows_are_no_network", MappingProxyType({"reason": network}))
    if requested is not None:
        return Choice(BACKENDS[requested], "backend_requested", MappingProxyType({"name": requested}))
    from matcher.model.solvers.flow import cost_limit

    limit = cost_limit(network)
    is_free = formulation.column_lower < formulation.column_upper
    if largest(formulation.objective) > limit and largest(formulation.objective[is_free]) > limit:
        return Choice(BACKENDS["cpsat"], "costs_too_large_for_flow")
    return Choice(BACKENDS["flow"], "rows_are_network")
