"""The meaning of a contract, by a plain scan of its text. Everything else must agree."""

from whopays.reference.codes import codes_in_force
from whopays.reference.decide import decide, decide_known

__all__ = ["codes_in_force", "decide", "decide_known"]
