"""`Standing`: a plan with the model it was solved on, ready to be asked what would follow from a change."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from matcher.domain.policy import TierName
from matcher.domain.problem import Problem
from matcher.errors import ModelError, UsageError
from matcher.explain.losses import Loss, Pair, Word
from matcher.model.answer import Limits
from matcher.model.displacement import Residual, build_residual
from matcher.model.formulation import Formulation, Int64
from matcher.model.objectives import Tier
from matcher.modelling import Model, build_model
from matcher.pairing.candidates import Candidates, build_candidates
from matcher.pairing.rescoring import rebuild_candidates
from matcher.plan.plan import Plan
from matcher.plan.proof_record import TreeProof

_MANY_COLUMNS = 3_000


@dataclass(frozen=True)
class Optimum:
    """The best plan of a changed programme.

    Attributes
    ----------
    values, bounds, words : by tier of the policy, in order; `values` is None where there is no plan
    pairs : its matches; is_possible : False where it is proved or claimed that there is no plan, None: not known
    """

    tiers: tuple[TierName, ...]
    values: tuple[int | None, ...]
    bounds: tuple[int | None, ...]
    words: tuple[Word, ...]
    pairs: frozenset[Pair]
    is_possible: bool | None = True
    none_word: Word = "proved"


@dataclass(frozen=True)
class Standing:
    """A plan, its data, candidates and model.

    Attributes
    ----------
    limits : what one solving again may spend
    answered : what follows from changes that were asked before, by change: no solve is done twice
    """

    plan: Plan
    problem: Problem
    candidates: Candidates
    model: Model
    limits: Limits
    answered: dict[tuple[str, int, int], Any] = field(default_factory=dict, compare=False, repr=False)  # Any: a Change

    @cached_property
    def key(self) -> Int64:
        """(n_pairs,) director · n_companies + company, ascending: where a pair stands among the candidates."""
        return self.candidates.director_idx.astype(np.int64) * len(self.problem.companies) + self.candidates.company_idx

    def column_of(self, director_idx: int, company_idx: int) -> int | None:
        """A pair's column, None where it is no candidate."""
        wanted = director_idx * len(self.problem.companies) + company_idx
        at = int(np.searchsorted(self.key, wanted))
        return at if at < self.key.size and int(self.key[at]) == wanted else None

    def pair_of(self, column: int) -> Pair:
        return int(self.candidates.director_idx[column]), int(self.candidates.company_idx[column])

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """The plan's matches."""
        return frozenset(self.pair_of(int(column)) for column in np.flatnonzero(self.is_chosen))

    @cached_property
    def is_chosen(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(n_pairs,) whether a candidate is a match of the plan."""
        matches = self.plan.document.assignments
        director = self.problem.director_idx([match.director_id for match in matches])
        company = self.problem.company_idx([match.company_id for match in matches])
        found = np.zeros(self.candidates.n_pairs, np.bool_)
        found[np.searchsorted(self.key, director * len(self.problem.companies) + company)] = True
        return found

    @cached_property
    def tiers(self) -> tuple[TierName, ...]:
        return tuple(self.problem.policy.objective)

    @cached_property
    def base(self) -> Optimum:
        """The published plan itself, as one of the optima that changes are compared with."""
        records = [tier for tier in self.plan.document.tiers if not tier.is_tie_break]
        none: list[int | None] = [None] * (len(self.tiers) - len(records))
        no_word: list[Word] = ["unknown"] * len(none)
        return Optimum(
            tiers=self.tiers,
            values=(*(record.value for record in records), *none),
            bounds=(*(record.bound for record in records), *none),
            words=(*(record.word for record in records), *no_word),
            pairs=self.pairs,
        )

    @property
    def off_by(self) -> int | None:
        """By how many points the plan may be short of the best; 0 = proved, None = not known.

        Notes
        -----
        Every tier is maximised, so a bound is never below its value. Of points (of the first tier where the policy does
        not ask for points), and only where every tier before is proved: a bound holds among the plans best for those.
        """
        return self._short_of(self.points_tier)

    @property
    def shortfall(self) -> tuple[TierName, int | None]:
        """The first tier that is not proved, and by how much it may be short of the best; else the last and 0."""
        for place, tier in enumerate(self.tiers):
            short = self._short_of(place)
            if short != 0:
                return tier, short
        return self.tiers[-1], 0

    def _short_of(self, place: int) -> int | None:
        values, bounds = self.base.values[: place + 1], self.base.bounds[: place + 1]
        known = [(v, b) for v, b in zip(values, bounds, strict=True) if v is not None and b is not None]
        if len(known) <= place or any(value != bound for value, bound in known[:place]):
            return None
        return known[place][1] - known[place][0]

    @cached_property
    def residual(self) -> Residual | None:
        """The residual graph, where ways in it are exact: one tier that adds up points, a network, a proved plan."""
        if len(self.tiers) != 1 or self.tiers[0] == "worst_match" or self.off_by != 0:
            return None
        formulation = self.model.formulation
        if formulation.n_cols != formulation.n_pairs or self.model.tiers[0].tolerance:
            return None
        return build_residual(formulation, self.is_chosen.astype(np.int64))

    def forced(self, column: int) -> Formulation:
        """The model with one pair demanded."""
        lower = self.model.formulation.column_lower.copy()
        lower[column] = 1
        return replace(self.model.formulation, column_lower=lower)

    def forbidden(self, column: int) -> Formulation:
        """The model without one pair."""
        upper = self.model.formulation.column_upper.copy()
        upper[column] = 0
        lower = np.minimum(self.model.formulation.column_lower, upper)
        return replace(self.model.formulation, column_upper=upper, column_lower=lower)

    def solve(self, formulation: Formulation) -> Optimum:
        """The best plan of this model under other bounds."""
        return self._solve(self.problem, self.candidates, replace(self.model, formulation=formulation))

    def solve_untied(self, formulation: Formulation) -> Optimum:
        """The same with ties left open: sooner, and any of the plans that are as good."""
        tiers = self.model.tiers[: self.model.n_policy_tiers]
        return self._solved(self.problem, self.candidates, replace(self.model, formulation=formulation, tiers=tiers))

    def solve_problem(self, problem: Problem) -> Optimum:
        """The best plan of a changed programme, its model built anew from its tables.

        Raises
        ------
        DataError : a pin, or a fixed engagement, breaks a hard rule
        """
        candidates, model = self.rebuilt(problem)
        return self._solve(problem, candidates, model)

    def rebuilt(self, problem: Problem) -> tuple[Candidates, Model]:
        """The candidates and the model of a changed programme; only pairs that the change touches are scored.

        Raises
        ------
        DataError : a pin, or a fixed engagement, breaks a hard rule
        """
        from matcher.matching import refuse_contradictions

        candidates = rebuild_candidates(self.candidates, self.problem, problem).candidates
        refuse_contradictions(problem, candidates)
        return candidates, build_model(problem, candidates)

    def solve_model(self, problem: Problem, candidates: Candidates, model: Model) -> Optimum:
        """The best plan of a changed model by the policy's own tiers; which of several as good is left open."""
        return self._solved(problem, candidates, replace(model, tiers=model.tiers[: model.n_policy_tiers]))

    def for_solving(self, formulation: Formulation) -> Formulation:
        """A model with rows that follow from its own, where the plan's optimum took a tree to prove: the same plans.

        Notes
        -----
        A question of `scenarios/seasons` is solved in a fourth of the time. Where prices prove the plan, such rows
        would only take linear programmes to find.
        """
        from matcher.model.cuts import strengthened

        proofs, backend = self.plan.document.proof, self.problem.policy.solve.backend
        is_hard = bool(proofs) and isinstance(proofs[0], TreeProof) and backend in (None, "pricing")
        return strengthened(formulation) if is_hard and formulation.n_cols <= _MANY_COLUMNS else formulation

    def solve_changed(self, problem: Problem, candidates: Candidates, model: Model) -> Optimum:
        """The best plan of a changed programme whose candidates and model are known."""
        return self._solve(problem, candidates, model)

    def _solve(self, problem: Problem, candidates: Candidates, model: Model) -> Optimum:
        """The best plan of the policy; of several as good, one that keeps the most matches of the published plan."""
        key = candidates.director_idx.astype(np.int64) * len(problem.companies) + candidates.company_idx
        stays = np.isin(key, self.key[self.is_chosen]).astype(np.int64)
        stays = np.concatenate([stays, np.zeros(model.formulation.n_cols - key.size, np.int64)])
        tiers = (
            *model.tiers[: model.n_policy_tiers],
            Tier("tie_break:stay", stays, is_tie_break=True),
            model.tiers[-1],
        )
        return self._solved(problem, candidates, replace(model, tiers=tiers))

    def _solved(self, problem: Problem, candidates: Candidates, model: Model) -> Optimum:
        return _solve(problem, candidates, replace(model, formulation=self.for_solving(model.formulation)), self.limits)

    def losses(self, changed: Optimum, *, is_narrower: bool = False) -> tuple[Loss, ...]:
        """What the published plan has more than a changed one, by tier.

        Parameters
        ----------
        is_narrower : whether the change only takes plans away; then the published plan's own bound holds for it as well

        Notes
        -----
        Of later tiers only while the tiers before it are proved in both: else their ends are not known.
        """
        out, is_settled = [], True
        base = self.base
        for place in range(len(self.tiers)):
            value, other, bound = base.values[place], changed.values[place], changed.bounds[place]
            if value is None or other is None:
                word = changed.none_word if changed.is_possible is False else "unknown"
                out.append(Loss(None, word, is_possible=changed.is_possible))
                continue
            known = [one for one in (bound, base.bounds[0] if is_narrower and place == 0 else None) if one is not None]
            least = value - min(known) if known else None
            word = changed.words[place]
            if not is_settled:
                least, word = None, "unknown" if word == "unknown" else "claimed"
            out.append(Loss(value - other, word, least, value - other if is_settled else None))
            is_settled &= word == "proved" and base.words[place] == "proved"
        return tuple(out)

    def loss(self, changed: Optimum) -> Loss:
        """The loss of points; of the first tier where the policy does not ask for points."""
        return self.losses(changed)[self.points_tier]

    @cached_property
    def points_tier(self) -> int:
        return self.tiers.index("points") if "points" in self.tiers else 0


def build_standing(
    plan: Plan,
    *,
    time_limit_s: float | None = None,
    threads: int | None = None,
    stop: threading.Event | None = None,
) -> Standing:
    """A plan ready to be asked.

    Parameters
    ----------
    time_limit_s, threads : of one solving again; None = the policy's
    stop : once another thread sets it, solving again ends without a plan

    Raises
    ------
    UsageError : ``no_plan_to_explain`` where the plan has status infeasible or unknown
    """
    if plan.status not in ("optimal", "feasible"):
        raise UsageError("no_plan_to_explain", status=plan.status)
    problem = plan.problem
    solve = problem.policy.solve
    limits = Limits(
        time_limit_s=solve.time_limit_s if time_limit_s is None else time_limit_s,
        seed=solve.seed,
        threads=solve.threads if threads is None else threads,
        deterministic_limit=solve.deterministic_limit,
        stop=stop,
    )
    # What follows from a change may be a pair that no best plan holds, so one that a search did not keep.
    candidates = build_candidates(problem) if plan.candidates.is_part else plan.candidates
    return Standing(plan, problem, candidates, build_model(problem, candidates), limits)


def _solve(problem: Problem, candidates: Candidates, model: Model, limits: Limits) -> Optimum:
    from matcher.model.tiers import solve_tiers

    tiers = tuple(problem.policy.objective)
    nothing: tuple[None, ...] = (None,) * len(tiers)
    unknown: Word = "unknown"
    words = (unknown,) * len(tiers)
    if (model.formulation.column_lower > model.formulation.column_upper).any():
        return Optimum(tiers, nothing, nothing, words, frozenset(), is_possible=False)
    try:
        solved = solve_tiers(
            model.formulation, model.tiers, limits=limits, backend=problem.policy.solve.backend, of=candidates.of
        )
    except ModelError:
        return Optimum(tiers, nothing, nothing, words, frozenset(), is_possible=None)
    results = solved.results[: len(tiers)]
    if solved.answer.x is None:
        is_proved = any(result.evidence.kind in ("infeasible", "tree_infeasible") for result in results)
        is_possible = False if solved.answer.status == "infeasible" else None
        word: Word = "proved" if is_proved else "claimed" if is_possible is False else "unknown"
        return Optimum(tiers, nothing, nothing, words, frozenset(), is_possible, word)
    short = len(tiers) - len(results)
    chosen = np.flatnonzero(solved.answer.x[: model.formulation.n_pairs])
    return Optimum(
        tiers=tiers,
        values=(*(result.value for result in results), *nothing[:short]),
        bounds=(*(result.certificate.bound for result in results), *nothing[:short]),
        words=(*(result.certificate.word for result in results), *words[:short]),
        pairs=frozenset(
            zip(candidates.director_idx[chosen].tolist(), candidates.company_idx[chosen].tolist(), strict=True)
        ),
    )
