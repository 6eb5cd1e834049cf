"""Every sentence about a plan as a whole and about a match: criteria, why, what is proved, status, solver."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.plan.document import Assignment, CertificateRecord, PlanDocument, SolverRecord
from matcher.words.catalog import Lang, Sentence
from matcher.words.facts import Facts
from matcher.words.families import family_name
from matcher.words.plan_data import (
    BACKEND_NAMES,
    CRITERION_NAMES,
    CRITERION_NOTES,
    FLAG_KINDS,
    FLAG_NAMES,
    FLAGS,
    GAP_TINY,
    GIVEN,
    INTERRUPTED,
    NETWORK_REASONS,
    NOT_BINDING,
    OF,
    OPEN_TIERS,
    PROOF,
    PROOF_GIVEN,
    SEARCHES,
    SOLVER,
    SOLVER_REASONS,
    STATUS,
    STATUS_NAMES,
    TIER_NAMES,
    TIER_VALUES,
    UNITS,
    WHY,
    WORD_NOTES,
    WORDS,
    sentence_of,
)

FLAG_SEVERITIES = ("needs_approval", "disclose")
"""What a relation asks for, the graver first."""

N_STRONGEST = 3
"""Criteria that a why line names."""


def criterion_name(name: str, lang: Lang) -> str:
    """The name of a criterion, or of ``keep``."""
    return sentence_of(CRITERION_NAMES, name, "Criterion").fill(lang)


def _in_text(name: str, lang: Lang) -> str:
    """A criterion's name inside a sentence."""
    return _lowered(criterion_name(name, lang), lang)


def _lowered(shown: str, lang: Lang) -> str:
    return shown if lang == "ja" else shown[0].lower() + shown[1:]


def criterion_note(name: str, lang: Lang) -> str:
    """What a criterion measures, in one line."""
    return sentence_of(CRITERION_NOTES, name, "Criterion").fill(lang)


def tier_name(name: str, lang: Lang) -> str:
    """The name of an objective tier, or of the criterion that breaks ties."""
    return sentence_of({**CRITERION_NAMES, **TIER_NAMES}, name, "Tier").fill(lang)


def word_name(word: str, lang: Lang) -> str:
    """One of the three words: proved, claimed, unknown."""
    return sentence_of(WORDS, word, "Word").fill(lang)


def word_note(word: str, lang: Lang) -> str:
    """What the word means, in one plain sentence."""
    return sentence_of(WORD_NOTES, word, "Word").fill(lang)


def number_text(value: float | None) -> str:
    """A number with thousands separators; whole numbers without a decimal point, missing ones as a dash."""
    if value is None:
        return "–"
    return f"{round(value):,}" if float(value).is_integer() else f"{value:,.1f}"


def gap_text(gap: float | None, lang: Lang) -> str:
    """A relative gap as a percentage, never rounded down to 0%."""
    if gap is None:
        return "–"
    if gap <= 0:
        return "0%"
    return GAP_TINY.fill(lang) if gap < 0.0001 else f"{gap:.2%}"


