"""A frontier in words: what it is, how far it is known, a table of its points, a chart, and who changes along it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from matcher.domain.problem import Problem
from matcher.whatif.trade_off import Frontier, Point, shown_values
from matcher.words.blocks import Block, Grid, Line
from matcher.words.catalog import Lang
from matcher.words.facts import facts_of
from matcher.words.plan import number_text, tier_name, word_name
from matcher.words.plan_data import table_of
from matcher.words.sweeping import change_lines

AXES: Final = table_of(
    {
        "points": ("合計点", "Total points"),
        "companies_served": ("支援する企業数", "Companies served"),
        "worst_match": ("最も低い組合せの点", "Points of the weakest match"),
        "fewest_changes": ("継続する担当の数", "Engagements kept"),
        "earlier_matches": ("前回と同じ組合せの数", "Matches of the earlier plan kept"),
        "even_load": ("担当社数の2乗の合計（小さいほど均等）", "Squared companies per director (less is more even)"),
        "distance_km": ("移動距離の合計（km、小さいほど近い）", "Total distance (km, less is nearer)"),
    }
)

FRONTIER: Final = table_of(
    {
        "title": ("{names}の両立：{title}", "{names} against each other: {title}"),
        "page": ("目標どうしの両立", "Objectives against each other"),
        "all": (
            "一方の目標を良くするには、他方を譲るしかない計画です。そのような値は、この{n}通りですべてです（証明済み）。",
            "Each of these gives more of one objective only for less of the other. These are all such values: {n} "
            "(proved).",
        ),
        "some": (
            "一方の目標を良くするには、他方を譲るしかない計画です。{n}通り見つけました。",
            "Each of these gives more of one objective only for less of the other. Found: {n}.",
        ),
        "open": (
            "「…」の行と次の行の間には、まだ調べていないか、時間内に調べきれなかった計画がありえます（{n}か所）。"
            "--most や求解の時間を増やすと、続きを調べます。",
            "Between a row with “…” and the next there may be further ones ({n:place|places}), not looked for or not "
            "settled in time. A larger --most, or more time for a solve, looks further.",
        ),
        "not_proved": (
            "証明できていない行があり、より良い計画や、ほかの行がありえます。",
            "Some rows are not proved: there may be better plans, and further rows.",
        ),
        "sample": (
            "3つの目標については標本です。2つ目と3つ目の目標に下限を設けた格子で調べ、ほかの計画に劣らないものを{n}通り"
            "見つけました。ほかにもありえます。",
            "Of three objectives this is a sample, from a grid of demands on the second and third: {n:plan|plans} "
            "that no "
            "other betters. There may be more.",
        ),
        "first": (
            "方針で先に決める目標（{names}）が最良の計画だけを比べています。",
            "Compared are only plans that are best for what the policy puts first: {names}.",
        ),
        "none": (
            "計画が見つかりませんでした。\n対処：matcher run を行うと、両立しない条件などの理由が示されます。",
            "No plan was found.\nTry: matcher run tells the reason, such as demands in conflict.",
        ),
        "of_kept": (
            "絞り込みで残した候補の組合せの中での結果です。",
            "This is of the candidates kept, not of all eligible pairs.",
        ),
        "no": ("番号", "No."),
        "served": ("支援数", "Served"),
        "used": ("稼働ディレクター", "Directors at work"),
        "proof": ("確かさ", "How sure"),
        "weighing": ("重み付けで見つかるか", "Found by weighing"),
        "yes": ("はい", "yes"),
        "no_weighing": ("いいえ", "no"),
        "not_known": ("不明", "not known"),
        "more": ("続き", "More"),
        "weighing_note": (
            "「いいえ」の計画は、2つの目標にどのような重みを付けて足しても最良になりません。",
            "A plan with “no” is not best for any weighing of the two objectives.",
        ),
        "chart": ("図：縦は{y}、横は{x}", "Chart: {y} upwards, {x} to the right"),
        "chart_marks": (
            "* 重み付けで見つかる　o 見つからない　+ 不明",
            "* found by weighing   o not   + not known",
        ),
        "legend": (
            "塗った点は重み付けで見つかる計画、白い点は見つからない計画です。点線は、重み付けで見つかる計画を結びます。",
            "Filled: a plan that some weighing finds; hollow: one that none finds. The dotted line joins the filled.",
        ),
        "step": ("{one}番 → {other}番", "No. {one} → no. {other}"),
        "steps_left": (
            "ほかの番号の組合せは、--out のファイルか --json にあります。",
            "The matches of the others are in the files of --out, or with --json.",
        ),
        "matches_of": ("{n}番の組合せ", "Matches of no. {n}"),
        "nobody": ("組合せはありません。", "No matches."),
        "solves": ("計算は{n}回です。", "{n:solve|solves}."),
        "director": ("ディレクター", "Director"),
        "company": ("企業・自治体", "Company"),
        "points": ("点", "Points"),
        "files": ("書き出しました：{files}", "Written: {files}"),
    }
)

STEPS_SHOWN = 12
_WIDTH, _HEIGHT = 56, 14


def frontier_blocks(frontier: Frontier, problem: Problem, lang: Lang) -> list[Block]:
    """The frontier as a terminal shows it."""
    out: list[Block] = [Line("title", title_of(frontier, problem, lang))]
    if not frontier.points:
        return [*out, Line("text", FRONTIER["none"].fill(lang).replace("\n", "\n  "))]
    out += [Line("text", text) for text in standing_lines(frontier, lang)]
    out.append(frontier_grid(frontier, lang))
    if len(frontier.objectives) == 2 and len(frontier.points) > 1:
        x, y = (AXES[name].fill(lang) for name in (frontier.objectives[1], frontier.objectives[0]))
        out.append(Line("heading", FRONTIER["chart"].fill(lang, x=x, y=y)))
        out += [Line("text", line) for line in _chart(frontier)]
        out.append(Line("text", FRONTIER["chart_marks"].fill(lang)))
    facts = facts_of(problem)
    for number, (one, other) in enumerate(_neighbours(frontier.points), start=1):
        out.append(Line("heading", FRONTIER["step"].fill(lang, one=number, other=number + 1)))
        out += change_lines(one.pairs, other.pairs, facts, lang)
    if len(frontier.points) > STEPS_SHOWN:
        out.append(Line("note", FRONTIER["steps_left"].fill(lang)))
    return [*out, Line("note", FRONTIER["solves"].fill(lang, n=frontier.n_solves))]


def title_of(frontier: Frontier, problem: Problem, lang: Lang) -> str:
    """What is compared, and of which programme."""
    names = [tier_name(name, lang) for name in frontier.objectives]
    shown = "と".join(names) if lang == "ja" else " and ".join([", ".join(names[:-1]), names[-1]])
    return FRONTIER["title"].fill(lang, names=shown, title=problem.title)


def standing_lines(frontier: Frontier, lang: Lang) -> list[str]:
    """What the points are, how far they are known, and what they were chosen from."""
    n_points, n_open = len(frontier.points), sum(point.is_open_after for point in frontier.points)
    code = "sample" if frontier.is_sample else "all" if frontier.is_complete else "some"
    out = [FRONTIER[code].fill(lang, n=number_text(n_points))]
    if n_open:
        out.append(FRONTIER["open"].fill(lang, n=n_open))
    is_unproved = any(point.word != "proved" for point in frontier.points)
    if is_unproved or not (frontier.is_sample or frontier.is_complete or n_open):
        out.append(FRONTIER["not_proved"].fill(lang))
    if any(point.is_supported is False for point in frontier.points):
        out.append(FRONTIER["weighing_note"].fill(lang))
    if frontier.first:
        out.append(FRONTIER["first"].fill(lang, names=[tier_name(name, lang) for name in frontier.first]))
    if frontier.of == "kept":
        out.append(FRONTIER["of_kept"].fill(lang))
    return out


def frontier_grid(frontier: Frontier, lang: Lang) -> Grid:
    """One row a point."""
    is_two = len(frontier.objectives) == 2
    headings = [FRONTIER["no"].fill(lang), *(AXES[name].fill(lang) for name in frontier.objectives)]
    headings += [FRONTIER[name].fill(lang) for name in ("served", "used", "proof")]
    headings += [FRONTIER[name].fill(lang) for name in ("weighing", "more")] if is_two else []
    rows = []
    for number, point in enumerate(frontier.points, start=1):
        metrics = point.metrics
        row: list[str | int | None] = [number, *shown_values(frontier, point)]
        row += [metrics.n_served, metrics.n_directors_used, word_name(point.word, lang)]
        row += [weighing_text(point, lang), "…" if point.is_open_after else ""] if is_two else []
        rows.append(tuple(row))
    return Grid(tuple(headings), tuple(rows))


def weighing_text(point: Point, lang: Lang) -> str:
    """Whether some weighing finds the plan."""
    code = {True: "yes", False: "no_weighing", None: "not_known"}[point.is_supported]
    return FRONTIER[code].fill(lang)


def _neighbours(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(itertools.pairwise(points[:STEPS_SHOWN]))


def _chart(frontier: Frontier) -> list[str]:
    """The points as marks in a frame, with the ends of both axes."""
    shown = [shown_values(frontier, point) for point in frontier.points]
    ys, xs = [values[0] for values in shown], [values[1] for values in shown]
    cells = [[" "] * _WIDTH for _ in range(_HEIGHT)]
    for point, y, x in zip(frontier.points, ys, xs, strict=True):
        row = _place(y, min(ys), max(ys), _HEIGHT)
        column = _place(x, min(xs), max(xs), _WIDTH)
        cells[_HEIGHT - 1 - row][column] = {True: "*", False: "o", None: "+"}[point.is_supported]
    top, bottom = number_text(max(ys)), number_text(min(ys))
    margin = max(len(top), len(bottom))
    labels = [top, *[""] * (_HEIGHT - 2), bottom]
    lines = [f"{label:>{margin}} |{''.join(row)}".rstrip() for label, row in zip(labels, cells, strict=True)]
    left, right = number_text(min(xs)), number_text(max(xs))
    lines.append(f"{'':>{margin}} +{'-' * _WIDTH}")
    return [*lines, f"{'':>{margin}}  {left}{right:>{_WIDTH - len(left)}}"]


def _place(value: int, low: int, high: int, size: int) -> int:
    return 0 if high == low else (value - low) * (size - 1) // (high - low)
