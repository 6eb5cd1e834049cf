"""What a run's files say of a match and of an unserved company: what the plan would lose, or which command says so."""

from __future__ import annotations

from typing import Final

from matcher.explain.summary import Summary
from matcher.plan.plan import Plan
from matcher.words.catalog import Lang
from matcher.words.explain_losses import change_lines
from matcher.words.facts import Facts
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "without": ("この組合せを外すと：{change}", "Without this match: {change}"),
        "serving": (
            "支援するなら（{director}が担当）：{change}",
            "If it were served (by {director}): {change}",
        ),
        "nobody": ("支援するなら：{change}", "If it were served: {change}"),
        "without_left_out": (
            "組合せを外した場合の計画全体の増減は、計算に時間がかかるため、ここには載せていません。次のコマンドで"
            "確かめられます：matcher explain FOLDER pair {director} {company}",
            "What the plan would lose without a match takes longer to compute and is left out here. This command"
            " answers it: matcher explain FOLDER pair {director} {company}",
        ),
        "serving_left_out": (
            "未割当の企業・自治体を支援した場合の計画全体の増減は、計算に時間がかかるため、ここには載せていません。次のコマンドで"
            "確かめられます：matcher explain FOLDER pair {director} {company}",
            "What serving an unserved company would cost takes longer to compute and is left out here. This command"
            " answers it: matcher explain FOLDER pair {director} {company}",
        ),
    }
)


def without_text(summary: Summary, director_id: str, company_id: str, lang: Lang) -> str:
    """What the plan would lose without a match; empty where it was left out."""
    losses = None if summary.without is None else summary.without.get((director_id, company_id))
    return "" if losses is None else TEXTS["without"].fill(lang, change=change_lines(losses, lang)[0].text)


def serving_text(summary: Summary, company_id: str, facts: Facts, lang: Lang) -> str:
    """What serving an unserved company would cost; empty where it has no candidate or it was left out."""
    found = None if summary.serving is None else summary.serving.get(company_id)
    if found is None:
        return ""
    if found.director_id is None:
        return TEXTS["nobody"].fill(lang, change=change_lines(found.losses, lang)[0].text)
    director = facts.labelled_director(found.director_id, lang)
    return TEXTS["serving"].fill(lang, director=director, change=change_lines(found.losses, lang)[0].text)


def left_out_lines(plan: Plan, summary: Summary, lang: Lang) -> list[str]:
    """What is not shown, and the command that answers it; empty where all is shown, and where there is no match."""
    lines = []
    matches = plan.document.assignments
    if matches and summary.without is None:
        first = matches[0]
        lines.append(TEXTS["without_left_out"].fill(lang, director=first.director_id, company=first.company_id))
    asked = next((one for one in plan.document.unserved if one.detail.best_director_id is not None), None)
    if matches and asked is not None and summary.serving is None:
        best = asked.detail.best_director_id
        lines.append(TEXTS["serving_left_out"].fill(lang, director=best, company=asked.company_id))
    return lines
