"""`Plan`: the result in people's terms, as data; what analysts hold in their hands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from matcher.plan.document import CertificateRecord, PlanDocument
from matcher.plan.writers import Explained, explainer, writer_of

if TYPE_CHECKING:
    from matcher.domain.problem import Problem
    from matcher.pairing.candidates import Candidates
    from matcher.plan.starting import Start


@dataclass(frozen=True)
class Plan:
    """A finished run: the document that plan.json holds, and what it was made from.

    Attributes
    ----------
    document : everything that is written to plan.json
    problem : the input
    scored : every eligible pair with its points; None where they are not kept, and scored again when they are asked for
    solver_log : the solver's own log where it was asked for
    start : what an earlier plan was good for, where the run started from one
    found : what several files show of the plan, by name: computed once
    """

    document: PlanDocument
    problem: Problem
    scored: Candidates | None = field(default=None, compare=False, repr=False)
    solver_log: str = ""
    start: Start | None = None
    found: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process: the plan, not what was found out about it."""
        return {**{name: self.__dict__[name] for name in self.__dataclass_fields__}, "found": {}}

    @cached_property
    def candidates(self) -> Candidates:
        """Every eligible pair with its points."""
        if self.scored is not None:
            return self.scored
        from matcher.pairing.candidates import build_candidates

        return build_candidates(self.problem)

    @property
    def status(self) -> str:
        """optimal, feasible, infeasible or unknown."""
        return self.document.status

    @property
    def objective(self) -> Mapping[str, int | None]:
        """Tier → value."""
        return self.document.objective

    @property
    def certificate(self) -> CertificateRecord:
        """Value, bound, gap, and whether it is proved, claimed or unknown."""
        return self.document.certificate

    @cached_property
    def assignments(self) -> pd.DataFrame:
        """One row a match, in company order within director order, with every criterion's points as a column."""
        rows = [
            {
                "director_id": match.director_id,
                "company_id": match.company_id,
                "points": match.points,
                **match.criteria,
                "keep": match.keep,
                "distance_km": match.distance_km,
                "pinned": match.pinned,
                "is_new": match.is_new,
            }
            for match in self.document.assignments
        ]
        columns = [
            "director_id",
            "company_id",
            "points",
            *self.candidates.criteria,
            "keep",
            "distance_km",
            "pinned",
            "is_new",
        ]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def unserved(self) -> pd.DataFrame:
        """One row a company nobody serves: company_id, reason, n_candidates, best_director_id, best_points."""
        rows = [
            {
                "company_id": company.company_id,
                "reason": company.reason,
                "n_candidates": company.detail.n_candidates,
                "best_director_id": company.detail.best_director_id,
                "best_points": company.detail.best_points,
            }
            for company in self.document.unserved
        ]
        return pd.DataFrame(rows, columns=["company_id", "reason", "n_candidates", "best_director_id", "best_points"])

    @cached_property
    def directors(self) -> pd.DataFrame:
        """One row a director: what they carry and what is left."""
        return pd.DataFrame(
            [load.model_dump() for load in self.document.directors],
            columns=["director_id", "n_companies", "n_elsewhere", "hours_per_month", "slots_left"],
        )

    @cached_property
    def standing(self) -> object:
        """The plan with the model it was solved on; built at the first question, and it keeps what was answered.

        Raises
        ------
        UsageError : ``no_plan_to_explain`` where the plan has no matches because its status is infeasible or unknown
        """
        return explainer().standing(self)

    def explain(self, question: str, *ids: str, **options: Any) -> Explained:
        """Answer one question: what prints itself, shows itself in a notebook, and is data by ``to_dict()``.

        Parameters
        ----------
        question : as in ``matcher explain``; ids : of the directors and companies it is asked of, in its order
        options : ``audience="company"`` leaves out other companies and private figures; others are the question's own
            (Any: each has its own type)

        Raises
        ------
        UsageError : ``unknown_question``, ``wrong_number_of_ids``, ``unknown_option``, an id nobody has, or
            ``no_plan_to_explain``
        """
        return explainer().ask(self.standing, question, ids, options)

    def why(self, company_id: str, **options: Any) -> Explained:
        """Why a company is served by whom it is, or why nobody serves it; as `explain` ("company", …)."""
        return self.explain("company", company_id, **options)

    def why_not(self, director_id: str, company_id: str, **options: Any) -> Explained:
        """Why two are matched, or are not, and what the whole plan would lose; as `explain` ("pair", …)."""
        return self.explain("pair", director_id, company_id, **options)

    def to_json(self) -> str:
        """The text of plan.json."""
        return self.document.to_json()

    def to_excel(self, path: str | os.PathLike[str], *, lang: str = "ja") -> None:
        """Write the workbook staff receive; `lang` is ja or en."""
        writer_of("excel")(self, Path(path), lang)

    def to_html(self, path: str | os.PathLike[str], *, lang: str = "ja") -> None:
        """Write the self-contained report; `lang` is ja or en."""
        writer_of("html")(self, Path(path), lang)
