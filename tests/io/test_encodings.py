"""Which encoding a CSV file is in: told by its bytes, or a question that says what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.io import check_source, read_source
from matcher.io.encodings import decode
from matcher.io.faults import FaultLog
from matcher.words.issues import hint_text
from tests.io.datasets import COMPANIES, rules, write_folder

TEXT = "".join(",".join(map(str, row)) + "\r\n" for row in COMPANIES)


@pytest.mark.parametrize("encoding", ["euc-jp", "iso-2022-jp", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_a_question_and_read_when_named(tmp_path: Path, encoding: str) -> None:
    folder = write_folder(tmp_path / "data")
    (folder / "companies.csv").write_bytes(TEXT.encode(encoding))
    (fault,) = check_source(folder).faults
    assert (fault.rule, fault.file) == ("encoding_to_name", "companies.csv")
    assert f"--encoding {encoding}" in hint_text(fault, "ja") and f"--encoding {encoding}" in hint_text(fault, "en")
    assert read_source(folder, encoding=encoding).digest == read_source(write_folder(tmp_path / "plain")).digest


def test_a_scenario_names_the_encoding_for_every_command(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "companies.csv").write_bytes(TEXT.encode("euc-jp"))
    (folder / "scenario.yaml").write_text("encoding: euc-jp\n", encoding="utf-8")
    assert read_source(folder).company_ids.tolist() == ["C1", "C2"]
    (folder / "scenario.yaml").write_text("encoding: klingon\n", encoding="utf-8")
    assert rules(check_source(folder)) == ["not_in_list"]


def test_bytes_that_two_encodings_hold_are_asked_about() -> None:
    log = FaultLog()
    content = "ｹﾝ,ﾒｲ\n".encode("cp932") + "酉,鏡\n".encode("euc-jp")
    assert decode(content, log, shown="a.csv") is None
    assert [fault.rule for fault in log.faults] == ["encoding_of_two"]
    assert decode(content, FaultLog(), shown="a.csv", encoding="cp932") == content.decode("cp932")
    assert decode(content, FaultLog(), shown="a.csv", encoding="euc-jp") == content.decode("euc-jp")


def test_utf_8_with_a_broken_place_is_not_read_as_cp932() -> None:
    content = TEXT.encode()
    at = content.index("柚".encode())
    log = FaultLog()
    broken = content[: at + 1] + content[at + 2 :]
    assert decode(broken, log, shown="a.csv") is None
    assert [(fault.rule, fault.params["line"]) for fault in log.faults] == [("encoding_damaged", 2)]


@pytest.mark.parametrize("text", ["㈱①～髙﨑,ｱｲｳ\n", "ｱｲｳ,ｶﾞ\n高知,東\n", "表,ソ,能\n", "a,b\n"])
def test_cp932_is_read_without_a_question(text: str) -> None:
    assert decode(text.encode("cp932"), FaultLog(), shown="a.csv") == text


def test_a_wrong_name_is_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    assert len(read_source(folder, encoding="euc-jp").companies) == 2  # UTF-8 tells itself
    (folder / "companies.csv").write_bytes(TEXT.encode("cp932"))
    assert rules(check_source(folder, encoding="euc-jp")) == ["encoding_not_that"]
