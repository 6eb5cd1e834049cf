"""Random numbers that are the same on every machine: raw bits of a keyed generator, and whole numbers from there on.

NumPy promises the raw bits of Philox for good, but not how its distributions use them; and logarithms differ in the
last bit from one processor to another. So nothing here rounds: every draw picks from a table of whole numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]

CHUNK = 16_384
"""Rows that are drawn together; a part of the format: another number gives another programme."""

_EDITION = 1
"""Raised whenever the same seed gives other rows than before."""


class Draws:
    """The random bits of one chunk of a table; every column has bits of its own, so a new column changes no other.

    A chunk is always drawn whole, so that a row follows from seed and place alone, however many rows are asked for.
    """

    def __init__(self, seed: int, table: str, chunk: int) -> None:
        self._key = f"matcher/{_EDITION}/{seed}/{table}/{chunk}"

    def bits(self, column: str, width: int = 1) -> Bits:
        """Return 64 random bits a row.

        Returns
        -------
        ndarray of uint64, shape (CHUNK,), or (CHUNK, width) where `width` is above 1
        """
        digest = hashlib.sha256(f"{self._key}/{column}".encode()).digest()
        raw: Bits = np.random.Philox(key=int.from_bytes(digest[:16], "little")).random_raw(CHUNK * width)
        return raw if width == 1 else raw.reshape(CHUNK, width)


def below(bits: Bits, n: int | Ints) -> Ints:
    """Return a whole number from 0 to n − 1 for each of `bits`; the bias is below n / 2⁴⁸."""
    limit = np.asarray(n, dtype=np.uint64)
    return ((bits >> np.uint64(16)) % limit).astype(np.int64)


def chance(bits: Bits, per_mille: int | Ints) -> Mask:
    """Return True for about `per_mille` of a thousand rows."""
    return below(bits, 1000) < per_mille


def pick(bits: Bits, weights: Sequence[int] | Ints) -> Ints:
    """Return places in `weights`, each as often as its whole-number weight says."""
    ends = np.cumsum(np.asarray(weights, dtype=np.int64))
    return np.searchsorted(ends, below(bits, int(ends[-1])), side="right").astype(np.int64)


def pick_by(bits: Bits, group: Ints, weights: Sequence[Sequence[int]] | Ints) -> Ints:
    """Return places in a row of `weights`: row `group[i]` for row i.

    Parameters
    ----------
    bits, group : shape (n,), or bits of shape (n, width), which share their row's group
    weights : whole numbers, shape (n_groups, n_places); each row has a sum above 0
    """
    table = np.asarray(weights, dtype=np.int64)
    ends = np.cumsum(table.ravel())
    totals = table.sum(axis=1)
    starts = np.append(0, ends)[:-1][:: table.shape[1]]
    chosen = group if bits.ndim == 1 else group[:, None]
    at = starts[chosen] + below(bits, totals[chosen])
    places: Ints = np.searchsorted(ends, at, side="right") - chosen * table.shape[1]
    return places


def along(bits: Bits, marks: Sequence[int]) -> Ints:
    """Return whole numbers whose quantiles are `marks`, evenly spread between two neighbours.

    Parameters
    ----------
    marks : k + 1 rising numbers; a k-th of all draws falls between each two
    """
    values = np.asarray(marks, dtype=np.int64)
    at = below(bits, (values.size - 1) << 10)
    part, within = at >> 10, at & 1023
    drawn: Ints = values[part] + (values[part + 1] - values[part]) * within // 1024
    return drawn


def distinct(codes: Ints) -> Mask:
    """Return where a row holds a value for the first time, shape as `codes`, (n, width)."""
    is_new = np.ones(codes.shape, dtype=np.bool_)
    for later in range(1, codes.shape[1]):
        is_new[:, later] = (codes[:, :later] != codes[:, later : later + 1]).all(axis=1)
    return is_new


@cache
def number_of(text: str) -> int:
    """Return a large number that follows from `text` alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "little")
