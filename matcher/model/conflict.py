"""Why there is no plan: a small set of rows and pins that cannot hold together.

A set is irreducible when leaving out any one of its members would make room for a plan. A member is a row, or several
rows that say one thing together, or a pin. It is found by deletion: leave out a group of members, then halves of it,
then single ones, and keep out whatever is not needed for the contradiction.

Source: Chinneck, Feasibility and Infeasibility in Optimization (2008), the deletion filter; in halves as in Junker,
QuickXplain (2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matcher.model.answer import Answer, Limits, Prices
from matcher.model.certificate import Word, certify, with_objective
from matcher.model.formulation import NO_LIMIT, Formulation, Int64, RowBlock, build_formulation
from matcher.model.hall import farkas_of, keep_members
from matcher.model.judging import WORK_PER_ENTRY, Effort, Verdict, first_plan, judge, refuting_tree
from matcher.model.proof import Proof
from matcher.model.solvers import cpsat_model
from matcher.model.solvers.linear_prices import relax
from matcher.model.solvers.network import as_network

_MAX_CHECKS = 400
_WORK = 20.0
_LEAST_SHARE = 0.05

Member = tuple[int, ...]
"""Rows that are left out together; a pin is a member of its own, its column counted from n_rows."""


class Group(NamedTuple):
    """Members that are left out together first; with `is_last` after all others, so that of these fewest are kept."""

    members: tuple[Member, ...]
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """What cannot hold together.

    Attributes
    ----------
    rows : row indices, ascending, of a member of several rows all; columns : pinned columns (column_lower above 0),
        ascending
    irreducible : without any one member there is a plan, of the rows of the last groups too
    word : ``proved`` = integer prices, or a tree of them, prove that the members have no common plan; ``claimed`` = two
        runs of CP-SAT of different kind say so; ``unknown`` = neither
    is_refuted : all rows and pins together do have a plan, so whoever said infeasible was wrong
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    irreducible: bool
    word: Word
    is_refuted: bool = False


def conflict_rows(formulation: Formulation, farkas: Prices) -> Int64:
    """The rows that take part in a proof of infeasibility: a price other than 0 on a side that has a bound."""
    has_upper, has_lower = formulation.row_upper < NO_LIMIT, formulation.row_lower > -NO_LIMIT
    return np.flatnonzero((farkas.row > 0) & has_upper | (farkas.row < 0) & has_lower)


def find_conflict(
    formulation: Formulation, answer: Answer, limits: Limits, *, groups: Sequence[Group] | None = None
) -> Conflict:
    """The rows and pins behind an infeasible answer, as few as the effort allows.

    Parameters
    ----------
    answer : an infeasible answer; its `farkas` narrows the search down at once
    limits : `time_limit_s` bounds the solves and this search together (without one the search has 20 units of CP-SAT's
        deterministic work): what `answer.counts` notes as ``solve_s`` is taken off, down to 5 %; `seed` the solver
    groups : the members; a row in none of them must follow from the others. None = each row, by family

    Notes
    -----
    At most 400 small solves. Several irreducible sets may exist; this is one of them, the one the prices point at. The
    prices may do without a row of the last groups that would make another member idle, so these are all tried again.
    """
    search = _Deletion(formulation, time_left(limits, answer))
    every = _by_family(formulation) if groups is None else groups
    first, last = _bounded(formulation, every, answer.farkas)
    whole = _joined(first, last)
    verdict = search.verdict(whole)
    if verdict in ("feasible", "unknown") and answer.farkas is not None:
        first, last = _bounded(formulation, every, None)
        whole = _joined(first, last)
        verdict = search.verdict(whole)
    if verdict in ("feasible", "unknown"):
        return replace(search.conflict(whole, irreducible=False, word="unknown"), is_refuted=verdict == "feasible")
    kept = whole
    for group in (*first, *last):
        kept = search.thinned(kept, group)
    if answer.farkas is not None:
        kept = _thinned_beside_all_last(formulation, search, kept, _bounded(formulation, every, None)[1])
    final = search.verdict(kept, confirm=True)
    if final not in ("proved", "claimed"):
        # One run of CP-SAT led there, and the second does not agree: what it left out may be needed after all.
        word = verdict if verdict == "proved" else search.verdict(whole, confirm=True)
        return search.conflict(whole, irreducible=False, word=word)
    return search.conflict(kept, irreducible=not search.is_cut_short, word=final)


def _joined(*parts: Sequence[Sequence[Member]]) -> list[Member]:
    return [member for groups in parts for group in groups for member in group]


