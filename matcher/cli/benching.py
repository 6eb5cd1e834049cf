"""`matcher bench`: what a data set costs on this machine, and an estimate for ten times as much."""

from __future__ import annotations

import json
import time
from pathlib import Path

from matcher.cli.guard import emit, say
from matcher.cli.interrupting import interruptible
from matcher.errors import OutputError, UsageError
from matcher.io import read_source
from matcher.io.outputs import aside_of, earlier_record
from matcher.matching import versions
from matcher.whatif.load import Load, machine, measure
from matcher.words.benching import BENCH, bench_blocks
from matcher.words.catalog import Lang
from matcher.words.explaining import text_of

SCHEMA = "matcher.bench/1"


def run_bench(
    source: Path, *, policy: Path | None, overrides: tuple[str, ...], out: Path | None, lang: Lang, as_json: bool
) -> None:
    """Measure and tell; writes nothing but the record at `out`."""
    if not source.exists():  # asked first, as what follows would follow a loop of links
        raise UsageError("source_not_found", path=str(source))
    if out is not None and out.exists() and earlier_record(out, SCHEMA) is None:
        raise OutputError("bench_not_ours", path=str(out))
    read_source(source, policy=policy, overrides=overrides)  # what is loaded once is no part of what data take
    marks = [time.perf_counter()]
    problem = read_source(
        source, policy=policy, overrides=overrides, on_check=lambda: marks.append(time.perf_counter())
    )
    marks.append(time.perf_counter())
    load = interruptible(
        lambda stop: measure(
            problem,
            read_s=marks[1] - marks[0],
            check_s=marks[-1] - marks[1],
            on_part=lambda n, of: say(BENCH["so_far"].fill(lang, n=n, of=of)),
        ),
        may_stop=lambda: False,
        on_stop=lambda: None,
    )
    text = json.dumps(record(load, source), ensure_ascii=False) + "\n"
    if as_json:
        emit(text)
    else:
        print(text_of(bench_blocks(load, machine(), versions(), lang)))
    if out is not None:
        with aside_of(out) as aside:
            aside.write_text(text, encoding="utf-8")
        say(BENCH["written"].fill(lang, path=out))


def record(load: Load, source: Path) -> dict[str, object]:
    """All that was measured as plain data: seconds to tenths of milliseconds, MB, and how the estimate was made."""
    projection = load.projection
    return {
        "schema": SCHEMA,
        "source": source.as_posix(),
        "machine": machine(),
        "versions": versions(),
        "read_s": round(load.read_s, 4),
        "check_s": round(load.check_s, 4),
        "parts": [
            {
                "every": run.part,
                "n_directors": run.n_directors,
                "n_companies": run.n_companies,
                "n_candidates": run.n_candidates,
                "status": run.status,
                "word": run.word,
                "cpu_s": round(run.cpu_s, 4),
                "seconds": {step: round(seconds, 4) for step, seconds in run.seconds.items()},
            }
            for run in load.parts
        ],
        "peak_mb": None if load.peak_mb is None else round(load.peak_mb, 1),
        "ten_times": {
            "is_estimate": True,
            "total_s": None if projection.total_s is None else round(projection.total_s, 3),
            "seconds": {step: round(seconds, 3) for step, seconds in projection.seconds.items()},
            "growth": {step: round(growth, 3) for step, growth in projection.growth.items()},
            "ends_at_time_limit": projection.is_limited,
        },
    }
