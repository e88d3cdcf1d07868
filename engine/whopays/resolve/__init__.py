"""Nodes to rules: the only place where a name becomes a thing."""

from whopays.resolve.rules import resolve
from whopays.resolve.sections import Find
from whopays.resolve.versions import versions

__all__ = ["Find", "resolve", "versions"]
