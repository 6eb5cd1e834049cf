"""The parts a formulation falls into where no row joins them, each solved on its own and put together again.

Two columns belong together when a row holds both. A quota over everything joins all of it into one part; regional
programmes without one fall apart, and many small models are solved and proved faster than one large.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.model.answer import Answer, Limits, Prices, Status
from matcher.model.formulation import Formulation, Int64, RowFamily

Solve = Callable[[Formulation, Limits, Int64 | None], Answer]
"""A backend's solve of one part: (formulation, limits, hint or None)."""

_LARGEST_SHARE = 0.9
_LEAST_COLUMNS = 400
_LEAST_S = 0.01
_MAX_SCALE = 2**40
_SAFE = 2.0**62 * 0.999


@dataclass(frozen=True)
class Components:
    """Which part each column and row belongs to.

    Attributes
    ----------
    of_column : (n_cols,) int64, of_row : (n_rows,) int64, parts numbered by their first column; a column in no row is
        a part of its own, a row without columns is in part −1
    n_components : how many parts hold a column
    """

    of_column: Int64
    of_row: Int64
    n_components: int


@dataclass(frozen=True)
class Part:
    """A formulation on some columns and rows of another, `col_idx` and `row_idx` ascending."""

    formulation: Formulation
    col_idx: Int64
    row_idx: Int64


def find_components(formulation: Formulation) -> Components:
    """The connected parts of the graph that joins every row to its columns.

    Notes
    -----
    Every column takes the least label of its rows and every row the least of its columns, and labels follow labels,
    until nothing changes: a few passes over the entries in numpy, O(n_entries log n) for all but long chains. Networkx
    wants an object for every entry.
    """
    n_cols, n_rows = formulation.n_cols, formulation.n_rows
    label = np.arange(n_cols, dtype=np.int64)
    of_row = np.full(n_rows, -1, np.int64)
    is_filled = np.diff(formulation.row_ptr) > 0
    starts = formulation.row_ptr[:-1][is_filled]
    if starts.size:
        label, of_row[is_filled] = _joined_labels(formulation, label, starts, np.flatnonzero(is_filled))
    first, position = np.unique(label, return_inverse=True)
    number = np.full(n_cols + 1, -1, np.int64)
    number[first] = np.arange(first.size)
    return Components(position.astype(np.int64).reshape(n_cols), number[of_row], int(first.size))


def _joined_labels(formulation: Formulation, label: Int64, starts: Int64, filled: Int64) -> tuple[Int64, Int64]:
    """(n_cols,) the least column of each column's part, (n_filled,) the same for each row that holds a column."""
    row_of_entry = np.repeat(np.arange(filled.size), np.diff(formulation.row_ptr)[filled])
    while True:
        least = np.minimum.reduceat(label[formulation.col_idx], starts)
        before = label
        label = label.copy()
        # A root hooks on to the least root it meets, then every column jumps to its root.
        np.minimum.at(label, before[formulation.col_idx], least[row_of_entry])
        np.minimum.at(label, formulation.col_idx, least[row_of_entry])
        while True:
            further = label[label]
            if np.array_equal(further, label):
                break
            label = further
        if np.array_equal(label, before):
            return label, least


def bundled(components: Components, least: int) -> Components:
    """The same with small parts put together, in order, until each bundle holds `least` columns.

    Notes
    -----
    A solve costs some milliseconds however small the part is, and every column in no row is a part.
    """
    size = np.bincount(components.of_column, minlength=components.n_components)
    bundle = np.zeros(components.n_components, np.int64)
    filled, number = 0, 0
    for part, n_columns in enumerate(size.tolist()):
        if filled >= least:
            filled, number = 0, number + 1
        bundle[part] = number
        filled += n_columns
    n_bundles = number + 1 if components.n_components else 0
    of_row = np.append(bundle, -1)[components.of_row]
    return Components(bundle[components.of_column], of_row, n_bundles)


