"""Small multiples of a sweep: a line along one number, else cells of a grid; the plan first, then every measure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcher.io.sheet_style import text_width
from matcher.whatif.swept import Sweep
from matcher.words.catalog import Lang
from matcher.words.comparison import measure_name
from matcher.words.plan import number_text
from matcher.words.sweep_page import label, point_text, region_text
from matcher.words.sweeping import weight_text

N_ROWS = 40
"""A grid's charts have at most so many rows; the table below has all."""

WIDTH = 400
_LETTER = 7.0
_PLOT, _TOP, _FOOT = 110.0, 20.0, 24.0
_CELL, _CELL_MIN_FOR_TEXT = 20.0, 14.0
_SHADES = (0.14, 0.32, 0.22, 0.42)
_FAINTEST, _DARKEST = 0.08, 0.46


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the drawing."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled rectangle: a combination's value, or the weights at which one plan is the best."""

    x: float
    y: float
    width: float
    height: float
    shade: float
    text: str
    title: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot, or a × where there is no plan; a break's line has `y` 0."""

    x: float
    y: float
    title: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure, in units of the drawing; `text` says all of it to whoever does not see it."""

    name: str
    text: str
    width: int
    height: float
    cells: tuple[Cell, ...] = ()
    lines: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    breaks: tuple[Mark, ...] = ()
    texts: tuple[Text, ...] = ()
    base_y: float | None = None


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts, and what there is to say of measures that do not differ and rows that are not drawn."""

    charts: tuple[Chart, ...]
    same: str
    cut: str


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]
    is_plan: bool = False


def build_charts(sweep: Sweep, lang: Lang) -> Charts:
    """The plan, then every measure that is not the same in all combinations that have it."""
    measures, same = _measures(sweep, lang)
    n_rows = len(sweep.points) // len(sweep.axes[-1].values)
    cut = ""
    if _is_line(sweep):
        charts = [_plan_line(sweep, lang), *(_line(sweep, one, lang) for one in measures)]
    else:
        charts = [_cells(sweep, one, lang) for one in (_plan_measure(sweep, lang), *measures)]
        cut = label("charts_cut", lang, n=N_ROWS) if n_rows > N_ROWS else ""
    names = ("、" if lang == "ja" else ", ").join(same)
    return Charts(tuple(charts), label("charts_same", lang, names=names) if same else "", cut)


def _is_line(sweep: Sweep) -> bool:
    first = sweep.axes[0]
    return len(sweep.axes) == 1 and len(first.values) > 1 and not first.is_text


def _measures(sweep: Sweep, lang: Lang) -> tuple[list[_Measure], list[str]]:
    """Those that differ, and the names of the others; tie-breaks are left out, and points where they are a tier."""
    frame = sweep.measures
    has_points = bool(((frame["kind"] == "tier") & (frame["measure"] == "points")).any())
    found, same = [], []
    for (kind, name), part in frame.groupby(["kind", "measure"], sort=False):
        if kind == "tie_break" or (name == "total_points" and has_points):
            continue
        values = [None if value is None else float(value) for value in _plain(part["value"])]
        shown = measure_name(str(kind), str(name), lang)
        if len({value for value in values if value is not None}) < 2:
            same.append(shown)
            continue
        found.append(_Measure(shown, tuple(values), tuple(number_text(value) for value in values)))
    return found, same


def _plain(column: object) -> list[float | None]:
    import pandas as pd

    series = pd.Series(column)
    return list(series.astype(object).where(series.notna(), None))


def _plan_measure(sweep: Sweep, lang: Lang) -> _Measure:
    letters = list(sweep.letters.values())
    own = [sweep.letter_of(at) for at in range(len(sweep.points))]
    return _Measure(
        label("chart_plan", lang),
        tuple(None if one is None else float(letters.index(one)) for one in own),
        tuple(one or "×" for one in own),
        is_plan=True,
    )


def _told(sweep: Sweep, name: str, shown: Sequence[str], lang: Lang) -> str:
    told = [
        label("chart_value", lang, point=point_text(sweep, at), value=value) for at, value in enumerate(shown[:N_ROWS])
    ]
    return label("chart_label", lang, name=name, values=told)


def _scale(sweep: Sweep, left: float) -> tuple[Fraction, Fraction, float, float]:
    numbers = [Fraction(str(value)) for value in sweep.axes[0].values]
    return min(numbers), max(numbers), left, WIDTH - 10.0


def _at(w: Fraction, scale: tuple[Fraction, Fraction, float, float]) -> float:
    low, high, left, right = scale
    return round(left + float((w - low) / (high - low)) * (right - left), 2)


def _breaks(sweep: Sweep, scale: tuple[Fraction, Fraction, float, float]) -> tuple[Mark, ...]:
    found = sweep.break_points
    return () if found is None else tuple(Mark(_at(one.w, scale), 0, weight_text(one.w)) for one in found.breaks)


def _axis_texts(scale: tuple[Fraction, Fraction, float, float], y: float) -> list[Text]:
    low, high, left, right = scale
    return [Text(left, y, weight_text(low), "start"), Text(right, y, weight_text(high), "end")]


