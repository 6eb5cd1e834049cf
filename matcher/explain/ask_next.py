"""Which blank of the tables could change the plan, and at which values; and that the others cannot.

A blank is dropped without solving where exact sums show that the plan stays best at every value (`blank_screen`). What
is left is filled in, value by value, and the whole programme is solved again (`blank_trials`).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from matcher.explain.blank_screen import is_cut, is_in_plan, screened
from matcher.explain.blank_trials import Outcome, Trials
from matcher.explain.blank_values import Value
from matcher.explain.blanks import Blank, blanks_of
from matcher.explain.records import Record, chain_record
from matcher.explain.rescoring import Rescoring
from matcher.explain.standing import Standing

BUDGET_S = 60.0

WhyLeft = Literal["time", "undecided", "cut", "unproved"]
"""Why a blank was not judged: no time was left · solving again proved nothing · the policy cut candidates, so that a
number may let others in · the plan has no bound that says how far it is off"""


@dataclass(frozen=True)
class Finding:
    """One blank that changes the plan: `outcomes` by value, and the most points at stake."""

    blank: Blank
    outcomes: tuple[Outcome, ...]
    stake_points: int


@dataclass(frozen=True)
class AskNextAnswer:
    """The blanks, by what they can do to the plan.

    Attributes
    ----------
    matter : those that change it at some value, most points at stake first
    irrelevant : those that are proved to change nothing; n_solved : of these, by solving again
    not_examined : the others, and why
    off_by : by how many points the plan may be short of the best; what changes nothing leaves it so, and what changes
        it makes another plan better by more. 0 = proved, None = not known: then only what takes plans away is judged
    """

    matter: tuple[Finding, ...]
    irrelevant: tuple[Blank, ...]
    n_solved: int
    not_examined: tuple[tuple[Blank, WhyLeft], ...]
    off_by: int | None

    @property
    def is_out_of_time(self) -> bool:
        return any(why == "time" for _, why in self.not_examined)


def ask(standing: Standing, *, budget: float = BUDGET_S) -> AskNextAnswer:
    """Which blanks to ask for next.

    Parameters
    ----------
    budget : seconds; blanks not reached are listed as not examined, with the reason

    Notes
    -----
    One scoring a field and value serves all blanks of the field. Where the policy has cut candidates, or has tiers
    besides the points, nothing is shown by adding up and every value is solved.
    """
    started = time.monotonic()
    blanks = blanks_of(standing.problem)
    off_by = _off_by(standing)
    if off_by:  # nobody has to come nearer to the best than the plan did
        gap = off_by / max(1, abs(standing.base.values[0] or 0))
        standing = replace(standing, limits=replace(standing.limits, gap=gap))
    judged = [blank for blank in blanks if off_by is not None or _only_takes_away(standing, blank)]
    rescoring = Rescoring(standing.problem)
    found = screened(standing, judged, rescoring, until=started + budget / 2)
    trials = Trials(standing, rescoring, off_by or 0, started + budget)
    matter, solved = [], []
    left: dict[Blank, WhyLeft] = dict.fromkeys(found.left, "cut")
    for blank, values in found.queue:
        outcomes = trials.outcomes(blank, values)
        if outcomes is None:
            left[blank] = "time"
        elif any(outcome.verdict == "changes" for outcome in outcomes):
            matter.append(Finding(blank, outcomes, max(outcome.stake for outcome in outcomes)))
        elif all(outcome.verdict == "stays" for outcome in outcomes):
            solved.append(blank)
        else:
            left[blank] = "undecided"
    left.update((blank, "unproved") for blank in set(blanks) - set(judged))
    order = {blank: place for place, blank in enumerate(blanks)}
    matter.sort(key=lambda finding: (-finding.stake_points, order[finding.blank]))
    return AskNextAnswer(
        matter=tuple(matter),
        irrelevant=tuple(sorted((*found.dropped, *solved), key=order.__getitem__)),
        n_solved=len(solved),
        not_examined=tuple((blank, left[blank]) for blank in sorted(left, key=order.__getitem__)),
        off_by=off_by,
    )


def _off_by(standing: Standing) -> int | None:
    if all(word == "proved" for word in standing.base.words):
        return 0
    # Of several tiers a bound holds only among the plans best for those before.
    return standing.off_by if standing.tiers == ("points",) else None


def _only_takes_away(standing: Standing, blank: Blank) -> bool:
    if is_cut(standing) or not blank.is_narrowing:
        return False
    return blank.effect != "tried" or not is_in_plan(standing, blank)


def blank_record(standing: Standing, blank: Blank) -> Record:
    """Where a value is missing."""
    problem = standing.problem
    ids = problem.director_ids if blank.subject == "director" else problem.company_ids
    return {"table": blank.table, "field": blank.field, f"{blank.subject}_id": ids[blank.idx], "key": blank.key}


def record(standing: Standing, answer: AskNextAnswer) -> Record:
    """The answer as plain data; days as YYYY-MM-DD."""
    return {
        "off_by_points": answer.off_by,
        "matter": [
            {
                **blank_record(standing, found.blank),
                "stake_points": found.stake_points,
                "outcomes": [_outcome_record(standing, found.blank, outcome) for outcome in found.outcomes],
            }
            for found in answer.matter
        ],
        "n_irrelevant": len(answer.irrelevant),
        "n_irrelevant_by_solving": answer.n_solved,
        "irrelevant": [blank_record(standing, blank) for blank in answer.irrelevant],
        "not_examined": [{**blank_record(standing, blank), "why": why} for blank, why in answer.not_examined],
        "out_of_time": answer.is_out_of_time,
    }


def _outcome_record(standing: Standing, blank: Blank, outcome: Outcome) -> Record:
    """One outcome; `intervals` are [first, last] of its values, both inclusive, null = open."""
    return {
        "intervals": [_plain(span) for span in blank.spans(outcome.values)],
        "verdict": outcome.verdict,
        "chain": chain_record(standing, outcome.chain),
        "gain_points": outcome.gain,
        "stake_points": outcome.stake,
        "word": outcome.word,
        "possible": outcome.is_possible,
    }


def _plain(values: Sequence[Value | None]) -> list[float | str | None]:
    return [value.isoformat() if isinstance(value, dt.date) else value for value in values]
