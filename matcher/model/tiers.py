"""Several objectives, one after the other: what the first leaves equal, the next decides.

Each tier is solved on the plans that are best for all tiers before it (`matcher.model.faces`).

The last tier is usually `lot`: fixed pseudo-random weights that leave one plan, so that flow and CP-SAT, one worker and
eight, publish the same one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from matcher.errors import ModelError, UsageError
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.apart import parts_to_solve, solve_by_component
from matcher.model.bottleneck import raise_floor
from matcher.model.certificate import Certificate, Scope, Word, bound_of, certify
from matcher.model.evidence import Evidence, evidence_of, evidence_of_none, is_checkable
from matcher.model.faces import Left
from matcher.model.formulation import Formulation, Int64
from matcher.model.journal import Entry
from matcher.model.near import Kept, Near
from matcher.model.objectives import Tier, value_at
from matcher.model.shrinking import shrink
from matcher.model.solvers import BACKENDS, Choice, Progress, choice_of, choose
from matcher.model.solvers.incumbent import is_feasible

TierProgress = Callable[[str, int | None, int | None], None]
"""Called with a tier's name, and the best value and bound so far."""

_FIRST_SHARE = 0.6
_TIE_BREAK_SHARE = 0.05
_LEAST_SHARE = 0.05
_OVERRUN = 0.1
_TRY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class TierResult:
    """One tier's points in the plan when it was solved, and what is proved of them given the tiers before.

    `value` is None when no plan was found. `evidence` is what the bound can be computed from again.
    """

    name: str
    value: int | None
    certificate: Certificate
    backend: str
    evidence: Evidence


@dataclass(frozen=True)
class TieredAnswer:
    """The plan of the last tier as an answer to the first: prices, bound and status are the first tier's, but
    ``optimal`` only when every tier was; `choice` is the first tier's backend, `certify_s` the seconds spent on proofs.
    """

    answer: Answer
    results: tuple[TierResult, ...]
    choice: Choice
    certify_s: float = 0.0


def solve_tiers(
    formulation: Formulation,
    tiers: Sequence[Tier],
    *,
    limits: Limits,
    backend: str | None = None,
    of: Scope = "all",
    on_progress: TierProgress | None = None,
    start: Int64 | None = None,
    near: Near | None = None,
    held: Prices | None = None,
) -> TieredAnswer:
    """The plan that is best for the first tier, among those for the second, and so on.

    Parameters
    ----------
    tiers : at least one, most important first; each objective is (n_cols,)
    limits : for all tiers together. Tie-breaks get what the others leave, for which 5 % of the time is kept back; the
        first tier gets the rest if it is the only one that is no tie-break, else 60 % of it, and each later one its
        share of what is left, never less than 5 % until all have spent 110 %. So is the deterministic limit shared.
        `gap` is for the first tier only, later ones go to their optimum. Once `stop` is set, or the limits are spent,
        no further tier is begun.
    backend : a name, or None for `choose` at each tier
    on_progress : of every tier: with None twice when it begins, with the floor when a `least` is done
    start : (n_cols,) a plan to start from; without effect if it breaks a row
    near : prices of the first tier in a model that differs a little, and its plan: a network's first tier is solved
        from the prices, later ones from the plan, sooner and never otherwise; without effect elsewhere
    held : prices of the first tier that bound more columns than are here: what else a backend finds out speaks of those
        here alone, so these are its proof, and later tiers are left open unless they are tight

    Raises
    ------
    UsageError : ``no_tier``; from `choose`

    Notes
    -----
    A later tier never loses points of an earlier one beyond its `tolerance`, and never the plan: what it cannot
    improve within its time it leaves. A later tier that fails (`ModelError`, such as sums that could leave int64) ends
    the tiers, with the plan at hand and the word ``unknown`` for that tier. An x that breaks a row is no plan, whatever
    the backend says of it.
    """
    if not tiers:
        raise UsageError("no_tier")
    started = time.monotonic()
    left, narrow = Left(lambda: formulation), None
    x = start if start is not None and is_feasible(formulation, start) else None
    results: list[TierResult] = []
    answers: list[Answer] = []
    choice, certify_s, work = choose(formulation, backend), 0.0, 0.0
    for position, tier in enumerate(tiers):
        if tier.is_tie_break and any(result.certificate.word == "unknown" for result in results):
            break
        spend = _spend(limits, tiers, position, started, work)
        is_open = held is not None and position > 0 and results[0].certificate.word != "proved"
        if x is not None and (is_open or _is_over(spend)):
            results.append(_left_open(tier, x, formulation.n_pairs, of))
            answers.append(Answer("feasible", "none", x=x))
            continue
        shown = _shown(on_progress, tier)
        try:
            left = left if narrow is None else narrow()
            if tier.kind == "least":
                step = _solve_least(left.whole, tier, spend, backend, x, of)
            else:
                step = _solve_sum(
                    left, tier, spend, backend, x, of, shown, _near_of(near, position), None if position else held
                )
        except ModelError:
            if x is None or position == 0:
                raise
            results.append(_left_open(tier, x, formulation.n_pairs, of))
            answers.append(Answer("feasible", "none", x=x))
            break
        if position == 0:
            choice = step.choice or choice
        answer, certificate, certify_s = step.answer, step.certificate, certify_s + step.certify_s
        results.append(TierResult(tier.name, certificate.value, certificate, answer.backend, step.evidence))
        answers.append(answer)
        work += answer.counts.get("deterministic_time", 0.0)
        if on_progress is not None:
            on_progress(tier.name, certificate.value, certificate.bound)
        if answer.x is None or certificate.value is None:
            break
        x, narrow = answer.x, step.narrow
    final = [_at(result, tier, x, formulation.n_pairs) for result, tier in zip(results, tiers, strict=False)]
    answer = _joined(answers, x)
    if x is None:  # for `find_conflict`, which shares the limits
        spent = {"solve_s": time.monotonic() - started, "deterministic_time": work}
        answer = replace(answer, counts={**answer.counts, **spent})
    return TieredAnswer(answer, tuple(final), choice, certify_s)


