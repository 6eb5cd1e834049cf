"""What a plan says of a pair against every plan there is: the loss, the chain, the failing rules, the honest ends."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.explain.losses import Loss, Step
from matcher.explain.pair import PairAnswer, ask
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from tests.every_plan import WEIGHTS, Plan, Programme
from tests.problems import small_problem
from tests.properties.test_limits_properties import TIERS, programmes

ALONE_BEST_EMPTY = ("even_load", "distance_km", "worst_match")
_TURNS = st.integers(0, 2)


def _standing(rows: dict[str, Any], **solve: Any) -> Standing:
    assume(not Programme(rows).contradictions)
    plan = match(small_problem(**rows))
    assume(plan.status in ("optimal", "feasible"))
    return build_standing(plan, **solve)


def _matches(standing: Standing) -> Plan:
    """Company → director, by place, as `every_plan` counts them."""
    return {
        int(match.company_id[1:]) - 1: int(match.director_id[1:]) - 1 for match in standing.plan.document.assignments
    }


def _place(standing: Standing, director: int, company: int) -> tuple[int, int]:
    problem = standing.problem
    return int(problem.director_idx([f"d{director + 1}"])[0]), int(problem.company_idx([f"c{company + 1}"])[0])


def _after(standing: Standing, chain: Iterable[Step]) -> Plan:
    """The plan that a chain leads to; every link must be one that can be taken."""
    plan, problem = _matches(standing), standing.problem
    for step in sorted(chain, key=lambda step: step.action == "gains"):
        director = int(problem.director_ids[step.director_idx][1:]) - 1
        company = int(problem.company_ids[step.company_idx][1:]) - 1
        if step.action == "leaves":
            assert plan.pop(company) == director
        else:
            assert company not in plan
            plan[company] = director
    return plan


def _best(programme: Programme, *, with_pair: tuple[int, int] | None = None) -> tuple[int, ...] | None:
    if with_pair is None:
        return max(map(programme.tiers, programme.plans()), default=None)
    director, company = with_pair
    return max((programme.tiers(plan) for plan in programme.plans() if plan.get(company) == director), default=None)


def _without(programme: Programme, pair: tuple[int, int]) -> Programme:
    other = copy.copy(programme)
    other.eligible, other.pinned = programme.eligible - {pair}, programme.pinned - {pair}
    return other


def _assert_loss(
    standing: Standing,
    programme: Programme,
    losses: tuple[Loss, ...],
    chain: tuple[Step, ...],
    best: tuple[int, ...] | None,
) -> None:
    """The losses of all tiers are those of every plan there is, and the chain leads to a plan of just these."""
    base = programme.tiers(_matches(standing))
    if best is None:
        assert losses[0].points is None and losses[0].is_possible is False
        return
    assert [loss.points for loss in losses] == [was - then for was, then in zip(base, best, strict=True)]
    assert all(loss.at_least is None or loss.at_least <= (loss.points or 0) for loss in losses)
    after = _after(standing, chain)
    assert programme.tiers(after) == best
    assert after in list(programme.plans())


def _assert_answers(rows: dict[str, Any], turn: int | None = None) -> Standing:
    """Ask of every pair, or of every third."""
    standing, programme = _standing(rows), Programme(rows)
    served = _matches(standing)
    for director in range(len(programme.directors)):
        for company in range(len(programme.companies)):
            pair = (director, company)
            if turn is not None and (director + 2 * company) % 3 != turn:
                continue
            answer = ask(standing, *_place(standing, *pair))
            assert answer.off_by == 0
            if pair not in programme.eligible:
                assert answer.verdict == "ineligible" and answer.loss is None
                assert _failing(answer) == _expected_failing(programme, rows, pair)
            elif served.get(company) == director:
                assert answer.verdict == "chosen" and answer.loss is not None and answer.loss.points == 0
                assert answer.without is not None
                other = _without(programme, pair)
                losses = tuple(answer.without_losses[tier] for tier in standing.tiers)
                assert losses[standing.points_tier] == answer.without
                _assert_loss(standing, other, losses, answer.without_chain, _best(other))
            else:
                assert answer.verdict == "loses" and answer.loss == answer.losses[standing.tiers[standing.points_tier]]
                losses = tuple(answer.losses[tier] for tier in standing.tiers)
                _assert_loss(standing, programme, losses, answer.chain, _best(programme, with_pair=pair))
    return standing


def _failing(answer: PairAnswer) -> set[str]:
    return {rule.name for rule in answer.rules if not rule.holds}


def _expected_failing(programme: Programme, rows: dict[str, Any], pair: tuple[int, int]) -> set[str]:
    director, company = pair
    offered, days = (programme.directors[director].get(n) for n in ("hours_per_month", "on_site_days_per_month"))
    lacks_hours = offered is not None and programme.hours(director, company) > offered
    lacks_days = days is not None and programme.days(company) > days
    named = {"has_hours": lacks_hours, "in_reach": lacks_days, "not_forbidden": pair in programme.forbidden}
    return {name for name, fails in named.items() if fails}


@settings(max_examples=10)
@given(programmes(), _TURNS)
def test_loss_and_chain_are_those_of_every_plan(rows: dict[str, Any], turn: int) -> None:
    _assert_answers(rows, turn)


_NETWORK_ROWS = st.fixed_dictionaries(
    {
        "directors": st.lists(
            st.fixed_dictionaries({"experience_years": st.integers(1, 6), "max_companies": st.integers(1, 2)}),
            min_size=2,
            max_size=4,
        ),
        "companies": st.lists(
            st.fixed_dictionaries({"priority": st.sampled_from((0.5, 1.0, 2.0))}), min_size=3, max_size=5
        ),
        "limit": st.sampled_from((None, 2, 3)),
        "objective": st.sampled_from((["points"], ["points"], ["companies_served", "points"])),
        "forbidden": st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=6),
        "pinned": st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=1),
    }
)


@settings(max_examples=30)
@given(_NETWORK_ROWS)
def test_a_network_is_answered_by_ways_and_agrees_with_every_plan(drawn: dict[str, Any]) -> None:
    n_directors, n_companies = len(drawn["directors"]), len(drawn["companies"])

    def named(pairs: set[tuple[int, int]], rule: str) -> list[dict[str, str]]:
        inside = sorted(pair for pair in pairs if pair[0] < n_directors and pair[1] < n_companies)
        return [{"director_id": f"d{d + 1}", "company_id": f"c{c + 1}", "rule": rule} for d, c in inside]

    pinned = named(drawn["pinned"] - drawn["forbidden"], "pin")
    rows = _plain_rows(drawn["directors"], drawn["companies"], pairs=named(drawn["forbidden"], "forbid") + pinned)
    if drawn["limit"] is not None:
        rows["policy"]["limits"] = {"max_companies": drawn["limit"]}
    rows["policy"]["objective"] = drawn["objective"]
    assert (_assert_answers(rows).residual is not None) == (drawn["objective"] == ["points"])


def _plain_rows(directors: list[dict[str, Any]], companies: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    tables: dict[str, Any] = {name: [] for name in ("pairs", "rivals", "engagements", "pair_hours")}
    tables["distances"] = [
        {"from_id": f"d{d}", "to_id": f"c{c}", "km": d + c}
        for d in range(1, len(directors) + 1)
        for c in range(1, len(companies) + 1)
    ]
    policy = {"weights": WEIGHTS, "tie_break": [], **more.pop("policy", {})}
    return {"directors": directors, "companies": companies, "policy": policy, **tables, **more}


@settings(max_examples=10)
@given(programmes(), st.permutations(TIERS), st.integers(2, 3), _TURNS)
def test_several_tiers_lose_what_every_plan_says(
    rows: dict[str, Any], order: list[str], n_tiers: int, turn: int
) -> None:
    objective = order[:n_tiers]
    if objective[0] in ALONE_BEST_EMPTY:
        objective = ["companies_served", *(name for name in objective if name != "companies_served")]
    rows["policy"]["objective"] = objective
    _assert_answers(rows, turn)


@settings(max_examples=6)
@given(programmes(), st.integers(1, 2))
def test_a_pair_that_was_cut_is_solved_again_with_a_pin(rows: dict[str, Any], keep: int) -> None:
    rows["policy"]["candidates"] = {"keep_per_company": keep}
    standing, programme = _standing(rows), Programme(rows)
    kept = {_numbers(standing, column) for column in range(standing.candidates.n_pairs)}
    for pair in sorted(programme.eligible):
        answer = ask(standing, *_place(standing, *pair))
        assert (answer.verdict == "not_kept") == (pair not in kept)
        if pair not in kept:
            among = copy.copy(programme)
            among.eligible = kept | {pair}
            losses = tuple(answer.losses[tier] for tier in standing.tiers)
            _assert_loss(standing, among, losses, answer.chain, _best(among, with_pair=pair))


def _numbers(standing: Standing, column: int) -> tuple[int, int]:
    director, company = standing.pair_of(column)
    return int(standing.problem.director_ids[director][1:]) - 1, int(standing.problem.company_ids[company][1:]) - 1


@settings(max_examples=8)
@given(programmes(n_directors=(3, 3), n_companies=(6, 6)), st.sampled_from((0.1, 0.5)))
def test_a_plan_that_is_not_proved_gives_honest_ends(rows: dict[str, Any], gap: float) -> None:
    rows["policy"]["solve"] = {"gap": gap, "backend": "cpsat"}
    standing, programme = _standing(rows), Programme(rows)
    base, best = programme.tiers(_matches(standing)), _best(programme)
    assert best is not None
    assert standing.off_by is None or standing.off_by >= best[0] - base[0]
    for pair in sorted(programme.eligible):
        answer = ask(standing, *_place(standing, *pair))
        if answer.verdict == "chosen":
            found, then = answer.without, _best(_without(programme, pair))
        else:
            found, then = answer.loss, _best(programme, with_pair=pair)
        assert found is not None
        if then is None:
            assert found.is_possible is not True and found.points is None
            continue
        true = base[0] - then[0]
        assert found.at_least is None or found.at_least <= true
        assert found.at_most is None or found.at_most >= true
        assert found.word != "proved" or found.points == true


@settings(max_examples=4)
@given(programmes())
def test_no_time_says_unknown(rows: dict[str, Any]) -> None:
    standing = _standing(rows, time_limit_s=1e-9)
    programme = Programme(rows)
    base = programme.tiers(_matches(standing))
    for pair in sorted(programme.eligible):
        answer = ask(standing, *_place(standing, *pair))
        if answer.verdict == "chosen" or answer.loss is None:
            continue
        then = _best(programme, with_pair=pair)
        if answer.loss.points is None:
            assert answer.loss.is_possible is not True
            assert then is None or answer.loss.is_possible is None
            continue
        assert then is not None
        true = base[0] - then[0]
        assert answer.loss.at_least is None or answer.loss.at_least <= true
        assert answer.loss.at_most is not None and answer.loss.at_most >= true
        assert answer.loss.word != "proved" or answer.loss.points == true


def test_a_second_loss_is_known_only_under_a_proved_first() -> None:
    rows = _plain_rows(
        [{"experience_years": 4, "max_companies": 1}], [{}, {}], policy={"objective": ["companies_served", "points"]}
    )
    standing = build_standing(match(small_problem(**rows)))
    other = replace(standing.base, words=("claimed", "proved"))
    first, second = standing.losses(other)
    assert (first.word, first.points) == ("claimed", 0)
    assert (second.word, second.at_least, second.at_most) == ("claimed", None, None)


def test_ways_are_not_believed_where_the_plan_is_not_proved() -> None:
    rows = _plain_rows([{"experience_years": 4, "max_companies": 1}], [{}, {}])
    plan = match(small_problem(**rows))
    assert build_standing(plan).residual is not None
    first, *others = plan.document.tiers
    assert first.bound is not None
    tiers = [first.model_copy(update={"bound": first.bound + 1, "word": "unknown"}), *others]
    open_plan = replace(plan, document=plan.document.model_copy(update={"tiers": tiers}))
    standing = build_standing(open_plan)
    assert standing.residual is None
    assert (standing.off_by, standing.shortfall) == (1, ("points", 1))
