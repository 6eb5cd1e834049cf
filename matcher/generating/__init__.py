"""Invented programmes of any size, for trying, teaching and measuring; the same seed gives the same rows everywhere."""

from matcher.generating.programme import Programme

__all__ = ["Programme"]