@dataclass(frozen=True)
class _Step:
    """One tier done: its answer, what is proved of it, and how to get what it leaves to the next tier."""

    answer: Answer
    certificate: Certificate
    narrow: Callable[[], Left]
    choice: Choice | None
    evidence: Evidence
    certify_s: float = 0.0


def _solve_sum(
    left: Left,
    tier: Tier,
    limits: Limits,
    backend: str | None,
    x: Int64 | None,
    of: Scope,
    on_progress: Progress | None,
    near: Near | Kept | None = None,
    held: Prices | None = None,
) -> _Step:
    view = left.under(tier, backend)
    model, here = view.model, view.of(x)
    shown = None if on_progress is None else _shifted(on_progress, view.constant)
    solved, choice = _solve_tier(model, limits, backend, here, shown, view.near(near))
    answer = _not_worse(model, solved, here)
    if held is not None:
        answer = _held_by(model, answer, held)
    solved_at = time.monotonic()
    proof = certify(model, answer, of=of)
    certify_s = time.monotonic() - solved_at
    value = proof.value
    if value is None:
        return _Step(_without_plan(answer), proof, lambda: left, choice, _no_plan(model, answer, proof), certify_s)
    # Narrowed only when a next tier asks: a row too large for int64 shall cost that tier, never this plan.
    evidence = evidence_of(model, answer, proof, value - tier.tolerance + view.constant + tier.constant)
    narrow = partial(left.after, tier, view, value, evidence, backend)
    proof = _moved(proof, view.constant + tier.constant)
    return _Step(view.answer(answer), proof, narrow, choice, view.evidence(evidence), certify_s)


def _held_by(model: Formulation, answer: Answer, held: Prices) -> Answer:
    """The answer with prices that bound more columns than the model has, in place of all it says of these alone."""
    answer = replace(answer, prices=held, proof=None, farkas=None)
    if answer.x is None:
        return replace(answer, status="unknown")
    is_tight = is_feasible(model, answer.x) and model.value_of(answer.x) == bound_of(model, held)
    return replace(answer, status="optimal" if is_tight else "feasible")


