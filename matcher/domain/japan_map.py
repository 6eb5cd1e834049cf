"""The outline map of Japan that reports draw on: 47 outlines, two inset boxes, and where a place lies on it.

Map units are those of the SVG viewBox. Source of the outlines and how they were made: `data/SOURCES.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matcher.domain.geography import Floats, read_data


@dataclass(frozen=True, slots=True)
class MapFrame:
    """One piece of the outline map: the main map, or an inset box for far islands.

    ``bounds`` are (south, north, west, east) in degrees: points inside belong to this frame. ``rect`` is the box to
    draw, (x, y, width, height) in map units. Both are None for the main map, which takes all other points.
    """

    id: str
    central_longitude: float
    scale: float
    offset: tuple[float, float]
    bounds: tuple[float, float, float, float] | None
    rect: tuple[float, float, float, float] | None


@cache
def _map() -> dict[str, Any]:  # Any: size, projection, frames and paths
    return read_data("japan_map.json")


def size() -> tuple[int, int]:
    """Return width and height of the outline map in map units (the SVG viewBox is "0 0 width height")."""
    return _map()["width"], _map()["height"]


def outlines() -> dict[int, str]:
    """Return the outline of each prefecture: JIS code → SVG path data in map units."""
    return {int(code): path for code, path in _map()["paths"].items()}


@cache
def frames() -> tuple[MapFrame, ...]:
    """Return the main map, then the inset boxes (islands south of Kyushu; Ogasawara), as `project` uses them."""
    rows: list[dict[str, Any]] = _map()["frames"]  # Any: text, numbers and lists of numbers
    lists = ("offset", "bounds", "rect")
    return tuple(MapFrame(**{**row, **{key: row[key] and tuple(row[key]) for key in lists}}) for row in rows)


def project(latitude: ArrayLike, longitude: ArrayLike) -> tuple[Floats, Floats]:
    """Return where points of the earth lie on the outline map.

    Parameters
    ----------
    latitude, longitude : array_like of float, degrees, shapes that broadcast together

    Returns
    -------
    x, y : ndarray of float, broadcast shape, map units, y downwards
        Inside `size` for every place in Japan; elsewhere possibly outside.

    Notes
    -----
    Lambert conformal conic on the sphere (Snyder, Map Projections: A Working Manual, 1987, equations 15-1 to 15-3).
    A point within an inset's bounds is drawn in that inset, so a line from it to the main map shows who belongs
    together, not the course of the great circle.
    """
    lat, lon = np.broadcast_arrays(np.asarray(latitude, np.float64), np.asarray(longitude, np.float64))
    south, north = np.radians(_map()["projection"]["standard_parallels"])
    cone = np.log(np.cos(south) / np.cos(north)) / np.log(_stretch(north) / _stretch(south))
    radius = np.cos(south) * _stretch(south) ** cone / cone / _stretch(np.radians(lat)) ** cone
    x, y = np.empty(lat.shape), np.empty(lat.shape)
    for frame in frames():
        angle = cone * np.radians(lon - frame.central_longitude)
        is_here = np.ones(lat.shape, dtype=np.bool_)
        if frame.bounds is not None:
            low, high, west, east = frame.bounds
            is_here = (low <= lat) & (lat < high) & (west <= lon) & (lon < east)
        np.copyto(x, radius * np.sin(angle) * frame.scale + frame.offset[0], where=is_here)
        np.copyto(y, radius * np.cos(angle) * frame.scale + frame.offset[1], where=is_here)
    return x, y


def _stretch(phi: ArrayLike) -> Floats:
    return np.asarray(np.tan(np.pi / 4 + np.asarray(phi) / 2), dtype=np.float64)
