"""`matcher letters`: read a finished run, write a letter to each company."""

from __future__ import annotations

from pathlib import Path

from matcher.cli.foreseeing import foresee_check
from matcher.io.letters_out import refuse_letters, write_letters
from matcher.io.standing_file import read_run
from matcher.words.catalog import Lang
from matcher.words.company_letters import LINES


def run_letters(
    run_folder: Path,
    *,
    out: Path,
    template: Path | None,
    force: bool,
    source: Path | None,
    mapping: Path | None,
    lang: Lang,
) -> None:
    """Write the letters and say where; errors as `read_run` and `write_letters`."""
    refuse_letters(out, run_folder, force=force)
    plan = read_run(run_folder, source, mapping=mapping, before=foresee_check)
    n = write_letters(plan, out, template=template, lang=lang)
    print(LINES["written"].fill(lang, n=n, path=out))