def _near_of(near: Near | None, position: int) -> Near | Kept | None:
    """What of a model that differs a little is of use to a tier: its prices to the first, its plan to later ones."""
    return near if near is None or position == 0 else Kept(near.x)


def _no_plan(model: Formulation, answer: Answer, proof: Certificate) -> Evidence:
    return (evidence_of_none(model, answer) if proof.infeasible_proved else None) or evidence_of(
        model, answer, proof, None
    )


def _without_plan(answer: Answer) -> Answer:
    """The answer without its x, which breaks a bound or a row."""
    return answer if answer.x is None else replace(answer, x=None, status="unknown")


def _left_open(tier: Tier, x: Int64, n_pairs: int, of: Scope) -> TierResult:
    """A tier nothing was found out about: the value of the plan at hand, and no bound."""
    value = value_at(tier, x, n_pairs)
    if value is None:  # as `raise_floor`: a plan without any match keeps every floor
        value = int(tier.objective[:n_pairs].max(initial=0))
    certificate = Certificate(value=value, bound=None, gap=None, word="unknown", of=of, feasible=True)
    return TierResult(tier.name, value, certificate, "none", Evidence("open"))


def _moved(proof: Certificate, constant: int) -> Certificate:
    """The certificate of the objective plus a constant."""
    if not constant or proof.value is None:
        return proof
    value, bound = proof.value + constant, None if proof.bound is None else proof.bound + constant
    gap = None if bound is None else (bound - value) / max(1, abs(value))
    return replace(proof, value=value, bound=bound, gap=gap)


def _solve_least(
    current: Formulation, tier: Tier, limits: Limits, backend: str | None, x: Int64 | None, of: Scope
) -> _Step:
    chosen: list[Choice] = []
    deadline = None if limits.time_limit_s is None else time.monotonic() + limits.time_limit_s

    work = [0.0]

    def solve(model: Formulation, hint: Int64 | None) -> Answer:
        spend = _try_limits(limits, deadline, hint, sum(work))
        if hint is not None and _is_over(spend):
            return Answer("unknown", "none")
        answer, choice = _solve_tier(model, spend, backend, hint, None)
        chosen.extend([choice] if choice else [])
        work.append(answer.counts.get("deterministic_time", 0.0))
        return answer

    floor = raise_floor(current, tier.objective, x, solve=solve, of=of)
    answer, proof = floor.answer, floor.certificate
    answer = replace(answer, counts={**answer.counts, "deterministic_time": sum(work)})
    if proof.value is None:
        answer = _without_plan(answer)
    elif proof.word == "unknown" and answer.status == "optimal":
        # Any plan is the optimum of a floor's zero objective; that says nothing of the next floor.
        answer = replace(answer, status="feasible")
    evidence = Evidence("open", proof.value)
    if proof.value is None:
        evidence = _no_plan(current, answer, proof)
    elif floor.is_refuted:
        refutation = floor.refutation or Evidence("open")
        evidence = replace(refutation, kind="floor", kept=proof.value, floor=floor.refuted, families=current.families)
    left = Left(lambda: floor.formulation)
    return _Step(answer, proof, lambda: left, chosen[0] if chosen else None, evidence)


def _try_limits(limits: Limits, deadline: float | None, hint: Int64 | None, work: float) -> Limits:
    """What one floor may spend: half of what is left, so that the next one has as much; all while there is no plan.

    Notes
    -----
    Most floors are settled at once. The hard ones are the last, near the best floor, and find half of all time there.
    """
    share = 1.0 if hint is None else _TRY_SHARE
    left_s = None if deadline is None else share * max(0.0, deadline - time.monotonic())
    left_work = limits.deterministic_limit
    if left_work is not None:
        left_work = share * max(0.0, left_work - work)
    return replace(limits, time_limit_s=left_s, deterministic_limit=left_work)


