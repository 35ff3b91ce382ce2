"""Readers of triples of head, relation and tail, and where their arguments lie in the words."""
