"""`Facts`: what words need to know of a problem's people, looked up once instead of once a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from matcher.domain import geography
from matcher.domain.policy import CRITERIA, Policy
from matcher.domain.problem import Problem
from matcher.words.catalog import Lang, Sentence

FULL_POINTS = 10_000

_WITH_ID = Sentence(ja="{name}（{id}）", en="{name} ({id})")


@dataclass(frozen=True)
class Facts:
    """Rows of directors and companies by id, missing cells as None, and the policy they are read under.

    Build it with `facts_of`. Ids are unique in their table only, so every name is asked for by kind.
    """

    directors: Mapping[str, Mapping[str, Any]]  # Any: a cell is a text, a number or a date
    companies: Mapping[str, Mapping[str, Any]]
    policy: Policy

    def director_name(self, director_id: str) -> str:
        """The director's name; the id where no name is given."""
        return _name(self.directors, director_id)

    def company_name(self, company_id: str) -> str:
        """The company's name; the id where no name is given."""
        return _name(self.companies, company_id)

    def labelled_director(self, director_id: str, lang: Lang) -> str:
        """The director's name and id, or the id alone where there is no name."""
        return _labelled(self.director_name(director_id), director_id, lang)

    def labelled_company(self, company_id: str, lang: Lang) -> str:
        """The company's name and id, or the id alone where there is no name."""
        return _labelled(self.company_name(company_id), company_id, lang)

    def director_place(self, director_id: str, lang: Lang) -> str:
        """The prefecture the director works from."""
        return _prefecture(self.directors.get(director_id), lang)

    def company_place(self, company_id: str, lang: Lang) -> str:
        """Prefecture, and in Japanese the municipality where one is given (no English names are on record)."""
        row = self.companies.get(company_id)
        place = geography.municipality(row["municipality_code"] or "") if row else None
        return _prefecture(row, lang) + (place.name_ja if place and lang == "ja" else "")

    def possible_points(self, company_id: str) -> Mapping[str, int]:
        """Criterion → the points of a full score for this company: its priority times the normalised weight."""
        row = self.companies.get(company_id)
        return self._possible_at(float(row["priority"]) if row else 1.0)

    def is_full_rounded(self, company_id: str) -> bool:
        """Whether the full score, a sum of whole parts, is not 10,000 times the priority."""
        row = self.companies.get(company_id)
        priority = float(row["priority"]) if row else 1.0
        return sum(self.possible_points(company_id).values()) != round(FULL_POINTS * priority)

    @cached_property
    def _possible_at(self) -> Callable[[float], Mapping[str, int]]:
        weights = self.policy.weights.normalised()
        # Thousands of companies share a handful of priorities: 1.5 s less for 10,000 of them.
        known: dict[float, Mapping[str, int]] = {}

        def at(priority: float) -> Mapping[str, int]:
            if priority not in known:
                known[priority] = {name: round(FULL_POINTS * priority * weights[name]) for name in CRITERIA}
            return known[priority]

        return at


@lru_cache(maxsize=1)
def facts_of(problem: Problem) -> Facts:
    """The facts of a problem, looked up once for all that is written of it. Linear in directors and companies."""
    return Facts(_rows(problem.directors), _rows(problem.companies), problem.policy)


def _rows(frame: Any) -> dict[str, dict[str, Any]]:  # Any: pandas' stubs cannot tell the cells' types
    plain = frame.astype(object).where(frame.notna(), None)
    return {row["id"]: row for row in plain.to_dict("records")}


def _name(rows: Mapping[str, Mapping[str, Any]], key: str) -> str:
    row = rows.get(key)
    return str(row["name"]) if row and row["name"] else key


def _labelled(name: str, key: str, lang: Lang) -> str:
    return name if name == key else _WITH_ID.fill(lang, name=name, id=key)


def _prefecture(row: Mapping[str, Any] | None, lang: Lang) -> str:
    code = int(row["prefecture"]) if row else 0
    return geography.prefecture_name(code, lang) if code else ""
