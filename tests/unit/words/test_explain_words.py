"""Losses in words: the tier that decides comes first, and no sentence says more than is proved."""

from __future__ import annotations

import pytest

from matcher.explain.losses import Loss, exact
from matcher.explain.questions import ask
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.words.explain_common import loss_line
from matcher.words.explain_losses import change_lines
from tests.problems import small_problem


def test_first_tier_that_differs_decides() -> None:
    lines = [line.text for line in change_lines({"companies_served": exact(1), "points": exact(-400)}, "en")]
    assert lines[0] == "One company fewer is served (proved)."
    assert lines[2] == "The whole plan gains 400 points (proved)."


def test_tier_that_stays_is_passed_over() -> None:
    lines = [line.text for line in change_lines({"companies_served": exact(0), "points": exact(95)}, "ja")]
    assert lines == ["計画全体で95点減少します（証明済み）。"]


def test_nothing_that_differs_is_said() -> None:
    (line,) = change_lines({"companies_served": exact(0), "points": exact(0)}, "en")
    assert line.text == "Nothing the policy asks for changes (proved): a plan that is as good."


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (exact(95), "The whole plan loses 95 points (proved)."),
        (exact(0), "The whole plan loses nothing (proved): a plan of equal points."),
        (exact(-5), "The whole plan gains 5 points (proved)."),
        (exact(None), "No plan allows this change (proved)."),
        (
            Loss(-5, "claimed", -9, -5),
            "The whole plan gains 5 points (claimed by the solver; proved is a loss of at least -9 and at most -5"
            " points, below 0 a gain).",
        ),
        (
            Loss(7, "unknown", -2, 7),
            "The whole plan gains at most 2 points or loses at most 7 points (from a plan that is not known to be the"
            " best).",
        ),
        (
            Loss(0, "unknown", -1, 0),
            "The whole plan gains 0 points at least and 1 point at most (from a plan that is not known to be the"
            " best).",
        ),
        (
            Loss(7, "unknown", None, 7),
            "The whole plan loses at most 7 points; below 0 is a gain (from a plan that is not known to be the best).",
        ),
        (
            Loss(None, "unknown", is_possible=None),
            "No plan was found in the time given; whether one exists is unknown.",
        ),
        (
            Loss(None, "unknown", is_possible=True),
            "A plan with this change exists; by how much it differs is not known (time ran out).",
        ),
        (Loss(None, "claimed", is_possible=False), "The solver claims that no plan allows this change."),
    ],
)
def test_loss_says_just_what_is_known(loss: Loss, text: str) -> None:
    assert loss_line(loss, "en") == text


def test_a_pair_without_differences_has_no_note_on_them() -> None:
    policy = {"candidates": {"keep_per_company": 1}}
    forbidden = [{"director_id": "d3", "company_id": "c1", "rule": "forbid"}]
    standing = build_standing(match(small_problem(3, 1, policy=policy, pairs=forbidden)))
    note = "計算に残した候補"
    assert note in ask(standing, "pair", ("d2", "c1")).to_text("ja")
    text = ask(standing, "pair", ("d3", "c1")).to_text("ja")
    assert "候補になりません" in text and note not in text


def test_one_company_fewer_is_served_is_what_a_reader_sees() -> None:
    rows = {
        "directors": [{"experience_years": 9, "hours_per_month": 20, "max_companies": 2}],
        "companies": [{"hours_per_month": 20, "priority": 2}, {"hours_per_month": 10}, {"hours_per_month": 10}],
        "policy": {"objective": ["companies_served", "points"]},
    }
    found = match(small_problem(**rows)).why_not("d1", "c1")
    assert "One company fewer is served (proved)." in found.to_text("en")
    assert "支援できる企業・自治体が1社減少します（証明済み）。" in found.to_text("ja")
    assert found.to_dict()["losses"]["companies_served"]["loss_points"] == 1


@pytest.fixture(scope="module")
def tiers() -> Standing:
    """c1 takes all hours of d1, c2 and c3 half of them each: serving c1 serves one company fewer, with more points."""
    rows = {
        "directors": [{"experience_years": 9, "hours_per_month": 20, "max_companies": 2}],
        "companies": [{"hours_per_month": 20, "priority": 3}, {"hours_per_month": 10}, {"hours_per_month": 10}],
        "policy": {"objective": ["companies_served", "points"]},
    }
    return build_standing(match(small_problem(**rows)))


@pytest.mark.parametrize(
    ("question", "ids"), [("pair", ("d1", "c1")), ("company", ("c1",)), ("director", ("d1",)), ("refusals", ())]
)
def test_every_question_tells_the_tier_that_decides_first(tiers: Standing, question: str, ids: tuple[str, ...]) -> None:
    english, japanese = (ask(tiers, question, ids).to_text(lang) for lang in ("en", "ja"))
    (fewer, more) = ("One company fewer is served (proved).", "The whole plan gains")
    if question == "refusals":  # c2 declined: c3 alone; the points are told after the companies
        more = "The whole plan loses"
    assert fewer in english and english.index(fewer) < english.index(more, english.index(fewer))
    assert "The whole plan" not in english[: english.index(fewer)]
    assert "支援できる企業・自治体が1社減少します（証明済み）。" in japanese
    assert "方針では、この項目が以下の項目より優先されます。" in japanese


def test_values_of_slots_are_recorded_by_tier(tiers: Standing) -> None:
    record = ask(tiers, "director", ("d1",)).to_dict()
    assert list(record["loss_of_one_less"]["losses"]) == ["companies_served", "points"]
    assert record["loss_of_one_less"]["losses"]["companies_served"]["loss_points"] == 1
    assert record["gain_of_one_more"]["losses"]["companies_served"]["loss_points"] == 0


def test_a_new_director_is_told_by_the_tier_that_decides() -> None:
    rows = {
        "directors": [{"experience_years": 9, "hours_per_month": 20, "max_companies": 1}],
        "companies": [{"hours_per_month": 10}, {"hours_per_month": 10}],
        "policy": {"objective": ["companies_served", "points"]},
    }
    told = ask(build_standing(match(small_problem(**rows))), "bottlenecks", ())
    advice = told.to_dict()["bottlenecks"][0]["advice"]["whole"]
    assert advice["losses"]["companies_served"]["loss_points"] == -1
    assert "One company more is served (proved)." in told.to_text("en")


def test_losses_of_a_policy_without_points_are_not_called_points() -> None:
    rows = {"directors": 2, "companies": 2, "policy": {"objective": ["companies_served"]}}
    told = ask(build_standing(match(small_problem(**rows))), "refusals", ())
    assert "Lost (Companies served)" in told.to_text("en") and "Points lost" not in told.to_text("en")
    assert "減少（支援する企業数）" in told.to_text("ja")
