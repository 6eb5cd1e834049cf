"""`python -m benchmarks.guard`: hold every guarded figure to its limit; exit code 1 with a line for each that is over.

`--accept REASON` sets the limits of figures that are new, over, or better by more than their tolerance. `--only NAME`
runs specs whose name holds NAME. Seconds are published in `benchmarks/results/guard.json`, and nobody is held to them.
"""

from __future__ import annotations

import argparse
import gc
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.limits import (
    PATH,
    Limit,
    Limits,
    Measured,
    fault_of,
    faults_of_absence,
    is_within,
    measured_commit,
    moved,
    read_limits,
    write_limits,
)
from benchmarks.measuring import interleaved, ratio
from benchmarks.results_file import write_results
from benchmarks.specs import Spec, Timing, specs

_TRIES = 3
"""A ratio over its limit is measured again with twice the rounds: a neighbour passes, a slower program stays slow."""


def measure(spec: Spec, limits: Limits) -> list[Measured]:
    """The figures of one spec, counts first."""
    own = limits.get(spec.name, {})
    with tempfile.TemporaryDirectory() as folder:
        prepared = spec.prepare(Path(folder))
        found = [Measured(spec.name, count.name, count.kind, float(count.value)) for count in prepared.counts]
        found += [_timed(spec.name, timing, own.get(timing.name)) for timing in prepared.timings]
    return found


def _timed(spec: str, timing: Timing, limit: Limit | None) -> Measured:
    """The median of the rounds' ratios of CPU time: of up to three tries the least, of a new limit's the middle one."""
    tried: list[Measured] = []
    for number in range(_TRIES):
        gc.collect()
        rounds = timing.rounds * (2 if number and limit is not None else 1)
        theirs, ours = interleaved((timing.theirs, timing.ours), rounds=rounds, clock=time.process_time)
        value = ratio(ours, theirs) / timing.scale
        tried.append(Measured(spec, timing.name, timing.kind, value, (median(ours), median(theirs))))
        if limit is not None and is_within(tried[-1], limit):
            break
    tried.sort(key=lambda measured: measured.value)
    return tried[0 if limit is not None else len(tried) // 2]


def shown(measured: Measured, limits: Limits) -> str:
    """One line of the table."""
    limit = limits.get(measured.spec, {}).get(measured.name)
    figure = f"{measured.value:,.0f}" if measured.value.is_integer() else f"{measured.value:.4g}"
    most = (
        "no limit" if limit is None else f"= {limit.value:,.0f}" if measured.kind == "value" else f"≤ {limit.most:.6g}"
    )
    seconds = "" if measured.seconds is None else " for ".join(f"{1000 * one:.0f} ms" for one in measured.seconds)
    return f"  {measured.name:<58}{figure:>14}  {most:<16}{seconds}"


def run(chosen: Sequence[Spec], limits: Limits) -> list[Measured]:
    """Every figure of the specs, printed as it comes."""
    found: list[Measured] = []
    for spec in chosen:
        started = time.perf_counter()
        own = measure(spec, limits)
        found += own
        lines = (shown(one, limits) for one in own)
        print("\n".join((f"{spec.name} ({spec.sizes}; {time.perf_counter() - started:.0f} s)", *lines)), flush=True)
    return found


def main(words: Sequence[str] | None = None) -> int:
    """0 where every figure passes, 1 with a line for each that does not, 2 where nothing fits the words."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accept", metavar="REASON", help="set limits anew, with the reason in the file")
    parser.add_argument("--only", metavar="NAME", default="", help="specs whose name holds NAME")
    parser.add_argument("--limits", type=Path, default=PATH, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    known = specs()
    chosen = [spec for name, spec in known.items() if options.only in name]
    if not chosen:
        print(f"no spec holds {options.only!r} in its name; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    if options.accept is not None and not options.accept.strip():
        print('limits move for a reason. Try: make bench-accept REASON="why"', file=sys.stderr)
        return 2
    limits = read_limits(options.limits) if options.limits.exists() else {}
    measured = run(chosen, limits)
    if options.accept is not None:
        reason, commit = options.accept.strip(), measured_commit()
        write_limits(moved(measured, limits, specs=list(known), reason=reason, commit=commit), options.limits)
        print(f"limits in {options.limits.name}, of commit {commit}: {reason}")
        return 0
    write_results("guard", [_row(one, limits) for one in measured])
    faults = [fault for one in measured if (fault := fault_of(one, limits)) is not None]
    faults += faults_of_absence(measured, limits, [spec.name for spec in chosen])
    for fault in faults:
        print(f"bench-guard: {fault}", file=sys.stderr)
    print(f"{len(measured)} figures, {len(faults)} over their limits")
    return 1 if faults else 0


def _row(measured: Measured, limits: Limits) -> dict[str, object]:
    limit = limits.get(measured.spec, {}).get(measured.name)
    return {
        "benchmark": measured.spec,
        "figure": measured.name,
        "kind": measured.kind,
        "value": measured.value if math.isfinite(measured.value) else None,
        "limit": None if limit is None else limit.most,
        "cpu_seconds": measured.seconds,
    }


if __name__ == "__main__":
    sys.exit(main())
