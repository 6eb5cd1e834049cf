"""Tables of the document out of columns: the records and the text that pydantic and json make of them one by one."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict

import matcher
from matcher.matching import match_base
from matcher.pairing.candidates import RULES
from matcher.plan import columns
from matcher.plan.document import PlanDocument
from tests.problems import small_problem

ODD = ("D1", 'quote " and \\ back', "日本 ％ %s", "line\nbreak", "\x7f\u2028")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    n: int
    share: float
    best: int | None
    is_new: bool
    words: tuple[str, ...] = ()
    by_rule: dict[str, int]
    points: dict[str, int]


def _fields(n: int = 5) -> dict[str, columns.Column]:
    numbers = np.arange(n) - 2
    return {
        "points": columns.objects({"b%": columns.whole(numbers), "a": columns.whole(numbers * 10)}),
        "name": columns.texts(ODD[:n]),
        "n": columns.whole(numbers),
        "share": columns.rounded(numbers / 3 - 1e-9, 1),
        "best": columns.where(numbers > 0, columns.whole(numbers)),
        "is_new": columns.flags(numbers > 0),
        "words": columns.repeated([("x", "y") if at % 2 else () for at in range(n)]),
        "by_rule": columns.counts(["z", "a"], np.column_stack([numbers, np.maximum(numbers, 0)])),
    }


def _text(record: BaseModel) -> str:
    return json.dumps(record.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


def test_records_are_those_pydantic_makes_of_the_same_values() -> None:
    made = columns.records(_Row, _fields(), {})
    assert len(made.rows) == 5
    for record, text in zip(made.rows, made.texts, strict=True):
        checked = _Row.model_validate(record.model_dump(), strict=True)
        assert checked == record
        assert checked.model_fields_set == record.model_fields_set
        assert record.model_copy(update={"n": 9}).n == 9
        assert text == _text(record) == _text(checked)
    assert made.rows[0].model_dump() == {
        "name": "D1",
        "n": -2,
        "share": -0.7,
        "best": None,
        "is_new": False,
        "words": (),
        "by_rule": {"z": -2},
        "points": {"b%": -2, "a": -20},
    }
    assert made.text == json.dumps([json.loads(text) for text in made.texts], sort_keys=True, ensure_ascii=False)


def test_a_row_of_known_text_is_the_known_record() -> None:
    before = columns.records(_Row, _fields(), {})
    fields = _fields() | {"n": columns.whole(np.array([-2, -1, 7, 1, 2]))}
    after = columns.records(_Row, fields, before.by_text)
    assert [one is other for one, other in zip(before.rows, after.rows, strict=True)] == [True, True, False, True, True]
    assert after.rows[2].n == 7


def test_columns_that_are_not_the_fields_are_refused() -> None:
    fields = _fields()
    with pytest.raises(ValueError, match="_Row"):
        columns.records(_Row, {name: fields[name] for name in ("name", "n")}, {})
    with pytest.raises(ValueError, match="zip"):
        columns.records(_Row, fields | {"n": columns.whole(np.arange(4))}, {})


def test_numbers_that_are_none_are_written_as_json_writes_them() -> None:
    found = columns.rounded(np.array([np.nan, np.inf, -0.04, 2.25, 2.35]), 1)
    assert found.texts == ["NaN", "Infinity", "-0.0", "2.2", "2.4"]
    assert found.texts == [json.dumps(value) for value in found.pick(range(5))]


def test_no_rows_are_an_empty_list() -> None:
    made = columns.records(_Row, _fields(0), {})
    assert (made.rows, made.text) == ((), "[]")


@pytest.mark.parametrize(
    "policy", [{}, {"limits": {"max_companies": 1}}, {"limits": {"min_companies_per_director": 9}}]
)
def test_digest_out_of_columns_is_that_of_the_document_read_again(policy: dict[str, object]) -> None:
    document = matcher.match(small_problem(3, 5, policy=policy)).document
    again = PlanDocument.model_validate_json(document.to_json())
    assert again == document
    assert again.plan_digest() == document.plan_digest() == document.digests["plan"]


def test_rows_that_stay_are_shared_with_the_base() -> None:
    problem = small_problem(3, 5)
    base = match_base(problem)
    again = matcher.match(problem, base=base).document
    assert again.assignments
    for one, other in zip(base.plan.document.assignments, again.assignments, strict=True):
        assert one is other
    assert all(one is other for one, other in zip(base.plan.document.directors, again.directors, strict=True))


def test_reasons_count_every_rule_by_name() -> None:
    amounts = np.arange(2 * len(RULES)).reshape(2, -1) % 3
    found = columns.counts(RULES, amounts)
    for row, text, counted in zip(amounts.tolist(), found.texts, found.pick(range(2)), strict=True):
        assert counted == {rule: n for rule, n in zip(RULES, row, strict=True) if n}
        assert text == json.dumps(counted, sort_keys=True)
