"""Candidates and Policy into a Formulation, and rows of it back into what they say of whom.

A row family is left out where it cannot bind (two slots of at most 20 hours never fill 60 hours): that keeps the model
a network wherever the programme is one. Families left out are named in `Model.not_binding`.
"""

from matcher.modelling.hours import HOURS_UNIT, engaged_elsewhere, pair_hours
from matcher.modelling.model import Model, build_model
from matcher.modelling.plan_wide import quota_members
from matcher.modelling.rows import FamilyMeaning, SubjectKind

__all__ = [
    "HOURS_UNIT",
    "FamilyMeaning",
    "Model",
    "SubjectKind",
    "build_model",
    "engaged_elsewhere",
    "pair_hours",
    "quota_members",
]
