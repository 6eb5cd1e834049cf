"""What those who try, measure and connect ask for: invented data, a measure, the schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.guard import emit, told
from matcher.cli.helping import Command
from matcher.cli.root import (
    SPOKEN,
    JsonOption,
    LangOption,
    PolicyOption,
    SetOption,
    Source,
    app,
    help_text,
    reader_language,
)
from matcher.cli.usage import whole_number


@app.command(cls=Command, help=help_text("bench"))
def bench(
    source: Source,
    policy: PolicyOption = None,
    set_: SetOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=help_text("bench_out"), show_default=False, readable=False),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.benching import run_bench

        run_bench(source, policy=policy, overrides=tuple(set_ or ()), out=out, lang=spoken, as_json=as_json)


@app.command(cls=Command, help=help_text("generate"))
def generate(
    directors: Annotated[
        str, typer.Option("--directors", metavar="N", help=help_text("n_directors"), show_default=False)
    ],
    companies: Annotated[
        str, typer.Option("--companies", metavar="M", help=help_text("n_companies"), show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", help=help_text("generate_out"), show_default=False, readable=False)],
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="S", help=help_text("generate_seed"), show_default=False)
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="csv|parquet",
            help=help_text("generate_format"),
            show_default=False,
            autocompletion=lambda: ["csv", "parquet"],
        ),
    ] = "csv",
    force: Annotated[bool, typer.Option("--force", help=help_text("generate_force"))] = False,
    lang: LangOption = None,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.generating import run_generate

        run_generate(
            out,
            n_directors=whole_number("--directors", directors),
            n_companies=whole_number("--companies", companies),
            seed=1 if seed is None else whole_number("--seed", seed),
            form=format_,
            force=force,
            lang=spoken,
        )


@app.command(cls=Command, help=help_text("schema"))
def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="policy|scenario|what-if|plan",
            help=help_text("schema_name"),
            autocompletion=lambda: ["policy", "scenario", "what-if", "plan"],
        ),
    ],
) -> None:
    with told(SPOKEN):
        import json

        from matcher.io.schemas import schema_of

        emit(json.dumps(schema_of(name), ensure_ascii=False, indent=2) + "\n")
