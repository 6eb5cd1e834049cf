"""The house keeps its floors: a room imports only from rooms below it (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "matcher"

FLOORS = {
    "errors": 0,
    "domain": 0,
    "generating": 1,
    "pairing": 1,
    "model": 2,
    "modelling": 3,
    "plan": 3,
    "matching": 4,
    "explain": 5,
    "verifying": 5,
    "whatif": 5,
    "words": 6,
    "engines": 7,
    "io": 7,
    "cli": 8,
}
"""Room → floor. `model` may import `errors` and itself only: solvers cannot see people."""

SOLVER_FREE = tuple(
    f"model/{name}.py"
    for name in (
        "answer",
        "certificate",
        "displacement",
        "inner_network",
        "evidence",
        "formulation",
        "knapsack",
        "narrowing",
        "objectives",
        "proof",
        "residual",
        "solvers/network",
    )
)

_ONLY_NUMBERS = "matcher.model.solvers.network"
"""Recognises networks; stands among the solvers, calls none."""


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "matcher" and len(parts) > 1 and parts[1] in FLOORS else None


FILES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem in FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_imports_only_from_its_floor_or_below(path: Path) -> None:
    here = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for module in _imports(path):
        room = _room(module)
        if room is None or room == here:
            continue
        assert FLOORS[room] <= FLOORS[here], f"{path} (floor {FLOORS[here]}) imports {module}"
        if here == "model":
            assert room == "errors", f"{path}: the model cannot see {module}"


@pytest.mark.parametrize("name", SOLVER_FREE)
def test_proof_imports_no_solver(name: str) -> None:
    imports = {module for module in _imports(ROOT / name) if not module.startswith(_ONLY_NUMBERS)}
    assert not any(module.startswith(("ortools", "matcher.model.solvers", "matcher.model.tiers")) for module in imports)


def test_every_room_stands_on_a_floor() -> None:
    rooms = {path.name.removesuffix(".py") for path in ROOT.iterdir() if not path.name.startswith("_")}
    assert rooms - {"py.typed"} <= set(FLOORS)
