"""The content of plan.json as models: the contract with everybody who reads a plan, versioned by `schema`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from matcher.plan.columns import digest_text
from matcher.plan.decided import Decided
from matcher.plan.proof_record import PRICED, TierProof, with_tree
from matcher.plan.tree_record import MAX_INLINE, TREE_FILE, AnyTree, TreeFile, TreePart

SchemaName = Literal["matcher.plan/1"]
SCHEMA: SchemaName = "matcher.plan/1"

PlanStatus = Literal["optimal", "feasible", "infeasible", "unknown"]
Word = Literal["proved", "claimed", "unknown"]
Of = Literal["all", "kept"]
DemandSide = Literal["least", "most", "drop"]
SubjectKind = Literal["director", "company", "quota", "rivals", "pair", "plan"]
UnservedReason = Literal[
    "nobody_eligible",
    "below_threshold",
    "outcompeted",
    "busy_elsewhere",
    "hours_used_up",
    "on_site_days_used_up",
    "rival_served",
    "new_companies_used_up",
    "quota_reached",
    "budget_used_up",
    "move_costs_more",
    "limit_reached",
    "no_plan",
]


_CLOSE = "\n}"
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Record(BaseModel):
    """A part of the document; frozen, and refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CertificateRecord(Record):
    """What is proved. `gap` is relative to the value; `of` says among which pairs.

    `given` names the tiers before this one: the bound holds among the plans that are best for them.
    """

    value: int | None
    bound: int | None
    gap: float | None
    word: Word
    of: Of
    given: tuple[str, ...] = ()


class TierRecord(Record):
    """One objective tier, or one tie-break after them."""

    name: str
    is_tie_break: bool
    value: int | None
    bound: int | None
    word: Word


class Assignment(Record):
    """One match. `criteria` sum to `points` together with `keep`; `neutral` names criteria with nothing to go by.

    `flags` are (severity, kind) of every known relation that asks for approval or disclosure; kind may be empty.
    """

    director_id: str
    company_id: str
    points: int
    criteria: dict[str, int]
    keep: int
    neutral: tuple[str, ...]
    distance_km: float | None
    pinned: bool
    is_new: bool
    flags: tuple[tuple[str, str], ...] = ()


class NearMissRecord(Record):
    """The director who came nearest; `amounts` is rule → [offered, wanted], `measures` what the two numbers measure.

    `missing_skills` are the required skills the director does not meet, as the company wrote them.
    """

    director_id: str
    failed: tuple[str, ...]
    amounts: dict[str, tuple[float, float]]
    measures: dict[str, str] = {}
    missing_skills: tuple[str, ...] = ()


class UnservedDetail(Record):
    """What stands behind a reason; what does not apply is None.

    `full_quotas` are the places, in the policy's list, of the quotas of this company that are at their maximum.
    """

    n_candidates: int
    n_failed_by_rule: dict[str, int]
    nearest: NearMissRecord | None = None
    best_director_id: str | None = None
    best_points: int | None = None
    lowest_chosen_points: int | None = None
    full_quotas: tuple[int, ...] = ()


class Unserved(Record):
    """One company that nobody serves in this plan."""

    company_id: str
    reason: UnservedReason
    detail: UnservedDetail


class DirectorLoad(Record):
    """What a director carries: this plan's companies and the running engagements elsewhere.

    Where the batch runs over several months, `hours_per_month` are those of the fullest and `slots_left` those of the
    month with the fewest; `n_elsewhere` counts in the first.
    """

    director_id: str
    n_companies: int
    n_elsewhere: int
    hours_per_month: float
    slots_left: int


class ConflictRow(Record):
    """One demand of an infeasible set. `members` are the ids it speaks of, at most twenty.

    `month` such as ``2027-04`` names the month it speaks of, None where that is the whole plan or there is but one.

    Ids are unique in their table only: `subject_kind` and `members_kind` say which table they are from.
    """

    family: str
    subject: str | None
    subject_kind: Literal["director", "company", "quota", "rivals", "plan"] = "plan"
    members_kind: Literal["director", "company"] = "company"
    lower: int | None
    upper: int | None
    members: tuple[str, ...]
    n_members: int
    month: str | None = None


