"""What-if files: bases are followed, faults name file, line and column, and nothing is applied by halves."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

import matcher
from matcher.errors import Issue, MatcherError, PolicyError
from matcher.io.whatif_file import apply_whatif, read_whatif
from matcher.words.issues import issue_text

PILOT = Path("scenarios/pilot")


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _issues(path: Path, source: Path = PILOT) -> list[Issue]:
    with pytest.raises(PolicyError) as raised:
        apply_whatif(matcher.read(source), read_whatif(path, source))
    for issue in raised.value.issues:
        assert issue_text(issue, "ja") and issue_text(issue, "en")
    return list(raised.value.issues)


def test_a_chain_of_bases_is_applied_in_order(tmp_path: Path) -> None:
    _write(tmp_path, "first.yaml", "changes: [{policy: {limits.max_companies: 5, weights.network: 1}}]")
    second = _write(
        tmp_path, "second.yaml", "title: T\nbase: first.yaml\nchanges: [{policy: {limits.max_companies: 4}}]"
    )
    problem = apply_whatif(matcher.read(PILOT), read_whatif(second, PILOT))
    assert problem.policy.limits.max_companies == 4
    assert problem.policy.weights.network == 1
    assert problem.title == "T"


def test_bases_in_a_circle_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml", "base: b.yaml")
    b = _write(tmp_path, "b.yaml", "base: a.yaml")
    with pytest.raises(PolicyError) as raised:
        read_whatif(b, PILOT)
    assert [(issue.rule, issue.file, issue.row) for issue in raised.value.issues] == [("base_in_circle", "a.yaml", 1)]


def test_a_base_of_other_data_or_missing_is_refused(tmp_path: Path) -> None:
    other = _write(tmp_path, "a.yaml", f"base: {Path('scenarios/roster').resolve()}")
    with pytest.raises(PolicyError) as raised:
        read_whatif(other, PILOT)
    assert raised.value.issues[0].rule == "base_is_other_data"
    gone = _write(tmp_path, "b.yaml", "base: nowhere.yaml")
    with pytest.raises(PolicyError) as raised:
        read_whatif(gone, PILOT)
    assert raised.value.issues[0].rule == "base_missing"
    with pytest.raises(MatcherError) as missing:
        read_whatif(tmp_path / "c.yaml", PILOT)
    assert missing.value.code == "whatif_not_found"


def test_faults_name_line_column_and_the_nearest(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "a.yaml",
        "changes:\n"
        "  - set:\n"
        "      table: directors\n"
        "      ids: [D001]\n"
        "      values:\n"
        "        max_distanse_km: 100\n"
        "        max_companies: -1\n",
    )
    issues = _issues(path)
    assert [(i.rule, i.file, i.row, i.params["yaml_column"]) for i in issues] == [
        ("unknown_key", "a.yaml", 6, 9),
        ("below_minimum", "a.yaml", 7, 9),
    ]
    assert issues[0].params["near"] == ("max_distance_km",)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("changes: [{}]", "one_kind"),
        ("changes: [{adopt: x, pin: {director_id: D001, company_id: C001}}]", "one_kind"),
        ("changes: [{set: {table: directors, values: {note: x}}}]", "ids_or_where"),
        ("changes: [{set: {table: directors, ids: [D01], values: {note: x}}}]", "unknown_id"),
        ("changes: [{set: {table: directors, where: {region: Kanto}, values: {name: {add: 1}}}}]", "step_not_number"),
        ("changes: [{set: {table: directors, where: {region: Mars}, values: {note: x}}}]", "unknown_region"),
        ("changes: [{set: {table: ties, ids: [D001], values: {strength: 1}}}]", "table_without_ids"),
        ("changes: [{policy: {weights.netwrok: 3}}]", "unknown_key"),
        ("changes: [{policy: {limits.max_companies: many}}]", "not_whole"),
        ("changes: [{adopt: nowhere}]", "plan_not_adopted"),
        ("changes: [{moove: x}]", "unknown_key"),
        ("chnages: []", "unknown_key"),
        ("changes: [{remove: {table: companies, ids: [C999]}}]", "unknown_id"),
    ],
)
def test_every_fault_has_its_sentence(tmp_path: Path, text: str, rule: str) -> None:
    assert rule in {issue.rule for issue in _issues(_write(tmp_path, "a.yaml", text))}


def test_adopting_an_earlier_plan_keeps_its_matches(tmp_path: Path) -> None:
    plan = matcher.match(matcher.read(PILOT))
    matcher.write(plan, tmp_path / "old", formats=())
    path = _write(tmp_path, "a.yaml", "changes: [{adopt: old}, {policy: {limits.max_companies: 4}}]")
    after = matcher.match(apply_whatif(matcher.read(PILOT), read_whatif(path, PILOT)))
    old = {(m.director_id, m.company_id) for m in plan.document.assignments}
    new = {(m.director_id, m.company_id) for m in after.document.assignments}
    assert old < new and len(new) == 4


def test_every_scenario_that_is_shipped_applies() -> None:
    files = sorted(Path("scenarios").glob("*/what-if/*.yaml"))
    assert files
    for file in files:
        source = file.parent.parent
        base = matcher.read(source)
        after = apply_whatif(base, read_whatif(file, source))
        assert (after.digest, after.policy.digest()) != (base.digest, base.policy.digest()), file
        read = read_whatif(file, source).whatif
        assert read.title and read.question and all(change.reason for change in read.changes), file


@pytest.mark.parametrize(
    ("value", "column", "rule"),
    [
        ("{times: abc}", "changes[0].set.values.max_companies.times", "not_a_number"),
        ("{tims: 2}", "changes[0].set.values.max_companies.tims", "unknown_key"),
        ("[1, 2]", "changes[0].set.values.max_companies", "not_a_cell"),
    ],
)
def test_a_wrong_value_is_one_fault(tmp_path: Path, value: str, column: str, rule: str) -> None:
    text = f"changes: [{{set: {{table: directors, where: {{}}, values: {{max_companies: {value}}}}}}}]"
    (issue,) = _issues(_write(tmp_path, "a.yaml", text))
    assert (issue.rule, issue.column, issue.row) == (rule, column, 1)


@pytest.mark.parametrize("where", ["{name: {mn: 1}}", "{name: [[1]]}"])
def test_a_wrong_filter_is_one_fault(tmp_path: Path, where: str) -> None:
    text = f"changes: [{{remove: {{table: companies, where: {where}}}}}]"
    (issue,) = _issues(_write(tmp_path, "a.yaml", text))
    assert issue.column is not None and issue.column.startswith("changes[0].remove.where.name")


def test_a_wrong_cell_of_an_added_row_is_one_fault(tmp_path: Path) -> None:
    (issue,) = _issues(_write(tmp_path, "a.yaml", "changes: [{add: {directors: [{id: X, name: [1]}]}}]"))
    assert (issue.rule, issue.column) == ("not_a_cell", "changes[0].add.directors[0].name")


def test_the_schema_takes_what_is_shipped_and_refuses_what_the_reader_refuses() -> None:
    from ruamel.yaml import YAML

    validator = jsonschema.Draft202012Validator(matcher.schema("what-if"))
    files = sorted(Path("scenarios").glob("*/what-if/*.yaml"))
    assert files
    for file in files:
        content = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        assert not list(validator.iter_errors(content)), file
    for wrong in (
        {"changes": [{}]},
        {"changes": [{"pin": {"director_id": "d", "company_id": "c"}, "adopt": "x"}]},
        {"changes": [{"set": {"table": "nowhere", "ids": ["d"], "values": {"note": "x"}}}]},
        {"chnages": []},
    ):
        assert list(validator.iter_errors(wrong)), wrong


MANY_FAULTS = """\
title: all at once
changes:
  - set: {table: directors, ids: [D01, D002], values: {max_distanse_km: 100, max_companies: -1}}
  - moove: {table: directors}
  - add: {companies: [{id: C900, prefecture: Mars, goal: raise_revenue},
                      {id: C001, prefecture: 高知県, goal: raise_revenue}]}
  - pin: {director_id: D001, company_id: C900}
  - set: {table: companies, where: {id: [C900]}, values: {name: x}}
  - policy: {weights.netwrok: 3, limits.max_companies: many}
  - remove: {table: companies, ids: [C99]}
  - add: {directors: [{id: D700, prefecture: 高知県, max_companies: 1}]}
  - pin: {director_id: D700, company_id: C002}
  - forbid: {director_id: D0002, company_id: C002}
