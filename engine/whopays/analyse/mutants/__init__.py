"""Slips of the pen that tests should notice, and which of them they miss."""
