"""What would change an answer: the smallest sets of facts, and the values they would take."""
