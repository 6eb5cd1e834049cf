"""`matcher run --decisions` as staff type it: a plan, decisions in its workbook, the next plan."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

from openpyxl import load_workbook

from tests.conftest import Command


def decide(source: Path, target: Path, rows: list[tuple[str, str, str]]) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        book = load_workbook(source)
    for number, (director, company, word) in enumerate(rows, start=2):
        for place, value in ((1, director), (3, company), (5, word)):
            book["Decisions"].cell(number, place, value)
    book.save(target)


def test_a_plan_is_made_again_from_decisions(matcher_command: Command, tmp_path: Path, scenarios: Path) -> None:
    shutil.copytree(scenarios / "pilot", tmp_path / "pilot")
    assert matcher_command("run", "pilot", "--out", "first").returncode == 0
    occupied = matcher_command("run", "pilot", "--out", "first", "--decisions", "first/plan.xlsx")
    assert occupied.returncode == 2 and "--out first-2" in occupied.stderr
    decide(tmp_path / "first" / "plan.xlsx", tmp_path / "d.xlsx", [("D001", "C019", "forbid")])
    done = matcher_command("run", "pilot", "--out", "second", "--decisions", "d.xlsx", "--formats", "xlsx")
    assert done.returncode == 0, done.stderr
    assert "1 decision of d.xlsx obeyed. Matches of the earlier plan kept: 2 of 3." in done.stdout
    assert "Keeping the earlier matches costs nothing of “Total points” (proved)." in done.stdout
    content = json.loads((tmp_path / "second" / "plan.json").read_text(encoding="utf-8"))
    assert content["command"] == "matcher run pilot --decisions d.xlsx"
    assert content["decided"]["prices"] == [{"tier": "points", "value": 26230, "free": 26230}]
    assert matcher_command("verify", "second").returncode == 0
    asked = matcher_command("explain", "second", "pair", "D001", "C019")
    assert asked.returncode == 0 and "forbid" in asked.stdout


def test_decisions_that_cannot_hold_are_named(matcher_command: Command, tmp_path: Path, scenarios: Path) -> None:
    shutil.copytree(scenarios / "pilot", tmp_path / "pilot")
    assert matcher_command("run", "pilot", "--out", "first", "--formats", "xlsx").returncode == 0
    plan = tmp_path / "first" / "plan.xlsx"
    decide(plan, tmp_path / "hard.xlsx", [("D001", "C002", "pin")])
    done = matcher_command("run", "pilot", "--out", "x", "--decisions", "hard.xlsx")
    assert done.returncode == 1 and not (tmp_path / "x").exists()
    assert "hard.xlsx, sheet Decisions, row 2" in done.stderr and "directors.csv, row 2" in done.stderr
    four = [("D001", "C019", "pin"), ("D002", "C002", "pin"), ("D003", "C009", "pin"), ("D005", "C036", "pin")]
    decide(plan, tmp_path / "four.xlsx", four)
    done = matcher_command("run", "pilot", "--out", "y", "--decisions", "four.xlsx")
    assert done.returncode == 3, done.stderr
    assert "Where these pairs were decided" in done.stdout and "sheet Decisions, row 5" in done.stdout
