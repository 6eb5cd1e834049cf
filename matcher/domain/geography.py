"""Japan as the programme sees it: prefectures, regions, municipalities, distances and an outline map.

All facts stand in ``matcher/domain/data`` (sources and licences: ``SOURCES.md`` there) and are read on first use.
Codes are those of JIS X 0401 (prefectures, 1 Hokkaido … 47 Okinawa) and the six-digit code for local
governments with its check digit (municipalities, text).
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "EARTH_RADIUS_KM",
    "N_PREFECTURES",
    "REGIONS",
    "Municipality",
    "Prefecture",
    "great_circle_km",
    "municipality",
    "municipality_code_readings",
    "municipality_codes",
    "municipality_office",
    "nearest_prefectures",
    "neighbour_matrix",
    "normalise_municipality_code",
    "prefecture",
    "prefecture_code",
    "prefecture_name",
    "prefecture_office",
    "read_data",
    "region_id",
    "region_name",
    "region_of",
    "same_region_matrix",
]

Lang = Literal["ja", "en"]
Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the GRS 80 ellipsoid
N_PREFECTURES = 47
REGIONS = ("hokkaido", "tohoku", "kanto", "chubu", "kinki", "chugoku", "shikoku", "kyushu")

_CHECK_WEIGHTS = (6, 5, 4, 3, 2)
_SUFFIX_EN = {"東京都": ("to", "metropolis"), "京都府": ("fu",), "大阪府": ("fu",), "北海道": ("do",)}


@dataclass(frozen=True, slots=True)
class Prefecture:
    """One prefecture: JIS code, names, region, its office's position in degrees, codes of its land neighbours."""

    code: int
    name_ja: str
    name_en: str
    short_ja: str
    region: str
    latitude: float
    longitude: float
    neighbours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Municipality:
    """One city, ward, town or village: six-digit code, name, prefecture, its office's position in degrees."""

    code: str
    name_ja: str
    prefecture_code: int
    latitude: float
    longitude: float


def read_data(name: str) -> dict[str, Any]:  # Any: raw JSON, typed by whoever loads it
    """Return the content of one packaged data file."""
    content: dict[str, Any] = json.loads((files("matcher.domain") / "data" / name).read_text(encoding="utf-8"))
    return content


