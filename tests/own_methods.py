"""A method of an office's own, for profiles to name."""

from __future__ import annotations

OWN = """\
edition 1

methods OWN "Own methods"
  version 1.0
  facts from COB 2026.1
end

method HALF "Half of what is left"
  for secondary
  per claim
  pay 50% * (sum of billed - sum of prior_paid)
    not below $0.00
end
"""
