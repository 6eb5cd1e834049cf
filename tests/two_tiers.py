"""A small model of hours and two tiers over it, for tests of tiers."""

from __future__ import annotations

import numpy as np

from matcher.model.formulation import Formulation, build_formulation
from matcher.model.objectives import Tier
from tests.contract.zoo import block


def half_hours() -> Formulation:
    """Any one of three columns: the relaxation takes one and a half, so no prices are tight."""
    return build_formulation([0] * 3, [block("hours", [[0, 1, 2]], [3], coef=[[2, 2, 2]])])


TWO = (Tier("points", np.array([10, 10, 9])), Tier("next", np.array([0, 1, 5]), is_tie_break=True))