class DemandName(Record):
    """A demand people can change: one number of the policy or of a table, or a pin or rivalry that can be dropped.

    `side`: ``least`` = it asks for at least so much, ``most`` = for at most so much. `family` is the row family without
    months; of a pair that must be (``pins``, ``engagements``, or both: ``pinned_engagements``) `subject` is the
    director and `company_id` the company.
    """

    family: str
    side: DemandSide
    subject: str | None
    subject_kind: SubjectKind
    company_id: str | None = None


class DemandChange(DemandName):
    """By how much a demand gives way, in units people count in; `before` and `after` where the number is known."""

    amount: float
    before: float | None = None
    after: float | None = None


class Relaxation(Record):
    """Changes with which a plan exists: one demand alone, or several together.

    `word` is of their being enough: a plan of the whole programme was found with them, which proves it. `least` is of a
    smaller change not being enough: one unit less for a single demand, anything cheaper for several.
    """

    changes: tuple[DemandChange, ...]
    word: Word
    least: Word


class NotEnough(DemandName):
    """A demand of the conflict whose change alone, however large, makes no room for a plan."""

    word: Word


class BottleneckPart(Record):
    """What the rows of one family ask for or give, and of whom they speak: at most twenty ids."""

    family: str
    amount: float
    subjects: tuple[str, ...]
    subject_kind: SubjectKind
    n_subjects: int


class Bottleneck(Record):
    """More is asked for than there is: `demand` = Σ asks, `supply` = Σ gives + `loose`, and demand > supply.

    `unit`: companies, hours, days, jpy (all three a month), jpy_total, or the family that is counted. `loose` is what
    no give counts. Where the gives are directors' slots, hours or the like, `directors` are these, and `companies`
    those asked for who have no candidate but them; at most twenty ids each.
    """

    unit: str
    demand: float
    supply: float
    shortfall: float
    asks: tuple[BottleneckPart, ...]
    gives: tuple[BottleneckPart, ...]
    loose: float
    companies: tuple[str, ...]
    n_companies: int
    directors: tuple[str, ...]
    n_directors: int


class Conflict(Record):
    """Demands that cannot all hold; `is_irreducible`: without any one of them the others could.

    `pins` are director and company, `engagements` the running ones that only the policy's `engagements.fixed` demands.

    `relaxations` are cheapest first. `not_enough` names demands of the conflict that alone cannot mend it, `n_untried`
    counts those that the time left undecided. Rows and pins are empty where a solver's claim had no second witness.
    """

    rows: tuple[ConflictRow, ...]
    pins: tuple[tuple[str, str], ...]
    engagements: tuple[tuple[str, str], ...] = ()
    is_irreducible: bool
    word: Word
    bottleneck: Bottleneck | None = None
    relaxations: tuple[Relaxation, ...] = ()
    not_enough: tuple[NotEnough, ...] = ()
    n_untried: int = 0


class SolverRecord(Record):
    """Which backend worked, why it was taken, and what was left out because it cannot bind."""

    backend: str
    reason: str
    params: dict[str, str | int | float] = {}
    not_binding: tuple[str, ...] = ()


class Metrics(Record):
    """Figures of the plan and of what it was chosen from. None where there is no match.

    `fee_jpy_per_month` is the sum of the dearest month, `fee_jpy_total` the fees over all months of every match.
    """

    n_directors: int
    n_companies: int
    n_pairs_considered: int
    n_pairs_eligible: int
    n_served: int
    n_directors_used: int
    n_kept_engagements: int
    n_new: int
    total_points: int
    mean_points: float | None
    lowest_points: int | None
    highest_points: int | None
    total_distance_km: float
    fee_jpy_per_month: float
    fee_jpy_total: float | None = None
    n_unknown_fees: int
    n_neutral: int


