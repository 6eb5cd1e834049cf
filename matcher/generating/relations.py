"""What ties directors to companies: wishes, conflicts, and work that is running already."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

import numpy as np

from matcher.generating.columns import Column, Rows, ids
from matcher.generating.directors import STAR_EVERY
from matcher.generating.draws import CHUNK, Draws, Ints, below, chance, number_of, pick

_WISH_PER_MILLE, _WISHED_PER_MILLE, _CONFLICT_PER_MILLE = 250, 80, 12
_STAR_PER_MILLE: Final = 550
"""Of the companies that name a director, so many name one of those who stand out."""
_RUNNING_PER_MILLE, _INSIDE_PER_MILLE = 250, 150

_RULES: Final = ("wish_company", "wish_director", "forbid")
_WISHES: Final = (1.0, 0.5, -0.5)
_REASONS: Final = (
    "説明会で話した（架空）",
    "同じ業種を知る人を望む（架空）",
    "以前の相談が合わなかった（架空）",
    "土地に縁がある（架空）",
    "仕事に関心がある（架空）",
    "移動の負担が大きい（架空）",
    "関係の申告あり（架空）",
)
_KINDS: Final = ("kin", "advisory_contract", "investment", "trade", "former_employer")
_UNTIL: Final = (dt.date(2027, 6, 30), dt.date(2027, 9, 30), dt.date(2027, 12, 31), dt.date(2028, 3, 31))


def company_pairs(seed: int, chunk: int, n_rows: int, n_directors: int) -> Rows:
    """Return whom the first `n_rows` companies of a chunk wish for, who wishes for them, and who may not serve them.

    Half of those who name a director name one of the few that stand out, the first of them most often.
    """
    draws = Draws(seed, "pairs", chunk)
    idx = chunk * CHUNK + np.arange(n_rows, dtype=np.int64)
    stars = np.arange(-(-n_directors // STAR_EVERY), dtype=np.int64)
    star = pick(draws.bits("star"), 1_000_000 // (stars + 1))[:n_rows] * STAR_EVERY
    anybody = below(draws.bits("director"), n_directors)[:n_rows]
    named = np.where(chance(draws.bits("is_star"), _STAR_PER_MILLE)[:n_rows], star, anybody)
    ways = (
        (0, named, chance(draws.bits("wish"), _WISH_PER_MILLE)),
        (1, below(draws.bits("by"), n_directors)[:n_rows], chance(draws.bits("wished"), _WISHED_PER_MILLE)),
        (2, below(draws.bits("not"), n_directors)[:n_rows], chance(draws.bits("conflict"), _CONFLICT_PER_MILLE)),
    )
    company = np.concatenate([np.flatnonzero(is_given[:n_rows]) for _, _, is_given in ways])
    rule = np.concatenate([np.full(np.count_nonzero(given[:n_rows]), way) for way, _, given in ways]).astype(np.int64)
    order = np.lexsort((rule, company))
    company, rule = company[order], rule[order]
    director = np.stack([who for _, who, _ in ways])[rule, company]
    value = np.minimum(pick(draws.bits("value", 2), (45, 35, 20))[company, np.minimum(rule, 1)], 2)
    is_conflict = rule == 2
    return {
        "director_id": ids("D", director),
        "company_id": ids("C", idx[company]),
        "rule": Column(rule, _RULES),
        "value": Column(value, _WISHES, is_conflict),
        "reason": Column(np.where(is_conflict, 6, rule * 3 + value), _REASONS),
        "kind": Column(pick(draws.bits("kind"), (20, 25, 10, 30, 15))[company], _KINDS, ~is_conflict),
    }


def director_engagements(seed: int, chunk: int, n_rows: int, n_directors: int, n_companies: int) -> Rows:
    """Return the running work of the first `n_rows` directors of a chunk.

    A quarter of them have some: with one of the applicants, no two directors with the same, or with a company that did
    not apply (an id that begins with X).
    """
    draws = Draws(seed, "engagements", chunk)
    director = np.flatnonzero(chance(draws.bits("is_running"), _RUNNING_PER_MILLE)[:n_rows])
    idx = chunk * CHUNK + director
    is_inside = chance(draws.bits("is_inside"), _INSIDE_PER_MILLE)[director] & (idx < n_companies)
    company = np.where(is_inside, _company_of(idx, n_companies, seed), idx)
    return {
        "director_id": ids("D", idx),
        "company_id": Column(is_inside.astype(np.int64), ("X", "C"), number=company + 1, width=ids("C", idx).width),
        "hours_per_month": Column(
            pick(draws.bits("hours"), (3, 4, 4, 2))[director],
            (4, 8, 12, 16),
            chance(draws.bits("blank"), 100)[director],
        ),
        "until": Column(pick(draws.bits("until"), (2, 3, 3, 2))[director], _UNTIL),
    }


def _company_of(idx: Ints, n_companies: int, seed: int) -> Ints:
    """A company for each director, no two alike as long as there are companies enough."""
    stride = max(1, n_companies * 5 // 8)
    while math.gcd(stride, n_companies) > 1:
        stride += 1
    return (idx * stride + number_of(f"{seed}/engagements") % n_companies) % n_companies
