"""CSV files as staff bring them: real bytes in every encoding, and files that are no CSV at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import DataError, UsageError
from matcher.io import check_source, read_source
from tests.io.datasets import COMPANIES, check_tables, rules, write_folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_gives_the_same_problem(tmp_path: Path, encoding: str) -> None:
    plain = read_source(write_folder(tmp_path / "plain"))
    other = read_source(write_folder(tmp_path / "other", encoding=encoding))
    assert other.digest == plain.digest
    assert other.directors["name"].tolist() == ["髙橋", "𠮷田"]


def test_cp932_keeps_vendor_characters_as_typed(tmp_path: Path) -> None:
    rows = (COMPANIES[0], ("C1", "㈱①～髙﨑", "高知", "売上拡大"))
    folder = write_folder(tmp_path)
    text = "".join(",".join(map(str, row)) + "\r\n" for row in rows)
    (folder / "companies.csv").write_bytes(text.encode("cp932"))
    assert read_source(folder).companies["name"].tolist() == ["㈱①～髙﨑"]


def test_headings_in_any_order_width_and_language(tmp_path: Path) -> None:
    rows = (("目的", "Prefecture", "ＩＤ", "現地訪問日数（日/月）"), ("売上拡大", "高知", "C1", "２"))
    problem = read_source(write_folder(tmp_path, {"companies": rows}))
    assert problem.companies["on_site_days_per_month"].tolist() == [2.0]
    assert problem.companies["prefecture"].tolist() == [39]


def test_titles_above_the_header_are_passed_over_and_rows_counted(tmp_path: Path) -> None:
    rows = (("令和8年度 応募企業一覧",), (), COMPANIES[0], ("C1", "", "火星", "売上拡大"))
    report = check_tables(tmp_path, companies=rows)
    assert [(i.rule, i.row, i.column, i.value) for i in report.faults] == [
        ("unknown_prefecture", 4, "都道府県", "火星")
    ]


def test_quoted_newlines_count_as_one_row(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    text = 'ID,名称,都道府県,目的\r\nC1,"一行目\r\n二行目",高知,売上拡大\r\n\r\nC2,x,高知,なし\r\n'
    (folder / "companies.csv").write_bytes(text.encode())
    report = check_source(folder)
    assert [(i.rule, i.row) for i in report.faults] == [("not_in_list", 4)]
    assert report.problem is None


def test_tab_separated_text_is_read_by_its_header(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    text = "".join("\t".join(map(str, row)) + "\n" for row in COMPANIES)
    (folder / "companies.csv").unlink()
    (folder / "企業・自治体.tsv").write_bytes(text.encode("cp932"))
    assert read_source(folder).company_ids.tolist() == ["C1", "C2"]


def test_na_and_none_stay_names(tmp_path: Path) -> None:
    rows = (COMPANIES[0], ("NA", "None", "高知", "売上拡大"), ("nan", "=1+1", "高知", "売上拡大"))
    problem = read_source(write_folder(tmp_path, {"companies": rows}))
    assert problem.company_ids.tolist() == ["NA", "nan"]
    assert problem.companies["name"].tolist() == ["None", "=1+1"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf\r\n", "sheet_empty"),
        (b"PK\x03\x04rest", "not_text"),
        (b"ID,\x00\x01\x02\xff", "not_text"),
        (b"\xff\xfe\x00", "encoding_unknown"),
        ("ID,名称".encode("euc_jp") + b"\x8f\xfe\xfe\xff", "encoding_unknown"),
        ('ID,名称,都道府県,目的\nC1,"x,高知,売上拡大\n'.encode(), "broken_quotes"),
        ("ID,名称,都道府県,目的\nC1,x,高知,売上拡大,余り\n".encode(), "too_many_cells"),
        ("ID,ＩＤ,都道府県,目的\nC1,C1,高知,売上拡大\n".encode(), "header_twice"),
    ],
)
def test_a_broken_file_gives_one_clear_fault(tmp_path: Path, content: bytes, rule: str) -> None:
    folder = write_folder(tmp_path)
    (folder / "companies.csv").write_bytes(content)
    report = check_source(folder)
    assert rules(report) == [rule]
    assert report.faults[0].file == "companies.csv"
    with pytest.raises(DataError):
        read_source(folder)


def test_a_locked_file_says_close_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path)
    opened = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "companies.csv":
            raise PermissionError(13, "in use")
        return opened(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert rules(check_source(folder)) == ["file_locked"]


def test_lock_files_are_passed_over(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "~$companies.csv").write_bytes(b"\x00lock")
    report = check_source(folder)
    assert (report.n_faults, report.notes) == (0, ())


def test_a_folder_that_is_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "photos.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    report = check_source(tmp_path)
    assert rules(report) == ["not_a_data_set"]
    assert report.faults[0].params["near"] == ("photos.csv",)


def test_a_missing_table_names_the_file_that_may_be_it(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "companies.csv").rename(folder / "compnies.csv")
    report = check_source(folder)
    assert rules(report) == ["table_missing"]
    assert report.faults[0].params["near"] == ("compnies.csv",)


def test_two_files_for_one_table(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "企業.csv").write_bytes((folder / "companies.csv").read_bytes())
    assert rules(check_source(folder)) == ["table_twice"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("none", "source_not_found"), ("companies.csv", "source_one_table"), ("a.docx", "source_kind_unknown")],
)
def test_a_source_that_is_none_is_bad_usage(tmp_path: Path, name: str, code: str) -> None:
    folder = write_folder(tmp_path)
    (folder / "a.docx").write_bytes(b"PK")
    with pytest.raises(UsageError) as caught:
        read_source(folder / name)
    assert (caught.value.code, caught.value.exit_code) == (code, 2)


def test_the_quick_way_and_the_careful_way_agree(tmp_path: Path) -> None:
    rows = [COMPANIES[0], *((f"C{i:06}", f"企業{i}", "高知", "売上拡大" if i % 7 else "？") for i in range(9_000))]
    quick = check_source(write_folder(tmp_path / "quick", {"companies": rows}))
    rows[1] = ("C000000", '"企業0"', "高知", "？")  # one quote sends the file the careful way
    careful = check_source(write_folder(tmp_path / "careful", {"companies": rows}))
    assert (quick.n_faults, quick.faults) == (careful.n_faults, careful.faults)
    assert quick.n_faults == 1_286
