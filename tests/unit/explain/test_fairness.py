"""How evenly a plan treats both sides: figures worked out by hand, and what is told to whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.explain.fairness import GroupCount, ask, gini, without_small
from matcher.explain.questions import ask as ask_question
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.words.catalog import Lang
from tests.every_plan import WEIGHTS
from tests.problems import small_problem


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([5, 5, 5], 0.0),
        ([0, 0, 3], 2 / 3),
        ([1, 3], 0.25),  # (|1−3| + |3−1|) / (2 · 2² · 2)
        ([], None),
        ([0, 0], None),
        ([-1, 4], None),
    ],
)
def test_gini_is_the_mean_difference_by_twice_the_mean(values: list[int], wanted: float | None) -> None:
    found = gini(np.array(values, np.int64))
    assert found is None if wanted is None else found == pytest.approx(wanted)


def test_gini_is_that_of_its_definition() -> None:
    values = np.random.default_rng(1).integers(0, 100, 40)
    mean_difference = np.abs(values[:, None] - values[None, :]).mean()
    assert gini(values) == pytest.approx(mean_difference / (2 * values.mean()))


def _standing(**more: Any) -> Standing:
    """Points: the director's years / 10 · 10,000; d2 is the better one, and has one slot."""
    rows: dict[str, Any] = {
        "directors": [{"experience_years": 2, "max_companies": 2}, {"experience_years": 8}],
        "companies": [
            {"kind": "company", "prefecture": "Kochi", "priority": 2},
            {"kind": "municipality", "prefecture": "Miyagi"},
            {"prefecture": "Iwate", "priority": 0.5},
            {"prefecture": "Iwate", "priority": 0.5},
        ],
    }
    policy = {"weights": WEIGHTS, **more.pop("policy", {})}
    return build_standing(match(small_problem(**{**rows, **more}, policy=policy)))


def test_points_load_and_groups_are_those_of_the_plan() -> None:
    answer = ask(_standing())
    # d2 takes c1 (16,000), d1 takes c2 (2,000) and one of c3 and c4 (1,000).
    assert (answer.lowest, answer.median) == (1_000, 2_000.0)
    assert answer.loads == ((1, 1), (2, 1)) and answer.gini_load == pytest.approx(1 / 6)
    assert (answer.slots_used, answer.slots, answer.full_share) == (3, 3, (1.0, 1.0, 1.0))
    groups = {(one.value, one.n_applicants, one.n_served) for one in answer.groups["kind"]}
    assert groups == {(None, 2, 1), ("company", 1, 1), ("municipality", 1, 1)}
    assert [(one.value, one.n_applicants, one.n_served) for one in answer.groups["region"]] == [
        ("tohoku", 3, 2),
        ("shikoku", 1, 1),
    ]
    assert [one.value for one in answer.groups["prefecture"]] == [3, 4, 39]


def test_who_would_rather_have_what_another_has_is_told_with_its_points() -> None:
    unhappy = ask(_standing()).by_order["points"]
    assert (unhappy.n_envied, unhappy.n_envious) == (1, 1)  # d1 would rather have c1 (4,000) than its third company
    (envy,) = unhappy.envy
    assert (envy.pair, envy.points, envy.company_points, envy.director_points) == ((0, 0), 4_000, 16_000, 1_000)
    assert unhappy.n_blocking == 0  # c1 would not


def test_a_wish_makes_a_pair_block_and_its_price_is_what_the_plan_loses() -> None:
    wishes = [
        {"director_id": "d2", "company_id": "c2", "rule": "wish_director", "value": 1},
        {"director_id": "d2", "company_id": "c2", "rule": "wish_company", "value": 1},
    ]
    by_order = ask(_standing(pairs=wishes)).by_order
    assert by_order["points"].n_blocking == 0
    (pair,) = by_order["wishes"].blocking
    assert (pair.pair, pair.present_idx, pair.company_points, pair.director_points) == ((1, 1), 0, 2_000, 16_000)
    # d2 with c2 (8,000), d1 with c1 (4,000) and a small one (1,000), in place of 16,000 + 2,000 + 1,000.
    assert pair.loss is not None and (pair.loss.points, pair.loss.word) == (6_000, "proved")


@pytest.mark.parametrize("pinned", [("d1", "c1"), ("d2", "c3")])
def test_nobody_leaves_a_pinned_match(pinned: tuple[str, str]) -> None:
    # Without the pin d2 and c1 (16,000) would both leave what they have: d2 a small one, c1 the 4,000 with d1.
    pins = [{"director_id": pinned[0], "company_id": pinned[1], "rule": "pin"}]
    unhappy = ask(_standing(pairs=pins)).by_order["points"]
    assert (1, 0) not in [one.pair for one in (*unhappy.blocking, *unhappy.blocking_unserved)]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_company_reads_who_is_served_and_nothing_of_others(lang: Lang) -> None:
    standing = _standing()
    text = ask_question(standing, "fairness").to_text(lang)
    assert "d1" in text and "16,000" in text and "{" not in text and "None" not in text
    told = ask_question(standing, "fairness", audience="company").to_text(lang)
    assert "d1" not in told and "16,000" not in told
    # Four applicants are too few to tell of any group of them.
    assert ("3/4" if lang == "ja" else "3 of 4") in text and ("3/4" if lang == "ja" else "3 of 4") not in told
    assert ("4/4" if lang == "ja" else "4 of 4") in told


def test_groups_that_would_tell_of_single_companies_are_put_together() -> None:
    def groups(*applicants: int) -> tuple[GroupCount, ...]:
        return tuple(GroupCount(place, n, n // 2) for place, n in enumerate(applicants))

    assert without_small(groups(5, 9)) == (groups(5, 9), None)
    shown, rest = without_small(groups(9, 1, 4, 7))
    assert [one.n_applicants for one in shown] == [9, 7] and rest == GroupCount(None, 5, 2)
    shown, rest = without_small(groups(9, 1, 7))  # one alone would be what the others leave of the total
    assert [one.n_applicants for one in shown] == [9] and rest == GroupCount(None, 8, 3)
    assert without_small(groups(1, 2)) == ((), GroupCount(None, 3, 1))


def test_nothing_is_made_up_where_nobody_is_matched() -> None:
    answer = ask(_standing(directors=[{"max_companies": 0}]))
    assert (answer.lowest, answer.median, answer.gini_points, answer.gini_load) == (None, None, None, None)
    assert answer.full_share is None and answer.by_order["points"].n_blocking == 0


def test_terms_are_explained_once_and_say_what_they_mean() -> None:
    told = ask_question(build_standing(match(small_problem(directors=2, companies=2))), "fairness")
    for lang, said in (
        ("ja", ("ジニ係数は偏りの大きさです", "真ん中の値", "辞退や不満が起きやすく", "2つの割合の差が大きい")),
        ("en", ("says how uneven it is", "refusals and complaints", "two shares of a group are apart")),
    ):
        assert [told.to_text(lang).count(words) for words in said] == [1] * len(said)
