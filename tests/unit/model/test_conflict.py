"""Why there is no plan: few rows and pins, none of them idle."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given, settings

from matcher.model import conflict as conflict_module
from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import certify
from matcher.model.conflict import Conflict, Group, conflict_rows, find_conflict
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.solvers import choose, cpsat_model
from matcher.model.solvers.cpsat_model import Outcome, Part, Run
from tests.brute_force import brute_force
from tests.contract.zoo import ZOO, block
from tests.properties.model_strategies import general_formulations, networks

CASES = {case.name: case for case in ZOO}


def _conflict_of(formulation: Formulation) -> Conflict:
    answer = choose(formulation).backend.solve(formulation, Limits())
    assert answer.status == "infeasible"
    return find_conflict(formulation, answer, Limits())


def _without(formulation: Formulation, rows: set[int], pins: set[int]) -> Formulation:
    """Only these rows and pins."""
    is_row = np.isin(np.arange(formulation.n_rows), list(rows))
    is_pin = np.isin(np.arange(formulation.n_cols), list(pins))
    return replace(
        formulation,
        row_lower=np.where(is_row, formulation.row_lower, -NO_LIMIT),
        row_upper=np.where(is_row, formulation.row_upper, NO_LIMIT),
        column_lower=np.where(is_pin, formulation.column_lower, 0),
    )


def _assert_irreducible(formulation: Formulation, found: Conflict) -> None:
    rows, pins = set(found.rows), set(found.columns)
    assert found.irreducible and found.word in ("proved", "claimed")
    assert brute_force(_without(formulation, rows, pins)).value is None
    for row in rows:
        assert brute_force(_without(formulation, rows - {row}, pins)).value is not None
    for pin in pins:
        assert brute_force(_without(formulation, rows, pins - {pin})).value is not None


def test_conflict_of_a_quota_names_quota_and_slots_and_nothing_else() -> None:
    found = _conflict_of(CASES["infeasible_slots"].build())
    assert found == Conflict(rows=(0, 4), columns=(), irreducible=True, word="proved")


def test_conflict_of_two_pins_names_the_pins() -> None:
    formulation = build_formulation(
        [1, 1, 1], [block("slots", [[0, 1], [2]], [1, 1], side="left")], column_lower=[1, 1, 1]
    )
    assert _conflict_of(formulation) == Conflict(rows=(0,), columns=(0, 1), irreducible=True, word="proved")


@pytest.fixture
def no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a model is too large for a tree to close."""
    monkeypatch.setattr(conflict_module, "refuting_tree", lambda *_: None)


def _whole_numbers() -> Formulation:
    return build_formulation(
        [1, 1, 1],
        [
            block("hours", [[0, 1]], [3], lower=[3], coef=[[2, 2]]),
            block("slots", [[0, 1, 2]], [3]),
        ],
    )


def test_conflict_that_no_prices_see_is_proved_by_a_tree() -> None:
    assert _conflict_of(_whole_numbers()) == Conflict(rows=(0,), columns=(), irreducible=True, word="proved")


@pytest.mark.usefixtures("no_tree")
def test_conflict_that_neither_prices_nor_a_tree_see_is_claimed() -> None:
    assert _conflict_of(_whole_numbers()) == Conflict(rows=(0,), columns=(), irreducible=True, word="claimed")


def test_tree_of_the_answer_is_a_proof_like_prices() -> None:
    answer = choose(CASES["parity"].build()).backend.solve(CASES["parity"].build(), Limits())
    assert (answer.farkas, answer.proof is not None) == (None, True)
    assert find_conflict(CASES["parity"].build(), answer, Limits()).word == "proved"


def test_conflict_keeps_or_leaves_out_rows_that_say_one_thing_together() -> None:
    """Rows 1 and 2 are one demand: alone each is enough against row 0, and both stay, or neither."""
    blocks = [
        block("least", [[0, 1]], [NO_LIMIT], lower=[2]),
        block("hours", [[0, 1]], [3], coef=[[2, 2]]),
        block("hours_count", [[0, 1]], [1]),
    ]
    formulation = build_formulation([0, 0], blocks)
    groups = [Group(((0,),)), Group(((1, 2),))]
    found = find_conflict(formulation, Answer("infeasible", "test"), Limits(), groups=groups)
    assert found == Conflict(rows=(0, 1, 2), columns=(), irreducible=True, word="proved")
    alone = find_conflict(formulation, Answer("infeasible", "test"), Limits())
    assert len(alone.rows) == 2


