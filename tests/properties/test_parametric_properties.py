"""The first zero of a loss along one number, against every crossing of every two lines."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from matcher.model.parametric import Asked, Line, first_zero

SMALL = st.integers(-6, 6)
SCALE = Line(1, 0)


def _best(lines: list[Line], w: Fraction) -> Fraction:
    return max(line.at(w) for line in lines)


def _zeros(lines: list[Line], n_demanded: int, low: Fraction, high: Fraction) -> list[Fraction]:
    """Where a zero can begin or end: the ends, and every crossing, at which nothing is lost."""
    places = {low, high}
    for one in lines:
        for other in lines:
            if one.slope != other.slope:
                places.add(Fraction(other.at_zero - one.at_zero, one.slope - other.slope))
    inside = sorted(w for w in places if low <= w <= high)
    return [w for w in inside if _best(lines, w) == _best(lines[:n_demanded], w)]


@given(st.lists(st.builds(Line, SMALL, SMALL), min_size=2, max_size=8), st.integers(1, 7), st.booleans())
def test_first_zero_is_the_nearest_of_all(lines: list[Line], n_demanded: int, is_up: bool) -> None:
    n_demanded = min(n_demanded, len(lines))

    def ask(w: Fraction) -> Asked:
        return Asked(w, max(lines, key=lambda line: line.at(w)), _best(lines[:n_demanded], w))

    start, end = (Fraction(1), Fraction(5)) if is_up else (Fraction(5), Fraction(1))
    zeros = _zeros(lines, n_demanded, Fraction(1), Fraction(5))
    found = first_zero(ask, start, end, scale=SCALE)
    if not zeros:
        assert found.outcome == "none"
        steps = [Fraction(1) + Fraction(4 * k, 40) for k in range(41)]
        assert 0 < found.margin <= min(_best(lines, w) - _best(lines[:n_demanded], w) for w in steps)
    else:
        assert found.outcome == "found"
        assert found.w == (zeros[0] if is_up else zeros[-1])


def test_a_zero_that_only_touches_is_not_stepped_over() -> None:
    # The pair is as good between 2 and 3 only: at both ends it loses, and in the middle of the way too.
    lines = [Line(4, 0), Line(0, 2), Line(-6, 4), Line(10, -3)]
    demanded = [lines[1]]

    def ask(w: Fraction) -> Asked:
        return Asked(w, max(lines, key=lambda line: line.at(w)), _best(demanded, w))

    assert first_zero(ask, Fraction(0), Fraction(12), scale=SCALE).w == 2


def test_a_search_that_may_not_ask_more_does_not_know() -> None:
    lines = [Line(4, 0), Line(0, 2), Line(-6, 4)]
    answers = [Asked(Fraction(w), max(lines, key=lambda line: line.at(Fraction(w))), Fraction(2 * w)) for w in (0, 12)]
    given_answers = iter([*answers, None])
    assert first_zero(lambda w: next(given_answers), Fraction(0), Fraction(12), scale=SCALE).outcome == "unknown"
