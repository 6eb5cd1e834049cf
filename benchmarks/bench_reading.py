"""`matcher check` of large files as staff bring them, beside plain pandas that only reads them, in the same process."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import SIZES, Figure
from benchmarks.measuring import run_command
from matcher.io import check_source

DIRECTORS = (("ID", "氏名", "拠点都道府県", "担当可能社数"), ("D1", "髙橋", "高知", 2))
HEADINGS = (
    *("ID", "名称", "区分", "市区町村コード", "都道府県", "業種", "従業員数", "売上高（万円）", "目的", "必要稼働時間"),
    *(
        "現地訪問日数",
        "支援期間",
        "開始日",
        "月額予算",
        "本気度",
        "投資姿勢",
        "独自性",
        "柔軟さ",
        "希望する支援スタイル",
    ),
    *("優先度", "備考", "担当者", "電話", "受付日", "整理番号内"),
)
N_REPAIRED = 20  # one row in so many is written as people write


def _company(at: int) -> tuple[object, ...]:
    is_odd = at % N_REPAIRED == 0
    return (
        *(f"C{at:07}", f"株式会社{at}", "企業", "392014", ("高知", "東京都", "愛媛県")[at % 3], "E"),
        *(f"{at % 300}人" if is_odd else at % 300, "1,200" if is_odd else 1_000 + at % 977, "売上拡大", 5 + at % 50),
        *(2, 4, "令和8年4月1日" if is_odd else dt.datetime(2026, 4, 1) + dt.timedelta(days=at % 90), 10_000 + at % 997),
        *(1 + at % 5, 1 + at % 4, 1 + at % 3, 2, "提案型", 1, f"備考{at % 1000}", "担当", "088-000-0000", "済", at),
    )


def _write_workbook(path: Path, n_rows: int) -> Path:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy/m/d"}) as book:
        for name, rows in (("ディレクター", DIRECTORS), ("企業・自治体", (HEADINGS, *map(_company, range(n_rows))))):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def _write_folder(folder: Path, n_rows: int) -> Path:
    folder.mkdir()
    rng = np.random.default_rng(7)
    pd.DataFrame([DIRECTORS[1]], columns=DIRECTORS[0]).to_csv(folder / "directors.csv", index=False)
    frame = pd.DataFrame(
        {
            "ID": [f"C{at:07}" for at in range(n_rows)],
            "名称": [f"株式会社{at}" for at in range(n_rows)],
            "都道府県": rng.choice(["高知県", "東京都", "愛媛"], n_rows),
            "目的": rng.choice(["売上拡大", "市場拡大"], n_rows),
            "従業員数": rng.integers(1, 300, n_rows),
            "売上高": np.where(rng.random(n_rows) < 1 / N_REPAIRED, "1200万円", "12000000"),
            "開始日": rng.choice(["2026-04-01", "2026/5/1", "R8.6.1"], n_rows),
            "必要稼働時間": rng.integers(1, 60, n_rows),
        }
    )
    frame.to_csv(folder / "companies.csv", index=False)
    return folder


def _cpu_seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def bench_check_workbook(
    benchmark: BenchmarkFixture, tmp_path: Path, size: tuple[int, int], figures: list[Figure]
) -> None:
    n_rows = 50_000 if size == SIZES["full"] else 5_000
    path = _write_workbook(tmp_path / "book.xlsx", n_rows)
    done = [run_command("check", path.name, cwd=tmp_path)]
    assert done[0].exit_code == 0
    ours = benchmark.pedantic(lambda: _cpu_seconds(lambda: check_source(path)), rounds=1, warmup_rounds=1)
    calamine = _cpu_seconds(lambda: pd.read_excel(path, sheet_name=None, engine="calamine"))
    plain = _cpu_seconds(lambda: pd.read_excel(path, sheet_name=None, engine="openpyxl"))
    figures.append(
        Figure(
            f"matcher check, workbook of {n_rows:,} × {len(HEADINGS)}",
            f"{done[0].seconds:.1f} s, {done[0].peak_mb:.0f} MB; CPU {ours:.1f} s, "
            f"pandas.read_excel {plain:.1f} s, with calamine {calamine:.1f} s",
            "< 10 s, < 1024 MB",
        )
    )


def bench_check_csv(benchmark: BenchmarkFixture, tmp_path: Path, size: tuple[int, int], figures: list[Figure]) -> None:
    n_rows = 1_000_000 if size == SIZES["full"] else 100_000
    folder = _write_folder(tmp_path / "data", n_rows)
    done = run_command("check", folder.name, cwd=tmp_path)
    assert done.exit_code == 0
    ours = benchmark.pedantic(lambda: _cpu_seconds(lambda: check_source(folder)), rounds=1, warmup_rounds=0)
    plain = _cpu_seconds(lambda: pd.read_csv(folder / "companies.csv"))
    figures.append(
        Figure(
            f"matcher check, CSV of {n_rows:,} rows",
            f"{done.seconds:.1f} s, {done.peak_mb:.0f} MB; CPU {ours:.1f} s, pandas.read_csv {plain:.1f} s",
            "< 15 s",
        )
    )