def _line(sweep: Sweep, measure: _Measure, lang: Lang) -> Chart:
    known = [value for value in measure.values if value is not None]
    low, high = min(known), max(known)
    ends = number_text(low), number_text(high)
    scale = _scale(sweep, _LETTER * max(map(len, ends)) + 12)
    bottom = _TOP + _PLOT
    spots: list[tuple[Fraction, float, float | None, str]] = sorted(
        (
            Fraction(str(point[0])),
            _at(Fraction(str(point[0])), scale),
            None if value is None else round(bottom - 8 - (_PLOT - 16) * (value - low) / (high - low), 1),
            f"{point[0]}: {shown}",
        )
        for point, value, shown in zip(sweep.points, measure.values, measure.shown, strict=True)
    )
    runs = [
        " ".join(f"{x},{y}" for _, x, y, _ in run)
        for has_value, run in itertools.groupby(spots, key=lambda spot: spot[2] is not None)
        if has_value
    ]
    marks = tuple(Mark(x, bottom if y is None else y, text, y is None) for _, x, y, text in spots)
    texts = [
        *_axis_texts(scale, bottom + 14),
        Text(scale[2] - 10, _TOP + 8, ends[1], "end"),
        Text(scale[2] - 10, bottom - 8, ends[0], "end"),
    ]
    return Chart(
        measure.name,
        _told(sweep, measure.name, measure.shown, lang),
        WIDTH,
        bottom + _FOOT,
        lines=tuple(runs),
        marks=marks,
        breaks=_breaks(sweep, scale),
        texts=tuple(texts),
        base_y=bottom,
    )


def _plan_line(sweep: Sweep, lang: Lang) -> Chart:
    """Which plan is best: exact regions where they are known, and the combinations that were solved."""
    measure = _plan_measure(sweep, lang)
    scale = _scale(sweep, 10.0)
    regions = () if sweep.break_points is None else sweep.break_points.regions
    letters = list(sweep.letters.values())
    bottom = _TOP + 42 if regions else _TOP
    cells, told = [], []
    for region in regions:
        letter = sweep.letters[region.plan]
        x, end = _at(region.low, scale), _at(region.high, scale)
        shown = letter if end - x >= _LETTER * len(letter) + 2 else ""
        text = region_text(region, letter, lang)
        cells.append(Cell(x, _TOP, round(end - x, 2), 36, _SHADES[letters.index(letter) % len(_SHADES)], shown, text))
        told.append(text)
    marks, texts, last = [], _axis_texts(scale, bottom + 30), -99.0
    for at, point in sorted(enumerate(sweep.points), key=lambda one: Fraction(str(one[1][0]))):
        x = _at(Fraction(str(point[0])), scale)
        marks.append(Mark(x, bottom, f"{point[0]}: {measure.shown[at]}", measure.values[at] is None))
        if x - last >= _LETTER * (len(measure.shown[at]) + 0.5):
            texts.append(Text(x, bottom + 13, measure.shown[at]))
            last = x
    breaks = _breaks(sweep, scale)
    return Chart(
        measure.name,
        label("chart_label", lang, name=measure.name, values=told)
        if told
        else _told(sweep, measure.name, measure.shown, lang),
        WIDTH,
        bottom + 40,
        cells=tuple(cells),
        marks=tuple(marks),
        breaks=breaks,
        texts=(*texts, *_break_texts(breaks)),
    )


def _break_texts(breaks: Sequence[Mark]) -> list[Text]:
    """The weights above their lines, as far as there is room."""
    out: list[Text] = []
    end = -99.0
    for one in breaks:
        text = one.title.partition(" ")[0]
        half = _LETTER * len(text) / 2
        x = min(max(one.x, half), WIDTH - half)
        if x - half > end + 4:
            out.append(Text(round(x, 1), _TOP - 10, text))
            end = x + half
    return out


def _cells(sweep: Sweep, measure: _Measure, lang: Lang) -> Chart:
    """The last setting to the right, all others downwards."""
    columns = [str(value) for value in sweep.axes[-1].values]
    n_rows = min(len(sweep.points) // len(columns), N_ROWS)
    heads = [", ".join(map(str, sweep.points[row * len(columns)][:-1])) for row in range(n_rows)]
    left = min(_LETTER * max(map(text_width, heads)) + 10, 150.0) if any(heads) else 2.0
    step = (WIDTH - left - 2) / len(columns)
    known = [value for value in measure.values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    widest = max(map(len, measure.shown)) * _LETTER
    cells = []
    for at in range(n_rows * len(columns)):
        row, column = divmod(at, len(columns))
        value, shown = measure.values[at], measure.shown[at]
        shade = 0.0
        if value is not None and measure.is_plan:
            shade = _SHADES[int(value) % len(_SHADES)]
        elif value is not None:
            shade = _FAINTEST + (_DARKEST - _FAINTEST) * (value - low) / (high - low)
        x, y = left + step * column, _TOP + _CELL * row
        text = ("×" if value is None else shown) if step >= max(widest + 4, _CELL_MIN_FOR_TEXT) else ""
        title = f"{point_text(sweep, at)}: {shown}"
        cells.append(
            Cell(round(x, 2), round(y, 2), round(step - 1, 2), _CELL - 1, round(shade, 3), text, title, value is None)
        )
    texts = [Text(left - 6, _TOP + _CELL * (row + 0.5), head, "end") for row, head in enumerate(heads) if head]
    return Chart(
        measure.name,
        _told(sweep, measure.name, measure.shown, lang),
        WIDTH,
        _TOP + _CELL * n_rows + 4,
        cells=tuple(cells),
        texts=(*texts, *_column_texts(columns, left, step)),
    )


def _column_texts(columns: Sequence[str], left: float, step: float) -> list[Text]:
    out: list[Text] = []
    end = -99.0
    for at, text in enumerate(columns):
        half = _LETTER * text_width(text) / 2
        x = left + step * (at + 0.5)
        if x - half > end and x + half <= WIDTH + 4:
            out.append(Text(round(x, 1), _TOP - 9, text))
            end = x + half + 4
    return out
