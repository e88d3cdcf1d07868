"""The command line: thin; the only place that prints or reads arguments."""

from whopays.cli.main import main

__all__ = ["main"]
