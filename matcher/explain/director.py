"""What a director carries, what each match earns, what one slot is worth, and where else they nearly went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.explain.forcing import Change, without_pair
from matcher.explain.losses import Loss
from matcher.explain.records import Record, chain_record, loss_record, losses_record
from matcher.explain.slots import SlotValue, slot_value
from matcher.explain.smallest_losses import Nearly, smallest_losses
from matcher.explain.standing import Standing
from matcher.plan.usage import build_usage

N_NEARLY = 5


@dataclass(frozen=True)
class MonthLoad:
    """What a month takes of a director.

    Attributes
    ----------
    month : such as 2027-04, None where no company has a start; n_companies : of this plan
    n_elsewhere, hours_elsewhere : running engagements outside the batch
    hours, days : all hours and the on-site days of this plan; None where the director offers no stated number
    """

    month: str | None
    n_companies: int
    n_elsewhere: int
    slots_left: int
    hours: float
    hours_elsewhere: float
    days: float


@dataclass(frozen=True)
class MatchValue:
    """One match: its points, and what the plan would lose without it."""

    company_idx: int
    points: int
    is_pinned: bool
    without: Change


@dataclass(frozen=True)
class NearlyServed:
    """A company the director nearly served, and who serves it in the plan (None: nobody)."""

    company_idx: int
    points: int
    served_by: int | None
    change: Change


@dataclass(frozen=True)
class DirectorAnswer:
    """Everything about one director.

    Attributes
    ----------
    slots, hours_offered, days_offered : of the director's row; the latter two None where missing
    months : one entry a month in which some company of the batch starts
    value : one slot more, one less
    nearly : pairs that were not chosen, the smallest loss first, and of how many that is known
    """

    director_idx: int
    status: str
    slots: int
    hours_offered: float | None
    days_offered: float | None
    months: tuple[MonthLoad, ...]
    matches: tuple[MatchValue, ...]
    value: SlotValue
    nearly_served: tuple[NearlyServed, ...]
    nearly: Nearly
    n_pinned: int
    off_by: int | None


def ask(standing: Standing, director_idx: int) -> DirectorAnswer:
    """What the plan says of one director."""
    candidates, row = standing.candidates, standing.problem.directors.iloc[director_idx]
    columns = np.flatnonzero(candidates.director_idx == director_idx)
    chosen, others = columns[standing.is_chosen[columns]], columns[~standing.is_chosen[columns]]
    served_by = {company: director for director, company in standing.pairs}
    nearly = smallest_losses(standing, others, _promise(standing, others), most=N_NEARLY)
    return DirectorAnswer(
        director_idx,
        status=str(row["status"]),
        slots=int(row["max_companies"]),
        hours_offered=_stated(row["hours_per_month"]),
        days_offered=_stated(row["on_site_days_per_month"]),
        months=_months(standing, director_idx),
        matches=tuple(
            MatchValue(
                int(candidates.company_idx[column]),
                int(candidates.points[column]),
                bool(candidates.is_pinned[column]),
                without_pair(standing, column),
            )
            for column in chosen.tolist()
        ),
        value=slot_value(standing, director_idx),
        nearly_served=tuple(
            NearlyServed(
                int(candidates.company_idx[column]),
                int(candidates.points[column]),
                served_by.get(int(candidates.company_idx[column])),
                change,
            )
            for column, change in nearly.found
        ),
        nearly=nearly,
        n_pinned=int(np.count_nonzero(candidates.is_pinned[chosen])),
        off_by=standing.off_by,
    )


def _promise(standing: Standing, columns: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray:
    """(n,) points of each pair above those of the match its company has now: what the company alone would gain."""
    candidates, chosen = standing.candidates, np.flatnonzero(standing.is_chosen)
    now = np.zeros(len(standing.problem.companies), np.int64)
    now[candidates.company_idx[chosen]] = candidates.points[chosen]
    return np.asarray(candidates.points[columns] - now[candidates.company_idx[columns]])


def _months(standing: Standing, director_idx: int) -> tuple[MonthLoad, ...]:
    months = standing.model.months
    usage = build_usage(standing.problem, standing.candidates, months, np.flatnonzero(standing.is_chosen))
    return tuple(
        MonthLoad(
            month=None if np.isnat(start) else str(start),
            n_companies=int(usage.n_taken[director_idx, at]),
            n_elsewhere=int(months.slots_elsewhere[director_idx, at]),
            slots_left=int(usage.slots_left[director_idx, at]),
            hours=float(usage.hours[director_idx, at]),
            hours_elsewhere=float(months.hours_elsewhere[director_idx, at]),
            days=float(usage.days[director_idx, at]),
        )
        for at, start in enumerate(months.start)
    )


def _stated(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def gain_of(loss: Loss) -> Loss:
    """What a change brings, as the loss it is read the other way round; its ends change places."""
    points, least, most = (None if one is None else -one for one in (loss.points, loss.at_most, loss.at_least))
    return Loss(points, loss.word, least, most, loss.is_possible)


def record(standing: Standing, answer: DirectorAnswer) -> Record:
    """The answer as plain data."""
    problem, value = standing.problem, answer.value
    gain = gain_of(value.more.loss)
    return {
        "director_id": problem.director_ids[answer.director_idx],
        "status": answer.status,
        "slots": answer.slots,
        "n_companies": len(answer.matches),
        "hours_offered_per_month": answer.hours_offered,
        "on_site_days_offered_per_month": answer.days_offered,
        "months": [
            {
                "month": one.month,
                "n_companies": one.n_companies,
                "n_elsewhere": one.n_elsewhere,
                "slots_left": one.slots_left,
                "hours_per_month": one.hours,
                "hours_elsewhere_per_month": one.hours_elsewhere,
                "on_site_days_per_month": one.days,
            }
            for one in answer.months
        ],
        "matches": [
            {
                "company_id": problem.company_ids[one.company_idx],
                "points": one.points,
                "pinned": one.is_pinned,
                "without": loss_record(one.without.loss),
                "losses": losses_record(one.without.losses),
                "chain": chain_record(standing, one.without.chain),
            }
            for one in answer.matches
        ],
        "gain_of_one_more_points": gain.points,
        "gain_of_one_more": {
            "gain_points": gain.points,
            "word": gain.word,
            "at_least_points": gain.at_least,
            "at_most_points": gain.at_most,
            "possible": gain.is_possible,
            "losses": losses_record(value.more.losses),
            "chain": chain_record(standing, value.more.chain),
        },
        "loss_of_one_less_points": value.less.loss.points,
        "loss_of_one_less": {
            **loss_record(value.less.loss),
            "losses": losses_record(value.less.losses),
            "chain": chain_record(standing, value.less.chain),
        },
        "idle": value.idle,
        "nearly": [
            {
                "company_id": problem.company_ids[one.company_idx],
                "points": one.points,
                "served_by": None if one.served_by is None else problem.director_ids[one.served_by],
                **loss_record(one.change.loss),
                "losses": losses_record(one.change.losses),
                "chain": chain_record(standing, one.change.chain),
            }
            for one in answer.nearly_served
        ],
        "n_nearly": answer.nearly.n_pairs,
        "n_nearly_known": answer.nearly.n_known,
        "off_by_points": answer.off_by,
    }
