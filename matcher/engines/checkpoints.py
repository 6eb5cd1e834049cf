"""What a long `matcher run` has solved, kept beside its output folder so that `--resume` goes on from there.

One file a solving: each round of a search, each tier, each floor tried. A file is named after the data, the policy, the
versions, the earlier plan it started from and its place in the order, and says which model it answers. What is taken is
certified again like any answer of a solver; scoring is done again, as it takes less than reading would.
"""

from __future__ import annotations

import base64
import io
import json
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from matcher.engines.keeping import Unfinished
from matcher.model.formulation import Formulation
from matcher.model.journal import Entry, fingerprint

AFTER_S = 60.0
"""A run of less writes nothing."""

_ALLOWED = frozenset(
    {
        ("matcher.model.journal", "Entry"),
        ("matcher.model.answer", "Answer"),
        ("matcher.model.answer", "Prices"),
        ("matcher.model.proof", "Proof"),
        ("matcher.model.proof", "ProofNode"),
        ("matcher.model.proof", "Forest"),
        ("matcher.model.formulation", "RowFamily"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
    }
)
"""All that an entry is made of: a file that asks for anything else is damaged, and nothing of it is run."""


@dataclass
class Checkpoints:
    """A `Journal` in files.

    Parameters
    ----------
    run : whatever the run's plan depends on
    is_resumed : entries are taken, else only written
    after_s : seconds from the making of this from which entries are written
    on_damaged : called with the place of each entry that cannot be used
    """

    unfinished: Unfinished
    run: str
    is_resumed: bool
    after_s: float = AFTER_S
    on_damaged: Callable[[int], None] = lambda place: None
    clock: Callable[[], float] = time.monotonic
    n_taken: int = 0
    _place: int = -1
    _started: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._started = self.clock()

    def recall(self, model: Formulation) -> Entry | None:
        self._place += 1
        if not self.is_resumed or not self.unfinished.has(self._key):
            return None
        text = self.unfinished.read(self._key)
        entry = None if text is None else _entry(text, fingerprint(model))
        if entry is None:
            self.on_damaged(self._place)
            return None
        self.n_taken += 1
        return entry

    def keep(self, model: Formulation, entry: Entry) -> None:
        if self.clock() - self._started < self.after_s:
            return
        content = base64.b64encode(pickle.dumps(entry, protocol=5)).decode("ascii")
        self.unfinished.write(self._key, json.dumps({"model": fingerprint(model), "entry": content}))

    @property
    def _key(self) -> str:
        return f"{self.run} {self._place}"


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def _entry(text: str, model: str) -> Entry | None:
    """What a file says, None where it is no entry, or that of another model."""
    try:
        record = json.loads(text)
        if record["model"] != model:
            return None
        found = _Unpickler(io.BytesIO(base64.b64decode(record["entry"]))).load()
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, pickle.UnpicklingError):
        return None
    return found if isinstance(found, Entry) else None
