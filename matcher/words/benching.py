"""What `matcher bench` tells: sizes, seconds by step, memory, and the estimate with how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matcher.whatif.load import STEPS, Load, PartRun
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.cli import time_text
from matcher.words.plan_data import table_of

_BUSY = 0.7
"""CPU below this share of wall time: somebody else was using the machine."""

BENCH: Final = table_of(
    {
        "title": (
            "このデータにかかる時間（この環境での実測）：{title}",
            "What these data take on this machine: {title}",
        ),
        "untitled": ("題名なし", "untitled"),
        "so_far": ("{of}回のうち{n}回目を計算しています", "Run {n} of {of}"),
        "part": ("データ", "Data"),
        "all": ("すべて", "all"),
        "every": ("{n}つに1つ", "one in {n}"),
        "directors": ("ディレクター", "Directors"),
        "companies": ("企業・自治体", "Companies"),
        "candidates": ("候補の組合せ", "Candidate pairs"),
        "score": ("採点（秒）", "Score, s"),
        "solve": ("求解（秒）", "Solve, s"),
        "certify": ("証明（秒）", "Certify, s"),
        "build": ("計画の組立て（秒）", "Build plan, s"),
        "write": ("plan.json（秒）", "plan.json, s"),
        "total": ("合計（秒）", "Total, s"),
        "state": ("計画", "Plan"),
        "growth": ("増え方（規模の何乗か）", "Growth, power of the size"),
        "read": (
            "ファイルの読み込みに{read}秒、検査に{check}秒かかりました。",
            "Reading the files took {read} s, checking them {check} s.",
        ),
        "peak": ("メモリーは最大で{n} MB でした。", "At its peak the process took {n} MB."),
        "no_peak": (
            "この環境では、使ったメモリーの最大値が分かりません。",
            "This system does not tell how much memory was used at the peak.",
        ),
        "busy": (
            "CPU を使えたのは経過時間の{n}%でした。ほかの処理で混んでいるか、待ち時間があり、秒数は長めです。",
            "The CPU was at work for {n}% of the time: something else was running, or waiting; the seconds are on the "
            "long side.",
        ),
        "ten": (
            "ディレクターと企業がどちらも10倍になると、{time}の見込みです（推定）。",
            "Ten times the directors and ten times the companies would take {time} (an estimate).",
        ),
        "how": (
            "推定の方法：データの一部（4つに1つ、2つに1つ）とすべてで計算し、手順ごとに「固定の時間＋規模の何乗か」を"
            "当てはめました。採点は全員と全社の組合せを見るため2乗、読み込みと検査は比例、"
            "増えなかった手順も比例とします。報告書と Excel の書き出しは含みません。",
            "How it is made: parts of the data (one in 4, one in 2) and all of them were run, and each step was fitted "
            "with fixed seconds and a power of the size: the square for scoring, as every director is looked at with "
            "every company; in proportion for reading, checking, and a step that did not grow. The report and the "
            "workbook are not in it.",
        ),
        "limited": (
            "求解は方針の時間の上限で終わりました。10倍でも同じ時間で終わり、その分、証明の隔たりが残りえます。",
            "Solving ended at the policy's time limit. It would at ten times the size too, with more of a gap left.",
        ),
        "no_estimate": (
            "比べられる計算が2回分ないため、10倍の推定はしません（データが小さいか、一部だけでは条件が成り立ちません）。",
            "There are not two runs to compare, so nothing is said of ten times the size: the data are small, or a "
            "part of them does not keep the rules of the whole.",
        ),
        "machine": (
            "{cpu}、{cores} コア、{system}、Python {python}、OR-Tools {ortools}、matcher {matcher}",
            "{cpu}, {cores:core|cores}, {system}, Python {python}, OR-Tools {ortools}, matcher {matcher}",
        ),
        "written": ("{path} に書き出しました。", "Written to {path}."),
        "failed": ("計算できません", "not possible"),
        "proved": ("証明済み", "proved"),
        "claimed": ("求解プログラムの主張", "claimed"),
        "unknown": ("隔たりあり", "open"),
        "infeasible": ("計画なし", "no plan"),
    }
)


def bench_blocks(load: Load, machine: Mapping[str, object], versions: Mapping[str, str], lang: Lang) -> list[Block]:
    """Everything that was measured, in words."""
    title = load.title or BENCH["untitled"].fill(lang)
    blocks: list[Block] = [Line("title", BENCH["title"].fill(lang, title=title)), _table(load, lang)]
    blocks.append(Line("text", BENCH["read"].fill(lang, read=_seconds(load.read_s), check=_seconds(load.check_s))))
    peak = BENCH["no_peak"].fill(lang) if load.peak_mb is None else BENCH["peak"].fill(lang, n=f"{load.peak_mb:,.0f}")
    blocks.append(Line("text", peak))
    wall = sum(load.whole.seconds.values())
    if load.whole.cpu_s < _BUSY * wall:
        blocks.append(Line("text", BENCH["busy"].fill(lang, n=round(100 * load.whole.cpu_s / wall))))
    total = load.projection.total_s
    if total is None:
        blocks.append(Line("text", BENCH["no_estimate"].fill(lang)))
    else:
        blocks.append(Line("text", BENCH["ten"].fill(lang, time=time_text(total, lang))))
        if load.projection.is_limited:
            blocks.append(Line("text", BENCH["limited"].fill(lang)))
        blocks.append(Line("text", BENCH["how"].fill(lang)))
    blocks.append(Line("text", BENCH["machine"].fill(lang, **machine, **versions)))
    return blocks


def _table(load: Load, lang: Lang) -> Grid:
    names = ("part", "directors", "companies", "candidates", *STEPS, "total", "state")
    rows = [_row(run, lang) for run in load.parts]
    growth = load.projection.growth
    if growth:
        told = tuple(f"{growth[step]:.2f}" for step in STEPS)
        rows.append((BENCH["growth"].fill(lang), None, None, None, *told, None, None))
    return Grid(tuple(BENCH[name].fill(lang) for name in names), tuple(rows))


def _row(run: PartRun, lang: Lang) -> tuple[str | int | None, ...]:
    part = BENCH["all"].fill(lang) if run.part == 1 else BENCH["every"].fill(lang, n=run.part)
    sizes = (run.n_directors, run.n_companies)
    if not run.seconds:
        return (part, *sizes, None, *(None,) * len(STEPS), None, BENCH["failed"].fill(lang))
    state = "infeasible" if run.status == "infeasible" else run.word
    seconds = tuple(_seconds(run.seconds[step]) for step in STEPS)
    total = _seconds(sum(run.seconds.values()))
    return (part, *sizes, run.n_candidates, *seconds, total, BENCH[state].fill(lang))


def _seconds(seconds: float) -> str:
    return f"{seconds:,.2f}" if seconds < 100 else f"{seconds:,.0f}"
