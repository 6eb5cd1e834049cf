"""A formulation, or the part of it that is still open, handed to CP-SAT and solved once.

The model is filled as a protocol buffer (0.1 s for 48,000 columns and 164,000 entries). Only OR-Tools' compiled helper
is imported, not `cp_model`, which brings pandas along: 0.06 s against 0.6 s.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.solvers.stopping import ended_by

_MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Run:
    """What one CP-SAT run may spend, and how it searches.

    `work_limit` is CP-SAT's deterministic time, about seconds, and the same on every machine; `time_limit_s` is wall
    time. `stop_at` ends the run at a solution of so many points, `shortage_points` > 0 lets rows in `Part.soft_rows`
    be broken at that price per unit. `stop` ends it once it is set.
    """

    time_limit_s: float | None = None
    work_limit: float | None = None
    gap: float = 0.0
    seed: int = 0
    threads: int = 1
    stop_at: int | None = None
    shortage_points: int = 0
    presolve: bool = True
    linearization_level: int = 2
    log: bool = False
    stop: threading.Event | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """The columns that are open, and the x that all others keep.

    Attributes
    ----------
    free_idx : (n_free,) ascending; base : (n_cols,) int64; soft_rows : (n_soft,) rows that `Run.shortage_points` prices
    """

    free_idx: Int64
    base: Int64
    soft_rows: Int64


@dataclass(frozen=True, slots=True)
class Outcome:
    """What CP-SAT says of the part: x and bound are of the whole formulation, in points."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    x: Int64 | None
    bound: int | None
    log: str = ""
    work: float = 0.0


def whole(formulation: Formulation) -> Part:
    """The part that is everything."""
    return Part(np.arange(formulation.n_cols), formulation.column_lower, np.zeros(0, np.int64))


def run(
    formulation: Formulation,
    part: Part,
    limits: Run,
    *,
    hint: Int64 | None = None,
    on_value: Callable[[int, int | None], None] | None = None,
) -> Outcome:
    """CP-SAT's answer on the open columns, all others at `part.base`.

    Parameters
    ----------
    hint : (n_cols,) x to start from, or None
    on_value : called with (value, CP-SAT's bound or None) at each better solution

    Notes
    -----
    With one thread, one seed and no wall time limit reached, the outcome is the same in every run.
    """
    from ortools.sat.python import cp_model_helper as helper

    model, constant = _model_of(formulation, part, limits.shortage_points, hint)
    lines: list[str] = []
    wrapper: Any = helper.SolveWrapper()  # Any: its stub is without types
    wrapper.set_parameters(_parameters(limits))
    callback = _watch(constant, limits, on_value)
    if callback is not None:
        wrapper.add_solution_callback(callback)
    if limits.log:
        wrapper.add_log_callback(lines.append)
    with ended_by(limits.stop, wrapper.stop_search):
        response = wrapper.solve(model)
    if callback is not None:
        wrapper.clear_solution_callback(callback)
    status = response.status.name.lower()
    x: Int64 | None = None
    bound: int | None = None
    if status in ("optimal", "feasible"):
        x = part.base.astype(np.int64)
        x[part.free_idx] = np.array(response.solution, np.int64)[: part.free_idx.size]
        bound = constant - int(response.inner_objective_lower_bound)
    elif status != "infeasible":
        status = "unknown"
    return Outcome(status, x, bound, "\n".join(lines), float(response.deterministic_time))


def _parameters(limits: Run) -> Any:  # Any: OR-Tools' compiled parameters carry no types
    from ortools.sat.python import cp_model_helper as helper

    params = helper.SatParameters()
    # Ctrl-C belongs to the program: CP-SAT would take it away from Python and end this one run only.
    params.catch_sigint_signal = False
    params.num_workers = limits.threads
    params.random_seed = limits.seed % _MAX_SEED
    params.relative_gap_limit = limits.gap
    params.cp_model_presolve = limits.presolve
    params.linearization_level = limits.linearization_level
    if limits.time_limit_s is not None:
        params.max_time_in_seconds = max(0.001, limits.time_limit_s)
    if limits.work_limit is not None:
        params.max_deterministic_time = limits.work_limit
    if limits.log:
        params.log_search_progress = True
        params.log_to_stdout = False
    return params


def _watch(constant: int, limits: Run, on_value: Callable[[int, int | None], None] | None) -> Any:
    """A solution callback, or None where nobody asks; Any as OR-Tools' base class carries no types."""
    if limits.stop_at is None and on_value is None:
        return None
    from ortools.sat.python import cp_model_helper as helper

    class Watch(helper.SolutionCallback):
        def OnSolutionCallback(self) -> None:  # noqa: N802, the name OR-Tools calls
            value = round(self.ObjectiveValue())
            if on_value is not None:
                on_value(value, round(self.BestObjectiveBound()))
            if limits.stop_at is not None and value >= limits.stop_at:
                self.StopSearch()

    return Watch()


