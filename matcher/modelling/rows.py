"""Row blocks, their meanings and the auxiliary columns while a model grows, and the small arrays rows are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import Int64, RowBlock
from matcher.modelling.months import Calendar, MonthRows, Months
from matcher.pairing.candidates import Candidates

SubjectKind = Literal["director", "company", "rivals", "pair", "quota", "plan"]


@dataclass(frozen=True, slots=True)
class FamilyMeaning:
    """Of whom the rows of a family speak, and of which month.

    `subject_idx` is (n_rows,): a director or company index, or the position of a quota or a rivals row. `month` is
    (n_rows,) datetime64[M], or None where the rows speak of the whole plan or the batch runs in one period.
    """

    kind: SubjectKind
    subject_idx: Int64
    month: Calendar | None = None


@dataclass(frozen=True)
class UnusedSlots:
    """One column a slot that may stay empty: `gain` is what it takes off the sum of squared loads.

    `full` is that sum when no slot is empty.
    """

    col_idx: Int64
    gain: Int64
    full: int


@dataclass(frozen=True)
class Slots:
    """The slots that are left, by row and by director.

    Attributes
    ----------
    rows : one row a director with candidates and month that matters; left : (n_rows,) slots left in it
    by_month : (n_directors, n_months) slots left
    at_most : (n_directors,) companies a director could serve in this plan, all months together
    """

    rows: MonthRows
    left: Int64
    by_month: Int64
    at_most: Int64


@dataclass
class Rows:
    """Row blocks, their meanings and the auxiliary columns while the model grows."""

    months: Months
    blocks: list[RowBlock]
    meanings: dict[str, FamilyMeaning]
    not_binding: list[str]
    n_cols: int
    unused_slots: UnusedSlots | None = None

    def add_columns(self, n: int) -> npt.NDArray[np.int64]:
        """The indices of `n` more auxiliary columns, each 0 or 1."""
        first, self.n_cols = self.n_cols, self.n_cols + n
        return np.arange(first, self.n_cols)

    def add(
        self,
        block: RowBlock,
        kind: SubjectKind,
        subject_idx: npt.NDArray[np.integer],
        month: npt.NDArray[np.integer] | None = None,
    ) -> None:
        """One more family; `month` is (n_rows,) positions in `months`, dropped where the batch is one period."""
        labels = None if month is None or self.months.n_months == 1 else self.months.start[month]
        self.blocks.append(block)
        self.meanings[block.name] = FamilyMeaning(kind, subject_idx.astype(np.int64), labels)


def all_pairs(candidates: Candidates) -> tuple[Int64, Int64] | None:
    """(n,) directors and companies that stand for all eligible pairs where a search kept some; else None."""
    if candidates.census is None:
        return None
    counted = candidates.census.counted
    return counted.director_idx, counted.company_idx


def padded(values: npt.NDArray[np.integer], n_cols: int) -> Int64:
    return np.concatenate([values.astype(np.int64), np.zeros(n_cols - values.size, np.int64)])


def bounds(n_rows: int, value: int) -> Int64:
    return np.full(n_rows, value, np.int64)


def groups(member_of: npt.NDArray[np.integer]) -> tuple[Int64, Int64]:
    """The distinct groups in order, and each pair's position among them; `member_of` are indices, 0 or more."""
    # Members are small indices: counting them takes 1 ms of 200 k, sorting them 15.
    is_group = np.bincount(member_of) > 0
    return np.flatnonzero(is_group), (np.cumsum(is_group) - 1)[member_of]
