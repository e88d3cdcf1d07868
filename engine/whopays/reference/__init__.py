"""The meaning of a contract, by a plain scan of its text. Everything else must agree."""

from whopays.reference.decide import decide, decide_known

__all__ = ["decide", "decide_known"]
