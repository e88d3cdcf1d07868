"""Coordination of benefits: the order of plans, what each pays, and the account."""
