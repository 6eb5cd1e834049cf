"""An invented programme on the disk: the same bytes, whole or not at all, read without a fault."""

from __future__ import annotations

import hashlib
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pa_parquet
import pytest

import matcher
from matcher.errors import OutputError, UsageError
from matcher.generating import Programme
from matcher.generating.draws import CHUNK
from matcher.generating.programme import TABLES
from matcher.io import programme_out
from matcher.io.programme_out import RECORD, write_programme
from matcher.pairing.search import why_not
from tests.commands import begun
from tests.conftest import Command

SMALL = Programme(n_directors=12, n_companies=90, seed=4)


def digest_of(folder: Path, *, without: tuple[str, ...] = ()) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name not in without:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        for name in ("one", "two"):
            write_programme(SMALL, tmp_path / form / name, form=form)
        assert digest_of(tmp_path / form / "one") == digest_of(tmp_path / form / "two")


def test_csv_tables_never_change_unless_the_edition_does(tmp_path: Path) -> None:
    """Fixed once. A change of this digest is a change of every generated programme: raise `draws._EDITION` with it."""
    write_programme(SMALL, tmp_path / "out")
    assert digest_of(tmp_path / "out", without=(RECORD, "README.md", "policy.yaml", "scenario.yaml")) == TABLES_DIGEST


TABLES_DIGEST = "394b19ad085cbd3d6a309b9ff213e3020ed19e25692cd488f4cb6ed23c387bcd"


def test_files_are_written_as_excel_expects(tmp_path: Path) -> None:
    paths = write_programme(SMALL, tmp_path / "out")
    assert {path.name for path in paths} == {path.name for path in (tmp_path / "out").iterdir()}
    for table in TABLES:
        content = (tmp_path / "out" / f"{table}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n") > 0
        assert b'"' not in content
    assert (tmp_path / "out" / "companies.csv").read_text("utf-8-sig").splitlines()[1].startswith("C0000001,")


def test_read_me_says_that_all_is_invented_and_how_it_was_made(tmp_path: Path) -> None:
    write_programme(SMALL, tmp_path / "out", form="parquet")
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "All people, companies, cases and figures here are invented." in text
    assert "人物・企業・案件・数値はすべて架空です。" in text
    assert "matcher generate --directors 12 --companies 90 --seed 4 --format parquet --out" in text
    assert str(tmp_path) not in text
    record = json.loads((tmp_path / "out" / RECORD).read_text())
    assert (record["n_directors"], record["n_companies"], record["seed"]) == (12, 90, 4)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_programme_is_read_without_a_fault_and_with_no_warning_but_those_it_is_made_for(
    tmp_path: Path, form: str
) -> None:
    write_programme(Programme(n_directors=60, n_companies=300, seed=4), tmp_path / "out", form=form)
    report = matcher.check(tmp_path / "out")
    assert report.n_faults == 0
    found = {issue.rule for issue in (*report.warnings, *report.notes)}
    assert found <= {"company_nobody_can_serve", "engagement_breaks_rule", "engagement_over"}
    assert "company_nobody_can_serve" in found


def test_a_large_programme_is_searched_over_all_its_pairs(tmp_path: Path) -> None:
    write_programme(Programme(n_directors=1_100, n_companies=1_000, seed=4), tmp_path / "out", form="parquet")
    problem = matcher.read(tmp_path / "out")
    assert problem.policy.candidates.keep_per_company is None
    assert problem.policy.candidates.search == "bounded" and why_not(problem) is None


def test_both_forms_hold_the_same_programme(tmp_path: Path) -> None:
    digests = set()
    for form in ("csv", "parquet"):
        write_programme(SMALL, tmp_path / form, form=form)
        digests.add(matcher.read(tmp_path / form).digest)
    assert len(digests) == 1


def test_a_chunk_is_a_row_group(tmp_path: Path) -> None:
    rows: list[int] = []
    write_programme(
        Programme(n_directors=1, n_companies=CHUNK + 5), tmp_path / "out", form="parquet", on_rows=rows.append
    )
    assert rows == [CHUNK, CHUNK + 5]
    stored = pa_parquet.ParquetFile(tmp_path / "out" / "companies.parquet")
    assert [stored.metadata.row_group(at).num_rows for at in range(stored.num_row_groups)] == [CHUNK, 5]


