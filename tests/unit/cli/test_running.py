"""Exit codes of `matcher run` that need a solver's bad day."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher import matching
from matcher.cli.running import run_match
from matcher.domain.problem import Problem
from matcher.plan.document import PlanStatus
from matcher.plan.plan import Plan


@pytest.mark.parametrize(("status", "code"), [("optimal", 0), ("feasible", 0), ("infeasible", 3), ("unknown", 4)])
def test_exit_code_says_whether_there_is_a_plan(
    scenarios: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: PlanStatus, code: int
) -> None:
    real = matching.match

    def match(problem: Problem, **options: object) -> Plan:
        plan = real(problem)
        parts: dict[str, object] = {"status": status}
        if code:
            parts |= {"assignments": (), "tiers": (), "objective": {}}
            none = plan.certificate.model_copy(update={"value": None, "bound": None, "gap": None, "word": "unknown"})
            parts["certificate"] = none
        return Plan(plan.document.model_copy(update=parts), plan.problem, plan.candidates)

    monkeypatch.setattr(matching, "match", match)
    found = run_match(
        scenarios / "pilot",
        policy=None,
        overrides=(),
        out=tmp_path / "out",
        force=False,
        formats=("html", "xlsx", "candidates"),
        lang="en",
        as_json=False,
        log_solver=False,
        command="",
    )
    assert found == code
    assert (tmp_path / "out" / "plan.json").is_file()
