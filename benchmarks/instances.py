"""Instances for benchmarks: numbers for a backend, and a data set for the whole command. Same seed, same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from matcher.model.formulation import Formulation, RowBlock, build_formulation

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
            "on_site_days_per_month": draw.integers(2, 9, n_directors),
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
