"""The line that says what is being done."""

from __future__ import annotations

from matcher.cli.progress import step_line, time_left


def test_step_line_names_the_tier_with_value_and_bound() -> None:
    assert step_line("score", None, None, None, "en") == "Scoring the candidates"
    assert step_line("solve", "points", None, None, "en") == "Solving the assignment: Total points"
    shown = step_line("solve", "companies_served", 1200, 1300, "en")
    assert shown == "Solving the assignment: Companies served (so far 1,200, at most 1,300)"
    assert step_line("solve", "tie_break:lot", 7, 9, "ja") == "割当を求めています: 記録された抽選"


def test_step_line_without_a_bound_shows_no_bound() -> None:
    assert "at most" not in step_line("solve", "points", 5, None, "en")


def test_time_left_is_what_the_rest_takes_at_the_pace_so_far() -> None:
    now = [100.0]
    left = time_left("en", clock=lambda: now[0])
    now[0] = 110.0
    assert left(2, 10) == "about 40 s"
    now[0] = 700.0
    assert left(2, 10) == "about 40 min"
    assert left(10, 10) == "about 1 s"
