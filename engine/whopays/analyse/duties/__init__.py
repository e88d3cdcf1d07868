"""What tests show of routes and clocks: expectations, items, claims, and slips."""
