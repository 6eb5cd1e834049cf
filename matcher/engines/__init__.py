"""Engines that run scenarios and draws: threads, processes of this machine, a Ray cluster, and the choice between them.

What they run is told in `matcher.whatif.engine`. Whichever runs, the results are the same.
"""

from __future__ import annotations

import os
from typing import Final

from matcher.errors import UsageError
from matcher.whatif.engine import Engine, Threads

ENGINES: Final = ("auto", "threads", "processes", "ray")


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def engine_of(name: str, *, workers: int | None = None) -> Engine:
    """The engine of a name.

    Parameters
    ----------
    workers : so many pieces at once; None = one a core of this machine, with Ray of the whole cluster

    Raises
    ------
    UsageError : ``unknown_engine`` (given, known); ``ray_not_installed``
    """
    n_workers = n_cores() if workers is None else max(1, workers)
    if name == "threads":
        return Threads(n_workers)
    if name == "processes":
        from matcher.engines.processes import Processes

        return Processes(n_workers)
    if name == "auto":
        from matcher.engines.choosing import Choosing

        return Choosing(n_workers)
    if name == "ray":
        from matcher.engines.cluster import Cluster

        return Cluster(workers)
    raise UsageError("unknown_engine", given=name, known=ENGINES)
