"""Small multiples: one small chart a measure, a row a scenario, on one scale for all its rows."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.io.sheet_style import shortened
from matcher.whatif.study import Study
from matcher.words.catalog import Lang
from matcher.words.comparison import label, measure_name
from matcher.words.plan import number_text
from matcher.words.whatif import case_title
from matcher.words.whatif_chains import signed

N_ROWS = 40
"""A chart has at most so many rows; the table below has all."""

WIDTH = 400
_ROW, _TOP = 24, 6
_LEFT, _LETTER, _GAP = 138.0, 7.2, 10.0
_TITLE_WIDTH = 20


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One scenario: its dot, none where the value is missing, and its text."""

    title: str
    full_title: str
    y: float
    x: float | None
    value: str
    change: str
    is_base: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure over all scenarios, in units of the drawing.

    `left` to `right` is the scale, `value_x` and `change_x` where the numbers end; `base_x` is None where the base has
    no value.
    """

    name: str
    text: str
    width: int
    height: int
    left: float
    right: float
    value_x: float
    change_x: float
    base_x: float | None
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts of the measures that differ, and what there is to say of the others."""

    charts: tuple[Chart, ...]
    same: str
    cut: str


def build_charts(study: Study, lang: Lang) -> Charts:
    """A chart for every measure that is not the same in all scenarios that have it."""
    cases = study.all_cases[:N_ROWS]
    measures = study.measures[study.measures["scenario"].isin([case.name for case in cases])]
    titles = {case.name: case_title(study, case, lang) for case in cases}
    charts, same = [], []
    has_points = bool((measures["measure"] == "points").any())
    for (kind, name), part in measures.groupby(["kind", "measure"], sort=False):
        if kind == "tie_break" or (name == "total_points" and has_points):
            continue
        label_ = measure_name(str(kind), str(name), lang)
        values = [
            None if value is None else float(value)
            for value in part["value"].astype(object).where(part["value"].notna(), None)
        ]
        if len({value for value in values if value is not None}) < 2:
            same.append(label_)
            continue
        charts.append(_chart(label_, list(titles.values()), values, lang))
    names = ("、" if lang == "ja" else ", ").join(same)
    n_all = len(study.all_cases)
    return Charts(
        tuple(charts),
        label("charts_same", lang, names=names) if same else "",
        label("charts_cut", lang, n=N_ROWS) if n_all > N_ROWS else "",
    )


def _chart(name: str, titles: list[str], values: list[float | None], lang: Lang) -> Chart:
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    base = values[0]
    changes = [
        "" if at == 0 or value is None or base is None else signed(round(value - base, 6))
        for at, value in enumerate(values)
    ]
    # The numbers take the room they need, the scale what is left.
    value_x = WIDTH - _LETTER * max(map(len, changes)) - _GAP
    right = value_x - _LETTER * max(len(number_text(value)) for value in values) - _GAP
    rows = []
    for at, (title, value, change) in enumerate(zip(titles, values, changes, strict=True)):
        x = None if value is None else round(_LEFT + 6 + (right - _LEFT - 12) * (value - low) / (high - low), 1)
        rows.append(
            ChartRow(
                shortened(title, _TITLE_WIDTH),
                title,
                _TOP + _ROW * (at + 0.5),
                x,
                number_text(value),
                change,
                is_base=at == 0,
            )
        )
    told = [label("chart_value", lang, title=row.full_title, value=row.value) for row in rows]
    text = label("chart_label", lang, name=name, values=told)
    height = _TOP * 2 + _ROW * len(rows)
    return Chart(
        name, text, WIDTH, height, _LEFT, round(right, 1), round(value_x, 1), WIDTH - 1.0, rows[0].x, tuple(rows)
    )
