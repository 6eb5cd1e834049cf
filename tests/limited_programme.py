"""A small random programme with every kind of limit: few enough pairs that every plan can be tried."""

from __future__ import annotations

from typing import Any

import numpy as np


def programme(rng: np.random.Generator) -> dict[str, Any]:
    """Up to 3 directors and 4 companies, most of them no network, with ties everywhere.

    Hours always; often days on site, months, rivals, a budget a month or in all, quotas, a limit on directors or on
    companies, a running engagement, and a policy of two tiers.
    """
    n_directors, n_companies = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    ids = [f"c{n}" for n in range(1, n_companies + 1)]
    directors = [_director(rng) for _ in range(n_directors)]
    has_days, has_months = rng.random() < 0.4, rng.random() < 0.4
    companies = [_company(rng, has_days=has_days, has_months=has_months) for _ in ids]
    rivals = [{"company_id": ids[0], "other_id": ids[1]}] if rng.random() < 0.3 else []
    pairs = [
        {"director_id": f"d{d}", "company_id": one, "rule": "forbid"}
        for d in range(1, n_directors + 1)
        for one in ids
        if rng.random() < 0.2
    ]
    running = {"director_id": f"d{rng.integers(1, n_directors + 1)}", "company_id": ids[-1]}
    weights = {"experience": 1, **dict.fromkeys(("hands_on", "local_culture", "network", "own_business"), 0)}
    objectives = (["points"], ["companies_served", "points"], ["fewest_changes", "points"], ["points", "distance_km"])
    return {
        "directors": directors,
        "companies": companies,
        "pairs": pairs,
        "rivals": rivals,
        "engagements": [running] if rng.random() < 0.3 else [],
        "policy": {
            "limits": _limits(rng, n_companies),
            "weights": weights,
            "objective": objectives[int(rng.choice(4, p=(0.7, 0.1, 0.1, 0.1)))],
        },
    }


def _director(rng: np.random.Generator) -> dict[str, Any]:
    found: dict[str, Any] = {
        "max_companies": int(rng.integers(1, 4)),
        "hours_per_month": int(rng.integers(8, 22)),
        "experience_years": int(rng.choice((4, 8))),
        "fee_jpy_per_month": int(rng.integers(1, 4)),
    }
    return {**found, "on_site_days_per_month": int(rng.integers(1, 6))} if rng.random() < 0.5 else found


def _company(rng: np.random.Generator, *, has_days: bool, has_months: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "hours_per_month": int(rng.integers(4, 12)),
        "priority": float(rng.choice((1, 1, 2))),
        "goal": str(rng.choice(("raise_revenue", "other"))),
    }
    if has_days:
        found["on_site_days_per_month"] = int(rng.integers(1, 4))
    if has_months:
        found |= {
            "start": str(rng.choice(("2027-01-01", "2027-02-01", "2027-04-01"))),
            "months": int(rng.integers(1, 4)),
        }
    return found


def _limits(rng: np.random.Generator, n_companies: int) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for name, share, high in (
        ("budget_jpy_per_month", 0.25, 8),
        ("budget_jpy_total", 0.2, 20),
        ("max_companies", 0.3, n_companies + 1),
        ("max_directors", 0.1, 3),
    ):
        if rng.random() < share:
            limits[name] = int(rng.integers(1, high))
    if rng.random() < 0.3:
        end = {"max": int(rng.integers(0, 3))} if rng.random() < 0.7 else {"min": 1}
        limits["quotas"] = [{"by": "goal", "value": "other", **end}]
    return limits