class PlanDocument(Record):
    """The content of plan.json.

    `source` is where the data were read from, as it was typed; a run that is written makes it relative to the current
    folder where it lies inside. `mapping` is the mapping file they were read with, likewise; left out without one.
    `proof` is one record for each of `tiers`; large trees may stand in a file. `interrupted`: somebody ended the
    solving, and this is the best that had been found. `decided`: what people decided about an earlier plan; left out
    where nobody did.
    """

    schema_: SchemaName = Field(SCHEMA, alias="schema")
    title: str
    status: PlanStatus
    interrupted: bool = False
    objective: dict[str, int | None]
    certificate: CertificateRecord
    tiers: tuple[TierRecord, ...]
    assignments: tuple[Assignment, ...]
    unserved: tuple[Unserved, ...]
    directors: tuple[DirectorLoad, ...]
    conflict: Conflict | None
    metrics: Metrics
    solver: SolverRecord
    policy: dict[str, Any]
    seed: int
    digests: dict[str, str]
    versions: dict[str, str]
    command: str
    source: str
    mapping: str | None = None
    seconds: dict[str, float]
    decided: Decided | None = None
    proof: tuple[TierProof, ...]

    def to_json(self) -> str:
        """The document as UTF-8 JSON text, keys in the order of this class."""
        content = self.model_dump(mode="json", by_alias=True, exclude=self._absent)
        proof = [json.dumps(record, ensure_ascii=False) for record in content.pop("proof")]
        # A proof holds thousands of numbers: one line a tier, not one a number.
        lines = "" if not proof else "\n  " + ",\n  ".join(proof) + "\n "
        text = json.dumps(content, ensure_ascii=False, indent=1)
        return f'{text.removesuffix(_CLOSE)},\n "proof": [{lines}]{_CLOSE}\n'

    def parted(self, most: int = MAX_INLINE) -> tuple[PlanDocument, str | None]:
        """The document to write and the text of `TREE_FILE`: None, and all trees inside, up to `most` characters."""
        trees = {
            proof.tier: proof.tree.tree
            for proof in self.proof
            if not isinstance(proof, PRICED) and proof.tree is not None and proof.tree.tree is not None
        }
        texts = {name: tree.to_json() for name, tree in trees.items()}
        if sum(map(len, texts.values())) <= most:
            return self, None
        beside = ",\n".join(f" {json.dumps(name, ensure_ascii=False)}: {text}" for name, text in texts.items())
        parted = self._with_trees(lambda _, part: TreePart(sha256=part.sha256, file=TREE_FILE))
        return parted, f'{{"trees": {{\n{beside}\n}}}}\n'

    def joined(self, beside: TreeFile) -> PlanDocument:
        """The document with the trees of its `TREE_FILE` inside; a tree that the file lacks stays out."""

        def inside(tier: str, part: TreePart) -> TreePart:
            found: AnyTree | None = beside.trees.get(tier)
            return part if part.file is None or found is None else part.model_copy(update={"tree": found})

        return self._with_trees(inside)

    @property
    def _absent(self) -> set[str]:
        """What is left out of the file and of the digest, so that plans without it are as they always were."""
        return {name for name in ("decided", "mapping") if getattr(self, name) is None}

    @property
    def has_tree_file(self) -> bool:
        """Whether some tree stands in the file beside."""
        return any(proof.tree.file is not None for proof in self.proof if not isinstance(proof, PRICED) and proof.tree)

    def _with_trees(self, change: Callable[[str, TreePart], TreePart]) -> PlanDocument:
        return self.model_copy(update={"proof": tuple(with_tree(proof, change) for proof in self.proof)})

    def plan_digest(self, written: Mapping[str, str] = _NOTHING) -> str:
        """SHA-256 of all that the same input, policy, seed and version give again.

        All but `seconds`, `command`, `source` and `mapping`: the same data in another place give the same plan. A tree
        counts by its own SHA-256, wherever it is kept.

        Parameters
        ----------
        written : `digest_text` of some fields, where it is known
        """
        bare = self._with_trees(lambda _, part: TreePart(sha256=part.sha256))
        told = {"seconds", "command", "source", "mapping"}
        content = bare.model_dump(by_alias=True, exclude={*told, *written, *self._absent})
        content["digests"] = {name: digest for name, digest in self.digests.items() if name != "plan"}
        parts = {name: digest_text(value) for name, value in content.items()} | dict(written)
        text = ", ".join(f'"{name}": {parts[name]}' for name in sorted(parts))
        return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()


def plan_schema() -> dict[str, Any]:
    """JSON Schema of plan.json."""
    return PlanDocument.model_json_schema(by_alias=True, mode="serialization")
