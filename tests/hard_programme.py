"""A programme that no backend proves within minutes, as a folder of CSV files: for tests that end a run early."""

from __future__ import annotations

from pathlib import Path

import numpy as np

N_DIRECTORS = 10
N_COMPANIES = 70


def write_hard_programme(folder: Path) -> Path:
    """The folder with its tables: every pair takes hours of its own, together more than there are."""
    rng = np.random.default_rng(3)
    hours = rng.integers(5, 60, (N_DIRECTORS, N_COMPANIES))
    # What takes long is worth much: else the best plan is found at a glance.
    ratings = np.clip(np.round(hours / 15 + rng.uniform(-0.5, 0.5, hours.shape), 1), 1, 5)
    room = int(0.6 * hours.sum() / N_DIRECTORS**2)
    folder.mkdir(parents=True, exist_ok=True)
    prefectures = ("北海道", "長野県", "高知県", "福岡県")
    directors = [
        f"D{d:02},ディレクター{d}（架空）,{prefectures[d % 4]},engaged,{N_COMPANIES},{room}" for d in range(N_DIRECTORS)
    ]
    companies = [f"C{c:03},企業{c}（架空）,company,{prefectures[c % 4]},raise_revenue,20" for c in range(N_COMPANIES)]
    pairs = [(d, c) for d in range(N_DIRECTORS) for c in range(N_COMPANIES)]
    _write(folder, "directors", "id,name,prefecture,status,max_companies,hours_per_month", directors)
    _write(folder, "companies", "id,name,kind,prefecture,goal,hours_per_month", companies)
    _write(
        folder,
        "pair_hours",
        "director_id,company_id,hours_per_month",
        [f"D{d:02},C{c:03},{hours[d, c]}" for d, c in pairs],
    )
    wishes = [f"D{d:02},C{c:03},wish_company,{ratings[d, c] / 2.5 - 1:.3f},（架空）" for d, c in pairs]
    _write(folder, "pairs", "director_id,company_id,rule,value,reason", wishes)
    return folder


def _write(folder: Path, name: str, header: str, rows: list[str]) -> None:
    (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
