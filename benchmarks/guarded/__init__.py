"""The guarded paths: each module registers its specs (`benchmarks.specs`)."""
