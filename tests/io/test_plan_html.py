"""The report's text, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from matcher.io.plan_html import render_plan_html, write_plan_html
from matcher.io.report_map import build_map, great_circles
from matcher.words.facts import facts_of
from tests.plans import (
    DIRECTORS,
    PILOT_MATCHES,
    document_of,
    empty_plan,
    flagged_plan,
    infeasible_plan,
    large_plan,
    match_of,
    pilot_plan,
    plan_of,
    problem_of,
    same_ids_plan,
    short_of_slots_plan,
)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("make", [pilot_plan, infeasible_plan, empty_plan])
def test_report_names_no_host_but_in_user_text(make: object, lang: str) -> None:
    html = render_plan_html(make(), lang)
    assert set(re.findall(r"https?://[^\s<\"]+", html)) <= {"https://host.invalid/x"}
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=\"(?!data:)", html)
    assert f'<html lang="{lang}">' in html


def test_report_escapes_user_text() -> None:
    html = render_plan_html(pilot_plan(), "ja")
    assert "&lt;b&gt;𠮷髙&lt;/b&gt; &amp; ㈱泡盛" in html
    assert "<b>𠮷髙" not in html


def test_report_says_claimed_and_unknown_in_words() -> None:
    plan = pilot_plan()
    for word, shown in (("claimed", "ソルバーの申告"), ("unknown", "未確認")):
        certificate = plan.certificate.model_copy(update={"word": word, "bound": 28_000, "gap": 0.0105})
        html = render_plan_html(pilot_plan(certificate=certificate), "ja")
        assert f'<p class="word">{shown}</p>' in html
        assert "1.05%" in html


def test_report_tells_where_it_falls_short_and_what_is_enough() -> None:
    html = render_plan_html(short_of_slots_plan(), "en")
    section = html.partition('<section class="conflict"')[2].partition("</section>")[0]
    titles = re.findall(r"<h3>(.*?)</h3>", section)
    assert [title.partition(",")[0] for title in titles] == [
        "Where it falls short",
        "Any one of these makes room for a plan",
    ]
    assert "<li>1 more slot for any of d1, d2 is enough. Less is proved not to be enough.</li>" in section
    assert section.index("Only d1, d2 can serve c1, c2, c3.") < section.index(titles[1])


def test_report_says_what_a_bound_presumes() -> None:
    plan = pilot_plan()
    certificate = plan.certificate.model_copy(update={"given": ("fewest_changes",), "word": "claimed"})
    html = render_plan_html(pilot_plan(certificate=certificate), "en")
    assert "among the plans that are best for fewest changes" in html
    assert "best over all eligible pairs" not in html
    assert "<dd>all eligible pairs, among the plans that are best for fewest changes</dd>" in html
    assert "Each line is decided among the plans that are best for the lines above it" in html


def test_cards_are_tagged_with_relations_that_ask_for_something() -> None:
    html = render_plan_html(flagged_plan(), "ja")
    assert html.count('<span class="tag flag needs_approval">要承認：親族</span>') == 1
    assert html.count('<span class="tag flag disclose">要開示：取引</span>') == 1
    assert html.count('<span class="tag flag disclose">要開示</span>') == 1
    assert 'class="tag flag' not in render_plan_html(pilot_plan(), "ja")


def test_rows_show_relations_before_they_are_opened() -> None:
    companies = [{"id": f"C{i}", "prefecture": 1} for i in range(30)]
    problem = problem_of([{**DIRECTORS[0], "max_companies": 30}], companies)
    matches = [match_of("D1", f"C{i}", flags=(("needs_approval", "kin"),) if i == 0 else ()) for i in range(30)]
    html = render_plan_html(plan_of(problem, document_of(problem, matches, ())), "en")
    summary = re.search(r"<summary>(<span class=\"no\">.*?)</summary>", html)[1]
    assert '<span class="tag flag needs_approval">Needs approval: family</span>' in summary


def test_equal_ids_of_both_tables_keep_their_names() -> None:
    html = render_plan_html(same_ids_plan(), "ja")
    assert '<p class="pair-director"><b>北原 澪</b> <span>北海道 · 1</span></p>' in html
    assert "<h3>港町水産</h3>" in html


def test_large_report_stays_small(tmp_path: Path) -> None:
    write_plan_html(large_plan(), tmp_path / "report.html", "ja")
    assert (tmp_path / "report.html").stat().st_size < 3_000_000


def test_same_plan_gives_the_same_report() -> None:
    assert render_plan_html(pilot_plan(), "ja") == render_plan_html(pilot_plan(), "ja")


def test_great_circle_runs_from_start_to_end_over_the_shortest_way() -> None:
    tokyo, equator = (np.array([35.69]), np.array([139.69])), (np.array([0.0]), np.array([0.0]))
    latitude, longitude = great_circles(tokyo, (np.array([43.06]), np.array([141.35])))
    assert (latitude[0, 0], longitude[0, 0]) == pytest.approx((35.69, 139.69))
    assert (latitude[0, -1], longitude[0, -1]) == pytest.approx((43.06, 141.35))
    latitude, longitude = great_circles(equator, (np.array([0.0]), np.array([90.0])))
    assert latitude == pytest.approx(0)
    assert longitude[0, 16] == pytest.approx(45)


def test_line_into_an_inset_is_straight_and_dashed() -> None:
    lines = build_map(PILOT_MATCHES, facts_of(pilot_plan().problem), "ja").lines
    assert [line.is_inset for line in lines] == [False, False, True]
    assert lines[2].path.count("L") == 1
    assert lines[0].path.count("L") == 32


def test_match_without_a_known_place_is_not_drawn() -> None:
    lines = build_map((match_of("D2", "nowhere"), *PILOT_MATCHES), facts_of(pilot_plan().problem), "ja").lines
    assert [line.number for line in lines] == [2, 3, 4]


def test_marks_at_one_place_stand_apart() -> None:
    matches = (match_of("D1", "C1"), match_of("D2", "C1"), match_of("D4", "C1"))
    lines = build_map(matches, facts_of(pilot_plan().problem), "ja").lines
    spots = [(line.mark_x, line.mark_y) for line in lines]
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(spots) for b in spots[i + 1 :]]
    assert min(gaps) >= 30


def test_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one of ja, en"):
        write_plan_html(pilot_plan(), tmp_path / "report.html", "fr")
