"""Letters to companies: what they say, what they never say, and how a template's faults are told."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from matcher.errors import OutputError, UsageError
from matcher.io import read_source
from matcher.io.letters_out import refuse_letters, write_letters
from matcher.matching import match
from matcher.plan.plan import Plan
from matcher.words.catalog import LANGUAGES
from matcher.words.facts import facts_of
from tests.problems import small_problem


def small_plan() -> Plan:
    directors = [{"id": "d1", "name": "南 & <東>", "experience_years": 5, "fee_jpy_per_month": 123_457}]
    companies = [{"id": "A&<1>", "name": "甲 & <乙>", "priority": 2}, {"id": "a/../b", "name": "=丙"}]
    return match(small_problem(directors=directors, companies=companies))


def read_all(folder: Path) -> dict[str, str]:
    with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["company_id"].removeprefix("'"): (folder / row["file"]).read_text(encoding="utf-8") for row in rows}


@pytest.mark.parametrize("scenario", ["pilot", "roster"])
def test_no_letter_holds_another_companys_name_or_an_id_or_a_private_figure(
    tmp_path: Path, scenarios: Path, scenario: str
) -> None:
    plan = match(read_source(scenarios / scenario))
    facts = facts_of(plan.problem)
    for lang in LANGUAGES:
        n = write_letters(plan, tmp_path / lang, template=None, lang=lang)
        letters = read_all(tmp_path / lang)
        assert n == len(letters) == len(plan.problem.companies)
        served = {one.company_id: one for one in plan.document.assignments}
        for key, text in letters.items():
            assert facts.company_name(key) in text
            for other in facts.companies:
                name = facts.company_name(other)
                assert other == key or name in facts.company_name(key) or (name not in text and other not in text)
            for director in facts.directors:
                is_own = key in served and served[key].director_id == director
                assert (facts.director_name(director) in text) is is_own
                fee = facts.directors[director]["fee_jpy_per_month"]
                assert fee is None or (f"{fee:,.0f}" not in text and f"{fee:.0f}" not in text)


def test_word_templates_are_filled_with_signs_that_xml_would_take_for_its_own(tmp_path: Path) -> None:
    from docx import Document

    source = Document()
    for text in (
        "{{ company }} 御中",
        "{%p for reason in reasons %}",
        "{{ reason.criterion }}",
        "{%p endfor %}",
        "{{ director }}",
    ):
        source.add_paragraph(text)
    source.save(str(tmp_path / "t.docx"))
    write_letters(small_plan(), tmp_path / "out", template=tmp_path / "t.docx", lang="ja")
    first, second = sorted((tmp_path / "out").glob("*.docx"))
    texts = [[one.text for one in Document(io.BytesIO(path.read_bytes())).paragraphs] for path in (first, second)]
    served = next(lines for lines in texts if lines[0] == "甲 & <乙> 御中")
    assert served[-1] == "南 & <東>" and "実務経験" in served
    assert next(lines for lines in texts if lines is not served) == ["=丙 御中", ""]


def test_files_are_named_safely_and_the_list_holds_no_formula(tmp_path: Path) -> None:
    write_letters(small_plan(), tmp_path / "out", template=None, lang="en")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 3 and all(name.isascii() and "/" not in name and not name.startswith(".") for name in names)
    content = (tmp_path / "out" / "index.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == content.count(b"\n") == 3
    assert "'=丙" in content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        ("a\n{{ compani }}", "letter_field_unknown", 2, "company"),
        ("a\n\n{% if %}", "letter_template_wrong", 3, "{{ company }}"),
        ("{{ company.__class__.__mro__ }}", "letter_template_wrong", 1, ""),
        ("{{ reasons[0].nothing }}", "letter_template_wrong", 1, ""),
    ],
)
def test_a_wrong_template_is_told_and_nothing_is_written(
    tmp_path: Path, text: str, code: str, line: int, said: str
) -> None:
    (tmp_path / "t.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as found:
        write_letters(small_plan(), tmp_path / "out", template=tmp_path / "t.txt", lang="ja")
    assert (found.value.code, found.value.params["line"]) == (code, line)
    assert said in str(found.value) and not (tmp_path / "out").exists()
    assert list(tmp_path.iterdir()) == [tmp_path / "t.txt"]


def test_letters_are_replaced_only_when_asked_and_other_files_never(tmp_path: Path) -> None:
    out, run = tmp_path / "out", tmp_path / "run"
    run.mkdir()
    write_letters(small_plan(), out, template=None, lang="ja")
    with pytest.raises(OutputError, match="--force"):
        refuse_letters(out, run, force=False)
    refuse_letters(out, run, force=True)
    (out / "my notes.txt").write_text("mine")
    with pytest.raises(OutputError) as found:
        refuse_letters(out, run, force=True)
    assert found.value.code == "out_holds_other_files"
