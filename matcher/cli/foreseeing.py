"""Memory that would not do is foreseen, before a run begins."""

from __future__ import annotations

from matcher.cli.guard import say
from matcher.domain.problem import Problem
from matcher.errors import UsageError
from matcher.io.free_memory import free_bytes
from matcher.pairing.footprint import Footprint, footprint_of, most_of
from matcher.words.catalog import Lang
from matcher.words.memory import MEMORY

MANY_PAIRS = 1_000_000
"""From so many pairs of a director and a company on, `check` tells how much memory a run needs."""

_REFUSED_FROM = 1.25
_WARNED_FROM = 0.8
"""Of what is free: the estimate is right within a third or so."""


def foresee(problem: Problem, lang: Lang, *, free: int | None = None) -> None:
    """Refuse a run whose memory clearly exceeds what is free, and warn where it comes near.

    Parameters
    ----------
    free : bytes, None = asked of the system; where that does not tell, nothing is refused

    Raises
    ------
    UsageError : ``too_little_memory``
    """
    free = free_bytes() if free is None else free
    if free is None or most_of(problem).n_bytes <= _WARNED_FROM * free:
        return
    needed = footprint_of(problem)
    _refuse(needed, free, "too_little_memory")
    if needed.n_bytes > _WARNED_FROM * free:
        say(MEMORY["near"].fill(lang, need_gb=_gb(needed.n_bytes), free_gb=_gb(free)))


def foresee_check(problem: Problem, *, free: int | None = None) -> None:
    """Refuse to check or explain a plan where that clearly takes more memory than is free: every pair is scored.

    Parameters
    ----------
    problem : under the plan's policy; free : as in `foresee`

    Raises
    ------
    UsageError : ``too_little_memory_to_check``
    """
    free = free_bytes() if free is None else free
    if free is not None and most_of(problem, every_pair=True).n_bytes > _REFUSED_FROM * free:
        _refuse(footprint_of(problem, every_pair=True), free, "too_little_memory_to_check")


def _refuse(needed: Footprint, free: int, code: str) -> None:
    if needed.is_exact and needed.n_bytes > _REFUSED_FROM * free:
        params = {"n_pairs": f"{needed.n_pairs:,}", "need_gb": _gb(needed.n_bytes), "free_gb": _gb(free)}
        raise UsageError(code, **params)


def need_line(problem: Problem, lang: Lang) -> str | None:
    """What a run would take, for `check`; None for data of few pairs."""
    needed = need_of(problem)
    if needed is None:
        return None
    free = free_bytes()
    if free is None:
        return MEMORY["needs_only"].fill(lang, need_gb=_gb(needed.n_bytes))
    return MEMORY["needs"].fill(lang, need_gb=_gb(needed.n_bytes), free_gb=_gb(free))


def need_of(problem: Problem) -> Footprint | None:
    """What a run would take; None for data of few pairs."""
    if len(problem.directors) * len(problem.companies) <= MANY_PAIRS:
        return None
    return footprint_of(problem)


def _gb(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f}"
