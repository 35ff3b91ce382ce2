"""Readers of texts annotated by the offsets of characters."""
