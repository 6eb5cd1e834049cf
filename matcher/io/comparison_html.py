"""A study as one self-contained page: readable on a phone, on paper, and without a network or scripts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from matcher.io.comparison_record import study_digest
from matcher.io.comparison_view import build_comparison_view
from matcher.whatif.study import Study
from matcher.words.catalog import Lang
from matcher.words.comparison import label
from matcher.words.report import label as report_label

if TYPE_CHECKING:
    from jinja2 import Template


def render_comparison(study: Study, lang: Lang) -> str:
    """The page's HTML text. All text of users is escaped, and its content policy forbids every request."""
    return _template().render(
        lang=lang,
        view=build_comparison_view(study, lang, study_digest(study)),
        t=lambda code, **params: label(code, lang, **params),
        r=lambda code, **params: report_label(code, lang, **params),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("matcher.io"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    folder = files("matcher.io") / "templates"
    for name in ("report.css", "comparison.css", "report.js"):
        text = (folder / name).read_text(encoding="utf-8")
        environment.globals[name.replace(".", "_")] = Markup(text)
    return environment.get_template("comparison.html.j2")
