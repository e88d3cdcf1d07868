"""Whole files of claims: decisions, explanations, rejects and a manifest."""
