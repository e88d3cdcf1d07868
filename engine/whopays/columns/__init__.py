"""Decisions of many lines at once: columns of values in, columns of decisions out."""