def _model_of(
    formulation: Formulation, part: Part, shortage_points: int, hint: Int64 | None
) -> tuple[Any, int]:  # Any: a protocol buffer message, generated without types
    """The protocol buffer, and the points of the columns that are not open."""
    from ortools.sat.python import cp_model_helper as helper

    model = helper.CpModelProto()
    free = part.free_idx
    for lower, upper in zip(
        formulation.column_lower[free].tolist(), formulation.column_upper[free].tolist(), strict=True
    ):
        model.variables.add().domain.extend([lower, upper])
    fixed = part.base.astype(np.int64)
    fixed[free] = 0
    rows = _open_rows(formulation, free, fixed)
    shortage = _add_rows(model, rows, part.soft_rows if shortage_points else part.soft_rows[:0], free.size)
    constant = formulation.value_of(fixed)
    objective = model.objective
    priced = np.flatnonzero(formulation.objective[free])
    objective.vars.extend([*priced.tolist(), *shortage])
    objective.coeffs.extend([*(-formulation.objective[free][priced]).tolist(), *([shortage_points] * len(shortage))])
    objective.scaling_factor = -1.0
    objective.offset = -float(constant)
    if hint is not None:
        model.solution_hint.vars.extend(range(free.size))
        model.solution_hint.values.extend(hint[free].tolist())
    return model, constant


@dataclass(frozen=True, slots=True)
class _Rows:
    idx: list[int]
    ptr: list[int]
    cols: list[int]
    coef: list[int]
    lower: list[int]
    upper: list[int]


def _open_rows(formulation: Formulation, free: Int64, fixed: Int64) -> _Rows:
    """The rows that can still be broken: open entries only, bounds less what the fixed columns use."""
    position = np.full(formulation.n_cols, -1, np.int64)
    position[free] = np.arange(free.size)
    entry_col = position[formulation.col_idx]
    is_open = entry_col >= 0
    row = formulation.entry_row_idx[is_open]
    cols, coef = entry_col[is_open], formulation.coef[is_open]
    low, high = formulation.column_lower[free][cols], formulation.column_upper[free][cols]
    ends = np.stack((coef * low, coef * high))
    n_rows = formulation.n_rows
    least = _sum_by_row(ends.min(axis=0, initial=2**62), row, n_rows)
    most = _sum_by_row(ends.max(axis=0, initial=-(2**62)), row, n_rows)
    used = formulation.row_activity(fixed)
    lower = np.where(formulation.row_lower <= -NO_LIMIT, -NO_LIMIT, formulation.row_lower - used)
    upper = np.where(formulation.row_upper >= NO_LIMIT, NO_LIMIT, formulation.row_upper - used)
    is_kept = (least < lower) | (most > upper)
    kept = np.flatnonzero(is_kept)
    is_entry = is_kept[row]
    n_entries = np.bincount(row[is_entry], minlength=n_rows)[kept]
    return _Rows(
        idx=kept.tolist(),
        ptr=np.concatenate(([0], np.cumsum(n_entries))).tolist(),
        cols=cols[is_entry].tolist(),
        coef=coef[is_entry].tolist(),
        lower=lower[kept].tolist(),
        upper=upper[kept].tolist(),
    )


def _sum_by_row(values: npt.NDArray[np.int64], row: Int64, n_rows: int) -> Int64:
    total = np.zeros(n_rows, np.int64)
    np.add.at(total, row, values)
    return total


def _add_rows(model: Any, rows: _Rows, soft_rows: Int64, n_vars: int) -> list[int]:
    """Adds the rows; returns the variables that count the shortage of soft ones."""
    soft = set(soft_rows.tolist())
    shortage: list[int] = []
    for position, row in enumerate(rows.idx):
        start, stop = rows.ptr[position], rows.ptr[position + 1]
        linear = model.constraints.add().linear
        linear.vars.extend(rows.cols[start:stop])
        linear.coeffs.extend(rows.coef[start:stop])
        linear.domain.extend([rows.lower[position], rows.upper[position]])
        if row in soft and rows.lower[position] > 0:
            model.variables.add().domain.extend([0, rows.lower[position]])
            linear.vars.extend([n_vars + len(shortage)])
            linear.coeffs.extend([1])
            shortage.append(n_vars + len(shortage))
    return shortage
