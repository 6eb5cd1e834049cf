"""How many people live where: counted by the census for prefectures and large cities, estimated for the others."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from matcher.domain.geography import municipality, municipality_codes, read_data

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOWN, _VILLAGE = 13_000, 3_900
"""About what a town and a village have on average, if their prefecture has as much to give."""

_CITY_OFFSET, _FIRST_CITY = 4, "201"
_WEIGHT = 1_000_000


@cache
def prefecture_population() -> Mapping[int, int]:
    """Return the people of each prefecture by JIS code, as the census of 2020-10-01 counted them.

    Examples
    --------
    >>> prefecture_population()[39], sum(prefecture_population().values())
    (691527, 126146099)
    """
    return MappingProxyType({int(code): n for code, n in read_data("population.json")["prefecture"].items()})


@cache
def municipality_population() -> Mapping[str, int]:
    """Return the people of each municipality by six-digit code; those of a prefecture add up to its census figure.

    Returns
    -------
    Counted for the twenty designated cities (their wards are left out) and the 23 wards of Tokyo. For the others an
    estimate: a town has 13,000 and a village 3,900 people; the rest of the prefecture goes to its cities in shares of
    1 / (4 + n), where n is the place in the order of codes, which is the order in which they became cities; the first
    city (code 201, mostly the capital) has 1/2.

    Notes
    -----
    Fit for spreading an invented programme over the country, and for nothing that needs the figure of one town:
    `SOURCES.md` beside the data says how far the estimates are off.

    Examples
    --------
    >>> municipality_population()["401307"], municipality_population()["392014"]  # counted, estimated
    (1612392, 145654)
    """
    counted: dict[str, int] = read_data("population.json")["municipality"]
    estimated: dict[str, int] = {}
    for prefecture, n_people in prefecture_population().items():
        codes = [code for code in municipality_codes() if int(code[:2]) == prefecture]
        rest = n_people - sum(counted.get(code, 0) for code in codes)
        estimated |= _shared([code for code in codes if code not in counted and not _is_ward(code)], rest)
    return MappingProxyType(dict(sorted((counted | estimated).items())))


def _shared(codes: list[str], n_people: int) -> dict[str, int]:
    """`n_people` shared out by kind and place, to the last of them."""
    small = {code: _TOWN if _name(code).endswith("町") else _VILLAGE for code in codes if not _is_city(code)}
    cities = [code for code in codes if _is_city(code)]
    n_small = min(sum(small.values()), n_people // 2)  # where all are few, the cities keep half of them
    weights = {
        code: _WEIGHT // (2 if code[2:5] == _FIRST_CITY else _CITY_OFFSET + place)
        for place, code in enumerate(cities, start=1)
    }
    return _apportioned(small, n_small) | _apportioned(weights, n_people - n_small)


def _apportioned(weights: dict[str, int], n_people: int) -> dict[str, int]:
    total, before, shares = sum(weights.values()), 0, {}
    for code, weight in weights.items():
        shares[code] = (before + weight) * n_people // total - before * n_people // total
        before += weight
    return shares


def _name(code: str) -> str:
    found = municipality(code)
    return "" if found is None else found.name_ja


def _is_city(code: str) -> bool:
    return _name(code).endswith("市")


def _is_ward(code: str) -> bool:
    """A ward of a designated city: its people are counted with the city."""
    return _name(code).endswith("区")
