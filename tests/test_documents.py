"""Every code block of README and docs is executed: commands run, Python runs, YAML is a policy, results hold."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sybil.document import Document
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer

from matcher.io.faults import FaultLog
from matcher.io.mapping_file import read_mapping
from tests.problems import small_problem

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "scenarios").rglob("README.md")),
]


@dataclass(frozen=True)
class Block:
    document: Path
    line: int
    language: str
    text: str


def _blocks() -> list[Block]:
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        lexer = FencedCodeBlockLexer(r"[a-z]*")
        for region in lexer(Document(text, str(path))):
            language = text[region.start : region.end].split("\n", 1)[0].strip("` \n")
            line = text.count("\n", 0, region.start) + 1
            found.append(Block(path, line, language, str(region.lexemes["source"])))
    return found


BLOCKS = _blocks()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader of the documents has it: the scenarios, and nothing of the code."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    return folder


def _commands(block: Block) -> list[list[str]]:
    return [words for line in block.text.splitlines() if (words := shlex.split(line, comments=True))]


def _run(words: list[str], desk: Path) -> subprocess.CompletedProcess[str]:
    bin_folder = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "MATCHER_LANG": "en"}
    return subprocess.run(words, cwd=desk, capture_output=True, encoding="utf-8", env=env, timeout=300)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.document.name}:{block.line}")
def test_block_does_what_it_says(block: Block, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if block.language == "bash":
        for words in _commands(block):
            if words[0] == "make":  # its recipes: `make test` cannot run inside itself
                done = _run(["make", "-n", "-C", str(ROOT), *words[1:]], desk)
            elif words[0].endswith("/pip"):  # an install from the registry: dry of network, its files must exist
                assert (ROOT / words[words.index("-c") + 1]).is_file()
                continue
            else:
                done = _run([words[0].removeprefix(".venv/bin/"), *words[1:]], desk)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
    elif block.language == "python":
        monkeypatch.chdir(desk)
        exec(compile(block.text, f"{block.document.name}:{block.line}", "exec"), {})
    elif block.language == "yaml" and "changes:" in block.text:
        target = desk / "scenarios" / "pilot" / "what-if" / "from-document.yaml"
        target.write_text(block.text, encoding="utf-8")
        done = _run(["matcher", "what-if", "scenarios/pilot", str(target)], desk)
        assert done.returncode == 0, (done.stdout, done.stderr)
    elif block.language == "yaml" and block.text.startswith("sheets:"):
        (desk / "mapping.yaml").write_text(block.text, encoding="utf-8")
        log = FaultLog()
        mapping = read_mapping(desk / "mapping.yaml", log)
        assert log.faults == [] and mapping is not None and mapping.sheets
    elif block.language == "yaml":
        target = desk / "policy-from-document.yaml"
        target.write_text(block.text, encoding="utf-8")
        done = _run(["matcher", "check", "scenarios/pilot", "--policy", target.name], desk)
        assert done.returncode == 0, done.stderr
    else:
        assert block.language == "text", f"a block of language {block.language!r} is executed by nobody"


def test_result_in_readme_is_what_the_demo_prints(desk: Path) -> None:
    shown = next(block for block in BLOCKS if block.document.name == "README.md" and block.language == "text")
    demo = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "matcher run scenarios/pilot --out out/pilot" in demo
    printed = _run(["matcher", "run", "scenarios/pilot", "--out", "out/demo"], desk).stdout.splitlines()
    for line in shown.text.rstrip().splitlines():
        assert line in printed


def test_explanation_in_readme_is_what_the_command_prints(desk: Path) -> None:
    blocks = [block for block in BLOCKS if block.document.name == "README.md"]
    at = next(n for n, block in enumerate(blocks) if "matcher explain " in block.text)
    assert (blocks[at].language, blocks[at + 1].language) == ("bash", "text")
    printed = [_run(words, desk).stdout for words in _commands(blocks[at])][-1]
    assert printed.startswith(blocks[at + 1].text.rstrip())


def test_example_by_hand_is_what_the_program_scores() -> None:
    from matcher.pairing.candidates import build_candidates

    problem = small_problem(
        directors=[
            {
                "id": "D",
                "prefecture": 39,
                "max_companies": 1,
                "style": "both",
                "owner_years": 5,
                "own_industry": "M",
                "own_employees": 10,
            }
        ],
        director_skills=[
            {"director_id": "D", "skill": "EC", "level": 4, "hands_on": True},
            {"director_id": "D", "skill": "写真", "level": 2, "hands_on": True},
        ],
        director_results=[{"director_id": "D", "goal": "raise_revenue", "rating": 4}],
        companies=[
            {
                "id": "K",
                "prefecture": 39,
                "goal": "raise_revenue",
                "industry": "E",
                "employees": 12,
                "on_site_days_per_month": 2,
                "wanted_style": "support",
                "commitment": 5,
                "investment": 4,
                "uniqueness": 4,
                "openness": 3,
            }
        ],
        company_needs=[
            {"company_id": "K", "skill": "EC", "level": 4, "weight": 2, "hands_on": True},
            {"company_id": "K", "skill": "写真", "level": 4, "weight": 1},
        ],
    )
    candidates = build_candidates(problem)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `(\w+)` \|.*\| ([\d,]+) \|$", readme, re.MULTILINE))
    by_hand = {name: int(points.replace(",", "")) for name, points in table.items()}
    assert by_hand == {name: int(points[0]) for name, points in candidates.criteria.items()}
    total = re.search(r"^\| total \| \| 100 \| ([\d,]+) \|$", readme, re.MULTILINE)
    assert total is not None
    assert int(total[1].replace(",", "")) == sum(by_hand.values()) == int(candidates.points[0])
