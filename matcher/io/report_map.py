"""The report's map: lines from directors' bases to companies on an outline of Japan, and labels that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.domain import geography, japan_map
from matcher.plan.document import Assignment
from matcher.words.catalog import Lang
from matcher.words.facts import Facts
from matcher.words.report import label

N_NAMED = 12
"""With more matches than this the map shows no names."""
N_NUMBERED = 40
"""With more matches than this the map shows dots instead of numbers, and no links."""

_STEPS = 33
_FONT, RADIUS, _DOT = 22.0, 15.0, 5.0
_NAME_LENGTH = 14
_SAME_PLACE = 6.0

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapLine:
    """One match: its line, where the company's mark stands, and what it says."""

    number: int
    path: str
    is_inset: bool
    x: float
    y: float
    mark_x: float
    mark_y: float
    text: str


@dataclass(frozen=True, slots=True)
class MapName:
    """A name beside a mark; `anchor` is start, middle or end."""

    x: float
    y: float
    anchor: str
    text: str
    is_director: bool


@dataclass(frozen=True, slots=True)
class ReportMap:
    """All that is drawn, in map units."""

    width: int
    height: int
    prefectures: tuple[str, ...]
    insets: tuple[tuple[str, Box], ...]
    lines: tuple[MapLine, ...]
    bases: tuple[tuple[float, float], ...]
    names: tuple[MapName, ...]
    is_numbered: bool
    radius: float


def build_map(matches: Sequence[Assignment], facts: Facts, lang: Lang) -> ReportMap:
    """The map of the matches. A match whose place is not known is left out, never guessed.

    Notes
    -----
    O(matches); placing names is quadratic in at most `N_NAMED` of them.
    """
    width, height = japan_map.size()
    known = [(number, match) for number, match in enumerate(matches, start=1) if has_places(match, facts)]
    is_numbered = len(matches) <= N_NUMBERED
    radius = RADIUS if is_numbered else _DOT
    numbers, drawn = [number for number, _ in known], [match for _, match in known]
    lines = match_lines(numbers, drawn, facts, lang, radius if is_numbered else 0)
    bases = base_places(drawn, facts)
    names = _names(lines, bases, matches, facts, (width, height)) if len(matches) <= N_NAMED else ()
    return ReportMap(
        width=width,
        height=height,
        prefectures=tuple(japan_map.outlines().values()),
        insets=tuple((frame.id, frame.rect) for frame in japan_map.frames() if frame.rect is not None),
        lines=lines,
        bases=tuple(bases.values()),
        names=names,
        is_numbered=is_numbered,
        radius=radius,
    )


