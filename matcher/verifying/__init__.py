"""The independent checker: a plan against the data it was made from. Imports no solver.

Limits and values are counted here once more, from the tables and the policy, in people's terms: what builds the model
for the solvers is not asked. Only the bounds need the model, and there it is rebuilt and priced, never solved.
"""
