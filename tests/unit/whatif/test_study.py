"""Studies: every case has its rows, whatever became of it; sums hold; bases are solved and compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcher
from matcher.errors import PolicyError, UsageError
from matcher.whatif import MEASURES, MOVES
from matcher.whatif.study import Study
from tests.problems import small_problem

SERVE_ONE = {"title": "one", "changes": [{"policy": {"limits.max_companies": 1}}]}
IMPOSSIBLE = {"title": "impossible", "changes": [{"policy": {"limits.min_companies_per_director": 9}}]}
FAULTY = {"title": "faulty", "changes": [{"set": {"table": "directors", "ids": ["d9"], "values": {"note": "x"}}}]}
PAUSED = {
    "title": "paused",
    "changes": [{"set": {"table": "directors", "ids": ["d1"], "values": {"status": "paused"}}}],
}


def _problem():  # type: ignore[no-untyped-def]
    return small_problem(directors=2, companies=[{"commitment": 5}, {"commitment": 3}, {"commitment": 1}])


@pytest.fixture(scope="module")
def study() -> Study:
    return matcher.whatif.run(_problem(), [SERVE_ONE, IMPOSSIBLE, FAULTY, PAUSED])


def test_every_case_has_a_row_for_every_measure(study: Study) -> None:
    frame = study.measures
    assert frame.dtypes.astype(str).to_dict() == dict(MEASURES)
    counts = frame.groupby("scenario", sort=False).size()
    assert list(counts.index) == ["base", "one", "impossible", "faulty", "paused"]
    assert counts.nunique() == 1
    reasons = frame.drop_duplicates("scenario").set_index("scenario")["reason"]
    assert reasons.astype(object).where(reasons.notna(), None).to_dict() == {
        "base": None,
        "one": None,
        "impossible": "infeasible",
        "faulty": "whatif_has_faults",
        "paused": None,
    }
    assert not (frame["measure"] == "lot").any(), "a number drawn is no measure"


def test_what_is_not_planned_is_missing_and_not_nought(study: Study) -> None:
    frame = study.measures.set_index(["scenario", "measure"])["value"]
    assert frame["impossible"][["n_served", "total_points", "total_distance_km"]].isna().all()
    assert frame["impossible"]["n_companies"] == 3
    assert frame["faulty"].isna().all()
    assert set(study.moves["scenario"]) == {"one", "paused"}, "nobody moves where there is no plan"


def test_changes_and_chains_add_up(study: Study) -> None:
    assert study.moves.dtypes.astype(str).to_dict() == dict(MOVES)
    for name in ("one", "paused"):
        case = study.case(name)
        assert case.against_base is not None
        moved = study.moves[study.moves["scenario"] == name]["points_change"].sum()
        before, after = case.against_base.metrics["total_points"]
        assert before is not None and after is not None
        assert moved + case.against_base.same_points == after - before
        total = study.measures.query("scenario == @name and measure == 'total_points'")
        assert total["change"].item() == after - before


def test_a_single_change_is_the_cause_and_settings_are_told_as_such(study: Study) -> None:
    paused = study.moves[study.moves["scenario"] == "paused"]
    assert set(paused["known"]) == {"these"} and set(paused["changes"]) == {"1"}
    assert set(study.moves[study.moves["scenario"] == "one"]["known"]) == {"settings"}


def test_a_base_that_is_a_what_if_is_solved_and_compared_with(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("title: One\nchanges: [{policy: {limits.max_companies: 1}}]")
    (tmp_path / "next.yaml").write_text(
        "base: one.yaml\nchanges: [{set: {table: directors, ids: [d1], values: {status: paused}}}]"
    )
    study = matcher.whatif.run(_problem(), [tmp_path / "next.yaml"])
    assert [(case.name, case.is_asked, case.own_base) for case in study.cases] == [
        ("next", True, "one"),
        ("one", False, None),
    ]
    (case, one) = study.cases
    assert case.origins is not None and [(o.whatif, o.number) for o in case.origins] == [("one", 1), ("next", 1)]
    assert case.own_origins is not None and [o.whatif for o in case.own_origins] == ["next"]
    assert case.against_own is not None and case.against_own.policy == ()
    assert case.document is not None and one.document is not None
    own = study.measures.query("scenario == 'next' and measure == 'points'")["own_change"].item()
    assert own == case.document.metrics.total_points - one.document.metrics.total_points
    given = matcher.whatif.run(_problem(), [tmp_path / "next.yaml", tmp_path / "one.yaml"])
    assert [case.is_asked for case in given.cases] == [True, True], "a base that is asked for is solved once"


def test_names_are_told_apart_and_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.yaml").write_text("title: Same\nchanges: []")
    paths = [tmp_path / folder / "x.yaml" for folder in ("a", "b")]
    study = matcher.whatif.run(_problem(), paths)
    assert [case.name for case in study.cases] == [path.as_posix() for path in paths]
    assert len({case.title for case in study.cases}) == 2
    (tmp_path / "base.yaml").write_text("changes: []")
    named = matcher.whatif.run(_problem(), [tmp_path / "base.yaml"])
    assert [case.name for case in named.all_cases] == ["base", (tmp_path / "base.yaml").as_posix()]
    with pytest.raises(UsageError) as told:
        matcher.whatif.run(_problem(), [paths[0], tmp_path / "a" / ".." / "a" / "x.yaml"])
    assert told.value.code == "whatif_twice"
    assert [case.name for case in matcher.whatif.run(_problem(), {"mine": SERVE_ONE}).cases] == ["mine"]


def test_apply_leaves_the_problem_as_it_is_and_names_a_fault_by_its_key() -> None:
    problem = _problem()
    after = matcher.whatif.apply(problem, PAUSED)
    assert after.directors["status"].tolist() == ["paused", "engaged"]
    assert problem.directors["status"].tolist() == ["engaged", "engaged"]
    with pytest.raises(PolicyError) as told:
        matcher.whatif.apply(problem, {"changes": [{"polcy": {}}]})
    issue = told.value.issues[0]
    assert (issue.rule, issue.row, issue.column) == ("unknown_key", None, "changes[0].polcy")


def test_compare_takes_plans_and_the_first_is_the_base() -> None:
    problem = _problem()
    plans = [matcher.match(one) for one in (problem, matcher.whatif.apply(problem, SERVE_ONE))]
    frame = matcher.whatif.compare(plans)
    served = frame[frame["measure"] == "n_served"]
    assert served["scenario"].tolist() == ["1", "2"]
    assert served["value"].tolist() == [2, 1] and served["change"].iloc[1] == -1
    moves = matcher.whatif.moves({"now": plans[0], "then": plans[1]})
    assert set(moves["scenario"]) == {"then"} and set(moves["base"]) == {"now"}
    with pytest.raises(UsageError):
        matcher.whatif.compare([])


def test_sweep_has_a_row_a_point_and_the_same_number_for_the_same_plan() -> None:
    frame = matcher.whatif.sweep(_problem(), {"limits.max_companies": [0, 1, 2], "weights.network": "0:10:10"})
    assert frame["limits.max_companies"].tolist() == [0, 0, 1, 1, 2, 2]
    assert frame["weights.network"].tolist() == [0, 10] * 3
    assert frame["n_served"].tolist() == [0, 0, 1, 1, 2, 2]
    assert frame["plan"].tolist() == [1, 1, 2, 2, 3, 3]
    assert set(frame["word"]) == {"proved"}
    assert str(frame["points"].dtype) == "Float64" and str(frame["plan"].dtype) == "Int64"
    with pytest.raises(UsageError):
        matcher.whatif.sweep(_problem(), {"weights.netwrok": [1]})


def test_public_names_load_on_first_use() -> None:
    assert dir(matcher.whatif) == matcher.whatif.__all__
    for name in matcher.whatif.__all__:
        assert getattr(matcher.whatif, name) is not None, name
    with pytest.raises(AttributeError):
        matcher.whatif.nothing  # noqa: B018