def great_circles(start: tuple[Floats, Floats], end: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Points of the shortest ways over the globe.

    Parameters
    ----------
    start, end : latitude and longitude, (n,) each, degrees

    Returns
    -------
    latitude, longitude : (n, 33) each, degrees, from start to end
    """
    first, last = _on_sphere(*start), _on_sphere(*end)
    angle = np.arccos(np.clip((first * last).sum(axis=1), -1.0, 1.0))[:, None, None]
    share = np.linspace(0.0, 1.0, _STEPS)[None, :, None]
    safe = np.where(angle < 1e-9, 1.0, angle)
    way = (np.sin((1 - share) * safe) * first[:, None, :] + np.sin(share * safe) * last[:, None, :]) / np.sin(safe)
    way = np.where(angle < 1e-9, first[:, None, :], way)
    return np.degrees(np.arcsin(np.clip(way[..., 2], -1, 1))), np.degrees(np.arctan2(way[..., 1], way[..., 0]))


def _on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    lat, lon = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def has_places(match: Assignment, facts: Facts) -> bool:
    """Whether the map can show a match."""
    director, company = facts.directors.get(match.director_id), facts.companies.get(match.company_id)
    return bool(director and company and director["prefecture"] and company["prefecture"])


def match_lines(
    numbers: Sequence[int], matches: Sequence[Assignment], facts: Facts, lang: Lang, radius: float
) -> tuple[MapLine, ...]:
    """The lines of matches whose places are known, and where the numbered marks of that radius stand."""
    if not matches:
        return ()
    companies = [facts.companies[match.company_id] for match in matches]
    start = geography.prefecture_office([facts.directors[match.director_id]["prefecture"] for match in matches])
    codes = [row["municipality_code"] for row in companies]
    end = geography.municipality_office(codes, [row["prefecture"] for row in companies])
    x, y = japan_map.project(*great_circles(start, end))
    frame = np.stack([_frame_of(*start), _frame_of(*end)])
    is_inset = frame[0] != frame[1]
    marks = _spread(x[:, -1], y[:, -1], radius)
    return tuple(
        MapLine(
            number=number,
            path=_path(x[row], y[row], is_straight=bool(is_inset[row])),
            is_inset=bool(is_inset[row]),
            x=round(float(x[row, -1]), 1),
            y=round(float(y[row, -1]), 1),
            mark_x=marks[row][0],
            mark_y=marks[row][1],
            text=label(
                "map_link",
                lang,
                number=number,
                director=facts.director_name(match.director_id),
                base=facts.director_place(match.director_id, lang),
                company=facts.company_name(match.company_id),
                place=facts.company_place(match.company_id, lang),
            ),
        )
        for row, (number, match) in enumerate(zip(numbers, matches, strict=True))
    )


def _frame_of(latitude: Floats, longitude: Floats) -> npt.NDArray[np.int64]:
    """(n,) which box of the map a place stands in; 0 is the main map."""
    frame = np.zeros(latitude.shape, np.int64)
    for number, box in enumerate(japan_map.frames()):
        if box.bounds is not None:
            south, north, west, east = box.bounds
            frame[(latitude >= south) & (latitude < north) & (longitude >= west) & (longitude < east)] = number
    return frame


def _path(x: Floats, y: Floats, *, is_straight: bool) -> str:
    # Between two boxes the line only shows who belongs together; the points between would jump.
    kept = [0, -1] if is_straight else list(range(_STEPS))
    if np.hypot(x[-1] - x[0], y[-1] - y[0]) < _SAME_PLACE:
        return f"M{x[0]:.1f} {y[0]:.1f}m-22 0a22 22 0 1 0 44 0a22 22 0 1 0 -44 0"
    return "M" + "L".join(f"{x[step]:.1f} {y[step]:.1f}" for step in kept)


def _spread(x: Floats, y: Floats, radius: float) -> list[tuple[float, float]]:
    """Where the numbered marks stand: at their place, or at the nearest free spot around it."""
    placed: list[tuple[float, float]] = []
    for at_x, at_y in zip(x.tolist(), y.tolist(), strict=True):
        spots = [(at_x, at_y)] + [
            (at_x + ring * np.cos(turn), at_y + ring * np.sin(turn))
            for ring in (2.2 * radius, 3.6 * radius, 5 * radius)
            for turn in np.linspace(-0.5 * np.pi, 1.5 * np.pi, 10, endpoint=False)
        ]
        free = (s for s in spots if all(np.hypot(s[0] - p[0], s[1] - p[1]) >= 2.1 * radius for p in placed))
        spot = next(free, (at_x, at_y)) if radius else (at_x, at_y)
        placed.append((round(float(spot[0]), 1), round(float(spot[1]), 1)))
    return placed


def base_places(matches: Iterable[Assignment], facts: Facts) -> dict[str, tuple[float, float]]:
    """Director → where their base stands on the map."""
    ids = list(dict.fromkeys(match.director_id for match in matches))
    if not ids:
        return {}
    x, y = japan_map.project(*geography.prefecture_office([facts.directors[key]["prefecture"] for key in ids]))
    return {key: (round(float(a), 1), round(float(b), 1)) for key, a, b in zip(ids, x, y, strict=True)}


def _names(
    lines: Sequence[MapLine],
    bases: dict[str, tuple[float, float]],
    matches: Sequence[Assignment],
    facts: Facts,
    size: tuple[int, int],
) -> tuple[MapName, ...]:
    """The names that fit beside their marks; one that fits nowhere is left to the list of matches."""
    taken = [_around(line.mark_x, line.mark_y) for line in lines] + [_around(*spot) for spot in bases.values()]
    for line in lines:
        taken += _along(bases[matches[line.number - 1].director_id], (line.mark_x, line.mark_y))
    wanted = [(spot, facts.director_name(key), True) for key, spot in bases.items()]
    wanted += [
        ((line.mark_x, line.mark_y), facts.company_name(matches[line.number - 1].company_id), False) for line in lines
    ]
    names: list[MapName] = []
    for (x, y), full, is_director in wanted:
        text = full if len(full) <= _NAME_LENGTH else full[: _NAME_LENGTH - 1] + "…"
        for name, box in _spots(x, y, text, is_director=is_director):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]
            if inside and not any(_overlap(box, other) for other in taken):
                names.append(name)
                taken.append(box)
                break
    return tuple(names)


def _spots(x: float, y: float, text: str, *, is_director: bool) -> Iterable[tuple[MapName, Box]]:
    wide = sum(1.0 if ord(letter) > 255 else 0.56 for letter in text) * _FONT
    gap = RADIUS + 5
    for anchor, dx, dy in (
        ("start", gap, 8),
        ("end", -gap, 8),
        ("middle", 0, -gap - 4),
        ("middle", 0, gap + 18),
        ("start", gap, -14),
        ("start", gap, 30),
        ("end", -gap, -14),
        ("end", -gap, 30),
    ):
        left = x + dx - {"start": 0.0, "end": wide, "middle": wide / 2}[anchor]
        box = (left, y + dy - _FONT, left + wide, y + dy + 5)
        yield MapName(round(x + dx, 1), round(y + dy, 1), anchor, text, is_director), box


def _around(x: float, y: float) -> Box:
    return (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)


def _along(start: tuple[float, float], end: tuple[float, float]) -> list[Box]:
    """Small boxes along a line, so that names keep off it; on this map a great circle is all but straight."""
    n_steps = max(int(np.hypot(end[0] - start[0], end[1] - start[1]) // 8), 1)
    x, y = np.linspace(start[0], end[0], n_steps + 1), np.linspace(start[1], end[1], n_steps + 1)
    return [(a - 3, b - 3, a + 3, b + 3) for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
