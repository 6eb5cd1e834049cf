"""Where directors are too few: what is told of one small programme, and when a limit is the reason."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.explain import bottlenecks
from matcher.explain.bottlenecks import ask
from matcher.explain.questions import ask as ask_question
from matcher.explain.standing import Standing, build_standing
from matcher.matching import match
from matcher.words.catalog import Lang
from tests.problems import small_problem

ROWS: dict[str, Any] = {
    "directors": [{"prefecture": "Kochi"}, {"prefecture": "Kochi", "max_companies": 2}],
    "director_skills": [{"director_id": "d1", "skill": "EC", "level": 5}],
    "companies": [{"prefecture": "Miyagi"}, {"prefecture": "Miyagi"}, {"prefecture": "Kochi"}],
    "company_needs": [
        {"company_id": "c1", "skill": "EC", "level": 4, "must": True},
        {"company_id": "c2", "skill": "EC", "level": 3, "must": True},
    ],
}


def _standing(**more: Any) -> Standing:
    return build_standing(match(small_problem(**{**ROWS, **more})))


def test_two_companies_that_must_have_what_one_director_has_are_one_too_many() -> None:
    standing = _standing()
    (bottleneck,) = ask(standing).bottlenecks
    found = bottleneck.found
    assert (found.company_idx, found.director_idx, found.supply, found.shortage) == ((0, 1), (0,), 1, 1)
    assert (found.reason, found.allowed) == ("directors", None)


def test_the_profile_has_what_the_company_it_serves_needs_and_nothing_else() -> None:
    (bottleneck,) = ask(_standing()).bottlenecks
    assert bottleneck.advice is not None
    relief = bottleneck.advice.whole
    assert (relief.profile.prefecture, relief.profile.slots) == (4, 1)
    level = {0: 4, 1: 3}[relief.serves[0]]
    assert relief.profile.skills == (("EC", level),)
    assert len(relief.newly) == 1 and not relief.no_longer
    assert relief.loss.word == "proved" and (relief.loss.points or 0) < 0


def test_where_a_limit_lets_fewer_through_than_the_directors_it_is_the_reason() -> None:
    companies = [{"prefecture": "Miyagi", "kind": "municipality"}, *({"prefecture": "Miyagi"} for _ in range(4))]
    within = {"companies": companies, "company_needs": []}
    (first, *_) = ask(_standing(**within, policy={"limits": {"max_companies": 2}})).bottlenecks
    assert (first.found.supply, first.found.shortage) == (3, 2)
    assert (first.found.reason, first.found.allowed) == ("max_companies", 2)
    (first, *_) = ask(_standing(**within, policy={"limits": {"max_companies": 3}})).bottlenecks
    assert first.found.reason == "directors"
    quota = {"by": "prefecture", "value": "Miyagi", "max": 1}
    (first, *_) = ask(_standing(**within, policy={"limits": {"quotas": [quota]}})).bottlenecks
    assert (first.found.reason, first.found.allowed, first.found.quota) == ("quota", 1, 0)
    (first, *_) = ask(_standing(**within, policy={"limits": {"max_directors": 1}})).bottlenecks
    assert (first.found.reason, first.found.allowed) == ("max_directors", 2)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_words_name_the_set_the_profile_and_the_gain_but_no_names_to_a_company(lang: Lang) -> None:
    standing = _standing()
    text = ask_question(standing, "bottlenecks").to_text(lang)
    gain = -(ask(standing).bottlenecks[0].advice.whole.loss.points or 0)  # type: ignore[union-attr]
    assert f"{gain:,}" in text and "c2" in text and ("宮城県" if lang == "ja" else "Miyagi") in text
    assert "{" not in text and "None" not in text
    told = ask_question(standing, "bottlenecks", audience="company").to_text(lang)
    assert "c2" not in told and "d1" not in told and f"{gain:,}" in told


def test_the_record_says_everything_that_is_assumed_of_the_new_director() -> None:
    record = ask_question(_standing(), "bottlenecks").to_dict()
    relief = record["bottlenecks"][0]["advice"]["whole"]
    assert relief["gain_points"] == -relief["loss_points"] > 0
    assert relief["profile"]["prefecture"] == 4 and relief["profile"]["status"] == "engaged"
    assert {"fee_jpy_per_month", "results", "ties", "hours_per_month"} <= set(relief["profile"]["not_stated"])
    assert relief["newly_served"][0]["director_id"] is None


def test_nobody_is_short_where_slots_suffice() -> None:
    standing = _standing(company_needs=[])
    assert ask(standing).bottlenecks == ()
    assert "no month" in ask_question(standing, "bottlenecks").to_text("en")


def test_what_is_left_out_is_said_with_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = [{"prefecture": "Kochi", "max_companies": 2, "hours_per_month": 20} for _ in range(2)]
    places = ("Miyagi", "Miyagi", "Miyagi", "Kochi", "Kochi", "Kochi")
    taken = (11, 9.5, 8, 9.5, 8, 11)
    companies = [{"prefecture": place, "hours_per_month": n} for place, n in zip(places, taken, strict=True)]
    needs = [{"company_id": f"c{n}", "skill": "EC", "level": 3, "must": True} for n in (1, 2, 3)]
    standing = _standing(directors=hours, companies=companies, company_needs=needs)
    assert standing.residual is None
    whole = ask_question(standing, "bottlenecks")
    n = whole.to_dict()["n_sets"]
    assert n >= 2 and whole.to_dict()["n_sets_left_out"] == 0 and "left out" not in whole.to_text("en")
    monkeypatch.setattr(bottlenecks, "MAX_SETS", 1)
    monkeypatch.setattr(bottlenecks, "SMALL", 1)
    told = ask_question(standing, "bottlenecks")
    record = told.to_dict()
    assert (record["n_sets"], record["n_sets_left_out"], len(record["bottlenecks"])) == (n, n - 1, 1)
    assert record["bounds"] == {
        "sets": 1,
        "advised_sets": bottlenecks.N_SETS_OF_LARGE,
        "profiles_tried_per_set": 1,
        "because_pairs_exceed": 1,
    }
    assert f"足りないところは{n}件あり、不足の大きい1件を示しています。" in told.to_text("ja")
    assert "looked for in 1 set only, with 1 profile for each: 12 pairs were looked at" in told.to_text("en")
