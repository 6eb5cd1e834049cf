"""The commands. Each parses, calls and prints; the work is done below."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.guard import emit, told
from matcher.cli.helping import Command, Group
from matcher.cli.usage import (
    engine_asked_for,
    number_of_threads,
    one_of,
    options_named,
    positive_number,
    share,
    whole_number,
)
from matcher.engines import ENGINES
from matcher.words.catalog import LANGUAGES, Lang, default_language, language
from matcher.words.cli import HELP

_SPOKEN = default_language()
AUDIENCES = ("staff", "company")


def _help(name: str) -> str:
    return HELP[name].fill(_SPOKEN)


Source = Annotated[Path, typer.Argument(help=_help("source"), show_default=False, readable=False)]
# Values are judged here, not by typer, whose messages are English only.
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="ja|en", help=_help("lang"), show_default=False, autocompletion=lambda: list(LANGUAGES)
    ),
]
PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help=_help("policy"), show_default=False, readable=False)
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=_help("set"), show_default=False)
]
WorkersOption = Annotated[str | None, typer.Option("--workers", metavar="N", help=_help("workers"), show_default=False)]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine", metavar="NAME", help=_help("engine"), show_default=False, autocompletion=lambda: list(ENGINES)
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_help("json"))]

app = typer.Typer(
    name="matcher",
    cls=Group,
    help=_help("app"),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _spoken(lang: str | None) -> Lang:
    """The language asked for; an unknown one is told in the language of the environment."""
    if lang is None:
        return _SPOKEN
    with told(_SPOKEN):
        return language(lang)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"matcher {version('matcher')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help=_help("version"), callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    return None


@app.command(cls=Command, help=_help("init"))
def init(
    folder: Annotated[Path, typer.Argument(help=_help("folder"), show_default=False, readable=False)],
    lang: LangOption = None,
    workbook: Annotated[bool, typer.Option("--workbook", help=_help("workbook"))] = False,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.io.template import policy_beside, write_template
        from matcher.words.cli import LINES

        is_named = folder.suffix.lower() == ".xlsx" or not folder.name.strip(".")
        target = folder if is_named or not workbook else folder.with_name(f"{folder.name}.xlsx")
        path = write_template(target, spoken, workbook=workbook)
        if workbook:
            print(LINES["workbook_written"].fill(spoken, path=path, policy=policy_beside(path)))
        else:
            print(LINES["template_written"].fill(spoken, path=path))


@app.command(cls=Command, help=_help("check"))
def check(
    source: Source,
    policy: PolicyOption = None,
    set_: SetOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
    faults: Annotated[
        Path | None, typer.Option("--faults", help=_help("faults"), show_default=False, readable=False)
    ] = None,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.cli.checking import run_check

        is_clean = run_check(
            source, policy=policy, overrides=tuple(set_ or ()), lang=spoken, as_json=as_json, faults=faults
        )
    if not is_clean:
        raise typer.Exit(1)


@app.command(cls=Command, help=_help("run"))
def run(
    source: Source,
    policy: PolicyOption = None,
    set_: SetOption = None,
    out: Annotated[Path | None, typer.Option("--out", help=_help("out"), show_default=False, readable=False)] = None,
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
    formats: Annotated[str, typer.Option("--formats", metavar="NAMES", help=_help("formats"))] = "html,xlsx,candidates",
    lang: LangOption = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="N", help=_help("seed"), show_default=False)] = None,
    time_limit: Annotated[
        str | None, typer.Option("--time-limit", metavar="S", help=_help("time_limit"), show_default=False)
    ] = None,
    gap: Annotated[str | None, typer.Option("--gap", metavar="G", help=_help("gap"), show_default=False)] = None,
    threads: Annotated[
        str | None, typer.Option("--threads", metavar="N", help=_help("threads"), show_default=False)
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option("--start", metavar="PLAN", help=_help("start"), show_default=False, readable=False),
    ] = None,
    as_json: JsonOption = False,
    log_solver: Annotated[bool, typer.Option("--log-solver", help=_help("log_solver"))] = False,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.cli.running import run_match

        settings = _settings(seed=seed, time_limit=time_limit, gap=gap, threads=threads)
        overrides = [*(set_ or ()), *(f"{key}={value}" for key, (_, value) in settings.items())]
        with options_named({key: option for key, (option, _) in settings.items()}):
            exit_code = run_match(
                source,
                policy=policy,
                overrides=tuple(overrides),
                out=out,
                force=force,
                formats=tuple(name for name in formats.replace(" ", "").split(",") if name not in ("", "none")),
                lang=spoken,
                as_json=as_json,
                log_solver=log_solver,
                command=_repeat(source, policy, overrides, start),
                start=start,
            )
    if exit_code:
        raise typer.Exit(exit_code)


@app.command(cls=Command, help=_help("verify"))
def verify(
    plan: Annotated[Path, typer.Argument(help=_help("plan"), show_default=False)],
    source: Annotated[Path | None, typer.Option("--source", help=_help("verify_source"), show_default=False)] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.cli.verifying import run_verify

        holds = run_verify(plan, source=source, lang=spoken, as_json=as_json)
    if not holds:
        raise typer.Exit(1)


@app.command(cls=Command, help=_help("explain"))
def explain(
    out: Annotated[Path, typer.Argument(help=_help("explain_out"), show_default=False, readable=False)],
    question: Annotated[str, typer.Argument(help=_help("question"), show_default=False)],
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help=_help("ids"), show_default=False)] = None,
    for_: Annotated[
        str, typer.Option("--for", metavar="staff|company", help=_help("for"), autocompletion=lambda: list(AUDIENCES))
    ] = "staff",
    time_limit: Annotated[
        str | None, typer.Option("--time-limit", metavar="S", help=_help("explain_time"), show_default=False)
    ] = None,
    threads: Annotated[
        str | None, typer.Option("--threads", metavar="N", help=_help("threads"), show_default=False)
    ] = None,
    within: Annotated[
        str | None, typer.Option("--within", metavar="POINTS|%", help=_help("within"), show_default=False)
    ] = None,
    best: Annotated[str | None, typer.Option("--best", metavar="K", help=_help("best"), show_default=False)] = None,
    spread: Annotated[
        str | None, typer.Option("--spread", metavar="POINTS", help=_help("spread"), show_default=False)
    ] = None,
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="S", help=_help("budget"), show_default=False)
    ] = None,
    weights: Annotated[bool, typer.Option("--weights", help=_help("explain_weights"))] = False,
    source: Annotated[Path | None, typer.Option("--source", help=_help("verify_source"), show_default=False)] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.cli.explaining import run_explain

        options = {
            "within": within,
            "best": None if best is None else whole_number("--best", best),
            "spread": None if spread is None else whole_number("--spread", spread),
            "weights": True if weights else None,
            "budget": None if budget is None else positive_number("--budget", budget),
        }

        run_explain(
            out,
            question,
            tuple(ids or ()),
            source=source,
            lang=spoken,
            as_json=as_json,
            audience="company" if one_of("--for", for_, AUDIENCES) == "company" else "staff",
            time_limit_s=None if time_limit is None else positive_number("--time-limit", time_limit),
            threads=None if threads is None else number_of_threads("--threads", threads),
            options={name: value for name, value in options.items() if value is not None},
            is_lang_given=lang is not None,
        )


@app.command("what-if", cls=Command, help=_help("what_if"))
def what_if(
    source: Source,
    scenarios: Annotated[list[Path], typer.Argument(help=_help("scenarios"), show_default=False, readable=False)],
    set_: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    out: Annotated[
        Path | None, typer.Option("--out", help=_help("comparison_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_help("comparison_force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
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


@app.command(cls=Command, help=_help("sweep"))
def sweep(
    source: Source,
    vary: Annotated[list[str], typer.Option("--vary", metavar="KEY=VALUES", help=_help("vary"), show_default=False)],
    set_: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    most_solves: Annotated[
        str | None, typer.Option("--most-solves", metavar="N", help=_help("most_solves"), show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=_help("sweep_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
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


@app.command(cls=Command, help=_help("frontier"))
def frontier(
    source: Source,
    objectives: Annotated[
        str, typer.Option("--objectives", metavar="TIER,TIER", help=_help("objectives"))
    ] = "points,distance_km",
    policy: PolicyOption = None,
    set_: SetOption = None,
    most: Annotated[
        str | None, typer.Option("--most", metavar="N", help=_help("most_points"), show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=_help("frontier_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
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


@app.command(cls=Command, help=_help("robustness"))
def robustness(
    source: Source,
    draws: Annotated[str | None, typer.Option("--draws", metavar="N", help=_help("draws"), show_default=False)] = None,
    rating_sd: Annotated[
        str | None, typer.Option("--rating-sd", metavar="SD", help=_help("rating_sd"), show_default=False)
    ] = None,
    weight_sd: Annotated[
        str | None, typer.Option("--weight-sd", metavar="SD", help=_help("weight_sd"), show_default=False)
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="N", help=_help("draw_seed"), show_default=False)
    ] = None,
    best_by: Annotated[
        str | None, typer.Option("--best-by", metavar="mean,tail", help=_help("best_by"), show_default=False)
    ] = None,
    policy: PolicyOption = None,
    set_: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    out: Annotated[
        Path | None, typer.Option("--out", help=_help("robustness_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
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


@app.command(cls=Command, help=_help("bench"))
def bench(
    source: Source,
    policy: PolicyOption = None,
    set_: SetOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=_help("bench_out"), show_default=False, readable=False),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.cli.benching import run_bench

        run_bench(source, policy=policy, overrides=tuple(set_ or ()), out=out, lang=spoken, as_json=as_json)


@app.command(cls=Command, help=_help("compare"))
def compare(
    before: Annotated[Path, typer.Argument(help=_help("compare_before"), show_default=False)],
    after: Annotated[Path, typer.Argument(help=_help("compare_after"), show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", help=_help("comparison_out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_help("comparison_force"))] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = _spoken(lang)
    with told(spoken):
        from matcher.cli.whatifs import run_compare

        run_compare(before, after, out=out, force=force, lang=spoken, as_json=as_json)


@app.command(cls=Command, help=_help("generate"))
def generate(
    directors: Annotated[str, typer.Option("--directors", metavar="N", help=_help("n_directors"), show_default=False)],
    companies: Annotated[str, typer.Option("--companies", metavar="M", help=_help("n_companies"), show_default=False)],
    out: Annotated[Path, typer.Option("--out", help=_help("generate_out"), show_default=False, readable=False)],
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="S", help=_help("generate_seed"), show_default=False)
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="csv|parquet",
            help=_help("generate_format"),
            show_default=False,
            autocompletion=lambda: ["csv", "parquet"],
        ),
    ] = "csv",
    force: Annotated[bool, typer.Option("--force", help=_help("generate_force"))] = False,
    lang: LangOption = None,
) -> None:
    spoken = _spoken(lang)
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


@app.command(cls=Command, help=_help("schema"))
def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="policy|scenario|what-if|plan",
            help=_help("schema_name"),
            autocompletion=lambda: ["policy", "scenario", "what-if", "plan"],
        ),
    ],
) -> None:
    with told(_SPOKEN):
        import json

        from matcher.io.schemas import schema_of

        emit(json.dumps(schema_of(name), ensure_ascii=False, indent=2) + "\n")


def _settings(
    *, seed: str | None, time_limit: str | None, gap: str | None, threads: str | None
) -> dict[str, tuple[str, str]]:
    """The policy's key → the option that was typed for it, and its value."""
    settings = {}
    if seed is not None:
        settings["solve.seed"] = ("--seed", str(whole_number("--seed", seed)))
    if time_limit is not None:
        settings["solve.time_limit_s"] = ("--time-limit", repr(positive_number("--time-limit", time_limit)))
    if gap is not None:
        settings["solve.gap"] = ("--gap", repr(share("--gap", gap)))
    if threads is not None:
        settings["solve.threads"] = ("--threads", str(whole_number("--threads", threads)))
    return settings


def _repeat(source: Path, policy: Path | None, overrides: list[str], start: Path | None) -> str:
    """The command that repeats a run, as it would be typed."""
    words = ["matcher", "run", source.as_posix()]
    words += [] if policy is None else ["--policy", policy.as_posix()]
    words += [word for override in overrides for word in ("--set", override)]
    words += [] if start is None else ["--start", start.as_posix()]
    # A path that is no valid text on this machine is shown, not kept: the plan is UTF-8.
    return shlex.join(words).encode("utf-8", "replace").decode("utf-8")
