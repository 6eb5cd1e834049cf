"""The command itself, its options that several commands share, and the language it speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.guard import told
from matcher.cli.helping import Group
from matcher.domain.encodings import ENCODINGS
from matcher.engines import ENGINES
from matcher.words.catalog import LANGUAGES, Lang, default_language, language
from matcher.words.cli import HELP

SPOKEN = default_language()


def help_text(name: str) -> str:
    """The explanation of a command or an option, in the language of the environment."""
    return HELP[name].fill(SPOKEN)


Source = Annotated[Path, typer.Argument(help=help_text("source"), show_default=False, readable=False)]
# Values are judged here, not by typer, whose messages are English only.
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="ja|en", help=help_text("lang"), show_default=False, autocompletion=lambda: list(LANGUAGES)
    ),
]
PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help=help_text("policy"), show_default=False, readable=False)
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help=help_text("mapping"), show_default=False, readable=False),
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=help_text("set"), show_default=False)
]
WorkersOption = Annotated[
    str | None, typer.Option("--workers", metavar="N", help=help_text("workers"), show_default=False)
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine", metavar="NAME", help=help_text("engine"), show_default=False, autocompletion=lambda: list(ENGINES)
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help=help_text("encoding"),
        show_default=False,
        autocompletion=lambda: list(ENCODINGS),
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help=help_text("strict"))]
JsonOption = Annotated[bool, typer.Option("--json", help=help_text("json"))]

app = typer.Typer(
    name="matcher",
    cls=Group,
    help=help_text("app"),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def reader_language(lang: str | None) -> Lang:
    """The language asked for; an unknown one is told in the language of the environment."""
    if lang is None:
        return SPOKEN
    with told(SPOKEN):
        return language(lang)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"matcher {version('matcher')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help=help_text("version"), callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    return None
