"""Instances for benchmarks: numbers for a backend, and a data set for the whole command. Same seed, same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from matcher.model.formulation import NO_LIMIT, Formulation, RowBlock, build_formulation

SKILLS = tuple(f"skill {number:02d}" for number in range(40))
GOALS = ("raise_revenue", "widen_market", "fill_off_season", "other")


def network(n_directors: int, n_companies: int, *, per_company: int = 15, seed: int = 1) -> Formulation:
    """Slots 1 to 7 a director, one director a company, `per_company` random pairs each with points 1 to 10,000."""
    draw = np.random.default_rng(seed)
    director = np.argsort(draw.random((n_companies, n_directors)), axis=1)[:, :per_company]
    company_idx = np.repeat(np.arange(n_companies), per_company)
    order = np.lexsort((company_idx, director.ravel()))
    director_idx, company_idx = director.ravel()[order], company_idx[order]
    pairs = np.arange(director_idx.size)
    zeros, ones = np.zeros(n_companies, np.int64), np.ones(n_companies, np.int64)
    slots = draw.integers(1, 8, n_directors)
    return build_formulation(
        draw.integers(1, 10_001, pairs.size),
        [
            RowBlock("slots", director_idx, pairs, np.zeros(n_directors, np.int64), slots, side="left"),
            RowBlock("one_director", company_idx, pairs, zeros, ones, side="right"),
        ],
    )


def limited(n_directors: int, n_companies: int, *, per_company: int = 20, seed: int = 1) -> Formulation:
    """The same with every limit that is no network: hours, overlapping quotas, rivals and a budget, all of them tight.

    Hours 8 to 40 by company, 40 to 160 by director, in thousandths. Quotas: at most nine tenths of an even share for
    each of 47 prefectures and four goals, at least a twentieth of all companies for each of three kinds. Rivals: one
    company in ten has one among those with a common director. Budget: nine tenths of what the directors would cost.
    """
    draw = np.random.default_rng(seed)
    base = network(n_directors, n_companies, per_company=per_company, seed=seed)
    n_slots_entries = int(base.row_ptr[base.families[0].stop])
    pairs = np.arange(base.n_cols)
    director = np.empty(base.n_cols, np.int64)
    director[base.col_idx[:n_slots_entries]] = base.entry_row_idx[:n_slots_entries]
    company = np.empty(base.n_cols, np.int64)
    company[base.col_idx[n_slots_entries:]] = base.entry_row_idx[n_slots_entries:] - base.families[0].stop
    slots = base.row_upper[: base.families[0].stop]
    no_lower = np.full(n_directors, -NO_LIMIT)
    hours = 1000 * draw.choice([8, 12, 16, 20, 24, 30, 40], n_companies)
    supply = 1000 * draw.choice([40, 60, 80, 120, 160], n_directors)
    fee = draw.choice([80_000, 100_000, 120_000, 150_000, 200_000], n_directors)
    served = min(n_companies, int(np.minimum(slots, supply // 20_000).sum()))
    blocks = [
        RowBlock("slots", director, pairs, np.zeros(n_directors, np.int64), slots, side="left"),
        RowBlock("one_director", company, pairs, np.zeros(n_companies, np.int64), np.ones(n_companies, np.int64)),
        RowBlock("hours", director, pairs, no_lower, supply, coef=hours[company]),
    ]
    for name, n_groups in (("prefecture", 47), ("goal", 4), ("kind", 3)):
        group = draw.integers(0, n_groups, n_companies)
        least = np.full(n_groups, served // 20 if name == "kind" else 0)
        most = np.full(n_groups, NO_LIMIT if name == "kind" else 9 * served // (10 * n_groups))
        blocks.append(RowBlock(f"quota:{name}", group[company], pairs, least, most))
    blocks.append(_rivals(director, company, n_directors, n_companies // 10, draw))
    budget = np.array([int(0.9 * fee.mean() * served * 0.9)])
    blocks.append(RowBlock("budget", np.zeros_like(pairs), pairs, np.full(1, -NO_LIMIT), budget, coef=fee[director]))
    return build_formulation(base.objective, blocks)


def _rivals(
    director: np.ndarray, company: np.ndarray, n_directors: int, n_rivals: int, draw: np.random.Generator
) -> RowBlock:
    """One row for each director who could serve two rivals: two pairs of one director, drawn at random."""
    of_director = np.split(np.argsort(director, kind="stable"), np.cumsum(np.bincount(director, minlength=n_directors)))
    ends = []
    for owner in draw.integers(0, n_directors, n_rivals).tolist():
        if of_director[owner].size > 1:
            ends.append(np.sort(draw.choice(of_director[owner], 2, replace=False)))
    both = np.unique(np.array(ends), axis=0)
    rows = np.repeat(np.arange(len(both)), 2)
    return RowBlock("rivals", rows, both.ravel(), np.full(len(both), -NO_LIMIT), np.ones(len(both), np.int64))


def write_batch(folder: Path, n_directors: int, n_companies: int, *, seed: int = 1) -> None:
    """A folder of CSV files for `matcher run`, 20 candidates kept a company."""
    draw = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    director_ids = np.char.add("D", np.char.zfill(np.arange(n_directors).astype(str), 6))
    company_ids = np.char.add("K", np.char.zfill(np.arange(n_companies).astype(str), 7))
    letters = np.array(list("ABDEGHIKLMNPR"))
    tables = {
        "directors": {
            "id": director_ids,
            "prefecture": draw.integers(1, 48, n_directors),
            "max_companies": draw.integers(1, 8, n_directors),
            "max_distance_km": draw.integers(300, 1500, n_directors),
            # Days for seven companies of three each: the batch stays a network, which is what is measured.
            "on_site_days_per_month": draw.integers(21, 29, n_directors),
            "experience_years": draw.integers(3, 30, n_directors),
            "owner_years": draw.integers(0, 20, n_directors),
            "own_industry": draw.choice(letters, n_directors),
            "hands_on_rating": draw.integers(1, 6, n_directors),
            "style": draw.choice(["support", "propose", "both"], n_directors),
        },
        "director_skills": _skills("director_id", director_ids, 5, draw),
        "companies": {
            "id": company_ids,
            "prefecture": draw.integers(1, 48, n_companies),
            "industry": draw.choice(letters, n_companies),
            "goal": draw.choice(GOALS, n_companies),
            "employees": draw.integers(1, 60, n_companies),
            "on_site_days_per_month": draw.integers(0, 4, n_companies),
            **{
                name: draw.integers(1, 6, n_companies)
                for name in ("commitment", "investment", "uniqueness", "openness")
            },
        },
        "company_needs": _skills("company_id", company_ids, 3, draw),
    }
    for name, columns in tables.items():
        pd.DataFrame(columns).to_csv(folder / f"{name}.csv", index=False)
    (folder / "policy.yaml").write_text("candidates:\n  keep_per_company: 20\n", encoding="utf-8")


def _skills(owner: str, ids: np.ndarray, n_each: int, draw: np.random.Generator) -> dict[str, np.ndarray]:
    chosen = np.argsort(draw.random((ids.size, len(SKILLS))), axis=1)[:, :n_each].ravel()
    return {
        owner: np.repeat(ids, n_each),
        "skill": np.array(SKILLS)[chosen],
        "level": draw.integers(1, 6, chosen.size),
    }
