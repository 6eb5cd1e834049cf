"""A comparison as people see it: headless Chromium, no network, a desk, a phone, the dark, with scripts or without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import matcher
from matcher.io.comparison_html import render_comparison
from matcher.whatif.study import Study
from tests.browsing import page_of, started
from tests.problems import small_problem

PAUSED = {"set": {"table": "directors", "ids": ["d1"], "values": {"status": "paused"}}}
SCENARIOS = {
    "fewer": {"title": "<b>1件だけ</b>", "changes": [{"policy": {"limits.max_companies": 1}}]},
    "paused": {"title": "d1 が休む", "question": "誰が引き継ぐか", "changes": [PAUSED]},
    "impossible": {"title": "両立しない", "changes": [{"policy": {"limits.min_companies_per_director": 9}}]},
    "faulty": {"changes": [{"polcy": {}}]},
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with started(chromium) as ready:
        yield ready


@pytest.fixture(scope="module")
def study() -> Study:
    problem = small_problem(
        directors=[{"prefecture": "東京都", "max_distance_km": 2000}, {"prefecture": "高知県", "max_companies": 2}],
        companies=[
            {"prefecture": "北海道", "commitment": 5},
            {"prefecture": "沖縄県", "commitment": 3},
            {"prefecture": "大阪府", "commitment": 2},
        ],
    )
    return matcher.whatif.run(problem, SCENARIOS)


@contextmanager
def opened(browser: Browser, study: Study, folder: Path, lang: str = "ja", **options: object) -> Iterator[Page]:
    """The page, which must ask for nothing and have no error."""
    path = folder / "comparison.html"
    path.write_text(render_comparison(study, "ja" if lang == "ja" else "en"), encoding="utf-8")
    with page_of(browser, path, **options) as page:
        yield page


def test_the_table_sorts_by_number_and_leads_to_the_scenario(browser: Browser, study: Study, tmp_path: Path) -> None:
    with opened(browser, study, tmp_path) as page:
        titles = page.locator(".overview tbody th")
        assert titles.all_inner_texts() == ["現状", "<b>1件だけ</b>", "d1 が休む", "両立しない", "faulty"]
        points = page.locator(".overview thead button", has_text="合計点")
        points.click()
        known = ("<b>1件だけ</b>", "d1 が休む", "現状")
        assert titles.all_inner_texts() == ["両立しない", "faulty", *known], "what is missing stands first"
        points.click()
        assert tuple(titles.all_inner_texts()[:3]) == known[::-1]
        page.locator(".overview tbody th a", has_text="休む").click()
        assert page.url.endswith("#s2")


def test_charts_and_maps_are_drawn(browser: Browser, study: Study, tmp_path: Path) -> None:
    with opened(browser, study, tmp_path) as page:
        chart = page.locator(".multiples > div", has=page.locator("h3", has_text="支援する企業"))
        assert chart.locator("circle").count() == 2, "a scenario without a plan has no dot"
        assert chart.locator("rect").count() == 1
        assert page.locator("#s2 .map .gone").count() == len(
            study.moves.query("scenario == 'paused'")["before_director_id"].dropna()
        )
        land = page.locator("#s2 .map use").bounding_box()
        assert land is not None and land["width"] > 200, "the land is drawn behind the moves"


@pytest.mark.parametrize(("lang", "scheme"), [("ja", "light"), ("en", "dark")])
def test_there_is_no_accessibility_finding(
    browser: Browser, study: Study, tmp_path: Path, lang: str, scheme: str
) -> None:
    with opened(browser, study, tmp_path, lang, color_scheme=scheme) as page:
        found = Axe().run(page)
        assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]] == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_fits_a_phone(browser: Browser, study: Study, tmp_path: Path, lang: str) -> None:
    with opened(browser, study, tmp_path, lang, viewport={"width": 360, "height": 740}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_it_is_whole_without_scripts(browser: Browser, study: Study, tmp_path: Path) -> None:
    with opened(browser, study, tmp_path, java_script_enabled=False) as page:
        assert page.locator(".overview thead button").count() == 0
        assert page.locator(".overview tbody tr:visible").count() == 5
        assert page.locator(".case:visible").count() == 4
