"""Linear and mixed-integer programmes handed to OR-Tools' MathOpt, and what comes back.

The model goes over as a protocol buffer filled with whole columns (0.03 s for 48,000 columns and 164,000 entries, where
an object per variable takes seconds). Only the compiled core solver is imported: MathOpt's Python layer would build
those objects. Numbers cross as doubles both ways, and nothing that comes back is believed here or above: x is rounded
and checked, duals become integer prices that the certificate checks.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import NO_LIMIT, Formulation, Int64
from matcher.model.solvers.stopping import ended_by, unless_stopped

Float64 = npt.NDArray[np.float64]

_MAX_SEED = 2**31 - 1
_LEAST_WORK = 1e-6
_ABSOLUTE_GAP = 0.99
# All points are integers: a bound less than one point above a value proves the value.


@dataclass(frozen=True)
class Programme:
    """maximise objective · x, lower ≤ x ≤ upper, row_lower ≤ A x ≤ row_upper, in floats, A as triples.

    Attributes
    ----------
    objective, lower, upper : (n_cols,); row_lower, row_upper : (n_rows,), ±inf where there is none
    row_idx, col_idx, coef : (n_entries,) in any order
    is_integer : whether all columns are integers, or none
    """

    objective: Float64
    lower: Float64
    upper: Float64
    row_idx: Int64
    col_idx: Int64
    coef: Float64
    row_lower: Float64
    row_upper: Float64
    is_integer: bool = False


@dataclass(frozen=True)
class Vertex:
    """The optimum of a linear programme: x : (n_cols,), dual : (n_rows,), floats of a solver."""

    x: Float64
    dual: Float64


def programme_of(formulation: Formulation, cols: Int64, base: Int64, *, is_integer: bool = False) -> Programme:
    """The formulation on the columns `cols`, all others at `base`.

    Parameters
    ----------
    cols : (n_open,) ascending; base : (n_cols,) int64
    """
    position = np.full(formulation.n_cols, -1, np.int64)
    position[cols] = np.arange(cols.size)
    entry_col = position[formulation.col_idx]
    is_in = entry_col >= 0
    low, high = formulation.row_lower, formulation.row_upper
    kept = base.copy()
    kept[cols] = 0
    used = formulation.row_activity(kept) if kept.any() else np.zeros(formulation.n_rows, np.int64)
    return Programme(
        objective=formulation.objective[cols].astype(np.float64),
        lower=formulation.column_lower[cols].astype(np.float64),
        upper=formulation.column_upper[cols].astype(np.float64),
        row_idx=formulation.entry_row_idx[is_in],
        col_idx=entry_col[is_in],
        coef=formulation.coef[is_in].astype(np.float64),
        row_lower=np.where(low <= -NO_LIMIT, -np.inf, (low - used).astype(np.float64)),
        row_upper=np.where(high >= NO_LIMIT, np.inf, (high - used).astype(np.float64)),
        is_integer=is_integer,
    )


def solve_linear(
    programme: Programme, deadline: float, *, work_limit: float | None = None, stop: threading.Event | None = None
) -> tuple[Vertex | None, str]:
    """GLOP's optimal vertex and ``optimal``, or None and ``infeasible`` or ``failed``.

    Parameters
    ----------
    deadline : of `time.monotonic`, inf for none
    work_limit : GLOP's deterministic time, None for none
    stop : ends it once it is set
    """
    from ortools.math_opt import parameters_pb2, result_pb2

    params = parameters_pb2.SolveParametersProto(lp_algorithm=parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX, threads=1)
    set_time_limit(params, None if math.isinf(deadline) else deadline - time.monotonic())
    if work_limit is not None:
        params.glop.max_deterministic_time = max(_LEAST_WORK, work_limit)
    try:
        result = call(proto_of(programme), parameters_pb2.SOLVER_TYPE_GLOP, params, stop=stop)
    except Exception:  # whatever a solver throws (StatusNotOk is none of Python's own), it means: no prices
        return None, "failed"
    reason = result.termination.reason
    if reason in (result_pb2.TERMINATION_REASON_INFEASIBLE, result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED):
        return None, "infeasible"
    if reason != result_pb2.TERMINATION_REASON_OPTIMAL or not result.solutions:
        return None, "failed"
    solution = result.solutions[0]
    x = dense(solution.primal_solution.variable_values, programme.objective.size)
    return Vertex(x, dense(solution.dual_solution.dual_values, programme.row_lower.size)), "optimal"


# Any below: protocol buffer messages, generated without types.


def set_time_limit(params: Any, seconds: float | None) -> None:
    """Writes the limit into SolveParameters; at least a millisecond, as 0 would mean none."""
    if seconds is not None:
        params.time_limit.FromNanoseconds(int(max(0.001, seconds) * 1e9))


def call(
    model: Any,
    solver_type: int,
    params: Any,
    *,
    model_params: Any = None,
    on_log: Any = None,
    stop: threading.Event | None = None,
) -> Any:
    """One solve by MathOpt's core: its SolveResult; raises whatever the solver throws.

    `stop` ends GLOP and SCIP once it is set; HiGHS does not listen.
    """
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver
    from ortools.util.python.solve_interrupter import SolveInterrupter

    interrupter = SolveInterrupter()
    with ended_by(stop, interrupter.interrupt):
        return solver.solve(
            model,
            solver_type,
            parameters_pb2.SolverInitializerProto(),
            params,
            model_parameters_pb2.ModelSolveParametersProto() if model_params is None else model_params,
            on_log,
            callback_pb2.CallbackRegistrationProto(),
            None,
            interrupter.pybind_interrupter,
        )


def dense(sparse: Any, size: int) -> Float64:
    """(size,) the values of a sparse vector message."""
    values = np.zeros(size)
    values[np.asarray(sparse.ids, dtype=np.int64)] = sparse.values
    return values


def proto_of(programme: Programme) -> Any:
    """The programme as MathOpt's ModelProto."""
    from ortools.math_opt import model_pb2

    model = model_pb2.ModelProto()
    n_cols, n_rows = programme.objective.size, programme.row_lower.size
    model.variables.ids.extend(range(n_cols))
    model.variables.lower_bounds.extend(programme.lower.tolist())
    model.variables.upper_bounds.extend(programme.upper.tolist())
    model.variables.integers.extend([programme.is_integer] * n_cols)
    model.objective.maximize = True
    priced = np.flatnonzero(programme.objective)
    model.objective.linear_coefficients.ids.extend(priced.tolist())
    model.objective.linear_coefficients.values.extend(programme.objective[priced].tolist())
    model.linear_constraints.ids.extend(range(n_rows))
    model.linear_constraints.lower_bounds.extend(programme.row_lower.tolist())
    model.linear_constraints.upper_bounds.extend(programme.row_upper.tolist())
    order = np.lexsort((programme.col_idx, programme.row_idx))
    filled = order[programme.coef[order] != 0.0]
    matrix = model.linear_constraint_matrix
    matrix.row_ids.extend(programme.row_idx[filled].tolist())
    matrix.column_ids.extend(programme.col_idx[filled].tolist())
    matrix.coefficients.extend(programme.coef[filled].tolist())
    return model


