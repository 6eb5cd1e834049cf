"""What a plan carries so that its bounds can be computed again without a solver: one record a tier, in tier order.

Rows are counted within their family, families are named as in `matcher.modelling`; both follow from the data and the
policy alone, so a reader who builds the model again finds the same rows. Prices of 0 are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from matcher.model.evidence import Evidence

Price = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Row = Annotated[int, Field(ge=0, lt=2**63)]
RowPrices = dict[str, tuple[tuple[Row, Price], ...]]
"""Family → (row, price) of every price other than 0."""

Scale = Annotated[int, Field(ge=1, lt=2**63)]


class _TierProof(BaseModel):
    """`tier` is the tier's name, `kept` the points of it that the tiers behind must keep; None without a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tier: str
    kept: int | None


class PriceProof(_TierProof):
    """The bound follows from row prices in units of 1/`scale` points (weak duality)."""

    kind: Literal["prices"] = "prices"
    scale: Scale
    prices: RowPrices


class FloorProof(_TierProof):
    """Of the least points of any match: the prices prove that no plan keeps `floor`.

    Without a floor no pair has more points than the bound; without prices a pinned pair is below it.
    """

    kind: Literal["floor"] = "floor"
    floor: int | None
    scale: Scale
    prices: RowPrices


class NoPlanProof(_TierProof):
    """The prices prove that no plan meets every demand (Farkas)."""

    kind: Literal["infeasible"] = "infeasible"
    scale: Scale
    prices: RowPrices


class OpenTier(_TierProof):
    """Nothing is proved of this tier."""

    kind: Literal["open"] = "open"


TierProof = Annotated[PriceProof | FloorProof | NoPlanProof | OpenTier, Field(discriminator="kind")]
"""One tier's proof. Another kind of proof is another model with a `kind` of its own."""


def tier_proofs(named: Iterable[tuple[str, Evidence]]) -> tuple[TierProof, ...]:
    """The records of what the tiers left behind, by (tier's name, evidence)."""
    return tuple(_tier_proof(name, evidence) for name, evidence in named)


def _tier_proof(name: str, evidence: Evidence) -> TierProof:
    kept, prices = evidence.kept, evidence.by_family()
    scale = 1 if evidence.prices is None else int(evidence.prices.scale)
    if evidence.kind == "prices":
        return PriceProof(tier=name, kept=kept, scale=scale, prices=prices)
    if evidence.kind == "floor":
        return FloorProof(tier=name, kept=kept, floor=evidence.floor, scale=scale, prices=prices)
    if evidence.kind == "infeasible":
        return NoPlanProof(tier=name, kept=kept, scale=scale, prices=prices)
    return OpenTier(tier=name, kept=kept)
