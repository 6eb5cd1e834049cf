"""What every worker imports, imported once by the server that workers are forked from: it takes two seconds.

Nothing is solved there and no thread of ours is begun, so there is nothing that could be copied half-way.
"""

from __future__ import annotations

import ortools.graph.python.min_cost_flow
import ortools.math_opt.core.python.solver
import ortools.math_opt.model_pb2
import ortools.math_opt.parameters_pb2
import ortools.sat.python.cp_model_helper  # noqa: F401

import matcher.engines.processes
import matcher.io.whatif_study
import matcher.model.nearby
import matcher.model.solvers.cpsat
import matcher.model.solvers.flow
import matcher.model.solvers.mip
import matcher.model.solvers.pricing
import matcher.model.tiers
import matcher.plan.conflicts
import matcher.plan.starting
import matcher.whatif.redrawing
import matcher.whatif.sweeping  # noqa: F401
