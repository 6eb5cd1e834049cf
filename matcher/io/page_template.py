"""The templates of pages that stand alone: style and script are put in, and text of users is always escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def page_template(name: str, *parts: str) -> Template:
    """A template of `templates/`, with files beside it as `report_css` for report.css.

    Parameters
    ----------
    name : the template's file
    parts : style sheets and scripts that it puts into the page as they are
    """
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
    for part in parts:
        environment.globals[part.replace(".", "_")] = Markup((folder / part).read_text(encoding="utf-8"))
    return environment.get_template(name)
