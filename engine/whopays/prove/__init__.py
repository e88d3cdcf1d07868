"""Proofs about methods of coordination: what they keep whatever the amounts are."""
