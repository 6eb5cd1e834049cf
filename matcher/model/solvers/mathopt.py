"""Linear and mixed-integer programmes handed to OR-Tools' MathOpt, and what comes back.

The model goes over as a protocol buffer filled with whole columns (0.03 s for 48,000 columns and 164,000 entries, where
an object per variable takes seconds). Only the compiled core solver is imported: MathOpt's Python layer would build
those objects. Numbers cross as doubles both ways, and nothing that comes back is believed here or above: x is rounded
and checked, duals become integer prices that the certificate checks.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import NO_LIMIT, Formulation, Int64

Float64 = npt.NDArray[np.float64]


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


def solve_linear(programme: Programme, deadline: float) -> tuple[Vertex | None, str]:
    """GLOP's optimal vertex and ``optimal``, or None and ``infeasible`` or ``failed``.

    Parameters
    ----------
    deadline : of `time.monotonic`, inf for none
    """
    from ortools.math_opt import parameters_pb2, result_pb2

    params = parameters_pb2.SolveParametersProto(lp_algorithm=parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX, threads=1)
    set_time_limit(params, None if math.isinf(deadline) else deadline - time.monotonic())
    try:
        result = call(proto_of(programme), parameters_pb2.SOLVER_TYPE_GLOP, params)
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


def call(model: Any, solver_type: int, params: Any, *, model_params: Any = None, on_log: Any = None) -> Any:
    """One solve by MathOpt's core: its SolveResult; raises whatever the solver throws."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver

    return solver.solve(
        model,
        solver_type,
        parameters_pb2.SolverInitializerProto(),
        params,
        model_parameters_pb2.ModelSolveParametersProto() if model_params is None else model_params,
        on_log,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
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