@dataclass(frozen=True, slots=True)
class MipRun:
    """What one mixed-integer solve may spend.

    `gap` is relative to the value with `constant` points added (those of the columns left out); `on_log` is called with
    lines of the solver's log. Once `stop` is set the call is left behind, with the outcome ``unknown``.
    """

    solver: Literal["highs", "scip"] = "highs"
    time_limit_s: float | None = None
    node_limit: int | None = None
    gap: float = 0.0
    seed: int = 0
    constant: int = 0
    on_log: Callable[[list[str]], None] | None = None
    stop: threading.Event | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MipOutcome:
    """What the solver says: x (n_cols,) in floats and its bound with `MipRun.constant`; None where it has none."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    x: Float64 | None = None
    bound: float | None = None
    n_nodes: int = 0


def solve_integer(programme: Programme, run: MipRun, hint: Int64 | None = None) -> MipOutcome:
    """The best x HiGHS or SCIP finds, starting from `hint`, (n_cols,) and feasible or not.

    Notes
    -----
    One thread: MathOpt refuses a number of threads for HiGHS, and HiGHS sets up its threads once for the whole process
    (a second solve with another number fails). MathOpt calls HiGHS back for its log alone: no solutions on the way, and
    its interrupter is ignored. SCIP obeys the interrupter with one thread only. What the solver throws is ``unknown``.
    """
    from ortools.math_opt import model_parameters_pb2, parameters_pb2

    params = parameters_pb2.SolveParametersProto(
        random_seed=run.seed % _MAX_SEED, relative_gap_tolerance=run.gap, absolute_gap_tolerance=_ABSOLUTE_GAP
    )
    set_time_limit(params, run.time_limit_s)
    if run.node_limit is not None:
        params.node_limit = run.node_limit
    model = proto_of(programme)
    model.objective.offset = float(run.constant)
    model_params = model_parameters_pb2.ModelSolveParametersProto()
    if hint is not None:
        values = model_params.solution_hints.add().variable_values
        values.ids.extend(range(hint.size))
        values.values.extend(hint.astype(np.float64).tolist())
    kind = {"highs": parameters_pb2.SOLVER_TYPE_HIGHS, "scip": parameters_pb2.SOLVER_TYPE_GSCIP}[run.solver]

    def solve() -> MipOutcome:
        try:
            result = call(model, kind, params, model_params=model_params, on_log=run.on_log)
        except Exception:  # StatusNotOk is none of Python's own
            return MipOutcome("unknown")
        return _mip_outcome(result, programme.objective.size)

    return unless_stopped(run.stop, solve) or MipOutcome("unknown")


def _mip_outcome(result: Any, n_cols: int) -> MipOutcome:
    from ortools.math_opt import result_pb2

    reason = result.termination.reason
    status: Literal["optimal", "feasible", "infeasible", "unknown"] = "unknown"
    if reason in (result_pb2.TERMINATION_REASON_INFEASIBLE, result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED):
        return MipOutcome("infeasible")
    x: Float64 | None = None
    if result.solutions and result.solutions[0].HasField("primal_solution"):
        x = dense(result.solutions[0].primal_solution.variable_values, n_cols)
        status = "optimal" if reason == result_pb2.TERMINATION_REASON_OPTIMAL else "feasible"
    bound = float(result.termination.objective_bounds.dual_bound)
    n_nodes = int(result.solve_stats.node_count)
    return MipOutcome(status, x, bound if math.isfinite(bound) else None, n_nodes)
