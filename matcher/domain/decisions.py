"""`Decision`: what a person decided about one pair of an earlier plan, and the problem that keeps to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem, dtype_of
from matcher.domain.tables import columns_of

DecisionWord = Literal["pin", "forbid"]


@dataclass(frozen=True, slots=True)
class Decision:
    """A pair that must be (``pin``) or must not be (``forbid``), who said so and when, and the row that says it.

    `on` is a day such as ``2026-04-01``; what was not written is empty. `row` counts as the user's program shows it.
    """

    director_id: str
    company_id: str
    word: DecisionWord
    reason: str = ""
    by: str = ""
    on: str = ""
    sheet: str = ""
    row: int = 0


def with_decisions(problem: Problem, decisions: Sequence[Decision], earlier: Sequence[tuple[str, str]] = ()) -> Problem:
    """The problem with a row of table `pairs` for each decision, and with the matches of the earlier plan.

    Nothing that the data say gives way: a pin of a pair that they forbid is a contradiction, as in the data themselves.

    Parameters
    ----------
    earlier : director and company of every match of the earlier plan
    """
    pairs = problem.tables["pairs"]
    known = set(zip(pairs["director_id"], pairs["company_id"], pairs["rule"], strict=True))
    is_hard = pairs["severity"].isna() | (pairs["severity"] == "forbid")
    expired_or_soft = set(zip(*(pairs.loc[~is_hard | pairs["until"].notna(), name] for name in _KEY), strict=True))
    new = [one for one in decisions if (one.director_id, one.company_id, one.word) not in known - expired_or_soft]
    sorted_earlier = tuple(sorted(set(earlier)))
    if new:
        frame = pd.DataFrame(
            {
                column.name: pd.Series(
                    [_cell(one, column.name) for one in new],
                    dtype=dtype_of(column),
                )
                for column in columns_of("pairs")
            }
        )
        problem = problem.with_tables({"pairs": pd.concat([pairs, frame], ignore_index=True)})
    return problem if problem.earlier == sorted_earlier else replace(problem, earlier=sorted_earlier)


_KEY = ("director_id", "company_id", "rule")


def _cell(one: Decision, column: str) -> str | None:
    cells = {"director_id": one.director_id, "company_id": one.company_id, "rule": one.word, "reason": one.reason}
    return cells.get(column) or None


def keeping_earlier(policy: Policy) -> Policy:
    """The policy whose objective keeps the earlier plan's matches: before everything else, unless it says where."""
    if "earlier_matches" in policy.objective:
        return policy
    return policy.model_copy(update={"objective": ("earlier_matches", *policy.objective)})


def without_earlier(policy: Policy) -> Policy | None:
    """The same programme, free of the earlier plan; None where it asks for nothing else."""
    objective = tuple(name for name in policy.objective if name != "earlier_matches")
    return policy.model_copy(update={"objective": objective}) if objective else None
