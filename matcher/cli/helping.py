"""What `--help` shows, in the reader's language: typer's own frame around the commands is English only."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from matcher.words.catalog import Lang, default_language
from matcher.words.cli import FRAME, HELP, LINES

# Any, here and below: contexts, parameters and commands are of typer's own copy of click, which has no public name.


class Command(TyperCommand):
    """A command whose help is in the house's words."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _show_help(self, ctx, default_language())


class Group(TyperGroup):
    """The commands together: the same, and completion told in the reader's language too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for param in self.params:  # not before: typer adds these options to the command once it is made
            if param.name == "install_completion":
                param.callback = _install_completion
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _show_help(self, ctx, default_language())


def _show_help(command: Any, ctx: Any, lang: Lang) -> None:
    from rich.console import Console
    from rich.text import Text

    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    commands = [one for one in getattr(command, "commands", {}).values() if not one.hidden]
    words = [ctx.command_path, f"[{FRAME['options_word'].fill(lang)}]", *(_value_name(param) for param in arguments)]
    words += [FRAME["command_word"].fill(lang)] if commands else []
    console = Console(highlight=False)
    console.print(Text(f"\n {FRAME['usage'].fill(lang, words=' '.join(words))}", style="bold"))
    console.print(Text(f"\n {command.help}\n"))
    rows = [("", _value_name(param), _about(param, lang)) for param in arguments]
    _show_panel(console, FRAME["arguments"].fill(lang), rows)
    rows = [(",".join(sorted(param.opts, key=len)[::-1]), _value_name(param), _about(param, lang)) for param in options]
    _show_panel(console, FRAME["options"].fill(lang), rows)
    _show_panel(console, FRAME["commands"].fill(lang), [(one.name or "", "", one.help or "") for one in commands])


def _show_panel(console: Any, title: str, rows: list[tuple[str, str, str]]) -> None:
    """One box with a row a line; a column that no row has anything in is left out."""
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    table = Table(box=None, show_header=False, expand=True, pad_edge=False)
    for number, _ in enumerate(columns):
        is_last = number == len(columns) - 1
        # Japanese has no blanks to break a line at: without folding, rich cuts the sentence off.
        table.add_column(overflow="fold", no_wrap=not is_last, ratio=1 if is_last else None)
    for row in zip(*columns, strict=True):
        cells = [Text(cell, style="bold cyan" if at == 0 else "") for at, cell in enumerate(row[:-1])]
        table.add_row(*cells, Text(row[-1]))
    console.print(Panel(table, title=title, title_align="left", border_style="dim"))


def _value_name(param: Any) -> str:
    """What stands for the value: an argument's name, what the option says, else PATH; nothing where none is taken."""
    if getattr(param, "is_flag", False):
        return ""
    if param.metavar is not None:
        return str(param.metavar)
    return str(param.name).upper() if param.param_type_name == "argument" else "PATH"


def _about(param: Any, lang: Lang) -> str:
    """What a parameter is for; those that typer adds by itself by their names, and whether it must be given."""
    own = {"help": "help", "install_completion": "install_completion", "show_completion": "show_completion"}
    text = HELP[own[param.name]].fill(lang) if param.name in own else str(param.help or "")
    if param.required:
        return f"{text} {FRAME['required'].fill(lang)}"
    is_shown = getattr(param, "show_default", False) and isinstance(param.default, str)
    return f"{text}\n{FRAME['default'].fill(lang, value=param.default)}" if is_shown else text


def _install_completion(ctx: Any, param: Any, value: Any) -> Any:
    """Put the completion in place as typer does, and tell of it in the reader's language."""
    if not value or ctx.resilient_parsing:
        return value
    from typer import completion

    lang = default_language()
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # typer's own English sentences
            found = completion.install(shell=value if isinstance(value, str) else None)  # type: ignore[attr-defined]
    except (typer.Exit, OSError):
        print(LINES["completion_failed"].fill(lang))
        raise typer.Exit(2) from None
    print(LINES["completion_installed"].fill(lang, shell=found[0], path=found[1]))
    raise typer.Exit(0)
