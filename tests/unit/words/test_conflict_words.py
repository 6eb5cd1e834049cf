"""What a person reads where there is no plan, in both languages."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from matcher.cli.show import plan_lines
from matcher.matching import match
from matcher.model.answer import Answer
from matcher.model.solvers import flow
from matcher.plan.document import (
    Bottleneck,
    BottleneckPart,
    Conflict,
    ConflictRow,
    DemandChange,
    NotEnough,
    Relaxation,
    Word,
)
from matcher.plan.plan import Plan
from matcher.words.catalog import Lang
from matcher.words.conflicts import Passage, conflict_passages
from matcher.words.facts import facts_of
from matcher.words.families import FAMILY_NAMES
from tests.plans import COMPANIES, DIRECTORS, infeasible_plan, pilot_plan, problem_of
from tests.problems import small_problem

FACTS = facts_of(problem_of(DIRECTORS, COMPANIES))
LANGS: tuple[Lang, ...] = get_args(Lang)
ROW = ConflictRow(family="slots", subject="D2", subject_kind="director", lower=None, upper=1, members=(), n_members=0)


def _change(family: str, **more: Any) -> DemandChange:
    return DemandChange(
        **{"family": family, "side": "most", "subject": None, "subject_kind": "plan", "amount": 1, **more}
    )


def _slot(director: str, amount: float = 1) -> DemandChange:
    return _change("slots", subject=director, subject_kind="director", amount=amount, before=1, after=1 + amount)


def _pin(director: str, company: str) -> DemandChange:
    return _change("pins", side="drop", subject=director, subject_kind="pair", company_id=company)


QUOTA = _change("quota:kind", side="least", subject="municipality", subject_kind="quota", amount=1, before=3, after=2)


def _enough(*changes: DemandChange, least: Word = "proved") -> Relaxation:
    return Relaxation(changes=changes, word="proved", least=least)


def _passages(lang: Lang, **parts: Any) -> list[Passage]:
    conflict = Conflict(**{"rows": (ROW,), "pins": (), "is_irreducible": True, "word": "proved", **parts})
    return conflict_passages(conflict, FACTS, lang)


def _lines(lang: Lang, *found: Relaxation, **parts: Any) -> tuple[str, ...]:
    return _passages(lang, relaxations=found, **parts)[-1].lines


def test_quota_says_how_many_have_any_director_and_which() -> None:
    row = ConflictRow(
        family="quota:kind",
        subject="municipality",
        subject_kind="quota",
        lower=3,
        upper=None,
        members=("0004", "C6"),
        n_members=2,
    )
    assert _passages("ja", rows=(row,))[0].lines == (
        "区分が「自治体」の企業を3社以上支援します。しかし、担当できるディレクターがいるのは2社だけです：琴平町（0004）、C6",
    )
    assert _passages("en", rows=(row,))[0].lines == (
        "At least 3 companies with kind “municipality”, but only 2 of them can have any director: 琴平町 (0004), C6",
    )
    enough = row.model_copy(update={"lower": 2})
    assert "だけです" not in _passages("ja", rows=(enough,))[0].lines[0]
    many = row.model_copy(update={"lower": 40, "members": ("C6",) * 20, "n_members": 39})
    assert _passages("en", rows=(many,))[0].lines[0].endswith("C6, …")


def test_what_is_enough_is_told_with_numbers_and_whether_less_would_do() -> None:
    assert _lines("ja", _enough(QUOTA)) == (
        "区分が「自治体」の企業の下限を3社から2社に下げる。これより小さい変更では足りないことも証明済みです。",
    )
    assert _lines("en", _enough(QUOTA, least="unknown")) == (
        "Lowering the minimum of the quota kind “municipality” from 3 to 2 is enough. "
        "Whether less would be enough is unknown.",
    )


def test_same_change_for_several_directors_is_one_line() -> None:
    assert _lines("en", _enough(_slot("D1")), _enough(_slot("D2")), _enough(_slot("D3", 2))) == (
        "1 more slot for any of 北原 澪 (D1), 瀬戸 航平 (D2) is enough. Less is proved not to be enough.",
        "2 more slots for 能登 香 (D3) is enough. Less is proved not to be enough.",
    )
    assert _lines("ja", _enough(_slot("D1")), _enough(_slot("D2")))[0].startswith(
        "北原 澪（D1）、瀬戸 航平（D2）のいずれか1名の担当枠をあと1枠増やす。"
    )


def test_hours_are_told_in_hours() -> None:
    hours = _change("hours", subject="D2", subject_kind="director", amount=10.5, before=40, after=50.5)
    assert _lines("ja", _enough(hours))[0].startswith("瀬戸 航平（D2）の稼働時間をあと月10.5時間増やす。")
    assert _lines("en", _enough(hours))[0].startswith("10.5 more hours a month for 瀬戸 航平 (D2) is enough.")


def test_pins_are_dropped_one_of_several() -> None:
    assert _lines("en", _enough(_pin("D1", "C6"))) == ("Dropping the pin 北原 澪 (D1) – C6 is enough.",)
    assert _lines("ja", _enough(_pin("D1", "C6")), _enough(_pin("D4", "C6"))) == (
        "次の組合せの固定のどれか一つをやめる：北原 澪（D1）とC6、D4とC6。",
    )


def test_changes_that_only_help_together_say_so() -> None:
    (passage,) = _passages("en", relaxations=(_enough(QUOTA, _slot("D2")),))[1:]
    assert passage.heading.startswith("No single change was found to be enough.")
    assert passage.lines[0].startswith(
        "All of these together are enough: lowering the minimum of the quota kind “municipality” from 3 to 2; "
        "1 more slot for 瀬戸 航平 (D2). No smaller combination is enough"
    )


def test_what_is_not_enough_or_not_tried_is_said() -> None:
    alone = [
        NotEnough(family="slots", side="most", subject="D2", subject_kind="director", word="proved"),
        NotEnough(family="pins", side="drop", subject="D2", subject_kind="pair", company_id="C6", word="claimed"),
    ]
    assert _lines("en", _enough(QUOTA), not_enough=tuple(alone), n_untried=3)[1:] == (
        "Not enough alone, however far it is relaxed (proved): directors' slots (瀬戸 航平 (D2))",
        "Not enough alone, however far it is relaxed (claimed): pinned pairs (瀬戸 航平 (D2) – C6)",
        "Demands not decided within the limits of the search: 3",
    )
    assert _passages("ja", n_untried=1)[-1] == Passage(
        "計画が成り立つ変更は見つかりませんでした", ("計算の上限までに調べ終わらなかった条件：1件",)
    )


def _part(family: str, amount: float, *subjects: str, kind: Any = "director", n: int = 0) -> BottleneckPart:
    return BottleneckPart(
        family=family, amount=amount, subjects=subjects, subject_kind=kind, n_subjects=n or len(subjects)
    )


def _bottleneck(unit: str, asks: BottleneckPart, gives: BottleneckPart, **more: Any) -> Bottleneck:
    parts = {"loose": 0, "companies": ("C6",), "n_companies": 1, "directors": ("D4",), "n_directors": 1, **more}
    supply = gives.amount + parts["loose"]
    return Bottleneck(
        unit=unit,
        demand=asks.amount,
        supply=supply,
        shortfall=asks.amount - supply,
        asks=(asks,),
        gives=(gives,),
        **parts,
    )


def test_bottleneck_adds_up_demand_supply_and_shortfall() -> None:
    found = _bottleneck(
        "companies", _part("quota:kind", 3, "municipality", kind="quota"), _part("slots", 1, "D4"), loose=1
    )
    passage = _passages("ja", bottleneck=found)[1]
    assert passage == Passage(
        "どこで足りないか",
        (
            "必要なのは3社（区分ごとの枠 3社：自治体）ですが、"
            "あるのは2社（ディレクターの担当枠 1枠：D4、ほかの組合せ 1社）で、少なくとも1社足りません。",
            "C6を担当できるのはD4だけです。",
        ),
    )


def test_shortfall_is_exact_only_where_just_so_much_was_found_to_be_enough() -> None:
    asks = _part("quota:kind", 3, "municipality", kind="quota")
    found = _bottleneck("companies", asks, _part("slots", 2, "D4"))
    for way, said in (
        (_enough(_slot("D4")), "で、1社足りません"),
        (_enough(QUOTA), "で、1社足りません"),
        (_enough(_slot("D4", 2)), "で、少なくとも1社足りません"),
        (_enough(_slot("D4"), QUOTA), "で、少なくとも1社足りません"),
        (_enough(_pin("D4", "C6")), "で、少なくとも1社足りません"),
    ):
        assert said in _passages("ja", bottleneck=found, relaxations=(way,))[1].lines[0]
    in_hours = _bottleneck("hours", _part("quota:kind", 81, "municipality", kind="quota"), _part("hours", 80, "D4"))
    assert "Short by at least 1 hour" in _passages("en", bottleneck=in_hours, relaxations=(_enough(QUOTA),))[1].lines[0]


def test_bottleneck_of_hours_is_told_in_hours_and_long_lists_are_cut() -> None:
    gives = _part("hours", 80, *["D4"] * 20, n=31)
    found = _bottleneck("hours", _part("quota:kind", 90.5, "municipality", kind="quota"), gives, companies=())
    (line,) = _passages("en", bottleneck=found)[1].lines
    assert line.startswith("Needed: at least 90.5 hours a month (quotas by kind: 90.5 hours a month, of municipality).")
    assert "D4, … (31 in all))" in line
    assert line.endswith("Short by at least 10.5 hours a month.")


def test_bottleneck_that_a_quotas_own_line_tells_is_not_told_twice() -> None:
    asks = _part("quota:kind", 3, "municipality", kind="quota")
    found = _bottleneck("companies", asks, _part("one_director", 2, "C6", kind="company"))
    assert len(_passages("ja", bottleneck=found)) == 2
    asks = _part("min_companies_per_director", 3, "D4")
    found = _bottleneck("companies", asks, _part("one_director", 2, "C6", kind="company"))
    assert len(_passages("ja", bottleneck=found)) == 3


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("family", sorted(FAMILY_NAMES))
@pytest.mark.parametrize("side", ["least", "most", "drop"])
@pytest.mark.parametrize("known", [True, False])
def test_every_family_can_give_way_in_words(lang: Lang, family: str, side: Any, known: bool) -> None:
    if (side == "drop") != (family in ("pins", "rivals")) or (family == "quota" and not known):
        return
    kind = {"pins": "pair", "rivals": "rivals", "quota": "quota"}.get(family, "director")
    subject = {"rivals": "C1 / C6", "quota": "municipality"}.get(family, "D2")
    change = _change(
        f"{family}:kind" if family == "quota" else family,
        side=side,
        subject=subject,
        subject_kind=kind,
        company_id="C6" if family == "pins" else None,
        before=3 if known else None,
        after=4 if known else None,
    )
    for word in get_args(Word):
        (line,) = _lines(lang, _enough(change, least=word))
        assert "{" not in line
        together = _lines(lang, _enough(change, QUOTA, least=word))[0]
        assert "{" not in together
    name = NotEnough(**{key: getattr(change, key) for key in NotEnough.model_fields if key != "word"}, word="proved")
    assert "{" not in _lines(lang, not_enough=(name,))[0]


def test_rows_that_say_what_a_plan_is_are_one_line_after_the_demands() -> None:
    def company(subject: str) -> ConflictRow:
        return ConflictRow(
            family="one_director", subject=subject, subject_kind="company", lower=None, upper=1, members=(), n_members=0
        )

    lines = _passages("ja", rows=(company("C6"), company("0004"), ROW))[0].lines
    assert (len(lines), lines[-1]) == (2, "1社を担当するディレクターは1名までです：C6、琴平町（0004）")
    assert _passages("ja", rows=(company("C6"), ROW))[0].lines[0].startswith("C6を担当するディレクターは1名までです。")


def test_limit_of_the_whole_plan_does_not_list_everybody() -> None:
    limit = ConflictRow(family="max_companies", subject=None, lower=None, upper=3, members=("C6",), n_members=1)
    assert _passages("en", rows=(limit,))[0].lines == ("The plan serves at most 3 companies.",)


def test_nothing_is_told_where_there_is_no_conflict() -> None:
    assert conflict_passages(None, FACTS, "ja") == []
    assert conflict_passages(Conflict(rows=(), pins=(), is_irreducible=False, word="unknown"), FACTS, "ja") == []
    assert len(conflict_passages(infeasible_plan().document.conflict, FACTS, "ja")) == 2


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "ソルバーは「計画はない」と報告しましたが、別の計算では裏づけられませんでした。"),
        ("en", "The solver reports that there is no plan, but no second check confirms it."),
    ],
)
def test_claim_without_a_second_witness_is_called_unconfirmed(
    monkeypatch: pytest.MonkeyPatch, lang: Lang, said: str
) -> None:
    monkeypatch.setattr(flow, "solve", lambda formulation, limits, **_: Answer("infeasible", "flow"))
    lines = "\n".join(plan_lines(match(small_problem(directors=2, companies=2)), [], lang))
    assert said in lines
    assert {"ja": "時間のうちに", "en": "in the time given"}[lang] not in lines
    out_of_time: Plan = pilot_plan(status="unknown", assignments=())
    assert said not in "\n".join(plan_lines(out_of_time, [], lang))
