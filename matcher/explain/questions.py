"""The questions a plan can be asked, in one registry: what each takes, answers and records."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal

from matcher.errors import UsageError
from matcher.explain.explanation import Audience, Explanation
from matcher.explain.standing import Standing

Subject = Literal["director", "company"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    takes : the ids it is asked of, in order
    module : where its ``ask`` (Standing, an index for each id, its options → answer) and ``record`` (Standing, answer →
        plain data) live; loaded when it is asked
    options : option → the type its value has
    """

    name: str
    takes: tuple[Subject, ...]
    module: str
    options: Mapping[str, type] = field(default_factory=lambda: MappingProxyType({}))


_BUDGET: Mapping[str, type] = MappingProxyType({"budget": float})
_ALTERNATIVES: Mapping[str, type] = MappingProxyType({"within": str, "best": int, "spread": int, "budget": float})
_QUESTIONS = (
    Question("pair", ("director", "company"), "matcher.explain.pair", MappingProxyType({"weights": bool})),
    Question("company", ("company",), "matcher.explain.company"),
    Question("director", ("director",), "matcher.explain.director"),
    Question("overrides", (), "matcher.explain.overrides", _BUDGET),
    Question("refusals", (), "matcher.explain.refusals", _BUDGET),
    Question("alternatives", (), "matcher.explain.alternatives", _ALTERNATIVES),
    Question("bottlenecks", (), "matcher.explain.bottlenecks"),
    Question("fairness", (), "matcher.explain.fairness"),
    Question("interaction", (), "matcher.explain.interaction"),
    Question("tables", (), "matcher.explain.tables", _BUDGET),
    Question("ask-next", (), "matcher.explain.ask_next", _BUDGET),
)
QUESTIONS: Mapping[str, Question] = MappingProxyType({question.name: question for question in _QUESTIONS})


def ask(
    standing: Standing, name: str, ids: Sequence[str] = (), *, audience: Audience = "staff", **options: Any
) -> Explanation:
    """The answer to one question.

    Parameters
    ----------
    name : one of `QUESTIONS`; ids : of directors and companies, as the question takes them
    options : the question's own (Any: each has its own type)

    Raises
    ------
    UsageError : ``unknown_question`` (name, known, near), ``ids_…`` (question, n), ``unknown_option`` (question,
        option), ``unknown_director`` or ``unknown_company`` (id, near), ``id_is_company`` or ``id_is_director`` (id),
        the same ``…_alone`` where the question takes one id, ``id_is_empty``
    """
    question = question_for(name, ids)
    for option in options:
        if option not in question.options:
            raise UsageError("unknown_option", question=name, option=f"--{option}")
    is_pair = len(question.takes) == 2
    places = [
        _index_of(standing, subject, one, is_one_of_two=is_pair)
        for subject, one in zip(question.takes, ids, strict=True)
    ]
    module = import_module(question.module)
    answer = module.ask(standing, *places, **options)
    return Explanation(name, standing, answer, module.record(standing, answer), audience)


def question_for(name: str, ids: Sequence[str]) -> Question:
    """The question of a name, asked of as many ids as it takes: what can be refused before a plan is read.

    Raises
    ------
    UsageError : ``unknown_question``, ``ids_…`` (question, n) (question, takes, n)
    """
    question = question_of(name)
    if len(ids) != len(question.takes):
        raise UsageError(f"ids_{'_'.join(question.takes) or 'none'}", question=name, n=len(ids))
    return question


def question_of(name: str) -> Question:
    """The question of a name.

    Raises
    ------
    UsageError : ``unknown_question`` (name, known, near)
    """
    if name not in QUESTIONS:
        near = nearest(name, QUESTIONS)[:1]
        raise UsageError("unknown_question", name=name, known=tuple(QUESTIONS), near=near)
    return QUESTIONS[name]


def _index_of(standing: Standing, subject: Subject, wanted: str, *, is_one_of_two: bool) -> int:
    problem = standing.problem
    known = problem.director_ids if subject == "director" else problem.company_ids
    others = problem.company_ids if subject == "director" else problem.director_ids
    idx = (problem.director_idx if subject == "director" else problem.company_idx)([wanted])
    if int(idx[0]) >= 0:
        return int(idx[0])
    if wanted in set(others):
        code = "id_is_company" if subject == "director" else "id_is_director"
        raise UsageError(code if is_one_of_two else f"{code}_alone", id=wanted)
    if not wanted.strip():
        raise UsageError("id_is_empty")
    table = problem.directors if subject == "director" else problem.companies
    raise UsageError(f"unknown_{subject}", id=wanted, near=nearest(wanted, known, table["name"]) or "–")


def nearest(wanted: str, known: Iterable[str], names: Iterable[object] = ()) -> tuple[str, ...]:
    """The ids that may have been meant: those of that name, else the one that is the same but for its letters' form.

    Else the three that look most like it. ``d001``, ``Ｄ００１`` and “ D001 ” are forms of D001.
    """
    folded = _folded(wanted)
    ids = [str(one) for one in known]
    named = [one for one, name in zip(ids, names, strict=False) if isinstance(name, str) and folded in _folded(name)]
    if named and len(folded) > 1:
        return tuple(named[:3])
    by_form = {_folded(one): one for one in reversed(ids)}
    if folded in by_form:
        return (by_form[folded],)
    return tuple(by_form[one] for one in get_close_matches(folded, list(by_form), n=3, cutoff=0.0))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
