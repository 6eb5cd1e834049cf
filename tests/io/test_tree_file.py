"""Trees too large for plan.json stand in a file beside it, and prove nothing unless they are read from it whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import matcher.io.plan_file as plan_file
import matcher.plan.document as document_module
from matcher.io.outputs import write_run
from matcher.io.plan_file import read_plan
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.verifying.check import check_plan
from matcher.verifying.verification import Verification
from tests.forging import rules_of
from tests.verified_plans import plan_of


@pytest.fixture(scope="module")
def plan() -> Plan:
    plan = plan_of("every month")
    assert plan.document.proof[0].kind == "tree"
    return plan


@pytest.fixture
def run(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the run of a plan whose tree is too large for plan.json."""
    monkeypatch.setattr(document_module.PlanDocument.parted, "__defaults__", (100,))
    write_run(plan, tmp_path / "out", formats=())
    return tmp_path / "out"


def _verified(run: Path, plan: Plan) -> Verification:
    document = read_plan(run)
    assert isinstance(document, PlanDocument)
    return check_plan(document, plan.problem)


def test_small_tree_stays_in_the_plan(plan: Plan, tmp_path: Path) -> None:
    paths = write_run(plan, tmp_path / "out", formats=())
    assert [path.name for path in paths] == ["plan.json"]
    assert plan.document.parted() == (plan.document, None)


def test_large_tree_is_written_beside_and_read_back(plan: Plan, run: Path, tmp_path: Path) -> None:
    assert sorted(path.name for path in run.iterdir()) == ["plan.json", "proof.json.gz"]
    content = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    part = content["proof"][0]["tree"]
    assert (part["file"], part["tree"], len(part["sha256"])) == ("proof.json.gz", None, 64)
    assert content["digests"] == plan.document.digests
    verification = _verified(run, plan)
    assert (verification.ok, verification.word) == (True, "proved")
    again = write_run(plan, tmp_path / "again", formats=())
    assert [path.name for path in again] == ["proof.json.gz", "plan.json"]
    assert again[0].read_bytes() == (run / "proof.json.gz").read_bytes()


def test_run_with_a_tree_beside_is_replaced_by_the_same_run(plan: Plan, run: Path) -> None:
    write_run(plan, run, formats=())
    assert _verified(run, plan).ok


def _remove(file: Path) -> None:
    file.unlink()


def _no_gzip(file: Path) -> None:
    file.write_bytes(gzip.decompress(file.read_bytes()))


def _cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def _flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def _no_json(file: Path) -> None:
    file.write_bytes(gzip.compress(b"{"))


def _other_shape(file: Path) -> None:
    file.write_bytes(gzip.compress(b'{"trees": {"points": [1]}}'))


def _no_tree_of_the_tier(file: Path) -> None:
    file.write_bytes(gzip.compress(b'{"trees": {}}'))


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


MISSING = (_remove, _no_gzip, _cut_off, _flip_a_bit, _no_json, _other_shape, _no_tree_of_the_tier, _folder)


@pytest.mark.parametrize("damage", MISSING, ids=lambda damage: damage.__name__.strip("_"))
def test_tree_that_cannot_be_read_proves_nothing(plan: Plan, run: Path, damage: Callable[[Path], None]) -> None:
    damage(run / "proof.json.gz")
    verification = _verified(run, plan)
    assert {"tree_missing", "bound_wrong", "not_proved"} <= rules_of(verification)
    assert (verification.word, verification.tiers[0].bound, verification.tiers[0].word) == ("unknown", None, "unknown")


def test_tree_that_was_changed_is_refused_by_its_digest(plan: Plan, run: Path) -> None:
    content = json.loads(gzip.decompress((run / "proof.json.gz").read_bytes()))
    content["trees"]["points"]["nodes"][0][3][0][0][1] += 1
    (run / "proof.json.gz").write_bytes(gzip.compress(json.dumps(content).encode()))
    verification = _verified(run, plan)
    assert "tree_digest" in rules_of(verification)
    assert verification.tiers[0].bound is None


def test_tree_and_its_digest_changed_together_leave_the_plan_another_digest(plan: Plan, run: Path) -> None:
    content = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    content["proof"][0]["tree"]["sha256"] = "0" * 64
    (run / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    assert {"plan_digest", "tree_digest"} <= rules_of(_verified(run, plan))


def test_file_that_unpacks_without_end_is_not_read(plan: Plan, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_file, "_MAX_TREES", 100)
    assert "tree_missing" in rules_of(_verified(run, plan))
