"""A plan made anew after people decided about an earlier one: as few changes as can be, and what those cost."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from matcher.domain.decisions import keeping_earlier, without_earlier
from matcher.domain.problem import Problem
from matcher.matching import Progress, match
from matcher.model.journal import Journal
from matcher.plan.decided import Decided, TierPrice, Word
from matcher.plan.document import PlanDocument
from matcher.plan.plan import Plan
from matcher.whatif.chains import Chain, Difference, Move, Origin, chains_of
from matcher.whatif.figures import has_plan


@dataclass(frozen=True)
class Changes:
    """From the earlier plan to the one made after the decisions.

    Attributes
    ----------
    chains : companies whose director is another, as they hang together; the origins of a cause are decisions, by
        number from 1
    is_other_data : whether the data of the earlier plan were others, so that a change need not come from a decision
    """

    chains: tuple[Chain, ...]
    is_other_data: bool

    @property
    def n_moves(self) -> int:
        return sum(len(chain.moves) for chain in self.chains)


def match_decided(
    problem: Problem,
    decided: Decided,
    *,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    start: PlanDocument | None = None,
    log: bool = False,
    command: str = "",
    journal: Journal | None = None,
) -> Plan:
    """The best plan under the decisions of people, the earlier plan's matches kept as the policy's objective says.

    Where the objective does not name ``earlier_matches``, it comes first: as many of them as the decisions and the
    rules allow, then the rest of the objective. A second plan, free of the earlier one, then says what that costs.

    Parameters
    ----------
    problem : the data before the decisions
    decided : as `matcher.io.decisions.read_decisions` gives it
    on_progress, stop, start, log, command : as `matcher.matching.match`
    journal : likewise, of the plan itself; what the changes cost is solved again

    Raises
    ------
    DataError : a decision breaks a hard rule

    Notes
    -----
    Takes as long as two runs; a time limit counts for each. Where somebody stops it, prices stay None.
    """
    bound = decided.applied(problem.with_policy(keeping_earlier(problem.policy)))
    plan = match(bound, on_progress=on_progress, stop=stop, start=start, log=log, command=command, journal=journal)
    priced = decided
    free_policy = without_earlier(bound.policy)
    if has_plan(plan.document) and not plan.document.interrupted and free_policy is not None and decided.earlier:
        free = match(bound.with_policy(free_policy), on_progress=on_progress, stop=stop, start=plan.document)
        priced = decided.model_copy(update=_prices(plan.document, free.document))
    document = plan.document.model_copy(update={"decided": priced})
    digests = {**document.digests, "plan": document.plan_digest()}
    return Plan(document.model_copy(update={"digests": digests}), bound, plan.scored, plan.solver_log, plan.start)


def _prices(kept: PlanDocument, free: PlanDocument) -> dict[str, object]:
    if free.interrupted or not has_plan(free):
        return {}
    prices = tuple(
        TierPrice(tier=name, value=value, free=other)
        for name, other in free.objective.items()
        if other is not None and (value := kept.objective.get(name)) is not None
    )
    words = {tier.word for document in (kept, free) for tier in document.tiers if not tier.is_tie_break}
    word: Word = "proved" if words == {"proved"} else "unknown" if "unknown" in words else "claimed"
    return {"prices": prices, "word": word}


def changes_of(document: PlanDocument) -> Changes | None:
    """Who moves from the earlier plan to this one; None where nobody decided, or where there is no plan."""
    decided = document.decided
    if decided is None or not has_plan(document):
        return None
    was = {one.company_id: one for one in decided.earlier}
    becomes = {match.company_id: match for match in document.assignments}
    moves = []
    for company_id in sorted(was.keys() | becomes.keys()):
        before, after = was.get(company_id), becomes.get(company_id)
        move = Move(
            company_id,
            None if before is None else before.director_id,
            None if after is None else after.director_id,
            None if before is None else before.points,
            None if after is None else after.points,
        )
        moves += [move] if move.before_id != move.after_id else []
    most: object = document.policy.get("limits", {}).get("max_companies")
    chains = chains_of(
        moves,
        _origins(decided, {(match.director_id, match.company_id) for match in document.assignments}),
        is_full=most == len(was) == len(becomes),
        is_proved=all(tier.word == "proved" and tier.value == tier.bound for tier in document.tiers),
    )
    return Changes(chains, decided.is_other_data)


def _origins(decided: Decided, now: set[tuple[str, str]]) -> list[Origin]:
    """The decisions that may be behind a change: all but pins of what both plans have."""
    stays = now & {(one.director_id, one.company_id) for one in decided.earlier}
    return [
        Origin(
            one.decision,
            number=number,
            reason=one.reason,
            rows=(Difference("pairs", (one.director_id, one.company_id, one.decision), side="after"),),
        )
        for number, one in enumerate(decided.decisions, start=1)
        if one.decision == "forbid" or (one.director_id, one.company_id) not in stays
    ]
