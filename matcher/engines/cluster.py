"""Workers of a Ray cluster: the one that RAY_ADDRESS names, else one that is started on this machine for the call.

On every machine of a cluster this package has to be installed, in the same version; data travel with the work, so no
files are needed there. Nothing is reported to anybody: usage statistics and dashboard are off, and what is started here
listens to this machine alone. An item whose worker dies is given to another worker once more.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import secrets
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.engines import n_cores
from matcher.errors import UsageError
from matcher.whatif.engine import POLL_S, Item, Lost, Result, Work

_LEAST_STORE = 100_000_000
"""Bytes of memory for what travels; Ray takes no less than 75 MB."""


class Cluster:
    """So many workers; None = one for every processor of the cluster.

    Raises
    ------
    UsageError : ``ray_not_installed``
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers
        _keep_to_ourselves()
        try:
            import ray
        except ImportError:
            raise UsageError("ray_not_installed") from None
        self._ray: Any = ray  # Any: Ray is optional, and its types with it

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        if not items:
            return
        packed = pickle.dumps(work)
        with self.connected(len(packed)) as n_processors:
            n_workers = min(self.workers or n_processors, n_processors, len(items))
            crew = _Crew(self._ray, self._ray.put(packed), n_workers)
            try:
                yield from _results(self._ray, crew, work, items, stop)
            finally:
                crew.end()

    @contextlib.contextmanager
    def connected(self, n_bytes: int = 0) -> Iterator[int]:
        """Connected to a cluster, with how many processors it has; engines inside use it, too.

        Parameters
        ----------
        n_bytes : the size of what travels to every worker
        """
        ray = self._ray
        if ray.is_initialized():  # the caller's own: it stays as it is
            yield int(ray.cluster_resources().get("CPU", 1))
            return
        quiet = {"log_to_driver": False, "configure_logging": True, "logging_level": logging.ERROR}
        if os.environ.get("RAY_ADDRESS"):
            ray.init(**quiet)
        else:
            ray.init(
                address="local",
                num_cpus=self.workers or n_cores(),
                include_dashboard=False,
                object_store_memory=max(_LEAST_STORE, 4 * n_bytes),
                _node_ip_address="127.0.0.1",
                **quiet,
            )
        try:
            yield int(ray.cluster_resources().get("CPU", 1))
        finally:
            ray.shutdown()


def _keep_to_ourselves() -> None:
    """Settings that Ray reads as it is imported: it reports nothing, and on this machine alone nobody may join."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if "ray" not in sys.modules and not os.environ.get("RAY_ADDRESS"):
        # Without a cluster of several machines everything listens to 127.0.0.1, on Linux too.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        # A word of this process's own; else Ray leaves one in the home folder.
        os.environ.setdefault("RAY_AUTH_MODE", "token")
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


class _Hand:
    """A worker, as it lives on some machine of the cluster."""

    def __init__(self, packed: bytes) -> None:
        self.work: Work[Any, Any] = pickle.loads(packed)
        self.do_one = self.work.begin(threading.Event())

    def ready(self) -> None:
        """Answers once the worker has a place and its work."""

    def do(self, packed: bytes) -> bytes:
        return pickle.dumps(self.work.sent(self.do_one(pickle.loads(packed))))


@dataclass(frozen=True)
class _Given:
    """What a worker has been given: the place of an item, None while it is getting ready."""

    hand: Any
    at: int | None


class _Crew:
    """Workers, and what is awaited of each: reference → what was given. One that dies is replaced."""

    def __init__(self, ray: Any, packed: Any, n_workers: int) -> None:
        self.ray, self.packed = ray, packed
        self.open: dict[Any, _Given] = {}
        for _ in range(n_workers):
            self.hire()

    def hire(self) -> None:
        hand = self.ray.remote(num_cpus=1, max_restarts=0)(_Hand).remote(self.packed)
        self.open[hand.ready.remote()] = _Given(hand, None)

    def give(self, hand: Any, at: int, item: object) -> None:
        self.open[hand.do.remote(pickle.dumps(item))] = _Given(hand, at)

    def end(self) -> None:
        for given in self.open.values():
            self.ray.kill(given.hand)


def _results(
    ray: Any, crew: _Crew, work: Work[Any, Any], items: Sequence[Any], stop: threading.Event
) -> Iterator[tuple[int, Any]]:
    waiting, tried, n_unready = deque(range(len(items))), set[int](), 0
    while crew.open and not stop.is_set():
        done, _ = ray.wait(list(crew.open), num_returns=1, timeout=POLL_S)
        for reference in done:
            given = crew.open.pop(reference)
            try:
                sent = ray.get(reference)
            except ray.exceptions.RayActorError as error:
                reason = str(error).splitlines()[0]
                if given.at is None:
                    n_unready += 1
                    if n_unready > len(items):
                        raise
                elif given.at in tried:
                    yield given.at, Lost(reason)
                else:
                    tried.add(given.at)
                    waiting.appendleft(given.at)
                if len(waiting) > sum(one.at is None for one in crew.open.values()):
                    crew.hire()
                continue
            except ray.exceptions.RayTaskError as error:
                raise error.as_instanceof_cause() from None
            if given.at is not None:
                n_unready = 0
            if waiting:
                at = waiting.popleft()
                crew.give(given.hand, at, items[at])
            if given.at is not None:
                yield given.at, work.received(items[given.at], pickle.loads(sent))
