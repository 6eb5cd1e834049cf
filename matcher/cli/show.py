"""What the terminal shows: a plan, faults, errors. Lines of text; the words come from `matcher.words`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matcher.errors import DataError, Issue, MatcherError, PolicyError
from matcher.io.faults import RepairGroups
from matcher.plan.plan import Plan
from matcher.plan.starting import Start
from matcher.words.catalog import Lang
from matcher.words.cli import FILES, LINES

N_ISSUES_SHOWN = 10
N_MATCHES_SHOWN = 20
N_UNREAD_SHOWN = 20
N_REPAIRS_SHOWN = 20


def error_lines(error: MatcherError, lang: Lang) -> list[str]:
    """The sentence of an exception, and the first faults it carries."""
    from matcher.words.errors import error_text
    from matcher.words.issues import issue_text

    lines = []
    if isinstance(error, DataError | PolicyError):
        lines = [issue_text(issue, lang) for issue in error.issues[:N_ISSUES_SHOWN]]
    return [error_text(error, lang), *lines]


def as_asked(source: Path, mapping: Path | None, encoding: str | None) -> str:
    """The source with the options that say how it is read, as a command names them."""
    words = [str(source)]
    words += [] if mapping is None else ["--mapping", str(mapping)]
    words += [] if encoding is None else ["--encoding", encoding]
    return " ".join(words)


def unread_lines(issues: Sequence[Issue], n_all: int, source: str, lang: Lang) -> list[str]:
    """What is there and was not read: what looks like a table or column first, as that is most likely a slip."""
    from matcher.words.issues import issue_text

    if not n_all:
        return []
    likely = sorted(issues, key=lambda issue: not (issue.params.get("near_tables") or issue.params.get("near_fields")))
    shown = likely[:N_UNREAD_SHOWN]
    lines = [LINES["unread"].fill(lang, n=f"{n_all:,}"), *(issue_text(issue, lang) for issue in shown)]
    if n_all > len(shown):
        lines.append(LINES["unread_more"].fill(lang, n=f"{n_all - len(shown):,}", source=source))
    return lines


def repair_lines(groups: RepairGroups, source: str, lang: Lang) -> list[str]:
    """What was read although it is written in another way: a column and kind at a time, with the first cells."""
    from matcher.words.issues import hint_text, what_text, where_text

    if not groups.n:
        return []
    lines = [LINES["repairs"].fill(lang, n=f"{groups.n:,}")]
    shown = list(groups)[:N_REPAIRS_SHOWN]
    for group in shown:
        first, *others = group.first
        lines.append(f"{where_text(first, lang)}{what_text(first, lang)}")
        if group.n > 1:
            cells = [_repaired_cell(one, lang) for one in others]
            ends = [] if group.n == len(group.first) else ["…"]
            lines.append(LINES["repairs_alike"].fill(lang, n=f"{group.n - 1:,}", cells=[*cells, *ends]))
    lines += dict.fromkeys(hint_text(group.first[0], lang) for group in shown)
    if groups.n > sum(len(group.first) for group in shown):
        lines.append(LINES["repairs_more"].fill(lang, source=source))
    return lines


def _repaired_cell(issue: Issue, lang: Lang) -> str:
    from matcher.words.headings import column_heading

    read = str(issue.params["read"])
    if read == issue.params.get("field"):  # a heading, not a cell
        read = column_heading(str(issue.params["table"]), read, lang)
    return LINES["repair_cell"].fill(lang, row=issue.row, value=issue.value, read=read)


def start_line(start: Start, path: Path, lang: Lang) -> str:
    """What of an earlier plan the solver started from, and what was left out."""
    counts = {"n_all": start.n_all, "n_used": start.n_used, "n_gone": start.n_gone, "n_unfit": start.n_unfit}
    shown = {name: f"{n:,}" for name, n in counts.items()}
    return LINES["start_lacks" if start.x is None else "start"].fill(lang, path=path, **shown)


def plan_lines(plan: Plan, paths: Sequence[Path], lang: Lang) -> list[str]:
    """The plan as a person reads it in a terminal: the matches and why, what is proved, where the files are."""
    from matcher.whatif.decided import changes_of
    from matcher.words.conflicts import conflict_passages
    from matcher.words.decisions import conflict_passage, decided_lines
    from matcher.words.facts import facts_of
    from matcher.words.plan import certificate_tier, open_tiers_line, proof_line, solver_line, status_line

    document, facts = plan.document, facts_of(plan.problem)
    lines = [line for line in (document.title, status_line(document, lang)) if line]
    for passage in (*conflict_passages(document.conflict, facts, lang), *conflict_passage(document, facts, lang)):
        lines += ["", passage.heading, *(f"  - {line}" for line in passage.lines)]
    if document.assignments:
        lines += ["", *_match_lines(plan, lang)]
    n_unserved = len(document.unserved)
    if n_unserved and document.assignments:
        lines += ["", LINES["unserved"].fill(lang, n=n_unserved)]
    changes = changes_of(document)
    decided = decided_lines(document, 0 if changes is None else changes.n_moves, lang)
    lines += ["", *decided] if decided else []
    proof = proof_line(document.certificate, lang, tier=certificate_tier(document))
    still_open = open_tiers_line(document, lang)
    lines += ["", proof, *([still_open] if still_open else []), solver_line(document.solver, lang)]
    lines += ["", LINES["files"].fill(lang)]
    lines += [f"  {path}  {FILES[path.name].fill(lang)}" for path in paths]
    return lines


def _match_lines(plan: Plan, lang: Lang) -> list[str]:
    from matcher.words.facts import facts_of
    from matcher.words.plan import number_text, why_line

    facts, matches = facts_of(plan.problem), plan.document.assignments
    lines = []
    for match in sorted(matches, key=lambda match: -match.points)[:N_MATCHES_SHOWN]:
        line = LINES["match"].fill(
            lang,
            director=facts.labelled_director(match.director_id, lang),
            company=facts.labelled_company(match.company_id, lang),
            points=number_text(match.points),
        )
        lines += [f"  {line}", f"      {why_line(match, facts, lang)}"]
    if len(matches) > N_MATCHES_SHOWN:
        lines.append(f"  {LINES['more_matches'].fill(lang, n=len(matches) - N_MATCHES_SHOWN)}")
    return lines
