"""What is left of a solved model for one that differs a little: `Near`. Imports no solver."""

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
    """

    price: Int64
    is_open: npt.NDArray[np.bool_]

    def of_rows(self, row_idx: Int64) -> Near:
        """The same of some rows, (n,)."""
        return Near(self.price[row_idx], self.is_open[row_idx])
