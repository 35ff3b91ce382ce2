"""Readers of JSON that annotates words by their indices."""
