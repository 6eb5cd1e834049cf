"""Parts solved on their own and put together: the optimum of the whole, with a proof that anybody can check."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.model import apart
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.apart import parts_to_solve, solve_by_component
from matcher.model.certificate import bound_of, certify, with_objective
from matcher.model.components import Part, find_components, split
from matcher.model.evidence import evidence_of, is_checkable
from matcher.model.forest import holds, proof_by_prices
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, build_formulation
from matcher.model.narrowing import keep_points, narrowed
from matcher.model.objectives import Tier
from matcher.model.proof import Forest
from matcher.model.shrinking import shrink
from matcher.model.solvers import BACKENDS, Progress, choose
from matcher.model.tiers import solve_tiers
from matcher.plan.tree_record import TreeFault, proof_of, tree_part
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, Case, block
from tests.properties.model_strategies import general_formulations
from tests.trees import grown, knapsacks

CASES = {case.name: case for case in ZOO}


def _solve(
    formulation: Formulation,
    limits: Limits,
    hint: Int64 | None,
    on_progress: Progress | None = None,
    backend: str | None = None,
) -> Answer:
    return choose(formulation, backend).backend.solve(formulation, limits, hint=hint, on_progress=on_progress)


def _is_network(formulation: Formulation) -> bool:
    return choose(formulation).name == "flow"


def _every_part(formulation: Formulation) -> list[Part]:
    """Each part by itself, however small."""
    return list(split(formulation, find_components(formulation)))


def _whole_answer(formulation: Formulation, backend: str | None = None) -> Answer:
    """The answer part by part, on the formulation as it was: what `tiers` does, without its rule when to."""
    small = shrink(formulation)
    if small.is_contradiction or not small.free_idx.size:
        return _solve(formulation, Limits(), None, backend=backend)
    parts = _every_part(small.formulation)
    answer = solve_by_component(small.formulation, parts, Limits(), partial(_solve, backend=backend))
    return replace(
        answer,
        x=None if answer.x is None else small.widen_x(answer.x),
        prices=small.widen_prices(answer.prices, formulation.n_rows),
        farkas=small.widen_prices(answer.farkas, formulation.n_rows),
        proof=small.widen_proof(answer.proof, formulation.n_rows),
    )


def _beside(*each: Formulation) -> Formulation:
    """The formulations side by side, their columns shuffled together; each one's rows are families of its own."""
    first = each[0]
    for number, other in enumerate(each[1:], 1):
        families = [
            replace(f, start=f.start + first.n_rows, stop=f.stop + first.n_rows, name=f"{number}:{f.name}")
            for f in other.families
        ]
        join = {
            name: np.concatenate((getattr(first, name), getattr(other, name)))
            for name in ("objective", "column_lower", "column_upper", "coef", "row_lower", "row_upper")
        }
        first = Formulation(
            **join,
            row_ptr=np.concatenate((first.row_ptr, other.row_ptr[1:] + first.row_ptr[-1])),
            col_idx=np.concatenate((first.col_idx, other.col_idx + first.n_cols)),
            families=(*first.families, *families),
            n_pairs=first.n_cols + other.n_cols,
        )
    order = np.random.default_rng(first.n_cols).permutation(first.n_cols)
    return replace(
        first,
        col_idx=np.argsort(order)[first.col_idx],
        objective=first.objective[order],
        column_lower=first.column_lower[order],
        column_upper=first.column_upper[order],
    )


@pytest.fixture(scope="module")
def three() -> Formulation:
    """Three programmes with hours that no row joins, each with a gap between fractions and integers."""
    return _beside(*(knapsacks(seed, 3, 8) for seed in range(3)))


@pytest.mark.parametrize("backend", [None, "cpsat", "pricing"])
@pytest.mark.parametrize("case", ZOO, ids=lambda case: case.name)
def test_zoo_has_the_same_optimum_part_by_part(case: Case, backend: str | None) -> None:
    formulation = case.build()
    certificate = certify(formulation, answer := _whole_answer(formulation, backend))
    assert certificate.value == case.value
    if case.value is None:
        assert answer.status == "infeasible"
        is_provable = backend in (None, "pricing") or not case.is_lp_feasible
        assert certificate.infeasible_proved or not is_provable
        assert certificate.infeasible_proved or len(answer.witnesses) >= 2
    else:
        assert answer.status == "optimal"
        assert certificate.bound is not None and certificate.bound <= (case.bound or case.value)
        assert certificate.word == "proved" or backend == "cpsat"


