"""How little is enough, against trying every amount."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.errors import ModelError
from matcher.model.formulation import NO_LIMIT, Formulation, build_formulation
from matcher.model.judging import Effort
from matcher.model.relaxation import Give, Least, bent, elastic, least_amount, least_shortage, reach
from tests.brute_force import brute_force
from tests.contract.zoo import block
from tests.properties.model_strategies import general_formulations, networks


def _effort() -> Effort:
    return Effort(time_limit_s=None, work=30.0)


def _demo() -> Formulation:
    """Two directors with a slot each and three companies, all of them asked for."""
    slots = block("slots", [[0, 1, 2], [3, 4, 5]], [1, 1], side="left")
    quota = block("quota", [[0, 1, 2, 3, 4, 5]], [NO_LIMIT], lower=[3], side="right")
    return build_formulation([0] * 6, [slots, quota])


def _least(formulation: Formulation, give: Give) -> Least:
    return least_amount(
        lambda amount: bent(formulation, [give], [amount]),
        lambda model: (model, Give(give.side, give.rows, give.columns, max(1, reach(model, give.rows, give.side)))),  # type: ignore[arg-type]
        give.most,
        _effort(),
        word_at_zero="proved",
    )


def test_one_slot_more_is_enough_and_none_is_not() -> None:
    assert _least(_demo(), Give("most", (0,), most=2)) == Least(1, one_less="proved")
    assert _least(_demo(), Give("least", (2,), most=3)) == Least(1, one_less="proved")


def test_two_bounds_may_give_way_together() -> None:
    formulation = build_formulation([0] * 4, [block("least", [[0, 1], [2, 3]], [9, 9], lower=[4, 3])])
    assert _least(formulation, Give("least", (0, 1), most=4)) == Least(2, one_less="proved")
    assert _least(formulation, Give("least", (1,), most=3)) == Least(None, none_enough="proved")


def test_dropping_a_pin_is_enough_or_it_is_not() -> None:
    slots = block("slots", [[0, 1], [2, 3]], [1, 1], side="left")
    formulation = build_formulation([0] * 4, [slots], column_lower=[1, 1, 1, 0])
    assert _least(formulation, Give("drop", columns=(0,))) == Least(1, one_less="proved")
    assert _least(formulation, Give("drop", columns=(2,))) == Least(None, none_enough="proved")


def test_what_only_whole_numbers_see_is_proved_by_a_tree() -> None:
    formulation = build_formulation([0, 0], [block("parity", [[0, 1]], [3], lower=[3], coef=[[2, 2]])])
    assert _least(formulation, Give("most", (0,), most=1)) == Least(1, one_less="proved")
    wider = build_formulation([0, 0, 0], [block("parity", [[0, 1, 2]], [3], lower=[3], coef=[[5, 5, 5]])])
    assert _least(wider, Give("most", (0,), most=12)) == Least(2, one_less="proved")


def test_a_guess_that_does_not_hold_is_corrected_upwards_and_downwards() -> None:
    """The truth asks for more, then for less, than the rows at hand say."""
    demo, give = _demo(), Give("most", (0,), most=9)
    for truth in (1, 2, 3, 7):

        def build(amount: int, truth: int = truth) -> Formulation:
            return bent(demo, [give], [1 if amount >= truth else 0])

        found = least_amount(
            build, lambda model: (model, Give("most", (0,), most=9)), 9, _effort(), word_at_zero="proved"
        )
        assert found == Least(truth, one_less="proved")
    never = least_amount(lambda amount: demo, lambda model: None, 9, _effort(), word_at_zero="proved")
    assert never == Least(None, none_enough="proved")


def test_nothing_is_said_of_what_nobody_could_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher.model import relaxation
    from matcher.model.judging import Judgement

    monkeypatch.setattr(relaxation, "judge", lambda formulation, effort: Judgement("unknown"))
    assert _least(_demo(), Give("most", (0,), most=2)) == Least(None)


def test_amount_that_cannot_be_decided_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher.model import relaxation
    from matcher.model.judging import Judgement

    found = {1: Judgement("unknown"), 2: Judgement("unknown"), 4: Judgement("feasible"), 8: Judgement("feasible")}
    tried: list[int] = []
    monkeypatch.setattr(relaxation, "judge", lambda formulation, effort: found[tried[-1]])

    def build(amount: int) -> Formulation:
        tried.append(amount)
        return _demo()

    assert least_amount(build, lambda model: None, 9, _effort(), word_at_zero="proved", at_least=1) == Least(4)
    assert tried == [1, 2, 4]


def test_what_a_bottleneck_is_short_of_is_tried_first() -> None:
    amounts: list[int] = []

    def build(amount: int) -> Formulation:
        amounts.append(amount)
        return bent(_demo(), [Give("least", (2,))], [amount])

    def guess(model: Formulation) -> tuple[Formulation, Give]:
        return model, Give("least", (2,), most=3)

    assert least_amount(build, guess, 3, _effort(), word_at_zero="claimed", at_least=1) == Least(1, one_less="claimed")
    assert amounts == [1]
    assert least_amount(build, guess, 3, _effort(), word_at_zero="claimed", at_least=4).none_enough == "proved"


def test_reach_ends_where_a_bound_says_nothing() -> None:
    assert reach(_demo(), (0,), "most") == 2
    assert reach(_demo(), (2,), "least") == 3
    assert reach(_demo(), (2,), "most") == 0
    assert reach(build_formulation([], [block("quota", [[]], [NO_LIMIT], lower=[2])]), (0,), "least") == 2


def test_elastic_refuses_sums_that_leave_int64() -> None:
    with pytest.raises(ModelError):
        elastic(_demo(), [Give("most", (0,), most=4, weight=2**61)])
    assert least_shortage(_demo(), [Give("most", (0,), most=4, weight=2**61)], _effort()).verdict == "unknown"


def test_cheapest_of_several_gives_is_taken() -> None:
    gives = [Give("most", (0,), most=2, weight=3), Give("most", (1,), most=2, weight=2), Give("least", (2,), most=3)]
    found = least_shortage(_demo(), gives, _effort())
    assert (found.verdict, found.amounts, found.word) == ("feasible", (0, 0, 1), "proved")
    found = least_shortage(_demo(), gives[:2], _effort())
    assert (found.amounts, found.word) == ((0, 1), "proved")
    assert least_shortage(_demo(), [Give("most", (), most=1)], _effort()).verdict == "proved"


def test_raised_upper_end_does_not_fill_the_lower_end() -> None:
    """A quota of exactly two, and nobody for it: no maximum, however high, serves two."""
    formulation = build_formulation([0], [block("quota", [[0]], [2], lower=[2])])
    assert least_shortage(formulation, [Give("most", (0,), most=3)], _effort()).verdict == "proved"
    both = [Give("most", (0,), most=3), Give("least", (0,), most=2)]
    assert least_shortage(formulation, both, _effort()).amounts == (0, 1)


def test_several_rows_with_both_ends_prove_nothing() -> None:
    """One column for both rows would push the first past its lower end; two more are in truth enough."""
    rows = block("quota", [[0, 1], [2, 3]], [2, 0], lower=[2, 0])
    pinned = build_formulation([0] * 4, [rows], column_lower=[0, 0, 1, 1])
    give = Give("most", (0, 1), most=2)
    assert least_shortage(pinned, [give], _effort()).verdict == "unknown"
    assert _least(pinned, give) == Least(2, one_less="proved")
    over = build_formulation([0] * 4, [rows], column_lower=[1, 1, 1, 1])
    found = least_shortage(over, [Give("least", (0, 1), most=2), Give("most", (1,), most=2)], _effort())
    assert (found.verdict, found.word) == ("feasible", "unknown")


def _gives(formulation: Formulation) -> list[Give]:
    found = []
    for row in range(formulation.n_rows):
        if formulation.row_upper[row] < NO_LIMIT and (most := reach(formulation, (row,), "most")) > 0:
            found.append(Give("most", (row,), most=most))
        if formulation.row_lower[row] > -NO_LIMIT and (most := reach(formulation, (row,), "least")) > 0:
            found.append(Give("least", (row,), most=most))
    return found + [Give("drop", columns=(int(j),)) for j in np.flatnonzero(formulation.column_lower > 0)]


def _tried(most: int, is_enough: Callable[[int], bool]) -> int | None:
    return next((amount for amount in range(most + 1) if is_enough(amount)), None)


@settings(deadline=None, max_examples=50)
@given(st.one_of(networks(max_pairs=6), general_formulations(max_pairs=5)), st.data())
def test_least_amount_is_the_first_that_works(formulation: Formulation, data: st.DataObject) -> None:
    assume(brute_force(formulation).value is None)
    gives = _gives(formulation)
    assume(gives)
    give = data.draw(st.sampled_from(gives))
    found = _least(formulation, give)
    first = _tried(give.most, lambda amount: brute_force(bent(formulation, [give], [amount])).value is not None)
    assert found.amount == first
    assert "unknown" not in ((found.none_enough,) if first is None else (found.one_less,))


@settings(deadline=None, max_examples=50)
@given(st.one_of(networks(max_pairs=6), general_formulations(max_pairs=5)))
def test_least_shortage_is_the_least_over_every_plan(formulation: Formulation) -> None:
    """Each x misses each bound by so much; the least sum over all x is the price."""
    assume(brute_force(formulation).value is None)
    gives = _gives(formulation)
    found = least_shortage(formulation, gives, _effort())
    free = bent(formulation, gives, [give.most for give in gives])
    best = None
    for x in brute_force(free).feasible:
        activity = formulation.row_activity(np.array(x))
        missing = np.maximum(0, activity - formulation.row_upper) + np.maximum(0, formulation.row_lower - activity)
        dropped = sum(x[give.columns[0]] < 1 for give in gives if give.side == "drop")
        cost = int(missing.sum()) + dropped
        best = cost if best is None else min(best, cost)
    if best is None:
        assert found.verdict in ("proved", "claimed")
        return
    assert found.verdict == "feasible"
    assert sum(found.amounts) == best
    assert found.word in ("proved", "claimed")
    assert brute_force(bent(formulation, gives, found.amounts)).value is not None
