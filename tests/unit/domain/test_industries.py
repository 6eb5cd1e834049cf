"""The twenty major groups of the Japan Standard Industrial Classification."""

from __future__ import annotations

import string

import pytest

from matcher.domain.industries import INDUSTRIES, industry_letter, nearest_industries


def test_industries_are_a_to_t_in_order() -> None:
    assert list(INDUSTRIES) == list(string.ascii_uppercase[:20])
    assert len(INDUSTRIES) == 20
    assert (INDUSTRIES["A"].ja, INDUSTRIES["E"].en, INDUSTRIES["T"].ja) == (
        "農業，林業",
        "Manufacturing",
        "分類不能の産業",
    )
    with pytest.raises(KeyError):
        INDUSTRIES["U"]


def test_industry_letter_reads_back_every_label() -> None:
    for letter, row in INDUSTRIES.items():
        for text in (
            letter,
            letter.lower(),
            row.ja,
            row.en,
            row.en.upper(),
            f"{letter} {row.ja}",
            f"{letter}:{row.en}",
        ):
            assert industry_letter(text) == letter, text


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("ｅ", "E"), ("Ｅ", "E"), (" e ", "E"), ("農業、林業", "A"), ("農業・林業", "A"), ("農業,林業", "A"),
        ("農林", None), ("電気・ガス・熱供給・水道業", "F"), ("電気、ガス、熱供給、水道業", "F"),
        ("電気･ｶﾞｽ･熱供給･水道業", "F"), ("E 製造業", "E"), ("E　製造業", "E"), ("Ｅ．製造業", "E"),
        ("E-製造業", "E"), ("E製造業", "E"), ("E 建設業", None), ("小売業", "I"), ("卸売業", "I"),
        ("医療", "P"), ("宿泊業", "M"), ("サービス業", "R"), ("ｻｰﾋﾞｽ業", "R"), ("公務", "S"),
        ("サービス業(他に分類されないもの)", "R"), ("Services", "R"), ("Government", "S"),
        ("wholesale & retail trade", "I"), ("IT業", None), ("U", None), ("u", None), ("", None), ("業", None),
        ("5", None), ("AB", None), ("食品", None),
    ],
)  # fmt: skip
def test_industry_letter(text: str, letter: str | None) -> None:
    assert industry_letter(text) == letter


def test_nearest_industries_hints_in_the_script_of_the_text() -> None:
    assert nearest_industries("製造")[0] == "E 製造業"
    assert nearest_industries("manufacture")[0] == "E Manufacturing"
    assert nearest_industries("xyz") == ()
    assert len(nearest_industries("サービス")) <= 3
