"""What is found out about tables goes on with the tables, and never beyond them."""

from __future__ import annotations

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem, build_problem, from_tables
from tests.problems import small_problem


def _counting() -> tuple[list[int], object]:
    asked: list[int] = []

    @from_tables("companies", "director_ids", under=lambda policy: policy.keep_points)
    def n_companies(problem: Problem) -> int:
        asked.append(1)
        return len(problem.companies) + problem.policy.keep_points

    return asked, n_companies


def test_from_tables_answers_once_for_the_same_tables() -> None:
    asked, n_companies = _counting()
    problem = small_problem(2, 3)
    changed = problem.with_tables({"directors": problem.directors.assign(max_companies=4)})
    other_limits = problem.with_policy(Policy(limits={"max_companies": 1}))
    assert [n_companies(one) for one in (problem, changed, other_limits)] == [3, 3, 3]
    # `changed` was made before anything was known, `other_limits` too: only what is known is handed on.
    assert len(asked) == 3
    later = problem.with_tables({"directors": problem.directors.assign(max_companies=4)})
    assert [n_companies(later), n_companies(problem.with_policy(Policy(limits={"max_companies": 1})))] == [3, 3]
    assert len(asked) == 3


def test_from_tables_asks_again_when_a_table_ids_or_the_setting_change() -> None:
    asked, n_companies = _counting()
    problem = small_problem(2, 3)
    assert n_companies(problem) == 3
    assert n_companies(problem.with_tables({"companies": problem.companies[:2]})) == 2
    assert n_companies(problem.with_tables({"directors": problem.directors[:1]})) == 3
    assert n_companies(problem.with_policy(Policy(keep_points=7))) == 10
    assert len(asked) == 4


def test_digest_of_a_changed_problem_is_that_of_its_tables() -> None:
    problem = small_problem(2, 3)
    before = problem.digest
    changed = problem.with_tables({"companies": problem.companies.assign(priority=2.0)[::-1]})
    assert changed.companies["id"].tolist() == ["c1", "c2", "c3"]
    assert changed.digest != before
    assert changed.digest == build_problem(changed.tables, policy=problem.policy).digest
    assert problem.with_policy(Policy(keep_points=7)).digest == before
    assert changed.with_tables({"companies": problem.companies}).digest == before


def test_with_tables_keeps_the_other_tables_as_they_are() -> None:
    problem = small_problem(2, 3, company_needs=[{"company_id": "c1", "skill": "EC"}])
    changed = problem.with_tables({"directors": problem.directors.assign(max_companies=4)})
    same = {name for name in problem.tables if changed.tables[name] is problem.tables[name]}
    assert set(problem.tables) - same == {"directors"}
    assert problem.directors["max_companies"].tolist() == [1, 1]
