"""What an invented programme is like: its sizes, its places, its blanks, its people; and that it never changes."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest

from matcher.domain.population import prefecture_population
from matcher.errors import UsageError
from matcher.generating import Programme, companies, directors, vocabulary
from matcher.generating.columns import Rows
from matcher.generating.draws import CHUNK
from matcher.generating.programme import MOST_COMPANIES, TABLES

Cells = dict[str, list[object]]


def whole(programme: Programme) -> dict[str, Cells]:
    """Every table of a programme, as cells."""
    parts: dict[str, list[Rows]] = {}
    for tables in programme.chunks():
        for name, columns in tables.items():
            parts.setdefault(name, []).append(columns)
    return {
        name: {field: [cell for rows in found for cell in rows[field].cells()] for field in found[0]}
        for name, found in parts.items()
    }


@pytest.fixture(scope="module")
def large() -> dict[str, Cells]:
    return whole(Programme(n_directors=400, n_companies=CHUNK + 3616, seed=5))


def share_blank(cells: Sequence[object]) -> float:
    return sum(cell is None for cell in cells) / len(cells)


def test_every_table_is_there_with_the_rows_that_were_asked_for(large: dict[str, Cells]) -> None:
    assert sorted(large) == sorted(TABLES)
    assert [len(large[name]["id"]) for name in ("directors", "companies", "people")] == [400, 20_000, 2_000]
    for name in ("directors", "companies", "people"):
        assert len(set(large[name]["id"])) == len(large[name]["id"])
        assert large[name]["id"] == sorted(map(str, large[name]["id"]))


def test_a_company_follows_from_seed_and_number_alone() -> None:
    small, more = (whole(Programme(n_directors=3, n_companies=n, seed=9)) for n in (700, CHUNK + 900))
    assert small["companies"] == {field: cells[:700] for field, cells in more["companies"].items()}
    n_needs = len(small["company_needs"]["skill"])
    assert small["company_needs"] == {field: cells[:n_needs] for field, cells in more["company_needs"].items()}
    assert more["company_needs"]["company_id"][n_needs] > "C0000700"
    other = whole(Programme(n_directors=3, n_companies=700, seed=10))
    assert other["companies"]["prefecture"] != small["companies"]["prefecture"]


def test_companies_stand_where_people_live(large: dict[str, Cells]) -> None:
    from matcher.domain.geography import prefecture_code

    counts = Counter(prefecture_code(str(name)) for name in large["companies"]["prefecture"])
    expected = {code: 20_000 * n / 126_146_099 for code, n in prefecture_population().items()}
    chi_square = sum((counts[code] - n) ** 2 / n for code, n in expected.items())
    assert set(counts) == set(expected)
    assert chi_square < 81.4  # 46 degrees of freedom: exceeded by chance once in a thousand seeds


def test_a_municipality_lies_in_its_prefecture_and_large_ones_come_most_often(large: dict[str, Cells]) -> None:
    from matcher.domain.geography import prefecture_name

    codes = large["companies"]["municipality_code"]
    for code, prefecture in zip(codes, large["companies"]["prefecture"], strict=True):
        assert code is None or prefecture_name(int(str(code)[:2])) == prefecture
    assert Counter(code for code in codes if code).most_common(1)[0][0] == "141003"  # Yokohama


def test_regions_live_from_what_they_are_known_for(large: dict[str, Cells]) -> None:
    def share(letter: str, prefecture: str) -> float:
        found = [
            industry
            for industry, where in zip(large["companies"]["industry"], large["companies"]["prefecture"], strict=True)
            if where == prefecture and industry is not None
        ]
        return found.count(letter) / len(found)

    assert share("A", "北海道") > 2 * share("A", "東京都")
    assert share("E", "愛知県") > 1.2 * share("E", "東京都")
    assert share("M", "沖縄県") > 1.2 * share("M", "埼玉県")


@pytest.mark.parametrize("field", [name for name in companies.MISSING if name not in ("ratings", "revenue_jpy")])
def test_cells_of_companies_are_blank_as_often_as_they_should(large: dict[str, Cells], field: str) -> None:
    assert share_blank(large["companies"][field]) == pytest.approx(companies.MISSING[field] / 1000, abs=0.015)


@pytest.mark.parametrize("field", companies.RATED)
def test_some_companies_were_never_interviewed(large: dict[str, Cells], field: str) -> None:
    assert share_blank(large["companies"][field]) == pytest.approx(0.18 + 0.82 * 0.04, abs=0.015)


@pytest.mark.parametrize("field", ["available_from", "fee_jpy_per_month", "max_distance_km", "style"])
def test_cells_of_directors_are_blank_as_often_as_they_should(large: dict[str, Cells], field: str) -> None:
    assert share_blank(large["directors"][field]) == pytest.approx(directors.MISSING[field] / 1000, abs=0.07)


def test_skills_have_a_long_tail(large: dict[str, Cells]) -> None:
    counts = Counter(large["company_needs"]["skill"])
    ranked = [n for _, n in counts.most_common()]
    assert len(counts) == len(vocabulary.SKILLS)
    assert ranked[0] > 10 * ranked[-1]
    assert 0.3 < sum(ranked[:8]) / sum(ranked) < 0.6


def test_needs_follow_the_goal(large: dict[str, Cells]) -> None:
    goal_of = dict(zip(large["companies"]["id"], large["companies"]["goal"], strict=True))
    needs = zip(large["company_needs"]["company_id"], large["company_needs"]["skill"], strict=True)
    by_goal = Counter((goal_of[company], skill) for company, skill in needs)
    n_of = Counter(goal_of.values())
    off_season = by_goal["fill_off_season", "体験プログラム"] / n_of["fill_off_season"]
    assert off_season > 3 * by_goal["raise_revenue", "体験プログラム"] / n_of["raise_revenue"]


def test_no_director_has_the_skills_that_nobody_offers_but_a_project_member_does(large: dict[str, Cells]) -> None:
    unoffered = set(vocabulary.SKILLS[-vocabulary.N_UNOFFERED :])
    assert not unoffered & set(large["director_skills"]["skill"])
    assert unoffered <= set(large["person_skills"]["skill"])
    assert unoffered <= set(large["company_needs"]["skill"])


def test_a_few_directors_are_wished_for_by_many(large: dict[str, Cells]) -> None:
    wished = Counter(
        director
        for director, rule in zip(large["pairs"]["director_id"], large["pairs"]["rule"], strict=True)
        if rule == "wish_company"
    )
    ranked = [n for _, n in wished.most_common()]
    assert 0.2 < sum(wished.values()) / 20_000 < 0.3
    assert 0.5 < sum(ranked[:8]) / sum(ranked) < 0.65  # eight of four hundred stand out
    assert ranked[0] > 50 * np.median(ranked)


def test_people_form_a_small_world(large: dict[str, Cells]) -> None:
    graph = nx.Graph()
    ties = zip(large["ties"]["from_id"], large["ties"]["to_id"], strict=True)
    graph.add_edges_from((one, other) for one, other in ties if str(one)[0] == str(other)[0] == "P")
    n, degree = graph.number_of_nodes(), 2 * graph.number_of_edges() / graph.number_of_nodes()
    assert (n, degree) == (2_000, 4.0)  # no tie is lost by naming a pair twice
    assert nx.average_clustering(graph) > 0.3  # a random graph of this size and degree has 0.002
    sample = sorted(graph)[::200]
    steps = [nx.single_source_shortest_path_length(graph, start) for start in sample]
    mean = np.mean([d for found in steps for d in found.values()])
    assert mean < 12  # the bare ring has 250


def test_every_director_knows_somebody_and_no_tie_comes_twice(large: dict[str, Cells]) -> None:
    ties = list(zip(large["ties"]["from_id"], large["ties"]["to_id"], strict=True))
    assert len({frozenset(tie) for tie in ties}) == len(ties)
    assert all(one != other for one, other in ties)
    knows_people = {one for one, other in ties if str(one).startswith("D") and str(other).startswith("P")}
    assert knows_people == set(large["directors"]["id"])


def test_rivals_are_of_one_industry_and_prefecture(large: dict[str, Cells]) -> None:
    table = large["companies"]
    of = {
        key: (where, what) for key, where, what in zip(table["id"], table["prefecture"], table["industry"], strict=True)
    }
    pairs = list(zip(large["rivals"]["company_id"], large["rivals"]["other_id"], strict=True))
    assert len(pairs) > 200
    for one, other in pairs:
        assert one > other and of[one][0] == of[other][0]
        assert None in (of[one][1], of[other][1]) or of[one][1] == of[other][1]


def test_references_hold_and_names_differ(large: dict[str, Cells]) -> None:
    known = {*large["directors"]["id"], *large["companies"]["id"], *large["people"]["id"]}
    for table, fields in REFERENCES.items():
        for field in fields:
            assert set(large[table][field]) <= known, (table, field)
    for table in ("directors", "companies", "people"):
        assert len(set(large[table]["name"])) == len(large[table]["name"])
        assert all("架空" in str(name) for name in large[table]["name"])


REFERENCES = {
    "director_skills": ("director_id",),
    "director_regions": ("director_id",),
    "director_results": ("director_id",),
    "company_needs": ("company_id",),
    "person_skills": ("person_id",),
    "ties": ("from_id", "to_id"),
    "pairs": ("director_id", "company_id"),
    "rivals": ("company_id", "other_id"),
    "engagements": ("director_id",),
    "ratings": ("subject_id",),
}


@pytest.mark.parametrize(("n_directors", "n_companies"), [(1, 1), (2, 1), (1, 30), (60, 2)])
def test_the_smallest_programmes_are_whole(n_directors: int, n_companies: int) -> None:
    tables = whole(Programme(n_directors=n_directors, n_companies=n_companies, seed=3))
    assert sorted(tables) == sorted(TABLES)
    for table in tables.values():
        assert len({len(cells) for cells in table.values()}) == 1
    assert tables["directors"]["status"][0] == "engaged"
    ties = list(zip(tables["ties"]["from_id"], tables["ties"]["to_id"], strict=True))
    assert all(one != other for one, other in ties)
    assert len(set(ties)) == len(ties)


def test_no_two_directors_work_with_the_same_company() -> None:
    tables = whole(Programme(n_directors=3_000, n_companies=200, seed=3))
    running = tables["engagements"]["company_id"]
    assert len(set(running)) == len(running)
    assert {str(one)[0] for one in running} == {"C", "X"}


def test_chunks_hold_no_more_than_their_size() -> None:
    for tables in itertools.islice(Programme(n_directors=1, n_companies=3_400_000).chunks(), 4):
        assert all(len(next(iter(columns.values()))) <= 6 * CHUNK for columns in tables.values())


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"n_directors": 0}, "generate_too_few"),
        ({"n_companies": -1}, "generate_too_few"),
        ({"n_companies": 10**12}, "generate_too_many"),
        ({"n_directors": 10**6}, "generate_too_many"),
        ({"seed": -1}, "generate_seed"),
        ({"seed": 2**63}, "generate_seed"),
    ],
)
def test_numbers_out_of_range_are_refused(numbers: dict[str, int], code: str) -> None:
    with pytest.raises(UsageError) as told:
        Programme(**{"n_directors": 5, "n_companies": 5, **numbers})
    assert told.value.code == code
    assert Programme(n_directors=1, n_companies=MOST_COMPANIES, seed=2**63 - 1).most_served() == 2
