"""The layout of rule files: other blanks, another order of statements, the same meaning."""
