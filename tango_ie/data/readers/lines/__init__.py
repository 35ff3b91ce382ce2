"""Readers of text files: one word a line, one sentence a line, tables."""
