"""Prefectures, municipalities, distances and the outline map."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np
import pytest

from matcher.domain import geography, japan_map

KOCHI, TOKYO, OSAKA, OKINAWA = 39, 13, 27, 47
ALL_CODES = np.arange(1, 48)


def path_points(path: str) -> np.ndarray:
    """Return every vertex of SVG path data made of M, l and z, shape (n, 2)."""
    points: list[np.ndarray] = []
    for ring in filter(None, path.split("z")):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", ring)]
        points.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return np.concatenate(points)


# Prefectures


def test_prefectures_are_the_47_in_jis_order() -> None:
    rows = [geography.prefecture(code) for code in range(1, 48)]
    assert [row.code for row in rows] == list(range(1, 48))
    assert len({row.name_ja for row in rows}) == len({row.name_en for row in rows}) == 47
    assert (rows[0].name_ja, rows[38].name_en, rows[46].short_ja) == ("北海道", "Kochi", "沖縄")


@pytest.mark.parametrize("code", [0, 48, -1])
def test_prefecture_rejects_code_outside_1_to_47(code: int) -> None:
    with pytest.raises(ValueError, match=rf"Prefecture code {code} is not known"):
        geography.prefecture(code)


@pytest.mark.parametrize(
    "text",
    [
        "高知", "高知県", " 高　知 ", "Kochi", "kochi", "KOCHI", "Kōchi", "Kôchi", "Kouchi", "Kochi-ken",
        "Kochi Prefecture", "Kōchi-ken", "Ｋｏｃｈｉ", "39", "39 ", "３９", 39,
    ],
)  # fmt: skip
def test_prefecture_code_reads_every_way_to_write_kochi(text: str | int) -> None:
    assert geography.prefecture_code(text) == KOCHI


@pytest.mark.parametrize(
    "text", ["", "県", "高地", "39000", "390003", "0", "48", "-39", "039", "39.0", "高知市", 0, 48, True]
)
def test_prefecture_code_is_none_for_what_is_no_prefecture(text: str | int) -> None:
    assert geography.prefecture_code(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("東京", 13), ("東京都", 13), ("Tokyo-to", 13), ("京都", 26), ("京都府", 26), ("Kyōto-fu", 26),
        ("Ōita", 44), ("Ooita", 44), ("Hokkaidō", 1), ("Gumma", 10), ("Hyougo", 28), ("Osaka-fu", 27),
        ("01", 1), ("1", 1), ("47", 47),
    ],
)  # fmt: skip
def test_prefecture_code_tells_look_alikes_apart(text: str, code: int) -> None:
    assert geography.prefecture_code(text) == code


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_prefecture_code_reads_back_every_name(lang: geography.Lang) -> None:
    assert [geography.prefecture_code(geography.prefecture_name(c, lang)) for c in range(1, 48)] == list(range(1, 48))


def test_nearest_prefectures_hints_in_the_script_of_the_text() -> None:
    assert geography.nearest_prefectures("高地県")[0] == "高知県"
    assert geography.nearest_prefectures("Kagosima")[0] == "Kagoshima"
    assert geography.nearest_prefectures("zzzz") == ()
    assert len(geography.nearest_prefectures("島県")) <= 3


def test_prefecture_name_refuses_unknown_language() -> None:
    assert geography.prefecture_name(KOCHI) == "高知県"
    with pytest.raises(ValueError, match="'fr' is not known"):
        geography.prefecture_name(KOCHI, "fr")  # type: ignore[arg-type]


# Regions


def test_regions_hold_the_customary_prefectures() -> None:
    counts = dict.fromkeys(geography.REGIONS, 0)
    for code in range(1, 48):
        counts[geography.region_of(code)] += 1
    assert list(counts.values()) == [1, 6, 7, 9, 7, 5, 4, 8]
    assert geography.region_of(OKINAWA) == "kyushu"
    assert geography.region_of(24) == "kinki"  # 三重


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("四国", "shikoku"), ("四国地方", "shikoku"), ("Shikoku", "shikoku"), ("関西", "kinki"),
        ("九州", "kyushu"), ("北陸", None), ("Kyushu & Okinawa", "kyushu"), ("Kyūshū", "kyushu"),
        ("Tōhoku", "tohoku"), ("", None), ("kanto region", "kanto"),
    ],
)  # fmt: skip
def test_region_id_reads_names(text: str, region: str | None) -> None:
    assert geography.region_id(text) == region


def test_region_name_reads_back_and_refuses_unknown() -> None:
    for lang in ("ja", "en"):
        assert [geography.region_id(geography.region_name(r, lang)) for r in geography.REGIONS] == list(
            geography.REGIONS
        )
    with pytest.raises(ValueError, match="Try: one of hokkaido, tohoku"):
        geography.region_name("hokuriku")


def test_neighbour_matrix_has_known_land_borders() -> None:
    matrix = geography.neighbour_matrix()
    assert matrix.shape == (48, 48)
    assert (matrix == matrix.T).all() and not matrix.diagonal().any() and not matrix[0].any()
    assert np.flatnonzero(matrix[KOCHI]).tolist() == [36, 38]
    assert np.flatnonzero(matrix[20]).tolist() == [10, 11, 15, 16, 19, 21, 22, 23]  # 長野: the most, eight
    assert not matrix[OKINAWA].any() and not matrix[1].any()
    assert not matrix[33, 37] and not matrix[35, 40]  # bridges and tunnels are no borders
    assert matrix.sum() == 2 * 86


def test_same_region_matrix_groups_shikoku() -> None:
    matrix = geography.same_region_matrix()
    assert np.flatnonzero(matrix[KOCHI]).tolist() == [36, 37, 38, 39]
    assert (matrix == matrix.T).all() and matrix[1:, 1:].diagonal().all() and not matrix[0].any()


@pytest.mark.parametrize("matrix", [geography.neighbour_matrix, geography.same_region_matrix])
def test_matrices_cannot_be_changed(matrix) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="read-only"):
        matrix()[1, 2] = True


# Municipalities


def test_municipalities_are_complete_and_their_check_digits_verify() -> None:
    codes = geography.municipality_codes()
    assert len(codes) == len(set(codes)) == 1912
    assert list(codes) == sorted(codes)
    for code in codes:
        # 総務省's rule in its own words: below 11 subtract from 11, last digit counts
        total = sum(int(d) * w for d, w in zip(code, (6, 5, 4, 3, 2), strict=False))
        assert int(code[5]) == int(str(11 - total % 11)[-1]), code
    assert {int(code[:2]) for code in codes} == set(range(1, 48))


def test_municipality_gives_hamamatsu_its_wards_of_2024() -> None:
    names = {
        code: geography.municipality(code).name_ja for code in geography.municipality_codes() if code[:4] == "2213"
    }
    assert names == {"221309": "浜松市", "221384": "浜松市中央区", "221392": "浜松市浜名区"}
    assert geography.municipality("221406").name_ja == "浜松市天竜区"
    assert geography.municipality("221317") is None  # 中区, until 2023


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("392014", "392014"), ("39201", "392014"), (392014, "392014"), (39201, "392014"),
        ("３９２０１４", "392014"), ("011002", "011002"), ("01100", "011002"), ("11002", "011002"),
        (11002, "011002"), ("1100", "011002"), ("392015", None), ("390003", None), ("39000", None),
        ("99999", None), ("39", None), ("", None), ("高知市", None), ("3920140", None), ("39201-4", None),
        ("12106", None), ("201", None),
    ],
)  # fmt: skip
def test_normalise_municipality_code(text: str | int, code: str | None) -> None:
    assert geography.normalise_municipality_code(text) == code


def test_normalise_municipality_code_lets_the_prefecture_decide() -> None:
    assert geography.municipality_code_readings("12106") == ("121061", "012106")
    assert geography.normalise_municipality_code("12106", prefecture_code=12) == "121061"
    assert geography.normalise_municipality_code("12106", prefecture_code=1) == "012106"
    assert geography.normalise_municipality_code("392014", prefecture_code=38) is None


def test_municipality_code_readings_are_two_for_fifteen_numbers_only() -> None:
    codes = geography.municipality_codes()
    shortened = {c.lstrip("0") for c in codes} | {c[:5] for c in codes} | {c[:5].lstrip("0") for c in codes}
    assert sum(len(geography.municipality_code_readings(c)) == 2 for c in shortened) == 15
    assert all(geography.normalise_municipality_code(c) == c for c in codes)


# Offices and distances


def test_great_circle_km_gives_known_distances() -> None:
    lat, lon = geography.prefecture_office([TOKYO, OSAKA, KOCHI])
    # Vincenty on WGS 84 gives 395.9 and 612.2 km; the sphere is up to 0.6 % off
    assert geography.great_circle_km(lat[0], lon[0], lat[1], lon[1]) == pytest.approx(395.2, abs=0.5)
    assert geography.great_circle_km(lat[2], lon[2], lat[0], lon[0]) == pytest.approx(611.3, abs=0.5)


def test_great_circle_km_is_exact_where_geometry_says_so() -> None:
    half = np.pi * geography.EARTH_RADIUS_KM
    assert geography.great_circle_km(0, 0, [0, 0, 90], [0, 180, 5]) == pytest.approx([0, half, half / 2])
    assert geography.great_circle_km(np.zeros((3, 1)), 0, 0, np.ones(4)).shape == (3, 4)


def test_prefecture_office_keeps_order_and_refuses_unknown_codes() -> None:
    lat, lon = geography.prefecture_office(np.array([KOCHI, TOKYO]))
    assert (lat.tolist(), lon.tolist()) == ([33.56, 35.689], [133.531, 139.692])
    for wrong in (0, 48, 1.5):
        with pytest.raises(ValueError, match=f"Prefecture code {wrong} is not known"):
            geography.prefecture_office([KOCHI, wrong])
    assert geography.prefecture_office([])[0].shape == (0,)


def test_prefecture_offices_stand_near_a_municipal_office_of_their_prefecture() -> None:
    lat, lon = geography.prefecture_office(ALL_CODES)
    for i, code in enumerate(ALL_CODES):
        places = [geography.municipality(c) for c in geography.municipality_codes() if int(c[:2]) == code]
        km = geography.great_circle_km(lat[i], lon[i], [p.latitude for p in places], [p.longitude for p in places])
        assert km.min() < 5, (code, km.min())  # 金沢: the office moved 4.7 km out of town


def test_municipality_office_falls_back_to_the_prefectural_office() -> None:
    lat, lon = geography.municipality_office(["392103", None, "", float("nan")], [KOCHI] * 4)  # type: ignore[list-item]
    assert (lat[0], lon[0]) == pytest.approx((32.99, 132.93), abs=0.02)  # 四万十市
    assert lat[1:].tolist() == [33.56] * 3 and lon[1:].tolist() == [133.531] * 3


@pytest.mark.parametrize("code", ["392015", "39201", 392014])
def test_municipality_office_never_guesses_a_given_code(code: str) -> None:
    with pytest.raises(ValueError, match=r"is not known\.\nTry: six digits"):
        geography.municipality_office([None, code], [KOCHI, KOCHI])


def test_municipality_office_refuses_unequal_lengths() -> None:
    with pytest.raises(ValueError, match="1 municipality codes but"):
        geography.municipality_office([None], [KOCHI, TOKYO])


# Outline map


def test_map_has_every_prefecture_inside_the_viewbox() -> None:
    width, height = japan_map.size()
    paths = japan_map.outlines()
    assert sorted(paths) == list(range(1, 48))
    for path in paths.values():
        assert re.fullmatch(r"(M[-\d. ]+l[-\d. ]+z)+", path)
        points = path_points(path)
        assert (points >= 0).all() and (points <= [width, height]).all()


def test_project_puts_every_office_on_its_own_prefecture() -> None:
    x, y = japan_map.project(*geography.prefecture_office(ALL_CODES))
    for i, code in enumerate(ALL_CODES):
        points = path_points(japan_map.outlines()[int(code)])
        low, high = points.min(axis=0) - 2, points.max(axis=0) + 2
        assert low[0] <= x[i] <= high[0] and low[1] <= y[i] <= high[1], code
        assert np.hypot(*(points - [x[i], y[i]]).T).min() < 100, code  # 北海道: Sapporo is far from no coast


def test_project_keeps_every_municipality_inside_the_viewbox_and_islands_in_their_boxes() -> None:
    width, height = japan_map.size()
    codes = geography.municipality_codes()
    x, y = japan_map.project(*geography.municipality_office(codes, [int(c[:2]) for c in codes]))
    assert (x > 0).all() and (x < width).all() and (y > 0).all() and (y < height).all()
    main, nansei, ogasawara = japan_map.frames()
    assert main.rect is None and nansei.rect is not None and ogasawara.rect is not None
    for frame, members in ((nansei, [c for c in codes if c[:2] == "47"]), (ogasawara, ["134210"])):
        left, top, wide, tall = frame.rect
        at = [codes.index(c) for c in members]
        assert (x[at] > left).all() and (x[at] < left + wide).all()
        assert (y[at] > top).all() and (y[at] < top + tall).all()


def test_project_draws_north_up_and_at_one_scale() -> None:
    x, y = japan_map.project([35.0, 36.0, 35.0], [137.0, 137.0, 138.0])
    assert x[0] == pytest.approx(x[1]) and y[1] < y[0] and x[2] > x[0]
    km_per_unit = geography.great_circle_km(35.0, 137.0, 36.0, 137.0) / (y[0] - y[1])
    assert km_per_unit == pytest.approx(1.54, rel=0.02)
    assert japan_map.project(35.0, np.full((2, 3), 137.0))[0].shape == (2, 3)


def test_insets_do_not_cover_the_main_map() -> None:
    for frame in japan_map.frames()[1:]:
        left, top, wide, tall = frame.rect
        for code, path in japan_map.outlines().items():
            if code in (13, 46, 47):
                continue  # the three with islands in a box
            points = path_points(path)
            is_in = (
                (points[:, 0] > left)
                & (points[:, 0] < left + wide)
                & (points[:, 1] > top)
                & (points[:, 1] < top + tall)
            )
            assert not is_in.any(), (frame.id, code)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("prefectures.json", 15_000),
        ("municipalities.json", 100_000),
        ("population.json", 5_000),
        ("industries.json", 5_000),
        ("japan_map.json", 120_000),
    ],
)
def test_data_files_stay_small(name: str, limit: int) -> None:
    assert 1_000 < len((files("matcher.domain") / "data" / name).read_bytes()) < limit


def test_every_data_file_has_its_source() -> None:
    folder = files("matcher.domain") / "data"
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    for entry in folder.iterdir():
        assert entry.name == "SOURCES.md" or f"## {entry.name}" in sources
