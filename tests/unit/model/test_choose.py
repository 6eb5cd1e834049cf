"""Which backend solves a model, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from matcher.errors import UsageError
from matcher.model.formulation import build_formulation
from matcher.model.solvers import BACKENDS, choose
from tests.contract.zoo import block


def _network():
    return build_formulation([1], [block("slots", [[0]], [1], side="left")])


def _knapsack():
    return build_formulation([1], [block("hours", [[0]], [2], coef=[[2]])])


def test_choose_refuses_an_unknown_name_and_lists_the_known() -> None:
    with pytest.raises(UsageError) as caught:
        choose(_network(), "gurobi")
    assert caught.value.code == "unknown_backend"
    assert caught.value.params == {"name": "gurobi", "known": ("flow", "cpsat", "mip", "pricing")}


def test_choose_refuses_flow_on_a_knapsack_with_the_reason() -> None:
    with pytest.raises(UsageError) as caught:
        choose(_knapsack(), "flow")
    assert caught.value.code == "backend_cannot_hold"
    assert caught.value.params == {"name": "flow", "reason": "coefficients"}


@pytest.mark.parametrize("name", ["flow", "cpsat", "mip", "pricing"])
def test_choose_obeys_a_request_that_fits(name: str) -> None:
    choice = choose(_network(), name)
    assert (choice.name, choice.reason_code, dict(choice.params)) == (name, "backend_requested", {"name": name})


def test_choose_takes_pricing_where_rows_are_no_network() -> None:
    choice = choose(_knapsack())
    assert (choice.name, choice.reason_code, dict(choice.params)) == (
        "pricing",
        "rows_are_no_network",
        {"reason": "coefficients"},
    )


def test_registry_names_its_backends_and_their_features() -> None:
    assert {name: sorted(backend.features) for name, backend in BACKENDS.items()} == {
        "flow": ["network"],
        "cpsat": ["auxiliary", "general_rows", "knapsack", "network"],
        "mip": ["auxiliary", "general_rows", "knapsack", "network"],
        "pricing": ["auxiliary", "general_rows", "knapsack", "network"],
    }


def test_importing_registry_and_choosing_imports_no_solver() -> None:
    code = (
        "import sys; import matcher.model.solvers as s; import matcher.model.tiers\n"
        "from matcher.model.formulation import build_formulation\n"
        "s.choose(build_formulation([1], []))\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('ortools', 'pandas', 'scipy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_backend_can_be_asked_for_by_name() -> None:
    from typing import get_args

    from matcher.domain.policy import BackendName

    assert set(BACKENDS) <= set(get_args(BackendName))
