"""Text to nodes. The only package that knows Lark."""

from whopays.syntax.parse import parse

__all__ = ["parse"]