def _thinned_beside_all_last(
    formulation: Formulation, search: _Deletion, kept: list[Member], last: Sequence[Sequence[Member]]
) -> list[Member]:
    """`kept` again, thinned beside every member of the last groups that stands on its columns."""
    is_last = set(_joined(last))
    demands = [member for member in kept if member not in is_last]
    touched = np.zeros(formulation.n_cols, np.bool_)
    for row in (row for member in demands for row in member):
        if row < formulation.n_rows:
            touched[formulation.col_idx[formulation.row_ptr[row] : formulation.row_ptr[row + 1]]] = True
        else:
            touched[row - formulation.n_rows] = True
    near = set(formulation.entry_row_idx[touched[formulation.col_idx]].tolist())
    beside = [[member for member in group if not near.isdisjoint(member)] for group in last]
    known = set(kept)
    if len(demands) < 2 or all(member in known for member in _joined(beside)):
        return kept
    again = search.thinned([*demands, *_joined(beside)], demands)
    if len(again) == len(demands) + len(_joined(beside)):
        return kept
    for group in beside:
        again = search.thinned(again, group) if group else again
    return again


def refutation_of(
    formulation: Formulation, rows: tuple[int, ...], columns: tuple[int, ...], effort: Effort
) -> Answer | None:
    """Prices or a tree of these rows and pins alone that prove that the whole has no plan; None where none is found.

    Returns
    -------
    Answer : infeasible, of the whole formulation with the objective 0, checked; all other rows have the price 0
    """
    part, row_idx = keep_members(formulation, rows, columns)
    found = farkas_of(part, effort.left_s)
    proof = None if found is not None else refuting_tree(part, effort)

    def widened(prices: Int64) -> Int64:
        out = np.zeros(formulation.n_rows, np.int64)
        out[row_idx] = prices
        return out

    if isinstance(proof, Proof):
        nodes = tuple(replace(node, prices=tuple(map(widened, node.prices))) for node in proof.nodes)
        proof = replace(proof, kept=row_idx[proof.kept], nodes=nodes)
    answer = Answer(
        "infeasible",
        "conflict",
        farkas=None if found is None else Prices(widened(found.row), found.scale),
        proof=proof,
    )
    plain = with_objective(formulation, np.zeros(formulation.n_cols, np.int64))
    return answer if certify(plain, answer).infeasible_proved else None


def time_left(limits: Limits, answer: Answer) -> Limits:
    """The limits less the time and the work the answer took, at least 5 % of them."""
    if limits.deterministic_limit is not None:
        work = max(
            limits.deterministic_limit - answer.counts.get("deterministic_time", 0.0),
            limits.deterministic_limit * _LEAST_SHARE,
        )
        limits = replace(limits, deterministic_limit=work)
    if limits.time_limit_s is None:
        return limits
    left = limits.time_limit_s - answer.counts.get("solve_s", 0.0)
    return replace(limits, time_limit_s=max(left, limits.time_limit_s * _LEAST_SHARE))


def _by_family(formulation: Formulation) -> list[Group]:
    return [Group(tuple((row,) for row in range(family.start, family.stop))) for family in formulation.families]


def _bounded(
    formulation: Formulation, groups: Sequence[Group], farkas: Prices | None
) -> tuple[list[list[Member]], list[list[Member]]]:
    """The groups, the pins behind them, and the last groups, without what has no bound or takes no part in `farkas`."""
    has_bound = (formulation.row_upper < NO_LIMIT) | (formulation.row_lower > -NO_LIMIT)
    is_pinned = formulation.column_lower > 0
    if farkas is not None:
        is_in = np.zeros(formulation.n_rows, np.bool_)
        is_in[conflict_rows(formulation, farkas)] = True
        has_bound &= is_in
        touched = np.zeros(formulation.n_cols, np.bool_)
        touched[formulation.col_idx[is_in[formulation.entry_row_idx]]] = True
        is_pinned &= touched
    first: list[list[Member]] = []
    last: list[list[Member]] = []
    for group in groups:
        kept = [member for member in group.members if has_bound[list(member)].any()]
        if kept:
            (last if group.is_last else first).append(kept)
    pins: list[Member] = [(int(column),) for column in formulation.n_rows + np.flatnonzero(is_pinned)]
    return [*first, *([pins] if pins else [])], last


