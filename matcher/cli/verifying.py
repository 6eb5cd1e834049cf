"""`matcher verify`: read a plan and its data again, check, show."""

from __future__ import annotations

import json
from pathlib import Path

from matcher.cli.foreseeing import foresee_check
from matcher.cli.guard import emit
from matcher.io.plan_file import verify_plan
from matcher.verifying.verification import Verification
from matcher.words.catalog import Lang
from matcher.words.verifying import finding_text, verification_lines

SCHEMA = "matcher.verify/1"


def run_verify(plan: Path, *, source: Path | None, mapping: Path | None, lang: Lang, as_json: bool) -> bool:
    """Check and print; returns whether the plan holds."""
    verification = verify_plan(plan, source, mapping=mapping, before=foresee_check)
    if as_json:
        emit(json.dumps(_as_json(verification, lang), ensure_ascii=False, default=str) + "\n")
    else:
        print("\n".join(verification_lines(verification, lang)))
    return verification.ok


def _as_json(verification: Verification, lang: Lang) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "ok": verification.ok,
        "problems": [
            {
                "rule": finding.rule,
                "where": finding.where,
                "message": finding_text(finding, lang),
                "details": dict(finding.params),
            }
            for finding in verification.problems
        ],
        "value": verification.value,
        "bound": verification.bound,
        "word": verification.word,
        "tiers": [
            {"name": tier.name, "value": tier.value, "bound": tier.bound, "word": tier.word}
            for tier in verification.tiers
        ],
    }
