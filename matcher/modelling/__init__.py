"""Candidates and Policy into a Formulation, and rows of it back into what they say of whom.

A row family is left out where it cannot bind (two slots of at most 20 hours never fill 60 hours): that keeps the model
a network wherever the programme is one. Families left out are named in `Model.not_binding`.
"""

from matcher.modelling.hours import HOURS_UNIT, pair_days, pair_hours
from matcher.modelling.model import Model, build_model
from matcher.modelling.months import Months, build_months, engaged_elsewhere
from matcher.modelling.near import Solved, near_prices
from matcher.modelling.plan_wide import fees_of_directors, quota_members
from matcher.modelling.rows import FamilyMeaning, SubjectKind

__all__ = [
    "HOURS_UNIT",
    "FamilyMeaning",
    "Model",
    "Months",
    "Solved",
    "SubjectKind",
    "build_model",
    "build_months",
    "engaged_elsewhere",
    "fees_of_directors",
    "near_prices",
    "pair_days",
    "pair_hours",
    "quota_members",
]