def test_row_that_prices_do_without_makes_no_other_demand_needed() -> None:
    """The prices see three demands; with the row that says what a plan is, two of them contradict each other."""
    blocks = [
        block("quota", [[0], [1]], [NO_LIMIT, NO_LIMIT], lower=[1, 1]),
        block("limit", [[0, 1]], [1]),
        block("one_director", [[0, 1]], [1]),
        block("idle", [[0, 1]], [1]),
    ]
    formulation = build_formulation([0, 0], blocks)
    groups = [Group(((0,), (1,))), Group(((2,),)), Group(((3,),), is_last=True)]
    farkas = Prices(np.array([-1, -1, 1, 0, 0]))
    assert certify(formulation, Answer("infeasible", "test", farkas=farkas)).infeasible_proved
    found = find_conflict(formulation, Answer("infeasible", "test", farkas=farkas), Limits(), groups=groups)
    assert (found.rows, found.irreducible) == ((0, 1, 3), True)


@settings(deadline=None, max_examples=60)
@given(networks())
def test_conflict_of_a_network_is_irreducible_by_brute_force(formulation: Formulation) -> None:
    assume(brute_force(formulation).value is None)
    _assert_irreducible(formulation, _conflict_of(formulation))


@settings(deadline=None, max_examples=60)
@given(general_formulations())
def test_conflict_of_any_rows_is_irreducible_by_brute_force(formulation: Formulation) -> None:
    assume(brute_force(formulation).value is None)
    _assert_irreducible(formulation, _conflict_of(formulation))


def test_conflict_survives_a_proof_that_proves_nothing() -> None:
    formulation = CASES["infeasible_slots"].build()
    wrong = Answer("infeasible", "test", farkas=Prices(np.array([1, 0, 0, 0, 0])))
    assert find_conflict(formulation, wrong, Limits()).rows == (0, 4)


def test_conflict_of_a_feasible_model_is_unknown() -> None:
    found = find_conflict(CASES["one_pair"].build(), Answer("infeasible", "test"), Limits())
    assert (found.word, found.irreducible) == ("unknown", False)


def test_conflict_tells_a_refuted_claim_from_an_open_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_conflict(CASES["one_pair"].build(), Answer("infeasible", "test"), Limits()).is_refuted
    assert not _conflict_of(CASES["infeasible_slots"].build()).is_refuted
    monkeypatch.setattr(cpsat_model, "run", lambda *_: Outcome("unknown", None, None))
    assert not find_conflict(CASES["parity"].build(), Answer("infeasible", "test"), Limits()).is_refuted


@pytest.mark.parametrize(("is_last", "rows"), [(False, (1, 2)), (True, (0, 1))])
def test_conflict_leaves_out_the_last_groups_last(is_last: bool, rows: tuple[int, ...]) -> None:
    """One demand contradicts a count, and another demand: the count is nobody's, so the fewer demands stay with it."""
    blocks = [
        block("count", [[0, 1]], [1]),
        block("wide", [[0, 1]], [NO_LIMIT], lower=[2]),
        block("narrow", [[0]], [0]),
    ]
    groups = [Group(((0,),), is_last), Group(((1,),)), Group(((2,),))]
    found = find_conflict(build_formulation([0, 0], blocks), Answer("infeasible", "test"), Limits(), groups=groups)
    assert (found.rows, found.irreducible) == (rows, True)


def test_conflict_search_without_a_time_limit_ends_by_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict_module, "_WORK", 0.0)
    found = find_conflict(CASES["infeasible_slots"].build(), Answer("infeasible", "test"), Limits())
    assert (found.irreducible, found.word) == (False, "proved")


def test_conflict_cut_short_says_it_may_be_reducible(monkeypatch) -> None:
    monkeypatch.setattr(conflict_module, "_MAX_CHECKS", 1)
    formulation = CASES["infeasible_slots"].build()
    found = find_conflict(formulation, Answer("infeasible", "test"), Limits())
    assert (found.irreducible, found.word) == (False, "proved")
    assert set(found.rows) >= {0, 4}