"""


def test_every_fault_of_every_change_is_told_at_once(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.yaml", MANY_FAULTS)
    with pytest.raises(PolicyError) as raised:
        apply_whatif(matcher.read(PILOT), read_whatif(path, PILOT))
    issues = raised.value.issues
    assert raised.value.params["n"] == len(issues)
    assert [(issue.row, issue.params["yaml_column"], issue.rule, issue.value) for issue in issues] == [
        (3, 29, "unknown_id", "D01"),
        (3, 56, "unknown_key", "max_distanse_km"),
        (3, 78, "below_minimum", "-1"),
        (4, 5, "unknown_key", "{table: directors}"),
        (5, 34, "unknown_prefecture", "Mars"),
        (6, 23, "key_taken", "C001"),
        (9, 14, "unknown_key", "3"),
        (9, 34, "not_whole", "many"),
        (10, 32, "unknown_id", "C99"),
        (13, 14, "unknown_id", "D0002"),
    ], "and not what follows from them: C900 in lines 7 and 8"
    assert {issue.file for issue in issues} == {"a.yaml"}
    near = {issue.value: issue.params.get("near") for issue in issues}
    assert (near["D01"], near["max_distanse_km"], near["3"]) == (("D001",), ("max_distance_km",), ("network",))


def test_faults_of_a_base_and_of_what_is_based_on_it_are_told_together(tmp_path: Path) -> None:
    _write(tmp_path, "base.yaml", "changes: [{pin: {director_id: D001, company_id: C99}}]")
    path = _write(tmp_path, "own.yaml", "base: base.yaml\nchanges: [{remove: {table: companies, ids: [C98]}}]")
    assert [(issue.file, issue.value) for issue in _issues(path)] == [("base.yaml", "C99"), ("own.yaml", "C98")]


def test_what_an_unapplied_removal_would_have_freed_is_no_fault(tmp_path: Path) -> None:
    row = "{companies: [{id: C001, prefecture: 高知県, goal: raise_revenue}]}"
    path = _write(tmp_path, "a.yaml", f"changes: [{{remove: {{table: companies, ids: [C001, C99]}}}}, {{add: {row}}}]")
    assert [issue.value for issue in _issues(path)] == ["C99"]


def test_a_mapping_is_told_without_lines_that_it_does_not_have() -> None:
    changes = [{"pin": {"director_id": "D1", "company_id": "C001"}}, {"moove": 1}]
    with pytest.raises(PolicyError) as raised:
        matcher.whatif.apply(matcher.read(PILOT), {"changes": changes})
    assert [(issue.row, issue.column) for issue in raised.value.issues] == [
        (None, "changes[1].moove"),
        (None, "changes[0].pin.director_id"),
    ]
