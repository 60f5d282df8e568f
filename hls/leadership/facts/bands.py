"""Counts of lives in steps of five; every floor uses the same (hls/bands.py)."""

from hls.bands import STEP, behind, lives_words, possible_differences

__all__ = ["STEP", "behind", "lives_words", "possible_differences"]
