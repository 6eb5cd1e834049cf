"""Whether a pair stands in a best plan: the best plan, and the best one with the pair, compared tier by tier."""

from __future__ import annotations

from dataclasses import replace

from matcher.explain.losses import Word
from matcher.explain.standing import Optimum
from matcher.modelling import Model


def forced(model: Model, column: int) -> Model:
    """The model with one pair demanded."""
    lower = model.formulation.column_lower.copy()
    lower[column] = 1
    return replace(model, formulation=replace(model.formulation, column_lower=lower))


def is_in_best(best: Optimum, demanded: Optimum) -> tuple[bool | None, Word]:
    """Whether the best plan with the pair is as good as the best plan, and how sure that is.

    Notes
    -----
    Yes is proved where every tier is proved in both and equal. No is proved where the best plan has more in a tier
    than any plan with the pair can, and the tiers before are proved equal.
    """
    if best.values[0] is None:
        return None, "unknown"
    if demanded.values[0] is None:
        return (None, "unknown") if demanded.is_possible is not False else (False, demanded.none_word)
    word: Word = "proved"
    for place, tier in enumerate(best.tiers):
        value, other, most = best.values[place], demanded.values[place], demanded.bounds[place]
        if value is None or other is None:
            return None, "unknown"
        words = {best.words[place], demanded.words[place]}
        is_bound_sure = tier != "worst_match" or demanded.words[place] == "proved"
        if most is not None and is_bound_sure and value > most:
            return False, word
        if "unknown" in words or other > value:
            return None, "unknown"
        if words != {"proved"}:
            word = "claimed"
        if value > other:
            return False, word
    return True, word
