"""JSON Schemas of the files people write and read: editors complete from them, programs check against them."""

from __future__ import annotations

from typing import Any, Literal, get_args

from matcher.errors import UsageError

SchemaName = Literal["policy", "scenario", "what-if", "plan"]


def schema_of(name: str) -> dict[str, Any]:  # Any: JSON Schema
    """The JSON Schema of `policy.yaml`, `scenario.yaml`, a what-if file or `plan.json`.

    Raises
    ------
    UsageError : another name
    """
    if name == "plan":
        from matcher.plan.document import plan_schema

        return plan_schema()
    if name == "what-if":
        from matcher.io.whatif_file import whatif_schema

        return whatif_schema()
    if name not in get_args(SchemaName):
        raise UsageError("unknown_schema", name=name, known=get_args(SchemaName))
    from matcher.io import policy_file

    return policy_file.schema_of("policy" if name == "policy" else "scenario")
