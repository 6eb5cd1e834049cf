"""The first zero of a loss along one number, against every crossing of every two lines."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from matcher.model.parametric import Asked, Line, Seen, envelope, first_zero, held

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


def _asked(lines: list[Line], asked: list[Fraction]) -> Callable[[Fraction], Seen]:
    def ask(w: Fraction) -> Seen:
        asked.append(w)
        best = max(lines, key=lambda line: line.at(w))
        return Seen(w, best, best.at(w))

    return ask


@given(st.lists(st.builds(Line, SMALL, SMALL), min_size=1, max_size=9))
def test_envelope_is_the_best_of_all_lines_at_every_w(lines: list[Line]) -> None:
    low, high = Fraction(0), Fraction(5)
    asked: list[Fraction] = []
    pieces = envelope(_asked(lines, asked), low, high)
    assert (pieces[0].low, pieces[-1].high) == (low, high)
    assert all(one.high == other.low for one, other in itertools.pairwise(pieces))
    for piece in pieces:
        assert piece.short == 0
        for w in (piece.low, (piece.low + piece.high) / 2, piece.high):
            assert piece.line.at(w) == _best(lines, w)
    assert len(asked) == len(set(asked)) <= 2 * len(pieces) + 2


@given(st.lists(st.builds(Line, SMALL, SMALL), min_size=3, max_size=9), st.integers(2, 4))
def test_an_envelope_cut_short_says_by_how_much_it_may_be_short(lines: list[Line], most: int) -> None:
    asked: list[Fraction] = []
    ask = _asked(lines, asked)
    pieces = envelope(lambda w: ask(w) if len(asked) < most else None, Fraction(0), Fraction(5))
    for piece in pieces:
        assert piece.short is not None
        for part in range(5):
            w = piece.low + (piece.high - piece.low) * Fraction(part, 4)
            assert 0 <= _best(lines, w) - piece.line.at(w) <= piece.short


def test_an_envelope_without_bounds_is_not_proved() -> None:
    pieces = envelope(lambda w: Seen(w, Line(1, 1), None, is_claimed=True), Fraction(0), Fraction(5))
    assert [(piece.short, piece.is_claimed) for piece in pieces] == [(None, True)]
    assert envelope(lambda w: None, Fraction(0), Fraction(5)) == ()


@given(st.lists(st.builds(Line, SMALL, SMALL), min_size=1, max_size=9))
def test_held_is_the_widest_interval_on_the_step_on_which_a_line_is_best(lines: list[Line]) -> None:
    own, step = lines[0], Fraction(1, 8)
    others = [Line(line.at_zero - own.at_zero, line.slope - own.slope) for line in lines]
    found = held(_asked(others, []), Fraction(0), Fraction(5), step=step)
    best = [n * step for n in range(41) if own.at(n * step) == _best(lines, n * step)]
    assert found == ((best[0], best[-1]) if best else None)
