"""`Evidence`: what a tier leaves behind so that anybody can compute its bound again without a solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.model.answer import Prices
from matcher.model.formulation import RowFamily

EvidenceKind = Literal["prices", "floor", "infeasible", "open"]


@dataclass(frozen=True)
class Evidence:
    """Why a tier cannot be better, and what of it the next tiers must keep.

    Attributes
    ----------
    kind : ``prices`` prove the bound of a sum · ``floor`` of a least: `prices` prove that no plan keeps `floor`, the
        next one above the bound; no floor = no pair has more points than the bound; a floor without prices is one that
        a pinned pair is below · ``infeasible``: `prices` prove that there is no plan at all · ``open``: nothing is
        proved
    kept : the points that later tiers keep; None where there is no plan
    prices : (n_rows,) of the formulation the tier was solved on
    families : the row families of that formulation
    """

    kind: EvidenceKind
    kept: int | None = None
    prices: Prices | None = None
    floor: int | None = None
    families: tuple[RowFamily, ...] = ()

    def by_family(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Family → (row counted from its first one, price) of every price other than 0."""
        if self.prices is None:
            return {}
        found = {}
        for family in self.families:
            price = self.prices.row[family.start : family.stop]
            rows = np.flatnonzero(price)
            if rows.size:
                found[family.name] = tuple(zip(rows.tolist(), price[rows].tolist(), strict=True))
        return found
