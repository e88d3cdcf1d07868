"""Tests proposed for what no test shows, as rule text."""
