"""Limits over many lines: sorted outside memory, counted in turn, merged back."""