def _at(result: TierResult, tier: Tier, x: Int64 | None, n_pairs: int) -> TierResult:
    """The result with the value of the published plan, which later tiers may have bettered, or cut by the tolerance.

    Notes
    -----
    Whoever said ``optimal`` said it of another value, so the word is ``unknown`` unless the new value meets the bound.
    The bound of a least may rest on a claim of two solvers, and is then not proved by being met.
    """
    if x is None or result.value is None:
        return result
    value = value_at(tier, x, n_pairs)
    if value is None or value == result.value:
        return result
    proof = result.certificate
    # A bound that prices prove is never passed; one that was only claimed is refuted by the plan.
    bound = None if proof.bound is None or value > proof.bound else proof.bound
    gap = None if bound is None else (bound - value) / max(1, abs(value))
    word: Word = "unknown"
    if value == bound:
        word = "proved" if tier.kind == "sum" else "claimed"
    certificate = replace(proof, value=value, bound=bound, gap=gap, word=word)
    return replace(result, value=value, certificate=certificate)


def _spend(limits: Limits, tiers: Sequence[Tier], position: int, started: float, work: float = 0.0) -> Limits:
    """What one tier may spend of the limits of all: of the time since `started`, and of the deterministic work."""
    time_s, units = limits.time_limit_s, limits.deterministic_limit
    return replace(
        limits,
        gap=limits.gap if position == 0 else 0.0,
        time_limit_s=None if time_s is None else _share_of(time_s, time.monotonic() - started, tiers, position),
        deterministic_limit=None if units is None else _share_of(units, work, tiers, position),
        proof_work=limits.proof_work * (_TIE_BREAK_SHARE if tiers[position].is_tie_break else 1.0),
    )


def _is_over(spend: Limits) -> bool:
    """Whether nothing may be begun any more."""
    return spend.is_stopped or spend.time_limit_s == 0.0 or spend.deterministic_limit == 0.0


def _share_of(limit: float, used: float, tiers: Sequence[Tier], position: int) -> float:
    """One tier's share of a limit of which so much is used; 0 only where 110 % of it are."""
    left = limit - used
    to_come = tiers[position:]
    n_alike = sum(tier.is_tie_break == tiers[position].is_tie_break for tier in to_come)
    if not tiers[position].is_tie_break and n_alike < len(to_come):
        # A tie-break is asked only where the tiers before it are settled, and those rarely need all their time then.
        left -= limit * _TIE_BREAK_SHARE
    share = _FIRST_SHARE if position == 0 and n_alike > 1 else 1.0 / n_alike
    least = min(limit * _LEAST_SHARE, limit * (1.0 + _OVERRUN) - used)
    return max(left * share, least, 0.0)


def _solve_tier(
    model: Formulation,
    limits: Limits,
    backend: str | None,
    x: Int64 | None,
    on_progress: Progress | None,
    near: Near | Kept | None = None,
) -> tuple[Answer, Choice | None]:
    """One tier's answer, from the journal where it is there."""
    journal = limits.journal
    known = None if journal is None else journal.recall(model)
    if known is not None:
        return known.answer, None if known.choice is None else choice_of(*known.choice)
    answer, choice = _solve_afresh(model, limits, backend, x, on_progress, near)
    if journal is not None and not limits.is_stopped:  # what comes after a stop may have been cut short
        record = None if choice is None else (choice.name, choice.reason_code, dict(choice.params))
        journal.keep(model, Entry(answer, record))
    return answer, choice


def _solve_afresh(
    model: Formulation,
    limits: Limits,
    backend: str | None,
    x: Int64 | None,
    on_progress: Progress | None,
    near: Near | Kept | None = None,
) -> tuple[Answer, Choice | None]:
    """One tier's answer on the whole formulation, solved on its free columns."""
    small = shrink(model)
    if small.is_contradiction:
        # The fixed columns alone break a row, so the relaxation has no x and its ray is the proof.
        small = replace(small, formulation=model, free_idx=np.arange(model.n_cols), row_idx=np.arange(model.n_rows))
        small = replace(small, fixed=np.zeros(model.n_cols, np.int64), constant=0)
    elif not small.free_idx.size:
        return Answer("optimal", "none", x=small.fixed, prices=Prices(np.zeros(model.n_rows, np.int64))), None
    hint = None if x is None else x[small.free_idx]
    shown = None if on_progress is None else _shifted(on_progress, small.constant)
    # Who asks for a backend asks for it as it is, on the whole.
    parts = () if backend is not None else parts_to_solve(small.formulation, is_network=_is_network)
    if parts:
        answer = solve_by_component(small.formulation, parts, limits, _solve_part, hint, shown)
        chosen = _choice_of_parts(answer.backend, len(parts))
    else:
        near = None if near is None else near.some(small.row_idx, small.free_idx)
        answer, chosen = _solve_whole(small.formulation, limits, backend, hint, shown, near)
    claimed = answer.claimed_bound
    proof = small.widen_proof(answer.proof, model.n_rows)
    return replace(
        answer,
        x=None if answer.x is None else small.widen_x(answer.x),
        prices=small.widen_prices(answer.prices, model.n_rows),
        # What a checker could not hold proves nothing to anybody.
        proof=proof if proof is None or is_checkable(model, proof) else None,
        farkas=small.widen_prices(answer.farkas, model.n_rows),
        claimed_bound=None if claimed is None else claimed + small.constant,
    ), chosen


