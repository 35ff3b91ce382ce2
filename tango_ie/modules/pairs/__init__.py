"""Relations as scores of pairs: of words or of entities."""
