"""What people decided before a plan was made, as it stands in plan.json: decisions, the earlier plan, and its price."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from matcher.domain.decisions import Decision, with_decisions
from matcher.domain.problem import Problem

Word = Literal["proved", "claimed", "unknown"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DecisionRecord(_Record):
    """One decision: the pair, what was decided, why, who and when, and the row of the sheet that says it."""

    director_id: str
    company_id: str
    decision: Literal["pin", "forbid"]
    reason: str = ""
    by: str = ""
    on: str = ""
    sheet: str = ""
    row: int = 0

    def as_decision(self) -> Decision:
        return Decision(
            self.director_id, self.company_id, self.decision, self.reason, self.by, self.on, self.sheet, self.row
        )


class EarlierMatch(_Record):
    """One match of the earlier plan, with its points there."""

    director_id: str
    company_id: str
    points: int


class TierPrice(_Record):
    """What an objective comes to, and what it would come to if no match of the earlier plan had to be kept."""

    tier: str
    value: int
    free: int


class Decided(_Record):
    """Decisions read back from an earlier plan's workbook.

    Attributes
    ----------
    file : the workbook's name; earlier_plan : the digest of the plan it belongs to
    data : the digest of the data before the decisions; is_other_data : whether the earlier plan's were others
    earlier : the matches of the earlier plan
    prices : what keeping them costs, by objective; None where that was not computed
    word : what is known of the prices; ``proved`` where both plans are proved best
    """

    file: str
    earlier_plan: str
    data: str
    is_other_data: bool
    decisions: tuple[DecisionRecord, ...]
    earlier: tuple[EarlierMatch, ...]
    prices: tuple[TierPrice, ...] | None = None
    word: Word = "unknown"

    @property
    def price_points(self) -> int | None:
        """The points that keeping costs; None where they are no objective, or were not computed."""
        return next((one.free - one.value for one in self.prices or () if one.tier == "points"), None)

    def applied(self, problem: Problem) -> Problem:
        """The data with the decisions and the earlier matches; the policy is left as it is."""
        pairs = [(one.director_id, one.company_id) for one in self.earlier]
        return with_decisions(problem, [one.as_decision() for one in self.decisions], pairs)
