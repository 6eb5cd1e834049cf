"""People by prefecture and municipality: the census where it counts, an estimate that adds up elsewhere."""

from __future__ import annotations

from collections import Counter

from matcher.domain.geography import municipality, municipality_codes
from matcher.domain.population import municipality_population, prefecture_population

# 2020 census, final counts, as printed in the Statistics Bureau's summary.
NATION, TOKYO_WARDS, TOKYO = 126_146_099, 9_733_276, 14_047_594


def test_census_figures_add_up_to_the_nation_and_to_the_wards_of_tokyo() -> None:
    assert sum(prefecture_population().values()) == NATION
    assert prefecture_population()[13] == TOKYO
    assert sum(n for code, n in municipality_population().items() if code.startswith("131")) == TOKYO_WARDS


def test_municipalities_of_a_prefecture_add_up_to_its_census_figure() -> None:
    added: Counter[int] = Counter()
    for code, n_people in municipality_population().items():
        added[int(code[:2])] += n_people
    assert added == prefecture_population()


def test_every_municipality_has_people_and_wards_are_counted_with_their_city() -> None:
    people = municipality_population()
    named = {code: found.name_ja for code in municipality_codes() if (found := municipality(code))}
    without = {code for code in named if code not in people}
    assert min(people.values()) > 1_000
    assert len(people) == 1741  # 1,718 cities, towns and villages, and the 23 wards
    assert all("市" in named[code] and named[code].endswith("区") for code in without)


def test_the_first_city_is_the_largest_of_the_estimated_ones() -> None:
    people = municipality_population()
    kochi = {code: n for code, n in people.items() if code.startswith("39")}
    assert max(kochi, key=kochi.__getitem__) == "392014"
    assert people["393011"] < people["392111"] < people["392022"]  # a town, the last city, the second city
