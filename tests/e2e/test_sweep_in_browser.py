"""A sweep as people see it: headless Chromium, no network, a desk, a phone, the dark, with scripts or without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import matcher
from matcher.io.sweep_html import render_sweep
from matcher.whatif.sweeping import Axis, parse_axis
from matcher.whatif.swept import Sweep, solve_grid
from tests.browsing import page_of, started
from tests.problems import small_problem


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with started(chromium) as ready:
        yield ready


@pytest.fixture(scope="module")
def along(scenarios: Path) -> Sweep:
    return solve_grid(matcher.read(str(scenarios / "pilot")), [parse_axis("weights.local_culture=0,5,20")])


@pytest.fixture(scope="module")
def grid() -> Sweep:
    problem = small_problem(2, companies=[{"name": "<b>1</b>"}, {"commitment": 3}, {"commitment": 1}])
    axes = [Axis("limits.max_companies", (2, 1)), Axis("limits.min_companies_per_director", (0, 1, 9))]
    return solve_grid(problem, axes)


@contextmanager
def opened(browser: Browser, sweep: Sweep, folder: Path, lang: str = "ja", **options: object) -> Iterator[Page]:
    """The page, which must ask for nothing and have no error."""
    path = folder / "sweep.html"
    path.write_text(render_sweep(sweep, "ja" if lang == "ja" else "en"), encoding="utf-8")
    with page_of(browser, path, **options) as page:
        yield page


def test_the_table_sorts_by_number(browser: Browser, grid: Sweep, tmp_path: Path) -> None:
    with opened(browser, grid, tmp_path) as page:
        numbers = page.locator(".grid tbody tr td:first-child")
        assert numbers.all_inner_texts() == ["1", "2", "3", "4", "5", "6"]
        page.locator(".grid thead button", has_text="limits.max_companies").click()
        assert numbers.all_inner_texts()[:3] == ["4", "5", "6"]
        page.locator(".grid thead button", has_text="合計点").click()
        assert set(numbers.all_inner_texts()[:3]) == {"3", "5", "6"}, "what has no plan stands first"


def test_charts_are_drawn(browser: Browser, along: Sweep, grid: Sweep, tmp_path: Path) -> None:
    with opened(browser, along, tmp_path) as page:
        chart = page.locator(".multiples > div", has=page.locator("h3", has_text="合計点"))
        assert chart.locator("circle").count() == 3 and chart.locator(".break line").count() == 1
        line, dots = chart.locator(".break line").bounding_box(), chart.locator("circle")
        ends = [dots.nth(at).bounding_box() for at in (0, 2)]
        assert line is not None and ends[0] is not None and ends[1] is not None
        middle = [box["x"] + box["width"] / 2 for box in (line, ends[0], ends[1])]
        assert abs((middle[0] - middle[1]) / (middle[2] - middle[1]) - 3.235 / 20) < 0.003
    with opened(browser, grid, tmp_path) as page:
        chart = page.locator(".multiples > div", has=page.locator("h3", has_text="計画"))
        assert chart.locator("rect").count() == 6 and chart.locator("g.missing text").count() == 3


@pytest.mark.parametrize(("lang", "scheme"), [("ja", "light"), ("en", "dark")])
def test_there_is_no_accessibility_finding(
    browser: Browser, along: Sweep, grid: Sweep, tmp_path: Path, lang: str, scheme: str
) -> None:
    for sweep in (along, grid):
        with opened(browser, sweep, tmp_path, lang, color_scheme=scheme) as page:
            found = Axe().run(page)
            assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]] == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_fits_a_phone(browser: Browser, along: Sweep, grid: Sweep, tmp_path: Path, lang: str) -> None:
    for sweep in (along, grid):
        with opened(browser, sweep, tmp_path, lang, viewport={"width": 360, "height": 740}) as page:
            assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_it_is_whole_without_scripts(browser: Browser, grid: Sweep, tmp_path: Path) -> None:
    with opened(browser, grid, tmp_path, java_script_enabled=False) as page:
        assert page.locator(".grid thead button").count() == 0
        assert page.locator(".grid tbody tr:visible").count() == 6
        assert page.locator(".who tbody tr:visible").count() == len(
            grid.matches.drop_duplicates(["director_id", "company_id"])
        )
