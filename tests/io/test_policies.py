"""Policy and scenario files: strict, with places, and `--set`."""

from __future__ import annotations

import itertools
from pathlib import Path

import jsonschema
import pytest

from matcher.domain.policy import Policy
from matcher.errors import Issue, PolicyError, UsageError
from matcher.io import check_source, read_source
from matcher.io.policy_file import schema_of
from matcher.words.issues import issue_text
from tests.io.datasets import rules, write_folder


def faults_of(tmp_path: Path, policy: str) -> tuple[Issue, ...]:
    folder = write_folder(tmp_path)
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_source(folder)
    assert caught.value.exit_code == 2
    return caught.value.issues


@pytest.mark.parametrize(
    ("text", "rule", "line", "at", "key"),
    [
        ("weights:\n  netwrok: 1\n", "unknown_key", 2, 3, "weights.netwrok"),
        ("weights:\n  network: -1\n", "below_minimum", 2, 3, "weights.network"),
        ("weights:\n  network: '20'\n", "not_a_number", 2, 3, "weights.network"),
        ("weights:\n  network: true\n", "not_a_number", 2, 3, "weights.network"),
        ("weights:\n  network: .nan\n", "not_a_number", 2, 3, "weights.network"),
        ("limits:\n  max_companies: 2.5\n", "not_whole", 2, 3, "limits.max_companies"),
        (
            "limits:\n  quotas:\n  - by: kind\n    value: 会社員\n    min: 1\n",
            "not_in_list",
            4,
            5,
            "limits.quotas[0].value",
        ),
        ("limits:\n  quotas:\n  - {by: kind, value: 企業}\n", "quota_without_limit", 3, 5, "limits.quotas[0]"),
        ("limits:\n  quotas:\n  - {by: size, value: 企業, min: 1}\n", "not_in_list", 3, 6, "limits.quotas[0].by"),
        ("objective: [points, points]\n", "named_twice", 1, 1, "objective"),
        ("objective: [profit]\n", "not_in_list", 1, 13, "objective[0]"),
        ("objective: points\n", "not_a_sequence", 1, 1, "objective"),
        ("objective: []\n", "list_empty", 1, 1, "objective"),
        ("weights: 3\n", "not_a_section", 1, 1, "weights"),
        (
            "thresholds:\n  min_by_criterion: {culture: 0.4}\n",
            "not_in_list",
            2,
            22,
            "thresholds.min_by_criterion.culture",
        ),
        (
            "conflict_of_interest:\n  exempt_industries: [Z]\n",
            "unknown_industry",
            2,
            3,
            "conflict_of_interest.exempt_industries",
        ),
        ("seed: 1\nseed: 2\n", "key_twice", 2, 1, None),
        ("weights: [1\n", "yaml_syntax", 2, 1, None),
        ("- a\n", "yaml_not_mapping", 1, 1, None),
    ],
)
def test_a_policy_fault_has_line_and_column(
    tmp_path: Path, text: str, rule: str, line: int, at: int, key: str | None
) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert (fault.rule, fault.file, fault.row, fault.params["yaml_column"], fault.column) == (
        rule, "policy.yaml", line, at, key,
    )  # fmt: skip
    assert issue_text(fault, "en") and issue_text(fault, "ja")


def test_weights_that_sum_to_zero(tmp_path: Path) -> None:
    zeros = "".join(f"  {name}: 0\n" for name in Policy().weights.as_dict())
    (fault,) = faults_of(tmp_path, f"weights:\n{zeros}")
    assert (fault.rule, fault.column) == ("weights_sum_to_zero", "weights")


def test_an_unknown_key_names_the_nearest_and_lists_the_known(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "weights:\n  netwrok: 1\n")
    assert issue_text(fault, "en") == (
        "policy.yaml, line 2, column 3, weights.netwrok: there is no key netwrok.\n"
        "Try: did you mean network? Known keys: experience, hands_on, local_culture, network, own_business, goal_fit, "
        "readiness, style_fit, nearness, wishes."
    )


def test_all_policy_faults_come_at_once(tmp_path: Path) -> None:
    found = faults_of(tmp_path, "colour: red\nweights:\n  network: -1\nkeep_points: x\n")
    assert sorted(issue.row or 0 for issue in found) == [1, 3, 4]


def test_check_shows_policy_and_data_faults_together(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"directors": (("ID", "拠点都道府県", "担当可能社数"), ("D1", "高知", "x"))})
    (folder / "policy.yaml").write_text("colour: red\n", encoding="utf-8")
    report = check_source(folder)
    assert [(i.file, i.rule) for i in report.faults] == [
        ("policy.yaml", "unknown_key"),
        ("directors.csv", "not_a_number"),
    ]
    assert report.n_policy_faults == 1


def test_set_goes_over_the_file(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "policy.yaml").write_text("weights: {network: 7, wishes: 1}\n", encoding="utf-8")
    overrides = (
        "weights.network=0",
        "objective=[worst_match, points]",
        "limits.quotas=[{by: kind, value: 企業, min: 1}]",
    )
    policy = read_source(folder, overrides=overrides).policy
    assert (policy.weights.network, policy.weights.wishes, policy.objective) == (0, 1, ("worst_match", "points"))
    assert policy.limits.quotas[0].value == "企業"