@settings(deadline=None, max_examples=60)
@given(general_formulations(), general_formulations())
def test_two_formulations_side_by_side_have_the_sum_of_their_optima(a: Formulation, b: Formulation) -> None:
    both, truths = _beside(a, b), (brute_force(a).value, brute_force(b).value)
    answer = _whole_answer(both)
    certificate = certify(both, answer)
    if None in truths:
        assert answer.status == "infeasible" and (certificate.infeasible_proved or len(answer.witnesses) >= 2)
        return
    expected = sum(value for value in truths if value is not None)
    assert (certificate.value, answer.status) == (expected, "optimal")
    assert certificate.bound is not None and certificate.bound >= expected
    if isinstance(answer.proof, Forest):
        part = tree_part(answer.proof, both.families)
        assert part.tree is not None and part.tree.bound == answer.proof.bound
        assert holds(both, proof_of(part.tree, both))


def test_parts_are_proved_by_a_forest_that_is_read_back_as_it_was(three: Formulation) -> None:
    answer = _whole_answer(three)
    certificate = certify(three, answer)
    best = sum(brute_force_value(seed) for seed in range(3))
    assert (certificate.value, certificate.bound, certificate.word) == (best, best, "proved")
    forest = answer.proof
    assert isinstance(forest, Forest) and len(forest.trees) == 3 and is_checkable(three, forest)
    assert evidence_of(three, answer, certificate, 0).proof is forest
    record = tree_part(forest, three.families).tree
    assert record is not None
    back = proof_of(type(record).model_validate_json(record.to_json(), strict=True), three)
    assert isinstance(back, Forest) and holds(three, back)
    assert (back.bound, back.of_column.tolist()) == (forest.bound, forest.of_column.tolist())
    for new, old in zip(back.trees, forest.trees, strict=True):
        assert (new.bound, new.kept.tolist(), len(new.nodes)) == (old.bound, old.kept.tolist(), len(old.nodes))


def brute_force_value(seed: int) -> int:
    answer = _solve(knapsacks(seed, 3, 8), Limits(), None, backend="cpsat")
    assert answer.x is not None and answer.status == "optimal"
    return knapsacks(seed, 3, 8).value_of(answer.x)


def test_forest_with_anything_changed_proves_no_less_than_the_best_plan() -> None:
    models = [knapsacks(seed) for seed in range(3)]
    both = _beside(*models)
    best = sum(brute_force(model).value or 0 for model in models)
    forest = _whole_answer(both).proof
    if not isinstance(forest, Forest):  # prices alone may do: grow the trees by hand
        parts = _every_part(both)
        trees = tuple(grown(part.formulation) for part in parts)
        forest = apart._forest(both, parts, trees)
    assert holds(both, forest)
    low = replace(forest, bound=forest.bound - 1)
    assert not holds(both, low) and holds(both, replace(forest, bound=forest.bound + 5))
    for number, tree in enumerate(forest.trees):
        lower = replace(tree, bound=tree.bound - 1)
        trees = (*forest.trees[:number], lower, *forest.trees[number + 1 :])
        if tree.bound == brute_force(_every_part(both)[number].formulation).value:
            assert not holds(both, replace(low, trees=trees))
    # However the columns are parted, what still holds is a bound.
    rng = np.random.default_rng(4)
    for _ in range(60):
        label = forest.of_column.copy()
        label[rng.integers(0, label.size, 2)] = rng.integers(0, 3, 2)
        changed = replace(forest, of_column=label)
        assert not holds(both, changed) or changed.bound >= best
    for label in (forest.of_column[:-1], np.where(forest.of_column == 2, 3, forest.of_column), forest.of_column - 1):
        assert not holds(both, replace(forest, of_column=label))