def split(formulation: Formulation, components: Components) -> Iterator[Part]:
    """The parts one by one, in the order of their first column; rows without columns are in none.

    Notes
    -----
    Columns, rows and families keep their order. O(n_entries) for all parts together, after one sort.
    """
    n_parts = components.n_components
    col_order = np.argsort(components.of_column, kind="stable")
    row_order = np.argsort(components.of_row, kind="stable")
    col_ends = np.searchsorted(components.of_column[col_order], np.arange(n_parts + 1))
    row_ends = np.searchsorted(components.of_row[row_order], np.arange(n_parts + 1))
    place = np.empty(formulation.n_cols, np.int64)
    place[col_order] = np.arange(formulation.n_cols) - col_ends[components.of_column[col_order]]
    starts = np.array([family.start for family in formulation.families], np.int64)
    for part in range(n_parts):
        cols = col_order[col_ends[part] : col_ends[part + 1]]
        rows = row_order[row_ends[part] : row_ends[part + 1]]
        yield Part(_part_of(formulation, cols, rows, place, starts), cols, rows)


def _part_of(formulation: Formulation, cols: Int64, rows: Int64, place: Int64, starts: Int64) -> Formulation:
    lengths = formulation.row_ptr[rows + 1] - formulation.row_ptr[rows]
    row_ptr = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
    entries = np.repeat(formulation.row_ptr[rows] - row_ptr[:-1], lengths) + np.arange(row_ptr[-1])
    owner = np.searchsorted(starts, rows, side="right") - 1
    families = [
        RowFamily(family.name, int(start), int(stop), family.side)
        for family, start, stop in _families(formulation.families, owner)
    ]
    return Formulation(
        objective=formulation.objective[cols],
        column_lower=formulation.column_lower[cols],
        column_upper=formulation.column_upper[cols],
        row_ptr=row_ptr,
        col_idx=place[formulation.col_idx[entries]],
        coef=formulation.coef[entries],
        row_lower=formulation.row_lower[rows],
        row_upper=formulation.row_upper[rows],
        families=tuple(families),
        n_pairs=int(np.searchsorted(cols, formulation.n_pairs)),
    )


def _families(families: Sequence[RowFamily], owner: Int64) -> Iterator[tuple[RowFamily, int, int]]:
    """Each family with a row here, and where its rows start and stop here."""
    present, start = np.unique(owner, return_index=True)
    stop = np.append(start, owner.size)[1:]
    for number, first, last in zip(present.tolist(), start.tolist(), stop.tolist(), strict=True):
        yield families[number], first, last


def solve_by_component(
    formulation: Formulation, limits: Limits, solve: Solve, hint: npt.NDArray[np.int64] | None = None
) -> Answer:
    """The answers of all parts as one answer to the whole; the whole itself where it does not fall apart.

    Parameters
    ----------
    limits : for all parts together. Each gets its share of the time that is left, by the columns still to solve, so
        that what a small one leaves the next has; `gap` holds for each, and so for the whole when points are above 0
    solve : of one part; it gets the hint's part

    Returns
    -------
    Answer : ``infeasible`` as soon as one part is, with its Farkas prices; ``optimal`` when every part is; x only when
        every part has one; prices at one scale only when every part has some

    Notes
    -----
    Parts are bundled to 400 columns or more. Not where one holds more than 90 % of the columns: then the rest cost next
    to nothing anyway.
    A row without columns that cannot hold refutes the whole: the whole is then solved, and says so.
    """
    components = bundled(find_components(formulation), _LEAST_COLUMNS)
    is_empty = components.of_row < 0
    is_broken = is_empty & ((formulation.row_lower > 0) | (formulation.row_upper < 0))
    sizes = np.bincount(components.of_column, minlength=1)
    if components.n_components < 2 or is_broken.any() or sizes.max() > _LARGEST_SHARE * formulation.n_cols:
        return solve(formulation, limits, hint)
    started = time.monotonic()
    parts: list[Part] = []
    answers: list[Answer] = []
    n_left = formulation.n_cols
    for part in split(formulation, components):
        spend = _share(limits, started, part.col_idx.size / n_left)
        n_left -= part.col_idx.size
        answer = solve(part.formulation, spend, None if hint is None else hint[part.col_idx])
        parts.append(part)
        answers.append(answer)
        if answer.status == "infeasible":
            return _infeasible(formulation, part, answer, components.n_components)
    return _joined(formulation, parts, answers)


