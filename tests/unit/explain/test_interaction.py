"""The points in parts: worked out by hand, against plain least squares, and what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.explain.interaction import InteractionAnswer, Parts, ask, residuals
from matcher.explain.questions import ask as ask_question
from matcher.explain.standing import Standing, build_standing
from matcher.io.plan_html import render_plan_html
from matcher.io.plan_rows import run_lines
from matcher.matching import match
from matcher.words.catalog import Lang
from tests.every_plan import WEIGHTS
from tests.problems import small_problem


def test_two_by_two_leaves_a_quarter_of_the_difference_of_differences() -> None:
    # 10 20 / 30 80: 10 − 20 − 30 + 80 = 40, so ±10 in every pair.
    rest = residuals(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([[10.0, 20.0, 30.0, 80.0]]))
    assert rest.tolist() == [pytest.approx([10, -10, -10, 10])]


@given(
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 7)), min_size=1, max_size=40),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_residuals_are_those_of_plain_least_squares(pairs: set[tuple[int, int]], seed: int, swap: bool) -> None:
    director, company = np.array(sorted(pairs)).T[:: -1 if swap else 1]
    values = np.random.default_rng(seed).integers(0, 10_000, (3, director.size)).astype(float)
    design = np.zeros((director.size, 16))
    design[np.arange(director.size), director] = 1
    design[np.arange(director.size), 8 + company] = 1
    fitted = design @ np.linalg.lstsq(design, values.T, rcond=None)[0]
    assert residuals(director, company, values) == pytest.approx(values - fitted.T, abs=1e-4)


def _standing(years: tuple[int, int] = (3, 6), **more: Any) -> Standing:
    """Experience of 3 and 6 years, for whoever states no need; companies of two priorities."""
    rows: dict[str, Any] = {
        "directors": [{"experience_years": number} for number in years],
        "companies": [{"priority": 1}, {"priority": 2}],
    }
    return build_standing(match(small_problem(**{**rows, **more}, policy={"weights": WEIGHTS})))


def _shares(one: Parts) -> tuple[float, ...]:
    return tuple(share or 0.0 for share in (one.director, one.company, one.interaction))


def test_shares_of_a_full_table_are_those_of_the_analysis_of_variance() -> None:
    # 3,000 6,000 / 6,000 12,000: effects ±2,250 and ±2,250, interaction ±750; 9 : 9 : 1.
    answer = ask(_standing())
    assert _shares(answer.total) == pytest.approx((9 / 19, 9 / 19, 1 / 19))
    assert answer.total.deviation == pytest.approx((2 * 2_250**2 + 750**2) ** 0.5)
    (experience,) = answer.criteria
    assert experience.name == "experience" and experience.of_interaction == pytest.approx(1)
    assert (answer.n_pairs, answer.n_free) == (4, 1)


def test_what_is_the_same_for_every_company_is_the_directors_alone() -> None:
    answer = ask(_standing(companies=2))
    assert _shares(answer.total) == pytest.approx((1, 0, 0)) and answer.total.interaction == 0
    assert answer.without_interaction == ("experience",)
    assert answer.total.of_interaction is None


def test_where_some_are_not_eligible_what_both_explain_is_halved() -> None:
    standing = _standing(years=(3, 6), pairs=[{"director_id": "d2", "company_id": "c2", "rule": "forbid"}])
    answer = ask(standing)
    values = {(0, 0): 3_000, (0, 1): 6_000, (1, 0): 6_000}
    # Means of directors: 4,500 and 6,000; of companies: 4,500 and 6,000; three effects fit three pairs.
    total = sum((value - 5_000) ** 2 for value in values.values())
    alone = (2 * 500**2 + 1_000**2) / total
    assert alone == pytest.approx(0.25) and answer.n_free == 0
    assert _shares(answer.total) == pytest.approx((0.5, 0.5, 0), abs=1e-9)


def test_parts_of_the_criteria_add_up(scenarios: Path) -> None:
    import matcher

    answer: InteractionAnswer = ask(build_standing(matcher.match(matcher.read(scenarios / "pilot"))))
    for one in (answer.total, *answer.criteria):
        assert sum(_shares(one)) == pytest.approx(1)
    assert sum(one.of_interaction or 0 for one in answer.criteria) == pytest.approx(1)
    assert answer.without_interaction == ("readiness",)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_answer_report_and_workbook_say_the_same_shares(lang: Lang) -> None:
    standing = _standing()
    text = ask_question(standing, "interaction").to_text(lang)
    page = render_plan_html(standing.plan, lang)
    sheet = "\n".join(line.content for line in run_lines(standing.plan, lang))
    for told in (text, page, sheet):
        assert "47.4%" in told and "5.3%" in told
    assert "{" not in text and "None" not in text


@pytest.mark.parametrize(
    ("rows", "said"), [({"directors": 0}, "no eligible"), ({"companies": 2, "years": (3, 3)}, "same")]
)
def test_where_there_is_nothing_to_split_it_says_so(rows: dict[str, Any], said: str) -> None:
    standing = _standing(**rows)
    assert said in ask_question(standing, "interaction").to_text("en")
    assert 'id="h-interaction"' not in render_plan_html(standing.plan, "en")