@pytest.mark.parametrize(
    "change",
    [
        {"parts": []},
        {"parts": [[0, 5]]},
        {"parts": [[9, 72]]},
        {"parts": [[0, 2**50], [1, 1]]},
    ],
)
def test_forest_that_fits_no_model_is_told(three: Formulation, change: dict[str, object]) -> None:
    record = tree_part(apart._forest(three, p := _every_part(three), [grown(q.formulation) for q in p]), ()).tree
    assert record is not None and holds(three, proof_of(record, three))
    with pytest.raises(TreeFault) as caught:
        proof_of(type(record).model_validate({**record.model_dump(), **change}), three)
    assert caught.value.args == ("parts",)


def test_next_tier_keeps_every_part_at_its_bound_and_the_parts_apart(three: Formulation) -> None:
    answer = _whole_answer(three)
    assert isinstance(answer.proof, Forest)
    value = answer.proof.bound
    after = narrowed(three, Tier("points", three.objective), value, proof=answer.proof)
    assert find_components(shrink(after).formulation).n_components >= 3
    family = after.families[-1]
    assert (family.name, family.stop - family.start) == ("tier:points", 3)
    assert after.row_lower[family.start :].tolist() == [tree.bound for tree in answer.proof.trees]
    # One point less: a row over all, and what a part may lose is all that is spare.
    looser = narrowed(three, Tier("points", three.objective), value - 1, proof=answer.proof)
    assert looser.row_lower[looser.n_rows - 1] == value - 1 and looser.families[-1].stop == looser.n_rows
    assert looser.n_rows == three.n_rows + 1


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), st.booleans())
def test_narrowing_by_a_forest_loses_no_plan_that_keeps_the_points(seeds: list[int], is_priced: bool) -> None:
    both = _beside(*(knapsacks(seed, 2, 3) for seed in seeds))
    parts = _every_part(both)
    trees = [grown(part.formulation) for part in parts]
    prices = _solve(parts[0].formulation, Limits(), None).prices
    if is_priced and prices is not None:
        trees[0] = proof_by_prices(prices, bound_of(parts[0].formulation, prices))
    best, forest = brute_force(both).value, apart._forest(both, parts, trees)
    if best is None:
        return
    assert holds(both, forest) and forest.bound >= best
    wanted = np.arange(both.n_cols) % 5 - 1
    for least in {best, best - 1, best - 4, forest.bound}:
        after = narrowed(both, Tier("points", both.objective), least, proof=forest)
        plain = narrowed(both, Tier("points", both.objective), least)
        ours, expected = (brute_force(with_objective(model, wanted)) for model in (after, plain))
        assert (ours.value, ours.optimal) == (expected.value, expected.optimal)


def test_prices_of_different_scales_meet_at_their_common_one() -> None:
    """The triangle's prices are halves, the knapsack's thirds: bounds 3 and 3⅓ become one of 6⅓."""
    formulation = build_formulation(
        [2, 2, 2, 5, 5],
        [block("rivals", [[0, 1], [1, 2], [0, 2]], [1] * 3), block("hours", [[3, 4]], [2], coef=[[3, 3]])],
    )
    halves, thirds = Prices(np.array([2, 2, 2]), 2), Prices(np.array([5]), 3)

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        x = np.zeros(part.n_cols, np.int64)
        return Answer("feasible", "test", x=x, prices=halves if part.n_cols == 3 else thirds)

    answer = solve_by_component(formulation, _every_part(formulation), Limits(), solve)
    assert answer.prices is not None and answer.proof is None
    assert (answer.prices.scale, answer.prices.row.tolist()) == (6, [6, 6, 6, 10])
    assert certify(formulation, answer).bound == 6
    assert (answer.status, answer.counts) == ("feasible", {"n_components": 2})


def test_halves_that_each_part_rounds_down_are_not_lost_in_the_sum() -> None:
    """Two triangles of 1½ each: three points by joined prices, two by a tree of one node each."""
    formulation = build_formulation(
        [1] * 6, [block("rivals", [[0, 1], [1, 2], [0, 2], [3, 4], [4, 5], [3, 5]], [1] * 6)]
    )

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        return Answer("optimal", "test", x=np.array([1, 0, 0]), prices=Prices(np.ones(3, np.int64), 2))

    answer = solve_by_component(formulation, _every_part(formulation), Limits(), solve)
    assert answer.prices is not None and certify(formulation, replace(answer, proof=None)).bound == 3
    certificate = certify(formulation, answer)
    assert (certificate.value, certificate.bound, certificate.word) == (2, 2, "proved")


