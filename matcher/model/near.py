"""What is left of a solved model for one that differs a little: `Near`, `Kept`. Imports no solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.model.formulation import Int64


@dataclass(frozen=True)
class Near:
    """Prices of a model that differs a little.

    Attributes
    ----------
    price : (n_rows,) int64, 0 where the row was not there; any are right, good ones are quick
    is_open : (n_rows,) the row is new or has other bounds, so its price says little
    x : (n_cols,) the plan of that model, 0 where the column was not there
    """

    price: Int64
    is_open: npt.NDArray[np.bool_]
    x: Int64

    def some(self, row_idx: Int64, col_idx: Int64) -> Near:
        """The same of some rows and columns."""
        return Near(self.price[row_idx], self.is_open[row_idx], self.x[col_idx])


@dataclass(frozen=True)
class Kept:
    """The plan of a model that differs a little, (n_cols,): best in every tier, where nothing changed."""

    x: Int64

    def some(self, row_idx: Int64, col_idx: Int64) -> Kept:
        """The same of some columns."""
        return Kept(self.x[col_idx])
