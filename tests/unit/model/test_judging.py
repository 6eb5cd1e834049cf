"""Nobody is believed that there is no plan without a witness; a plan is its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import Certificate
from matcher.model.formulation import Formulation, build_formulation
from matcher.model.judging import Effort, judge, refuting_tree, witnessed_word
from matcher.model.solvers import BACKENDS, cpsat_model
from matcher.model.solvers.cpsat_model import Outcome, Part, Run
from tests.contract.zoo import ZOO, block

CASES = {case.name: case for case in ZOO}
SLOTS = CASES["infeasible_slots"].build()  # rows 0 and 4 contradict each other


def _effort() -> Effort:
    return Effort(time_limit_s=None, work=10.0)


@pytest.mark.parametrize("case", ZOO, ids=lambda case: case.name)
def test_judge_is_right_about_every_pathology(case) -> None:
    found = judge(case.build(), _effort())
    if case.value is not None:
        assert found.verdict == "feasible"
    else:
        assert found.verdict == "proved"


def test_judge_proves_by_a_tree_what_only_integers_see(monkeypatch: pytest.MonkeyPatch) -> None:
    effort = _effort()
    assert refuting_tree(CASES["parity"].build(), effort) is not None
    assert refuting_tree(CASES["one_pair"].build(), effort) is None
    monkeypatch.setattr("matcher.model.judging._TREE_ENTRIES", 0)
    assert judge(CASES["parity"].build(), _effort()).verdict == "claimed"


def test_tree_that_is_not_certified_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tree says is checked by the certificate: where that does not hold, nothing is proved."""
    rows = [block("odd", [list(range(8))], [9], lower=[9], coef=[[2] * 8])]
    formulation = build_formulation([0] * 8, rows)
    assert refuting_tree(formulation, _effort()) is not None
    monkeypatch.setattr(
        "matcher.model.judging.certify", lambda *_: Certificate(None, None, None, "unknown", "all", False)
    )
    assert refuting_tree(formulation, _effort()) is None
    assert judge(formulation, _effort()).verdict != "proved"


def test_tree_of_an_answer_is_a_witness_and_a_mutated_one_is_none() -> None:
    parity = CASES["parity"].build()
    answer = BACKENDS["pricing"].solve(parity, Limits())
    assert answer.proof is not None
    alone = replace(answer, witnesses=())
    assert witnessed_word(parity, alone) == "proved"
    assert witnessed_word(parity, replace(alone, proof=replace(answer.proof, bound=0))) == "unknown"
    assert witnessed_word(CASES["one_pair"].build(), alone) == "unknown"


def test_judge_does_not_believe_presolve_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """google/or-tools 5274."""
    real = cpsat_model.run

    def lying(part: Formulation, everything: Part, spend: Run) -> Outcome:
        return Outcome("infeasible", None, None) if spend.presolve else real(part, everything, spend)

    monkeypatch.setattr(cpsat_model, "run", lying)
    monkeypatch.setattr("matcher.model.judging.first_plan", lambda formulation, relaxed: None)
    monkeypatch.setattr("matcher.model.judging.as_network", lambda formulation: "no")
    assert judge(CASES["one_pair"].build(), _effort()).verdict == "unknown"


def test_judge_looks_at_the_plan_it_is_handed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = np.ones(CASES["parity"].build().n_cols, np.int64)
    monkeypatch.setattr(cpsat_model, "run", lambda *_: Outcome("optimal", wrong, 0))
    assert judge(CASES["parity"].build(), _effort()).verdict == "unknown"


def _answer(price: list[int] | None, *witnesses: str, status: str = "infeasible") -> Answer:
    farkas = None if price is None else Prices(np.array(price))
    return Answer(status, "test", farkas=farkas, witnesses=witnesses)  # type: ignore[arg-type]


def test_prices_that_prove_are_a_witness_and_mutated_ones_are_none() -> None:
    right = [0] * SLOTS.n_rows
    right[0], right[4] = 1, -1
    assert witnessed_word(SLOTS, _answer(right)) == "proved"
    for row in (0, 4):
        for wrong in (-right[row], 0):
            mutated = [*right[:row], wrong, *right[row + 1 :]]
            assert witnessed_word(SLOTS, _answer(mutated, "linear_prices")) == "unknown"


@pytest.mark.parametrize(
    ("witnesses", "word"),
    [((), "unknown"), (("cp_sat",), "unknown"), (("cp_sat", "cp_sat"), "unknown"), (("cp_sat", "other"), "claimed")],
)
def test_two_witnesses_make_a_claim(witnesses: tuple[str, ...], word: str) -> None:
    assert witnessed_word(SLOTS, _answer(None, *witnesses)) == word
    assert witnessed_word(SLOTS, _answer(None, *witnesses, status="unknown")) == "unknown"


def test_effort_without_a_time_limit_counts_work() -> None:
    effort = Effort(time_limit_s=None, work=1.0)
    assert (effort.left_s, effort.is_spent) == (None, False)
    effort.take(0.5)
    assert not effort.is_spent
    effort.take(0.5)
    assert effort.is_spent


def test_effort_with_a_time_limit_counts_seconds_only() -> None:
    effort = Effort(time_limit_s=1_000.0, work=0.0)
    assert not effort.is_spent
    assert effort.left_s is not None and 900 < effort.left_s <= 1_000
    assert Effort(time_limit_s=0.0, work=9.0).is_spent