def test_set_with_an_unknown_key_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        read_source(write_folder(tmp_path), overrides=("weights.netwrok=0",))
    (fault,) = caught.value.issues
    assert (fault.rule, fault.file, fault.column, fault.params["near"]) == (
        "unknown_key", "--set", "weights.netwrok", ("network",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"), [("weights.network", "override_shape"), ("=1", "override_shape"), ("a=[1", "override_value")]
)
def test_set_without_key_or_value_is_bad_usage(tmp_path: Path, given: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_source(write_folder(tmp_path), overrides=(given,))
    assert caught.value.code == code


def test_a_policy_handed_in_stands_in_for_the_one_inside(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "policy.yaml").write_text("keep_points: 5\n", encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text("roster: with_applicants\n", encoding="utf-8")
    assert read_source(folder).policy.keep_points == 5
    policy = read_source(folder, policy=other).policy
    assert (policy.keep_points, policy.roster) == (0, "with_applicants")
    with pytest.raises(UsageError, match=r"none\.yaml"):
        read_source(folder, policy=tmp_path / "none.yaml")


def test_a_scenario_names_data_and_policy(tmp_path: Path) -> None:
    write_folder(tmp_path / "data")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("title: 春の部\ndata: data\npolicy:\n  keep_points: 3\n", encoding="utf-8")
    problem = read_source(scenario)
    assert (problem.title, problem.policy.keep_points, len(problem.companies)) == ("春の部", 3, 2)
    assert read_source(tmp_path).digest == problem.digest
    (tmp_path / "own.yaml").write_text("keep_points: 4\n", encoding="utf-8")
    scenario.write_text("data: data\npolicy: own.yaml\n", encoding="utf-8")
    assert read_source(scenario).policy.keep_points == 4


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("data: nowhere\n", "scenario_data_missing", 1),
        ("data: data\npolicy: none.yaml\n", "scenario_policy_missing", 2),
        ("data: data\npolicy:\n  weights: {netwrok: 1}\n", "unknown_key", 3),
        ("data: data\npolicy: 3\n", "not_a_section", 2),
        ("titel: x\ndata: data\n", "unknown_key", 1),
        ("title: 3\ndata: data\n", "not_a_text", 1),
    ],
)
def test_a_scenario_fault_has_its_line(tmp_path: Path, text: str, rule: str, line: int) -> None:
    write_folder(tmp_path / "data")
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_source(tmp_path / "scenario.yaml")
    assert [(i.rule, i.row, i.file) for i in caught.value.issues] == [(rule, line, "scenario.yaml")]


def test_the_schemas_accept_what_the_reader_accepts() -> None:
    jsonschema.validate(Policy().model_dump(mode="json"), schema_of("policy"))
    jsonschema.validate({"title": "x", "data": "d", "policy": {"weights": {"network": 1}}}, schema_of("scenario"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"weights": {"netwrok": 1}}, schema_of("policy"))


def test_half_a_character_in_a_policy_is_a_fault_with_a_sentence(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "policy.yaml").write_text('roster: "\\ud800"\n', encoding="utf-8")
    report = check_source(folder)
    assert rules(report) == ["yaml_syntax"]
    assert "YAML" in issue_text(report.faults[0], "en")


@pytest.mark.parametrize(
    ("text", "rule", "line", "at", "value"),
    [
        ("weights:\n  <<: 3\n", "merge_not_mapping", 2, 7, "3"),
        ("weights:\n  <<: [{network: 1}, x]\n", "merge_not_mapping", 2, 22, "x"),
        ("objective: &a [*a]\n", "yaml_holds_itself", 1, 12, None),
        ("weights: &a\n  <<: *a\n", "yaml_holds_itself", 1, 10, None),
        ("weights: *a\n", "yaml_syntax", 1, 10, None),
        ("a: " + "[" * 60 + "]" * 60, "yaml_too_large", 1, 44, None),
        ("a: " + "[" * 50_000, "yaml_too_large", 1, 1, None),
        ("- " * 5_000, "yaml_too_large", 1, 1, None),
        ("a: 1\n" * 300_000, "yaml_too_large", 1, 1, None),
        ("weights:\n\tnetwork: 1\n", "yaml_syntax", 2, 1, None),
        ("keep_points: " + "9" * 5_000, "yaml_syntax", 1, 14, None),
        ("keep_points: 99999999999999999999\n", "above_maximum", 1, 1, "99999999999999999999"),
        ("weights: {network: .inf}\n", "not_a_number", 1, 11, ".inf"),
        ("weights: {network: 1e999}\n", "not_a_number", 1, 11, "1e999"),
        ("weights: {network: 0, ? [a] : 1}\n", "yaml_syntax", 1, 25, None),
        ("roster: 2026-13-45\n", "yaml_syntax", 1, 9, None),
        ("keep_points:\n", "text_empty", 1, 1, ""),
        ("thresholds: {min_by_criterion: {culture: 0.4}}\n", "not_in_list", 1, 33, "culture"),
    ],
)
def test_yaml_that_is_odd_is_a_fault_with_its_place(
    tmp_path: Path, text: str, rule: str, line: int, at: int, value: str | None
) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert (fault.rule, fault.row, fault.params["yaml_column"], fault.value) == (rule, line, at, value)
    assert issue_text(fault, "en") and issue_text(fault, "ja")


def test_aliases_of_aliases_do_not_unfold_without_a_bound(tmp_path: Path) -> None:
    names = "abcdefghij"
    lines = ["a: &a [x, x]", *(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in itertools.pairwise(names))]
    assert [i.rule for i in faults_of(tmp_path, "\n".join(lines))] == ["yaml_too_large"]


def test_a_merge_key_takes_in_what_is_not_stated(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "policy.yaml").write_text(
        "limits:\n  quotas:\n  - &one {by: kind, value: 企業, min: 0}\n  - &two {by: goal, value: その他, max: 3}\n"
        "  - {<<: *one, value: 自治体}\n  - {<<: [*two, *one], max: 2}\n",
        encoding="utf-8",
    )
    quotas = read_source(folder).policy.limits.quotas
    assert [(quota.by, quota.value, quota.min, quota.max) for quota in quotas] == [
        ("kind", "企業", 0, None), ("goal", "その他", None, 3), ("kind", "自治体", 0, None), ("goal", "その他", 0, 2),
    ]  # fmt: skip


def test_a_fault_in_what_a_merge_key_takes_in_is_placed_where_it_is_written(tmp_path: Path) -> None:
    text = "limits:\n  quotas:\n  - &one {by: kind, value: 会社員, min: 0}\n  - {<<: *one, min: x}\n"
    assert [(i.rule, i.row, i.params["yaml_column"], i.value) for i in faults_of(tmp_path, text)] == [
        ("not_in_list", 3, 21, "会社員"), ("not_whole", 4, 16, "x"),
    ]  # fmt: skip


def test_a_merge_key_in_a_scenario(tmp_path: Path) -> None:
    write_folder(tmp_path / "data")
    (tmp_path / "scenario.yaml").write_text(
        "data: data\npolicy:\n  limits: {quotas: [&a {by: kind, value: 企業, min: 0}, {<<: *a, by: goals}]}\n",
        encoding="utf-8",
    )
    (fault,) = check_source(tmp_path / "scenario.yaml").faults
    assert (fault.rule, fault.row, fault.params["yaml_column"], fault.value) == ("not_in_list", 3, 64, "goals")


@pytest.mark.parametrize("content", [b"keep_points: 1 # \x81\n", b"keep_points: 1\0", b"PK\x03\x04"])
def test_settings_that_are_no_text(tmp_path: Path, content: bytes) -> None:
    folder = write_folder(tmp_path)
    (folder / "policy.yaml").write_bytes(content)
    (fault,) = check_source(folder).faults
    assert (fault.rule, fault.file) == ("settings_not_text", "policy.yaml")
    assert "UTF-8" in issue_text(fault, "en") and "Excel" not in issue_text(fault, "en")


@pytest.mark.parametrize(
    ("typed", "rule", "says"),
    [
        ("会社員", "not_in_list", "「会社員」は選択肢にありません。\n対処：企業、自治体、団体 のいずれか"),
        ("[企業, 自治体]", "not_a_text", "「[企業, 自治体]」は文字列ではありません。"),
        ("{a: 1}", "not_a_text", "「{a: 1}」は文字列ではありません。"),
        ("null", "not_a_text", "「null」は文字列ではありません。"),
        ("1.50", "not_a_text", "「1.50」は文字列ではありません。"),
        ("", "text_empty", "値が書かれていません。"),
    ],
)
@pytest.mark.parametrize("is_set", [False, True])
def test_a_bad_quota_value_is_shown_as_typed(tmp_path: Path, typed: str, rule: str, says: str, is_set: bool) -> None:
    folder = write_folder(tmp_path)
    quotas = f"[{{by: kind, min: 0, value: {typed}}}]"
    if not is_set:
        (folder / "policy.yaml").write_text(f"limits:\n  quotas: {quotas}\n", encoding="utf-8")
    (fault,) = check_source(folder, overrides=(f"limits.quotas={quotas}",) if is_set else ()).faults
    assert (fault.rule, fault.column) == (rule, "limits.quotas[0].value")
    assert says in issue_text(fault, "ja")


@pytest.mark.parametrize("written", ["maybe", "1", "[true]"])
def test_a_switch_that_is_neither_true_nor_false_is_told(tmp_path: Path, written: str) -> None:
    (fault,) = faults_of(tmp_path, f"engagements: {{fixed: {written}}}\n")
    assert (fault.rule, fault.row) == ("not_true_or_false", 1)
    assert "enter true or false" in issue_text(fault, "en")
    assert "true か false" in issue_text(fault, "ja")