def _is_network(formulation: Formulation) -> bool:
    return choose(formulation).name == "flow"


def _choice_of_parts(names: str, n_parts: int) -> Choice:
    """The choice for parts solved by the backends of these names; that of the hardest part stands for all."""
    used = [name for name in names.split("+") if name in BACKENDS] or ["pricing"]
    hardest = next((name for name in used if name != "flow"), used[0])
    params = MappingProxyType({"n_parts": str(n_parts), "names": "+".join(used)})
    return Choice(BACKENDS[hardest], "rows_fall_apart", params)


def _solve_part(
    formulation: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None
) -> Answer:
    return _solve_whole(formulation, limits, None, hint, on_progress)[0]


def _solve_whole(
    formulation: Formulation,
    limits: Limits,
    backend: str | None,
    hint: Int64 | None,
    on_progress: Progress | None,
    near: Near | Kept | None = None,
) -> tuple[Answer, Choice]:
    chosen = choose(formulation, backend)
    try:
        if near is not None and chosen.name == "flow":
            answer = _solve_like(formulation, near, limits)
            if answer is not None:
                return answer, chosen
        return chosen.backend.solve(formulation, limits, hint=hint, on_progress=on_progress), chosen
    except ModelError as error:
        if backend is not None or error.code != "cost_too_large_for_flow":
            raise
        # `choose` sees the costs, but not the potentials that leave int64 on the way to the optimum.
        chosen = Choice(BACKENDS["cpsat"], "costs_too_large_for_flow")
        return chosen.backend.solve(formulation, limits, hint=hint, on_progress=on_progress), chosen


def _solve_like(formulation: Formulation, near: Near | Kept, limits: Limits) -> Answer | None:
    from matcher.model.solvers.keeping import solve_keeping
    from matcher.model.solvers.sifting import solve_near

    if isinstance(near, Near):
        return solve_near(formulation, near, limits)
    return solve_keeping(formulation, near, limits)


def _shown(on_progress: TierProgress | None, tier: Tier) -> Progress | None:
    """Tells that a tier begins; what a backend then calls with points of its model, for the tier with its constant."""
    if on_progress is None:
        return None
    on_progress(tier.name, None, None)
    return lambda value, bound: on_progress(tier.name, value + tier.constant, bound + tier.constant)


def _shifted(on_progress: Progress, constant: int) -> Progress:
    return lambda value, bound: on_progress(value + constant, bound + constant)


def _not_worse(model: Formulation, answer: Answer, x: Int64 | None) -> Answer:
    """The answer, or the plan at hand where the answer has none or one of fewer points."""
    if x is None:
        return answer
    is_usable = answer.x is not None and is_feasible(model, answer.x)
    if is_usable and answer.x is not None and model.value_of(answer.x) >= model.value_of(x):
        return answer
    tree = None if answer.status == "infeasible" else answer.proof
    return replace(answer, x=x, status="feasible", farkas=None, proof=tree)


def _joined(answers: Sequence[Answer], x: Int64 | None) -> Answer:
    first = answers[0]
    if x is None:
        return first
    is_optimal = all(answer.status == "optimal" for answer in answers)
    return replace(
        first,
        status="optimal" if is_optimal else "feasible",
        x=x,
        log="\n".join(answer.log for answer in answers if answer.log),
    )
