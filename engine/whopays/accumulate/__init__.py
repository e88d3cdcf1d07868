"""Limits: what lines count, one after the other, and who bears what is counted."""