def test_prices_without_a_small_common_scale_still_bound() -> None:
    formulation = build_formulation([5, 5], [block("slots", [[0], [1]], [1, 1])])
    scales = iter((2**40 - 87, 2**39 - 7))

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        scale = next(scales)
        return Answer("optimal", "test", x=np.ones(1, np.int64), prices=Prices(np.array([5 * scale]), scale))

    answer = solve_by_component(formulation, _every_part(formulation), Limits(), solve)
    assert answer.prices is not None and answer.prices.scale == 2**40 - 87
    assert certify(formulation, answer).bound == 10


def test_prices_too_large_for_the_finest_scale_are_rounded_to_a_coarser_one() -> None:
    large = 2**45
    formulation = build_formulation([large, 5], [block("slots", [[0], [1]], [1, 1])])
    both = iter((Prices(np.array([large])), Prices(np.array([5 * 2**39]), 2**39)))

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        return Answer("optimal", "test", x=np.ones(1, np.int64), prices=next(both))

    answer = solve_by_component(formulation, _every_part(formulation), Limits(), solve)
    assert answer.prices is not None and 1 <= answer.prices.scale < 2**18
    assert certify(formulation, answer).bound == large + 5


def test_part_with_points_too_large_for_tables_is_proved_by_its_prices() -> None:
    """A lot's points in a tiny part, where one proof that cannot be checked costs that of all."""
    large = 3 * 2**40
    triangle = build_formulation([large] * 3, [block("rivals", [[0, 1], [1, 2], [0, 2]], [1] * 3)])
    both = _beside(knapsacks(0), triangle)
    halves = Prices(np.full(3, 1280 * large), 2560)

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        if part.n_rows != 3:
            return _solve(part, limits, hint)
        return Answer("feasible", "test", x=np.array([1, 0, 0]), prices=halves)

    answer = solve_by_component(both, _every_part(both), Limits(), solve)
    best = brute_force(knapsacks(0)).value
    assert best is not None and isinstance(answer.proof, Forest) and is_checkable(both, answer.proof)
    assert certify(both, answer).bound == best + 3 * large // 2


def test_part_without_plan_or_prices_leaves_the_whole_without() -> None:
    formulation = CASES["two_components"].build()

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        answer = _solve(part, limits, hint)
        return replace(answer, x=None, prices=None, proof=None, status="unknown") if part.n_rows == 4 else answer

    answer = solve_by_component(formulation, _every_part(formulation), Limits(), solve)
    assert (answer.status, answer.x, answer.prices, answer.proof) == ("unknown", None, None, None)


def test_limits_are_shared_by_size_and_the_hint_reaches_each_part() -> None:
    formulation = build_formulation([1] * 4, [block("slots", [[0, 3], [1], [2]], [1] * 3, side="left")])
    seen: list[tuple[list[int], float, float]] = []

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        assert hint is not None and limits.time_limit_s is not None and limits.deterministic_limit is not None
        seen.append((hint.tolist(), limits.time_limit_s, limits.deterministic_limit))
        return Answer("feasible", "test", x=hint, counts={"deterministic_time": 4.0})

    limits = Limits(time_limit_s=1000.0, deterministic_limit=20.0)
    answer = solve_by_component(formulation, _every_part(formulation), limits, solve, np.array([1, 0, 1, 0]))
    assert answer.x is not None and answer.x.tolist() == [1, 0, 1, 0]
    assert [hint for hint, *_ in seen] == [[1, 0], [0], [1]]
    # No time was spent, four units a part: a half of everything, a half of the rest, all of the rest.
    assert [round(spend, -2) for _, spend, _ in seen] == [500, 500, 1000]
    assert [work for *_, work in seen] == [10.0, 8.0, 12.0]


