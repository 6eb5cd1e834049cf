"""What analysts ask for: what-ifs, grids, frontiers, noise, and what two runs differ in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.guard import told
from matcher.cli.helping import Command
from matcher.cli.root import (
    EngineOption,
    JsonOption,
    LangOption,
    PolicyOption,
    SetOption,
    Source,
    WorkersOption,
    app,
    help_text,
    reader_language,
)
from matcher.cli.usage import engine_asked_for, whole_number


@app.command("what-if", cls=Command, help=help_text("what_if"))
def what_if(
    source: Source,
    scenarios: Annotated[list[Path], typer.Argument(help=help_text("scenarios"), show_default=False, readable=False)],
    set_: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    out: Annotated[
        Path | None, typer.Option("--out", help=help_text("comparison_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("comparison_force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.whatifs import run_whatifs

        exit_code = run_whatifs(
            source,
            tuple(scenarios),
            overrides=tuple(set_ or ()),
            engine=engine_asked_for(engine, workers),
            out=out,
            force=force,
            lang=spoken,
            as_json=as_json,
        )
    if exit_code:
        raise typer.Exit(exit_code)


@app.command(cls=Command, help=help_text("sweep"))
def sweep(
    source: Source,
    vary: Annotated[
        list[str], typer.Option("--vary", metavar="KEY=VALUES", help=help_text("vary"), show_default=False)
    ],
    set_: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    most_solves: Annotated[
        str | None, typer.Option("--most-solves", metavar="N", help=help_text("most_solves"), show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=help_text("sweep_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.sweeping import run_sweep

        exit_code = run_sweep(
            source,
            tuple(vary),
            overrides=tuple(set_ or ()),
            engine=engine_asked_for(engine, workers),
            most_solves=None if most_solves is None else whole_number("--most-solves", most_solves),
            out=out,
            force=force,
            lang=spoken,
            as_json=as_json,
        )
    if exit_code:
        raise typer.Exit(exit_code)


@app.command(cls=Command, help=help_text("frontier"))
def frontier(
    source: Source,
    objectives: Annotated[
        str, typer.Option("--objectives", metavar="TIER,TIER", help=help_text("objectives"))
    ] = "points,distance_km",
    policy: PolicyOption = None,
    set_: SetOption = None,
    most: Annotated[
        str | None, typer.Option("--most", metavar="N", help=help_text("most_points"), show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=help_text("frontier_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.frontier import run_frontier

        exit_code = run_frontier(
            source,
            objectives=objectives,
            policy=policy,
            overrides=tuple(set_ or ()),
            most_points=None if most is None else whole_number("--most", most),
            out=out,
            force=force,
            lang=spoken,
            as_json=as_json,
        )
    if exit_code:
        raise typer.Exit(exit_code)


@app.command(cls=Command, help=help_text("robustness"))
def robustness(
    source: Source,
    draws: Annotated[
        str | None, typer.Option("--draws", metavar="N", help=help_text("draws"), show_default=False)
    ] = None,
    rating_sd: Annotated[
        str | None, typer.Option("--rating-sd", metavar="SD", help=help_text("rating_sd"), show_default=False)
    ] = None,
    weight_sd: Annotated[
        str | None, typer.Option("--weight-sd", metavar="SD", help=help_text("weight_sd"), show_default=False)
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="N", help=help_text("draw_seed"), show_default=False)
    ] = None,
    best_by: Annotated[
        str | None, typer.Option("--best-by", metavar="mean,tail", help=help_text("best_by"), show_default=False)
    ] = None,
    policy: PolicyOption = None,
    set_: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    out: Annotated[
        Path | None, typer.Option("--out", help=help_text("robustness_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.robustness import run_robustness

        exit_code = run_robustness(
            source,
            policy=policy,
            overrides=tuple(set_ or ()),
            draws=None if draws is None else whole_number("--draws", draws),
            rating_sd=rating_sd,
            weight_sd=weight_sd,
            seed=None if seed is None else whole_number("--seed", seed),
            best_by=best_by,
            engine=engine_asked_for(engine, workers),
            out=out,
            force=force,
            lang=spoken,
            as_json=as_json,
        )
    if exit_code:
        raise typer.Exit(exit_code)


@app.command(cls=Command, help=help_text("compare"))
def compare(
    before: Annotated[Path, typer.Argument(help=help_text("compare_before"), show_default=False)],
    after: Annotated[Path, typer.Argument(help=help_text("compare_after"), show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", help=help_text("comparison_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("comparison_force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.whatifs import run_compare

        run_compare(before, after, out=out, force=force, lang=spoken, as_json=as_json)