class _Deletion:
    """The deletion filter, with its count of solves."""

    def __init__(self, formulation: Formulation, limits: Limits) -> None:
        self.formulation = formulation
        work = _WORK if limits.deterministic_limit is None else min(_WORK, limits.deterministic_limit)
        self.effort = Effort(time_limit_s=limits.time_limit_s, work=work, seed=limits.seed, stop=limits.stop)
        self.n_checks = 0
        self.is_cut_short = False

    def thinned(self, kept: list[Member], group: Sequence[Member]) -> list[Member]:
        """`kept` without those members of `group` that the contradiction does not need."""
        if self.n_checks >= _MAX_CHECKS or self.effort.is_spent:
            self.is_cut_short = True
            return kept
        out = set(group)
        fewer = [member for member in kept if member not in out]
        verdict = self.verdict(fewer)
        if verdict in ("proved", "claimed"):
            return fewer
        if len(group) == 1:
            self.is_cut_short |= verdict == "unknown"
            return kept
        half = len(group) // 2
        return self.thinned(self.thinned(kept, group[:half]), group[half:])

    def verdict(self, members: Sequence[Member], *, confirm: bool = False) -> Verdict:
        """Whether the members alone have no plan; `confirm` asks a tree and a second run before it is ``claimed``."""
        self.n_checks += 1
        rows, pins = self._flat(members)
        as_is, _ = keep_members(self.formulation, rows, pins)
        if not isinstance(as_network(as_is), str):
            return judge(as_is, self.effort).verdict  # one flow: with 48,000 pairs 0.1 s against 0.6 s
        part = _only(self.formulation, rows, pins)
        self.effort.take(WORK_PER_ENTRY * (part.col_idx.size + 1_000))
        relaxed = relax(part, time_limit_s=self.effort.left_s, stop=self.effort.stop)
        if relaxed.farkas is not None:
            return "proved"
        if first_plan(part, relaxed) is not None:
            return "feasible"
        everything = cpsat_model.whole(part)
        first = cpsat_model.run(part, everything, self.effort.run())
        self.effort.take(first.work)
        status = first.status
        if status == "infeasible" and confirm:
            if refuting_tree(as_is, self.effort) is not None:
                return "proved"
            other = replace(self.effort.run(), presolve=False, linearization_level=0)
            second = cpsat_model.run(part, everything, other)
            self.effort.take(second.work)
            status = second.status
        if status == "infeasible":
            return "claimed"
        return "unknown" if status == "unknown" else "feasible"

    def conflict(self, members: Sequence[Member], *, irreducible: bool, word: Verdict) -> Conflict:
        rows, pins = self._flat(members)
        return Conflict(rows, pins, irreducible, "unknown" if word == "feasible" else word)

    def _flat(self, members: Sequence[Member]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The rows and the pinned columns of the members, ascending."""
        n_rows, every = self.formulation.n_rows, sorted(row for member in members for row in member)
        return tuple(row for row in every if row < n_rows), tuple(row - n_rows for row in every if row >= n_rows)


def _only(formulation: Formulation, row_idx: Sequence[int], pin_idx: Sequence[int]) -> Formulation:
    """The formulation with these rows and pins only, no objective, and no column that stands in none of them."""
    rows, pins = np.asarray(row_idx, np.int64), np.asarray(pin_idx, np.int64)
    is_row = np.zeros(formulation.n_rows, np.bool_)
    is_row[rows] = True
    is_entry = is_row[formulation.entry_row_idx]
    cols = np.unique(formulation.col_idx[is_entry])
    lower = np.zeros(formulation.n_cols, np.int64)
    lower[pins] = formulation.column_lower[pins]
    position = np.cumsum(is_row) - 1
    row = position[formulation.entry_row_idx[is_entry]]
    entry_col = np.searchsorted(cols, formulation.col_idx[is_entry])
    group, n_groups = _alike(row, entry_col, formulation.coef[is_entry], cols.size)
    first = np.full(n_groups, cols.size, np.int64)
    np.minimum.at(first, group, np.arange(cols.size))
    is_first = first[group[entry_col]] == entry_col
    family = RowBlock(
        name="members",
        row_idx=row[is_first],
        col_idx=group[entry_col[is_first]],
        coef=formulation.coef[is_entry][is_first],
        lower=formulation.row_lower[rows],
        upper=formulation.row_upper[rows],
    )
    return build_formulation(
        np.zeros(n_groups, np.int64),
        [family],
        column_lower=_sum_by(group, lower[cols], n_groups),
        column_upper=_sum_by(group, formulation.column_upper[cols], n_groups),
    )


def _sum_by(group: Int64, values: Int64, n_groups: int) -> Int64:
    total = np.zeros(n_groups, np.int64)
    np.add.at(total, group, values)
    return total


def _alike(row: Int64, col: Int64, coef: Int64, n_cols: int) -> tuple[Int64, int]:
    """(n_cols,) a group number, equal for columns with equal entries, and how many groups there are.

    Notes
    -----
    Columns with equal entries are one column with the sum of their bounds, exactly. A conflict of 60 rows over 15,000
    pairs comes down to some hundred columns. Hashes find the groups; entries are then compared, and where two differ
    nothing is merged.
    """
    alone = np.arange(n_cols, dtype=np.int64)
    rng = np.random.default_rng(0)
    weight = rng.integers(0, 2**64, size=int(row.max(initial=-1)) + 1, dtype=np.uint64)
    key = np.zeros(n_cols, np.uint64)
    np.add.at(key, col, weight[row] * coef.astype(np.uint64))
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    order = np.lexsort((row, col))
    ptr = np.searchsorted(col[order], np.arange(n_cols + 1))
    length = np.diff(ptr)
    same_as = first[group]
    if (length != length[same_as]).any():
        return alone, n_cols
    entry = np.arange(order.size)
    twin = order[ptr[same_as[col[order]]] + entry - ptr[col[order]]]
    if (row[order] != row[twin]).any() or (coef[order] != coef[twin]).any():
        return alone, n_cols
    return group.astype(np.int64), int(first.size)
