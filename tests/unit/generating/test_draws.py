"""Draws follow from their key alone, and pick what their weights say."""

from __future__ import annotations

import numpy as np

from matcher.generating.draws import CHUNK, Draws, along, below, chance, distinct, pick, pick_by


def test_bits_are_the_same_on_every_machine() -> None:
    # Fixed once: NumPy keeps Philox's raw bits for good, and this is what every file of a programme hangs on.
    assert Draws(1, "companies", 0).bits("place")[:3].tolist() == FIRST_BITS


FIRST_BITS = [14831560089410883344, 13067954207618192969, 8478781003002267344]


def test_every_column_table_chunk_and_seed_has_bits_of_its_own() -> None:
    keys = [
        (1, "companies", 0, "kind"),
        (2, "companies", 0, "kind"),
        (1, "pairs", 0, "kind"),
        (1, "companies", 1, "kind"),
    ]
    keys.append((1, "companies", 0, "place"))
    firsts = {int(Draws(seed, table, chunk).bits(column)[0]) for seed, table, chunk, column in keys}
    assert len(firsts) == len(keys)


def test_pick_takes_places_as_often_as_their_weights_say_and_never_those_of_weight_0() -> None:
    counts = np.bincount(pick(Draws(3, "t", 0).bits("c"), (1, 0, 2, 5)), minlength=4)
    assert counts.sum() == CHUNK and counts[1] == 0
    assert np.abs(counts - CHUNK * np.array([1, 0, 2, 5]) / 8).max() < 5 * np.sqrt(CHUNK)


def test_pick_by_picks_from_the_row_of_the_group() -> None:
    bits = Draws(3, "t", 0).bits("c", 2)
    group = np.arange(CHUNK, dtype=np.int64) % 2
    picked = pick_by(bits, group, ((1, 0, 0), (0, 3, 1)))
    assert picked.shape == (CHUNK, 2)
    assert set(picked[group == 0].ravel().tolist()) == {0}
    shares = np.bincount(picked[group == 1].ravel(), minlength=3) / CHUNK
    assert shares[0] == 0 and abs(shares[1] - 0.75) < 0.02 and abs(shares[2] - 0.25) < 0.02


def test_along_has_the_quantiles_it_is_given() -> None:
    values = along(Draws(3, "t", 0).bits("c"), (0, 10, 100, 1000))
    assert values.min() == 0 and values.max() < 1000
    assert np.abs(np.quantile(values, (1 / 3, 2 / 3)) - (10, 100)).max() < 6


def test_below_and_chance_stay_in_their_range() -> None:
    bits = Draws(3, "t", 0).bits("c")
    assert set(below(bits, 3).tolist()) == {0, 1, 2}
    assert abs(chance(bits, 200).mean() - 0.2) < 0.02
    assert not chance(bits, 0).any() and chance(bits, 1000).all()


def test_distinct_keeps_the_first_of_equals() -> None:
    codes = np.array([[4, 4, 2, 4], [1, 2, 3, 2]])
    assert distinct(codes).tolist() == [[True, False, True, False], [True, True, True, False]]
