"""What staff ask for: a template, a check, a run, its proof, its reasons."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.guard import told
from matcher.cli.helping import Command
from matcher.cli.root import (
    EncodingOption,
    JsonOption,
    LangOption,
    MappingOption,
    PolicyOption,
    SetOption,
    Source,
    StrictOption,
    app,
    help_text,
    reader_language,
)
from matcher.cli.usage import number_of_threads, one_of, options_named, positive_number, share, whole_number
from matcher.domain.encodings import ALSO_CALLED, ENCODINGS

AUDIENCES = ("staff", "company")


@app.command(cls=Command, help=help_text("init"))
def init(
    folder: Annotated[Path, typer.Argument(help=help_text("folder"), show_default=False, readable=False)],
    lang: LangOption = None,
    workbook: Annotated[bool, typer.Option("--workbook", help=help_text("workbook"))] = False,
) -> None:
    spoken = reader_language(lang)
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


@app.command(cls=Command, help=help_text("check"))
def check(
    source: Source,
    policy: PolicyOption = None,
    set_: SetOption = None,
    mapping: MappingOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
    faults: Annotated[
        Path | None, typer.Option("--faults", help=help_text("faults"), show_default=False, readable=False)
    ] = None,
    annotate: Annotated[
        Path | None,
        typer.Option("--annotate", metavar="COPY", help=help_text("annotate"), show_default=False, readable=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("annotate_force"))] = False,
    headers: Annotated[bool, typer.Option("--headers", help=help_text("headers"))] = False,
    strict: StrictOption = False,
    encoding: EncodingOption = None,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.checking import run_check

        is_clean = run_check(
            source,
            policy=policy,
            overrides=tuple(set_ or ()),
            mapping=mapping,
            lang=spoken,
            as_json=as_json,
            faults=faults,
            annotate=annotate,
            force=force,
            headers=headers,
            strict=strict,
            encoding=_encoding(encoding),
        )
    if not is_clean:
        raise typer.Exit(1)


@app.command(cls=Command, help=help_text("run"))
def run(
    source: Source,
    policy: PolicyOption = None,
    set_: SetOption = None,
    mapping: MappingOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=help_text("out"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("force"))] = False,
    formats: Annotated[
        str, typer.Option("--formats", metavar="NAMES", help=help_text("formats"))
    ] = "html,xlsx,candidates",
    lang: LangOption = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="N", help=help_text("seed"), show_default=False)] = None,
    time_limit: Annotated[
        str | None, typer.Option("--time-limit", metavar="S", help=help_text("time_limit"), show_default=False)
    ] = None,
    gap: Annotated[str | None, typer.Option("--gap", metavar="G", help=help_text("gap"), show_default=False)] = None,
    threads: Annotated[
        str | None, typer.Option("--threads", metavar="N", help=help_text("threads"), show_default=False)
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option("--start", metavar="PLAN", help=help_text("start"), show_default=False, readable=False),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions", metavar="WORKBOOK", help=help_text("decisions"), show_default=False, readable=False
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help=help_text("resume"))] = False,
    as_json: JsonOption = False,
    log_solver: Annotated[bool, typer.Option("--log-solver", help=help_text("log_solver"))] = False,
    strict: StrictOption = False,
    encoding: EncodingOption = None,
) -> None:
    spoken = reader_language(lang)
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
                command=_repeat(source, policy, overrides, start, mapping, decisions, _encoding(encoding)),
                mapping=mapping,
                start=start,
                decisions=decisions,
                strict=strict,
                encoding=_encoding(encoding),
                resume=resume,
            )
    if exit_code:
        raise typer.Exit(exit_code)


@app.command(cls=Command, help=help_text("verify"))
def verify(
    plan: Annotated[Path, typer.Argument(help=help_text("plan"), show_default=False)],
    source: Annotated[
        Path | None, typer.Option("--source", help=help_text("verify_source"), show_default=False)
    ] = None,
    mapping: MappingOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.verifying import run_verify

        holds = run_verify(plan, source=source, mapping=mapping, lang=spoken, as_json=as_json)
    if not holds:
        raise typer.Exit(1)


@app.command(cls=Command, help=help_text("explain"))
def explain(
    out: Annotated[Path, typer.Argument(help=help_text("explain_out"), show_default=False, readable=False)],
    question: Annotated[str, typer.Argument(help=help_text("question"), show_default=False)],
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help=help_text("ids"), show_default=False)
    ] = None,
    for_: Annotated[
        str,
        typer.Option("--for", metavar="staff|company", help=help_text("for"), autocompletion=lambda: list(AUDIENCES)),
    ] = "staff",
    time_limit: Annotated[
        str | None, typer.Option("--time-limit", metavar="S", help=help_text("explain_time"), show_default=False)
    ] = None,
    threads: Annotated[
        str | None, typer.Option("--threads", metavar="N", help=help_text("threads"), show_default=False)
    ] = None,
    within: Annotated[
        str | None, typer.Option("--within", metavar="POINTS|%", help=help_text("within"), show_default=False)
    ] = None,
    best: Annotated[str | None, typer.Option("--best", metavar="K", help=help_text("best"), show_default=False)] = None,
    spread: Annotated[
        str | None, typer.Option("--spread", metavar="POINTS", help=help_text("spread"), show_default=False)
    ] = None,
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="S", help=help_text("budget"), show_default=False)
    ] = None,
    weights: Annotated[bool, typer.Option("--weights", help=help_text("explain_weights"))] = False,
    source: Annotated[
        Path | None, typer.Option("--source", help=help_text("verify_source"), show_default=False)
    ] = None,
    mapping: MappingOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    spoken = reader_language(lang)
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
            mapping=mapping,
            lang=spoken,
            as_json=as_json,
            audience="company" if one_of("--for", for_, AUDIENCES) == "company" else "staff",
            time_limit_s=None if time_limit is None else positive_number("--time-limit", time_limit),
            threads=None if threads is None else number_of_threads("--threads", threads),
            options={name: value for name, value in options.items() if value is not None},
            is_lang_given=lang is not None,
        )


@app.command(cls=Command, help=help_text("letters"))
def letters(
    run_folder: Annotated[
        Path, typer.Argument(metavar="OUT", help=help_text("explain_out"), show_default=False, readable=False)
    ],
    out: Annotated[Path, typer.Option("--out", help=help_text("letters_out"), show_default=False, readable=False)],
    template: Annotated[
        Path | None, typer.Option("--template", help=help_text("letters_template"), show_default=False, readable=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=help_text("force"))] = False,
    source: Annotated[
        Path | None, typer.Option("--source", help=help_text("verify_source"), show_default=False)
    ] = None,
    mapping: MappingOption = None,
    lang: LangOption = None,
) -> None:
    spoken = reader_language(lang)
    with told(spoken):
        from matcher.cli.lettering import run_letters

        run_letters(run_folder, out=out, template=template, force=force, source=source, mapping=mapping, lang=spoken)


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


def _encoding(typed: str | None) -> str | None:
    """The encoding that is meant, or UsageError."""
    name = None if typed is None else typed.lower()
    return None if name is None else one_of("--encoding", ALSO_CALLED.get(name, name), ENCODINGS)


def _repeat(
    source: Path,
    policy: Path | None,
    overrides: list[str],
    start: Path | None,
    mapping: Path | None,
    decisions: Path | None,
    encoding: str | None,
) -> str:
    """The command that repeats a run, as it would be typed."""
    words = ["matcher", "run", source.as_posix()]
    words += [] if policy is None else ["--policy", policy.as_posix()]
    words += [] if mapping is None else ["--mapping", mapping.as_posix()]
    words += [word for override in overrides for word in ("--set", override)]
    words += [] if start is None else ["--start", start.as_posix()]
    words += [] if decisions is None else ["--decisions", decisions.as_posix()]
    words += [] if encoding is None else ["--encoding", encoding]
    # A path that is no valid text on this machine is shown, not kept: the plan is UTF-8.
    return shlex.join(words).encode("utf-8", "replace").decode("utf-8")
