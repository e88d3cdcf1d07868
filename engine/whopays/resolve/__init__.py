"""Nodes to rules: the only place where a name becomes a thing."""

from whopays.resolve.rules import resolve
from whopays.resolve.sections import Find
from whopays.resolve.versions import days_of, versions

__all__ = ["Find", "days_of", "resolve", "versions"]
