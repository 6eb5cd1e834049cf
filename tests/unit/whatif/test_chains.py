"""Moves that hang together are one chain, and a chain names what it comes from only where that is certain."""

from __future__ import annotations

from matcher.whatif.chains import Difference, Move, Origin, chains_of


def _move(company: str, before: str | None, after: str | None, was: int = 0, becomes: int = 0) -> Move:
    return Move(company, before, after, None if before is None else was, None if after is None else becomes)


def _touching(director: str, number: int = 1) -> Origin:
    return Origin("set", number, rows=(Difference("directors", (director,), ("status",)),))


SETTINGS = Origin("policy", 2, settings=("limits.max_companies",))
FAR = Origin("set", 3, rows=(Difference("directors", ("d9",), ("note",)),))


def test_a_chain_is_told_in_the_order_in_which_one_takes_what_another_leaves() -> None:
    moves = [_move("k1", "d2", "d3", 50, 40), _move("k2", "d1", None, 90), _move("k3", None, "d2", becomes=70)]
    moves.append(_move("k4", "d3", "d1", 60, 65))
    (chain,) = chains_of(moves, [_touching("d1")])
    assert [move.company_id for move in chain.moves] == ["k2", "k4", "k1", "k3"]
    assert chain.points_change == -90 + 5 - 10 + 70
    assert (chain.cause.known, chain.cause.origins) == ("these", (_touching("d1"),))


def test_moves_without_a_director_in_common_are_chains_of_their_own() -> None:
    moves = [_move("k1", "d1", None, 80), _move("k2", None, "d2", becomes=70)]
    first, second = chains_of(moves, [_touching("d1"), FAR])
    assert [move.company_id for move in first.moves] == ["k1"]
    assert (first.points_change, second.points_change) == (-80, 70)
    assert not first.shares_places


def test_places_that_are_all_taken_join_who_leaves_and_who_enters() -> None:
    moves = [_move("k1", "d1", None, 80), _move("k2", None, "d2", becomes=70)]
    (chain,) = chains_of(moves, [_touching("d1")], is_full=True)
    assert chain.shares_places and chain.points_change == -10
    assert [move.kind for move in chain.moves] == ["left", "entered"]
    only_entering = chains_of([*moves[1:], _move("k3", None, "d3", becomes=7)], [SETTINGS], is_full=True)
    assert [chain.shares_places for chain in only_entering] == [False, False]


def test_a_cause_is_named_only_as_far_as_it_is_certain() -> None:
    moves = [_move("k1", "d1", None, 80)]
    known = {
        "none": [],
        "settings": [SETTINGS],
        "elsewhere": [FAR, SETTINGS],
        "these_and_more": [_touching("d1"), SETTINGS],
        "these": [FAR],  # nothing else is different
    }
    for word, origins in known.items():
        (chain,) = chains_of(moves, origins)
        assert chain.cause.known == word
    (chain,) = chains_of(moves, [_touching("d1"), SETTINGS])
    assert chain.cause.origins == (_touching("d1"),)


def test_a_row_touches_the_directors_and_companies_its_key_names() -> None:
    assert Difference("rivals", ("k1", "k2")).parties("companies") == ("k1", "k2")
    assert Difference("director_skills", ("d1", "EC")).parties("directors") == ("d1",)
    assert Difference("director_skills", ("d1", "EC")).parties("companies") == ()
    pin = Origin("pin", 1, rows=(Difference("pairs", ("d1", "k1", "pin"), side="after"),))
    assert set(pin.touched()) == {("director", "d1"), ("company", "k1")}


def test_ids_of_the_two_tables_are_not_mixed_up() -> None:
    same_id = [_move("x", "d1", None, 1), _move("k2", None, "x", becomes=2)]
    assert len(chains_of(same_id, [])) == 2
    assert [chain.cause.known for chain in chains_of(same_id, [_touching("x"), SETTINGS])] == [
        "elsewhere",
        "these_and_more",
    ]
