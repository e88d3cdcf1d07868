"""Amounts worked out: formulas on a line or on a claim, each with its working."""
