"""Payment terms: the components of a charge, each source's words for them, what must balance."""
