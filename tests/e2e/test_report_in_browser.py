"""The report as a person sees it: headless Chromium, no network, on a desk, on a phone, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from matcher.io.plan_html import write_plan_html
from matcher.matching import match
from matcher.plan.plan import Plan
from tests.browsing import started
from tests.io.test_plan_tables import HOURS
from tests.plans import empty_plan, flagged_plan, infeasible_plan, large_plan, pilot_plan
from tests.problems import small_problem


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with started(chromium) as ready:
        yield ready


class Opened:
    """A report in a page, with every request it made and every error it had."""

    def __init__(self, browser: Browser, plan: Plan, folder: Path, lang: str = "ja", **options: object) -> None:
        path = folder / f"report.{lang}.html"
        write_plan_html(plan, path, lang)
        self.context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 900}, **options})
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.goto(path.as_uri())
        self.url = path.as_uri()

    def __enter__(self) -> Page:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.context.close()
        asked = [url for url in self.requests if url.split("#")[0] != self.url and not url.startswith("data:")]
        assert asked == []
        assert self.errors == []


LINE_GAP = 6
"""Pixels by which a line box is taller than the glyphs in it, at the size of the names on a desk."""

PLANS = {
    "pilot": pilot_plan,
    "flagged": flagged_plan,
    "infeasible": infeasible_plan,
    "empty": empty_plan,
    "answers": lambda: match(small_problem(**HOURS)),
    "rows": lambda: large_plan(n_directors=12, n_companies=60, n_matches=45),
}


def test_report_shows_matches_points_and_proof(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, pilot_plan(), tmp_path) as page:
        assert page.title() == "実証 2026　マッチング結果"
        cards = page.locator(".card").all_inner_texts()
        assert len(cards) == 3
        assert "瀬戸 航平" in cards[0]
        assert "幡多うみやま食品（架空）" in cards[0]
        assert "9,100" in cards[0]
        assert "情報なし（中立値）" in cards[0]
        assert "250" in cards[1]
        assert "固定" in cards[2]
        assert page.locator(".seal .word").inner_text() == "証明済み"
        assert "合計点 27,710点" in page.locator(".sentence").inner_text()
        assert page.locator(".facts dd").all_inner_texts() == [
            "27,710",
            "27,710",
            "0%",
            "条件を満たすすべての組合せ",
        ]
        assert page.locator("#list-unserved tr").count() == 3
        assert "40km超過" in page.locator("#list-unserved tr").first.inner_text()


def test_report_escapes_names(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, pilot_plan(), tmp_path) as page:
        assert page.locator(".card h3").nth(2).inner_text() == "<b>𠮷髙</b> & ㈱泡盛"
        assert page.locator(".card h3 b").count() == 0


def test_map_draws_every_prefecture_and_match(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, pilot_plan(), tmp_path) as page:
        assert page.locator(".land path").count() == 47
        assert page.locator(".japan .line").count() == 3
        assert page.locator(".japan .dashed").count() == 1
        assert page.locator(".bases rect").count() == 2
        boxes = [name.bounding_box() for name in page.locator(".names text").all()]
        assert len(boxes) == 5
        for i, one in enumerate(boxes):
            for other in boxes[i + 1 :]:
                apart = (
                    one["x"] + one["width"] <= other["x"]
                    or other["x"] + other["width"] <= one["x"]
                    or one["y"] + one["height"] <= other["y"] + LINE_GAP
                    or other["y"] + other["height"] <= one["y"] + LINE_GAP
                )
                assert apart


def test_map_mark_leads_to_its_match_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, pilot_plan(), tmp_path) as page:
        mark = page.locator(".japan a").first
        assert mark.get_attribute("aria-label") == (
            "1　瀬戸 航平（高知県）→ 幡多うみやま食品（架空）（高知県四万十市）"
        )
        mark.focus()
        page.keyboard.press("Enter")
        assert page.url.endswith("#m1")


@pytest.mark.parametrize(
    ("name", "lang", "scheme"),
    [
        ("pilot", "ja", "light"),
        ("pilot", "en", "dark"),
        ("flagged", "ja", "light"),
        ("flagged", "en", "dark"),
        ("infeasible", "ja", "dark"),
        ("infeasible", "en", "light"),
        ("empty", "ja", "light"),
        ("answers", "ja", "dark"),
        ("answers", "en", "light"),
        ("rows", "ja", "dark"),
        ("rows", "en", "light"),
    ],
)
def test_report_has_no_serious_accessibility_finding(
    browser: Browser, tmp_path: Path, name: str, lang: str, scheme: str
) -> None:
    with Opened(browser, PLANS[name](), tmp_path, lang, color_scheme=scheme) as page:
        page.evaluate("[...document.querySelectorAll('details')].slice(0, 4).forEach((part) => { part.open = true })")
        page.evaluate("document.querySelectorAll('[data-print]').forEach((part) => { part.open = true })")
        found = Axe().run(page)
        assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]] == []


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", PLANS)
def test_report_fits_a_phone(browser: Browser, tmp_path: Path, name: str, lang: str) -> None:
    with Opened(browser, PLANS[name](), tmp_path, lang, viewport={"width": 360, "height": 740}) as page:
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        # What stands in a box of its own to be pushed aside may be wider.
        inside = "[...document.querySelectorAll('main *:not(.scroll *)')]"
        widest = f"Math.max(...{inside}.map((e) => e.getBoundingClientRect().right))"
        assert page.evaluate(widest) <= 360


def test_infeasible_report_names_the_conflict_first(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, infeasible_plan(), tmp_path) as page:
        assert page.locator("main section").first.get_attribute("class") == "conflict"
        lines = page.locator(".conflict li").all_inner_texts()
        assert lines[0].startswith("瀬戸 航平（D2）が今回担当できるのは2社までです。")
        assert lines[1].startswith("区分が「自治体」の企業を2社以上支援します。")
        assert lines[2] == "瀬戸 航平（D2）と幡多うみやま食品（架空）（C1）の組合せが固定されています。"
        assert page.locator(".card").count() == 0
        assert page.locator(".japan").count() == 0


def test_report_is_readable_without_scripts(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, large_plan(), tmp_path, java_script_enabled=False) as page:
        assert page.locator(".search:visible").count() == 0
        row = page.locator(".rows li").first
        row.locator("summary").click()
        assert row.locator(".bars tbody tr").count() == 10
        assert row.locator(".why").is_visible()
        assert page.locator("#list-unserved tr").count() == 650


def test_answers_are_folded_and_open_without_scripts(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, PLANS["answers"](), tmp_path, "en", java_script_enabled=False) as page:
        sections = page.locator("section.answer")
        assert sections.count() == 5
        refusals = page.locator("section.answer[aria-labelledby=h-refusals]")
        assert refusals.locator("h2").is_visible() and not refusals.locator("table").first.is_visible()
        refusals.locator("summary").click()
        assert refusals.locator("table").first.is_visible()
        assert page.locator(".card .tag", has_text="Grade: ").count() == page.locator(".card").count() > 0


def test_large_report_filters_and_sorts(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, large_plan(), tmp_path, "en") as page:
        assert page.locator(".japan .line").count() == 150
        page.locator("[data-filter=list-matches]").fill("地域00017")
        assert page.locator(".rows li:visible").count() == 1
        page.locator(".unserved summary").click()
        page.locator("[data-filter=list-unserved]").fill("００７９９")
        assert page.locator("#list-unserved tr:visible").count() == 1
        page.locator("[data-filter=list-unserved]").fill("")
        button = page.locator(".unserved thead button").first
        button.click()
        button.click()
        assert page.locator("#list-unserved tr th").first.inner_text().startswith("株式会社地域00799")
        assert page.locator(".unserved thead th").first.get_attribute("aria-sort") == "descending"


@pytest.mark.parametrize("name", PLANS)
def test_report_prints(browser: Browser, tmp_path: Path, name: str) -> None:
    with Opened(browser, PLANS[name](), tmp_path) as page:
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.startswith(b"%PDF-")
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 1
