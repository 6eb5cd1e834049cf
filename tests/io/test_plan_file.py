"""plan.json read back: what is a plan, what is none, and where its data are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import matcher
from matcher.errors import UsageError
from matcher.io.outputs import write_run
from matcher.io.plan_file import read_earlier, read_plan, verify_plan
from matcher.matching import match
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.words.errors import error_text
from tests.forging import Content, rules_of, signed
from tests.problems import small_problem


@pytest.fixture(scope="module")
def text() -> str:
    return match(small_problem(directors=2, companies=3)).to_json()


def _written(folder: Path, text: str | bytes) -> Path:
    file = folder / "plan.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def _code(path: Path) -> tuple[str, object]:
    with pytest.raises(UsageError) as told:
        read_plan(path)
    assert told.value.exit_code == 2
    return told.value.code, told.value.params.get("reason")


def test_plan_is_read_from_its_file_or_its_folder(tmp_path: Path, text: str) -> None:
    file = _written(tmp_path, text)
    assert isinstance(read_plan(file), PlanDocument)
    assert read_plan(file) == read_plan(tmp_path)
    assert read_plan(_written(tmp_path, b"\xef\xbb\xbf" + text.encode())) == read_plan(tmp_path)


def test_plan_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert _code(tmp_path)[0] == "plan_not_in_folder"
    assert _code(tmp_path / "plan.json")[0] == "plan_not_found"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"matcher.plan/1"',
        '{"title": "a"}',
        '{"schema": 1}',
        '{"schema": "matcher.check/1"}',
        b"\xff\xfe",
        b'{"schema": "\x80"}',
        "[" * 1_000_000,
        '{"a":' * 1_000_000,
        "1" * 10_000,
    ],
    ids=lambda content: str(content[:12]),
)
def test_file_that_is_no_plan_is_refused(tmp_path: Path, content: str | bytes) -> None:
    assert _code(_written(tmp_path, content))[0] == "plan_not_json"


def test_truncated_plan_is_refused_wherever_it_ends(tmp_path: Path, text: str) -> None:
    for end in range(1, len(text) - 2, 97):
        assert _code(_written(tmp_path, text[:end]))[0] == "plan_not_json"


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_number_that_json_does_not_know_is_refused(tmp_path: Path, text: str, constant: str) -> None:
    changed = text.replace('"gap": 0.0', f'"gap": {constant}')
    assert changed != text
    assert _code(_written(tmp_path, changed)) == ("plan_not_json", "constant")


def test_key_that_stands_twice_is_refused(tmp_path: Path, text: str) -> None:
    changed = text.replace('"status":', '"status": "unknown",\n "status":')
    assert _code(_written(tmp_path, changed)) == ("plan_not_json", "key_twice")


def test_plan_of_another_version_is_refused(tmp_path: Path, text: str) -> None:
    changed = text.replace("matcher.plan/1", "matcher.plan/2")
    assert _code(_written(tmp_path, changed))[0] == "plan_other_schema"


def test_why_a_file_is_no_plan_is_told_in_words(tmp_path: Path, text: str) -> None:
    broken = json.loads(text)
    broken["assignments"][0]["points"] = "10"
    for content, ja, en in (
        ("", "空です", "it is empty"),
        ('{"schema":\n "matcher', "2行目2文字目で JSON として", "from line 2, column 2 on it is no JSON"),
        (b"\x00\xff\xfe", "UTF-8", "no text in UTF-8"),
        ("[" * 1_000_000, "入れ子", "nested too deeply"),
        ("1" * 10_000, "桁の多すぎる数", "too many digits"),
        ('{"a": NaN}', "「NaN」", "it holds NaN"),
        ('{"b": 1, "b": 2}', "キー「b」が2回", "the key b stands twice"),
        ("[]", "計画ではない内容", "is not a plan of matcher"),
        (json.dumps(broken), "最初は assignments.0.points", "1, the first at assignments.0.points"),
    ):
        with pytest.raises(UsageError) as told:
            read_earlier(_written(tmp_path, content))
        assert ja in error_text(told.value, "ja") and "\n対処：" in error_text(told.value, "ja")
        assert en in error_text(told.value, "en") and "\nTry: " in error_text(told.value, "en")
        assert "Expecting" not in error_text(told.value, "en")


def test_a_place_without_a_plan_is_told_from_one_that_is_no_file(tmp_path: Path) -> None:
    assert _code(tmp_path / "nothing")[0] == "plan_not_found"
    assert _code(tmp_path)[0] == "plan_not_in_folder"
    assert _code(Path("/dev/null"))[0] == "plan_no_file"


def _without_digests(content: Content) -> None:
    del content["digests"]


def _without_a_word(content: Content) -> None:
    del content["tiers"][0]["word"]


def _text_for_points(content: Content) -> None:
    content["assignments"][0]["points"] = "10"


def _truth_for_a_number(content: Content) -> None:
    content["metrics"]["n_served"] = True


def _half_a_point(content: Content) -> None:
    content["proof"][0]["kept"] = 0.5


def _more_than_int64(content: Content) -> None:
    content["proof"][0]["scale"] = 2**63


def _one_key_more(content: Content) -> None:
    content["approved"] = True


def _unknown_kind_of_proof(content: Content) -> None:
    content["proof"][0]["kind"] = "oath"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (_without_digests, "digests"),
        (_without_a_word, "tiers.0.word"),
        (_text_for_points, "assignments.0.points"),
        (_truth_for_a_number, "metrics.n_served"),
        (_half_a_point, "proof.0.prices.kept"),
        (_more_than_int64, "proof.0.prices.scale"),
        (_one_key_more, "approved"),
        (_unknown_kind_of_proof, "proof.0"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_part_that_breaks_the_schema_is_named(
    tmp_path: Path, text: str, change: Callable[[Content], None], where: str
) -> None:
    content = json.loads(text)
    change(content)
    verification = verify_plan(_written(tmp_path, json.dumps(content)))
    assert not verification.ok
    assert [(finding.rule, finding.where) for finding in verification.problems] == [("not_as_schema", where)]


@pytest.fixture
def pilot(tmp_path: Path, scenarios: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the pilot's data in it and a run of it, and the current one."""
    shutil.copytree(scenarios / "pilot", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    write_run(match(matcher.read("data")), "out", formats=())
    return tmp_path


def test_plan_finds_its_data_from_the_folder_it_was_made_in(pilot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verification = matcher.verify("out")
    assert (verification.ok, verification.word) == (True, "proved")
    assert verification.value == verification.bound == 26_325
    (pilot / "elsewhere").mkdir()
    monkeypatch.chdir(pilot / "elsewhere")
    with pytest.raises(UsageError) as told:
        matcher.verify("../out")
    assert (told.value.code, told.value.params["path"]) == ("plan_source_not_found", "data")
    assert "--source" in str(told.value)
    assert matcher.verify("../out", "../data").ok
    with pytest.raises(UsageError) as told:
        matcher.verify("../out", "nowhere")
    assert told.value.code == "source_not_found"


def test_policy_of_the_source_is_not_asked(pilot: Path) -> None:
    (pilot / "data" / "policy.yaml").write_text("limits: {max_companies: many}\n", encoding="utf-8")
    assert matcher.verify("out").ok


def test_data_changed_since_are_found_out(pilot: Path) -> None:
    companies = pilot / "data" / "companies.csv"
    before = companies.read_text(encoding="utf-8-sig")
    companies.write_text(before.replace("C050", "C999"), encoding="utf-8")
    for name in ("company_needs", "pairs", "ratings"):
        file = pilot / "data" / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8-sig").replace("C050", "C999"), encoding="utf-8")
    assert "problem_digest" in rules_of(matcher.verify("out"))
    companies.write_text(before + "C001,,,,,,,\n", encoding="utf-8")
    (finding,) = matcher.verify("out").problems
    assert (finding.rule, finding.where) == ("source_has_faults", "data")


def test_plan_in_hand_is_checked_against_its_own_problem() -> None:
    plan = match(small_problem(directors=2, companies=3))
    assert matcher.verify(plan).ok
    content = json.loads(plan.to_json())
    content["metrics"]["n_served"] += 1
    document = PlanDocument.model_validate_json(json.dumps(signed(content)), strict=True)
    changed: Plan = replace(plan, document=document)
    assert rules_of(matcher.verify(changed)) == {"figure_wrong"}


def test_check_loads_no_solver(pilot: Path) -> None:
    code = (
        "import sys, matcher; verification = matcher.verify('out'); assert verification.ok;"
        "print([m for m in sys.modules if m.startswith(('ortools', 'matcher.model.solvers', 'matcher.model.tiers'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=pilot, check=True)
    assert done.stdout.strip() == "[]"
