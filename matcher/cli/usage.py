"""What typer found wrong with the command line, in the house's words instead of its own English ones."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from matcher.engines import ENGINES, engine_of
from matcher.errors import Issue, PolicyError, UsageError
from matcher.whatif.engine import Engine
from matcher.words.catalog import LANGUAGES, Lang, default_language
from matcher.words.cli import HELP
from matcher.words.usage import USAGE

MOST_THREADS = 256
"""As in the policy, whose models are not loaded for a word about the command line."""


def is_usage_error(error: Exception) -> bool:
    """Whether an exception is typer's word about the command line.

    By what it carries, not by its class: typer has brought its own copy of click along since it stopped needing it.
    """
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def spoken_in(words: Sequence[str]) -> Lang:
    """Return the language that a command line asks for, even if it cannot be parsed; else the environment's."""
    given = _value_of(("--lang",), words)
    return next((lang for lang in LANGUAGES if lang == given), default_language())


def usage_line(error: Any, words: Sequence[str], lang: Lang, group: Any) -> str:  # Any: typer's error and command
    """Return what is wrong, what is allowed, and what to try.

    Parameters
    ----------
    words : the command line behind `matcher`
    group : the command `matcher` itself, with its commands
    """
    context = getattr(error, "ctx", None)  # lacking where an option has no value
    name = next((word for word in words if word in group.commands), None)
    if context is not None and context.command.name == group.name:
        name = None
    command = group if name is None else group.commands[name]
    code, params = _read(error, command, words, group, lang)
    if "known" in params and "given" in params:
        near = difflib.get_close_matches(params["given"], params["known"], n=1, cutoff=0.6)
        code, params = (f"{code}_near", {**params, "near": near[0]}) if near else (code, params)
    return USAGE[code].fill(lang, command="matcher" if name is None else f"matcher {name}", **params)


def _read(error: Any, command: Any, words: Sequence[str], group: Any, lang: Lang) -> tuple[str, dict[str, Any]]:
    """Return the code of a sentence in USAGE and what fills it in."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        owner = next((one for one in group.commands.values() if error.option_name in _options(one)), None)
        if command is group and owner is not None:
            return "option_too_early", {"given": error.option_name, "owner": f"matcher {owner.name}"}
        return "no_such_option", {"given": error.option_name, "known": [*_options(command), "--help"]}
    if kind == "BadOptionUsage":
        param = _options(command).get(error.option_name)
        code = "value_not_taken" if getattr(param, "is_flag", False) else "value_missing"
        return code, {"name": error.option_name, "about": _about(param, lang)}
    if kind == "MissingParameter":
        option = next((name for name in error.param.opts if name.startswith("--")), str(error.param.name).upper())
        return "argument_missing", {"name": option, "about": _about(error.param, lang)}
    if command is group:
        given = next((word for word in words if not word.startswith("-")), None)
        known = list(group.commands)
        return (
            ("no_command", {"known": known}) if given is None else ("no_such_command", {"given": given, "known": known})
        )
    extra = re.search(r"(?:\(s\) )?\((.*)\)$", error.format_message(), re.DOTALL)
    return ("too_many_words", {"given": extra[1]}) if extra else ("other", {"given": error.format_message()})


def _options(command: Any) -> dict[str, Any]:
    return {name: param for param in command.params for name in param.opts if name.startswith("--")}


@contextmanager
def options_named(option_of: Mapping[str, str]) -> Iterator[None]:
    """Lay a fault of the policy at the door of the option that was typed, not of the setting it stands for.

    Parameters
    ----------
    option_of : the policy's key → the option that set it in this call
    """
    try:
        yield
    except PolicyError as error:
        issues = [_at_option(issue, option_of) for issue in error.issues]
        raise PolicyError(error.code, issues=issues, **error.params) from None


def _at_option(issue: Issue, option_of: Mapping[str, str]) -> Issue:
    option = option_of.get(issue.column or "") if issue.file == "--set" else None
    if option is None:
        return issue
    params = {name: value for name, value in issue.params.items() if name != "yaml_column"}
    return replace(issue, file=option, column=None, params=params)


def whole_number(name: str, text: str) -> int:
    """Return the value of an option as a whole number from 0.

    Raises
    ------
    UsageError
        If it is none.
    """
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text.strip()):
        raise UsageError("option_not_whole", name=name, given=text)
    if text.strip().startswith("-") and text.strip("- 0"):
        raise UsageError("option_below_zero", name=name, given=text)
    return int(text)


def number_of_threads(name: str, text: str) -> int:
    """Return the value of an option as a number of threads that the policy could name too.

    Raises
    ------
    UsageError
        If it is none.
    """
    number = whole_number(name, text)
    if not 1 <= number <= MOST_THREADS:
        raise UsageError("option_out_of_range", name=name, given=text, low=1, high=MOST_THREADS)
    return number


def positive_number(name: str, text: str) -> float:
    """Return the value of an option as a number above 0.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError("option_not_a_number", name=name, given=text)
    if number <= 0:
        raise UsageError("option_not_above_zero", name=name, given=text)
    return number


def share(name: str, text: str) -> float:
    """Return the value of an option as a number from 0, below 1.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < 1:
        raise UsageError("option_not_a_share", name=name, given=text)
    return number


def one_of(name: str, text: str, known: Sequence[str]) -> str:
    """Return the value of an option that is one of a few words.

    Raises
    ------
    UsageError
        If it is none of them.
    """
    if text not in known:
        raise UsageError("option_not_known", name=name, given=text, known=tuple(known))
    return text


def engine_asked_for(name: str, workers: str | None) -> Engine:
    """Return the engine of a name, with as many workers as were asked for.

    Raises
    ------
    UsageError
        If there is no such engine, Ray is not installed, or the workers are no number from 1 on.
    """
    n_workers = None if workers is None else number_of_threads("--workers", workers)
    return engine_of(one_of("--engine", name, ENGINES), workers=n_workers)


def _about(param: Any, lang: Lang) -> str:
    """What an option is for; typer holds its help in the language of the environment alone."""
    text = str(getattr(param, "help", None) or "")
    words = next((help_ for help_ in HELP.values() if text in (help_.ja, help_.en)), None)
    return (text if words is None else words.fill(lang)).rstrip("。.")


def _value_of(names: Sequence[str], words: Sequence[str]) -> str | None:
    """What was typed behind an option, the last time it was."""
    found = None
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names:
            found = value if equals else words[at + 1] if at + 1 < len(words) else found
    return found