def _share(limits: Limits, started: float, share: float) -> Limits:
    if limits.time_limit_s is None:
        return limits
    left = limits.time_limit_s - (time.monotonic() - started)
    return replace(limits, time_limit_s=max(_LEAST_S, left * share))


def _infeasible(formulation: Formulation, part: Part, answer: Answer, n_components: int) -> Answer:
    farkas = None if answer.farkas is None else _widened(formulation, [part], [answer.farkas], answer.farkas.scale)
    return replace(
        answer, x=None, prices=None, farkas=farkas, claimed_bound=None, counts={"n_components": n_components}
    )


def _joined(formulation: Formulation, parts: Sequence[Part], answers: Sequence[Answer]) -> Answer:
    x: Int64 | None = None
    found = [answer.x for answer in answers if answer.x is not None]
    if len(found) == len(answers):
        x = np.zeros(formulation.n_cols, np.int64)
        x[np.concatenate([part.col_idx for part in parts])] = np.concatenate(found)
    claims = [_claim(part, answer) for part, answer in zip(parts, answers, strict=True)]
    counts: dict[str, int | float] = {}
    for answer in answers:
        for name, count in answer.counts.items():
            counts[name] = counts.get(name, 0) + count
    is_optimal = all(answer.status == "optimal" for answer in answers)
    status: Status = "unknown" if x is None else "optimal" if is_optimal else "feasible"
    names = dict.fromkeys(answer.backend for answer in answers)
    return Answer(
        status=status,
        backend="+".join(names),
        x=x,
        prices=_joined_prices(formulation, parts, answers),
        claimed_bound=None if None in claims else sum(claim for claim in claims if claim is not None),
        witnesses=tuple(dict.fromkeys(name for answer in answers for name in answer.witnesses)),
        counts={**counts, "n_components": len(parts)},
        log="\n".join(answer.log for answer in answers if answer.log),
    )


def _claim(part: Part, answer: Answer) -> int | None:
    """The bound the backend claims; flow names none, and means its value."""
    if answer.claimed_bound is None and answer.status == "optimal" and answer.x is not None:
        return part.formulation.value_of(answer.x)
    return answer.claimed_bound


def _joined_prices(formulation: Formulation, parts: Sequence[Part], answers: Sequence[Answer]) -> Prices | None:
    """The prices of all parts at their least common scale, or, where that is too large, rounded to the largest."""
    prices = [answer.prices for answer in answers if answer.prices is not None]
    if len(prices) < len(answers):
        return None
    scale = int(np.lcm.reduce(np.array([price.scale for price in prices], object)))
    largest = max(float(np.abs(price.row.astype(np.float64)).max(initial=0.0)) / price.scale for price in prices)
    if scale > _MAX_SCALE or scale * largest >= _SAFE:
        scale = max(price.scale for price in prices)
    return _widened(formulation, parts, prices, scale)


def _widened(formulation: Formulation, parts: Sequence[Part], prices: Sequence[Prices], scale: int) -> Prices:
    """The parts' prices on the rows of the whole, 0 elsewhere; rounded where `scale` is no multiple of their own."""
    row = np.zeros(formulation.n_rows, np.int64)
    for part, price in zip(parts, prices, strict=True):
        if scale % price.scale == 0:
            row[part.row_idx] = price.row * (scale // price.scale)
        else:
            exact = price.row.astype(object) * scale
            row[part.row_idx] = ((2 * exact + price.scale) // (2 * price.scale)).astype(np.int64)
    return Prices(row, scale)
