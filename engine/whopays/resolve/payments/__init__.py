"""Coordination of benefits and payment terms: amounts, methods, orders, definitions."""
