"""Which director works with which company: matched, proved and explained.

>>> import matcher                                    # doctest: +SKIP
>>> problem = matcher.read("scenarios/pilot")         # doctest: +SKIP
>>> plan = matcher.match(problem)                     # doctest: +SKIP
>>> plan.assignments, plan.certificate.word           # doctest: +SKIP
"""

from __future__ import annotations

import copyreg
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from matcher import errors as _errors
from matcher.explain import explanation as _explanations
from matcher.plan import writers as _writers
from matcher.whatif import handed as _whatifs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from matcher.domain.policy import Policy as Policy
    from matcher.domain.problem import Problem as Problem
    from matcher.errors import DataError as DataError
    from matcher.errors import Issue as Issue
    from matcher.errors import MatcherError as MatcherError
    from matcher.errors import OutputError as OutputError
    from matcher.errors import PolicyError as PolicyError
    from matcher.errors import UsageError as UsageError
    from matcher.explain.explanation import Explanation
    from matcher.explain.standing import Standing
    from matcher.io import check_source as check
    from matcher.io import read_source as read
    from matcher.io.outputs import write_run as write
    from matcher.io.plan_file import verify_plan as verify
    from matcher.io.schemas import schema_of as schema
    from matcher.io.standing_file import read_run as read_run
    from matcher.matching import match as match
    from matcher.pairing.candidates import Candidates as Candidates
    from matcher.plan.document import PlanDocument
    from matcher.plan.plan import Plan as Plan
    from matcher.whatif.engine import Engine
    from matcher.whatif.handed import Scenario
    from matcher.whatif.study import Study

_HOME = {
    "Candidates": ("matcher.pairing.candidates", "Candidates"),
    "DataError": ("matcher.errors", "DataError"),
    "Issue": ("matcher.errors", "Issue"),
    "MatcherError": ("matcher.errors", "MatcherError"),
    "OutputError": ("matcher.errors", "OutputError"),
    "Plan": ("matcher.plan.plan", "Plan"),
    "Policy": ("matcher.domain.policy", "Policy"),
    "PolicyError": ("matcher.errors", "PolicyError"),
    "Problem": ("matcher.domain.problem", "Problem"),
    "UsageError": ("matcher.errors", "UsageError"),
    "check": ("matcher.io", "check_source"),
    "match": ("matcher.matching", "match"),
    "read": ("matcher.io", "read_source"),
    "read_run": ("matcher.io.standing_file", "read_run"),
    "schema": ("matcher.io.schemas", "schema_of"),
    "verify": ("matcher.io.plan_file", "verify_plan"),
    "write": ("matcher.io.outputs", "write_run"),
}

__all__ = [
    "Candidates",
    "DataError",
    "Issue",
    "MatcherError",
    "OutputError",
    "Plan",
    "Policy",
    "PolicyError",
    "Problem",
    "UsageError",
    "check",
    "match",
    "read",
    "read_run",
    "schema",
    "verify",
    "write",
]


def __getattr__(name: str) -> object:
    """Public names load on first use: `matcher --help` must not wait for a solver."""
    if name not in _HOME:
        raise AttributeError(f"module 'matcher' has no attribute {name!r}")
    module, attribute = _HOME[name]
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__


def _render(error: _errors.MatcherError) -> str:
    from matcher.words.catalog import default_language
    from matcher.words.errors import error_text

    return error_text(error, default_language())


def _write_excel(plan: Plan, path: Path, lang: str) -> None:
    from matcher.io.plan_excel import write_plan_excel
    from matcher.words.catalog import language

    write_plan_excel(plan, path, language(lang))


def _write_html(plan: Plan, path: Path, lang: str) -> None:
    from matcher.io.plan_html import write_plan_html
    from matcher.words.catalog import language

    write_plan_html(plan, path, language(lang))


def _render_explanation(explanation: Explanation, form: str, lang: str | None) -> str:
    from matcher.words.catalog import default_language, language
    from matcher.words.explaining import blocks_of, text_of

    blocks = blocks_of(explanation, default_language() if lang is None else language(lang))
    if form == "html":
        from matcher.io.blocks_html import html_of

        return html_of(blocks)
    return text_of(blocks)


def _read_earlier(path: Path) -> PlanDocument:
    from matcher.io.plan_file import read_earlier

    return read_earlier(path)


class _Explainer:
    """Answers questions put to a plan."""

    def standing(self, plan: Plan) -> Standing:
        from matcher.explain.standing import build_standing

        return build_standing(plan)

    def ask(self, standing: Standing, question: str, ids: tuple[str, ...], options: dict[str, Any]) -> Explanation:
        from matcher.explain.questions import ask

        return ask(standing, question, ids, **options)


class _WhatIfs:
    """Reads, applies and writes what-ifs for the room that cannot see files."""

    def apply(self, problem: Problem, scenario: Scenario) -> Problem:
        from matcher.io.whatif_study import apply_scenario

        return apply_scenario(problem, scenario)

    def run(self, problem: Problem, scenarios: Sequence[Scenario] | Mapping[str, Scenario], engine: Engine) -> Study:
        from matcher.io.whatif_study import run_study

        return run_study(problem, scenarios, engine=engine)

    def engine(self, name: str, workers: int) -> Engine:
        from matcher.engines import engine_of

        return engine_of(name, workers=workers)

    def write(self, study: Study, folder: Path, lang: str, force: bool) -> list[Path]:
        from matcher.io.comparison_files import write_comparison
        from matcher.words.catalog import language

        return write_comparison(study, folder, lang=language(lang), force=force)


def _frozen(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:  # Any: whatever a mapping of ours holds
    return MappingProxyType(content)


# Problems, plans and errors travel between processes, and hold mappings that nobody may write into.
copyreg.pickle(MappingProxyType, lambda frozen: (_frozen, (dict(frozen),)))

# Rooms below cannot import rooms above; what they need from there is handed down here.
_errors.set_renderer(_render)
_writers.register_writer("excel", _write_excel)
_writers.register_writer("html", _write_html)
_writers.register_reader(_read_earlier)
_writers.register_explainer(_Explainer())
_explanations.register_renderer(_render_explanation)
_whatifs.hand_down(_WhatIfs())
