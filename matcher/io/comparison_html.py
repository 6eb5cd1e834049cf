"""A study as one self-contained page: readable on a phone, on paper, and without a network or scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.io.comparison_record import study_digest
from matcher.io.comparison_view import build_comparison_view
from matcher.io.page_template import page_template
from matcher.whatif.study import Study
from matcher.words.catalog import Lang
from matcher.words.comparison import label
from matcher.words.report import label as report_label

if TYPE_CHECKING:
    pass


def render_comparison(study: Study, lang: Lang) -> str:
    """The page's HTML text. All text of users is escaped, and its content policy forbids every request."""
    return page_template("comparison.html.j2", "report.css", "comparison.css", "report.js").render(
        lang=lang,
        view=build_comparison_view(study, lang, study_digest(study)),
        t=lambda code, **params: label(code, lang, **params),
        r=lambda code, **params: report_label(code, lang, **params),
    )
