"""A plain matcher that never changes: the stick that `make bench-guard` measures with.

It scores every pair, keeps the best of each company, and solves the flow, as simply as numpy and OR-Tools allow; it
reads CSV and writes JSON with the standard library. Its figures mean nothing outside the guard. Do not make it faster,
and do not follow the matcher's rules with it: every limit in `limits.json` is a ratio to these lines.
"""