def _match_key(text: object) -> str:
    """Return `text` as it is compared: NFKC, no accents on Latin letters, no blanks, dots or dashes, lower case."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    if not folded.isascii() and not re.search(r"[\u3040-\u30ff\u3400-\u9fff]", folded):
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return re.sub(r"[\s.'’‐-―−&・-]", "", folded)


def _romaji_key(key: str) -> str:
    """Return `key` with the long vowels and the m of other romanisations as the official English names have them."""
    return re.sub(r"m(?=[bpm])", "n", re.sub(r"o[ou]", "o", key).replace("uu", "u")) if key.isascii() else key


@cache
def _prefectures() -> tuple[Prefecture, ...]:
    rows = read_data("prefectures.json")["prefectures"]
    return tuple(Prefecture(**{**row, "neighbours": tuple(row["neighbours"])}) for row in rows)


@cache
def _prefecture_keys() -> dict[str, int]:
    keys: dict[str, int] = {}
    for row in _prefectures():
        latin = [row.name_en.casefold()]
        latin += [latin[0] + end for end in (*_SUFFIX_EN.get(row.name_ja, ("ken",)), "prefecture", "pref")]
        for key in (row.name_ja, row.short_ja, *latin):
            keys[_romaji_key(key)] = row.code
    return keys


@cache
def _regions() -> dict[str, dict[str, Any]]:  # Any: two names and a list of aliases
    return {row["id"]: row for row in read_data("prefectures.json")["regions"]}


@cache
def _municipalities() -> dict[str, Municipality]:
    columns = read_data("municipalities.json")
    rows = zip(columns["code"], columns["name_ja"], columns["latitude"], columns["longitude"], strict=True)
    return {code: Municipality(code, name, int(code[:2]), lat, lon) for code, name, lat, lon in rows}


def _unknown_prefecture(code: object) -> str:
    return f"Prefecture code {code!r} is not known.\nTry: a JIS code from 1 (北海道) to 47 (沖縄県)."


def _check_language(lang: str) -> None:
    if lang not in ("ja", "en"):
        raise ValueError(f"Language {lang!r} is not known.\nTry: one of 'ja', 'en'.")


# Prefectures and regions ---------------------------------------------------------------------------------------------


def prefecture(code: int) -> Prefecture:
    """Return the prefecture with JIS code `code` (1–47).

    Raises
    ------
    ValueError
        If `code` is not in 1–47.
    """
    if not 1 <= code <= N_PREFECTURES:
        raise ValueError(_unknown_prefecture(code))
    return _prefectures()[code - 1]


def prefecture_code(text: str | int) -> int | None:
    """Return the JIS code of the prefecture that `text` names, or None if it names none.

    Parameters
    ----------
    text : str or int
        高知, 高知県, Kochi, Kōchi, Kouchi, KOCHI-KEN, "Kochi Prefecture", 39, "39", "３９".
        Blanks and width do not count.

    Returns
    -------
    int or None
        1–47. None also for "39000", "390003" and other local government codes: those are not prefecture codes.

    Examples
    --------
    >>> prefecture_code("高知"), prefecture_code("Kōchi-ken"), prefecture_code("３９"), prefecture_code("高地")
    (39, 39, 39, None)
    """
    digits = unicodedata.normalize("NFKC", str(text)).strip()
    if re.fullmatch("[0-9]{1,2}", digits):
        return int(digits) if 1 <= int(digits) <= N_PREFECTURES else None
    return _prefecture_keys().get(_romaji_key(_match_key(text)))


def nearest_prefectures(text: str) -> tuple[str, ...]:
    """Return up to three prefecture names close to `text`, nearest first, in the script of `text` (for hints).

    Examples
    --------
    >>> nearest_prefectures("Koch")[0], nearest_prefectures("高地県")[0]
    ('Kochi', '高知県')
    """
    key = _romaji_key(_match_key(text))
    codes = [_prefecture_keys()[k] for k in difflib.get_close_matches(key, _prefecture_keys(), n=9, cutoff=0.5)]
    lang: Lang = "en" if key.isascii() else "ja"
    return tuple(prefecture_name(code, lang) for code in list(dict.fromkeys(codes))[:3])


def prefecture_name(code: int, lang: Lang = "ja") -> str:
    """Return the name of prefecture `code`: 高知県 in "ja", Kochi in "en".

    Raises
    ------
    ValueError
        If `code` is not in 1–47 or `lang` is neither "ja" nor "en".
    """
    _check_language(lang)
    row = prefecture(code)
    return row.name_ja if lang == "ja" else row.name_en


def region_of(code: int) -> str:
    """Return the region id (one of `REGIONS`) of prefecture `code`; Okinawa (47) belongs to "kyushu"."""
    return prefecture(code).region


def region_name(region: str, lang: Lang = "ja") -> str:
    """Return the name of a region: 四国 in "ja", Shikoku in "en".

    Raises
    ------
    ValueError
        If `region` is not one of `REGIONS` or `lang` is neither "ja" nor "en".
    """
    _check_language(lang)
    if region not in REGIONS:
        raise ValueError(f"Region {region!r} is not known.\nTry: one of {', '.join(REGIONS)}.")
    name: str = _regions()[region][f"name_{lang}"]
    return name


def region_id(text: str) -> str | None:
    """Return the id of the region that `text` names (id, Japanese or English, 地方 optional), or None.

    Examples
    --------
    >>> region_id("四国地方"), region_id("Kansai"), region_id("九州"), region_id("北陸")
    ('shikoku', 'kinki', 'kyushu', None)
    """
    key = _romaji_key(_match_key(text).removesuffix("地方").removesuffix("region"))
    for row in _regions().values():
        if key in {_match_key(name) for name in (row["id"], row["name_ja"], row["name_en"], *row["aliases"])}:
            return str(row["id"])
    return None


@cache
def neighbour_matrix() -> NDArray[np.bool_]:
    """Return which prefectures share a land border.

    Returns
    -------
    ndarray of bool, shape (48, 48), read-only
        Indexed by JIS code; row and column 0 are unused. Symmetric, False on the diagonal. Bridges and tunnels
        between islands do not count: Hokkaido and Okinawa have no neighbours, Okayama and Kagawa are none.
    """
    matrix = np.zeros((N_PREFECTURES + 1, N_PREFECTURES + 1), dtype=np.bool_)
    for row in _prefectures():
        matrix[row.code, list(row.neighbours)] = True
    matrix.setflags(write=False)
    return matrix


@cache
def same_region_matrix() -> NDArray[np.bool_]:
    """Return which prefectures lie in the same region.

    Returns
    -------
    ndarray of bool, shape (48, 48), read-only
        Indexed by JIS code; row and column 0 are unused (False). Symmetric, True on the diagonal.
    """
    region_idx = np.array([-1, *(REGIONS.index(row.region) for row in _prefectures())])
    matrix: NDArray[np.bool_] = (region_idx[:, None] == region_idx) & (region_idx >= 0)
    matrix.setflags(write=False)
    return matrix


# Offices and distances -----------------------------------------------------------------------------------------------


def prefecture_office(codes: ArrayLike) -> tuple[Floats, Floats]:
    """Return where the prefectural offices stand.

    Parameters
    ----------
    codes : array_like of int, shape (n,)
        JIS codes, 1–47.

    Returns
    -------
    latitude, longitude : ndarray of float, shape (n,), degrees (WGS 84), in the order of `codes`

    Raises
    ------
    ValueError
        If a code is not in 1–47 or not whole; the first such code is named.
    """
    given = np.asarray(codes)
    is_known = np.isin(given, np.arange(1, N_PREFECTURES + 1))
    if not is_known.all():
        raise ValueError(_unknown_prefecture(given[~is_known].tolist()[0]))
    positions = np.array([(row.latitude, row.longitude) for row in _prefectures()])[given.astype(np.int64) - 1]
    return positions[..., 0], positions[..., 1]


def municipality_codes() -> tuple[str, ...]:
    """Return the six-digit codes of all municipalities in ascending order, designated cities and wards included."""
    return tuple(_municipalities())


def municipality(code: str) -> Municipality | None:
    """Return the municipality with six-digit code `code`, or None if there is none.

    Examples
    --------
    >>> municipality("392014").name_ja
    '高知市'
    """
    return _municipalities().get(code)


def municipality_office(codes: Sequence[str | None], prefecture_codes: ArrayLike) -> tuple[Floats, Floats]:
    """Return where the municipal offices stand; where no municipality is given, the prefectural office.

    Parameters
    ----------
    codes : sequence of str or None, length n
        Six-digit codes as `normalise_municipality_code` returns them. None, "" and NaN mean: not given.
    prefecture_codes : array_like of int, shape (n,)
        JIS codes, used where the municipality is not given.

    Returns
    -------
    latitude, longitude : ndarray of float, shape (n,), degrees (WGS 84), in the order of `codes`

    Raises
    ------
    ValueError
        If a given code is not known (it is never guessed), a prefecture code is not in 1–47, or lengths differ.
    """
    latitude, longitude = prefecture_office(prefecture_codes)
    if latitude.shape != (len(codes),):
        raise ValueError(f"{len(codes)} municipality codes but prefecture codes of shape {latitude.shape}.")
    known = _municipalities()
    found = [known.get(code) if isinstance(code, str) else None for code in codes]
    for code, place in zip(codes, found, strict=True):
        if place is None and code is not None and code != "" and code == code:  # NaN differs from itself
            raise ValueError(f"Municipality code {code!r} is not known.\nTry: six digits as text, such as '392014'.")
    is_given = np.array([place is not None for place in found], dtype=np.bool_)
    latitude[is_given] = [place.latitude for place in found if place is not None]
    longitude[is_given] = [place.longitude for place in found if place is not None]
    return latitude, longitude


def _with_check_digit(five: str) -> str:
    """Return the six-digit code: check digit = last digit of 11 − (Σ digit·weight mod 11), weights 6 5 4 3 2."""
    total = sum(int(digit) * weight for digit, weight in zip(five, _CHECK_WEIGHTS, strict=True))
    return f"{five}{(11 - total % 11) % 10}"


def municipality_code_readings(text: str | int) -> tuple[str, ...]:
    """Return every known six-digit code that `text` can mean: none, one, or two.

    Two happen only for fifteen numbers of five digits: "12106" is 美浜区 of 千葉市 without its check digit, or
    岩見沢市 (012106) whose leading zero a spreadsheet took away.
    """
    digits = unicodedata.normalize("NFKC", str(text)).strip()
    if not (digits.isascii() and digits.isdecimal()):
        return ()
    readings: list[str] = []
    if len(digits) in (4, 5):
        readings.append(_with_check_digit(digits.zfill(5)))
    if len(digits) in (5, 6):
        readings.append(digits.zfill(6))
    return tuple(code for code in readings if code in _municipalities())


def normalise_municipality_code(text: str | int, *, prefecture_code: int | None = None) -> str | None:
    """Return the six-digit code that `text` means, or None if it is unknown or could mean two places.

    Parameters
    ----------
    text : str or int
        Six digits with check digit, five without, or either with its leading zero lost. Full width is fine.
    prefecture_code : int, optional
        The JIS code that the row gives: it decides between two readings, and a code of another prefecture is None.

    Examples
    --------
    >>> normalise_municipality_code("39201"), normalise_municipality_code(11002), normalise_municipality_code("392015")
    ('392014', '011002', None)
    >>> normalise_municipality_code("12106"), normalise_municipality_code("12106", prefecture_code=1)
    (None, '012106')
    """
    readings = municipality_code_readings(text)
    if prefecture_code is not None:
        readings = tuple(code for code in readings if int(code[:2]) == prefecture_code)
    return readings[0] if len(readings) == 1 else None


def great_circle_km(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Return the great-circle distance between points (haversine on a sphere of radius `EARTH_RADIUS_KM`).

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : array_like of float, degrees, shapes that broadcast together

    Returns
    -------
    ndarray of float, broadcast shape, km
        Within 0.6 % of the distance on the ellipsoid. A straight line over the earth, not a travel distance.
    """
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_lat = (phi2 - phi1) / 2
    half_lon = (np.radians(lon2) - np.radians(lon1)) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0))), dtype=np.float64)
