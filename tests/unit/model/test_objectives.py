"""The recorded lot that leaves one plan."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.model import objectives
from matcher.model.objectives import lot

LOT_3_0 = [971210504571, 474470050465, 29064239232]


def test_lot_is_recorded_and_depends_on_seed_and_column_only() -> None:
    """The figures are frozen: a plan of last year is repeated by its seed."""
    assert lot(3, 0).tolist() == LOT_3_0
    assert lot(1000, 0)[:3].tolist() == lot(3, 0).tolist()
    assert lot(3, 1).tolist() != lot(3, 0).tolist()
    assert lot(3, -1).tolist() == lot(3, 2**64 - 1).tolist()


def test_lot_fits_and_differs_between_columns() -> None:
    weights = lot(200_000, 4)
    assert weights.min() >= 0 and weights.max() < 2**40
    assert np.unique(weights).size == weights.size
    assert sum(weights.tolist()) < 2**61


def test_lot_takes_fewer_bits_for_very_many_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objectives, "_LOT_BITS", 60)
    weights = lot(1000, 0)
    assert weights.max() >= 2**50 and sum(weights.tolist()) < 2**61
