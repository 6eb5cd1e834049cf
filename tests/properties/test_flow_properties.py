"""What holds for every network: brute force, the certificate and the flow backend agree."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import bound_of, certify, is_tight, optimal_face, with_objective
from matcher.model.formulation import Formulation, RowBlock, build_formulation
from matcher.model.solvers.flow import solve
from tests.brute_force import brute_force
from tests.properties.model_strategies import general_formulations, networks, prices_for

_LIMITS = Limits()


@settings(deadline=None, max_examples=250)
@given(networks())
def test_flow_agrees_with_brute_force_and_proves_it(formulation: Formulation) -> None:
    answer, truth = solve(formulation, _LIMITS), brute_force(formulation)
    certificate = certify(formulation, answer)
    if truth.value is None:
        assert answer.status == "infeasible"
        assert certificate.infeasible_proved
    else:
        assert answer.status == "optimal"
        assert (certificate.word, certificate.value, certificate.bound) == ("proved", truth.value, truth.value)
        assert answer.x is not None and tuple(answer.x.tolist()) in truth.optimal


@settings(deadline=None, max_examples=100)
@given(networks(), st.integers(0, 10**6))
def test_flow_value_is_the_same_after_shuffling_columns_rows_and_families(formulation: Formulation, seed: int) -> None:
    answer, again = solve(formulation, _LIMITS), solve(_shuffled(formulation, seed), _LIMITS)
    assert answer.status == again.status
    if answer.x is not None and again.x is not None:
        order = _order(formulation, seed)
        assert formulation.value_of(answer.x) == int(formulation.objective[order] @ again.x)


@settings(deadline=None, max_examples=100)
@given(networks())
def test_flow_gives_the_same_answer_twice(formulation: Formulation) -> None:
    first, second = solve(formulation, _LIMITS), solve(formulation, _LIMITS)
    assert (first.x is None) == (second.x is None)
    if first.x is not None and second.x is not None and first.prices and second.prices:
        assert np.array_equal(first.x, second.x)
        assert np.array_equal(first.prices.row, second.prices.row)


@settings(deadline=None, max_examples=100)
@given(networks(), st.data())
def test_flow_loses_nothing_when_a_row_gets_one_more(formulation: Formulation, data: st.DataObject) -> None:
    answer = solve(formulation, _LIMITS)
    assume(formulation.n_rows and answer.x is not None)
    row = data.draw(st.integers(0, formulation.n_rows - 1))
    upper = formulation.row_upper.copy()
    upper[row] += 1
    wider = solve(_with_row_upper(formulation, upper), _LIMITS)
    assert wider.x is not None and answer.x is not None
    assert formulation.value_of(wider.x) >= formulation.value_of(answer.x)


@settings(deadline=None, max_examples=100)
@given(networks())
def test_optimal_face_of_flow_prices_keeps_exactly_the_optimal_plans(formulation: Formulation) -> None:
    answer, truth = solve(formulation, _LIMITS), brute_force(formulation)
    assume(answer.prices is not None and truth.value is not None)
    assert answer.prices is not None and truth.value is not None
    assert is_tight(formulation, answer.prices, truth.value)
    face = optimal_face(formulation, answer.prices, truth.value)
    assert brute_force(face).feasible == truth.optimal


@settings(deadline=None, max_examples=100)
@given(networks(max_pairs=7), st.data())
def test_optimal_face_breaks_ties_by_a_second_objective(formulation: Formulation, data: st.DataObject) -> None:
    n = formulation.n_cols
    second = np.array(data.draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n)), np.int64)
    answer, truth = solve(formulation, _LIMITS), brute_force(formulation)
    assume(answer.prices is not None)
    assert answer.prices is not None
    tie_broken = solve(with_objective(optimal_face(formulation, answer.prices), second), _LIMITS)
    assert tie_broken.x is not None
    assert tuple(tie_broken.x.tolist()) in truth.optimal
    assert int(second @ tie_broken.x) == max(int(second @ np.array(x, np.int64)) for x in truth.optimal)


@settings(deadline=None, max_examples=100)
@given(general_formulations(), st.data())
def test_bound_holds_whatever_the_prices(formulation: Formulation, data: st.DataObject) -> None:
    row, scale = data.draw(prices_for(formulation.n_rows))
    truth = brute_force(formulation)
    assume(truth.value is not None)
    assert truth.value is not None
    assert bound_of(formulation, Prices(row, scale)) >= truth.value


@settings(deadline=None, max_examples=100)
@given(general_formulations(), st.data())
def test_infeasibility_is_never_proved_of_what_has_a_plan(formulation: Formulation, data: st.DataObject) -> None:
    row, scale = data.draw(prices_for(formulation.n_rows, largest=3))
    assume(brute_force(formulation).value is not None)
    certificate = certify(formulation, Answer("infeasible", "test", farkas=Prices(row, scale)))
    assert not certificate.infeasible_proved


@settings(deadline=None, max_examples=100)
@given(general_formulations(), st.data())
def test_certificate_accepts_exactly_the_feasible_plans(formulation: Formulation, data: st.DataObject) -> None:
    n = formulation.n_cols
    x = data.draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    certificate = certify(formulation, Answer("optimal", "test", x=np.array(x, np.int64)))
    is_feasible = tuple(x) in brute_force(formulation).feasible
    assert certificate.feasible == is_feasible
    assert (certificate.n_violations == 0) == is_feasible
    assert certificate.word == ("claimed" if is_feasible else "unknown")


@settings(deadline=None, max_examples=100)
@given(general_formulations(max_pairs=6), st.data())
def test_optimal_face_of_any_prices_holds_only_optimal_plans(formulation: Formulation, data: st.DataObject) -> None:
    row, _ = data.draw(prices_for(formulation.n_rows, largest=3))
    truth = brute_force(formulation)
    face = brute_force(optimal_face(formulation, Prices(row))).feasible
    assert face in (frozenset(), truth.optimal)


def _order(formulation: Formulation, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(formulation.n_cols)


def _shuffled(formulation: Formulation, seed: int) -> Formulation:
    order = _order(formulation, seed)
    rng = np.random.default_rng(seed + 1)
    place = np.argsort(order)
    blocks = _blocks(formulation, formulation.row_upper)
    for k, block in enumerate(blocks):
        rows = rng.permutation(block.lower.size)
        blocks[k] = RowBlock(
            block.name,
            np.argsort(rows)[block.row_idx],
            place[block.col_idx],
            block.lower[rows],
            block.upper[rows],
            side=block.side,
        )
    blocks = [blocks[k] for k in rng.permutation(len(blocks))]
    return build_formulation(
        formulation.objective[order],
        blocks,
        column_lower=formulation.column_lower[order],
        column_upper=formulation.column_upper[order],
    )


def _with_row_upper(formulation: Formulation, upper: np.ndarray) -> Formulation:
    return build_formulation(
        formulation.objective,
        _blocks(formulation, upper),
        column_lower=formulation.column_lower,
        column_upper=formulation.column_upper,
    )


def _blocks(formulation: Formulation, upper: np.ndarray) -> list[RowBlock]:
    blocks = []
    for family in formulation.families:
        entries = slice(int(formulation.row_ptr[family.start]), int(formulation.row_ptr[family.stop]))
        blocks.append(
            RowBlock(
                family.name,
                formulation.entry_row_idx[entries] - family.start,
                formulation.col_idx[entries],
                formulation.row_lower[family.start : family.stop],
                upper[family.start : family.stop],
                side=family.side,
            )
        )
    return blocks
