"""Claims made to show something: where they land, and how they decide."""
