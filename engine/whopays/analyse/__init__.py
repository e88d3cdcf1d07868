"""What can be learned from rules beside a single decision."""
