"""Answers that were found before an interruption: what a run writes down as it goes, and takes up again in order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from matcher.model.answer import Answer
from matcher.model.formulation import Formulation


@dataclass(frozen=True)
class Entry:
    """One solving done: a backend's claim, which is certified again, and which backend was chosen why.

    Attributes
    ----------
    choice : the backend's name, the code of the reason and what fills it in; None where nothing was left to solve
    """

    answer: Answer
    choice: tuple[str, str, dict[str, str]] | None = field(default=None)


class Journal(Protocol):
    """The solvings of one run in order; asked and told once for each."""

    def recall(self, model: Formulation) -> Entry | None:
        """What was found for this model at this place of the order, None where it has to be solved."""

    def keep(self, model: Formulation, entry: Entry) -> None:
        """Write down what was found just now."""


def fingerprint(model: Formulation) -> str:
    """SHA-256 of all that a solver is given; arrays of one number seen n times count as that number and n."""
    digest = hashlib.sha256(repr((model.n_pairs, model.families)).encode())
    for array in (
        model.objective,
        model.column_lower,
        model.column_upper,
        model.row_ptr,
        model.col_idx,
        model.coef,
        model.row_lower,
        model.row_upper,
    ):
        is_same = bool(array.size) and bool((array == array[0]).all())
        digest.update(f"{array.dtype.str} {array.size} {is_same}".encode())
        digest.update(np.ascontiguousarray(array[:1] if is_same else array).data)
    return digest.hexdigest()
