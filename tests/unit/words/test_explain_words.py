"""Losses in words: the tier that decides comes first, and no sentence says more than is proved."""

from __future__ import annotations

import pytest

from matcher.explain.losses import Loss, exact
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
            "The whole plan loses at least -2 and at most 7 points; below 0 is a gain (from a plan that is not known to"
            " be the best).",
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
