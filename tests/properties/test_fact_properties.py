"""The facts stated of a pair give the value of every criterion, computed here from its definition and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.policy import CRITERIA
from matcher.domain.problem import Problem
from matcher.explain.explanation import Audience
from matcher.explain.facts_behind import Fact, Facts, facts_behind
from matcher.pairing.block import Block, Pairs
from matcher.pairing.columns import build_columns
from matcher.pairing.criteria import score_pairs
from matcher.words.catalog import LANGUAGES
from matcher.words.explain_facts import fact_lines
from tests.properties.test_pairing_properties import maybe, problems

CONSTANTS = st.fixed_dictionaries(
    {
        "culture_at_home": st.sampled_from([0.3, 0.8]),
        "network_max_hops": st.integers(1, 3),
        "network_elsewhere_factor": st.sampled_from([0.5, 0.8, 1.0]),
        "goal_other_factor": st.sampled_from([0.0, 0.5]),
        "own_business_base": st.sampled_from([0.6, 1.0]),
    }
)


@st.composite
def described(draw: st.DrawFn) -> Problem:
    """A problem of the pairing tests with the cells that its strategy leaves empty, and other constants."""
    problem = draw(problems())

    def column(table: str, low: float, high: float) -> list[float]:
        n = len(problem.tables[table])
        values = draw(st.lists(maybe(st.sampled_from([low, (low + high) / 2, high])), min_size=n, max_size=n))
        return [math.nan if value is None else float(value) for value in values]

    directors = problem.directors.assign(
        experience_years=column("directors", 0, 14), hands_on_rating=column("directors", 1, 5)
    )
    ratings = {name: column("companies", 1, 5) for name in ("investment", "uniqueness", "openness")}
    tables = {**problem.tables, "directors": directors, "companies": problem.companies.assign(**ratings)}
    constants = problem.policy.constants.model_copy(update=draw(CONSTANTS))
    return replace(
        problem,
        tables=MappingProxyType(tables),
        policy=problem.policy.model_copy(update={"constants": constants}),
    )


def _over_needs(facts: Facts, share: Callable[[Fact], float]) -> float:
    return sum(fact.number("weight") * share(fact) for fact in facts) / sum(fact.number("weight") for fact in facts)


def _experience(facts: Facts) -> float:
    if facts[0].code == "need":
        return _over_needs(facts, lambda fact: min(1, fact.number("level") / fact.number("wanted")))
    return min(1, facts[0].number("years") / facts[0].number("for_full"))


def _hands_on(facts: Facts) -> float:
    if facts[0].code == "need_by_hand":
        return _over_needs(facts, lambda fact: min(1, fact.number("by_hand") / fact.number("wanted")))
    return facts[0].number("rating") / 5


def _local_culture(facts: Facts) -> float:
    (fact,) = facts
    match fact.code:
        case "home":
            return max(0 if fact.values["knowledge"] is None else fact.number("knowledge"), fact.number("at_least")) / 5
        case "knowledge":
            return fact.number("knowledge") / 5
        case "neighbour" | "region":
            return fact.number("knowledge") / 5 * fact.number("factor")
    assert fact.code == "culture_unknown"
    return 0


def _network(facts: Facts) -> float:
    if facts[0].code == "no_network":
        return 0

    def share(fact: Fact) -> float:
        if fact.code == "nobody":
            return 0
        assert fact.number("hops") == len(fact.values["via"]) + 1
        return fact.number("strength") * min(1, fact.number("level") / fact.number("wanted")) * fact.number("factor")

    return _over_needs(facts, share)


def _own_business(facts: Facts) -> float:
    if facts[0].code == "no_business":
        return 0
    owner, industry, size = facts
    by_years = owner.code == "owner_years_missing"
    maturity = owner.number("neutral") if by_years else 1 - math.exp(-owner.number("years") / owner.number("scale"))
    kinship = owner.number("base")
    if industry.values["own"] is not None and industry.values["own"] == industry.values["company"]:
        kinship += industry.number("adds")
    own, theirs = size.values["own"], size.values["company"]
    if own is not None and theirs is not None and max(own, theirs) <= size.number("factor") * min(own, theirs):
        kinship += size.number("adds")
    return min(1, maturity * kinship)


def _goal_fit(facts: Facts) -> float:
    (fact,) = facts
    if fact.code == "no_result":
        return 0
    return fact.number("rating") / 5 * (1 if fact.code == "result" else fact.number("factor"))


def _readiness(facts: Facts) -> float:
    assert [fact.values["field"] for fact in facts] == ["commitment", "investment", "uniqueness", "openness"]
    return (
        sum(
            fact.number("neutral") if fact.code == "rating_missing" else (fact.number("rating") - 1) / 4
            for fact in facts
        )
        / 4
    )


def _style_fit(facts: Facts) -> float:
    (fact,) = facts
    fits = fact.values["style"] == "both" or fact.values["style"] == fact.values["wanted"]
    assert fact.code == ("style_fits" if fits else "style_differs")
    return 1 if fits else 0


def _nearness(facts: Facts) -> float:
    (fact,) = facts
    if fact.code == "no_visits":
        return 1
    share = min(1, fact.number("days") / fact.number("days_for_full"))
    return 1 - share * (1 - math.exp(-fact.number("distance_km") / fact.number("scale")))


def _wishes(facts: Facts) -> float:
    return 0.5 + 0.25 * sum(fact.number("wish") for fact in facts if fact.code != "no_wish")


VALUES: Mapping[str, Callable[[Facts], float]] = {
    "experience": _experience,
    "hands_on": _hands_on,
    "local_culture": _local_culture,
    "network": _network,
    "own_business": _own_business,
    "goal_fit": _goal_fit,
    "readiness": _readiness,
    "style_fit": _style_fit,
    "nearness": _nearness,
    "wishes": _wishes,
}
IN_PART = ("readiness", "own_business")
"""Criteria that the neutral value may stand in a part of."""


@settings(max_examples=50)
@given(described())
def test_facts_give_the_value_of_every_criterion(problem: Problem) -> None:
    columns = build_columns(problem)
    for company in range(columns.n_companies):
        for director in range(columns.n_directors):
            scores = score_pairs(Pairs(Block(columns, company, company + 1), np.array([director]), np.array([0])))
            facts = facts_behind(columns, director, company)
            assert tuple(facts) == CRITERIA
            for name, some in facts.items():
                is_neutral = any("neutral" in fact.values for fact in some)
                value = some[0].number("neutral") if is_neutral and name not in IN_PART else VALUES[name](some)
                assert value == pytest.approx(float(np.ravel(scores.values[name])[0]), abs=1e-12), (name, some)
                assert is_neutral == bool(np.ravel(scores.is_neutral[name])[0]), (name, some)


@settings(max_examples=15)
@given(described())
def test_every_fact_has_a_sentence_without_a_blank_left(problem: Problem) -> None:
    columns = build_columns(problem)
    audiences: tuple[Audience, ...] = ("staff", "company")
    for director in range(columns.n_directors):
        for name, some in facts_behind(columns, director, 0).items():
            for lang in LANGUAGES:
                assert len(fact_lines(some, problem, lang)) == len(some)
                for audience in audiences:
                    lines = fact_lines(some, problem, lang, audience)
                    assert all(line and "{" not in line and "None" not in line for line in lines), (name, lines)
                    assert all(line.endswith("。" if lang == "ja" else ".") for line in lines), (name, lines)