def join_words(words: list[str], lang: Lang) -> str:
    """A list as people write it: A、B、C or A, B and C."""
    if lang == "ja":
        return "、".join(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def why_line(match: Assignment, facts: Facts, lang: Lang) -> str:
    """Why this director works with this company, in one line.

    The strongest criteria with their points of the possible ones, what is missing to a full score, which criteria
    had nothing to go by, and which relations need approval or disclosure. Every number is read off the match;
    nothing is scored again.
    """
    possible = facts.possible_points(match.company_id)
    known = [name for name in match.criteria if name not in match.neutral and match.criteria[name] > 0]
    strongest = sorted(known, key=lambda name: -match.criteria[name])[:N_STRONGEST]
    parts = [
        WHY["part"].fill(
            lang,
            name=_in_text(name, lang),
            points=number_text(match.criteria[name]),
            possible=number_text(possible[name]),
        )
        for name in strongest
    ]
    lines = [WHY["strong"].fill(lang, parts=join_words(parts, lang))] if parts else []
    lines.append(_gap_to_full(match, possible, lang))
    if facts.is_full_rounded(match.company_id):
        lines.append(WHY["rounded"].fill(lang))
    if match.keep:
        lines.append(WHY["keep" if match.keep > 0 else "moved"].fill(lang, keep=number_text(abs(match.keep))))
    if match.neutral:
        names = [_in_text(name, lang) for name in match.neutral]
        lines.append(WHY["neutral"].fill(lang, names=join_words(names, lang)))
    if match.pinned:
        lines.append(WHY["pinned"].fill(lang))
    lines += [text for _, text in _flag_texts(match, FLAGS, lang)]
    return ("" if lang == "ja" else " ").join(lines)


def flag_names(match: Assignment, lang: Lang) -> list[tuple[str, str]]:
    """(severity, short text) of the relations that ask for approval or disclosure, approval first: 要承認：親族."""
    return _flag_texts(match, FLAG_NAMES, lang)


def _flag_texts(match: Assignment, table: Mapping[str, Sentence], lang: Lang) -> list[tuple[str, str]]:
    """One text a severity, with all its kinds; a kind that is not stated is left out where it is the only one."""
    kinds: dict[str, list[str]] = {severity: [] for severity in FLAG_SEVERITIES}
    for severity, kind in match.flags:
        kinds.setdefault(severity, []).append(kind)
    texts = []
    for severity, found in kinds.items():
        if not found:
            continue
        stated = sorted(set(found), key=lambda kind: (kind == "", kind))
        code = severity if any(stated) else f"{severity}_unnamed"
        names = [sentence_of(FLAG_KINDS, kind, "Kind of relation").fill(lang) for kind in stated]
        texts.append((severity, sentence_of(table, code, "Severity").fill(lang, kinds=join_words(names, lang))))
    return texts


def _gap_to_full(match: Assignment, possible: Mapping[str, int], lang: Lang) -> str:
    losses = {name: possible[name] - points for name, points in match.criteria.items()}
    full, gap = sum(possible.values()), sum(losses.values())
    if gap <= 0:
        return WHY["full"].fill(lang, full=number_text(full))
    worst = max(losses, key=lambda name: losses[name])
    return WHY["gap"].fill(
        lang,
        full=number_text(full),
        gap=number_text(gap),
        name=_in_text(worst, lang),
        loss=number_text(losses[worst]),
    )


def proof_line(certificate: CertificateRecord, lang: Lang, *, tier: str = "points") -> str:
    """What is proved, in one exact sentence: the word, the value, the bound, the gap, and among which pairs.

    Where the certificate presumes tiers before its own, the sentence speaks of the plans that are best for them only.

    Parameters
    ----------
    tier : the objective tier whose value the certificate speaks of
    """
    of, given = OF[certificate.of].fill(lang), given_text(certificate, lang)
    table = PROOF_GIVEN if given else PROOF
    if certificate.value is None:
        return table[f"{certificate.word}_none"].fill(lang, of=of, given=given)
    what = tier_value(tier, certificate.value, lang)
    if certificate.bound is None:
        word = "claimed" if certificate.word == "claimed" else "unknown"
        return table[f"{word}_unbounded"].fill(lang, what=what, of=of, given=given)
    is_within = certificate.word == "proved" and certificate.bound != certificate.value
    return table["proved_within" if is_within else certificate.word].fill(
        lang,
        what=what,
        of=of,
        given=given,
        bound=number_text(certificate.bound),
        unit=UNITS.get(tier, ""),
        gap=gap_text(certificate.gap, lang),
    )


def given_text(certificate: CertificateRecord, lang: Lang) -> str:
    """The plans among which the bound holds: those that are best for the tiers before; empty where it is all plans."""
    if not certificate.given:
        return ""
    names = [_lowered(tier_name(name, lang), lang) for name in certificate.given]
    tiers = ("」「" if lang == "ja" else ", ").join(names)
    return GIVEN["one" if len(names) == 1 else "more"].fill(lang, tiers=tiers)


def of_text(certificate: CertificateRecord, lang: Lang) -> str:
    """What the bound is over: which pairs, and among which plans where it presumes tiers before its own."""
    of, given = OF[certificate.of].fill(lang), given_text(certificate, lang)
    return GIVEN["of"].fill(lang, of=of, given=given) if given else of


def open_tiers_line(document: PlanDocument, lang: Lang) -> str:
    """What is not proved besides the tier that the proof line speaks of; empty where the first is not proved either."""
    if not document.tiers or document.tiers[0].word != "proved":
        return ""
    told = certificate_tier(document)
    names = [
        OPEN_TIERS["one"].fill(lang, name=_lowered(tier_name(tier.name, lang), lang), word=_in_word(tier.word, lang))
        for tier in document.tiers
        if tier.word != "proved" and (tier.is_tie_break or tier.name != told)
    ]
    return OPEN_TIERS["all"].fill(lang, names=names) if names else ""


def _in_word(word: str, lang: Lang) -> str:
    return _lowered(word_name(word, lang), lang)


def tier_value(tier: str, value: int, lang: Lang) -> str:
    """A tier's value with its name and unit: 合計点 24,310点."""
    sentence = TIER_VALUES.get(tier, TIER_VALUES[""])
    return sentence.fill(lang, name=tier_name(tier, lang), value=number_text(value))


def status_line(document: PlanDocument, lang: Lang) -> str:
    """What came of the run, in one sentence, and that it was interrupted where it was."""
    metrics = document.metrics
    is_empty = document.status in ("optimal", "feasible") and not document.assignments
    is_unconfirmed = document.status == "unknown" and document.conflict is not None
    line = STATUS["empty" if is_empty else "unconfirmed" if is_unconfirmed else document.status].fill(
        lang,
        n_companies=number_text(metrics.n_companies),
        n_served=number_text(metrics.n_served),
        n_directors=number_text(metrics.n_directors_used),
    )
    if not document.interrupted:
        return line
    return f"{INTERRUPTED.fill(lang)}{'' if lang == 'ja' else ' '}{line}"


def certificate_tier(document: PlanDocument) -> str:
    """The tier that the plan's certificate speaks of: the first that is not proved, else the first."""
    tiers = [tier for tier in document.tiers if not tier.is_tie_break]
    weakest = next((tier for tier in tiers if tier.word != "proved"), tiers[0] if tiers else None)
    return weakest.name if weakest else "points"


def status_name(document: PlanDocument, lang: Lang) -> str:
    """The status in a few words; a best plan is called so only where that is proved."""
    is_reported = document.status == "optimal" and document.certificate.word != "proved"
    return STATUS_NAMES["reported" if is_reported else document.status].fill(lang)


def solver_line(solver: SolverRecord, lang: Lang) -> str:
    """Which backend worked, why it was taken, and which demands were left out because they cannot bind.

    Raises
    ------
    LookupError
        If the reason code has no sentence in `SOLVER_REASONS`.
    """
    params: dict[str, object] = dict(solver.params)
    if solver.reason == "rows_are_no_network":
        params["reason"] = network_reason(str(params.get("reason", "")), lang)
    # Where parts were solved by several, the record names the hardest one, and its params all of them.
    used = str(params.get("names", solver.backend)).split("+")
    backend = join_words([BACKEND_NAMES[name].fill(lang) if name in BACKEND_NAMES else name for name in used], lang)
    reason = sentence_of(SOLVER_REASONS, solver.reason, "Solver reason").fill(lang, **params)
    parts = [SOLVER.fill(lang, backend=backend, reason=reason)]
    if "search" in params:
        how = str(params.get("search_reason", params["search"]))
        counted = {name: number_text(one) if isinstance(one, int) else one for name, one in params.items()}
        parts.append(sentence_of(SEARCHES, how, "Search").fill(lang, **counted))
    if solver.not_binding:
        names = [family_name(name, lang) for name in solver.not_binding]
        parts.append(NOT_BINDING.fill(lang, names=join_words(names, lang)))
    return ("" if lang == "ja" else " ").join(parts)


def network_reason(code: str, lang: Lang) -> str:
    """Which demands the fastest method cannot handle.

    Raises
    ------
    LookupError
        If the code has no sentence in `NETWORK_REASONS`.
    """
    kind, _, family = code.partition(":")
    if kind in ("no_side", "rows_overlap"):
        return NETWORK_REASONS[kind].fill(lang, family=family_name(family, lang))
    return sentence_of(NETWORK_REASONS, code, "Network reason").fill(lang)