def test_every_part_gets_a_first_plan_before_any_is_worked_on(three: Formulation) -> None:
    """Ended while the first part is proved, all parts have a plan."""
    stop, rounds = threading.Event(), []

    def solve(part: Formulation, limits: Limits, hint: Int64 | None, on_progress: Progress | None = None) -> Answer:
        rounds.append(limits.gap)
        if limits.gap == 0.0:
            stop.set()
        x = _solve(part, Limits(), None, backend="cpsat").x
        return Answer("feasible", "test", x=x if hint is None else hint)

    answer = solve_by_component(three, _every_part(three), Limits(stop=stop), solve)
    assert rounds == [0.02, 0.02, 0.02, 0.0]
    assert answer.status == "feasible" and certify(three, answer).feasible


def test_progress_is_told_of_the_whole_once_every_part_has_a_plan(three: Formulation) -> None:
    shown: list[tuple[int, int]] = []
    answer = solve_by_component(
        three, _every_part(three), Limits(), _solve, on_progress=lambda value, bound: shown.append((value, bound))
    )
    value = certify(three, answer).value
    assert value is not None and shown and all(low <= value <= high for low, high in shown)


def _rule(formulation: Formulation) -> list[int]:
    return [part.col_idx.size for part in parts_to_solve(formulation, is_network=_is_network)]


def test_only_what_is_better_solved_apart_is_parted(three: Formulation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _rule(three) == [24, 24, 24]
    one = keep_points(with_objective(three, np.ones(72, np.int64)), "companies", 0)  # a row over all columns
    assert _rule(one) == []
    network = build_formulation([1] * 90, [block("slots", [[j] for j in range(90)], [1] * 90, side="left")])
    assert _rule(network) == []
    # Its columns are one flow beside the three; columns in no row go with it.
    free = build_formulation([1] * 3, [])
    assert sorted(_rule(_beside(three, network, free))) == [24, 24, 24, 93]
    # A part as large as nearly all, and parts too small to be worth it.
    monkeypatch.setattr(apart, "LARGEST_SHARE", 0.3)
    assert _rule(three) == []
    monkeypatch.undo()
    monkeypatch.setattr(apart, "LEAST_COLUMNS", 30)
    assert _rule(three) == [48, 24]
    fixed = replace(three, column_lower=np.where(np.arange(72) == 0, three.column_upper, three.column_lower))
    assert _rule(fixed) == []


def test_row_without_columns_that_cannot_hold_is_left_to_the_whole() -> None:
    rows = block("hours", [[0], [1], []], [1, 1, NO_LIMIT], lower=[0, 0, 1], coef=[[2], [3], []])
    assert _rule(build_formulation([1, 1], [rows])) == []


def test_tiers_solve_parts_apart_and_the_same_whatever_the_threads(three: Formulation) -> None:
    lot = np.random.default_rng(1).integers(0, 2**20, three.n_cols)
    tiers = [Tier("points", three.objective), Tier("lot", lot, is_tie_break=True)]
    found = [solve_tiers(three, tiers, limits=Limits(threads=threads)) for threads in (1, 2)]
    whole = solve_tiers(three, tiers, limits=Limits(), backend="cpsat")
    for answer in found:
        assert answer.choice.reason_code == "rows_fall_apart"
        assert (answer.choice.name, dict(answer.choice.params)) == ("pricing", {"n_parts": "3", "names": "pricing"})
        assert [result.certificate.word for result in answer.results] == ["proved", "proved"]
        assert answer.answer.x is not None and whole.answer.x is not None
        assert answer.answer.x.tolist() == whole.answer.x.tolist()
    assert whole.choice.reason_code == "backend_requested" and set(BACKENDS) >= {"cpsat"}


def test_tree_that_refutes_one_part_refutes_the_whole() -> None:
    both = _beside(knapsacks(0), CASES["one_of_two_parts_has_no_plan"].build())
    answer = _whole_answer(both)
    assert isinstance(answer.proof, Forest) and answer.farkas is None
    assert (answer.status, answer.proof.bound) == ("infeasible", -1)
    assert certify(both, answer).infeasible_proved
    assert not certify(both, replace(answer, proof=replace(answer.proof, bound=-2))).infeasible_proved
