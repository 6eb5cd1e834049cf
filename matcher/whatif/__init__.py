"""What if: scenarios as declared changes of a programme, what their plans differ in, and how one stands noise.

>>> import matcher                                                                       # doctest: +SKIP
>>> problem = matcher.read("scenarios/pilot")                                            # doctest: +SKIP
>>> six = matcher.whatif.apply(problem, "scenarios/pilot/what-if/serve-six.yaml")        # doctest: +SKIP
>>> matcher.whatif.compare([matcher.match(problem), matcher.match(six)])                 # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.whatif.api import apply as apply
    from matcher.whatif.api import compare as compare
    from matcher.whatif.api import frontier as frontier
    from matcher.whatif.api import moves as moves
    from matcher.whatif.api import run as run
    from matcher.whatif.api import sweep as sweep
    from matcher.whatif.frames import MEASURES as MEASURES
    from matcher.whatif.frames import MOVES as MOVES
    from matcher.whatif.scenario import WhatIf as WhatIf
    from matcher.whatif.study import Study as Study
    from matcher.whatif.under_noise import robustness as robustness

_HOME = {
    "MEASURES": "matcher.whatif.frames",
    "MOVES": "matcher.whatif.frames",
    "Study": "matcher.whatif.study",
    "WhatIf": "matcher.whatif.scenario",
    "apply": "matcher.whatif.api",
    "compare": "matcher.whatif.api",
    "frontier": "matcher.whatif.api",
    "moves": "matcher.whatif.api",
    "robustness": "matcher.whatif.under_noise",
    "run": "matcher.whatif.api",
    "sweep": "matcher.whatif.api",
}

__all__ = [
    "MEASURES",
    "MOVES",
    "Study",
    "WhatIf",
    "apply",
    "compare",
    "frontier",
    "moves",
    "robustness",
    "run",
    "sweep",
]


def __getattr__(name: str) -> object:
    """Public names load on first use: `matcher --help` must not wait for pandas."""
    if name not in _HOME:
        raise AttributeError(f"module 'matcher.whatif' has no attribute {name!r}")
    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