def test_conflict_rows_count_only_sides_with_a_bound() -> None:
    formulation = build_formulation(
        [1], [block("a", [[0], [0], [0]], [1, NO_LIMIT, 1], lower=[-NO_LIMIT, 0, -NO_LIMIT])]
    )
    assert conflict_rows(formulation, Prices(np.array([2, 3, -4]))).tolist() == [0]
    assert conflict_rows(formulation, Prices(np.array([0, -1, 1]))).tolist() == [1, 2]


def _half_true() -> Formulation:
    """3 + 2 hours fill 5, which only a run of CP-SAT finds: the relaxation is fractional."""
    return build_formulation([1, 5, 5], [block("hours", [[0, 1, 2]], [5], lower=[5], coef=[[3, 2, 2]])])


@pytest.mark.parametrize("second", ["infeasible", "unknown", "feasible"])
def test_conflict_is_claimed_only_by_two_runs_of_different_kind(
    monkeypatch: pytest.MonkeyPatch, second: Literal["infeasible", "unknown", "feasible"]
) -> None:
    """google/or-tools 5274: presolve alone has called a feasible model infeasible."""
    monkeypatch.setattr(
        cpsat_model,
        "run",
        lambda part, _, spend: Outcome("infeasible" if spend.presolve and part.n_rows else second, None, None),
    )
    found = find_conflict(_half_true(), Answer("infeasible", "test"), Limits())
    assert found.word == ("claimed" if second == "infeasible" else "unknown")
    assert second == "infeasible" or not found.irreducible


def test_conflict_that_presolve_makes_up_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    real = cpsat_model.run

    def lying(part: Formulation, everything: Part, spend: Run) -> Outcome:
        return Outcome("infeasible", None, None) if spend.presolve else real(part, everything, spend)

    monkeypatch.setattr(cpsat_model, "run", lying)
    found = find_conflict(_half_true(), Answer("infeasible", "test"), Limits())
    assert (found.word, found.irreducible) == ("unknown", False)


@pytest.mark.usefixtures("no_tree")
def test_conflict_whose_thinned_rows_hold_keeps_the_word_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presolve lies about the hours alone; the rows together are a contradiction that both kinds of run see."""
    blocks = [
        block("hours", [[0, 1, 2]], [5], lower=[5], coef=[[3, 2, 2]]),
        block("parity", [[3, 4]], [3], lower=[3], coef=[[2, 2]]),
    ]
    real = cpsat_model.run

    def lying(part: Formulation, everything: Part, spend: Run) -> Outcome:
        return Outcome("infeasible", None, None) if spend.presolve and part.n_rows else real(part, everything, spend)

    formulation = build_formulation([1] * 5, blocks[::-1])
    monkeypatch.setattr(cpsat_model, "run", lying)
    found = find_conflict(formulation, Answer("infeasible", "test"), Limits())
    assert (found.rows, found.word, found.irreducible) == ((0, 1), "claimed", False)


@pytest.mark.usefixtures("no_tree")
@pytest.mark.parametrize("farkas", [None, Prices(np.array([1])), Prices(np.array([-1]))])
def test_conflict_that_is_only_claimed_is_never_proved(farkas: Prices | None) -> None:
    answer = Answer("infeasible", "test", farkas=farkas, witnesses=("linear_prices",))
    assert not certify(CASES["parity"].build(), answer).infeasible_proved
    assert find_conflict(CASES["parity"].build(), answer, Limits()).word == "claimed"


@pytest.mark.usefixtures("no_tree")
@pytest.mark.parametrize(("solve_s", "least", "most"), [(0.0, 5.0, 10.0), (9.0, 0.0, 1.0), (60.0, 0.0, 0.5)])
def test_conflict_gets_the_time_the_solve_left(
    monkeypatch: pytest.MonkeyPatch, solve_s: float, least: float, most: float
) -> None:
    real, given_s = cpsat_model.run, []

    def watched(part: Formulation, everything: Part, spend: Run) -> Outcome:
        given_s.append(spend.time_limit_s)
        return real(part, everything, spend)

    monkeypatch.setattr(cpsat_model, "run", watched)
    answer = Answer("infeasible", "test", counts={"solve_s": solve_s})
    assert find_conflict(CASES["parity"].build(), answer, Limits(time_limit_s=10.0)).word == "claimed"
    assert given_s == sorted(given_s, reverse=True)
    assert least < given_s[0] <= most