def test_an_earlier_programme_is_replaced_with_force_only(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_programme(SMALL, out, form="parquet")
    with pytest.raises(OutputError) as told:
        write_programme(SMALL, out)
    assert told.value.code == "out_holds_programme"
    write_programme(SMALL, out, force=True)
    assert not list(out.glob("*.parquet")) and (out / "companies.csv").exists()


@pytest.mark.parametrize("name", ["notes.txt", "companies.csv"])
def test_what_is_no_generated_programme_is_never_replaced(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text("mine")
    for force in (False, True):
        with pytest.raises(OutputError) as told:
            write_programme(SMALL, out, force=force)
        assert told.value.code == "out_holds_other_files"
    assert (out / name).read_text() == "mine"


def test_an_unknown_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        write_programme(SMALL, tmp_path / "out", form="xml")
    assert told.value.code == "generate_format"
    assert not (tmp_path / "out").exists()


def test_a_disk_without_room_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 1_000

    monkeypatch.setattr(programme_out.shutil, "disk_usage", lambda place: Usage)
    with pytest.raises(OutputError) as told:
        write_programme(Programme(n_directors=10, n_companies=3_400_000), tmp_path / "a" / "out")
    assert (told.value.code, told.value.params["needed"]) == ("generate_no_room", "1.0 GB")
    assert list(tmp_path.iterdir()) == []


PEAK = """
import resource, sys
from matcher.generating import Programme
from matcher.io.programme_out import write_programme
write_programme(Programme(n_directors=50, n_companies=int(sys.argv[1])), sys.argv[2], form=sys.argv[3])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_memory_does_not_grow_with_the_companies(tmp_path: Path, form: str) -> None:
    peaks = []
    for n_companies in (2 * CHUNK, 12 * CHUNK):
        words = [sys.executable, "-c", PEAK, str(n_companies), str(tmp_path / f"of-{n_companies}"), form]
        peaks.append(int(subprocess.run(words, capture_output=True, text=True, check=True, timeout=240).stdout))
    assert peaks[1] < 1.1 * peaks[0]


def _command(*words: str, before: Callable[[], None] | None = None, cwd: Path) -> subprocess.Popen[str]:
    return begun("generate", "--directors", "20", *words, cwd=cwd, before=before)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, form: str) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    process = _command("--companies", "60000", "--out", "out", "--format", form, before=small_files, cwd=tmp_path)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 2, said
    assert "out cannot be written (the file would be larger than allowed)" in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    process = _command("--companies", "9000000", "--out", "out", cwd=tmp_path)
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".out.*.part/companies.csv")) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:  # Python drops an interrupt that falls into a destructor: one presses again
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Interrupted. Nothing was written." in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_how_much_it_writes_and_where(matcher_command: Command, tmp_path: Path) -> None:
    words = ("generate", "--directors", "10", "--companies", "50", "--out", "made")
    done = matcher_command(*words)
    assert (done.returncode, done.stderr) == (0, "About 28 kB will be written (10 directors, 50 companies).\n")
    assert done.stdout.startswith("An invented programme is in made.")
    again = matcher_command(*words)
    assert again.returncode == 2 and "--force to replace it" in again.stderr
    japanese = matcher_command(*words, "--force", "--lang", "ja")
    assert japanese.returncode == 0 and "架空の事業を作りました" in japanese.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("--companies", "0", "--directors", "3"),
            "--companies: 0 is too few.\nTry: a whole number from 1 to 9999999.",
        ),
        (("--companies", "1000000000000", "--directors", "3"), "it would take about 306 TB as CSV"),
        (("--companies", "5", "--directors", "-3"), "--directors: -3 is below 0."),
        (("--companies", "5", "--directors", "3", "--seed", "9" * 20), "--seed: 99999999999999999999 is out of range."),
        (
            ("--companies", "5", "--directors", "3", "--format", "xlsx"),
            "there is no format xlsx.\nTry: one of csv, parq",
        ),
        (("--companies", "many", "--directors", "3"), "--companies: many is not a whole number."),
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(
    matcher_command: Command, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = matcher_command("generate", *words, "--out", "made")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []
