"""`Policy`: what a programme weighs, demands and limits. Every key has a default; an unknown key is refused.

The models below are also the source of the JSON Schema that editors use to complete `policy.yaml`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

CriterionName = Literal[
    "experience",
    "hands_on",
    "local_culture",
    "network",
    "own_business",
    "goal_fit",
    "readiness",
    "style_fit",
    "nearness",
    "wishes",
]
TierName = Literal[
    "points",
    "companies_served",
    "fewest_changes",
    "worst_match",
    "even_load",
    "distance_km",
    "earlier_matches",
]
BackendName = Literal["flow", "cpsat", "mip", "pricing"]
QuotaBy = Literal["kind", "prefecture", "region", "industry", "goal"]

CRITERIA: tuple[CriterionName, ...] = CriterionName.__args__  # type: ignore[attr-defined]
TIERS: tuple[TierName, ...] = TierName.__args__  # type: ignore[attr-defined]

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]


class Section(BaseModel):
    """A part of the policy; frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


class Weights(Section):
    """How much each criterion counts, in any unit: only the ratios matter. At least one is above 0."""

    experience: Weight = 20
    hands_on: Weight = 15
    local_culture: Weight = 15
    network: Weight = 10
    own_business: Weight = 10
    goal_fit: Weight = 12
    readiness: Weight = 10
    style_fit: Weight = 3
    nearness: Weight = 3
    wishes: Weight = 2

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if sum(self.as_dict().values()) <= 0:
            raise PydanticCustomError("weights_sum_to_zero", "weights sum to 0")
        return self

    def as_dict(self) -> dict[CriterionName, float]:
        """Weight by criterion, in the order of CRITERIA."""
        return {name: float(getattr(self, name)) for name in CRITERIA}

    def normalised(self) -> dict[CriterionName, float]:
        """The same, summing to 1."""
        raw = self.as_dict()
        total = sum(raw.values())
        return {name: weight / total for name, weight in raw.items()}


class Thresholds(Section):
    """Soft rules: below these a pair is not offered, unless it is pinned. None = no such rule."""

    min_score_points: Annotated[int, Field(ge=0)] | None = None
    min_readiness: Share | None = None
    min_by_criterion: dict[CriterionName, Share] = {}
    neutral: Annotated[Share, Field(description="the value of a criterion that has nothing to go by")] = 0.5


class Quota(Section):
    """At least `min` and at most `max` served companies whose field `by` has the value `value`."""

    by: QuotaBy
    value: Annotated[str, Field(min_length=1)]
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _known_and_ordered(self) -> Self:
        quota_value(self.by, self.value)
        if self.min is None and self.max is None:
            raise PydanticCustomError("quota_without_limit", "neither min nor max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("quota_crossed", "min above max", {"min": self.min, "max": self.max})
        return self


class Limits(Section):
    """Limits over the whole plan. None = no limit. Quotas may overlap: every one of them holds."""

    max_companies: Annotated[int, Field(ge=0)] | None = None
    max_directors: Annotated[int, Field(ge=0)] | None = None
    budget_jpy_per_month: (
        Annotated[
            int, Field(ge=0, description="fees of the companies that run, at most this much in every calendar month")
        ]
        | None
    ) = None
    budget_jpy_total: (
        Annotated[int, Field(ge=0, description="fee × months of every match, added up over the whole plan")] | None
    ) = None
    min_companies_per_director: Annotated[int, Field(ge=0)] | None = None
    max_new_companies_per_director: (
        Annotated[
            int, Field(ge=0, description="matches of a director that are no running engagement, in the whole plan")
        ]
        | None
    ) = None
    quotas: tuple[Quota, ...] = ()


class Engagements(Section):
    """What becomes of running engagements whose company is in this batch: kept, moved at a price, or ended.

    Ending one costs the `keep_points` it would have brought, and nothing else.
    """

    fixed: Annotated[
        bool,
        Field(
            description="true keeps every running engagement, as a pin does: soft rules give way, and one that breaks "
            "a hard rule is reported as a contradiction"
        ),
    ] = False
    move_price_points: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000_000,
            description="points taken off a pair that gives a company with a running engagement another director",
        ),
    ] = 0


class ConflictOfInterest(Section):
    """Where a director's own business in the company's industry rules a pair out."""

    area: Literal["off", "same_prefecture", "neighbouring", "same_region", "anywhere"] = "neighbouring"
    exempt_industries: tuple[str, ...] = ("S",)
    exempt_kinds: tuple[Literal["company", "municipality", "association"], ...] = ("municipality",)

    @field_validator("exempt_industries")
    @classmethod
    def _as_letters(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        from matcher.domain import values

        return tuple(values.parse_industry(name) for name in names)


class Constants(Section):
    """The numbers inside the criteria, under the names the documentation uses."""

    experience_years_for_full: Annotated[float, Field(gt=0)] = 10
    culture_at_home: Share = 0.8
    culture_neighbour_factor: Share = 0.5
    culture_region_factor: Share = 0.25
    network_max_hops: Annotated[int, Field(ge=1, le=6)] = 3
    network_elsewhere_factor: Share = 0.8
    owner_years_scale: Annotated[float, Field(gt=0)] = 5
    own_business_base: Share = 0.6
    own_business_same_industry: Share = 0.2
    own_business_similar_size: Share = 0.2
    similar_size_factor: Annotated[float, Field(ge=1)] = 4
    goal_other_factor: Share = 0.5
    nearness_scale_km: Annotated[float, Field(gt=0)] = 500
    on_site_days_for_full: Annotated[float, Field(gt=0)] = 4
    road_factor: Annotated[float, Field(ge=1, le=5)] = 1.2


class CandidateRules(Section):
    """How many candidates are kept, and how they are looked for.

    `keep_per_company`: None keeps every eligible pair; a number makes the proof say “of: kept”. `search` decides about
    time and memory only: a plan found by bounds is proved over all eligible pairs.
    """

    keep_per_company: Annotated[int, Field(ge=1)] | None = None
    search: Annotated[
        Literal["auto", "every_pair", "bounded"],
        Field(
            description="every_pair scores every pair of a director and a company; bounded scores those that upper "
            "bounds and prices do not rule out; auto is bounded from 50 million pairs on"
        ),
    ] = "auto"


class Solve(Section):
    """What the solver may spend. `gap` is relative; 0 asks for the optimum."""

    time_limit_s: Annotated[float, Field(gt=0, le=31_536_000, description="seconds; a year at most")] | None = None
    gap: Annotated[float, Field(ge=0, lt=1)] = 0.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    threads: Annotated[int, Field(ge=1, le=256)] = 1
    deterministic_limit: (
        Annotated[
            float,
            Field(gt=0, description="a limit on work instead of seconds: the same on every machine, in solver units"),
        ]
        | None
    ) = None
    backend: BackendName | None = None


class Policy(Section):
    """The whole policy of a run."""

    roster: Literal["engaged", "with_applicants"] = "engaged"
    weights: Weights = Weights()
    thresholds: Thresholds = Thresholds()
    limits: Limits = Limits()
    objective: Annotated[tuple[TierName, ...], Field(min_length=1)] = ("points",)
    tie_break: tuple[CriterionName, ...] = ("goal_fit", "local_culture", "experience")
    keep_points: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    engagements: Engagements = Engagements()
    conflict_of_interest: ConflictOfInterest = ConflictOfInterest()
    constants: Constants = Constants()
    candidates: CandidateRules = CandidateRules()
    solve: Solve = Solve()

    @field_validator("objective", "tie_break")
    @classmethod
    def _no_repeats(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise PydanticCustomError("named_twice", "named twice")
        return names

    def digest(self) -> str:
        """SHA-256 of the policy's content, defaults included."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def quota_value(by: QuotaBy, text: str) -> str | int:
    """What a quota's text means: a stored word, a JIS prefecture code, a region id or an industry letter.

    Raises PydanticCustomError for a word the field does not know.
    """
    from matcher.domain import geography, values

    if by in ("kind", "goal"):
        return values.parse_choice(by, text)
    if by == "prefecture":
        return values.parse_prefecture(text)
    if by == "industry":
        return values.parse_industry(text)
    region = geography.region_id(text)
    if region is None:
        raise PydanticCustomError("not_in_list", "not in the list", {"allowed": list(geography.REGIONS)})
    return region


def statuses_in_service(policy: Policy) -> tuple[str, ...]:
    """The director statuses that may be matched under a policy; paused never is."""
    return ("engaged", "applicant") if policy.roster == "with_applicants" else ("engaged",)
