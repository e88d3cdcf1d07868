"""What a catalog does with codes: one code explained, a list counted, two compared."""
