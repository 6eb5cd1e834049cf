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


def test_places_join_nobody_where_it_is_not_certain_who_takes_whose() -> None:
    moves = [_move("k1", "d1", None, 80), _move("k2", "d2", None, 70)]
    moves += [_move("k3", None, "d3", becomes=60), _move("k4", None, "d4", becomes=50)]
    chains = chains_of(moves, [_touching("d1")], is_full=True)
    assert [len(chain.moves) for chain in chains] == [1, 1, 1, 1]
    one_gives = [_move("k1", "d1", None, 80), _move("k2", "d1", None, 70), *moves[2:]]
    (chain,) = chains_of(one_gives, [_touching("d1")], is_full=True)
    assert [move.company_id for move in chain.moves] == ["k1", "k2", "k3", "k4"]
    more_places = [*moves[:1], *moves[2:]]
    assert not any(chain.shares_places for chain in chains_of(more_places, [], is_full=True))
    balanced = [*moves[:1], _move("k5", None, "d1", becomes=1)]
    assert [chain.shares_places for chain in chains_of(balanced, [], is_full=True)] == [False]


def test_moves_of_plans_that_are_not_proved_are_laid_at_nobodys_door() -> None:
    moves = [_move("k1", "d1", None, 80), _move("k2", None, "d2", becomes=70)]
    touched, other = chains_of(moves, [_touching("d1")], is_proved=False)
    assert (touched.cause.known, touched.cause.origins) == ("unproved", (_touching("d1"),))
    assert (other.cause.known, other.cause.origins) == ("unproved", ())


def test_a_change_that_changes_nothing_is_no_cause() -> None:
    empty = Origin("set", 1)
    (chain,) = chains_of([_move("k1", "d1", None, 80)], [empty, _touching("d7", 2)])
    assert (chain.cause.known, chain.cause.origins) == ("these", (_touching("d7", 2),))


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
